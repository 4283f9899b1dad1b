package widgets

import (
	"strings"
	"testing"
)

// bodyOf lays a text out.
func bodyOf(t testing.TB, text string, room float32, most int) (*textBody, styledText) {
	useTheme(lightTheme)
	l := newLayouter()
	s := parseStyling(text, 0)
	b := l.lines(&s, l.body, room, most)
	b.setWidth(ceil(b.w))
	return b, s
}

var styledTexts = []string{
	"plain words that go on until the line is full and more",
	"*bold words* and `some code that is long enough` and _a_~b~",
	"> a quote that is long enough for two lines\n>> deeper\n> back\n\nthe answer",
	"look\n```go\nfunc f() {\n\treturn 1 // with a comment that does not fit\n}\n```\n\n> ```\n> quoted\n> ```\nend",
	"שלום *עולם* `code` 123\n> ציטוט",
	"*😀👩‍👩‍👧 emoji* `你好 code` 世界",
	"```\n\n\na\n\n```\n\n\nb",
	"*aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa*`bbbbbbbbbbbbbbbbbbbbbbbbbbbbbb`",
}

// checkBody holds what must be true of each layout: the blocks follow each
// other, nothing is wider than the room, and each place leads to an offset that
// is shown there.
func checkBody(t *testing.T, text string, room float32) {
	b, s := bodyOf(t, text, room, 0)
	y, count := float32(0), 0
	for k := range b.parts {
		p := &b.parts[k]
		if p.top < y || p.y < p.top || p.first != count {
			t.Errorf("%q: block %d at %v, words at %v, after %v; line %d after %d", text, k, p.top, p.y, y, p.first, count)
		}
		y = p.top + p.h
		count += len(p.lines)
		for i, l := range p.lines {
			var w float32
			for _, piece := range p.linePieces(i) {
				w += piece.w
			}
			if abs(w-l.w) > 1 && strings.TrimRight(p.text[l.from:l.to], " ") == p.text[l.from:l.to] {
				t.Errorf("%q, line %q: drawn %v, measured %v", text, p.text[l.from:l.to], w, l.w)
			}
			x, top := p.linePlace(i)
			if got := b.lineAt(top + 1); got != p.first+i {
				t.Errorf("%q: line %d is found as %d", text, p.first+i, got)
			}
			if x+l.w > max(room, quoteRoom)+1 {
				t.Errorf("%q in %v: line %q ends at %v", text, room, p.text[l.from:l.to], x+l.w)
			}
			off := b.offsetAt(x, top+1)
			if off < p.at+l.from || off > p.at+l.to {
				t.Errorf("%q: the left end of line %q is offset %d", text, p.text[l.from:l.to], off)
			}
		}
	}
	if y != b.h || count != b.count {
		t.Errorf("%q: %v high, %d lines; want %v and %d", text, b.h, b.count, y, count)
	}
	if b.offsetAt(0, -1) != 0 || b.offsetAt(0, b.h+1) != len(s.shown) {
		t.Errorf("%q: the ends are offsets %d and %d of %d", text, b.offsetAt(0, -1), b.offsetAt(0, b.h+1), len(s.shown))
	}
}

func TestBodyLayout(t *testing.T) {
	for _, text := range styledTexts {
		for _, room := range []float32{120, 250, 600} {
			checkBody(t, text, room)
		}
	}
}

func TestBodyBlocks(t *testing.T) {
	b, _ := bodyOf(t, "> a\n>> b\n\nc\n```go\nd\n```", 400, 0)
	if len(b.parts) != 4 {
		t.Fatalf("%d blocks", len(b.parts))
	}
	if bars := b.bars(0, 4); len(bars) != 2 || bars[0].h <= bars[1].h || bars[1].x <= bars[0].x {
		t.Errorf("bars %v", bars)
	}
	if b.parts[1].x <= b.parts[0].x || b.parts[2].x != 0 || len(b.parts[2].lines) != 1 {
		t.Errorf("blocks at %v, %v and %v, %d lines", b.parts[0].x, b.parts[1].x, b.parts[2].x, len(b.parts[2].lines))
	}
	if g := b.parts[3].ground(); g.x != 0 || g.w != b.w || g.y+g.h != b.h {
		t.Errorf("the ground of code is %v in %v x %v", g, b.w, b.h)
	}
	if _, _, ok := b.lastLine(); ok {
		t.Error("something could stand beside code")
	}
	for text, want := range map[string]bool{"*a*": true, "> a": false, "```\na\n```": false, "```\na\n```\nb": true, "": false} {
		if b, _ := bodyOf(t, text, 400, 0); b.count > 0 != (text != "") {
			t.Errorf("%q has %d lines", text, b.count)
		} else if _, _, ok := b.lastLine(); ok != want {
			t.Errorf("beside the last line of %q: %v", text, ok)
		}
	}
}

