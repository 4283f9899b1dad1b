package widgets

import (
	"image"
	"image/color"
	"math"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// Run is text of one font and size on a line, in one colour or several. All text but that in fields
// to write in is drawn by it: a picture of what the theme's font can draw, and
// Fyne's own text for what needs another font. It is always as large as its text:
// Fyne asks for that at each frame. It belongs to the UI goroutine.
type Run struct {
	widget.BaseWidget
	drawn   runState
	tints   []tint
	picture *canvas.Raster
	text    *canvas.Text // nil until it is needed
	rend    *painter
}

// runState is all that what is drawn depends on.
type runState struct {
	text  string
	face  *typeface
	kind  faceKind
	scale float32
	ink   color.Color // of what has no tint
}

// tint is a colour of a part of a run, which ends before a byte of its text and
// begins where the one before ends.
type tint struct {
	to  int
	ink color.Color
}

func newRun() *Run {
	r := &Run{}
	r.picture = &canvas.Raster{Generator: r.paint, ScaleMode: canvas.ImageScalePixels}
	r.rend = &painter{layout: func(fyne.Size) {}, refresh: func() {}, min: r.Size}
	r.ExtendBaseWidget(r)
	return r
}

// Text gives what it shows.
func (r *Run) Text() string { return r.drawn.text }

// CreateRenderer is Fyne's.
func (r *Run) CreateRenderer() fyne.WidgetRenderer { return r.rend }

// place draws a run with its base line at a place. Fyne puts pictures and texts on
// whole pixels. Tints are for the theme's font.
func (r *Run) place(d runState, tints []tint, x, base float32) {
	if d != r.drawn || !slices.Equal(tints, r.tints) {
		d.text = strings.Clone(d.text) // not a piece of a message, which would stay in memory
		r.drawn, r.tints = d, append(r.tints[:0], tints...)
		if d.kind == faceText && d.face.outlines != nil {
			r.draw()
		} else {
			r.leave()
		}
	}
	top := base - ceil(d.face.ascents[d.kind]*d.scale)/d.scale
	if p := fyne.NewPos(x, top); r.Position() != p {
		r.Move(p)
	}
}

// leave has Fyne draw it. The size must be that of the text: a higher one is
// centred, and one that is out of view by its size is not drawn.
func (r *Run) leave() {
	d := &r.drawn
	if r.text == nil {
		r.text = canvas.NewText("", d.ink)
	}
	o := r.text
	o.Text, o.Color = d.kind.drawn(d.text), d.ink
	o.TextSize, o.TextStyle, o.FontSource = d.face.size, d.face.faceStyle(d.kind), d.face.source(d.kind)
	o.Resize(o.MinSize())
	r.Resize(o.MinSize())
	r.rend.objects = []fyne.CanvasObject{o}
}

// hang is the room beside a text for letters that hang over, in parts of its size.
const hang = 0.2

// draw has the run drawn by paint.
func (r *Run) draw() {
	d := &r.drawn
	f := d.face
	w, h := f.width(d.text, faceText), f.heights[faceText]
	r.Resize(fyne.NewSize(w, h))
	beside := ceil(f.size*hang*d.scale) / d.scale
	// Of whole pixels, so that each that is drawn is one that is seen.
	size := fyne.NewSize(ceil((w+2*beside)*d.scale)/d.scale, (ceil(h*d.scale)+2)/d.scale)
	r.picture.Move(fyne.NewPos(-beside, 0))
	if r.picture.Size() == size {
		r.picture.Refresh()
	} else {
		r.picture.Resize(size) // which is a refresh
	}
	r.rend.objects = []fyne.CanvasObject{r.picture}
}

// clear lets go of what was drawn.
func (r *Run) clear() {
	if r.drawn != (runState{}) {
		r.drawn, r.tints = runState{}, nil
		r.picture.Refresh()
	}
}

// paint draws the picture of the run, when it comes into view. How many pixels a
// dp has is known for sure only now.
func (r *Run) paint(w, h int) image.Image {
	d := &r.drawn
	p := blankPage(w, h)
	if d.face == nil || w <= 0 {
		return p
	}
	scale := float32(w) / r.picture.Size().Width
	base := ceil(d.face.ascents[faceText]*d.scale) / d.scale * scale
	x, from := -r.picture.Position().X*scale, 0
	for _, t := range append(r.tints[:len(r.tints):len(r.tints)], tint{len(d.text), d.ink}) {
		d.face.write(p, d.text[from:t.to], scale, x, int(math.Round(float64(base))), t.ink)
		x += d.face.width(d.text[from:t.to], faceText) * scale
		from = t.to
	}
	return p
}

// page is what runs are drawn on one after the other: the toolkit makes a copy of
// each at once.
var page []uint8

// maxPage bounds it, in bytes: a long line on a fine screen.
const maxPage = 4 << 20

// blankPage gives a picture of a size with nothing on it.
func blankPage(w, h int) *image.RGBA {
	n := 4 * w * h
	if n > maxPage {
		return image.NewRGBA(image.Rect(0, 0, w, h))
	}
	if n > len(page) {
		page = make([]uint8, n)
	}
	p := &image.RGBA{Pix: page[:n:n], Stride: 4 * w, Rect: image.Rect(0, 0, w, h)}
	clear(p.Pix)
	return p
}

// write writes a text from x on the base line.
func (f *typeface) write(p *image.RGBA, s string, scale, x float32, base int, ink color.Color) {
	c := color.RGBAModel.Convert(ink).(color.RGBA)
	for s != "" {
		word, rest, spaced := strings.Cut(s, " ")
		if word != "" {
			k := f.shape(word)
			for _, g := range k.glyphs {
				f.outlines.stamp(p, g, x, base, f.size, scale, c)
			}
			x += k.w * scale
		}
		if spaced {
			x += f.space * scale
		}
		s = rest
	}
}

// stamp puts a letter onto a picture, in the word that begins at x.
func (o *outlineFont) stamp(p *image.RGBA, g placedGlyph, x float32, base int, size, scale float32, c color.RGBA) {
	x += g.x*scale + 0.5/maskSteps
	left := floor(x)
	m := o.mask(maskKey{g.id, in64(size * scale), uint8((x - left) * maskSteps)})
	if m == nil {
		return
	}
	m.onto(p, int(left)+m.x, base+int(math.Round(float64(g.y*scale)))+m.y, c)
}

// onto puts a colour onto a picture where the mask is, over what is there.
func (m *glyphMask) onto(p *image.RGBA, x, y int, c color.RGBA) {
	to := image.Rect(x, y, x+m.Rect.Dx(), y+m.Rect.Dy()).Intersect(p.Rect)
	for v := to.Min.Y; v < to.Max.Y; v++ {
		from := m.Pix[(v-y)*m.Stride+to.Min.X-x:][:to.Dx()]
		row := p.Pix[v*p.Stride+4*to.Min.X:][:4*to.Dx()]
		for i, part := range from {
			if part == 0 {
				continue
			}
			px := row[4*i : 4*i+4 : 4*i+4]
			a := uint32(part)
			rest := 255 - a*uint32(c.A)/255
			px[0] = uint8((uint32(c.R)*a + uint32(px[0])*rest) / 255)
			px[1] = uint8((uint32(c.G)*a + uint32(px[1])*rest) / 255)
			px[2] = uint8((uint32(c.B)*a + uint32(px[2])*rest) / 255)
			px[3] = uint8((uint32(c.A)*a + uint32(px[3])*rest) / 255)
		}
	}
}
