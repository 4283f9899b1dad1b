package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// toastMaxWidth keeps a toast readable at a glance.
const toastMaxWidth = 420

// Toast is a short sentence over the lower part of a window, above the cards that
// are open, with at most one action. Root.ShowToast shows it; who showed it decides
// how long, and calls Close.
type Toast struct {
	widget.BaseWidget
	root   *Root
	ground *canvas.Rectangle
	text   *Paragraph
	action *Button
}

// ShowToast shows a sentence; action may be empty, else tapped runs and the
// toast closes when it is pressed. A toast does not take the keyboard focus
// except by Tab.
func (r *Root) ShowToast(text, action string, tapped func()) *Toast {
	t := &Toast{root: r, ground: rounded(10), text: NewParagraph(text, TextSecondary, ColorOnTooltip)}
	if action != "" {
		t.action = NewButton(action, ButtonLink, func() {
			t.Close()
			if tapped != nil {
				tapped()
			}
		})
		t.action.onDark = true
	}
	t.ExtendBaseWidget(t)
	r.toasts = append(r.toasts, t)
	r.restack()
	return t
}

// Close takes the toast away; closing twice does nothing.
func (t *Toast) Close() {
	for i, o := range t.root.toasts {
		if o == t {
			t.root.toasts = append(t.root.toasts[:i:i], t.root.toasts[i+1:]...)
			t.root.restack()
			return
		}
	}
}

// shownToasts are the toasts as objects to draw.
func (r *Root) shownToasts() []fyne.CanvasObject {
	objects := make([]fyne.CanvasObject, len(r.toasts))
	for i, t := range r.toasts {
		objects[i] = t
	}
	return objects
}

// layoutToasts stacks the toasts upwards from the lower edge.
func (r *Root) layoutToasts(s fyne.Size) {
	y := s.Height - 84
	for i := len(r.toasts) - 1; i >= 0; i-- {
		t := r.toasts[i]
		w := min(t.wanted(), s.Width-2*PagePadding)
		t.Resize(fyne.NewSize(w, 10))
		h := t.MinSize().Height
		y -= h
		put(t, (s.Width-w)/2, y, w, h)
		y -= 8
	}
}

// wanted gives the width the toast would like.
func (t *Toast) wanted() float32 {
	w := textWidth(t.text.text, TextSecondary, false) + 2*16 + 1
	if t.action != nil {
		w += t.action.MinSize().Width + 12
	}
	return min(w, toastMaxWidth)
}

// CreateRenderer is Fyne's.
func (t *Toast) CreateRenderer() fyne.WidgetRenderer {
	p := &painter{objects: []fyne.CanvasObject{t.ground, t.text}}
	if t.action != nil {
		p.objects = append(p.objects, t.action)
	}
	p.min = func() fyne.Size { return fyne.NewSize(120, max(40, t.text.MinSize().Height+20)) }
	p.layout = func(s fyne.Size) {
		put(t.ground, 0, 0, s.Width, s.Height)
		right := float32(16)
		if t.action != nil {
			m := t.action.MinSize()
			put(t.action, s.Width-m.Width-12, (s.Height-m.Height)/2, m.Width, m.Height)
			right += m.Width + 8
		}
		t.text.Resize(fyne.NewSize(s.Width-16-right, 1))
		h := t.text.MinSize().Height
		put(t.text, 16, (s.Height-h)/2, s.Width-16-right, h)
	}
	p.refresh = func() {
		t.ground.FillColor = theme.Color(ColorTooltip)
		t.ground.Shadow = canvas.Shadow{Color: theme.Color(ColorShadow), BlurRadius: 12, Offset: fyne.NewPos(0, 4)}
		t.ground.StrokeColor = color.Transparent
	}
	p.refresh()
	return p
}
