package widgets

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2/driver/desktop"
)

// linked is a row with a link of which something is told.
func linked(n int, out bool) Row {
	r := testRow(n, out, "See https://verona.example/orchard")
	r.Links = []LinkView{{
		URL: "https://verona.example/orchard", Site: "verona.example", Title: "The orchard", Text: strings.Repeat("With love’s light wings. ", 9), Picture: "dusk",
	}}
	return r
}

// TestLinkPicture holds where the picture of a card is.
func TestLinkPicture(t *testing.T) {
	for _, w := range []float32{260, 340, 420, 1200} {
		tr, _ := newTestTranscript(t, w, 700)
		tr.SetRows([]Row{linked(1, false), linked(2, true)}, false, false)
		for i, it := range tr.rows.items {
			lay := tr.layAt(i)
			checkInside(t, it, w)
			if len(lay.pictures) != 1 {
				t.Fatalf("%v wide: %d pictures", w, len(lay.pictures))
			}
			p := lay.pictures[0]
			b := lay.bubble
			if p.x < b.x || p.x+p.w > b.x+b.w || p.y < b.y || p.y+p.h > b.y+b.h {
				t.Errorf("%v wide: the picture %+v is not in the bubble %+v", w, p.rowBox, b)
			}
			beside := p.w == linkPicture && p.h == linkPicture
			title := slices.IndexFunc(lay.labels, func(l rowLabel) bool { return strings.HasPrefix(l.text, "The") })
			if title < 0 || beside != (lay.labels[title].x > p.x+p.w) || beside != (w > 400) {
				t.Errorf("%v wide: the picture is %+v", w, p.rowBox)
			}
		}
	}
}

// TestCardUnderPointer holds that a card shows that it can be pressed.
func TestCardUnderPointer(t *testing.T) {
	tr, _ := newTestTranscript(t, 800, 700)
	tr.SetRows([]Row{linked(1, false)}, false, false)
	hits := tr.layAt(0).hits
	k := slices.IndexFunc(hits, func(h rowHit) bool { return h.kind == hitCard })
	h := hits[k]
	at := mouse(h.x+h.w/2, rowY(t, tr, tr.rows.items[0].ID)+h.y+h.h/2, 0, 0)
	fills := func() int { return tr.drawn.views[tr.rows.items[0]].nFill }
	before := fills()
	tr.MouseMoved(at)
	if tr.Cursor() != desktop.PointerCursor || fills() != before+1 {
		t.Errorf("under the pointer: cursor %v, %d shapes, before %d", tr.Cursor(), fills(), before)
	}
	tr.MouseOut()
	if fills() != before {
		t.Errorf("left: %d shapes, before %d", fills(), before)
	}
}

// TestPreviewsMoveNothing has previews come while somebody reads further up, and
// at the end.
func TestPreviewsMoveNothing(t *testing.T) {
	var rows []Row
	for n := range 60 {
		rows = append(rows, testRow(n+1, n%3 == 0, "See https://verona.example/orchard"))
	}
	for name, scroll := range map[string]float32{"far up": 900, "a little": 130, "by a part of a row": 147} {
		tr, _ := newTestTranscript(t, 800, 600)
		tr.SetRows(rows, false, false)
		tr.scrollBy(scroll)
		in := make(map[RowID]float32)
		for i := tr.view.first; i < tr.view.last; i++ {
			id := tr.rows.items[i].ID
			in[id] = rowY(t, tr, id)
		}
		read, at := tr.anchorRow()
		update := func(inView bool) {
			for n := 60; n > 0; n-- {
				if _, seen := in[RowID{Time: int64(n), Seq: 1}]; seen == inView {
					tr.Update(linked(n, (n-1)%3 == 0))
				}
			}
		}
		update(false)
		for id, y := range in {
			if now := rowY(t, tr, id); now != y {
				t.Errorf("%s: row %v moved from %v to %v", name, id, y, now)
			}
		}
		update(true)
		if id, y := tr.anchorRow(); id != read || y != at {
			t.Errorf("%s: the first row in view was %v at %v and is %v at %v", name, read, at, id, y)
		}
	}
	tr, _ := newTestTranscript(t, 800, 600)
	tr.SetRows(rows, false, false)
	tr.Update(linked(60, false))
	tr.Update(linked(58, false))
	if !tr.AtEnd() {
		t.Error("no longer at the end")
	}
}

// TestLooksOfCards draws cards of each kind.
func TestLooksOfCards(t *testing.T) {
	defer useTheme(lightTheme)
	bare := linked(2, true)
	bare.Links[0].Picture = ""
	short := linked(3, false)
	short.Links[0].Text = ""
	coming, failed := linked(4, true), linked(5, false)
	coming.Links = []LinkView{{URL: "https://verona.example", Site: "verona.example", Note: "Fetching the preview…"}}
	failed.Links = []LinkView{{URL: "https://verona.example", Site: "verona.example", Note: "No preview: the site could not be reached", Failed: true}}
	for name, th := range map[string]testTheme{"light": lightTheme, "dark": darkTheme} {
		for size, w := range map[string]float32{"narrow": 340, "wide": 800} {
			tr, win := newTestTranscript(t, w, 1100)
			useTheme(th)
			tr.OnPicture = dusk
			tr.SetRows([]Row{linked(1, false), bare, short, coming, failed, linked(6, true)}, false, false)
			tr.Refresh()
			checkDrawn(t, tr)
			for _, it := range tr.rows.items {
				checkInside(t, it, w)
			}
			shot(t, win, "links-"+name+"-"+size)
		}
	}
}
