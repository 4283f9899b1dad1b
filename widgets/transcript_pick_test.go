package widgets

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

func key(name fyne.KeyName) *fyne.KeyEvent { return &fyne.KeyEvent{Name: name} }

func TestPickByMouse(t *testing.T) {
	tr, win := newTestTranscript(t, 600, 1500)
	tr.SetRows(partRows(), false, false)
	var told []int
	tr.OnPicked = func(n int) { told = append(told, n) }
	noPress(t, tr)
	first := tr.First()
	heights := tr.rows.total()
	tr.Pick(first, true)
	if !tr.Picking() || tr.rows.total() != heights {
		t.Fatalf("picking %v, rows are %v high, before %v", tr.Picking(), tr.rows.total(), heights)
	}
	checkDrawn(t, tr)
	for _, it := range tr.rows.items {
		checkInside(t, it, 600)
	}
	id := func(n int) RowID { return RowID{Time: int64(n), Seq: 1} }
	y := func(n int) float32 { return saysY(t, tr, id(n)) + 10 }
	click(win, 300, y(2))
	tr.MouseDown(mouse(300, y(5), desktop.MouseButtonPrimary, fyne.KeyModifierShift))
	if got := tr.Picked(); !slices.Equal(got, []RowID{id(1), id(2), id(3), id(4), id(5)}) {
		t.Errorf("picked %v", got)
	}
	shot(t, win, "picked")
	click(win, 300, y(2))
	tr.TypedKey(key(fyne.KeyEscape))
	if tr.Picking() || len(tr.Picked()) > 0 {
		t.Error("Escape does not end picking")
	}
	if want := []int{1, 2, 5, 4, 0}; !slices.Equal(told, want) {
		t.Errorf("told of %v, want %v", told, want)
	}
	checkDrawn(t, tr)
}

// noPress has the test fail when a press opens something.
func noPress(t *testing.T, tr *Transcript) {
	tr.OnOpenLink = func(url string) { t.Errorf("%s was opened", url) }
	tr.OnQuote = func(RowID) { t.Error("a quote was followed") }
}

func TestPickByKeyboard(t *testing.T) {
	tr, win := threeRows(t)
	win.Canvas().Focus(tr)
	tr.StepRow(-1)
	tr.pickStep(-1)
	tr.pickStep(-1)
	if got := tr.CopyOf(tr.Picked()); got != "[09:01] Juliet: Good night, good night\n[09:02] Romeo: A thousand times\n  the worse\n[09:03] * Romeo waves" {
		t.Errorf("copied %q", got)
	}
	at, _ := tr.AtMessage()
	tr.Pick(at, false)
	if got := tr.CopyOf(tr.Picked()); got != "[09:02] Romeo: A thousand times\n  the worse\n[09:03] * Romeo waves" {
		t.Errorf("copied %q", got)
	}
	if got := tr.CopyOf([]RowID{tr.First()}); got != "Good night, good night" {
		t.Errorf("copied of one %q", got)
	}
	tr.SetRows(nil, false, false)
	if tr.Picking() {
		t.Error("other rows are being picked")
	}
}

func TestKeysAtAMessage(t *testing.T) {
	tr, win := threeRows(t)
	var keys []fyne.KeyName
	tr.OnKey = func(k fyne.KeyName) bool {
		keys = append(keys, k)
		return k != "X"
	}
	var typed []rune
	tr.OnRune = func(r rune) { typed = append(typed, r) }
	win.Canvas().Focus(tr)
	tr.TypedRune('r') // at no message
	tr.StepRow(-1)
	for _, r := range "r+x" {
		tr.TypedRune(r)
	}
	tr.TypedRune(' ')
	tr.TypedKey(key(fyne.KeyDelete))
	tr.TypedKey(key(fyne.KeyReturn))
	if want := []fyne.KeyName{"R", "+", "X", fyne.KeySpace, fyne.KeyDelete, fyne.KeyReturn}; !slices.Equal(keys, want) {
		t.Errorf("keys %v, want %v", keys, want)
	}
	if string(typed) != "rx" {
		t.Errorf("typed %q", string(typed))
	}
	at, _ := tr.AtMessage()
	tr.TypedKey(key(fyne.KeyUp))
	if now, ok := tr.AtMessage(); !ok || now == at {
		t.Errorf("Up stays at %v", now)
	}
	tr.TypedKey(key(fyne.KeyEscape))
	if _, ok := tr.AtMessage(); ok {
		t.Error("Escape stays at the message")
	}
}

