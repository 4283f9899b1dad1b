package widgets

import (
	"strings"
	"testing"
	"unicode/utf8"

	"fyne.io/fyne/v2"
)

func testFace(t testing.TB) *typeface {
	t.Helper()
	useTheme(lightTheme)
	return typefaceOf(TextBody, LineBody, fyne.TextStyle{})
}

// shownLines gives the lines of a block as they are in the text.
func shownLines(b *textBlock) []string {
	var out []string
	for _, l := range b.lines {
		out = append(out, b.text[l.from:l.to])
	}
	return out
}

func TestWrap(t *testing.T) {
	f := testFace(t)
	ten := f.word("n", faceText) * 10
	for name, c := range map[string]struct {
		in   string
		room float32 // in n
		want string
	}{
		"empty":            {"", 10, ""},
		"fits":             {"nn nn", 10, "nn nn"},
		"at a space":       {"nnnn nnnn nnnn", 10, "nnnn nnnn|nnnn"},
		"spaces hang":      {"nnnn nnnn      nnnn", 10, "nnnn nnnn|nnnn"},
		"spaces stay":      {"nn   nn", 10, "nn   nn"},
		"indent stays":     {"  nn\n    nn", 10, "  nn|    nn"},
		"line feeds":       {"nn\n\nnn", 10, "nn||nn"},
		"long word":        {"nnnnnnnnnnnnnnnnnnnnnnnnn", 10, "nnnnnnnnnn|nnnnnnnnnn|nnnnn"},
		"long behind word": {"nn nnnnnnnnnnnnnnn", 10, "nn|nnnnnnnnnn|nnnnn"},
		"hyphen":           {"nnnnnn-nnnnnn", 10, "nnnnnn-|nnnnnn"},
		"no hyphen in -n":  {"nnnnnnnn -nn", 10, "nnnnnnnn|-nn"},
		"dash":             {"nnnnnn—nnnnnn", 10, "nnnnnn—|nnnnnn"},
		"chinese":          {"你好世界你好世界", 6, "你好世|界你好|世界"},
		"no comma first":   {"你好世，界", 5.3, "你好|世，界"},
		"emoji hold":       {"👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧", 5, "👩‍👩‍👧👩‍👩‍👧|👩‍👩‍👧"},
	} {
		got := strings.Join(shownLines(f.wrap(c.in, ten*c.room/10+0.5, 0)), "|")
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	if b := f.wrap("n\nn\nn\nn", 100, 2); len(b.lines) != 2 || !b.more {
		t.Errorf("%d lines of 2, more %v", len(b.lines), b.more)
	}
	if b := f.wrap("n\nn", 100, 2); b.more {
		t.Error("two lines do not fit into two")
	}
}

func TestTabs(t *testing.T) {
	f := testFace(t)
	b := f.wrap("a\tb\n\tc\nlong one\td", 500, 0)
	stop := f.space * tabWidth
	for i, k := range []float32{1, 1, 4} {
		p := b.linePieces(i)
		last := p[len(p)-1]
		x := stop * k
		if i == 2 {
			x = nextTab(f.width("long one", faceText), f.space)
		}
		if abs(last.x-x) > 0.1 {
			t.Errorf("line %d: behind the tab at %v, want %v", i, last.x, x)
		}
	}
}

// What is drawn must be as wide as what was measured, for each way of laying
// out.
func TestPiecesFillLines(t *testing.T) {
	f := testFace(t)
	for _, s := range []string{
		"Thou know’st the mask of night is on my face",
		"Hello مرحبا שלום and 123 more",
		"שלום 123 (עולם), מה שלומך? Fine, thanks!",
		"你好，世界 fingerprint 日本語 😀 gypsy 👩‍👩‍👧 → done",
		"a\tb\tc שלום\tx",
	} {
		for _, room := range []float32{60, 120, 500} {
			b := f.wrap(s, room, 0)
			b.links = []link{{from: 3, to: 5}}
			for i, l := range b.lines {
				var w, x float32
				for _, p := range b.linePieces(i) {
					w += p.w
					if abs(p.x-x) > 0.01 {
						t.Errorf("%q: piece at %v, want %v", s, p.x, x)
					}
					x += p.w
				}
				if abs(w-l.w) > 1 {
					t.Errorf("%q in %v, line %d: drawn %v, measured %v", s, room, i, w, l.w)
				}
				if l.w > room && utf8.RuneCountInString(s[l.from:l.to]) > 1 {
					t.Errorf("%q in %v, line %d is %v wide", s, room, i, l.w)
				}
			}
		}
	}
}

func TestPieceOrder(t *testing.T) {
	f := testFace(t)
	for in, want := range map[string]string{
		"Hello مرحبا שלום":  "Hello |שלום|مرحبا",
		"שלום 123":          "123|שלום",
		"שלום (abc) עולם?":  "?|עולם|(|abc|)|שלום",
		"fingerprint 你好":    "fingerprint |你好",
		"one 😀😀 two":        "one |😀|😀| two",
		"plain text – done": "plain text – done",
	} {
		b := f.wrap(in, 1000, 0)
		var got []string
		for _, p := range b.linePieces(0) {
			if strings.TrimSpace(p.draw) != "" {
				got = append(got, p.draw)
			}
		}
		if g := strings.Join(got, "|"); g != want {
			t.Errorf("%q is drawn as %q, want %q", in, g, want)
		}
	}
	b := f.wrap("שלום", 1000, 0)
	if x := b.lineX(0, 300); abs(x+b.lines[0].w-300) > 0.1 {
		t.Errorf("Hebrew begins at %v, not at the right", x)
	}
}

// A place on a line leads to an offset and back.
func TestOffsets(t *testing.T) {
	f := testFace(t)
	for _, s := range []string{"plain words here", "שלום עולם abc", "a 你好 😀 b"} {
		b := f.wrap(s, 1000, 0)
		ends := make(map[int]bool) // where two pieces meet, a place is two offsets
		for _, p := range b.linePieces(0) {
			ends[p.from], ends[p.to] = true, true
		}
		for _, off := range clusterEnds(s) {
			if ends[off] {
				continue
			}
			x := b.xOf(0, off)
			back := b.offsetAt(0, x)
			if abs(b.xOf(0, back)-x) > 0.6 {
				t.Errorf("%q: offset %d is at %v, where %d is, at %v", s, off, x, back, b.xOf(0, back))
			}
		}
	}
	b := f.wrap("ab שלום", 1000, 0)
	end := b.lines[0].w
	if off := b.offsetAt(0, end-1); off != len("ab ") {
		t.Errorf("the right end is offset %d, want the first Hebrew letter", off)
	}
}

func TestSelectedStretches(t *testing.T) {
	f := testFace(t)
	b := f.wrap("ab שלום cd", 1000, 0)
	// From inside "ab" into the Hebrew word: its first letters are at its right.
	got := b.selected(0, 1, len("ab ש"))
	if len(got) != 2 || got[0].x1 > got[1].x0 {
		t.Fatalf("stretches %v", got)
	}
	all := b.selected(0, 0, len(b.text))
	if len(all) != 1 || abs(all[0].x1-b.lines[0].w) > 0.6 {
		t.Errorf("all is %v of %v", all, b.lines[0].w)
	}
}

// A very long message is laid out in time proportional to its length; this
// would not end otherwise.
func TestWrapVeryLong(t *testing.T) {
	f := testFace(t)
	for _, s := range []string{
		strings.Repeat("n", 1<<16), strings.Repeat("nn ", 1<<14), strings.Repeat("ש", 1<<15),
		strings.Repeat("👩\u200D", 1<<13), strings.Repeat("\u1100", 1<<14), strings.Repeat("כ\u0903", 1<<13), strings.Repeat(" ", 500) + "x",
		strings.Repeat("😀", 1<<14), strings.Repeat("\n", 1<<16) + "x", strings.Repeat("(א", 1<<14),
	} {
		b := f.wrap(s, 300, 0)
		b.linePieces(len(b.lines) - 1)
		if b.w > 320 {
			t.Errorf("%.20q is laid out %v wide", s, b.w)
		}
	}
}

func FuzzWrap(f *testing.F) {
	for _, s := range []string{"Hello مرحبا שלום", "a\tb\n\n c", "nnnnnnnnnnnnnnnnnnnnnnn-nnn", "👩‍👩‍👧你好，世界"} {
		f.Add(s, uint16(80))
	}
	face := testFace(f)
	f.Fuzz(func(t *testing.T, s string, room uint16) {
		s = sanitise(s)
		b := face.wrap(s, float32(room%600), 0)
		at := 0
		for i, l := range b.lines {
			if l.from < at || l.to < l.from || strings.TrimSpace(s[at:l.from]) != "" {
				t.Fatalf("%q: line %d from %d to %d, after %d", s, i, l.from, l.to, at)
			}
			at = l.to
			seen := l.from
			drawn := 0
			for _, p := range b.linePieces(i) {
				drawn += p.to - p.from
				if p.from < l.from || p.to > l.to {
					t.Fatalf("%q: piece %v out of line %d", s, p, i)
				}
			}
			if drawn != l.to-seen {
				t.Fatalf("%q: %d bytes of %d drawn in line %d", s, drawn, l.to-seen, i)
			}
		}
		if strings.TrimSpace(s[at:]) != "" {
			t.Fatalf("%q: lost %q", s, s[at:])
		}
	})
}

func TestLineEndsInAddresses(t *testing.T) {
	f := testFace(t)
	for in, want := range map[string]string{
		"https://verona.example/balcony/2026?at=night&with=nurse": "https://verona.example/|balcony/|2026?|at=|night&|with=|nurse",
		"and/or 24/7 on 20/11/2026 really?no":                     "and/|or |24/7 |on |20/11/2026 |really?|no",
		"well-known 3-4 a?b - x":                                  "well-|known |3-4 |a?|b |- |x",
		"/tmp //x ?y":                                             "/tmp |//x |?y",
	} {
		var got []string
		for rest := in; rest != ""; {
			n := plainWord(rest)
			got = append(got, rest[:n])
			rest = rest[n:]
		}
		if g := strings.Join(got, "|"); g != want {
			t.Errorf("%q may break as %q, want %q", in, g, want)
		}
	}
	b := f.wrap("https://verona.example/balcony/and/a/very/long/way/to/the/garden", 200, 0)
	for i, l := range b.lines[:len(b.lines)-1] {
		if !strings.HasSuffix(b.text[l.from:l.to], "/") {
			t.Errorf("line %d ends in the midst of a part: %q", i, b.text[l.from:l.to])
		}
	}
}
