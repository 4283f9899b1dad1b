package widgets

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
)

// colourNow has code coloured only when the function it gives is called, which
// finds the colours of all that waits.
func colourNow(t testing.TB) func() {
	old := startColouring
	var work []func()
	startColouring = func(f func()) { work = append(work, f) }
	forget := func() { colours.known, colours.waiting, colours.working = nil, nil, false }
	forget()
	t.Cleanup(func() {
		startColouring = old
		forget()
	})
	return func() {
		for len(work) > 0 {
			f := work[0]
			work = work[1:]
			f()
		}
	}
}

// tinted writes the coloured parts of code.
func tinted(language, code string) string {
	var out []string
	for _, s := range colourCode(language, code, time.Minute) {
		out = append(out, fmt.Sprint(s.tint, ":", code[s.from:s.to]))
	}
	return strings.Join(out, "|")
}

func TestColourCode(t *testing.T) {
	for _, c := range []struct{ language, code, want string }{
		{"go", "func f() string { return \"世\" } // 1", "1:func |5:f|1:string |1:return |2:\"世\" |4:// 1"},
		{"GO", "x := 12", "3:12"},
		{"py", "if x: y = 'a' # b", "1:if |2:'a' |4:# b"},
		{"json", "{\"a\": [1, true]}", "5:\"a\"|3:1|3:true"},
		{"diff", "+a\n-b\n c", "2:+a\n|6:-b\n"},
		{"main.rs", "let x = 1;", "1:let |3:1"},
		{"none", "if x", ""},
		{"[", "if x", ""},
		{"phtml", "<?php echo 1; ?>", ""}, // of two languages
	} {
		if got := tinted(c.language, c.code); got != c.want {
			t.Errorf("%s %q is coloured as %q, want %q", c.language, c.code, got, c.want)
		}
	}
	if s := colourCode("go", "func f()", 0); s != nil {
		t.Errorf("%v was coloured after the time was up", s)
	}
}

// recolourings counts how often it was told of colours.
type recolourings struct{ n int }

func (r *recolourings) recolour() { r.n++ }

func TestColoursComeLater(t *testing.T) {
	colour := colourNow(t)
	again, other := &recolourings{}, &recolourings{}
	for range 2 { // the second is not worked on again
		if coloursOf("go", "var x", again) != nil || again.n != 0 {
			t.Fatal("there are colours at once")
		}
	}
	coloursOf("go", "var x", other)
	colour()
	if got := coloursOf("go", "var x", again); len(got) != 1 || again.n != 1 || other.n != 1 {
		t.Errorf("colours %v, told %d and %d times", got, again.n, other.n)
	}
	if coloursOf("", "var x", again) != nil || coloursOf("go", strings.Repeat("var x\n", maxColoured), again) != nil {
		t.Error("what has no language, or is too long, is coloured")
	}
	for i := range 2 * maxWaiting {
		coloursOf("go", fmt.Sprint("var x", i), again)
	}
	if n := len(colours.waiting); n != maxWaiting {
		t.Errorf("%d blocks wait", n)
	}
	colour()
	if again.n != 1+maxWaiting || colours.working {
		t.Errorf("%d blocks were coloured, working: %v", again.n, colours.working)
	}
}

func TestCodeIsColouredInView(t *testing.T) {
	colour := colourNow(t)
	tr, _ := newTestTranscript(t, 600, 400)
	tr.SetRows([]Row{testRow(1, false, "```go\nfunc f()\n```"), testRow(2, false, "words")}, false, false)
	height := tr.rows.total()
	if got := drawnTexts(tr); !slices.Contains(got, "func f()") {
		t.Fatalf("drawn at first: %q", got)
	}
	colour()
	if got := drawnTexts(tr); !slices.Contains(got, "func ") || !slices.Contains(got, "f") {
		t.Errorf("drawn when coloured: %q", got)
	}
	if tr.rows.total() != height {
		t.Error("colours change the height")
	}
	if n := len(all[*Run](tr.drawn.rows.Objects[0])); n > 4 { // the line, its language and the button, the time
		t.Errorf("%d objects draw one line of code", n)
	}
}

func TestCopyCode(t *testing.T) {
	tr, win := newTestTranscript(t, 600, 400)
	var got string
	tr.OnCopy = func(s string) { got = s }
	tr.SetRows([]Row{testRow(1, false, "Try\n```go\n\tx()\n\ty()\n```\nor\n```\nz\n```")}, false, false)
	lay := tr.rows.items[0].lay
	y := rowY(t, tr, tr.First())
	var hits []rowHit
	for _, h := range lay.hits {
		if h.kind == hitCopyCode {
			hits = append(hits, h)
		}
	}
	if len(hits) != 2 || shows(tr, "Copy") {
		t.Fatalf("%d buttons, shown %v", len(hits), shows(tr, "Copy"))
	}
	for i, want := range []string{"\tx()\n\ty()", "z"} {
		g := lay.body.parts[hits[i].n].ground()
		tr.MouseMoved(mouse(lay.bodyX+g.x+2, y+lay.bodyY+g.y+g.h-2, desktop.MouseButton(0), 0))
		if !shows(tr, "Copy") {
			t.Errorf("no button over block %d", i)
		}
		tr.pointer.lastClick = time.Time{}
		click(win, hits[i].x+3, y+hits[i].y+3)
		if got != want || !shows(tr, "Copied") {
			t.Errorf("copied %q, want %q; drawn %q", got, want, drawnTexts(tr))
		}
	}
	tr.MouseMoved(mouse(lay.bodyX, y+lay.bodyY+1, desktop.MouseButton(0), 0))
	if shows(tr, "Cop") {
		t.Error("the button stays")
	}
	tr.FocusGained()
	tr.TypedKey(&fyne.KeyEvent{Name: fyne.KeyTab})
	if !shows(tr, "Copy") {
		t.Error("the keyboard does not find the button")
	}
}

