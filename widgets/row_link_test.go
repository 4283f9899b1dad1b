package widgets

import (
	"slices"
	"strings"
	"testing"
	"time"

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

// TestLinkTime holds that the time of a message with a card stands beside the last
// line of it where both fit, under the words where a picture leaves room, and below
// the card else; and that "edited" there can be pressed.
func TestLinkTime(t *testing.T) {
	l := newLayouter()
	lay := func(k LinkView) *rowLayout {
		row := testRow(1, true, "See https://verona.example/orchard")
		row.Edited, row.Links = true, []LinkView{k}
		r := l.row(newItem(row), rowContext{width: 600, dayLabel: func(time.Time) string { return "" }})
		in := rowBox{x: r.meta.x, y: r.meta.y, w: r.meta.w, h: l.small.base}
		if b := r.bubble; in.x+in.w > b.x+b.w || in.y+r.meta.h > b.y+b.h {
			t.Errorf("%+v: the time is at %+v in %+v", k, r.meta, b)
		}
		for _, label := range r.labels {
			if w := label.face.width(label.text, label.kind); label.face != l.small && label.x+w > in.x && label.y+label.face.base > in.y && label.y < in.y+in.h {
				t.Errorf("%+v: the time is over %q", k, label.text)
			}
		}
		edited := slices.IndexFunc(r.hits, func(h rowHit) bool { return h.kind == hitEdits })
		e := r.hits[edited]
		if got, ok := r.hitAt(e.x+1, e.y+1); !ok || got.kind != hitEdits {
			t.Errorf("%+v: a press on “edited” is for %+v", k, got)
		}
		return r
	}
	short := lay(LinkView{Site: "verona.example", Title: "The orchard", Text: "With love’s light wings"})
	card := slices.IndexFunc(short.hits, func(h rowHit) bool { return h.kind == hitCard })
	if c := short.hits[card]; short.bubble.y+short.bubble.h != c.y+c.h+BubblePadY {
		t.Errorf("the card %+v does not end the bubble %+v", c, short.bubble)
	}
	if pictured := lay(LinkView{Site: "verona.example", Title: "The orchard", Picture: "dusk"}); pictured.bubble.h <= linkPicture {
		t.Errorf("the bubble is %+v", pictured.bubble)
	}
	long := lay(LinkView{Site: "verona.example", Title: "The orchard", Text: strings.Repeat("love", 200)})
	card = slices.IndexFunc(long.hits, func(h rowHit) bool { return h.kind == hitCard })
	if c := long.hits[card]; long.meta.y < c.y+c.h {
		t.Errorf("there is no room beside it, and the time is at %+v", long.meta)
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