func TestBodyFolds(t *testing.T) {
	text := "> " + strings.Repeat("a\n> ", foldLines) + "b\n```\n" + strings.Repeat("c\n", foldLines) + "```\nhttps://a.example"
	b, s := bodyOf(t, text, 400, foldBeyond)
	if !b.more || b.count < foldLines || len(b.parts) != 2 {
		t.Fatalf("%d lines in %d blocks", b.count, len(b.parts))
	}
	b.keep(foldLines)
	if b.count != foldLines || len(b.parts) != 1 || b.h != b.parts[0].h || b.offsetAt(0, b.h+1) >= len(s.shown) {
		t.Errorf("%d lines in %d blocks, %v high", b.count, len(b.parts), b.h)
	}
	all, _ := bodyOf(t, text, 400, 0)
	if all.more || len(all.links) != 1 || len(all.linkRects(0)) != 1 {
		t.Errorf("more %v, %d links", all.more, len(all.links))
	}
	all.keep(foldLines)
	if len(all.links) != 0 {
		t.Error("a link is left that is not shown")
	}
}

func TestLinksAndStyles(t *testing.T) {
	for text, want := range map[string]string{
		"*https://a.example/b*":                          "https://a.example/b",
		"_see https://a.example/x_y_":                    "https://a.example/x_y",
		"`https://a.example`":                            "",
		"```\nhttps://a.example\n```":                    "",
		"> https://a.example\n`x` https://b.example `y`": "https://a.example https://b.example",
		"https://a.example/?q=*b*":                       "https://a.example/?q=*b",
	} {
		b, _ := bodyOf(t, text, 400, 0)
		var got []string
		for _, k := range b.links {
			got = append(got, k.url)
		}
		if g := strings.Join(got, " "); g != want {
			t.Errorf("links of %q: %q, want %q", text, g, want)
		}
	}
}

func TestSelectStyled(t *testing.T) {
	tr, _ := newTestTranscript(t, 600, 500)
	tr.SetRows([]Row{testRow(1, false, "say *two words* now"), testRow(2, false, "> quoted\n```\ncode\n```\nend")}, false, false)
	at := func(row int, word string, end bool) (x, y float32) {
		off := strings.Index(tr.rows.items[row].text, word)
		if end {
			off += len(word)
		}
		return place(t, tr, row, off)
	}
	x0, y0 := at(0, "two words", false)
	x1, y1 := at(0, "two words", true)
	if drag(tr, x0, y0, x1, y1); tr.SelectedText() != "*two words*" {
		t.Errorf("selected %q", tr.SelectedText())
	}
	x1, y1 = at(0, "wor", true)
	if drag(tr, x0, y0, x1, y1); tr.SelectedText() != "two wor" {
		t.Errorf("selected %q", tr.SelectedText())
	}
	x0, y0 = at(1, "quo", true)
	x1, y1 = at(1, "end", true)
	if drag(tr, x0, y0, x1, y1); tr.SelectedText() != "ted\n```\ncode\n```\nend" {
		t.Errorf("selected %q", tr.SelectedText())
	}
	tr.SelectAll()
	if got := tr.SelectedText(); !strings.Contains(got, "say *two words* now\n") || !strings.HasSuffix(got, "> quoted\n  ```\n  code\n  ```\n  end") {
		t.Errorf("all is %q", got)
	}
}

func TestPlainRows(t *testing.T) {
	tr, _ := newTestTranscript(t, 600, 500)
	plain := testRow(1, false, "*as* `it` is")
	plain.Plain = true
	notice := testRow(2, false, "*notice*")
	notice.Kind = RowNotice
	act := testRow(3, false, "*waves*")
	act.Kind, act.Name = RowAction, "_J_"
	tr.SetRows([]Row{plain, notice, act}, false, false)
	for i, want := range []string{"*as* `it` is", "*notice*", "_J_ waves"} {
		if got := tr.rows.items[i].text; got != want {
			t.Errorf("row %d shows %q, want %q", i, got, want)
		}
	}
}
