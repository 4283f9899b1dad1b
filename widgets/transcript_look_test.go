package widgets

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"linnet/assets"
)

func TestTranscriptPill(t *testing.T) {
	tr, win := newTestTranscript(t, 600, 400)
	tr.SetRows(testRows(0, 100), false, false)
	if tr.drawn.pill.Visible() {
		t.Error("a pill at the end")
	}
	tr.scrollBy(300)
	if !tr.drawn.pill.Visible() || tr.drawn.pillTag.Visible() {
		t.Error("want a pill without a number")
	}
	tr.Append(testRow(100, false, "one"), testRow(101, true, "own"), testRow(102, false, "two"))
	if !tr.drawn.pillTag.Visible() || tr.drawn.pillTag.Text() != "2 new" {
		t.Errorf("the pill says %q", tr.drawn.pillTag.Text())
	}
	b := tr.drawn.pillBox
	click(win, b.x+b.w/2, b.y+b.h/2)
	if !tr.AtEnd() || tr.drawn.pill.Visible() || !shows(tr, "two") {
		t.Error("the pill does not lead to the end")
	}

	asked := 0
	tr.OnNeedEnd = func() { asked++ }
	tr.SetRows(testRows(0, 100), false, true)
	tr.Append(testRow(500, false, "far below"))
	if tr.Len() != 100 || tr.drawn.pillTag.Text() != "1 new" {
		t.Errorf("%d rows, pill %q", tr.Len(), tr.drawn.pillTag.Text())
	}
	tr.ScrollToEnd()
	if asked != 1 {
		t.Errorf("asked %d times for the end", asked)
	}
}

func TestTranscriptDivider(t *testing.T) {
	tr, _ := newTestTranscript(t, 600, 900)
	tr.SetRows([]Row{testRow(1, false, "read"), testRow(2, true, "own"), testRow(3, false, "unread")}, true, false)
	if shows(tr, "New") {
		t.Error("a divider without unread messages")
	}
	before := tr.rows.total()
	tr.SetUnread(RowID{Time: 1, Seq: 1})
	if i := tr.unreadRow(); i != 2 || !shows(tr, "New") || tr.rows.total() <= before {
		t.Errorf("divider above row %d", i)
	}
	tr.ClearUnread()
	if shows(tr, "New") || tr.rows.total() != before {
		t.Error("the divider stays")
	}
	tr.SetUnread(RowID{})
	tr.Prepend([]Row{testRow(0, false, "older unread")}, false)
	if i := tr.unreadRow(); i != 0 {
		t.Errorf("divider above row %d", i)
	}
	if n := strings.Count(strings.Join(drawnTexts(tr), "\n"), "New"); n != 1 {
		t.Errorf("%d dividers", n)
	}
}

func TestTranscriptDays(t *testing.T) {
	tr, _ := newTestTranscript(t, 600, 900)
	tr.DayLabel = func(d time.Time) string { return "day " + fmt.Sprint(d.Day()) }
	a, b := testRow(1, false, "a"), testRow(60*24, false, "b")
	tr.SetRows([]Row{a, b}, false, false)
	if got := strings.Join(drawnTexts(tr), " "); got != "a day 14 09:01 b day 15 09:00" {
		t.Errorf("drawn: %s", got)
	}
}

func TestTranscriptStates(t *testing.T) {
	tr, win := newTestTranscript(t, 600, 400)
	row := testRow(1, true, "hello")
	tr.SetRows([]Row{row}, false, false)
	for state, icon := range map[MessageState]string{
		NoState: "", StateWaiting: assets.IconClock, StateSent: assets.IconCheck, StateDelivered: assets.IconChecks, StateRead: assets.IconRead,
	} {
		row.State = state
		tr.Update(row)
		lay := tr.rows.items[0].lay
		if icon == "" && len(lay.icons) > 0 || icon != "" && (len(lay.icons) != 1 || lay.icons[0].name != icon) {
			t.Errorf("state %d is drawn with %v", state, lay.icons)
		}
		if word := state.Word(); !strings.HasSuffix(tr.AccessibilityLabel(), word) || (word == "") != (state == NoState) {
			t.Errorf("state %d is read out as %q", state, tr.AccessibilityLabel())
		}
	}
	var again []RowID
	tr.OnRetry = func(id RowID) { again = append(again, id) }
	row.State, row.Reason = StateFailed, "The server is full"
	tr.Update(row)
	if !shows(tr, "The server is full") || !shows(tr, "Try again") {
		t.Fatalf("drawn: %q", drawnTexts(tr))
	}
	hits := tr.rows.items[0].lay.hits
	y := rowY(t, tr, row.ID)
	h := hits[len(hits)-1]
	click(win, h.x+h.w/2, y+h.y+h.h/2)
	if len(again) != 1 || again[0] != row.ID {
		t.Errorf("tried again: %v", again)
	}
	if tr.Update(testRow(77, true, "unknown")); tr.Len() != 1 {
		t.Error("an unknown row was added")
	}
}

func TestTranscriptFoldsLongMessages(t *testing.T) {
	tr, win := newTestTranscript(t, 600, 400)
	long := strings.Repeat("word ", 1<<16/5)
	tr.SetRows(append(testRows(0, 20), testRow(30, false, long)), false, false)
	it := tr.rows.items[20]
	if it.lay.body.count != foldLines || !shows(tr, "Show all") {
		t.Fatalf("%d lines", it.lay.body.count)
	}
	h := it.lay.hits[0]
	click(win, h.x+2, rowY(t, tr, it.ID)+h.y+h.h/2)
	if n := it.lay.body.count; n < 500 || shows(tr, "Show all") {
		t.Fatalf("%d lines after unfolding", n)
	}
	checkDrawn(t, tr)
	if n := len(drawnTexts(tr)); n > int(400/LineBody)+2*lineSlack+4 {
		t.Errorf("%d texts for one screen", n)
	}
	for range 50 {
		tr.TypedKey(&fyne.KeyEvent{Name: fyne.KeyPageDown})
		checkDrawn(t, tr)
	}
}

func TestTimeBesideLastLine(t *testing.T) {
	tr, _ := newTestTranscript(t, 600, 400)
	tr.SetRows([]Row{testRow(1, false, "good night"), testRow(2, false, "לילה טוב")}, false, false)
	left, right := tr.rows.items[0].lay, tr.rows.items[1].lay
	for i, lay := range []*rowLayout{left, right} {
		if want := LineBody + 2*BubblePadY; lay.bubble.h != want {
			t.Errorf("row %d: bubble is %v high, want one line, %v", i, lay.bubble.h, want)
		}
	}
	at := func(lay *rowLayout) float32 { return lay.labels[len(lay.labels)-1].x }
	if x := at(left); x <= left.bodyX+left.body.parts[0].lines[0].w {
		t.Errorf("the time stands over the text: %v", x)
	}
	if x := at(right); x != right.bodyX || x+metaGap >= right.bodyX+right.body.parts[0].lineX(0, right.body.w) {
		t.Errorf("the time of a line from the right stands at %v of %v", x, right.bodyX)
	}
}
