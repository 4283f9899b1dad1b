package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// chipHeight is the height of a Chip in dp.
const chipHeight = 24

// pill is what the two kinds of chips draw.
type pill struct {
	ground *canvas.Rectangle
	label  *canvas.Text
}

func newPill(text string) pill {
	return pill{rounded(chipHeight / 2), newText(text, TextSecondary, false)}
}

func (c pill) painter(update func()) *painter {
	p := &painter{objects: []fyne.CanvasObject{c.ground, c.label}, refresh: update}
	p.min = func() fyne.Size { return fyne.NewSize(c.label.MinSize().Width+20, chipHeight) }
	p.layout = func(s fyne.Size) {
		put(c.ground, 0, 0, s.Width, s.Height)
		w := c.label.MinSize().Width
		placeText(c.label, (s.Width-w)/2, 0, w, s.Height)
	}
	update()
	return p
}

// Chip is a word in a pill, such as a group of a contact.
type Chip struct {
	widget.BaseWidget
	pill
}

// NewChip makes a chip.
func NewChip(text string) *Chip {
	c := &Chip{pill: newPill(text)}
	c.ExtendBaseWidget(c)
	return c
}

// CreateRenderer is Fyne's.
func (c *Chip) CreateRenderer() fyne.WidgetRenderer {
	return c.painter(func() {
		c.ground.FillColor = theme.Color(ColorField)
		c.label.Color = theme.Color(ColorText)
	})
}

// ActionChip is an outlined chip that can be pressed, such as "Add".
type ActionChip struct {
	widget.BaseWidget
	press
	pill
}

// NewActionChip makes one that does something when pressed.
func NewActionChip(text string, tapped func()) *ActionChip {
	c := &ActionChip{pill: newPill(text)}
	c.press.init(c, tapped)
	c.ExtendBaseWidget(c)
	return c
}

// AccessibilityLabel gives the word.
func (c *ActionChip) AccessibilityLabel() string { return c.label.Text }

// CreateRenderer is Fyne's.
func (c *ActionChip) CreateRenderer() fyne.WidgetRenderer {
	return c.painter(func() {
		c.ground.FillColor = theme.Color(ColorBackground)
		if c.hovered {
			c.ground.FillColor = theme.Color(ColorHover)
		}
		c.ground.StrokeColor, c.ground.StrokeWidth = theme.Color(ColorLine), LineWidth
		if c.focused {
			c.ground.StrokeColor, c.ground.StrokeWidth = theme.Color(ColorAccentText), FocusRing
		}
		c.label.Color = theme.Color(ColorSecondary)
	})
}
