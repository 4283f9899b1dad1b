package widgets

import (
	"image/color"
	"strconv"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"linnet/assets"
)

// CalendarOptions is what a calendar needs to know.
type CalendarOptions struct {
	Today     time.Time    // later days cannot be chosen
	FirstDay  time.Weekday // of a week
	Weekday   func(time.Weekday) string
	Month     func(time.Time) string // the title of the month a time is in
	OnPicked  func(day time.Time)    // pressed, or chosen by Enter; at its beginning
	OnMoved   func(day time.Time)    // the mark is at another day
	OnMonth   func(first time.Time)  // another month is shown; its days have no marks yet
	OnEscape  func()
	OnUnknown func(fyne.Shortcut) // a shortcut the calendar has no use for
}

// Sizes of a calendar in dp, and how many weeks a month can reach into.
const (
	calendarHead  = float32(IconButtonSize)
	calendarNames = float32(24)
	calendarRow   = float32(34)
	calendarDay   = float32(32)
	calendarDot   = float32(4)
	calendarWeeks = 6
	daysOfWeek    = 7
)

// Calendar shows a month to choose a day of it. The arrows move the mark by days
// and weeks, Page Up and Page Down by months, Home and End to the ends of the
// month; Enter picks.
type Calendar struct {
	widget.BaseWidget
	title       *Label
	back, forth *IconButton
	names       [daysOfWeek]*Label
	grid        *calendarGrid
}

// NewCalendar makes a calendar that is at today.
func NewCalendar(o CalendarOptions) *Calendar {
	c := &Calendar{title: NewBoldLabel("", TextBody, ColorText), grid: newCalendarGrid(o)}
	c.back = NewIconButton(assets.IconChevronUp, lang.L("Month before"), func() { c.grid.move(c.grid.otherMonth(-1)) })
	c.forth = NewIconButton(assets.IconChevronDown, lang.L("Month after"), func() { c.grid.move(c.grid.otherMonth(1)) })
	for i := range c.names {
		day := (o.FirstDay + time.Weekday(i)) % daysOfWeek
		c.names[i] = NewLabel(o.Weekday(day), TextSmall, ColorSecondary).Centered()
	}
	c.grid.turned = c.update
	c.ExtendBaseWidget(c)
	c.update()
	return c
}

// GoTo puts the mark at a day, or at today if that is earlier. OnMoved does not hear
// of it.
func (c *Calendar) GoTo(day time.Time) { c.grid.goTo(day) }

// Shown is the first day of the month that is shown.
func (c *Calendar) Shown() time.Time { return c.grid.month }

// Day is the day the mark is at, at its beginning.
func (c *Calendar) Day() time.Time { return c.grid.day }

// Focus gives the days the keyboard.
func (c *Calendar) Focus() { focusOn(c.grid) }

// Mark puts a dot under days of the month that is shown: the first is has[0].
func (c *Calendar) Mark(has []bool) {
	c.grid.has = has
	c.grid.Refresh()
}

// update shows which month it is.
func (c *Calendar) update() {
	g := c.grid
	c.title.SetText(g.o.Month(g.month))
	if g.month.AddDate(0, 1, 0).After(g.o.Today) {
		c.forth.Disable()
	} else {
		c.forth.Enable()
	}
}

// CreateRenderer is Fyne's.
func (c *Calendar) CreateRenderer() fyne.WidgetRenderer {
	p := &painter{min: fixed(daysOfWeek*calendarDay, calendarHead+calendarNames+calendarWeeks*calendarRow), refresh: func() {}}
	p.objects = []fyne.CanvasObject{c.title, c.back, c.forth, c.grid}
	for _, n := range c.names {
		p.objects = append(p.objects, n)
	}
	p.layout = func(s fyne.Size) {
		putLabel(c.title, 4, 0, s.Width-2*IconButtonSize-12, calendarHead)
		put(c.back, s.Width-2*IconButtonSize, 0, IconButtonSize, IconButtonSize)
		put(c.forth, s.Width-IconButtonSize, 0, IconButtonSize, IconButtonSize)
		w := s.Width / daysOfWeek
		for i, n := range c.names {
			putLabel(n, float32(i)*w, calendarHead, w, calendarNames)
		}
		put(c.grid, 0, calendarHead+calendarNames, s.Width, calendarWeeks*calendarRow)
	}
	return p
}

