package widgets

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

var testDay = time.Date(2026, 3, 14, 9, 0, 0, 0, time.UTC)

func testRow(n int, out bool, text string) Row {
	name := "Juliet"
	if out {
		name = "Romeo"
	}
	return Row{
		ID: RowID{Time: int64(n), Seq: 1}, Time: testDay.Add(time.Duration(n) * time.Minute),
		Out: out, Author: name, Name: name, Text: text,
	}
}

func testRows(from, n int) []Row {
	words := strings.Fields("what light through yonder window breaks it is the east and Juliet the sun שלום 你好 😀 https://a.example/x")
	rows := make([]Row, n)
	for i := range rows {
		rnd := rand.New(rand.NewPCG(uint64(from+i), 1))
		k := 1 + rnd.IntN(40)
		s := make([]string, k)
		for j := range s {
			s[j] = words[rnd.IntN(len(words))]
		}
		rows[i] = testRow(from+i, rnd.IntN(2) == 0, strings.Join(s, " "))
	}
	return rows
}

func newTestTranscript(t testing.TB, w, h float32) (*Transcript, fyne.Window) {
	useTheme(lightTheme)
	tr := NewTranscript()
	win := test.NewTempWindow(t, tr)
	win.SetPadded(false)
	win.Resize(fyne.NewSize(w, h))
	return tr, win
}

// drawnTexts gives all strings that are drawn, in the order of the rows.
func drawnTexts(tr *Transcript) []string {
	var out []string
	for _, o := range tr.drawn.rows.Objects {
		for _, p := range o.(*fyne.Container).Objects {
			if text, ok := p.(*Run); ok {
				from := 0
				for _, t := range append(text.tints[:len(text.tints):len(text.tints)], tint{to: len(text.Text())}) {
					out = append(out, text.Text()[from:t.to])
					from = t.to
				}
			}
		}
	}
	return out
}

func shows(tr *Transcript, text string) bool {
	return strings.Contains(strings.Join(drawnTexts(tr), "\n"), text)
}

// rowY gives where the top of a row in view is.
func rowY(t *testing.T, tr *Transcript, id RowID) float32 {
	t.Helper()
	y := tr.view.firstY
	for _, it := range tr.rows.items[tr.view.first:tr.view.last] {
		if it.ID == id {
			return y
		}
		y += it.height
	}
	t.Fatalf("row %v is not in view", id)
	return 0
}

// asidesOf gives the asides among rows.
func asidesOf(l rowList) (out []Row) {
	for _, it := range l.items {
		if it.ID.Aside {
			out = append(out, it.Row)
		}
	}
	return out
}

// saysY gives where what a row in view says is.
func saysY(t *testing.T, tr *Transcript, id RowID) float32 {
	t.Helper()
	i, _ := tr.rows.find(id)
	return rowY(t, tr, id) + tr.rows.items[i].head
}

// checkDrawn holds that what is drawn are the rows in view one below the other,
// each within its height.
func checkDrawn(t *testing.T, tr *Transcript) {
	t.Helper()
	v := &tr.view
	if n := len(tr.drawn.rows.Objects); n != v.last-v.first {
		t.Fatalf("%d rows drawn of %d", n, v.last-v.first)
	}
	y := v.firstY
	for i, o := range tr.drawn.rows.Objects {
		it := tr.rows.items[v.first+i]
		if !it.exact {
			t.Fatalf("row %d in view is not measured", i)
		}
		if abs(o.Position().Y-y) > 1 {
			t.Fatalf("row %d at %v, want %v", i, o.Position().Y, y)
		}
		for _, p := range o.(*fyne.Container).Objects {
			if text, ok := p.(*Run); ok {
				if text.Size() != text.MinSize() {
					t.Fatalf("row %d: %q has size %v", i, text.Text(), text.Size())
				}
				continue
			}
			if bottom := p.Position().Y + p.Size().Height; bottom > it.height+3 {
				t.Fatalf("row %d is %v high and draws down to %v", i, it.height, bottom)
			}
		}
		y += it.height
	}
	if v.firstY > 0 && v.first > 0 || y < v.size.Height-bottomPad-1 && v.last < len(tr.rows.items) {
		t.Fatalf("the view is not filled: from %v to %v", v.firstY, y)
	}
}

