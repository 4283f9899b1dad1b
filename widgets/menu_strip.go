package widgets

import (
	"image/color"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"

	"linnet/assets"
)

// MenuStrip is a line of a Menu with several emoji to choose from, and a button
// for more. Left and Right go through it.
type MenuStrip struct {
	Emoji  []string
	Chosen []string     // those that are chosen now
	Pick   func(string) // gets the one that is pressed
	More   func()       // nil for no button
}

// Sizes of a strip in dp.
const (
	stripCell   = 36
	stripHeight = 40
	stripEmoji  = 20
)

// menuStrip is a MenuStrip in a menu.
type menuStrip struct {
	*MenuStrip
	grounds []*canvas.Rectangle
	labels  []*Label
	more    *svgImage
	at      int // the cell that is chosen
	x, w    float32
}

func newMenuStrip(s *MenuStrip) *menuStrip {
	m := &menuStrip{MenuStrip: s, more: newSVGImage()}
	for range m.cells() {
		m.grounds = append(m.grounds, rounded(8))
	}
	for _, e := range s.Emoji {
		m.labels = append(m.labels, NewLabel(e, stripEmoji, ColorText).Centered())
	}
	return m
}

// cells gives how many there are to choose from.
func (m *menuStrip) cells() int {
	if m.More != nil {
		return len(m.Emoji) + 1
	}
	return len(m.Emoji)
}

func (m *menuStrip) objects() (out []fyne.CanvasObject) {
	for _, g := range m.grounds {
		out = append(out, g)
	}
	for _, l := range m.labels {
		out = append(out, l)
	}
	return append(out, m.more.image)
}

func (m *menuStrip) layout(x, y, w float32) {
	n := float32(m.cells())
	m.x, m.w = x, w/n
	for i, g := range m.grounds {
		put(g, x+float32(i)*m.w+(m.w-stripCell)/2, y+2, stripCell, stripHeight-4)
	}
	for i, l := range m.labels {
		putLabel(l, x+float32(i)*m.w, y, m.w, stripHeight)
	}
	put(m.more.image, x+(n-1)*m.w+(m.w-IconSize)/2, y+(stripHeight-IconSize)/2, IconSize, IconSize)
}

// cell gives the cell at a place of the menu.
func (m *menuStrip) cell(x float32) int {
	return max(0, min(m.cells()-1, int((x-m.x)/m.w)))
}

// update draws the cells; here says that the line is the one chosen.
func (m *menuStrip) update(here bool) {
	for i, g := range m.grounds {
		g.FillColor = color.Transparent
		switch {
		case here && i == m.at:
			g.FillColor = theme.Color(ColorPressed)
		case i < len(m.Emoji) && slices.Contains(m.Chosen, m.Emoji[i]):
			g.FillColor = theme.Color(ColorSelected)
		}
	}
	show(m.more.image, m.More != nil)
	m.more.set(assets.IconChevronDown, theme.Color(ColorSecondary))
}

// do gives what the chosen cell does.
func (m *menuStrip) do() {
	if m.at < len(m.Emoji) {
		m.Pick(m.Emoji[m.at])
		return
	}
	m.More()
}

// turn goes d cells on, round the ends.
func (m *menuStrip) turn(d int) { m.at = (m.at + d + m.cells()) % m.cells() }
