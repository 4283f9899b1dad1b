package widgets

import (
	"image"
	"image/color"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
	"golang.org/x/image/draw"
)

const (
	// cropLeast is the least that is cut out, in pixels of the picture: less
	// would be a blur.
	cropLeast = 64
	// cropMostZoom bounds zooming where the picture has pixels for more.
	cropMostZoom = 8
	// cropStep is one step of zooming, and cropMove of moving in dp by keys.
	cropStep         = 1.15
	cropMove float32 = 14
)

// Crop shows the part of a picture that is to be a round avatar. Dragging and
// the arrow keys move it, the wheel, plus and minus zoom.
type Crop struct {
	widget.BaseWidget
	// OnChanged runs when another part is chosen.
	OnChanged func()
	// OnSubmitted runs when Enter is pressed.
	OnSubmitted func()

	source image.Image
	shown  float32 // side of the widget in dp
	zoom   float64 // 1 shows all of the shorter side
	x, y   float64 // the middle of the part, in pixels of the picture

	view    *canvas.Image
	shade   *canvas.Image
	ring    *canvas.Rectangle
	focused bool
}

// NewCrop makes one with a side in dp that shows the middle of a picture.
func NewCrop(picture image.Image, side float32) *Crop {
	c := &Crop{
		source: picture, shown: side, zoom: 1,
		view:  &canvas.Image{FillMode: canvas.ImageFillStretch},
		shade: &canvas.Image{FillMode: canvas.ImageFillStretch},
		ring:  newRing(4),
	}
	b := picture.Bounds()
	c.x, c.y = float64(b.Dx())/2, float64(b.Dy())/2
	c.ExtendBaseWidget(c)
	return c
}

// side gives the side of the part in pixels of the picture.
func (c *Crop) side() float64 {
	b := c.source.Bounds()
	return float64(min(b.Dx(), b.Dy())) / c.zoom
}

// part gives the part that is chosen.
func (c *Crop) part() image.Rectangle {
	b, n := c.source.Bounds(), int(math.Round(c.side()))
	x, y := b.Min.X+int(math.Round(c.x-c.side()/2)), b.Min.Y+int(math.Round(c.y-c.side()/2))
	return image.Rect(x, y, x+n, y+n).Intersect(b)
}

// Picture gives the part as a square of so many pixels, with its corners.
func (c *Crop) Picture(side int) image.Image { return scaled(c.source, c.part(), side) }

// Zoom makes the part smaller for a positive number of steps, larger for a
// negative one.
func (c *Crop) Zoom(steps float64) {
	b := c.source.Bounds()
	most := min(cropMostZoom, max(1, float64(min(b.Dx(), b.Dy()))/cropLeast))
	c.zoom = min(most, max(1, c.zoom*math.Pow(cropStep, steps)))
	c.move(0, 0)
}

// move shifts the picture under the view by some dp.
func (c *Crop) move(dx, dy float32) {
	b, half := c.source.Bounds(), c.side()/2
	perDP := c.side() / float64(c.shown)
	c.x = min(float64(b.Dx())-half, max(half, c.x-float64(dx)*perDP))
	c.y = min(float64(b.Dy())-half, max(half, c.y-float64(dy)*perDP))
	c.paint()
	if c.OnChanged != nil {
		c.OnChanged()
	}
}

// paint draws the part.
func (c *Crop) paint() {
	n := int(ceil(c.shown * scaleOf(c)))
	out := image.NewRGBA(image.Rect(0, 0, n, n))
	draw.ApproxBiLinear.Scale(out, out.Bounds(), c.source, c.part(), draw.Src, nil)
	c.view.Image = out
	c.view.Refresh()
}

// shadow dims what is outside the circle.
func (c *Crop) shadow() {
	n := int(ceil(c.shown * scaleOf(c)))
	out := image.NewNRGBA(image.Rect(0, 0, n, n))
	ink := color.NRGBAModel.Convert(theme.Color(ColorBackground)).(color.NRGBA)
	const dim = 190 // of 255
	r := float64(n) / 2
	for y := range n {
		for x := range n {
			part := math.Hypot(float64(x)+0.5-r, float64(y)+0.5-r) - r + 0.5
			out.SetNRGBA(x, y, color.NRGBA{ink.R, ink.G, ink.B, uint8(dim * min(1, max(0, part)))})
		}
	}
	c.shade.Image = out
	c.shade.Refresh()
}

// CreateRenderer is Fyne's.
func (c *Crop) CreateRenderer() fyne.WidgetRenderer {
	p := &painter{objects: []fyne.CanvasObject{c.view, c.shade, c.ring}, min: fixed(c.shown, c.shown)}
	p.layout = func(s fyne.Size) {
		x, y := (s.Width-c.shown)/2, (s.Height-c.shown)/2
		put(c.view, x, y, c.shown, c.shown)
		put(c.shade, x, y, c.shown, c.shown)
		put(c.ring, x+FocusRing, y+FocusRing, c.shown-2*FocusRing, c.shown-2*FocusRing)
	}
	p.refresh = func() {
		c.ring.StrokeColor = theme.Color(ColorAccentText)
		show(c.ring, c.focused)
		c.paint()
		c.shadow()
	}
	p.refresh()
	return p
}

// Dragged is Fyne's.
func (c *Crop) Dragged(e *fyne.DragEvent) { c.move(e.Dragged.DX, e.Dragged.DY) }

// DragEnd is Fyne's; it does nothing.
func (c *Crop) DragEnd() {}

// Scrolled is Fyne's.
func (c *Crop) Scrolled(e *fyne.ScrollEvent) {
	switch {
	case e.Scrolled.DY > 0:
		c.Zoom(1)
	case e.Scrolled.DY < 0:
		c.Zoom(-1)
	}
}

// Tapped is Fyne's: it takes the keyboard.
func (c *Crop) Tapped(*fyne.PointEvent) { focusOn(c) }

// FocusGained is Fyne's.
func (c *Crop) FocusGained() {
	c.focused = true
	show(c.ring, true)
}

// FocusLost is Fyne's.
func (c *Crop) FocusLost() {
	c.focused = false
	show(c.ring, false)
}

// TypedRune zooms with plus and minus.
func (c *Crop) TypedRune(r rune) {
	switch r {
	case '+', '=':
		c.Zoom(1)
	case '-', '_':
		c.Zoom(-1)
	}
}

// TypedKey moves with the arrows.
func (c *Crop) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyLeft:
		c.move(cropMove, 0)
	case fyne.KeyRight:
		c.move(-cropMove, 0)
	case fyne.KeyUp:
		c.move(0, cropMove)
	case fyne.KeyDown:
		c.move(0, -cropMove)
	case fyne.KeyReturn, fyne.KeyEnter:
		if c.OnSubmitted != nil {
			c.OnSubmitted()
		}
	default:
		windowKey(c, e)
	}
}

// Cursor shows that the picture can be moved.
func (c *Crop) Cursor() desktop.Cursor { return desktop.PointerCursor }

// AccessibilityLabel says what it is.
func (c *Crop) AccessibilityLabel() string { return lang.L("The part of the picture to show") }

// AccessibilityRole says that it holds something.
func (c *Crop) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleContainer }

var (
	_ fyne.Draggable     = (*Crop)(nil)
	_ fyne.Scrollable    = (*Crop)(nil)
	_ fyne.Focusable     = (*Crop)(nil)
	_ fyne.Accessible    = (*Crop)(nil)
	_ desktop.Cursorable = (*Crop)(nil)
)
