package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
)

// choice is the part Tabs and NavList share: some places of which one is
// selected, by the pointer or by keys. It is embedded.
type choice struct {
	self        fyne.Widget
	n           int
	selected    int
	hovered     int
	focused     bool
	changed     func(int)
	at          func(fyne.Position) int // the place under a position, or out of range
	back, forth fyne.KeyName
}

func (c *choice) init(self fyne.Widget, n int, changed func(int)) {
	c.self, c.n, c.changed, c.hovered = self, n, changed, -1
}

// Selected gives the number of the selected one.
func (c *choice) Selected() int { return c.selected }

// Select selects one without telling anybody; a number out of range is ignored.
func (c *choice) Select(i int) {
	if i >= 0 && i < c.n && i != c.selected {
		c.selected = i
		c.self.Refresh()
	}
}

// paint colours the ground of place i, which shows over while the pointer is on
// it, and gives the colour of its text; ink is that of a place not selected.
func (c *choice) paint(g *canvas.Rectangle, i int, over, ink fyne.ThemeColorName) fyne.ThemeColorName {
	g.FillColor = color.Transparent
	g.StrokeColor, g.StrokeWidth = theme.Color(ColorAccentText), 0
	switch i {
	case c.selected:
		g.FillColor, ink = theme.Color(ColorSelected), ColorAccentText
		if c.focused {
			g.StrokeWidth = FocusRing
		}
	case c.hovered:
		g.FillColor = theme.Color(over)
	}
	return ink
}

// choose selects one for the user.
func (c *choice) choose(i int) {
	i = max(0, min(c.n-1, i))
	if i == c.selected {
		return
	}
	c.Select(i)
	if c.changed != nil {
		c.changed(i)
	}
}

// Tapped selects the one under the pointer.
func (c *choice) Tapped(e *fyne.PointEvent) {
	if i := c.at(e.Position); i >= 0 && i < c.n {
		c.choose(i)
	}
}

// MouseIn is Fyne's.
func (c *choice) MouseIn(e *desktop.MouseEvent) { c.MouseMoved(e) }

// MouseMoved is Fyne's.
func (c *choice) MouseMoved(e *desktop.MouseEvent) {
	if i := c.at(e.Position); i != c.hovered {
		c.hovered = i
		c.self.Refresh()
	}
}

// MouseOut is Fyne's.
func (c *choice) MouseOut() {
	c.hovered = -1
	c.self.Refresh()
}

// FocusGained is Fyne's.
func (c *choice) FocusGained() {
	c.focused = true
	c.self.Refresh()
	reveal(c.self)
}

// FocusLost is Fyne's.
func (c *choice) FocusLost() {
	c.focused = false
	c.self.Refresh()
}

// TypedRune is Fyne's; it does nothing.
func (c *choice) TypedRune(rune) {}

// TypedKey selects by keys.
func (c *choice) TypedKey(e *fyne.KeyEvent) {
	if windowKey(c.self, e) {
		return
	}
	switch e.Name {
	case c.back:
		c.choose(c.selected - 1)
	case c.forth:
		c.choose(c.selected + 1)
	case fyne.KeyHome:
		c.choose(0)
	case fyne.KeyEnd:
		c.choose(c.n - 1)
	}
}
