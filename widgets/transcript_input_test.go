package widgets

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
)

func mouse(x, y float32, button desktop.MouseButton, mod fyne.KeyModifier) *desktop.MouseEvent {
	return &desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(x, y), AbsolutePosition: fyne.NewPos(x, y)}, Button: button, Modifier: mod}
}

// click presses and lets go the first button over the transcript that fills a
// window.
func click(win fyne.Window, x, y float32) {
	tr := win.Content().(*Transcript)
	tr.MouseDown(mouse(x, y, desktop.MouseButtonPrimary, 0))
	tr.MouseUp(mouse(x, y, desktop.MouseButtonPrimary, 0))
}

// slowClick is a click that is not the second of a double click.
func slowClick(win fyne.Window, x, y float32) {
	win.Content().(*Transcript).pointer.lastClick = time.Time{}
	click(win, x, y)
}

func drag(tr *Transcript, x0, y0, x1, y1 float32) {
	tr.pointer.lastClick = time.Time{}
	tr.MouseDown(mouse(x0, y0, desktop.MouseButtonPrimary, 0))
	tr.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(x1, y1)}})
	tr.MouseUp(mouse(x1, y1, desktop.MouseButtonPrimary, 0))
	tr.DragEnd()
}

// place gives where an offset of a row's text is drawn, in the middle of the
// line.
func place(t *testing.T, tr *Transcript, row, off int) (x, y float32) {
	it := tr.rows.items[row]
	lay := it.lay
	k, i := lay.body.part(lay.body.lineOf(off))
	p := &lay.body.parts[k]
	x, y = p.linePlace(i)
	return lay.bodyX + x + p.xOf(i, off-p.at), rowY(t, tr, it.ID) + lay.bodyY + y + p.face.line/2
}

func threeRows(t *testing.T) (*Transcript, fyne.Window) {
	tr, win := newTestTranscript(t, 600, 500)
	action := testRow(3, true, "waves")
	action.Kind = RowAction
	tr.SetRows([]Row{
		testRow(1, false, "Good night, good night"), testRow(2, true, "A thousand times\nthe worse"), action,
	}, false, false)
	return tr, win
}

func TestSelectWithinMessage(t *testing.T) {
	tr, _ := threeRows(t)
	x0, y := place(t, tr, 0, 5)
	x1, _ := place(t, tr, 0, 10)
	drag(tr, x0, y, x1, y)
	if got := tr.SelectedText(); got != "night" {
		t.Errorf("selected %q", got)
	}
	drag(tr, x1, y, x0, y)
	if got := tr.SelectedText(); got != "night" {
		t.Errorf("selected backwards %q", got)
	}
	tr.MouseDown(mouse(x1+30, y, desktop.MouseButtonPrimary, fyne.KeyModifierShift))
	if got := tr.SelectedText(); !strings.HasPrefix(got, ", go") {
		t.Errorf("extended with Shift to %q", got)
	}
	tr.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if got := tr.SelectedText(); got != "" {
		t.Errorf("selected after Escape: %q", got)
	}
}

func TestSelectByClicks(t *testing.T) {
	tr, win := threeRows(t)
	x, y := place(t, tr, 0, 7)
	slowClick(win, x, y)
	if tr.SelectedText() != "" {
		t.Error("a click selects")
	}
	click(win, x, y)
	if got := tr.SelectedText(); got != "night" {
		t.Errorf("a double click selects %q", got)
	}
	click(win, x, y)
	if got := tr.SelectedText(); got != "Good night, good night" {
		t.Errorf("a triple click selects %q", got)
	}
}

