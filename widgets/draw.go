package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
)

// painter is the renderer of most widgets here. The canvas objects belong to
// the widget and are made once, so asking twice for a renderer is harmless.
type painter struct {
	objects []fyne.CanvasObject
	min     func() fyne.Size
	layout  func(fyne.Size)
	refresh func()
	// size of the last layout, for a refresh that moves things.
	size fyne.Size
}

func (p *painter) Destroy() {}

func (p *painter) Layout(size fyne.Size) {
	p.size = size
	p.layout(size)
}

func (p *painter) MinSize() fyne.Size { return p.min() }

func (p *painter) Objects() []fyne.CanvasObject { return p.objects }

func (p *painter) Refresh() {
	p.refresh()
	p.layout(p.size)
	for _, o := range p.objects {
		canvas.Refresh(o)
	}
}

// clipPainter is a painter that cuts off what lies outside its widget.
type clipPainter struct{ painter }

// IsClip tells Fyne's drivers to clip.
func (*clipPainter) IsClip() {}

// fixed is a min function for a widget that is always of one size.
func fixed(w, h float32) func() fyne.Size {
	return func() fyne.Size { return fyne.NewSize(w, h) }
}

// put places an object and gives it a size.
func put(o fyne.CanvasObject, x, y, w, h float32) {
	o.Resize(fyne.NewSize(w, h))
	o.Move(fyne.NewPos(x, y))
}

// show makes an object visible or not; unlike Show and Hide it does nothing
// when there is nothing to change.
func show(o fyne.CanvasObject, visible bool) {
	switch {
	case visible && !o.Visible():
		o.Show()
	case !visible && o.Visible():
		o.Hide()
	}
}

// rounded makes a rectangle with round corners and no colour yet.
func rounded(radius float32) *canvas.Rectangle {
	r := canvas.NewRectangle(color.Transparent)
	r.CornerRadius = radius
	return r
}

// markFocus draws the mark of keyboard focus as the edge of a rectangle that has
// no other.
func markFocus(r *canvas.Rectangle, focused bool) {
	r.StrokeColor, r.StrokeWidth = theme.Color(ColorAccentText), 0
	if focused {
		r.StrokeWidth = FocusRing
	}
}

// drawPanel draws what lies over the rest of the window: its edge and shadow.
func drawPanel(r *canvas.Rectangle, fill fyne.ThemeColorName) {
	r.FillColor = theme.Color(fill)
	r.StrokeColor, r.StrokeWidth = theme.Color(ColorLine), LineWidth
	r.Shadow = canvas.Shadow{Color: theme.Color(ColorShadow), BlurRadius: 16, Offset: fyne.NewPos(0, 6)}
}

// newRing makes the mark of keyboard focus, hidden.
func newRing(radius float32) *canvas.Rectangle {
	r := rounded(radius)
	r.StrokeWidth = FocusRing
	r.Hide()
	return r
}

// canvasOf gives the canvas an object is shown on, or nil. Fyne knows the
// canvas of an object only after it was drawn once; one that was just put into
// the window is taken to be in the only one there is.
func canvasOf(o fyne.CanvasObject) fyne.Canvas {
	d := fyne.CurrentApp().Driver()
	if c := d.CanvasForObject(o); c != nil {
		return c
	}
	if all := d.AllWindows(); len(all) == 1 {
		return all[0].Canvas()
	}
	return nil
}

// repaint has what a widget shows painted anew. Of its parts only one is given,
// a shape: Fyne draws the textures of all that is below a refreshed object anew,
// which takes long. Refreshing the part alone would do nothing while it is
// hidden, because Fyne does not know then where it is.
func repaint(w, part fyne.CanvasObject) {
	if c := canvasOf(w); c != nil {
		c.Refresh(part)
	}
}

// focusOn moves the keyboard focus to an object if it is shown anywhere. The
// driver knows the canvas of an object only once it was painted; what has just
// been shown is looked for in all windows, whose canvases pass over what they
// do not hold.
func focusOn(o fyne.Focusable) {
	if c := canvasOf(o.(fyne.CanvasObject)); c != nil {
		c.Focus(o)
		return
	}
	for _, w := range fyne.CurrentApp().Driver().AllWindows() {
		w.Canvas().Focus(o)
	}
}

// isEnter says whether a key is one of the two that confirm.
func isEnter(k fyne.KeyName) bool { return k == fyne.KeyReturn || k == fyne.KeyEnter }
