package widgets

import (
	"image/color"
	"slices"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"linnet/assets"
)

// MenuItem is a line of a Menu.
type MenuItem struct {
	Text      string
	Icon      string   // one of the assets.Icon names, or empty
	Presence  Presence // a mark in place of the icon
	Shortcut  string   // as the user reads it, "Ctrl+N"
	Checked   bool     // a tick at the right
	Danger    bool     // something that cannot be undone
	Disabled  bool
	Note      bool       // only to be read, like what the menu is about
	Separator bool       // a line; all other fields are ignored
	Strip     *MenuStrip // emoji side by side; all other fields are ignored
	Do        func()
}

// Sizes of a menu in dp.
const (
	menuItemHeight = 34
	menuGapHeight  = 9
	menuPadding    = 6
	menuMinWidth   = 180
)

// Menu is a popup list of things to do. Up, Down, Home, End, Enter and Escape
// work, and the letters that stand behind items; a press beside it closes it.
type Menu struct {
	widget.BaseWidget
	canvas fyne.Canvas
	at     fyne.Position
	items  []*menuRow
	chosen int // -1 for none yet
	panel  *canvas.Rectangle
}

type menuRow struct {
	MenuItem
	ground   *canvas.Rectangle
	label    *Label
	shortcut *Label
	mark     *svgImage
	tick     *svgImage
	line     *canvas.Rectangle
	strip    *menuStrip // nil for none
	y, h     float32
}

// ShowMenu opens a menu with its corner at a position of the canvas, moved to
// where it fits, and gives it the keyboard. It does nothing without items.
func ShowMenu(c fyne.Canvas, at fyne.Position, items []MenuItem) *Menu {
	if c == nil || len(items) == 0 {
		return nil
	}
	m := &Menu{canvas: c, at: at, chosen: -1, panel: rounded(10)}
	for _, it := range items {
		r := &menuRow{
			MenuItem: it, ground: rounded(6),
			label: NewLabel(it.Text, TextBody, ColorText), shortcut: NewLabel(it.Shortcut, TextSmall, ColorSecondary),
			mark: newSVGImage(), tick: newSVGImage(), line: canvas.NewRectangle(color.Transparent),
		}
		if it.Strip != nil {
			r.strip = newMenuStrip(it.Strip)
			r.Do = r.strip.do
		}
		m.items = append(m.items, r)
	}
	if len(m.items) == 1 && m.items[0].strip != nil {
		m.chosen = 0 // there is nothing else to come to
	}
	m.ExtendBaseWidget(m)
	c.Overlays().Add(m)
	m.Resize(c.Size())
	c.Focus(m)
	return m
}

// ShowMenuUnder opens a menu below an object, with their left sides in line.
func ShowMenuUnder(o fyne.CanvasObject, items []MenuItem) *Menu {
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(o)
	return ShowMenu(canvasOf(o), at.AddXY(0, o.Size().Height+4), items)
}

// ShowMenuOver opens a menu above a position of the canvas, so that what is below
// stays in view.
func ShowMenuOver(c fyne.Canvas, at fyne.Position, items []MenuItem) *Menu {
	m := ShowMenu(c, at, items)
	if m != nil {
		_, h := m.panelSize()
		m.at.Y -= h + 4
		m.layout(m.Size())
	}
	return m
}

// Close takes the menu away without doing anything.
func (m *Menu) Close() { m.canvas.Overlays().Remove(m) }

func (m *Menu) run(i int) {
	if i < 0 || i >= len(m.items) || !m.items[i].selectable() {
		return
	}
	m.Close()
	if do := m.items[i].Do; do != nil {
		do()
	}
}

func (r *menuRow) selectable() bool { return !r.Separator && !r.Disabled && !r.Note }

// step moves the choice by d items that can be chosen, round the ends.
func (m *Menu) step(d int) {
	n := len(m.items)
	i := m.chosen
	if i < 0 && d < 0 {
		i = 0
	}
	for range m.items {
		i = (i + d + n) % n
		if m.items[i].selectable() {
			m.choose(i)
			return
		}
	}
}

