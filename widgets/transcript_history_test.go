package widgets

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
)

// testGap is a gap above a row.
func testGap(above RowID) Row {
	return Row{ID: AsideOf(above), Kind: RowGap, Text: "Messages are missing"}
}

func TestGapStandsAboveItsRow(t *testing.T) {
	tr, _ := newTestTranscript(t, 600, 500)
	rows := []Row{testRow(1, false, "one"), testRow(2, false, "two"), testRow(3, false, "three")}
	tr.SetRows(rows, false, false)
	y := saysY(t, tr, rows[2].ID)
	tr.SetAsides([]Row{
		testGap(rows[1].ID), testGap(testRow(9, false, "").ID),
		{ID: AtTop, Kind: RowStart, Text: "It begins here"},
	})
	checkDrawn(t, tr)
	if got := strings.Join(drawnTexts(tr), " "); got != "It begins here one 2026-03-14 09:01 Messages are missing two 09:02 three 09:03" {
		t.Errorf("drawn: %s", got)
	}
	if got := saysY(t, tr, rows[2].ID); got != y {
		t.Errorf("the last row moved from %v to %v", y, got)
	}
	if tr.First() != rows[0].ID || tr.Last() != rows[2].ID {
		t.Errorf("the rows go from %v to %v", tr.First(), tr.Last())
	}
	tr.SelectAll()
	if got := tr.SelectedText(); strings.Contains(got, "missing") || strings.Contains(got, "begins") {
		t.Errorf("selected %q", got)
	}
	menus := 0
	tr.OnMenu = func(RowID, fyne.Position, string, string) { menus++ }
	tr.TappedSecondary(&fyne.PointEvent{Position: fyne.NewPos(300, rowY(t, tr, AsideOf(rows[1].ID))+5)})
	if menus != 0 {
		t.Error("a gap has the menu of a message")
	}
	tr.Append(testRow(9, false, "nine"))
	tr.SetAsides([]Row{testGap(AtBottom), testGap(testRow(9, false, "").ID)})
	if got := strings.Join(drawnTexts(tr), " "); got != "one 2026-03-14 09:01 two 09:02 three 09:03 Messages are missing nine 09:09 Messages are missing" {
		t.Errorf("drawn: %s", got)
	}
	tr.SetRows(nil, false, false)
	tr.SetAsides([]Row{testGap(AtTop)})
	if got := strings.Join(drawnTexts(tr), " "); got != "Messages are missing" {
		t.Errorf("drawn of an empty conversation: %s", got)
	}
	tr.Clear()
	if tr.Len() != 0 {
		t.Error("asides are left after Clear")
	}
}

// A conversation that goes on in the archive on disk does not begin here.
func TestStartIsShownAtTheStartOnly(t *testing.T) {
	tr, _ := newTestTranscript(t, 600, 500)
	tr.SetRows(testRows(10, 3), true, false)
	tr.SetAsides([]Row{{ID: AtTop, Kind: RowStart, Text: "It begins here"}})
	if shows(tr, "It begins here") {
		t.Error("it begins in the middle")
	}
	tr.Prepend(testRows(8, 2), false)
	if !shows(tr, "It begins here") {
		t.Error("it does not begin")
	}
}

func TestGapAsksToBeFilled(t *testing.T) {
	tr, win := newTestTranscript(t, 600, 400)
	rows := testRows(0, 200)
	type ask struct {
		id             RowID
		below, pressed bool
	}
	var asked []ask
	tr.OnGap = func(id RowID, below, pressed bool) { asked = append(asked, ask{id, below, pressed}) }
	tr.SetRows(rows, false, false)
	gap := testGap(rows[100].ID)
	tr.SetAsides([]Row{gap})
	if len(asked) > 0 {
		t.Fatalf("a gap out of sight asks: %v", asked)
	}
	for i := 0; len(asked) == 0 && i < 1000; i++ {
		tr.scrollBy(40)
	}
	if len(asked) == 0 || asked[0] != (ask{gap.ID, false, false}) {
		t.Fatalf("asked, coming from below: %v", asked)
	}
	tr.scrollTo(0)
	asked = nil
	for i := 0; len(asked) == 0 && i < 1000; i++ {
		tr.scrollBy(-40)
	}
	if len(asked) == 0 || asked[0] != (ask{gap.ID, true, false}) {
		t.Fatalf("asked, coming from above: %v", asked)
	}

	tr.ScrollTo(rows[100].ID)
	for _, quiet := range []Row{{ID: gap.ID, Kind: RowGap, Text: "Loading", Busy: true}, {ID: gap.ID, Kind: RowGap, Text: "Not loaded", Act: "Load"}} {
		tr.SetAsides([]Row{quiet})
		asked = nil
		tr.scrollBy(3)
		if len(asked) > 0 {
			t.Errorf("%q asks", quiet.Text)
		}
	}
	i, _ := tr.rows.find(gap.ID)
	h := tr.rows.items[i].lay.hits[0]
	click(win, h.x+h.w/2, rowY(t, tr, gap.ID)+h.y+h.h/2)
	if len(asked) != 1 || asked[0] != (ask{gap.ID, false, true}) {
		t.Fatalf("pressed: %v", asked)
	}
	win.Canvas().Focus(tr)
	for len(asked) == 1 && tr.AcceptsTab() {
		tr.TypedKey(&fyne.KeyEvent{Name: fyne.KeyTab})
		if hit, ok := tr.targetHit(); ok && hit.kind == hitGap {
			tr.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
		}
	}
	if len(asked) != 2 || !asked[1].pressed {
		t.Errorf("pressed by key: %v", asked)
	}
}

