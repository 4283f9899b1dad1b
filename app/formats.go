package app

import (
	"strconv"
	"time"

	"fyne.io/fyne/v2/lang"
)

// Days of the calendar are counted with time.Date, never by 24 hours, so that
// days on which clocks change have no influence.

// daysBetween counts calendar days from t to now. It is negative when t is in
// the future.
func daysBetween(t, now time.Time) int {
	y, m, d := t.Date()
	from := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	y, m, d = now.Date()
	to := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	return int(to.Sub(from) / (24 * time.Hour))
}

// Each name is translated when it is used: translating costs microseconds, and
// lists have hundreds of rows.

// weekdayShort is "Tue".
func weekdayShort(d time.Weekday) string {
	switch d {
	case time.Monday:
		return lang.L("Mon")
	case time.Tuesday:
		return lang.L("Tue")
	case time.Wednesday:
		return lang.L("Wed")
	case time.Thursday:
		return lang.L("Thu")
	case time.Friday:
		return lang.L("Fri")
	case time.Saturday:
		return lang.L("Sat")
	}
	return lang.L("Sun")
}

// weekdayLong is "Tuesday".
func weekdayLong(d time.Weekday) string {
	switch d {
	case time.Monday:
		return lang.L("Monday")
	case time.Tuesday:
		return lang.L("Tuesday")
	case time.Wednesday:
		return lang.L("Wednesday")
	case time.Thursday:
		return lang.L("Thursday")
	case time.Friday:
		return lang.L("Friday")
	case time.Saturday:
		return lang.L("Saturday")
	}
	return lang.L("Sunday")
}

// monthShort is "Nov".
func monthShort(m time.Month) string {
	switch m {
	case time.February:
		return lang.L("Feb")
	case time.March:
		return lang.L("Mar")
	case time.April:
		return lang.L("Apr")
	case time.May:
		return lang.L("May")
	case time.June:
		return lang.L("Jun")
	case time.July:
		return lang.L("Jul")
	case time.August:
		return lang.L("Aug")
	case time.September:
		return lang.L("Sep")
	case time.October:
		return lang.L("Oct")
	case time.November:
		return lang.L("Nov")
	case time.December:
		return lang.L("Dec")
	}
	return lang.L("Jan")
}

// monthLong is "November".
func monthLong(m time.Month) string {
	switch m {
	case time.February:
		return lang.L("February")
	case time.March:
		return lang.L("March")
	case time.April:
		return lang.L("April")
	case time.May:
		return lang.X("May (whole month)", "May")
	case time.June:
		return lang.L("June")
	case time.July:
		return lang.L("July")
	case time.August:
		return lang.L("August")
	case time.September:
		return lang.L("September")
	case time.October:
		return lang.L("October")
	case time.November:
		return lang.L("November")
	case time.December:
		return lang.L("December")
	}
	return lang.L("January")
}

// clock is "14:32".
func clock(t time.Time) string { return t.Format("15:04") }

// nameTime is how a time stands in the name of a file: not every system takes a
// colon there.
const nameTime = "2006-01-02 15.04"

// date is "3 Nov 2026".
func date(t time.Time) string {
	return strconv.Itoa(t.Day()) + " " + monthShort(t.Month()) + " " + strconv.Itoa(t.Year())
}

// rowTime is the time at the right of a row of the chat list: the hour today,
// the weekday in the week before, the date earlier. It is empty for the zero
// time.
func rowTime(t, now time.Time) string {
	if t.IsZero() {
		return ""
	}
	t = t.In(now.Location())
	switch days := daysBetween(t, now); {
	case days == 0:
		return clock(t)
	case days > 0 && days < 7:
		return weekdayShort(t.Weekday())
	case t.Year() == now.Year():
		return strconv.Itoa(t.Day()) + " " + monthShort(t.Month())
	}
	return date(t)
}

// dayLabel heads the messages of one day in a transcript.
func dayLabel(t, now time.Time) string {
	t = t.In(now.Location())
	switch days := daysBetween(t, now); {
	case days == 0:
		return lang.L("Today")
	case days == 1:
		return lang.L("Yesterday")
	case days > 1 && days < 7:
		return weekdayLong(t.Weekday())
	}
	return date(t)
}

// lastSeen says when a contact was last available, in less detail the longer
// ago it is. It is empty for the zero time.
func lastSeen(t, now time.Time) string {
	if t.IsZero() {
		return ""
	}
	t = t.In(now.Location())
	ago, days := now.Sub(t), daysBetween(t, now)
	switch {
	case ago < time.Minute:
		return lang.L("last seen just now")
	case ago < time.Hour:
		return lang.L("last seen {{.N}} min ago", count(int(ago/time.Minute)))
	case days <= 0:
		return lang.L("last seen at {{.Time}}", map[string]any{"Time": clock(t)})
	case days == 1:
		return lang.L("last seen yesterday")
	case days < 7:
		return lang.L("last seen {{.Day}}", map[string]any{"Day": weekdayLong(t.Weekday())})
	case days < 14:
		return lang.L("last seen a week ago")
	case days < 60:
		return lang.L("last seen {{.N}} weeks ago", count(days/7))
	case days < 365:
		return lang.L("last seen {{.N}} months ago", count(days/30))
	}
	return lang.L("last seen over a year ago")
}

// idleFor is how long a device has been left alone: "12 min", "3 h", "2 d".
// It is empty under a minute.
func idleFor(since, now time.Time) string {
	idle := now.Sub(since)
	if since.IsZero() || idle < time.Minute {
		return ""
	}
	return lasted(idle)
}

// duration is how long something of a moment took: "0.4 ms", "12 ms", "1.4 s".
func duration(d time.Duration) string {
	short := func(n float64) map[string]any {
		digits := 0
		if n < 10 {
			digits = 1
		}
		return map[string]any{"N": strconv.FormatFloat(n, 'f', digits, 64)}
	}
	if d < time.Second {
		return lang.L("{{.N}} ms", short(max(0.1, float64(d)/float64(time.Millisecond))))
	}
	return lang.L("{{.N}} s", short(d.Seconds()))
}

// lasted is how long something went on: "40 s", "12 min", "3 h", "2 d".
func lasted(d time.Duration) string {
	switch {
	case d < time.Minute:
		return lang.L("{{.N}} s", count(int(d/time.Second)))
	case d < time.Hour:
		return lang.L("{{.N}} min", count(int(d/time.Minute)))
	case d < 48*time.Hour:
		return lang.L("{{.N}} h", count(int(d/time.Hour)))
	}
	return lang.L("{{.N}} d", count(int(d/(24*time.Hour))))
}

// moment is "14:32" of today, and "3 Nov 2026 14:32" of another day.
func moment(t, now time.Time) string {
	t = t.In(now.Location())
	if daysBetween(t, now) == 0 {
		return clock(t)
	}
	return date(t) + " " + clock(t)
}

// count is the template data of a text with one number in it.
func count(n int) map[string]any { return map[string]any{"N": n} }

// badge is an unread count short enough for a badge.
func badge(n int) string {
	const most = 99 // three digits do not fit the round badge
	switch {
	case n <= 0:
		return ""
	case n > most:
		return strconv.Itoa(most) + "+"
	}
	return strconv.Itoa(n)
}
