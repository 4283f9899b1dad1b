package widgets

import (
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// partRows has a row of each kind and with each part.
func partRows() []Row {
	quote := testRow(2, false, "The exchange of thy love’s faithful vow for mine.")
	quote.Quote = &Quote{Name: "You", Text: "What satisfaction canst thou have tonight?", Own: true}
	quote.Reactions = []Reaction{{Emoji: "❤️", Count: 2, Mine: true, Who: "You, Juliet"}, {Emoji: "🌙", Count: 1, Who: "Juliet"}}
	answer := testRow(3, true, "So.")
	answer.Quote = &Quote{Name: "Juliet", Text: strings.Repeat("Three words, dear Romeo, and good night indeed. ", 6)}
	answer.Edited, answer.Starred, answer.State = true, true, StateRead
	gone := testRow(4, true, "You took this message back")
	gone.Kind = RowRetracted
	goneIn := testRow(5, false, "Message taken back")
	goneIn.Kind = RowRetracted
	foreign := testRow(6, false, "This message is encrypted in a way that Linnet cannot read. Another program of yours can.")
	foreign.Kind = RowForeign
	link := testRow(7, false, "See https://verona.example/balcony")
	link.Links = []LinkView{{URL: "https://verona.example/balcony", Site: "verona.example", Title: "The balcony", Text: "Where it is said that they met by night, and what remains of it."}}
	picture := testRow(8, true, "")
	picture.Files = []FileView{{Kind: FilePicture, Name: "dusk.jpg", Note: "1.2 MB", Width: 1600, Height: 900, Picture: "dusk", State: FileHere}}
	picture.State = StateSent
	remote := testRow(9, false, "Look at this, how small it is")
	remote.Files = []FileView{{Kind: FilePicture, Name: "moon.png", Note: "480 kB", Width: 300, Height: 240, State: FileRemote}}
	moving := testRow(10, true, "")
	moving.Files = []FileView{{Kind: FileOther, Name: "The most excellent and lamentable tragedy.pdf", Note: "3.1 of 8.4 MB", State: FileMoving, Done: 0.37}}
	failed := testRow(11, true, "The same once more")
	failed.Files = []FileView{{Kind: FileOther, Name: "act 2.pdf", Note: "The server has no room for it", State: FileFailed}}
	failed.Notice = Notice{Text: "Edit not sent: the server is too busy.", Failed: true}
	waiting := testRow(12, true, "Good night, good night")
	waiting.Notice = Notice{Text: "Edit is waiting to be sent"}
	waiting.Reactions = []Reaction{{Emoji: "👍", Count: 1, Who: "Juliet"}}
	lost := testRow(13, false, "")
	lost.Files = []FileView{{Kind: FileOther, Name: "act 3.pdf", Note: "No longer on the server", State: FileGone}}
	return []Row{testRow(1, true, "What satisfaction canst thou have tonight?"), quote, answer, gone, goneIn, foreign, link, picture, remote, moving, failed, waiting, lost}
}

// dusk is a picture to show.
func dusk(key string, w, h int) image.Image {
	if key != "dusk" {
		return nil
	}
	p := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			p.SetRGBA(x, y, color.RGBA{uint8(40 + 200*y/h), uint8(60 + 60*x/w), 120, 255})
		}
	}
	return p
}

