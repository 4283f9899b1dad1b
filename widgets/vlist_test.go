package widgets

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
)

func conversations(n int) []Conversation {
	items := make([]Conversation, n)
	for i := range items {
		items[i] = Conversation{
			Key: fmt.Sprint("k", i), Name: fmt.Sprint("Name ", i), Last: "The last message of them all",
			Time: "14:32", Face: Face{Letter: "N", Presence: PresenceOnline}, Unread: i % 3,
		}
	}
	return items
}

func TestListBuildsOnlyWhatIsSeen(t *testing.T) {
	l := NewConversationList()
	l.SetItems(conversations(10_000))
	window(t, l, 304, 600)
	rows := all[*conversationRow](l)
	if len(rows) != 10 {
		t.Fatalf("%d rows in view, want 10", len(rows))
	}
	for range 200 {
		l.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, -37)})
	}
	rows = all[*conversationRow](l)
	made := len(l.shown)
	for _, s := range l.spare {
		made += len(s)
	}
	if made > 12 {
		t.Errorf("%d rows made for a view of 10", made)
	}
	if first := rows[0].item.Name; first != "Name 308" {
		t.Errorf("after scrolling 18500 dp the first row is %q, want Name 308", first)
	}
}

func TestListScrollStopsAtTheEnds(t *testing.T) {
	l := NewConversationList()
	l.SetItems(conversations(20))
	window(t, l, 304, 600)
	l.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, -1e6)})
	if l.offset != 600 {
		t.Errorf("offset %v at the end, want 600", l.offset)
	}
	l.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, 1e6)})
	if l.offset != 0 {
		t.Errorf("offset %v at the top, want 0", l.offset)
	}
	l.SetItems(conversations(2))
	if l.offset != 0 || l.bar.Visible() {
		t.Errorf("two rows in a high list scroll")
	}
}

func TestListKeys(t *testing.T) {
	l := NewConversationList()
	l.SetItems(conversations(50))
	w := window(t, l, 304, 600)
	var opened []string
	l.OnOpen = func(k string) { opened = append(opened, k) }
	w.Canvas().Focus(l)
	for _, step := range []struct {
		key  fyne.KeyName
		want int
	}{
		{fyne.KeyDown, 1},
		{fyne.KeyUp, 0},
		{fyne.KeyUp, 0},
		{fyne.KeyEnd, 49},
		{fyne.KeyDown, 49},
		{fyne.KeyPageUp, 40},
		{fyne.KeyPageDown, 49},
		{fyne.KeyHome, 0},
	} {
		typed(w.Canvas(), step.key)
		if l.cursor != step.want {
			t.Fatalf("after %s the keyboard is on %d, want %d", step.key, l.cursor, step.want)
		}
		if _, ok := l.shown[l.cursor]; !ok {
			t.Fatalf("after %s row %d is not in view", step.key, l.cursor)
		}
	}
	typed(w.Canvas(), fyne.KeyDown, fyne.KeyReturn)
	if len(opened) != 1 || opened[0] != "k1" {
		t.Errorf("opened %v, want k1", opened)
	}
	if row := l.shown[1].(*conversationRow); !row.ground.ring.Visible() {
		t.Error("no ring shows where the keyboard is")
	}
}

func TestListMenuByKeyAndPointer(t *testing.T) {
	l := NewConversationList()
	l.SetItems(conversations(5))
	w := window(t, l, 304, 600)
	var asked []string
	l.OnMenu = func(k string, _ fyne.Position) { asked = append(asked, k) }
	w.Canvas().Focus(l)
	typed(w.Canvas(), fyne.KeyDown, desktop.KeyMenu)
	l.TappedSecondary(&fyne.PointEvent{Position: fyne.NewPos(20, 200)})
	if fmt.Sprint(asked) != "[k1 k3]" {
		t.Errorf("menus asked for %v, want [k1 k3]", asked)
	}
}

func TestListKeepsSelectionWhenItemsMove(t *testing.T) {
	l := NewConversationList()
	items := conversations(5)
	l.SetItems(items)
	window(t, l, 304, 600)
	l.Select("k3")
	moved := append([]Conversation{items[3]}, items[0], items[1], items[2], items[4])
	l.SetItems(moved)
	if l.Selected() != "k3" || l.selected != 0 {
		t.Errorf("selected %q in row %d, want k3 in row 0", l.Selected(), l.selected)
	}
	if l.Neighbour(1) != "k0" || l.Neighbour(-1) != "k3" {
		t.Errorf("neighbours %q and %q", l.Neighbour(1), l.Neighbour(-1))
	}
	l.SetItems(items[:2])
	if l.Selected() != "" {
		t.Errorf("selected %q though it is gone", l.Selected())
	}
}

func TestListHover(t *testing.T) {
	l := NewConversationList()
	l.SetItems(conversations(50))
	window(t, l, 304, 600)
	l.MouseIn(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(10, 70)}})
	if !l.shown[1].(*conversationRow).hovered {
		t.Error("the row under the pointer does not show it")
	}
	l.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, -60/wheelStep)})
	if !l.shown[2].(*conversationRow).hovered {
		t.Error("scrolling did not move the hover to the row now under the pointer")
	}
	l.MouseOut()
	if l.shown[2].(*conversationRow).hovered {
		t.Error("the hover stays when the pointer leaves")
	}
}