func TestSelectAcrossMessages(t *testing.T) {
	tr, _ := threeRows(t)
	x0, y0 := place(t, tr, 0, 12)
	x1, y1 := place(t, tr, 2, len("Romeo w"))
	drag(tr, x0, y0, x1, y1)
	want := "[09:01] Juliet: good night\n[09:02] Romeo: A thousand times\n  the worse\n[09:03] * Romeo w"
	if got := tr.SelectedText(); got != want {
		t.Errorf("selected %q, want %q", got, want)
	}
	boxes := 0
	for _, it := range tr.rows.items {
		v := tr.drawn.views[it]
		for _, f := range v.fills[:v.nFill] {
			if f.shape.color == theme.Color(ColorSelection) {
				boxes++
			}
		}
	}
	if boxes != 4 {
		t.Errorf("%d lines are marked, want 4", boxes)
	}
	var copied string
	tr.OnCopy = func(s string) { copied = s }
	tr.TypedShortcut(&fyne.ShortcutSelectAll{})
	tr.TypedShortcut(&fyne.ShortcutCopy{})
	if !strings.HasPrefix(copied, "[09:01] Juliet: Good night, good night\n") || !strings.HasSuffix(copied, "* Romeo waves") {
		t.Errorf("copied %q", copied)
	}
	tr.OnCopy = nil
	tr.CopySelection()
	if got := fyne.CurrentApp().Clipboard().Content(); got != copied {
		t.Errorf("the clipboard has %q", got)
	}
	tr.Remove(tr.First())
	if tr.SelectedText() != "" {
		t.Error("selected from a row that is gone")
	}
}

func TestSelectRightToLeft(t *testing.T) {
	tr, _ := newTestTranscript(t, 600, 500)
	tr.SetRows([]Row{testRow(1, false, "שלום עולם")}, false, false)
	x0, y := place(t, tr, 0, 2)
	x1, _ := place(t, tr, 0, 6)
	if x1 >= x0 {
		t.Fatalf("from %v to %v", x0, x1)
	}
	drag(tr, x0, y, x1, y)
	if got := tr.SelectedText(); got != "לו" {
		t.Errorf("selected %q", got)
	}
}

func TestDragScrollsAtEdges(t *testing.T) {
	var step func()
	stopped := 0
	real := startTicker
	startTicker = func(_ time.Duration, f func()) func() {
		step = f
		return func() { stopped++ }
	}
	defer func() { startTicker = real }()

	tr, _ := newTestTranscript(t, 600, 400)
	tr.SetRows(testRows(0, 100), false, false)
	tr.MouseDown(mouse(100, 200, desktop.MouseButtonPrimary, 0))
	tr.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(100, -60)}})
	if step == nil {
		t.Fatal("nothing scrolls beyond the edge")
	}
	first := tr.view.first
	for range 40 {
		step()
	}
	if tr.view.first >= first || tr.AtEnd() {
		t.Errorf("still at row %d", tr.view.first)
	}
	_, hi := tr.sel.bounds()
	if lo, _ := tr.sel.bounds(); lo.row != tr.rows.idAt(tr.view.first) || hi.row.Less(tr.rows.idAt(first)) {
		t.Errorf("selected from %v to %v", lo, hi)
	}
	tr.DragEnd()
	if stopped != 1 {
		t.Errorf("stopped %d times", stopped)
	}
}

func TestLinkByMouse(t *testing.T) {
	tr, win := newTestTranscript(t, 600, 400)
	text := "see https://a.example/x and www.b.example"
	tr.SetRows([]Row{testRow(1, false, text)}, false, false)
	var opened []string
	tr.OnOpenLink = func(u string) { opened = append(opened, u) }
	x, y := place(t, tr, 0, strings.Index(text, "a.ex"))
	tr.MouseMoved(mouse(x, y, 0, 0))
	if tr.Cursor() != desktop.PointerCursor || tr.drawn.views[tr.rows.items[0]].marks.link != 0 {
		t.Error("no pointer over the link")
	}
	slowClick(win, x, y)
	x2, _ := place(t, tr, 0, strings.Index(text, "b.ex"))
	slowClick(win, x2, y)
	if len(opened) != 2 || opened[0] != "https://a.example/x" || opened[1] != "https://www.b.example" {
		t.Errorf("opened %q", opened)
	}
	x3, _ := place(t, tr, 0, 1)
	tr.MouseMoved(mouse(x3, y, 0, 0))
	if tr.Cursor() != desktop.TextCursor {
		t.Error("no text cursor over text")
	}
	slowClick(win, x3, y)
	drag(tr, x, y, x2, y)
	if len(opened) != 2 {
		t.Errorf("opened %q", opened)
	}
	var menu []string
	tr.OnMenu = func(id RowID, at fyne.Position, link, selected string) { menu = []string{link, selected} }
	tr.TappedSecondary(&fyne.PointEvent{Position: fyne.NewPos(x, y)})
	if len(menu) != 2 || menu[0] != "https://a.example/x" || menu[1] != tr.SelectedText() {
		t.Errorf("menu of %q", menu)
	}
}