// shot writes a picture of a window when a directory for them is given in the
// environment, for people to look at.
func shot(t *testing.T, win fyne.Window, name string) {
	t.Helper()
	dir := os.Getenv("LINNET_SHOTS")
	if dir == "" {
		return
	}
	f, err := os.Create(filepath.Join(dir, name+".png"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, win.Canvas().Capture()); err != nil {
		t.Fatal(err)
	}
}

func TestPartsOfRows(t *testing.T) {
	defer useTheme(lightTheme)
	for name, th := range map[string]testTheme{"light": lightTheme, "dark": darkTheme} {
		for _, w := range []float32{300, 420, 800} {
			tr, win := newTestTranscript(t, w, 1500)
			useTheme(th)
			tr.OnPicture = dusk
			tr.SetRows(partRows(), false, false)
			tr.Refresh()
			checkDrawn(t, tr)
			for _, it := range tr.rows.items {
				checkInside(t, it, w)
			}
			shot(t, win, "parts-"+name+"-"+map[float32]string{300: "least", 420: "narrow", 800: "wide"}[w])
		}
	}
}

func TestPicturesComeLater(t *testing.T) {
	tr, _ := newTestTranscript(t, 800, 1500)
	var have image.Image
	asked := 0
	tr.OnPicture = func(key string, w, h int) image.Image {
		if asked++; key != "dusk" || w != 320 || h != 180 {
			t.Errorf("asked for %q of %d by %d", key, w, h)
		}
		return have
	}
	rows := partRows()
	tr.SetRows(rows, false, false)
	heights := tr.rows.total()
	drawn := func() int { return tr.drawn.views[tr.rows.items[7]].nView }
	if asked == 0 || drawn() != 0 {
		t.Fatalf("asked %d times, %d pictures are drawn", asked, drawn())
	}
	have = dusk("dusk", 320, 180)
	tr.Pictures("other")
	if drawn() != 0 {
		t.Error("another picture has it drawn")
	}
	tr.Pictures("dusk")
	if drawn() != 1 || tr.rows.total() != heights {
		t.Errorf("%d pictures are drawn, rows are %v high, before %v", drawn(), tr.rows.total(), heights)
	}
}

// TestPicturesOutOfViewAreLetGo holds that what drew a row keeps no picture when
// the row is gone.
func TestPicturesOutOfViewAreLetGo(t *testing.T) {
	tr, _ := newTestTranscript(t, 800, 300)
	tr.OnPicture = dusk
	tr.SetRows(richRows(0, 100), false, false)
	shown := 0
	count := func(v *rowView) {
		for _, o := range v.views {
			if o.Image != nil {
				shown++
			}
		}
	}
	for range 200 {
		tr.scrollBy(25)
		shown = 0
		for _, v := range tr.drawn.views {
			count(v)
		}
		if shown > 0 {
			break
		}
	}
	if shown == 0 {
		t.Fatal("no picture came into view")
	}
	tr.ScrollToEnd()
	shown = 0
	for _, v := range tr.drawn.spare {
		count(v)
	}
	if shown > 0 {
		t.Errorf("%d pictures are held by rows that are gone", shown)
	}
}

func TestTipsOfParts(t *testing.T) {
	tr, _ := newTestTranscript(t, 800, 1500)
	tr.SetRows(partRows(), false, false)
	for n, want := range map[int][]string{
		1: {"Go to this message", "You, Juliet", "Juliet", "Add a reaction"},
		2: {"Go to this message", "Show the earlier words"},
		6: {"https://verona.example/balcony"},
	} {
		var got []string
		for _, h := range tr.rows.items[n].lay.hits {
			if text, _ := tr.rows.items[n].tipOf(h); text != "" {
				got = append(got, text)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("row %d: %q, want %q", n, got, want)
		}
	}
}

// checkInside holds that all that a row draws and all that acts is within the
// width, and what belongs to the bubble within that.
func checkInside(t *testing.T, it *rowItem, w float32) {
	t.Helper()
	for _, h := range it.lay.hits {
		for _, b := range it.lay.hitRects(h) {
			if b.x < 0 || b.x+b.w > w || b.y < 0 || b.y+b.h > it.height+3 {
				t.Errorf("%v: what acts is at %+v of a row %v by %v", it.ID, b, w, it.height)
			}
		}
	}
	b := it.lay.bubble
	for _, l := range it.lay.labels {
		if end := l.x + l.face.width(l.text, l.kind); l.x < 0 || end > w+1 {
			t.Errorf("%v: %q ends at %v of %v", it.ID, l.text, end, w)
		} else if l.y >= b.y && l.y < b.y+b.h && (l.x < b.x || end > b.x+b.w) {
			t.Errorf("%v: %q from %v to %v is not within the bubble %+v", it.ID, l.text, l.x, end, b)
		}
	}
}

// press clicks at the middle of what acts in a row.
func pressHit(t *testing.T, tr *Transcript, row RowID, kind hitKind, n int) {
	t.Helper()
	i, _ := tr.rows.find(row)
	hits := tr.layAt(i).hits
	k := slices.IndexFunc(hits, func(h rowHit) bool { return h.kind == kind && h.n == n })
	if k < 0 {
		t.Fatalf("nothing of kind %d acts in row %v", kind, row)
	}
	b := tr.layAt(i).hitRects(hits[k])[0]
	x, y := b.x+b.w/2, rowY(t, tr, row)+b.y+b.h/2
	tr.pointer.lastClick = tr.pointer.lastClick.Add(-1e9)
	tr.MouseDown(mouse(x, y, desktop.MouseButtonPrimary, 0))
	tr.MouseUp(mouse(x, y, desktop.MouseButtonPrimary, 0))
}

func TestPartsAct(t *testing.T) {
	tr, _ := newTestTranscript(t, 800, 1500)
	tr.SetRows(partRows(), false, false)
	var got []string
	note := func(what string) func(RowID) { return func(RowID) { got = append(got, what) } }
	tr.OnQuote, tr.OnEdits, tr.OnDrop, tr.OnRetry = note("quote"), note("edits"), note("drop"), note("retry")
	tr.OnReact = func(_ RowID, emoji string) { got = append(got, emoji) }
	tr.OnReactMore = func(RowID, fyne.Position) { got = append(got, "more") }
	tr.OnOpenLink = func(url string) { got = append(got, url) }
	tr.OnFile = func(_ RowID, n int, act FileAct) {
		got = append(got, []string{"fetch", "cancel", "open", "retry"}[act])
	}
	id := func(n int) RowID { return RowID{Time: int64(n), Seq: 1} }
	for _, tt := range []struct {
		row  int
		kind hitKind
		n    int
		want string
	}{
		{2, hitQuote, 0, "quote"},
		{2, hitReact, 0, "❤️"},
		{2, hitReact, 1, "🌙"},
		{2, hitReactMore, 0, "more"},
		{3, hitEdits, 0, "edits"},
		{7, hitCard, 0, "https://verona.example/balcony"},
		{8, hitFile, 0, "open"},
		{9, hitFile, 0, "fetch"},
		{10, hitFile, 0, "cancel"},
		{11, hitFile, 0, "retry"},
		{13, hitFile, 0, "retry"},
		{11, hitRetry, 0, "retry"},
		{11, hitDrop, 0, "drop"},
	} {
		got = nil
		pressHit(t, tr, id(tt.row), tt.kind, tt.n)
		if !slices.Equal(got, []string{tt.want}) {
			t.Errorf("row %d: asked for %q, want %q", tt.row, got, tt.want)
		}
	}
}

func TestChipText(t *testing.T) {
	for count, want := range map[int]string{1: "👍", 2: "👍 2", 12: "👍 12"} {
		if got := chipText(&Reaction{Emoji: "👍", Count: count}); got != want {
			t.Errorf("%d: %q, want %q", count, got, want)
		}
	}
}

// TestFileTime holds that the time of a message that is a file stands beside its
// size, where both fit, and below it else.
func TestFileTime(t *testing.T) {
	l := newLayouter()
	height := func(note, text string) float32 {
		row := testRow(1, true, text)
		row.Files = []FileView{{Name: "sonnet.pdf", Note: note, State: FileHere}}
		r := l.row(newItem(row), rowContext{width: 600, dayLabel: func(time.Time) string { return "" }})
		if end := r.meta.x + r.meta.w; end > r.bubble.x+r.bubble.w || r.meta.y+r.meta.h > r.bubble.y+r.bubble.h {
			t.Errorf("%s: the time stands at %+v in %+v", note, r.meta, r.bubble)
		}
		return r.bubble.h
	}
	flat := height("12 kB", "")
	if want := fileHeight + 2*BubblePadY; flat != want {
		t.Errorf("the bubble is %v high, not %v", flat, want)
	}
	if long := height(strings.Repeat("a long reason ", 4), ""); long <= flat {
		t.Error("a long note leaves no room, and the time stands beside it")
	}
	if height("12 kB", "Read this") <= flat {
		t.Error("there is no room for words")
	}
}

// TestMovingFileKeepsItsSize holds that a card does not change its size with what
// it says of how far the file is.
func TestMovingFileKeepsItsSize(t *testing.T) {
	l := newLayouter()
	for _, width := range []float32{300, 800} {
		var first rowBox
		for i, note := range []string{"8.4 MB", "3.1 MB of 8.4 MB", "Connection cut, trying again", "Waiting for other files"} {
			row := testRow(1, true, "")
			row.Files = []FileView{{Name: "a.pdf", Note: note, State: FileMoving, Done: 0.5}}
			r := l.row(newItem(row), rowContext{width: width, dayLabel: func(time.Time) string { return "" }})
			if i == 0 {
				first = r.bubble
			}
			if r.bubble != first {
				t.Errorf("%v wide: %q has the bubble at %+v, not %+v", width, note, r.bubble, first)
			}
			for _, label := range r.labels {
				if label.text != "" && label.face == l.label && label.x+l.label.width(label.text, faceText) > r.meta.x {
					t.Errorf("%v wide: %q reaches under the time", width, label.text)
				}
			}
		}
	}
}
