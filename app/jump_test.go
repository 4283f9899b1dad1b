package app

import (
	"strconv"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"linnet/storage"
	"linnet/widgets"
)

func itoa(n uint64) string { return strconv.FormatUint(n, 10) }

func TestJumpToAMessageFarAway(t *testing.T) {
	h := openLong(t, long(2000))
	p := h.a.shell.chat
	p.jumpTo(testPos(700))
	h.wantText("message 700")
	if p.view.AtEnd() || !p.view.Older() || p.view.Len() > 3*historyPage {
		t.Errorf("at the end %v, older %v, %d rows", p.view.AtEnd(), p.view.Older(), p.view.Len())
	}
	p.jumpTo(testPos(705)) // is held
	h.wantText("message 705")
	h.pass(lightFor)
	p.view.ScrollToEnd()
	h.wantText("message 2000")
}

func TestFindInAChat(t *testing.T) {
	h := openLong(t, long(500))
	h.press(fyne.KeyF, ctrl)
	h.write("message 12")
	h.wantNoText(" of ")
	h.pass(findAfter)
	h.wantText("1 of 11", "message 129") // message 12, and 120 to 129
	h.press(fyne.KeyReturn, 0)
	h.wantText("2 of 11", "message 128")
	h.press(fyne.KeyDown, 0)
	h.wantText("1 of 11")
	h.press(fyne.KeyDown, 0)
	h.wantText("1 of 11")
	for range 20 {
		h.press(fyne.KeyUp, 0)
	}
	h.wantText("11 of 11", "message 12")
	h.press(fyne.KeyEscape, 0) // empties the field
	h.write("nobody says this")
	h.press(fyne.KeyReturn, 0)
	h.wantText("Nothing")
	h.press(fyne.KeyEscape, 0)
	h.press(fyne.KeyEscape, 0)
	if h.a.shell.chat.find.box.Visible() || !h.a.shell.chat.composer.Focused() {
		t.Error("the search stays")
	}
}

func TestFindGoesOnToOlderOnes(t *testing.T) {
	h := openLong(t, long(500))
	h.press(fyne.KeyF, ctrl)
	h.write("message")
	h.press(fyne.KeyReturn, 0)
	h.wantText("1 of 100+")
	for range 100 {
		h.press(fyne.KeyUp, 0)
	}
	h.wantText("101 of 200+", "message 400")
}

func TestGoToADay(t *testing.T) {
	back := long(100)
	for i := range back.messages[1] {
		back.messages[1][i].Pos.Time = testNow.AddDate(0, 0, i-99).UnixMilli()
	}
	h := openLong(t, back)
	h.a.runByID("chat.day")
	h.write("no day")
	h.press(fyne.KeyReturn, 0)
	h.wantText("This is not a day")
	h.press(fyne.KeyEscape, 0)
	h.a.runByID("chat.day")
	day := testNow.AddDate(0, 0, -60)
	h.write(day.Format("2006-01-02"))
	h.press(fyne.KeyReturn, 0)
	h.wantText("message 40", dayLabel(day, testNow))
	if id, ok := h.a.shell.chat.view.Row(widgets.RowID{Time: day.UnixMilli(), Seq: 40}); ok && id.Text != "message 40" {
		t.Errorf("%+v", id)
	}
	back.messages[1] = back.messages[1][:90]
	h.a.shell.chat.jumpToDay(testNow)
	h.wantText("There are no messages since that day")
}

func TestParseDay(t *testing.T) {
	now := time.Date(2026, 11, 20, 15, 0, 0, 0, time.UTC) // a Friday
	for text, want := range map[string]string{
		"today": "2026-11-20", "Yesterday": "2026-11-19", "monday": "2026-11-16", "Fri": "2026-11-13",
		"2026-11-03": "2026-11-03", "3.11.": "2026-11-03", "3.11.2025": "2025-11-03", "3 Nov 2026": "2026-11-03",
		"Nov 3": "2026-11-03", "3 november": "2026-11-03", "24/12": "2025-12-24", "25 dec": "2025-12-25",
		"": "", "32.1.": "", "31.2.": "", "2026-11-21": "", "tomorrow": "", "3.13.": "", "1.1.20": "", "x y": "", "1 2 3 4": "",
	} {
		got := ""
		if day, ok := parseDay(text, now); ok {
			got = day.Format(time.DateOnly)
		}
		if got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

func TestStarredMessageOfAnotherChat(t *testing.T) {
	back := verona()
	back.messages[2][0].Starred = true
	h := openTalk(t, back)
	h.a.showStarred(1)
	h.wantText("No starred messages")
	h.press(fyne.KeyEscape, 0)
	h.a.showStarred(0)
	h.wantText("Friar Laurence", "Wisely and slow; they stumble that run fast.")
	h.press(fyne.KeyDown, 0)
	h.press(fyne.KeyReturn, 0)
	if h.a.shell.chat.id() != storage.ChatID(2) {
		t.Errorf("chat %d is open", h.a.shell.chat.id())
	}
}
