package widgets

import (
	"fmt"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// calendarOf shows a calendar on Friday, 20 November 2026, and writes down what it
// tells.
func calendarOf(t *testing.T, first time.Weekday) (c *Calendar, told func() string) {
	t.Helper()
	useTheme(lightTheme)
	log := ""
	note := func(what string) func(time.Time) {
		return func(d time.Time) { log += what + d.Format(" 2006-01-02;") }
	}
	c = NewCalendar(CalendarOptions{
		Today: time.Date(2026, 11, 20, 15, 30, 0, 0, time.Local), FirstDay: first,
		Weekday: func(d time.Weekday) string { return d.String()[:2] }, Month: func(m time.Time) string { return m.Format("January 2006") },
		OnPicked: note("picked"), OnMoved: note("moved"), OnMonth: note("month"),
		OnEscape: func() { log += "escape;" }, OnUnknown: func(fyne.Shortcut) { log += "shortcut;" },
	})
	w := test.NewTempWindow(t, c)
	w.Resize(fyne.NewSize(360, 320))
	return c, func() string {
		out := log
		log = ""
		return out
	}
}

func TestCalendarByKeyboard(t *testing.T) {
	c, told := calendarOf(t, time.Monday)
	for _, x := range []struct {
		key  fyne.KeyName
		want string
	}{
		{fyne.KeyRight, ""}, // nobody has written tomorrow
		{fyne.KeyLeft, "moved 2026-11-19;"},
		{fyne.KeyUp, "moved 2026-11-12;"},
		{fyne.KeyDown, "moved 2026-11-19;"},
		{fyne.KeyEnd, "moved 2026-11-20;"},
		{fyne.KeyHome, "moved 2026-11-01;"},
		{fyne.KeyLeft, "month 2026-10-01;moved 2026-10-31;"},
		{fyne.KeyPageUp, "month 2026-09-01;moved 2026-09-30;"},
		{fyne.KeyPageDown, "month 2026-10-01;moved 2026-10-30;"},
		{fyne.KeyPageDown, "month 2026-11-01;moved 2026-11-20;"},
		{fyne.KeyReturn, "picked 2026-11-20;"},
		{fyne.KeyEscape, "escape;"},
	} {
		c.grid.TypedKey(&fyne.KeyEvent{Name: x.key})
		if got := told(); got != x.want {
			t.Errorf("%s: %q, want %q", x.key, got, x.want)
		}
	}
}

// TestCalendarPlaces presses each place and compares the day with the calendar of
// the standard library.
func TestCalendarPlaces(t *testing.T) {
	for _, first := range []time.Weekday{time.Monday, time.Sunday, time.Saturday} {
		c, told := calendarOf(t, first)
		for range 30 {
			g := c.grid
			w := g.Size().Width / daysOfWeek
			seen := 0
			for i := range g.cells {
				at := fyne.NewPos((float32(i%daysOfWeek)+0.5)*w, (float32(i/daysOfWeek)+0.5)*calendarRow)
				d := g.dayAt(at)
				if d == 0 {
					continue
				}
				seen++
				day := g.dayOfMonth(d)
				if want := (first + time.Weekday(i%daysOfWeek)) % daysOfWeek; day.Weekday() != want || d != seen || g.cells[i].label.Text() != fmt.Sprint(d) {
					t.Fatalf("%v is a %v at place %d, which says %q", day, want, i, g.cells[i].label.Text())
				}
			}
			if want := min(g.length(), int(g.o.Today.Sub(g.month).Hours()/24)+1); seen != want {
				t.Errorf("%v has %d days, want %d", g.month, seen, want)
			}
			c.back.Tapped(nil)
		}
		told()
		c.GoTo(time.Date(2024, 2, 29, 8, 0, 0, 0, time.Local))
		if got := told(); got != "month 2024-02-01;" {
			t.Errorf("went to %q", got)
		}
		c.grid.Tapped(&fyne.PointEvent{Position: fyne.NewPos(2, calendarRow+2)})
		if got := told(); got == "" {
			t.Error("a press does nothing")
		}
	}
}

func TestCalendarMarks(t *testing.T) {
	c, _ := calendarOf(t, time.Monday)
	has := make([]bool, 30)
	has[2] = true
	c.Mark(has)
	for i, cell := range c.grid.cells {
		if on := i-c.grid.lead() == 2; cell.dot.Visible() != on {
			t.Errorf("the dot of place %d is visible: %v", i, !on)
		}
	}
	c.grid.TypedKey(&fyne.KeyEvent{Name: fyne.KeyPageUp})
	if c.grid.cells[5].dot.Visible() {
		t.Error("marks stay for another month")
	}
}
