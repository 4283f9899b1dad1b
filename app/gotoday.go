package app

import (
	"context"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"linnet/widgets"
)

// dayCard asks for a day of a chat, by a text or in a calendar.
type dayCard struct {
	p        *chatPane
	card     *card
	field    *widgets.Field
	calendar *widgets.Calendar
	help     string
}

// showGoToDay asks for a day and shows the messages of it.
func (p *chatPane) showGoToDay() {
	a := p.a
	c := &dayCard{p: p, help: lang.L("Like 3 Nov 2026, 3.11., 2026-11-03, yesterday or Monday")}
	c.field = widgets.NewField(lang.L("Day"))
	c.field.SetPlaceholder(date(a.now().AddDate(0, -1, 0)))
	c.field.SetHelp(c.help)
	c.field.OnShortcut = a.typedShortcut
	c.field.OnChanged = c.typed
	c.field.OnSubmitted = func(string) { c.submit() }
	c.field.OnKey = c.key
	c.calendar = widgets.NewCalendar(widgets.CalendarOptions{
		Today: a.now(), FirstDay: firstWeekday(lang.SystemLocale().String()), Weekday: weekdayShort,
		Month:    func(t time.Time) string { return monthLong(t.Month()) + " " + strconv.Itoa(t.Year()) },
		OnPicked: c.goTo, OnMoved: func(day time.Time) { c.field.SetText(date(day)) }, OnMonth: c.mark,
		OnEscape: a.back, OnUnknown: a.typedShortcut,
	})
	both := widgets.NewColumn(10, c.field, c.calendar)
	c.card = a.cards.show(widgets.NewColumn(14,
		widgets.NewHeading(lang.L("Go to a day"), titleSize),
		newScrolled(a.win, both, sheetHeight, cardRest),
		widgets.NewButtonRow(cancelButton(&c.card), widgets.NewButton(lang.L("Go"), widgets.ButtonFilled, c.submit)),
	), widgets.OverlayOptions{Width: dayWidth})
	c.mark(c.calendar.Shown())
	c.field.Focus()
}

// dayWidth is the width of the card in dp: that of a calendar whose days are easy to
// press.
const dayWidth = 380

// typed shows which day is meant.
func (c *dayCard) typed(text string) {
	if day, ok := parseDay(text, c.p.a.now()); ok {
		c.field.SetHelp(weekdayLong(day.Weekday()) + ", " + date(day))
		c.calendar.GoTo(day)
	} else {
		c.field.SetHelp(c.help)
	}
	c.card.fit()
}

// key goes from the field down into the calendar.
func (c *dayCard) key(e *fyne.KeyEvent) bool {
	if e.Name != fyne.KeyDown {
		return false
	}
	c.calendar.Focus()
	return true
}

// submit goes to the day that was typed, or to the one that is marked.
func (c *dayCard) submit() {
	if strings.TrimSpace(c.field.Text()) == "" {
		c.goTo(c.calendar.Day())
		return
	}
	day, ok := parseDay(c.field.Text(), c.p.a.now())
	if !ok {
		c.field.SetError(lang.L("This is not a day"))
		c.card.fit()
		c.field.Focus()
		return
	}
	c.goTo(day)
}

func (c *dayCard) goTo(day time.Time) {
	c.card.close()
	c.p.jumpToDay(day)
	c.p.focusTranscript()
}

// mark shows which days of a month have messages on disk.
func (c *dayCard) mark(first time.Time) {
	a, chat := c.p.a, c.p.chat.ID
	var days []time.Time
	for day, next := first, first.AddDate(0, 1, 0); !day.After(next); day = day.AddDate(0, 0, 1) {
		days = append(days, day)
	}
	a.read(func(context.Context) func() {
		has, err := a.backend.HasMessages(chat, days)
		return func() {
			if err != nil {
				a.log.Warn("days of a chat were not read", "error", err)
			} else if c.calendar.Shown().Equal(first) {
				c.calendar.Mark(has)
			}
		}
	})
}

// parseDay reads a day that is not in the future: a word, a weekday, which is
// the last one there was, or a date with or without a year.
func parseDay(text string, now time.Time) (day time.Time, ok bool) {
	y, m, d := now.Date()
	today := time.Date(y, m, d, 0, 0, 0, 0, now.Location())
	word := strings.ToLower(strings.TrimSpace(text))
	switch word {
	case "":
		return day, false
	case strings.ToLower(lang.L("Today")):
		return today, true
	case strings.ToLower(lang.L("Yesterday")):
		return today.AddDate(0, 0, -1), true
	}
	for back := 1; back <= 7; back++ {
		t := today.AddDate(0, 0, -back)
		if long := strings.ToLower(weekdayLong(t.Weekday())); word == long || word == strings.ToLower(weekdayShort(t.Weekday())) {
			return t, true
		}
	}
	return parseDate(word, today)
}

// parseDate reads a date in figures or with the name of a month. A date without
// a year is the last one there was.
func parseDate(text string, today time.Time) (day time.Time, ok bool) {
	if t, err := time.ParseInLocation(time.DateOnly, text, today.Location()); err == nil {
		return t, !t.After(today)
	}
	parts := strings.FieldsFunc(text, func(r rune) bool { return r == '.' || r == ' ' || r == '/' || r == ',' })
	if len(parts) < 2 || len(parts) > 3 {
		return day, false
	}
	d, err := strconv.Atoi(parts[0])
	if err != nil { // "Nov 3"
		parts[0], parts[1] = parts[1], parts[0]
		d, err = strconv.Atoi(parts[0])
	}
	m, named := monthOf(parts[1])
	if err != nil || !named || d < 1 || d > 31 {
		return day, false
	}
	year := today.Year()
	if len(parts) == 3 {
		if year, err = strconv.Atoi(parts[2]); err != nil || year < 1000 || year > 9999 {
			return day, false
		}
	}
	t := time.Date(year, m, d, 0, 0, 0, 0, today.Location())
	if t.After(today) && len(parts) == 2 {
		t = time.Date(year-1, m, d, 0, 0, 0, 0, today.Location())
	}
	return t, t.Day() == d && !t.After(today)
}

// monthOf reads a month: its number, or its name or the beginning of it.
func monthOf(text string) (time.Month, bool) {
	if n, err := strconv.Atoi(text); err == nil {
		return time.Month(n), n >= 1 && n <= 12
	}
	for m := time.January; m <= time.December; m++ {
		if short := strings.ToLower(monthShort(m)); strings.HasPrefix(text, short) {
			return m, true
		}
	}
	return 0, false
}