func TestLinkByKeyboard(t *testing.T) {
	tr, win := newTestTranscript(t, 600, 400)
	failed := testRow(2, true, "no")
	failed.State = StateFailed
	tr.SetRows([]Row{testRow(1, false, "see https://a.example/x"), failed}, false, false)
	var did []string
	tr.OnOpenLink = func(u string) { did = append(did, u) }
	tr.OnRetry = func(RowID) { did = append(did, "retry") }
	win.Canvas().Focus(tr)
	if !tr.drawn.ring.Visible() {
		t.Error("no ring around the focused transcript")
	}
	enter, tab := &fyne.KeyEvent{Name: fyne.KeyReturn}, &fyne.KeyEvent{Name: fyne.KeyTab}
	tr.TypedKey(enter)
	for range 2 {
		if !tr.AcceptsTab() {
			t.Fatal("Tab leaves too early")
		}
		tr.TypedKey(tab)
		tr.TypedKey(enter)
	}
	if tr.AcceptsTab() {
		t.Error("Tab does not leave")
	}
	if got := strings.Join(did, " "); got != "https://a.example/x retry" {
		t.Errorf("did %q", got)
	}
	var menu RowID
	tr.OnMenu = func(id RowID, _ fyne.Position, _, _ string) { menu = id }
	tr.TypedKey(&fyne.KeyEvent{Name: desktop.KeyMenu})
	if menu != failed.ID {
		t.Errorf("menu of %v", menu)
	}
	var keys []fyne.KeyName
	win.Canvas().SetOnTypedKey(func(e *fyne.KeyEvent) { keys = append(keys, e.Name) })
	escape := &fyne.KeyEvent{Name: fyne.KeyEscape}
	tr.TypedKey(escape) // leaves "Try again"
	tr.TypedKey(escape)
	tr.TypedKey(&fyne.KeyEvent{Name: fyne.KeyF6})
	if len(keys) != 2 || keys[0] != fyne.KeyEscape || keys[1] != fyne.KeyF6 {
		t.Errorf("the window got %v", keys)
	}
	var typed []rune
	tr.OnRune = func(r rune) { typed = append(typed, r) }
	tr.TypedRune('x')
	if string(typed) != "x" {
		t.Errorf("typed %q", string(typed))
	}
}

func TestScrollBar(t *testing.T) {
	tr, _ := newTestTranscript(t, 600, 400)
	tr.SetRows(testRows(0, 3), false, false)
	tr.SetRows(testRows(0, 200), false, false)
	d := tr.drawn
	if !d.bar.Visible() || abs(d.barY+d.barH-400) > 0.5 {
		t.Fatalf("the bar is at %v, %v high", d.barY, d.barH)
	}
	x := 600 - scrollBarGap - 1
	tr.MouseDown(mouse(x, d.barY+5, desktop.MouseButtonPrimary, 0))
	tr.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(x, -50)}})
	if tr.view.first != 0 || d.barY != 0 {
		t.Errorf("dragged to the top: row %d, bar at %v", tr.view.first, d.barY)
	}
	tr.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(x, 500)}})
	if !tr.AtEnd() {
		t.Error("dragged to the bottom and not at the end")
	}
	tr.DragEnd()
	tr.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, 25)})
	if tr.AtEnd() {
		t.Error("the wheel does not scroll")
	}
}
