package widgets

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// wheel lies over an entry, which would keep the wheel of the mouse for itself
// although it has nothing to scroll, and gives it to the page around.
type wheel struct{ widget.BaseWidget }

func newWheel() *wheel {
	w := &wheel{}
	w.ExtendBaseWidget(w)
	return w
}

// CreateRenderer is Fyne's.
func (w *wheel) CreateRenderer() fyne.WidgetRenderer {
	return &painter{min: fixed(1, 1), layout: func(fyne.Size) {}, refresh: func() {}}
}

// Scrolled is Fyne's.
func (w *wheel) Scrolled(e *fyne.ScrollEvent) {
	c := canvasOf(w)
	if c == nil {
		return
	}
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(w)
	on := c.Content()
	if top := c.Overlays().Top(); top != nil {
		on = top
	}
	if s := scrollAt(on, at); s != nil {
		s.Scrolled(e)
	}
}

// scrollAt finds what scrolls at a place of the canvas, the innermost.
func scrollAt(o fyne.CanvasObject, at fyne.Position) *container.Scroll {
	if !o.Visible() {
		return nil
	}
	switch o := o.(type) {
	case interface{ Content() fyne.CanvasObject }: // what stands round a whole page
		return scrollAt(o.Content(), at)
	case *fyne.Container:
		for _, child := range slices.Backward(o.Objects) {
			if s := scrollAt(child, at); s != nil {
				return s
			}
		}
	case *container.Scroll:
		p, s := fyne.CurrentApp().Driver().AbsolutePositionForObject(o), o.Size()
		if at.X < p.X || at.Y < p.Y || at.X >= p.X+s.Width || at.Y >= p.Y+s.Height {
			return nil
		}
		if inner := scrollAt(o.Content, at); inner != nil {
			return inner
		}
		return o
	}
	return nil
}

var _ fyne.Scrollable = (*wheel)(nil)
