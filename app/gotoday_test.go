package app

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"
)

func TestFirstWeekday(t *testing.T) {
	for locale, want := range map[string]time.Weekday{
		"en-US": time.Sunday, "en-GB": time.Monday, "de": time.Monday, "pt-BR": time.Sunday, "ar-EG": time.Saturday, "": time.Monday, "??": time.Monday,
	} {
		if got := firstWeekday(locale); got != want {
			t.Errorf("%q begins on %v", locale, got)
		}
	}
}

func TestGoToADayByTheCalendar(t *testing.T) {
	back := long(400)
	h := openLong(t, back)
	h.wantText("message 400")
	first := back.messages[1][0].Pos.At()
	h.a.shell.chat.showGoToDay()
	h.wantText("Go to a day", monthLong(testNow.Month())+" 2026")
	h.write(date(first))
	h.wantText(monthLong(first.Month())) // the calendar follows what is typed
	h.press(fyne.KeyTab, 0)
	h.press(fyne.KeyTab, 0)
	h.press(fyne.KeyTab, 0)
	h.press(fyne.KeyReturn, 0)
	h.wantNoText("Go to a day")
	h.wantText("message 1")
}

// A day is marked from the beginning, and is gone to without a word.
func TestGoToTheMarkedDay(t *testing.T) {
	h := openLong(t, long(400))
	h.a.shell.chat.showGoToDay()
	h.press(fyne.KeyReturn, 0)
	h.wantNoText("Go to a day")
	h.a.shell.chat.showGoToDay()
	h.press(fyne.KeyDown, 0)
	h.press(fyne.KeyLeft, 0)
	h.wantText(date(testNow.AddDate(0, 0, -1)))
}
