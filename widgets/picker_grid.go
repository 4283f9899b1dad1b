package widgets

import (
	"sort"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Sizes of the grid in dp.
const (
	emojiCell    = 41 // the least width of a cell; the rest is shared out
	emojiRow     = 40
	emojiShown   = 28 // the picture in it
	emojiHeading = 28
)

// emojiSection is some emoji under a heading; without a title there is none.
type emojiSection struct {
	title string
	items []string
}

// gridLine is a row of the grid: a heading, or emoji.
type gridLine struct {
	title   string
	from, n int // of the items
	section int
}

// emojiGrid shows emoji in rows, of which it draws those in view.
type emojiGrid struct {
	virtualList
	// picked runs for the emoji pressed, toned for one pressed with the right
	// button, with the place on the canvas; changed when another one or another
	// section is at hand.
	picked  func(string)
	toned   func(string, fyne.Position)
	changed func()

	sections []emojiSection
	items    []string
	lines    []gridLine
	columns  int
	chosen   int // -1 for none
}

func newEmojiGrid() *emojiGrid {
	g := &emojiGrid{chosen: -1, columns: 1}
	g.virtualList.init(g, g)
	return g
}

func (g *emojiGrid) set(sections []emojiSection) {
	g.sections, g.chosen, g.offset = sections, -1, 0
	g.items = g.items[:0]
	for _, s := range sections {
		g.items = append(g.items, s.items...)
	}
	g.flow()
}

// flow puts the items into rows of as many columns as there are.
func (g *emojiGrid) flow() {
	g.lines = g.lines[:0]
	from := 0
	for i, s := range g.sections {
		if s.title != "" {
			g.lines = append(g.lines, gridLine{title: s.title, from: from, section: i})
		}
		for end := from + len(s.items); from < end; {
			n := min(g.columns, end-from)
			g.lines = append(g.lines, gridLine{from: from, n: n, section: i})
			from += n
		}
	}
	g.reload()
}

// Resize is Fyne's.
func (g *emojiGrid) Resize(s fyne.Size) {
	columns := max(1, int((s.Width-2*pickerPad)/emojiCell))
	g.virtualList.Resize(s)
	if columns != g.columns {
		g.columns = columns
		g.flow()
	}
}

func (g *emojiGrid) count() int { return len(g.lines) }

func (g *emojiGrid) height(i int) float32 {
	if g.lines[i].n == 0 {
		return emojiHeading
	}
	return emojiRow
}

func (g *emojiGrid) kind(i int) int { return min(1, g.lines[i].n) }

func (g *emojiGrid) make(kind int) listRow {
	if kind == 0 {
		return newGridHeading(g)
	}
	return newGridRow(g)
}

// current gives the emoji chosen, or "".
func (g *emojiGrid) current() string {
	if g.chosen < 0 || g.chosen >= len(g.items) {
		return ""
	}
	return g.items[g.chosen]
}

// lineOf gives the row of an item.
func (g *emojiGrid) lineOf(item int) int {
	return sort.Search(len(g.lines), func(i int) bool { return g.lines[i].from+g.lines[i].n > item })
}

// section gives the section at the upper edge, or that of what is chosen when
// it is in view.
func (g *emojiGrid) section() int {
	i := g.at(g.offset + 1)
	if i < 0 {
		return 0
	}
	if c := g.lineOf(g.chosen); g.chosen >= 0 && c >= i && c < len(g.lines) && g.tops[c] < g.offset+g.Size().Height {
		i = c
	}
	return g.lines[i].section
}

// toSection scrolls to a section.
func (g *emojiGrid) toSection(section int) {
	for i, l := range g.lines {
		if l.section == section {
			g.scrollTo(g.tops[i])
			g.choose(l.from)
			return
		}
	}
}

// choose marks an item and brings it into view; -1 marks none.
func (g *emojiGrid) choose(item int) {
	g.chosen = min(item, len(g.items)-1)
	if g.chosen >= 0 {
		g.reveal(g.lineOf(g.chosen))
	}
	g.show()
}

// show draws the mark where it is now and says so.
func (g *emojiGrid) show() {
	g.place()
	call(g.changed)
}

// step moves the mark by a key and says whether the key was for that.
func (g *emojiGrid) step(key fyne.KeyName) bool {
	if len(g.items) == 0 {
		return false
	}
	if g.chosen < 0 { // the first key only shows where one is
		switch key {
		case fyne.KeyDown, fyne.KeyRight, fyne.KeyPageDown:
			g.choose(g.firstInView())
			return true
		}
		return false
	}
	switch key {
	case fyne.KeyRight:
		g.choose(min(g.chosen+1, len(g.items)-1))
	case fyne.KeyLeft:
		g.choose(max(g.chosen-1, 0))
	case fyne.KeyDown:
		g.stepRow(1)
	case fyne.KeyUp:
		g.stepRow(-1)
	case fyne.KeyPageDown:
		g.stepRow(g.page())
	case fyne.KeyPageUp:
		g.stepRow(-g.page())
	default:
		return false
	}
	return true
}

func (g *emojiGrid) firstInView() int {
	i := max(0, g.at(g.offset))
	if g.tops[i] < g.offset && i+1 < len(g.lines) {
		i++ // it is cut off
	}
	return g.lines[i].from
}

// page gives how many rows are in view.
func (g *emojiGrid) page() int { return max(1, int(g.Size().Height/emojiRow)) }

// stepRow moves the mark by rows of emoji, in the same column where there is
// one.
func (g *emojiGrid) stepRow(by int) {
	i := g.lineOf(g.chosen)
	column := g.chosen - g.lines[i].from
	step := 1
	if by < 0 {
		step = -1
	}
	for to := i + step; to >= 0 && to < len(g.lines) && by != 0; to += step {
		if g.lines[to].n > 0 {
			i = to
			by -= step
		}
	}
	if i == g.lineOf(g.chosen) && step < 0 {
		g.scrollTo(0) // to see the heading
	}
	g.choose(g.lines[i].from + min(column, g.lines[i].n-1))
}

// itemAt gives the item at a place of the grid, or -1.
func (g *emojiGrid) itemAt(pos fyne.Position) int {
	i := g.at(pos.Y + g.offset)
	if i < 0 || pos.X < pickerPad {
		return -1
	}
	if c := int((pos.X - pickerPad) / g.cell()); c < g.lines[i].n {
		return g.lines[i].from + c
	}
	return -1
}

// middle gives the place on the canvas of what is chosen.
func (g *emojiGrid) middle() fyne.Position {
	i := g.lineOf(g.chosen)
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(g)
	return at.AddXY(pickerPad+(float32(g.chosen-g.lines[i].from)+0.5)*g.cell(), g.tops[i]-g.offset+emojiRow/2)
}

// cell gives the width of a cell.
func (g *emojiGrid) cell() float32 { return (g.Size().Width - 2*pickerPad) / float32(g.columns) }

// Tapped picks the emoji under the pointer.
func (g *emojiGrid) Tapped(e *fyne.PointEvent) {
	if i := g.itemAt(e.Position); i >= 0 {
		g.picked(g.items[i])
	}
}

// TappedSecondary asks for the skin tones of the emoji under the pointer.
func (g *emojiGrid) TappedSecondary(e *fyne.PointEvent) {
	if i := g.itemAt(e.Position); i >= 0 {
		g.toned(g.items[i], e.AbsolutePosition)
	}
}

// MouseIn is Fyne's.
func (g *emojiGrid) MouseIn(e *desktop.MouseEvent) { g.MouseMoved(e) }

// MouseMoved marks the emoji under the pointer.
func (g *emojiGrid) MouseMoved(e *desktop.MouseEvent) {
	g.virtualList.MouseMoved(e)
	if i := g.itemAt(e.Position); i >= 0 && i != g.chosen {
		g.chosen = i
		g.show()
	}
}

// Scrolled is Fyne's.
func (g *emojiGrid) Scrolled(e *fyne.ScrollEvent) {
	g.virtualList.Scrolled(e)
	call(g.changed)
}

// FocusGained is Fyne's.
func (g *emojiGrid) FocusGained() {
	g.virtualList.FocusGained()
	if g.chosen < 0 && len(g.items) > 0 {
		g.choose(g.firstInView())
	}
}

// gridHeading is the title of a section.
type gridHeading struct {
	widget.BaseWidget
	g     *emojiGrid
	label *Label
}

func newGridHeading(g *emojiGrid) *gridHeading {
	h := &gridHeading{g: g, label: NewBoldLabel("", TextSmall, ColorSecondary)}
	h.ExtendBaseWidget(h)
	return h
}

func (h *gridHeading) bind(i int, _ rowState) { h.label.SetText(h.g.lines[i].title) }

// CreateRenderer is Fyne's.
func (h *gridHeading) CreateRenderer() fyne.WidgetRenderer {
	p := &painter{objects: []fyne.CanvasObject{h.label}, min: fixed(1, emojiHeading), refresh: func() {}}
	p.layout = func(s fyne.Size) { putLabel(h.label, pickerPad+4, 0, s.Width-2*pickerPad, s.Height) }
	return p
}

// gridRow is a row of emoji.
type gridRow struct {
	widget.BaseWidget
	g      *emojiGrid
	line   gridLine
	at     int // the place of the mark, or -1
	ground *canvas.Rectangle
	emoji  []*emojiImage
	rend   *painter
}

func newGridRow(g *emojiGrid) *gridRow {
	r := &gridRow{g: g, ground: rounded(8), at: -1}
	r.rend = &painter{min: fixed(1, emojiRow), layout: r.layout, refresh: r.update}
	r.ExtendBaseWidget(r)
	return r
}

func (r *gridRow) bind(i int, _ rowState) {
	r.line = r.g.lines[i]
	r.at = -1
	if c := r.g.chosen - r.line.from; r.g.chosen >= 0 && c >= 0 && c < r.line.n {
		r.at = c
	}
	r.layout(r.Size())
	r.update()
}

// CreateRenderer is Fyne's.
func (r *gridRow) CreateRenderer() fyne.WidgetRenderer { return r.rend }

func (r *gridRow) layout(s fyne.Size) {
	w := r.g.cell()
	x := func(i int) float32 { return pickerPad + float32(i)*w }
	show(r.ground, r.at >= 0)
	put(r.ground, x(r.at)+(w-emojiRow)/2+1, 1, emojiRow-2, emojiRow-2)
	dark, scale := isLight(theme.Color(ColorText)), scaleOf(r.g)
	objects := append(r.rend.objects[:0], r.ground)
	for i := range r.line.n {
		if i == len(r.emoji) {
			r.emoji = append(r.emoji, newEmojiImage())
		}
		e := r.emoji[i]
		e.show(r.g.items[r.line.from+i], emojiShown, scale, dark)
		e.image.Move(fyne.NewPos(x(i)+(w-emojiShown)/2, (emojiRow-emojiShown)/2))
		objects = append(objects, e.image)
	}
	if len(objects) != len(r.rend.objects) {
		repaint(r.g, r.ground)
	}
	r.rend.objects = objects
}

func (r *gridRow) update() { r.ground.FillColor = theme.Color(ColorSelected) }

var (
	_ fyne.Tappable          = (*emojiGrid)(nil)
	_ fyne.SecondaryTappable = (*emojiGrid)(nil)
	_ fyne.Focusable         = (*emojiGrid)(nil)
	_ desktop.Hoverable      = (*emojiGrid)(nil)
)
