package widgets

import (
	"image"
	"image/color"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Fyne draws a rectangle by a program that works out corners, outline and
// shadow for each of its pixels. Where no graphics hardware runs it, large
// rectangles take most of the time of a frame, and a picture stretched over the
// same area takes a fifth of that. So the large areas of the window are
// pictures: of one pixel, and for round corners of a strip at the upper and the
// lower end.

// fillWholeMax is the height in dp up to which a fill is a single picture; a
// strip saves nothing there.
const fillWholeMax = 48

// fillShape is all that the pictures of a fill depend on.
type fillShape struct {
	w, h   float32
	radius float32
	tail   int8 // as in rowBox
	color  color.Color
	scale  float32
}

// fill is an area of one colour with round corners, if wanted.
type fill struct {
	shape    fillShape
	pictures [3]*canvas.Image // the upper end, the lower end, and what is between
	n        int
}

func newPicture() *canvas.Image {
	return &canvas.Image{FillMode: canvas.ImageFillStretch, ScaleMode: canvas.ImageScalePixels}
}

// place puts the fill to its place, making its pictures when the shape is new,
// and gives them.
func (f *fill) place(s fillShape, x, y float32) []*canvas.Image {
	if s != f.shape {
		f.shape = s
		f.draw()
	}
	end := s.h
	if f.n > 1 {
		end = s.radius + 1 // one more than the corners: rounding to pixels must leave no gap
		put(f.pictures[1], x, y+s.h-end, s.w, end)
		put(f.pictures[2], x, y+s.radius, s.w, s.h-2*s.radius)
	}
	put(f.pictures[0], x, y, s.w, end)
	return f.pictures[:f.n]
}

func (f *fill) draw() {
	s := f.shape
	ends := [4]float32{s.radius, s.radius, s.radius, s.radius}
	switch s.tail {
	case 1:
		ends[2] = BubbleTailRadius
	case 2:
		ends[3] = BubbleTailRadius
	}
	switch {
	case s.radius == 0:
		f.n = 1
		f.set(0, onePixel(s.color))
	case s.h <= fillWholeMax:
		f.n = 1
		f.round(0, s.h, ends)
	default:
		f.n = 3
		f.round(0, s.radius+1, [4]float32{ends[0], ends[1], 0, 0})
		f.round(1, s.radius+1, [4]float32{0, 0, ends[2], ends[3]})
		f.set(2, onePixel(s.color))
	}
}

func (f *fill) set(i int, picture image.Image) {
	p := f.picture(i)
	p.Image = picture
	p.Refresh()
}

func (f *fill) picture(i int) *canvas.Image {
	if f.pictures[i] == nil {
		f.pictures[i] = newPicture()
	}
	return f.pictures[i]
}

// round draws a part with round corners, as roundPicture does.
func (f *fill) round(i int, height float32, radii [4]float32) {
	f.set(i, roundPicture(memory(f.picture(i)), f.shape, height, radii))
}

// memory gives what a picture of ours shows; nil for nothing.
func memory(p *canvas.Image) *image.RGBA {
	before, _ := p.Image.(*image.RGBA)
	return before
}

// emptyPicture gives a picture with nothing on it, in the memory of another where
// that is enough and not far too much.
func emptyPicture(before *image.RGBA, w, h int) *image.RGBA {
	n := 4 * w * h
	if before == nil || cap(before.Pix) < n || cap(before.Pix) > 4*n {
		return image.NewRGBA(image.Rect(0, 0, w, h))
	}
	pix := before.Pix[:n]
	clear(pix)
	return &image.RGBA{Pix: pix, Stride: 4 * w, Rect: image.Rect(0, 0, w, h)}
}

// onePixel gives a picture of one colour.
func onePixel(c color.Color) image.Image {
	p := image.NewRGBA(image.Rect(0, 0, 1, 1))
	p.Set(0, 0, c)
	return p
}

// roundPicture draws a part of a fill with radii in dp for its corners: upper
// left, upper right, lower left, lower right. It may use the memory of a picture
// from before.
func roundPicture(before *image.RGBA, s fillShape, height float32, radii [4]float32) image.Image {
	w, h := int(ceil(s.w*s.scale)), int(ceil(height*s.scale))
	p := emptyPicture(before, w, h)
	ink := color.RGBAModel.Convert(s.color).(color.RGBA)
	for x := range w {
		p.SetRGBA(x, 0, ink)
	}
	for y := 1; y < h; y++ {
		copy(p.Pix[y*p.Stride:(y+1)*p.Stride], p.Pix[:p.Stride])
	}
	for i, radius := range radii {
		r := float64(radius * s.scale)
		n := min(int(math.Ceil(r)), w, h)
		for v := range n {
			for u := range n {
				x, y := u, v
				if i%2 == 1 {
					x = w - 1 - u
				}
				if i/2 == 1 {
					y = h - 1 - v
				}
				// How much of the pixel is within the corner's circle.
				part := min(1, max(0, r+0.5-math.Hypot(r-float64(u)-0.5, r-float64(v)-0.5)))
				p.SetRGBA(x, y, color.RGBA{
					uint8(float64(ink.R) * part), uint8(float64(ink.G) * part), uint8(float64(ink.B) * part), uint8(float64(ink.A) * part),
				})
			}
		}
	}
	return p
}

// ground is an area in a colour of the theme.
type ground struct {
	widget.BaseWidget
	color fyne.ThemeColorName
}

// newGround makes a background in a colour of the theme.
func newGround(c fyne.ThemeColorName) *ground {
	g := &ground{color: c}
	g.ExtendBaseWidget(g)
	return g
}

// NewGround makes a background in a colour of the theme, for the bottom of a
// stack.
func NewGround(c fyne.ThemeColorName) fyne.CanvasObject { return newGround(c) }

// NewLine makes a hair line, 1 dp high.
func NewLine() fyne.CanvasObject { return newGround(ColorLine) }

// CreateRenderer is Fyne's.
func (g *ground) CreateRenderer() fyne.WidgetRenderer {
	picture := newPicture()
	p := &painter{objects: []fyne.CanvasObject{picture}, min: fixed(1, 1)}
	p.layout = func(s fyne.Size) { put(picture, 0, 0, s.Width, s.Height) }
	p.refresh = func() {
		picture.Image = onePixel(theme.Color(g.color))
		picture.Refresh()
	}
	p.refresh()
	return p
}
