package app

import (
	"slices"
	"testing"

	"linnet/storage"
)

func testMessage(n int, out bool) storage.Message {
	return storage.Message{Pos: testPos(n), Chat: 1, Out: out}
}

func testPos(n int) storage.Pos { return storage.Pos{Time: int64(n), Seq: uint64(n)} }

func TestOpenHistoryAsksForUnread(t *testing.T) {
	for unread, want := range map[int]int{0: historyFirst, 10: historyFirst + 10, 5000: historyFirstMost} {
		if _, n := openHistory(storage.Chat{ID: 1, Unread: unread}); n != want {
			t.Errorf("%d unread: %d messages asked for, want %d", unread, n, want)
		}
	}
}

func TestHistoryKeepsWhatComesWhileReading(t *testing.T) {
	h, _ := openHistory(storage.Chat{ID: 1})
	late, changed := testMessage(2, false), testMessage(3, true)
	changed.State = storage.StateSent
	if h.add([]storage.Message{testMessage(9, false), late}, true) || h.change(changed) {
		t.Error("rows are shown before the first page")
	}
	rows := h.fill([]storage.Message{testMessage(1, false), testMessage(3, true)}, false, false)
	var order []uint64
	for _, m := range rows {
		order = append(order, m.Pos.Seq)
	}
	if !slices.Equal(order, []uint64{1, 2, 3, 9}) {
		t.Errorf("rows %v", order)
	}
	if rows[2].State != storage.StateSent {
		t.Error("the page hides a newer state")
	}
	if !h.add([]storage.Message{testMessage(10, false)}, true) || !h.change(changed) {
		t.Error("rows are not shown after the first page")
	}
}

func TestHistoryDividerStaysUntilLeft(t *testing.T) {
	h, _ := openHistory(storage.Chat{ID: 1, Unread: 2, ReadUpTo: testPos(3)})
	if !h.divider || h.read != testPos(3) {
		t.Fatalf("divider %v after %v", h.divider, h.read)
	}
	h.fill(nil, false, false)
	h.view(testPos(5))
	h.add([]storage.Message{testMessage(6, false)}, false)
	if h.read != testPos(3) {
		t.Errorf("the divider moved after %v", h.read)
	}
}

func TestHistoryDividerForAnAbsentUser(t *testing.T) {
	h, _ := openHistory(storage.Chat{ID: 1, ReadUpTo: testPos(2)})
	h.fill([]storage.Message{testMessage(1, false), testMessage(2, false)}, false, false)
	h.view(testPos(2))
	h.add([]storage.Message{testMessage(3, true)}, false)
	h.add([]storage.Message{testMessage(4, false)}, true)
	h.view(testPos(4))
	if h.divider {
		t.Fatal("divider before an own message or one that is seen at once")
	}
	h.add([]storage.Message{testMessage(5, false), testMessage(6, false)}, false)
	if !h.divider || h.read != testPos(4) {
		t.Errorf("divider %v after %v, want after 4", h.divider, h.read)
	}
}

func TestHistoryMarksOnce(t *testing.T) {
	h, _ := openHistory(storage.Chat{ID: 1, ReadUpTo: testPos(2)})
	h.view(testPos(2))
	if p, ok := h.toMark(); ok {
		t.Errorf("marks %v again", p)
	}
	h.view(testPos(4))
	h.view(testPos(3)) // scrolled up
	if p, ok := h.toMark(); !ok || p != testPos(4) {
		t.Errorf("toMark = %v, %v", p, ok)
	}
	if _, ok := h.toMark(); ok {
		t.Error("marks twice")
	}
}
