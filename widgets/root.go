package widgets

import (
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Root is the content of a window: the pages, and over them the tooltips and
// toasts, which let the pointer through. Widgets find it by their canvas, so
// each window has exactly one, set with Window.SetContent.
type Root struct {
	widget.BaseWidget
	content fyne.CanvasObject
	tipBox  *canvas.Rectangle
	tipText *Label
	tipPos  fyne.Position
	tipFor  fyne.CanvasObject
	toasts  []*Toast
	float   fyne.CanvasObject // what stands over the content for the moment, or nil
	placing func(fyne.Size)
	rend    *painter
	// revealed is what had the keyboard last of what is scrolled into view.
	revealed fyne.CanvasObject
}

// NewRoot makes a root with the given content.
func NewRoot(content fyne.CanvasObject) *Root {
	r := &Root{
		content: content,
		tipBox:  rounded(6),
		tipText: NewLabel("", TextSmall, ColorOnTooltip),
	}
	r.tipBox.Hide()
	r.tipText.Hide()
	r.ExtendBaseWidget(r)
	return r
}

// SetContent changes what is under the tooltips and toasts.
func (r *Root) SetContent(o fyne.CanvasObject) {
	r.content = o
	r.restack()
}

// Content gives what was set.
func (r *Root) Content() fyne.CanvasObject { return r.content }

// setFloat shows something over the content that takes the pointer but not the
// keyboard, in the place of what was shown so before; nil for nothing. place is
// called to lay it out in the size of the window.
func (r *Root) setFloat(o fyne.CanvasObject, place func(fyne.Size)) {
	same := r.float == o
	r.float, r.placing = o, place
	if same && o != nil {
		place(r.Size())
		return
	}
	r.restack()
}

// rootOf finds the root that shows tooltips for an object, or nil.
func rootOf(o fyne.CanvasObject) *Root {
	c := canvasOf(o)
	if c == nil || c.Overlays().Top() != nil {
		// What is under an overlay cannot show a tooltip over it.
		return nil
	}
	r, _ := c.Content().(*Root)
	return r
}

func (r *Root) restack() {
	if r.rend == nil {
		return
	}
	objects := []fyne.CanvasObject{r.content}
	if r.float != nil {
		objects = append(objects, r.float)
	}
	if cards := cardsOver(canvasOf(r)); len(cards) == 0 {
		objects = append(objects, r.shownToasts()...)
	} else {
		for i, card := range cards {
			card.stack(r, i == len(cards)-1)
		}
	}
	r.rend.objects = append(objects, r.tipBox, r.tipText)
	r.rend.layout(r.Size())
	canvas.Refresh(r)
}

// CreateRenderer is Fyne's.
func (r *Root) CreateRenderer() fyne.WidgetRenderer {
	r.rend = &painter{min: func() fyne.Size { return r.content.MinSize() }, layout: r.layout}
	r.rend.refresh = func() {
		r.tipBox.FillColor = theme.Color(ColorTooltip)
	}
	r.restack()
	return r.rend
}

func (r *Root) layout(s fyne.Size) {
	put(r.content, 0, 0, s.Width, s.Height)
	if r.float != nil {
		r.placing(s)
	}
	r.layoutToasts(s)
	w, h := min(r.tipText.Width()+16, s.Width-8), float32(26)
	x := max(4, min(r.tipPos.X-w/2, s.Width-w-4))
	y := r.tipPos.Y
	if y+h > s.Height-4 {
		y = r.tipPos.Y - h - 8 - IconButtonSize
	}
	put(r.tipBox, x, y, w, h)
	putLabel(r.tipText, x+8, y, w-16, h)
}

func (r *Root) showTip(owner fyne.CanvasObject, text string, at fyne.Position) {
	r.tipFor, r.tipPos = owner, at
	r.tipText.set(text)
	r.tipBox.FillColor = theme.Color(ColorTooltip)
	r.tipBox.Show()
	r.tipText.Show()
	r.layout(r.Size())
	canvas.Refresh(r)
}

func (r *Root) hideTip(owner fyne.CanvasObject) {
	if r.tipFor != owner {
		return
	}
	r.tipFor = nil
	r.tipBox.Hide()
	r.tipText.Hide()
	canvas.Refresh(r)
}

// DropTip takes the tooltip away, as when another page comes: what it belongs to
// is not told that the pointer has left it.
func (r *Root) DropTip() { r.hideTip(r.tipFor) }

// tooltipDelay is how long the pointer rests before a tooltip shows; long
// enough not to flicker while the pointer crosses a row of buttons.
const tooltipDelay = 600 * time.Millisecond

// tooltip is the state of one widget's tooltip.
type tooltip struct {
	owner fyne.CanvasObject
	text  string
	timer *time.Timer
	// turn tells a timer that fired late that it is no longer wanted.
	turn atomic.Int64
	root *Root
	over rowBox // the part of the widget it is about; empty for all of it
}

func (t *tooltip) start(fyne.Position) {
	t.hide()
	root := rootOf(t.owner)
	if t.text == "" || root == nil {
		return
	}
	t.root = root
	turn := t.turn.Load()
	t.timer = time.AfterFunc(tooltipDelay, func() {
		fyne.Do(func() {
			if t.turn.Load() == turn {
				t.now()
			}
		})
	})
}

// now shows the tooltip under what it is about.
func (t *tooltip) now() {
	if t.root == nil || t.text == "" {
		return
	}
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(t.owner)
	if at.IsZero() {
		return // covered by another page meanwhile: Fyne finds no place for it
	}
	size := t.owner.Size()
	if t.over.w > 0 {
		at, size = at.AddXY(t.over.x, t.over.y), fyne.NewSize(t.over.w, t.over.h)
	}
	t.root.showTip(t.owner, t.text, at.AddXY(size.Width/2, size.Height+6))
}

func (t *tooltip) hide() {
	t.turn.Add(1)
	if t.timer != nil {
		t.timer.Stop()
		t.timer = nil
	}
	if t.root != nil {
		t.root.hideTip(t.owner)
		t.root = nil
	}
}
