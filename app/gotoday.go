package app

import (
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2/lang"

	"linnet/widgets"
)

// showGoToDay asks for a day and shows the messages of it.
func (p *chatPane) showGoToDay() {
	a := p.a
	field := widgets.NewField(lang.L("Day"))
	field.SetPlaceholder(date(a.now().AddDate(0, -1, 0)))
	help := lang.L("Like 3 Nov 2026, 3.11., 2026-11-03, yesterday or Monday")
	field.SetHelp(help)
	field.OnShortcut = a.typedShortcut
	var c *card
	field.OnChanged = func(text string) {
		if day, ok := parseDay(text, a.now()); ok {
			field.SetHelp(weekdayLong(day.Weekday()) + ", " + date(day))
		} else {
			field.SetHelp(help)
		}
		c.fit()
	}
	run := func() {
		day, ok := parseDay(field.Text(), a.now())
		if !ok {
			field.SetError(lang.L("This is not a day"))
			c.fit()
			field.Focus()
			return
		}
		c.close()
		p.jumpToDay(day)
		p.focusTranscript()
	}
	field.OnSubmitted = func(string) { run() }
	c = a.cards.show(widgets.NewColumn(14,
		widgets.NewHeading(lang.L("Go to a day"), titleSize), field,
		widgets.NewButtonRow(cancelButton(&c), widgets.NewButton(lang.L("Go"), widgets.ButtonFilled, run)),
	), widgets.OverlayOptions{})
	field.Focus()
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
