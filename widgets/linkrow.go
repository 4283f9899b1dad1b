package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"linnet/assets"
)

// Sizes of a LinkRow in dp.
const (
	linkRowHeight = 36
	linkRowOut    = 8 // how far its ground reaches out at both sides
)

// LinkRow is a line that leads to more: a name, at its end a value and an arrow.
type LinkRow struct {
	widget.BaseWidget
	press
	ground  *canvas.Rectangle
	icon    string
	mark    *svgImage
	name    *Label
	value   *Label
	chevron *svgImage
}

// NewLinkRow makes a row; the value may be empty.
func NewLinkRow(name, value string, tapped func()) *LinkRow {
	r := &LinkRow{
		ground: rounded(FieldRadius), mark: newSVGImage(), name: NewLabel(name, TextBody, ColorText),
		value: NewLabel(value, TextSecondary, ColorSecondary), chevron: newSVGImage(),
	}
	r.press.init(r, tapped)
	r.ExtendBaseWidget(r)
	return r
}

// SetIcon puts one of the assets.Icon icons before the name.
func (r *LinkRow) SetIcon(icon string) {
	r.icon = icon
	r.Refresh()
}

// SetName changes the name.
func (r *LinkRow) SetName(name string) {
	if r.name.set(name) {
		r.Refresh()
	}
}

// SetValue changes the value.
func (r *LinkRow) SetValue(value string) {
	if r.value.set(value) {
		r.Refresh()
	}
}

// AccessibilityLabel gives the name and the value.
func (r *LinkRow) AccessibilityLabel() string {
	if r.value.Text() == "" {
		return r.name.Text()
	}
	return r.name.Text() + ", " + r.value.Text()
}

// CreateRenderer is Fyne's.
func (r *LinkRow) CreateRenderer() fyne.WidgetRenderer {
	p := &painter{objects: []fyne.CanvasObject{r.ground, r.mark.image, r.name, r.value, r.chevron.image}, min: fixed(120, linkRowHeight)}
	p.layout = func(s fyne.Size) {
		put(r.ground, -linkRowOut, 0, s.Width+2*linkRowOut, s.Height)
		put(r.chevron.image, s.Width-IconSmallSize+3, (s.Height-IconSmallSize)/2, IconSmallSize, IconSmallSize)
		end := s.Width - IconSmallSize - 4
		w := min(r.value.Width(), end*0.6)
		putLabel(r.value, end-w, 0, w, s.Height)
		x := float32(0)
		if r.icon != "" {
			put(r.mark.image, 0, (s.Height-IconSize)/2, IconSize, IconSize)
			x = IconSize + 12
		}
		putLabel(r.name, x, 0, end-x-w-10, s.Height)
	}
	p.refresh = func() {
		fill := theme.Color(ColorHover)
		if r.held {
			fill = theme.Color(ColorPressed)
		}
		r.ground.FillColor = fill
		markFocus(r.ground, r.focused)
		show(r.ground, r.hovered || r.focused)
		if !r.hovered {
			r.ground.FillColor = theme.Color(ColorSide)
		}
		show(r.mark.image, r.icon != "")
		if r.icon != "" {
			r.mark.set(r.icon, theme.Color(ColorSecondary))
		}
		r.chevron.set(assets.IconChevronRight, theme.Color(ColorSecondary))
	}
	p.refresh()
	return p
}

var (
	_ fyne.Tappable  = (*LinkRow)(nil)
	_ fyne.Focusable = (*LinkRow)(nil)
)
