package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Sizes of a swatch in dp; the ring of the selected one lies in the step.
const (
	swatchSize = 28
	swatchStep = 40
)

// Swatches is a row of colours of which one is selected. It is one stop for
// Tab; Left and Right select.
type Swatches struct {
	widget.BaseWidget
	choice
	discs []*canvas.Circle
	rings []*canvas.Circle
}

// NewSwatches makes a row of colours; selected may be -1 for none. changed
// runs when the user selects another.
func NewSwatches(colors []color.NRGBA, selected int, changed func(int)) *Swatches {
	s := &Swatches{}
	s.choice.init(s, len(colors), changed)
	s.choice.selected = selected
	s.choice.at = func(pos fyne.Position) int { return int(pos.X / swatchStep) }
	s.choice.back, s.choice.forth = fyne.KeyLeft, fyne.KeyRight
	for _, c := range colors {
		s.discs = append(s.discs, canvas.NewCircle(c))
		ring := canvas.NewCircle(color.Transparent)
		ring.StrokeWidth = FocusRing
		s.rings = append(s.rings, ring)
	}
	s.ExtendBaseWidget(s)
	return s
}

// CreateRenderer is Fyne's.
func (s *Swatches) CreateRenderer() fyne.WidgetRenderer {
	p := &painter{min: fixed(swatchStep*float32(len(s.discs)), swatchStep)}
	for i := range s.discs {
		p.objects = append(p.objects, s.rings[i], s.discs[i])
	}
	p.layout = func(size fyne.Size) {
		const ring = swatchSize + 4*FocusRing
		for i := range s.discs {
			x := float32(i) * swatchStep
			put(s.rings[i], x+(swatchStep-ring)/2, (size.Height-ring)/2, ring, ring)
			put(s.discs[i], x+(swatchStep-swatchSize)/2, (size.Height-swatchSize)/2, swatchSize, swatchSize)
		}
	}
	p.refresh = func() {
		for i, r := range s.rings {
			ink := color.Color(color.Transparent)
			switch {
			case i == s.selected && s.focused:
				ink = theme.Color(ColorAccentText)
			case i == s.selected:
				ink = theme.Color(ColorText)
			case i == s.hovered:
				ink = theme.Color(ColorLine)
			}
			r.StrokeColor = ink
		}
	}
	p.refresh()
	return p
}