// What fills a gap in view moves neither the row above it nor the one below,
// whichever is looked at.
func TestGapFillsWithoutMoving(t *testing.T) {
	for _, from := range []string{"below", "above"} {
		tr, _ := newTestTranscript(t, 600, 400)
		old, late := testRows(0, 100), testRows(1000, 100)
		tr.SetRows(append(append([]Row(nil), old...), late...), false, false)
		tr.SetAsides([]Row{testGap(late[0].ID)})
		looked := late[0].ID
		if from == "above" {
			looked = old[99].ID
			tr.ScrollTo(old[90].ID)
			for gapY(tr, late[0].ID) > 200 {
				tr.scrollBy(-20)
			}
		} else {
			for gapY(tr, late[0].ID) < 200 {
				tr.scrollBy(20)
			}
		}
		for batch := range 10 {
			y := saysY(t, tr, looked)
			page := testRows(900-50*batch, 50)
			if from == "above" {
				page = testRows(200+50*batch, 50)
			}
			tr.Insert(page, tr.Last())
			gap := testGap(page[0].ID)
			if from == "above" {
				gap = testGap(late[0].ID)
			}
			tr.SetAsides([]Row{gap})
			checkDrawn(t, tr)
			if got := saysY(t, tr, looked); got != y {
				t.Fatalf("%s, page %d: what is read moved from %v to %v", from, batch, y, got)
			}
		}
		y := saysY(t, tr, looked)
		tr.SetAsides(nil)
		if got := saysY(t, tr, looked); got != y {
			t.Errorf("%s: closing the gap moved what is read from %v to %v", from, y, got)
		}
	}
}

// gapY gives where a gap is, far away when it is not in view.
func gapY(tr *Transcript, above RowID) float32 {
	i, _ := tr.rows.find(AsideOf(above))
	return tr.view.firstY + tr.rows.top(i) - tr.rows.top(tr.view.first)
}

// The first rows of all are looked at, where there is nothing above them.
func TestGapAtTheTopFillsWithoutMoving(t *testing.T) {
	tr, _ := newTestTranscript(t, 600, 400)
	rows := testRows(1000, 100)
	tr.SetRows(rows, false, false)
	tr.SetAsides([]Row{testGap(rows[0].ID)})
	tr.scrollTo(0)
	y := saysY(t, tr, rows[0].ID)
	page := testRows(950, 50)
	tr.Insert(page, tr.Last())
	tr.SetAsides([]Row{testGap(page[0].ID)})
	if got := saysY(t, tr, rows[0].ID); got != y {
		t.Errorf("what is read moved from %v to %v", y, got)
	}
	checkDrawn(t, tr)
}

// A catch-up of many pages, newest first, comes in while the end is looked at.
func TestCatchUpDoesNotMoveTheReader(t *testing.T) {
	tr, _ := newTestTranscript(t, 600, 400)
	tr.SetRows(testRows(0, 60), false, false)
	last := tr.Last()
	y := saysY(t, tr, last)
	seen := 0
	tr.OnSeen = func(RowID) { seen++ }
	const pages, each = 40, 250
	want := 0
	for p := range pages {
		rows := testRows(1000+(pages-p)*each, each)
		for _, r := range rows {
			if !r.Out {
				want++
			}
		}
		tr.Insert(rows, last)
		tr.SetAsides([]Row{testGap(rows[0].ID)})
		if got := saysY(t, tr, last); got != y {
			t.Fatalf("page %d moved what is read from %v to %v", p, y, got)
		}
	}
	if tr.AtEnd() || seen > 0 {
		t.Errorf("at end %v, %d rows seen", tr.AtEnd(), seen)
	}
	if tr.Len() > MaxRows+1 {
		t.Errorf("%d rows held", tr.Len())
	}
	if got := tr.view.fresh; got != want {
		t.Errorf("the pill counts %d, want %d", got, want)
	}
	checkDrawn(t, tr)
}