func TestTranscriptOpensAtEnd(t *testing.T) {
	tr, _ := newTestTranscript(t, 600, 500)
	var seen []RowID
	tr.OnSeen = func(id RowID) { seen = append(seen, id) }
	rows := testRows(0, 300)
	tr.SetRows(rows, false, false)
	checkDrawn(t, tr)
	last := rows[299].ID
	if got := rowY(t, tr, last) + tr.rows.items[299].height; got != 500-bottomPad {
		t.Errorf("the last row ends at %v", got)
	}
	if !tr.AtEnd() || len(seen) != 1 || seen[0] != last {
		t.Errorf("at end %v, seen %v", tr.AtEnd(), seen)
	}
	next := testRow(300, false, "one more")
	tr.Append(next)
	if !tr.AtEnd() || !shows(tr, "one more") || len(seen) != 2 || seen[1] != next.ID {
		t.Errorf("after one more: at end %v, seen %v", tr.AtEnd(), seen)
	}
	if tr.Len() != 301 || tr.First() != rows[0].ID || tr.Last() != next.ID {
		t.Error("rows are lost")
	}
	tr.SetRows(rows, false, false)
	if len(seen) != 3 || seen[2] != last {
		t.Errorf("shown anew, seen %v", seen)
	}
	tr.Clear()
	if tr.Len() != 0 || len(tr.drawn.rows.Objects) != 0 {
		t.Error("rows are left after Clear")
	}
}

func TestTranscriptFewRowsStandAtBottom(t *testing.T) {
	tr, _ := newTestTranscript(t, 600, 500)
	tr.SetRows([]Row{testRow(0, false, "hi")}, false, false)
	if y := rowY(t, tr, tr.First()); y < 300 {
		t.Errorf("the only row is at %v", y)
	}
	tr.scrollBy(1000)
	if !tr.AtEnd() {
		t.Error("scrolled where nothing is")
	}
}

func TestTranscriptHeightsAreExact(t *testing.T) {
	tr, _ := newTestTranscript(t, 600, 500)
	tr.SetRows(testRows(0, 700), false, false)
	tr.TypedKey(&fyne.KeyEvent{Name: fyne.KeyHome})
	if tr.view.first > 0 || tr.view.mode == placeEnd {
		t.Fatalf("Home leads to row %d", tr.view.first)
	}
	for pages := 0; !tr.AtEnd(); pages++ {
		if pages > tr.Len() {
			t.Fatal("Page Down does not lead to the end")
		}
		tr.TypedKey(&fyne.KeyEvent{Name: fyne.KeyPageDown})
		checkDrawn(t, tr)
	}
	var sum float32
	for i, it := range tr.rows.items {
		if !it.exact {
			t.Fatalf("row %d was never measured", i)
		}
		if top := tr.rows.top(i); abs(top-sum) > 0.5 {
			t.Fatalf("row %d is at %v, the rows above are %v high", i, top, sum)
		}
		if k, top := tr.rows.at(sum + 1); k != i || abs(top-sum) > 0.5 {
			t.Fatalf("at %v is row %d, want %d", sum+1, k, i)
		}
		sum += it.height
	}
	if total := tr.rows.total(); abs(total-sum) > 0.5 {
		t.Errorf("total %v, sum %v", total, sum)
	}
}

// Whatever happens out of sight, the row the user looks at stays where it is.
func TestTranscriptKeepsItsPlace(t *testing.T) {
	for seed := range uint64(20) {
		rnd := rand.New(rand.NewPCG(seed, 7))
		tr, win := newTestTranscript(t, 600, 400)
		tr.SetRows(testRows(1000, 400), true, false)
		tr.ScrollTo(tr.rows.idAt(200))
		first, last := 1000, 1400
		for step := range 60 {
			id, y := tr.view.row, tr.view.y
			where := func() float32 { return saysY(t, tr, id) }
			what := rnd.IntN(10)
			switch what {
			case 0:
				n := 1 + rnd.IntN(40)
				first -= n
				tr.Prepend(testRows(first, n), true)
			case 1:
				n := 1 + rnd.IntN(40)
				tr.Append(testRows(last, n)...)
				last += n
			case 2:
				r := testRows(first+rnd.IntN(last-first), 1)[0]
				if i, ok := tr.rows.find(r.ID); ok && i < tr.view.first-1 {
					r.Text += " and then some more of it, enough to make it a good deal higher than it was"
					tr.Update(r)
				}
			case 3:
				win.Resize(fyne.NewSize(300+float32(rnd.IntN(600)), 400))
			case 4:
				if tr.view.first > 2 {
					tr.Remove(tr.rows.idAt(rnd.IntN(tr.view.first - 1)))
				}
			case 5:
				if tr.view.first > 2 {
					tr.SetUnread(tr.rows.idAt(rnd.IntN(tr.view.first - 2)))
				}
			case 6:
				rows := make([]Row, 1+rnd.IntN(60))
				from := first + rnd.IntN(last-first)
				for i := range rows {
					rows[i] = testRow(from+i/8, i%2 == 0, "found in the archive")
					rows[i].ID.Seq = uint64(2 + 60*step + i)
				}
				asides, read := asidesOf(tr.rows), tr.Last()
				tr.Together(func() {
					tr.Insert(rows, read)
					tr.SetAsides(asides[:rnd.IntN(len(asides)+1)])
				})
			case 7:
				gaps := make([]Row, rnd.IntN(5))
				for i := range gaps {
					gaps[i] = testGap(tr.rows.idAt(rnd.IntN(tr.Len())))
				}
				if rnd.IntN(2) == 0 && id != (RowID{}) {
					gaps = append(gaps, testGap(id))
				}
				tr.SetAsides(gaps)
			case 8:
				var rows []Row
				for _, it := range tr.rows.items {
					if it.ID == id || !it.ID.Aside && rnd.IntN(4) > 0 {
						rows = append(rows, it.Row)
					}
				}
				tr.Replace(rows, true, false)
			default:
				dy := float32(rnd.IntN(400) - 200)
				before := where()
				tr.scrollBy(dy)
				y = before + dy
				if i, ok := tr.rows.find(id); !ok || i < tr.view.first || i >= tr.view.last || tr.view.mode == placeEnd || tr.view.first == 0 {
					checkDrawn(t, tr)
					tr.ScrollTo(tr.rows.idAt(len(tr.rows.items) / 2))
					continue
				}
			}
			checkDrawn(t, tr)
			if tr.view.mode != placeRow {
				t.Fatalf("seed %d step %d: op %d led to the end", seed, step, what)
			}
			if got := where(); abs(got-y) > 0.6 {
				t.Fatalf("seed %d step %d: op %d moved the row from %v to %v", seed, step, what, y, got)
			}
		}
	}
}

