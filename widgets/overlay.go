package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Overlay is a card over the dimmed window: the palette, the shortcut sheet, a
// question. It takes pointer and keyboard until it is closed.
type Overlay struct {
	widget.BaseWidget
	// OnClosed runs when the overlay goes, by whatever way.
	OnClosed func()

	canvas  fyne.Canvas
	card    *Card
	content fyne.CanvasObject
	width   float32
	top     float32
	keep    bool
	scrim   *canvas.Rectangle
	root    *Root // whose toasts are drawn over the card; nil for none
	rend    *painter
}

// OverlayOptions says how an overlay stands.
type OverlayOptions struct {
	Width float32 // of the card in dp; less in a narrow window
	Top   float32 // dp from the upper edge; 0 puts it in the middle
	Bare  bool    // the content brings its own padding
	Keep  bool    // a press beside the card does not close it: something would be lost
}

// ShowOverlay shows content on a card over a canvas. A press beside the card
// closes it, unless it is to be kept. The content takes the focus itself, and calls Close at Escape:
// Fyne gives keys to the focused object only.
func ShowOverlay(c fyne.Canvas, content fyne.CanvasObject, o OverlayOptions) *Overlay {
	pad := float32(24)
	if o.Bare {
		pad = 0
	}
	v := &Overlay{canvas: c, content: content, width: o.Width, top: o.Top, keep: o.Keep}
	v.card = newCard(content, pad, pad, 14, ColorBackground, true)
	v.card.raised = true
	v.scrim = canvas.NewRectangle(theme.Color(ColorScrim))
	v.ExtendBaseWidget(v)
	c.Overlays().Add(v)
	v.Resize(c.Size())
	restackToasts(c)
	return v
}

// cardsOver are the cards that are open over a canvas, the topmost last.
func cardsOver(c fyne.Canvas) (cards []*Overlay) {
	if c == nil {
		return nil
	}
	for _, o := range c.Overlays().List() {
		if v, ok := o.(*Overlay); ok {
			cards = append(cards, v)
		}
	}
	return cards
}

// restackToasts has the toasts drawn over the topmost card: its ground would dim
// them.
func restackToasts(c fyne.Canvas) {
	if r, ok := c.Content().(*Root); ok && len(r.toasts) > 0 {
		r.restack()
	}
}

// stack draws the toasts of a root over the card, or none.
func (v *Overlay) stack(r *Root, toasts bool) {
	if v.root = nil; toasts {
		v.root = r
	}
	if v.rend == nil {
		return
	}
	v.rend.objects = []fyne.CanvasObject{v.scrim, v.card}
	if toasts {
		v.rend.objects = append(v.rend.objects, r.shownToasts()...)
	}
	v.place(v.Size())
	canvas.Refresh(v)
}

// Content gives what is shown on the card.
func (v *Overlay) Content() fyne.CanvasObject { return v.content }

// Close takes the overlay away; the focus returns to where it was. Closing
// twice does nothing.
func (v *Overlay) Close() {
	if v.canvas == nil {
		return
	}
	c := v.canvas
	v.canvas = nil
	c.Overlays().Remove(v)
	restackToasts(c)
	if v.OnClosed != nil {
		v.OnClosed()
	}
}

// Fit lays the card out anew after its content changed its height.
func (v *Overlay) Fit() {
	v.place(v.Size())
	canvas.Refresh(v)
}

// Tapped closes the overlay at a press beside the card.
func (v *Overlay) Tapped(e *fyne.PointEvent) {
	if v.keep {
		return
	}
	p, s := v.card.Position(), v.card.Size()
	if e.Position.X < p.X || e.Position.Y < p.Y || e.Position.X >= p.X+s.Width || e.Position.Y >= p.Y+s.Height {
		v.Close()
	}
}

// CreateRenderer is Fyne's.
func (v *Overlay) CreateRenderer() fyne.WidgetRenderer {
	v.rend = &painter{objects: []fyne.CanvasObject{v.scrim, v.card}, min: fixed(1, 1), layout: v.place}
	v.rend.refresh = func() { v.scrim.FillColor = theme.Color(ColorScrim) }
	if v.root != nil {
		v.rend.objects = append(v.rend.objects, v.root.shownToasts()...)
	}
	return v.rend
}

func (v *Overlay) place(s fyne.Size) {
	put(v.scrim, 0, 0, s.Width, s.Height)
	w := min(v.width, s.Width-2*pageMargin)
	h := min(heightAt(v.card, w), s.Height-2*pageMargin)
	y := (s.Height - h) / 2
	if v.top > 0 {
		y = min(v.top, s.Height-h-pageMargin)
	}
	put(v.card, (s.Width-w)/2, max(pageMargin, y), w, h)
	if v.root != nil {
		v.root.layoutToasts(s)
	}
}