// A few missed messages for which there is room are simply shown.
func TestFewMissedMessagesAreShown(t *testing.T) {
	tr, _ := newTestTranscript(t, 600, 400)
	tr.SetRows(testRows(0, 60), false, false)
	late := testRow(100, false, "missed this one")
	tr.Insert([]Row{late}, tr.Last())
	if !tr.AtEnd() || !shows(tr, "missed this one") || tr.view.fresh != 0 {
		t.Errorf("at end %v, %d new below", tr.AtEnd(), tr.view.fresh)
	}
	tr.scrollBy(300)
	tr.Insert([]Row{late, testRow(50, false, "in the middle"), testRow(101, false, "and another")}, testRow(59, false, "").ID)
	if tr.view.fresh != 1 {
		t.Errorf("%d new below, want only the one that was not there", tr.view.fresh)
	}
}

func TestInsertLeavesNoHoles(t *testing.T) {
	tr, _ := newTestTranscript(t, 600, 400)
	tr.SetRows(testRows(100, 50), true, true)
	tr.Insert([]Row{testRow(10, false, "far above"), testRow(500, false, "far below")}, tr.Last())
	if tr.Len() != 50 {
		t.Errorf("%d rows held, want those there were", tr.Len())
	}
}

func TestReplaceKeepsThePlace(t *testing.T) {
	tr, _ := newTestTranscript(t, 600, 400)
	rows := testRows(0, 200)
	tr.SetRows(rows, true, false)
	tr.ScrollTo(rows[100].ID)
	id := tr.Place()
	i, _ := tr.rows.find(id)
	y := saysY(t, tr, id)
	next := tr.rows.idAt(i + 1)
	nextY := saysY(t, tr, next)
	tr.sel = selection{on: true, from: textPos{row: rows[100].ID}, upTo: textPos{rows[100].ID, 3}}
	tr.Replace(testRows(50, 100), true, true)
	checkDrawn(t, tr)
	if got := saysY(t, tr, id); got != y {
		t.Errorf("what is read moved from %v to %v", y, got)
	}
	if tr.SelectedText() == "" {
		t.Error("the selection is lost")
	}
	var moved []Row // the row looked at has another place now
	for _, r := range testRows(50, 100) {
		if r.ID != id {
			moved = append(moved, r)
		}
	}
	tr.Replace(moved, true, true)
	if got := saysY(t, tr, next); got != nextY {
		t.Errorf("the row after it moved from %v to %v", nextY, got)
	}
	tr.SetRows(rows, true, false)
	tr.Replace(testRows(100, 150), true, false)
	if !tr.AtEnd() || tr.Last() != testRow(249, false, "").ID {
		t.Errorf("at end %v, the last is %v", tr.AtEnd(), tr.Last())
	}
}

func TestDotsMoveWhileAGapIsFilled(t *testing.T) {
	var step func()
	running := 0
	real := startTicker
	startTicker = func(_ time.Duration, f func()) func() {
		step = f
		running++
		return func() { running-- }
	}
	defer func() { startTicker = real }()

	tr, _ := newTestTranscript(t, 600, 400)
	rows := testRows(0, 3)
	tr.SetRows(rows, false, false)
	busy := testGap(rows[1].ID)
	busy.Busy = true
	tr.SetAsides([]Row{busy})
	if running != 1 {
		t.Fatalf("%d tickers run", running)
	}
	i, _ := tr.rows.find(busy.ID)
	lit := tr.drawn.views[tr.rows.items[i]].marks.lit
	step()
	if got := tr.drawn.views[tr.rows.items[i]].marks.lit; got == lit {
		t.Error("the dots stand still")
	}
	tr.SetAsides([]Row{testGap(rows[1].ID)})
	if running != 0 {
		t.Error("the dots go on")
	}
	step() // that was under way
	tr.SetAsides([]Row{busy})
	tr.Clear()
	if running != 0 {
		t.Error("the dots go on after Clear")
	}
}