func TestWrapCode(t *testing.T) {
	f := typefaceOf(13, codeLine, fyne.TextStyle{Monospace: true})
	n := f.word("n", faceText)
	for name, c := range map[string]struct{ in, want string }{
		"fits":         {"  a  b", "  a  b"},
		"lines":        {"a\n\n b\n", "a|| b|"},
		"at a space":   {"aaaa bbb ccccc", "aaaa bbb |ccccc"},
		"space at end": {"aaaaaaaaaa bb", "aaaaaaaaaa |bb"},
		"no space":     {"aaaaaaaaaaaaaa", "aaaaaaaaaa|aaaa"},
		"early space":  {"a bbbbbbbbbbbbbb", "a bbbbbbbb|bbbbbb"},
		"tab":          {"\ta\tbbbbb", "\ta\tbb|bbb"},
		"wide":         {"你好你好你好你好", "你好你好你好|你好"},
		"letters":      {"жжжжжжжжжжжж", "жжжжжжжжжж|жж"},
	} {
		if got := strings.Join(shownLines(f.wrapCode(c.in, 10*n+0.5, 0)), "|"); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	if b := f.wrapCode("a\nb\nc", 100, 2); len(b.lines) != 2 || !b.more {
		t.Errorf("%d lines of 2, more %v", len(b.lines), b.more)
	}
}

// Code and all its parts, and what was found, can be read in both themes.
func TestCodeContrast(t *testing.T) {
	pairs := [][2]fyne.ThemeColorName{
		{ColorSecondary, ColorCode},
		{ColorSecondary, ColorCodeButton},
		{ColorText, ColorFound},
		{ColorAccentText, ColorFound},
		{ColorSecondary, ColorFound},
	}
	for tint := tintNone; tint <= tintMeta; tint++ {
		pairs = append(pairs, [2]fyne.ThemeColorName{tint.color(), ColorCode})
	}
	for _, v := range []fyne.ThemeVariant{theme.VariantLight, theme.VariantDark} {
		for _, p := range pairs {
			a, b := luminance(t, p[0], v), luminance(t, p[1], v)
			if r := (max(a, b) + 0.05) / (min(a, b) + 0.05); r < 4.5 {
				t.Errorf("variant %d: %s on %s has a contrast of %.2f", v, p[0], p[1], r)
			}
		}
	}
}

func TestCopyButtonHidesNoCode(t *testing.T) {
	for _, text := range []string{
		"```\na\n```", "```\na line of code that is rather long\nb\n```", "```\na line of code that is rather long\n```",
		"```\nb\na line of code that is rather long\n```", "```go\na line of code that is rather long\n```", "> ```\n> quoted code, that is\n> ```",
	} {
		for room := float32(120); room < 600; room += 20 {
			b, _ := bodyOf(t, text, room, 0)
			p := &b.parts[0]
			button := p.copyPlace(newLayouter().copyButton())
			for i := range p.lines {
				x, y := p.linePlace(i)
				if x+p.lines[i].w > button.x && y < button.y+button.h-4 && y+codeLine > button.y {
					t.Errorf("%q in %v: the button at %v hides line %d at %v, %v, of %v", text, room, button, i, x, y, p.lines[i].w)
				}
			}
		}
	}
}

// Nothing is left free above code for a button that is only there at times,
// while there is room for it elsewhere.
func TestCopyButtonTakesNoLine(t *testing.T) {
	long := strings.Repeat("code ", 20)
	for name, c := range map[string]struct {
		text string
		head bool
	}{
		"short":            {"```\na\n```", false},
		"short first":      {"```\na\n" + long + "\n```", false},
		"short last":       {"```\n" + long + "\n}\n```", false},
		"long":             {"```\n" + long[:60] + "\n" + long[:60] + "\n```", true},
		"with a language":  {"```go\na\n```", true},
		"cut where it ran": {"```\n" + strings.Repeat(long[:60]+"\n", 2*foldBeyond) + "}\n```", true},
	} {
		b, _ := bodyOf(t, c.text, newLayouter().code.lineWidth(long[:65]), foldBeyond)
		if b.parts[0].head != c.head {
			t.Errorf("%s: a line above is %v", name, !c.head)
		}
	}
	b, _ := bodyOf(t, "```\n"+long+"\n"+long+"\n}\n```", 300, 0)
	b.keep(2)
	p := &b.parts[0]
	if at := p.copyPlace(newLayouter().copyButton()); !p.head || at.y != p.top+copyInset || p.h != codeHead+2*codePadY+2*codeLine || b.h != p.h {
		t.Errorf("cut: a line above is %v, the button is at %v in %v of %v", p.head, at, p.h, b.h)
	}
}