func (m *Menu) choose(i int) {
	if m.chosen != i {
		m.chosen = i
		m.Refresh()
	}
}

// TypedKey is Fyne's.
func (m *Menu) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyDown, fyne.KeyTab:
		m.step(1)
	case fyne.KeyUp:
		m.step(-1)
	case fyne.KeyLeft, fyne.KeyRight:
		m.turn(e.Name)
	case fyne.KeyHome:
		m.chosen = -1
		m.step(1)
	case fyne.KeyEnd:
		m.chosen = 0
		m.step(-1)
	case fyne.KeyEscape:
		m.Close()
	default:
		if isEnter(e.Name) || e.Name == fyne.KeySpace {
			m.run(m.chosen)
		}
	}
}

// turn goes to the next cell of the strip that is chosen, or of the first item
// when none is.
func (m *Menu) turn(key fyne.KeyName) {
	if m.chosen < 0 {
		m.step(1)
		return
	}
	if s := m.items[m.chosen].strip; s != nil {
		d := 1
		if key == fyne.KeyLeft {
			d = -1
		}
		s.turn(d)
		m.Refresh()
	}
}

// TypedRune runs the item with that letter behind it.
func (m *Menu) TypedRune(r rune) {
	i := slices.IndexFunc(m.items, func(it *menuRow) bool { return it.Shortcut == string(unicode.ToUpper(r)) })
	m.run(i)
}

// FocusGained is Fyne's; it does nothing.
func (m *Menu) FocusGained() {}

// FocusLost is Fyne's; it does nothing.
func (m *Menu) FocusLost() {}

// row gives the item at a position, or -1.
func (m *Menu) row(pos fyne.Position) int {
	p, s := m.panel.Position(), m.panel.Size()
	if pos.X < p.X || pos.X >= p.X+s.Width {
		return -1
	}
	for i, r := range m.items {
		if pos.Y >= r.y && pos.Y < r.y+r.h {
			return i
		}
	}
	return -1
}

// Tapped runs the item pressed, or closes when pressed beside the menu.
func (m *Menu) Tapped(e *fyne.PointEvent) {
	if i := m.row(e.Position); i >= 0 {
		if s := m.items[i].strip; s != nil {
			s.at = s.cell(e.Position.X)
		}
		m.run(i)
		return
	}
	p, s := m.panel.Position(), m.panel.Size()
	if e.Position.X < p.X || e.Position.Y < p.Y || e.Position.X >= p.X+s.Width || e.Position.Y >= p.Y+s.Height {
		m.Close()
	}
}

// TappedSecondary does the same as Tapped.
func (m *Menu) TappedSecondary(e *fyne.PointEvent) { m.Tapped(e) }

// MouseIn is Fyne's.
func (m *Menu) MouseIn(e *desktop.MouseEvent) { m.MouseMoved(e) }

// MouseMoved chooses the item under the pointer.
func (m *Menu) MouseMoved(e *desktop.MouseEvent) {
	i := m.row(e.Position)
	if i < 0 || !m.items[i].selectable() {
		return
	}
	if s := m.items[i].strip; s != nil && s.at != s.cell(e.Position.X) {
		s.at, m.chosen = s.cell(e.Position.X), -1
	}
	m.choose(i)
}

// MouseOut is Fyne's.
func (m *Menu) MouseOut() { m.choose(-1) }

// panelSize gives the size the items need.
func (m *Menu) panelSize() (w, h float32) {
	w, h = menuMinWidth, 2*menuPadding
	for _, r := range m.items {
		if r.Separator {
			h += menuGapHeight
			continue
		}
		if r.strip != nil {
			h += stripHeight
			w = max(w, float32(r.strip.cells()*stripCell+2*menuPadding))
			continue
		}
		h += menuItemHeight
		need := m.inset() + r.label.Width() + 2*12 + 2*menuPadding
		if r.Shortcut != "" {
			need += r.shortcut.Width() + 24
		}
		if r.Checked {
			need += 24
		}
		w = max(w, need)
	}
	return w, h
}

