package widgets

import (
	"image"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
)

// benchWindow is how many rows the application opens a chat with.
const benchWindow = 200

// richRows are rows of which every tenth has a picture, an answer or reactions.
func richRows(from, n int) []Row {
	rows := testRows(from, n)
	for i := 0; i < n; i += 10 {
		r := &rows[i]
		switch (from + i) / 10 % 3 {
		case 0:
			r.Files = []FileView{{Kind: FilePicture, Name: "dusk.jpg", Note: "1.2 MB", Width: 1600, Height: 900 + i%700, Picture: "dusk", State: FileHere}}
		case 1:
			r.Quote = &Quote{Name: "Juliet", Text: "Three words, dear Romeo, and good night indeed. If that thy bent of love be honourable"}
		case 2:
			r.Reactions = []Reaction{{Emoji: "❤️", Count: 2, Mine: true, Who: "You, Juliet"}, {Emoji: "🌙", Count: 1, Who: "Juliet"}}
		}
	}
	return rows
}

// benchKinds runs a benchmark with rows of text only, and with rich ones.
func benchKinds(b *testing.B, run func(b *testing.B, rows func(from, n int) []Row)) {
	b.Run("text", func(b *testing.B) { run(b, testRows) })
	b.Run("rich", func(b *testing.B) { run(b, richRows) })
}

// BenchmarkTranscriptOpen shows a window of rows of a long history, as when a
// conversation is chosen.
func BenchmarkTranscriptOpen(b *testing.B) {
	benchKinds(b, func(b *testing.B, make func(from, n int) []Row) {
		tr, _ := newTestTranscript(b, 800, 700)
		rows := make(100_000-benchWindow, benchWindow)
		for b.Loop() {
			tr.SetRows(rows, true, false)
		}
	})
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
	benchKinds(b, func(b *testing.B, make func(from, n int) []Row) {
		tr, _ := newTestTranscript(b, 800, 700)
		tr.OnReply = func(RowID) {} // so that a bar stands at the message under the pointer
		picture := dusk("dusk", 320, 180)
		tr.OnPicture = func(string, int, int) image.Image { return picture }
		tr.SetRows(make(0, MaxRows), false, false)
		up := &fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, 25), PointEvent: fyne.PointEvent{Position: fyne.NewPos(400, 350)}}
		for b.Loop() {
			tr.Scrolled(up)
			if tr.view.first == 0 {
				tr.ScrollToEnd()
			}
		}
	})
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
	benchKinds(b, func(b *testing.B, make func(from, n int) []Row) {
		tr, _ := newTestTranscript(b, 800, 700)
		tr.SetRows(make(0, MaxRows), false, false)
		for b.Loop() {
			tr.rows.staleAll()
			for i := range tr.rows.items {
				tr.layRow(i)
				tr.rows.items[i].lay = nil
			}
		}
	})
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

// BenchmarkTranscriptScrollStyled scrolls through rows of which every tenth has
// styles, a quote and code.
func BenchmarkTranscriptScrollStyled(b *testing.B) {
	tr, _ := newTestTranscript(b, 800, 700)
	rows := testRows(0, MaxRows)
	for i := 0; i < len(rows); i += 10 {
		rows[i].Text = "> *asked* " + rows[i].Text + "\n\nSay `x` and _y_:\n```\nfunc f(x int) {\n\treturn x\n}\n```\n" + rows[i].Text
	}
	tr.SetRows(rows, false, false)
	up := &fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, 25)}
	for b.Loop() {
		tr.Scrolled(up)
		if tr.view.first == 0 {
			tr.ScrollToEnd()
		}
	}
}

// BenchmarkParseStyling reads a message with many styles.
func BenchmarkParseStyling(b *testing.B) {
	text := strings.Repeat("*bold* and _italic ~struck~_ `code` https://a.example/b_c\n> quoted *words*\n", 100)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		parseStyling(text, 0)
	}
}