// calendarGrid is the days of a calendar, one stop for Tab.
type calendarGrid struct {
	widget.BaseWidget
	o          CalendarOptions
	month, day time.Time // the first of the month, and the day that is marked
	has        []bool
	over       int // the day of the month under the pointer, 0 for none
	focused    bool
	turned     func()
	cells      [daysOfWeek * calendarWeeks]calendarCell
}

type calendarCell struct {
	ground *canvas.Rectangle
	label  *Label
	dot    *canvas.Circle
}

func newCalendarGrid(o CalendarOptions) *calendarGrid {
	g := &calendarGrid{o: o}
	g.day = dayOf(o.Today)
	g.month = monthOf(g.day)
	for i := range g.cells {
		g.cells[i] = calendarCell{rounded(calendarDay / 2), NewLabel("", TextBody, ColorText).Centered(), canvas.NewCircle(color.Transparent)}
	}
	g.ExtendBaseWidget(g)
	return g
}

func dayOf(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, t.Location())
}

func monthOf(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, t.Location())
}

// length is how many days the month has.
func (g *calendarGrid) length() int { return g.month.AddDate(0, 1, -1).Day() }

// lead is how many cells stay free before the first day.
func (g *calendarGrid) lead() int {
	return int(g.month.Weekday()-g.o.FirstDay+daysOfWeek) % daysOfWeek
}

// move is goTo for the user.
func (g *calendarGrid) move(day time.Time) {
	if g.goTo(day) {
		g.o.OnMoved(g.day)
	}
}

// goTo puts the mark at a day, at today at the latest; false when it is there.
func (g *calendarGrid) goTo(day time.Time) bool {
	if day = dayOf(day); day.After(g.o.Today) {
		day = dayOf(g.o.Today)
	}
	if day.Equal(g.day) {
		return false
	}
	g.day = day
	if m := monthOf(day); !m.Equal(g.month) {
		g.month, g.has, g.over = m, nil, 0
		g.turned()
		g.o.OnMonth(m)
	}
	g.Refresh()
	return true
}

// otherMonth is the day marked some months on, or the last of a shorter month.
func (g *calendarGrid) otherMonth(by int) time.Time {
	first := g.month.AddDate(0, by, 0)
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(g.day.Day(), last)-1)
}

// dayAt is the day of the month at a place that can be chosen; 0 for none.
func (g *calendarGrid) dayAt(pos fyne.Position) int {
	s := g.Size()
	if pos.X < 0 || pos.Y < 0 || pos.X >= s.Width || pos.Y >= s.Height {
		return 0
	}
	d := int(pos.Y/calendarRow)*daysOfWeek + int(pos.X/(s.Width/daysOfWeek)) - g.lead() + 1
	if d < 1 || d > g.length() || g.dayOfMonth(d).After(g.o.Today) {
		return 0
	}
	return d
}

func (g *calendarGrid) dayOfMonth(d int) time.Time { return g.month.AddDate(0, 0, d-1) }

// Tapped picks the day pressed.
func (g *calendarGrid) Tapped(e *fyne.PointEvent) {
	if d := g.dayAt(e.Position); d > 0 {
		g.move(g.dayOfMonth(d))
		g.o.OnPicked(g.day)
	}
}

// TypedKey is Fyne's.
func (g *calendarGrid) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyLeft:
		g.move(g.day.AddDate(0, 0, -1))
	case fyne.KeyRight:
		g.move(g.day.AddDate(0, 0, 1))
	case fyne.KeyUp:
		g.move(g.day.AddDate(0, 0, -daysOfWeek))
	case fyne.KeyDown:
		g.move(g.day.AddDate(0, 0, daysOfWeek))
	case fyne.KeyPageUp:
		g.move(g.otherMonth(-1))
	case fyne.KeyPageDown:
		g.move(g.otherMonth(1))
	case fyne.KeyHome:
		g.move(g.month)
	case fyne.KeyEnd:
		g.move(g.dayOfMonth(g.length()))
	case fyne.KeyEscape:
		g.o.OnEscape()
	default:
		if isEnter(e.Name) || e.Name == fyne.KeySpace {
			g.o.OnPicked(g.day)
		}
	}
}