// inset gives the room for icons, when any item has one.
func (m *Menu) inset() float32 {
	for _, r := range m.items {
		if r.Icon != "" || r.Presence != PresenceNone {
			return 28
		}
	}
	return 0
}

// CreateRenderer is Fyne's.
func (m *Menu) CreateRenderer() fyne.WidgetRenderer {
	p := &painter{min: fixed(1, 1), layout: m.layout, refresh: m.update}
	p.objects = []fyne.CanvasObject{m.panel}
	for _, r := range m.items {
		if r.strip != nil {
			p.objects = append(p.objects, r.strip.objects()...)
			continue
		}
		p.objects = append(p.objects, r.ground, r.label, r.shortcut, r.mark.image, r.tick.image, r.line)
	}
	m.update()
	return p
}

func (m *Menu) layout(s fyne.Size) {
	w, h := m.panelSize()
	x := max(4, min(m.at.X, s.Width-w-4))
	y := max(4, min(m.at.Y, s.Height-h-4))
	put(m.panel, x, y, w, h)
	y += menuPadding
	for _, r := range m.items {
		r.y, r.h = y, menuItemHeight
		if r.Separator {
			r.h = menuGapHeight
			put(r.line, x+1, y+r.h/2, w-2, LineWidth)
			y += r.h
			continue
		}
		left := x + menuPadding
		if r.strip != nil {
			r.h = stripHeight
			r.strip.layout(left, y, w-2*menuPadding)
			y += r.h
			continue
		}
		put(r.ground, left, y, w-2*menuPadding, r.h)
		side := float32(18)
		if r.Presence != PresenceNone {
			side = 11
		}
		put(r.mark.image, left+10+(18-side)/2, y+(r.h-side)/2, side, side)
		end := x + w - menuPadding - 12
		if r.Checked {
			put(r.tick.image, end-16, y+(r.h-16)/2, 16, 16)
			end -= 24
		}
		if r.Shortcut != "" {
			sw := r.shortcut.Width()
			putLabel(r.shortcut, end-sw, y, sw, r.h)
			end -= sw + 24
		}
		from := left + 12 + m.inset()
		putLabel(r.label, from, y, end-from, r.h)
		y += r.h
	}
}

func (m *Menu) update() {
	drawPanel(m.panel, ColorOverlay)
	for i, r := range m.items {
		if r.strip != nil {
			r.strip.update(i == m.chosen)
			continue
		}
		show(r.line, r.Separator)
		r.line.FillColor = theme.Color(ColorLine)
		r.ground.FillColor = color.Transparent
		if i == m.chosen {
			r.ground.FillColor = theme.Color(ColorSelected)
		}
		ink, quiet := ColorText, ColorSecondary
		switch {
		case r.Disabled:
			ink, quiet = ColorDisabled, ColorDisabled
		case r.Note:
			ink = ColorSecondary
		case r.Danger:
			ink, quiet = ColorDanger, ColorDanger
		}
		r.label.color = ink
		show(r.mark.image, r.Icon != "" || r.Presence != PresenceNone)
		switch {
		case r.Presence != PresenceNone:
			r.mark.set(r.Presence.icon(), theme.Color(r.Presence.Color()))
		case r.Icon != "":
			r.mark.set(r.Icon, theme.Color(quiet))
		}
		show(r.tick.image, r.Checked)
		if r.Checked {
			r.tick.set(assets.IconCheck, theme.Color(ColorAccentText))
		}
	}
}

var (
	_ fyne.Tappable          = (*Menu)(nil)
	_ fyne.SecondaryTappable = (*Menu)(nil)
	_ fyne.Focusable         = (*Menu)(nil)
	_ desktop.Hoverable      = (*Menu)(nil)
)