func TestBarAtAMessage(t *testing.T) {
	tr, win := newTestTranscript(t, 800, 1500)
	tr.SetRows(partRows(), false, false)
	id := func(n int) RowID { return RowID{Time: int64(n), Seq: 1} }
	bar := tr.drawn.hover
	over := func(n int) {
		tr.MouseMoved(mouse(400, saysY(t, tr, id(n))+5, 0, 0))
	}
	over(2)
	if bar.box.w != 0 {
		t.Error("a bar without anything to do")
	}
	var got []string
	tr.OnReply = func(id RowID) { got = append(got, "reply") }
	tr.OnReactMore = func(RowID, fyne.Position) { got = append(got, "react") }
	tr.OnMenu = func(RowID, fyne.Position, string, string) { got = append(got, "menu") }
	for n := 1; n <= 12; n++ {
		over(n)
		b := tr.rows.items[n-1].lay.bubble
		if gone := n == 4 || n == 5; gone != (bar.box.w == 0) {
			t.Errorf("row %d: the bar is %v", n, bar.box)
		} else if !gone && bar.box.x < b.x+b.w && bar.box.x+bar.box.w > b.x && n != 3 {
			t.Errorf("row %d: the bar %v is over the bubble %v", n, bar.box, b)
		}
	}
	over(2)
	shot(t, win, "bar")
	for i := range barButtons {
		over(2)
		x, y := bar.box.x+barPad+(float32(i)+0.5)*barCell, bar.box.y+bar.box.h/2
		tr.MouseMoved(mouse(x, y, 0, 0))
		if tr.tip.text != bar.name(i) || tr.Cursor() != desktop.PointerCursor {
			t.Errorf("over button %d: %q", i, tr.tip.text)
		}
		slowClick(win, x, y)
	}
	if want := []string{"react", "reply", "menu"}; !slices.Equal(got, want) {
		t.Errorf("did %q, want %q", got, want)
	}
	unsent, _ := tr.Row(id(2))
	unsent.Unsent = true
	tr.Update(unsent)
	over(1)
	over(2)
	if !slices.Equal(bar.cells, []int{barMore}) {
		t.Errorf("at what nobody has: %v", bar.cells)
	}
	over(2)
	rest := tr.pointer.place
	tr.Append(testRow(14, false, "What moves"), testRow(15, false, "the others"), testRow(16, false, "far up"))
	if under := tr.saidAt(rest.Y); bar.row != under || under == id(2) {
		t.Errorf("after the rows have moved the bar is at %v, and under the pointer is %v", bar.row, under)
	}
	tr.MouseOut()
	if bar.box.w != 0 || bar.panel.Visible() {
		t.Error("the bar stays")
	}
	win.Resize(fyne.NewSize(300, 1800))
	over(3)
	if b := bar.box; b.w == 0 || b.x < 0 || b.x+b.w > 300 {
		t.Errorf("in a narrow window the bar is at %v", b)
	}
	said := tr.rows.items[2].lay.bubble.y + BubblePadY + rowY(t, tr, id(3))
	if b := bar.box; b.y+b.h > said || b.y+b.h < said-BubblePadY {
		t.Errorf("the bar at %v covers what is said at %v, or stands apart from it", b, said)
	}
}

func TestMenuLetters(t *testing.T) {
	_, win := threeRows(t)
	var got []string
	open := func() *Menu {
		return ShowMenu(win.Canvas(), fyne.NewPos(20, 20), []MenuItem{
			{Text: "Reply", Shortcut: "R", Do: func() { got = append(got, "reply") }},
			{Text: "Forward", Shortcut: "F", Disabled: true, Do: func() { got = append(got, "forward") }},
			{Text: "Search", Shortcut: "Ctrl+F", Do: func() { got = append(got, "search") }},
		})
	}
	m := open()
	for _, r := range "xf" {
		m.TypedRune(r)
	}
	if win.Canvas().Overlays().Top() != m {
		t.Error("a letter of nothing closed the menu")
	}
	m.TypedRune('r')
	if !slices.Equal(got, []string{"reply"}) || win.Canvas().Overlays().Top() != nil {
		t.Errorf("R did %q", got)
	}
}

func TestPressTakesTheKeyboard(t *testing.T) {
	tr, win := threeRows(t)
	win.Canvas().Unfocus()
	tr.MouseDown(mouse(200, 200, desktop.MouseButtonPrimary, 0))
	tr.MouseUp(mouse(200, 200, desktop.MouseButtonPrimary, 0))
	if win.Canvas().Focused() != tr {
		t.Error("what is typed after a press is lost")
	}
	if tr.drawn.ring.Visible() {
		t.Error("a press shows the ring of the keyboard")
	}
}

func TestMenuStrip(t *testing.T) {
	_, win := threeRows(t)
	var got []string
	item := MenuItem{Strip: &MenuStrip{
		Emoji: []string{"👍", "❤️", "😂"}, Chosen: []string{"❤️"},
		Pick: func(e string) { got = append(got, e) }, More: func() { got = append(got, "more") },
	}}
	open := func() *Menu {
		return ShowMenu(win.Canvas(), fyne.NewPos(20, 20), []MenuItem{item, {Text: "Reply", Do: func() { got = append(got, "reply") }}})
	}
	m := open()
	shot(t, win, "strip")
	for _, k := range []fyne.KeyName{fyne.KeyRight, fyne.KeyRight, fyne.KeyReturn} {
		m.TypedKey(key(k))
	}
	m = open()
	for _, k := range []fyne.KeyName{fyne.KeyDown, fyne.KeyLeft, fyne.KeyReturn} {
		m.TypedKey(key(k))
	}
	m = open()
	for _, k := range []fyne.KeyName{fyne.KeyDown, fyne.KeyDown, fyne.KeyReturn} {
		m.TypedKey(key(k))
	}
	m = open()
	s := m.items[0].strip
	m.MouseMoved(mouse(s.x+2.5*s.w, m.items[0].y+10, 0, 0))
	if s.at != 2 {
		t.Errorf("the pointer chose cell %d", s.at)
	}
	m.Tapped(&fyne.PointEvent{Position: fyne.NewPos(s.x+0.5*s.w, m.items[0].y+10)})
	if want := []string{"❤️", "more", "reply", "👍"}; !slices.Equal(got, want) {
		t.Errorf("did %q, want %q", got, want)
	}
	if n := len(win.Canvas().Overlays().List()); n != 0 {
		t.Errorf("%d menus stay open", n)
	}
}