func TestListDragOfTheBar(t *testing.T) {
	l := NewConversationList()
	l.SetItems(conversations(100))
	window(t, l, 300, 600)
	l.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(100, 10)}, Dragged: fyne.NewDelta(0, 10)})
	if l.offset != 0 {
		t.Error("a drag over the rows moved the list")
	}
	l.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(297, 10)}, Dragged: fyne.NewDelta(0, 1000)})
	if l.offset != 5400 {
		t.Errorf("the bar dragged down leaves the offset at %v, want 5400", l.offset)
	}
	l.DragEnd()
}

func TestConversationRowTexts(t *testing.T) {
	l := NewConversationList()
	l.SetItems([]Conversation{
		{Key: "a", Name: "Typing", Last: "x", Typing: "typing…", Draft: "d"},
		{Key: "b", Name: "Draft", Last: "x", Draft: "not yet", State: StateSent},
		{Key: "c", Name: "Many", Last: "x\ny", Unread: 1200},
		{Key: "d", Name: "Long", Last: "a very long last message that does not fit into the row whatever one does"},
		{Key: "e", Name: "State", Last: "mine", State: StateFailed},
	})
	window(t, l, 304, 600)
	rows := all[*conversationRow](l)
	if r := rows[0]; r.last.look.text != "typing…" || r.prefix.Text() != "" {
		t.Errorf("typing shows %q %q", r.prefix.Text(), r.last.look.text)
	}
	if r := rows[1]; r.prefix.Text() != "Draft:" || r.last.look.text != "not yet" || r.state.image.Visible() {
		t.Errorf("a draft shows %q %q", r.prefix.Text(), r.last.look.text)
	}
	if r := rows[2]; r.badge.label.Text() != "99+" || r.last.look.text != "x y" {
		t.Errorf("many unread show %q and %q", r.badge.label.Text(), r.last.look.text)
	}
	r := rows[3]
	if end := r.last.Position().X + r.last.MinSize().Width; end > 304-rowRight {
		t.Errorf("a long message ends at %v", end)
	}
	if s := r.last.look.text; len(s) < 10 || s[len(s)-3:] != "…" {
		t.Errorf("a long message is cut to %q", s)
	}
	if !rows[4].state.image.Visible() {
		t.Error("a failed message has no mark")
	}
}

func roster() []RosterGroup {
	return []RosterGroup{
		{Key: "w", Name: "Work", Entries: []RosterEntry{{Key: "a", Name: "A"}, {Key: "b", Name: "B", Note: "busy"}}},
		{Key: "o", Name: "Offline", Count: 9, Collapsed: true, Entries: []RosterEntry{{Key: "c", Name: "C"}}},
	}
}

func TestRosterFolds(t *testing.T) {
	l := NewRosterList()
	l.SetGroups(roster())
	w := window(t, l, 304, 600)
	var told []string
	l.OnCollapsed = func(k string, on bool) { told = append(told, fmt.Sprint(k, on)) }
	if n := len(all[*rosterRow](l)); n != 2 {
		t.Fatalf("%d contacts shown, want 2", n)
	}
	w.Canvas().Focus(l)
	typed(w.Canvas(), fyne.KeyEnd, fyne.KeyRight)
	if n := len(all[*rosterRow](l)); n != 3 {
		t.Errorf("%d contacts shown after unfolding, want 3", n)
	}
	typed(w.Canvas(), fyne.KeyHome, fyne.KeyDown, fyne.KeyLeft)
	if n := len(all[*rosterRow](l)); n != 1 || l.cursor != 0 {
		t.Errorf("%d contacts shown after folding, keyboard on %d", n, l.cursor)
	}
	test.TapAt(l, fyne.NewPos(30, 10))
	if fmt.Sprint(told) != "[ofalse wtrue wfalse]" {
		t.Errorf("told %v", told)
	}
}

func TestRosterOpensAndSelects(t *testing.T) {
	l := NewRosterList()
	l.SetGroups(roster())
	window(t, l, 304, 600)
	var opened string
	l.OnOpen = func(k string) { opened = k }
	test.TapAt(l, fyne.NewPos(30, GroupRowHeight+RosterRowHeight+4))
	if opened != "b" {
		t.Errorf("opened %q, want b", opened)
	}
	l.Select("a")
	if !all[*rosterRow](l)[0].selected {
		t.Error("the selected contact does not show it")
	}
	l.Select("")
	if all[*rosterRow](l)[0].selected {
		t.Error("nothing selected, yet a row shows it")
	}
}

func BenchmarkListScroll(b *testing.B) {
	l := NewConversationList()
	l.SetItems(conversations(10_000))
	window(b, l, 304, 740)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		d := float32(-24)
		if i/4000%2 == 1 {
			d = 24
		}
		l.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, d)})
	}
}

func BenchmarkListSetItems(b *testing.B) {
	l := NewConversationList()
	items := conversations(10_000)
	window(b, l, 304, 740)
	b.ReportAllocs()
	for b.Loop() {
		l.SetItems(items)
	}
}

func TestListPassesOnWhatIsTyped(t *testing.T) {
	l := NewConversationList()
	l.SetItems(conversations(3))
	w := window(t, l, 304, 600)
	var got string
	l.OnTyped = func(r rune) { got += string(r) }
	w.Canvas().Focus(l)
	write(w.Canvas(), "be ö")
	if got != "beö" {
		t.Errorf("passed on %q, want beö: the space opens a row", got)
	}
}
