package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// chipHeight is the height of an ActionChip in dp.
const chipHeight = 24

// ActionChip is a word in an outlined pill that can be pressed, such as a group
// of a contact.
type ActionChip struct {
	widget.BaseWidget
	press
	ground *canvas.Rectangle
	label  *Label
}

// NewActionChip makes one that does something when pressed.
func NewActionChip(text string, tapped func()) *ActionChip {
	c := &ActionChip{ground: rounded(chipHeight / 2), label: NewLabel(text, TextSecondary, ColorSecondary).Centered()}
	c.press.init(c, tapped)
	c.ExtendBaseWidget(c)
	return c
}

// AccessibilityLabel gives the word.
func (c *ActionChip) AccessibilityLabel() string { return c.label.Text() }

// CreateRenderer is Fyne's.
func (c *ActionChip) CreateRenderer() fyne.WidgetRenderer {
	p := &painter{objects: []fyne.CanvasObject{c.ground, c.label}}
	p.min = func() fyne.Size { return fyne.NewSize(c.label.Width()+20, chipHeight) }
	p.layout = func(s fyne.Size) {
		put(c.ground, 0, 0, s.Width, s.Height)
		putLabel(c.label, 10, 0, s.Width-20, s.Height)
	}
	p.refresh = func() {
		c.ground.FillColor = theme.Color(ColorBackground)
		if c.hovered {
			c.ground.FillColor = theme.Color(ColorHover)
		}
		c.ground.StrokeColor, c.ground.StrokeWidth = theme.Color(ColorLine), LineWidth
		if c.focused {
			c.ground.StrokeColor, c.ground.StrokeWidth = theme.Color(ColorAccentText), FocusRing
		}
	}
	p.refresh()
	return p
}