// TypedRune is Fyne's; it does nothing.
func (g *calendarGrid) TypedRune(rune) {}

// TypedShortcut is Fyne's.
func (g *calendarGrid) TypedShortcut(s fyne.Shortcut) { g.o.OnUnknown(s) }

// FocusGained is Fyne's.
func (g *calendarGrid) FocusGained() { g.focused = true; g.Refresh(); reveal(g) }

// FocusLost is Fyne's.
func (g *calendarGrid) FocusLost() { g.focused = false; g.Refresh() }

// MouseIn is Fyne's.
func (g *calendarGrid) MouseIn(e *desktop.MouseEvent) { g.MouseMoved(e) }

// MouseMoved is Fyne's.
func (g *calendarGrid) MouseMoved(e *desktop.MouseEvent) { g.hover(g.dayAt(e.Position)) }

// MouseOut is Fyne's.
func (g *calendarGrid) MouseOut() { g.hover(0) }

func (g *calendarGrid) hover(day int) {
	if g.over != day {
		g.over = day
		g.Refresh()
	}
}

// AccessibilityLabel tells the day that is marked.
func (g *calendarGrid) AccessibilityLabel() string {
	return strconv.Itoa(g.day.Day()) + " " + g.o.Month(g.day)
}

// CreateRenderer is Fyne's.
func (g *calendarGrid) CreateRenderer() fyne.WidgetRenderer {
	p := &painter{min: fixed(daysOfWeek*calendarDay, calendarWeeks*calendarRow), refresh: g.update}
	for i := range g.cells {
		c := &g.cells[i]
		p.objects = append(p.objects, c.ground, c.label, c.dot)
	}
	p.layout = func(s fyne.Size) {
		w := s.Width / daysOfWeek
		for i := range g.cells {
			c := &g.cells[i]
			x, y := float32(i%daysOfWeek)*w, float32(i/daysOfWeek)*calendarRow
			put(c.ground, x+(w-calendarDay)/2, y+(calendarRow-calendarDay)/2, calendarDay, calendarDay)
			putLabel(c.label, x, y-1, w, calendarRow)
			put(c.dot, x+(w-calendarDot)/2, y+calendarRow-calendarDot-4, calendarDot, calendarDot)
		}
	}
	g.update()
	return p
}

func (g *calendarGrid) update() {
	today, lead := dayOf(g.o.Today), g.lead()
	for i := range g.cells {
		c, d := &g.cells[i], i-lead+1
		here := d >= 1 && d <= g.length()
		show(c.ground, here)
		show(c.label, here)
		show(c.dot, here && d <= len(g.has) && g.has[d-1])
		if !here {
			continue
		}
		day := g.dayOfMonth(d)
		c.label.SetText(strconv.Itoa(d))
		c.label.SetBold(day.Equal(today))
		fill, ink, ring := color.Color(color.Transparent), ColorText, color.Color(color.Transparent)
		switch {
		case day.After(today):
			ink = ColorDisabled
		case day.Equal(g.day):
			fill, ink = theme.Color(ColorAccentFill), ColorOnAccent
		case d == g.over:
			fill = theme.Color(ColorHover)
		}
		switch {
		case day.Equal(g.day) && g.focused:
			ring = theme.Color(ColorAccentText)
		case day.Equal(today):
			ring = theme.Color(ColorSecondary)
		}
		c.label.SetColor(ink)
		c.ground.FillColor, c.ground.StrokeColor, c.ground.StrokeWidth = fill, ring, LineWidth
		if day.Equal(g.day) && g.focused {
			c.ground.StrokeWidth = FocusRing
		}
		c.dot.FillColor = theme.Color(ColorAccentText)
		if day.Equal(g.day) {
			c.dot.FillColor = theme.Color(ColorOnAccent)
		}
		c.ground.Refresh()
		c.dot.Refresh()
	}
}

var (
	_ fyne.Focusable    = (*calendarGrid)(nil)
	_ fyne.Tappable     = (*calendarGrid)(nil)
	_ fyne.Shortcutable = (*calendarGrid)(nil)
	_ desktop.Hoverable = (*calendarGrid)(nil)
)
