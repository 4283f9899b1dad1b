package widgets

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
)

// benchWindow is how many rows the application opens a chat with.
const benchWindow = 200

// BenchmarkTranscriptOpen shows a window of rows of a long history, as when a
// conversation is chosen.
func BenchmarkTranscriptOpen(b *testing.B) {
	tr, _ := newTestTranscript(b, 800, 700)
	rows := testRows(100_000-benchWindow, benchWindow)
	for b.Loop() {
		tr.SetRows(rows, true, false)
	}
}

// BenchmarkTranscriptOpenCold also measures all words for the first time.
func BenchmarkTranscriptOpenCold(b *testing.B) {
	tr, _ := newTestTranscript(b, 800, 700)
	rows := testRows(100_000-benchWindow, benchWindow)
	for b.Loop() {
		tr.lay = nil
		tr.SetRows(rows, true, false)
	}
}

// BenchmarkTranscriptOpenFull opens with as many rows as are ever held.
func BenchmarkTranscriptOpenFull(b *testing.B) {
	tr, _ := newTestTranscript(b, 800, 700)
	rows := testRows(100_000-MaxRows, MaxRows)
	for b.Loop() {
		tr.SetRows(rows, true, false)
	}
}

// BenchmarkTranscriptScroll scrolls a step of the wheel through all rows held.
func BenchmarkTranscriptScroll(b *testing.B) {
	tr, _ := newTestTranscript(b, 800, 700)
	tr.SetRows(testRows(0, MaxRows), false, false)
	up := &fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, 25)}
	for b.Loop() {
		tr.Scrolled(up)
		if tr.view.first == 0 {
			tr.ScrollToEnd()
		}
	}
}

// BenchmarkTranscriptAppend receives 1,000 messages into the open conversation,
// sixteen at a time, as events are gathered for a frame.
func BenchmarkTranscriptAppend(b *testing.B) {
	tr, _ := newTestTranscript(b, 800, 700)
	rows := testRows(0, 1000)
	for b.Loop() {
		tr.SetRows(nil, false, false)
		for i := 0; i < len(rows); i += 16 {
			tr.Append(rows[i:min(i+16, len(rows))]...)
		}
	}
}

// BenchmarkTranscriptWidth drags the edge of the window: one step of it.
func BenchmarkTranscriptWidth(b *testing.B) {
	tr, win := newTestTranscript(b, 800, 700)
	tr.SetRows(testRows(0, MaxRows), false, false)
	w := float32(800)
	for b.Loop() {
		w = 1600 - w + 3
		win.Resize(fyne.NewSize(w, 700))
	}
}

// BenchmarkTranscriptSettle measures all rows held at a new width.
func BenchmarkTranscriptSettle(b *testing.B) {
	tr, _ := newTestTranscript(b, 800, 700)
	tr.SetRows(testRows(0, MaxRows), false, false)
	for b.Loop() {
		tr.rows.staleAll()
		for i := range tr.rows.items {
			tr.layRow(i)
			tr.rows.items[i].lay = nil
		}
	}
}

// BenchmarkTranscriptLongMessage shows a message of 64 kB, folded.
func BenchmarkTranscriptLongMessage(b *testing.B) {
	tr, _ := newTestTranscript(b, 800, 700)
	row := testRow(0, false, strings.Repeat("what light through yonder window breaks ", 1<<16/40))
	for b.Loop() {
		tr.SetRows([]Row{row}, false, false)
	}
}

// BenchmarkTranscriptCatchUp gets 10,000 missed messages below what is read,
// newest first, a page of 250 at a time, with a gap above each.
func BenchmarkTranscriptCatchUp(b *testing.B) {
	tr, _ := newTestTranscript(b, 800, 700)
	const pages, each = 40, 250
	old := testRows(0, 100)
	var missed [pages][]Row
	for p := range pages {
		missed[p] = testRows(1000+(pages-p)*each, each)
	}
	for b.Loop() {
		tr.SetRows(old, true, false)
		for _, rows := range missed {
			tr.Together(func() {
				tr.Insert(rows, old[99].ID)
				tr.SetAsides([]Row{testGap(rows[0].ID)})
			})
		}
	}
}