func TestTranscriptStaysAtEnd(t *testing.T) {
	tr, win := newTestTranscript(t, 600, 400)
	tr.SetRows(testRows(100, 50), true, false)
	for i, do := range []func(){
		func() { tr.Append(testRows(150, 30)...) },
		func() { tr.Prepend(testRows(0, 100), false) },
		func() { win.Resize(fyne.NewSize(333, 300)) },
		func() { tr.Remove(tr.Last()) },
		func() { tr.SetUnread(RowID{}) },
		func() { tr.Refresh() },
	} {
		do()
		checkDrawn(t, tr)
		if last := len(tr.rows.items); !tr.AtEnd() || tr.view.last != last {
			t.Errorf("step %d: at end %v, drawn up to %d of %d", i, tr.AtEnd(), tr.view.last, last)
		}
	}
}

func TestTranscriptAsksForMore(t *testing.T) {
	tr, _ := newTestTranscript(t, 600, 400)
	older, newer := 0, 0
	tr.OnNeedOlder = func(before RowID) {
		if older++; before != tr.First() {
			t.Errorf("older than %v asked, the first is %v", before, tr.First())
		}
	}
	tr.OnNeedNewer = func(after RowID) { newer++ }
	tr.SetRows(testRows(1000, 100), true, false)
	tr.scrollTo(0)
	tr.scrollBy(-10)
	if older != 1 || newer != 0 {
		t.Fatalf("asked %d times for older rows, %d for newer", older, newer)
	}
	tr.Prepend(testRows(950, 50), false)
	tr.scrollTo(0)
	if older != 1 {
		t.Error("asked for older rows where there are none")
	}
	for i := 1; i <= MaxRows/100+2; i++ {
		tr.view.older = true
		tr.Prepend(testRows(950-100*i, 100), true)
		tr.scrollTo(0)
	}
	if tr.Len() != MaxRows || !tr.view.newer {
		t.Fatalf("%d rows held, newer %v", tr.Len(), tr.view.newer)
	}
	before := newer
	tr.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEnd}) // no one to ask for the end: it stays
	for i := 0; tr.view.last < tr.Len() && i < MaxRows; i++ {
		tr.scrollBy(-5000)
	}
	if newer != before+1 || tr.AtEnd() {
		t.Errorf("asked %d times for newer rows, at end %v", newer-before, tr.AtEnd())
	}
	id := tr.view.row
	y := rowY(t, tr, id)
	tr.AppendPage(testRows(int(tr.Last().Time)+1, 20), false)
	if got := rowY(t, tr, id); got != y {
		t.Errorf("newer rows moved the view from %v to %v", y, got)
	}
}

func TestTranscriptHoldsBoundedRows(t *testing.T) {
	tr, _ := newTestTranscript(t, 600, 400)
	rows := make([]Row, 100_000)
	for i := range rows {
		rows[i] = testRow(i, i%3 == 0, "message")
	}
	tr.SetRows(rows, false, false)
	if tr.Len() != MaxRows || tr.Last() != rows[len(rows)-1].ID || !tr.view.older {
		t.Errorf("%d rows held up to %v", tr.Len(), tr.Last())
	}
	measured := 0
	for _, it := range tr.rows.items {
		if it.exact {
			measured++
		}
	}
	if measured > 2*settleBatch {
		t.Errorf("%d rows measured to show %d", measured, tr.view.last-tr.view.first)
	}
	if n := len(tr.drawn.views) + len(tr.drawn.spare); n > 40 {
		t.Errorf("%d rows have canvas objects", n)
	}
}
