package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// tabPadding is the space left and right of a tab's word.
const tabPadding = 12

// Tabs is a row of pills of which one is selected. It is one stop for Tab;
// Left, Right, Home and End select.
type Tabs struct {
	widget.BaseWidget
	choice
	pills []*tabPill
}

type tabPill struct {
	ground *canvas.Rectangle
	label  *Label
	x, w   float32
}

// NewTabs makes tabs with the first selected; changed runs when the user
// selects another, not at Select.
func NewTabs(names []string, changed func(int)) *Tabs {
	t := &Tabs{}
	t.choice.init(t, len(names), changed)
	t.choice.at = t.pillAt
	t.choice.back, t.choice.forth = fyne.KeyLeft, fyne.KeyRight
	for _, n := range names {
		p := &tabPill{ground: rounded(TabHeight / 2), label: NewLabel(n, TextSecondary, ColorSecondary)}
		t.pills = append(t.pills, p)
	}
	t.ExtendBaseWidget(t)
	return t
}

// pillAt gives the tab at a place, or -1.
func (t *Tabs) pillAt(pos fyne.Position) int {
	for i, p := range t.pills {
		if pos.X >= p.x && pos.X < p.x+p.w {
			return i
		}
	}
	return -1
}

// CreateRenderer is Fyne's.
func (t *Tabs) CreateRenderer() fyne.WidgetRenderer {
	p := &painter{layout: t.layout, refresh: t.update}
	for _, pill := range t.pills {
		p.objects = append(p.objects, pill.ground, pill.label)
	}
	p.min = func() fyne.Size {
		w := float32(0)
		for _, pill := range t.pills {
			w += pill.label.Width() + 2*tabPadding + 4
		}
		return fyne.NewSize(w-4, TabHeight)
	}
	t.update()
	return p
}

func (t *Tabs) layout(s fyne.Size) {
	x := float32(0)
	for _, p := range t.pills {
		w := p.label.Width()
		p.x, p.w = x, w+2*tabPadding
		put(p.ground, x, (s.Height-TabHeight)/2, p.w, TabHeight)
		putLabel(p.label, x+tabPadding, 0, w, s.Height)
		x += p.w + 4
	}
}

func (t *Tabs) update() {
	for i, p := range t.pills {
		p.label.color = t.paint(p.ground, i, ColorPressed, ColorSecondary)
	}
}

var (
	_ fyne.Tappable     = (*Tabs)(nil)
	_ fyne.Focusable    = (*Tabs)(nil)
	_ desktop.Hoverable = (*Tabs)(nil)
)
