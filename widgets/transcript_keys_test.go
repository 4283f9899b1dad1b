package widgets

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
)

func TestMessagesByKeyboard(t *testing.T) {
	tr, win := newTestTranscript(t, 600, 400)
	rows := testRows(0, 100)
	tr.SetRows(rows, false, false)
	tr.SetAsides([]Row{testGap(rows[98].ID)})
	win.Canvas().Focus(tr)
	if tr.Current() != rows[99].ID {
		t.Fatalf("at %v", tr.Current())
	}
	for _, want := range []int{99, 98, 97} {
		tr.StepRow(-1)
		if tr.Current() != rows[want].ID {
			t.Fatalf("at %v, want %v", tr.Current(), rows[want].ID)
		}
	}
	if tr.drawn.views[tr.rows.items[tr.currentRow()]].marks.target != wholeRow {
		t.Error("nothing shows where the keyboard is")
	}
	var menu RowID
	tr.OnMenu = func(id RowID, _ fyne.Position, _, _ string) { menu = id }
	tr.TypedKey(&fyne.KeyEvent{Name: desktop.KeyMenu})
	if menu != rows[97].ID {
		t.Errorf("the menu key opens the menu of %v", menu)
	}
	for i := 96; i > 40; i-- {
		tr.StepRow(-1)
		if saysY(t, tr, rows[i].ID) < 0 {
			t.Fatalf("row %d is not in view", i)
		}
	}
	for range 100 {
		tr.StepRow(1)
	}
	if tr.Current() != rows[99].ID || !tr.AtEnd() {
		t.Errorf("at %v, at end %v", tr.Current(), tr.AtEnd())
	}
	tr.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if tr.target != noTarget {
		t.Error("Escape does not leave the message")
	}
}

func TestTimeTellsMore(t *testing.T) {
	useTheme(lightTheme)
	tr := NewTranscript()
	w := window(t, container.NewWithoutLayout(tr), 620, 420)
	root := w.Content().(*Root)
	put(tr, 10, 10, 600, 400) // Fyne says the place 0,0 of what it cannot find
	row := testRow(1, true, "hello")
	row.State, row.About = StateSent, "Sent 14 Mar 2026 09:01"
	tr.SetRows([]Row{row}, false, false)
	box := tr.rows.items[0].lay.meta
	y := rowY(t, tr, row.ID) + box.y + 2
	tr.MouseMoved(mouse(box.x+2, y, 0, 0))
	if tr.tip.timer == nil {
		t.Fatal("nothing waits to show the tooltip")
	}
	tr.tip.timer.Stop()
	tr.tip.now()
	if !root.tipText.Visible() || root.tipText.Text() != row.About {
		t.Errorf("tooltip %q, visible %v", root.tipText.Text(), root.tipText.Visible())
	}
	tr.MouseMoved(mouse(box.x+3, y, 0, 0))
	if !root.tipText.Visible() {
		t.Error("the tooltip goes when the pointer moves on the time")
	}
	tr.MouseMoved(mouse(box.x-40, y, 0, 0))
	if root.tipText.Visible() {
		t.Error("the tooltip stays when the pointer leaves the time")
	}
}
