package app

import (
	"strconv"
	"time"

	"fyne.io/fyne/v2/lang"

	"linnet/widgets"
)

// historyLong is how long getting messages may take until the window says so:
// what is there at once needs no words.
const historyLong = time.Second

// historyLine says at the bottom of the side pane that messages are being
// fetched from the server.
type historyLine struct {
	a     *App
	line  *widgets.ProgressLine
	since time.Time // when it began; zero while nothing is fetched
}

func newHistoryLine(a *App) *historyLine {
	l := &historyLine{a: a, line: widgets.NewProgressLine()}
	l.line.Hide()
	return l
}

// refresh shows how far it is, and reports whether the line came or went.
func (l *historyLine) refresh() (changed bool) {
	loaded, total, active := l.a.model.history()
	switch {
	case !active:
		l.since = time.Time{}
	case l.since.IsZero():
		l.since = l.a.now()
		l.a.after(historyLong, func() { l.a.refresh(changes{states: true}) })
	}
	on := active && l.a.now().Sub(l.since) >= historyLong
	if on {
		part := float32(0)
		if total > 0 {
			part = float32(loaded) / float32(total)
		}
		l.line.Set(historyText(loaded, total), part)
	}
	return show(l.line, on)
}

// history sums up what the accounts are getting from their servers. The total
// is 0 where it is not known of all of them.
func (m *model) history() (loaded, total int, active bool) {
	known := true
	for _, info := range m.accounts {
		if h := info.History; h.Active {
			active = true
			loaded += h.Loaded
			total += h.Total
			known = known && h.Total > 0
		}
	}
	if !known || total < loaded {
		total = 0
	}
	return loaded, total, active
}

// historyText says how far getting messages is.
func historyText(loaded, total int) string {
	switch {
	case loaded == 0:
		return lang.L("Getting messages")
	case total == 0:
		return lang.L("Getting messages: {{.N}}", map[string]any{"N": grouped(loaded)})
	}
	return lang.L("Getting messages: {{.N}} of {{.Total}}", map[string]any{"N": grouped(loaded), "Total": grouped(total)})
}

// grouped is a number in groups of three digits: "10,000".
func grouped(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
