package widgets

import (
	"strings"
	"testing"
)

func TestLabelFits(t *testing.T) {
	f := typefaceFor(TextBody, false)
	for _, c := range []struct {
		text  string
		width float32
		want  string
	}{
		{"short", 200, "short"},
		{"two\nlines\tand a tab", 200, "two lines and a tab"},
		{"Romeo\u202egnp.exe\u0000", 300, "Romeognp.exe"},
		{"", 100, ""},
		{"text", 0, ""},
		{"text", -3, ""},
		{"text", 2, "…"},
	} {
		if got := lookOf(f, c.text, c.width).text; got != c.want {
			t.Errorf("%q in %v shows as %q, want %q", c.text, c.width, got, c.want)
		}
	}
	for _, text := range []string{
		"The exchange of thy love's faithful vow for mine",
		"החלפת נדר אהבתך הנאמן בשלי, כך אמר רומיאו",
		"tiếng Việt, 中文字 and العربية in one line",
	} {
		k := lookOf(f, text, 120)
		if k.w > 120 || k.w < 80 || !strings.HasSuffix(k.text, ellipsis) {
			t.Errorf("%q is %v wide, room for 120", k.text, k.w)
		}
	}
	const family = "👩‍👩‍👧"
	k := lookOf(f, strings.Repeat(family, 6), 60)
	if n := len(k.text) - len(ellipsis); n <= 0 || n%len(family) != 0 {
		t.Errorf("an emoji of several parts was cut: %q", k.text)
	}
}

func TestLabelOrder(t *testing.T) {
	f := typefaceFor(TextBody, true)
	for _, c := range []struct{ text, left, right string }{
		{"שלום Romeo", "Romeo", "שלום"},
		{"Romeo שלום", "Romeo", "שלום"},
		{"Hi 😀", "Hi", "😀"},
	} {
		k := lookOf(f, c.text, 400)
		first, last := k.runs[0], k.runs[len(k.runs)-1]
		if strings.TrimSpace(first.text) != c.left || strings.TrimSpace(last.text) != c.right {
			t.Errorf("%q stands as %q … %q", c.text, first.text, last.text)
		}
		if first.x >= last.x || last.x >= k.w {
			t.Errorf("%q: runs at %v and %v of %v", c.text, first.x, last.x, k.w)
		}
	}
	// What is cut off a text from right to left is at its left.
	k := lookOf(f, "החלפת נדר אהבתך הנאמן בשלי", 90)
	if !strings.Contains(k.runs[0].text, ellipsis) {
		t.Errorf("the ellipsis is not at the left: %q", k.runs[0].text)
	}
}

func TestLabelMarks(t *testing.T) {
	l := NewLabel("Set status: Be right back", TextBody, ColorText)
	l.Mark([]Span{{12, 14}, {13, 14}, {40, 50}})
	window(t, NewColumn(0, l), 300, 60)
	var bold []string
	for _, o := range all[*Run](l) {
		if o.drawn.face.style.Bold {
			bold = append(bold, o.Text())
		}
	}
	if len(bold) != 1 || bold[0] != "Be" {
		t.Errorf("bold are %q, want only Be", bold)
	}
	l.SetText("Set status: away")
	for _, o := range all[*Run](l) {
		if o.drawn.face.style.Bold {
			t.Errorf("%q is still bold in another text", o.Text())
		}
	}
	l.SetText("a\u202Eb c")
	l.Mark([]Span{{0, 1}})
	for _, o := range all[*Run](l) {
		if o.drawn.face.style.Bold {
			t.Errorf("a mark counted in another text holds: %q", o.Text())
		}
	}
}

func TestLabelAlignment(t *testing.T) {
	for _, text := range []string{"text", "שלום"} {
		left, mid, right := NewLabel(text, TextBody, ColorText), NewLabel(text, TextBody, ColorText).Centered(), NewLabel(text, TextBody, ColorText).Trailing()
		window(t, NewColumn(0, left, mid, right), 300, 80)
		w := left.Width()
		for i, l := range []*Label{left, mid, right} {
			if x, want := all[*Run](l)[0].Position().X, float32(i)*(300-w)/2; abs(x-want) > 0.5 {
				t.Errorf("%q, alignment %d: at %v, want %v", text, i, x, want)
			}
		}
	}
}

func TestLabelFollowsTheme(t *testing.T) {
	l := NewLabel("text", TextBody, ColorText)
	window(t, NewColumn(0, l), 300, 80)
	defer useTheme(lightTheme)
	useTheme(darkTheme)
	l.Refresh()
	if want, _ := Palette(ColorText, darkTheme.variant); all[*Run](l)[0].drawn.ink != want {
		t.Errorf("drawn in %v, want %v", all[*Run](l)[0].drawn.ink, want)
	}
}

func FuzzLabel(f *testing.F) {
	f.Add("Juliet \u202E\u0301\u0301👩‍👩‍👧 שלום\n", float32(60))
	f.Fuzz(func(t *testing.T, text string, width float32) {
		h := Harmless(text)
		if again := Harmless(h); again != h {
			t.Fatalf("%q becomes %q and then %q", text, h, again)
		}
		width = min(max(width, -1), 400)
		face := typefaceFor(TextBody, false)
		if k := lookOf(face, text, width); k.w > width && k.text != ellipsis && k.text != "" {
			t.Fatalf("%q is %v wide, room for %v", k.text, k.w, width)
		}
		clear(looks)
	})
}

// BenchmarkLabel shows other texts of one width, most of them known, as rows do
// that scroll.
func BenchmarkLabel(b *testing.B) {
	l := NewLabel("", TextSecondary, ColorText)
	window(b, NewColumn(0, l), 300, 60)
	texts := strings.Fields(strings.Repeat("soft what light through yonder window breaks ", 4))
	for i := range texts {
		texts[i] = strings.Repeat(texts[i]+" ", 12)
	}
	for i := 0; b.Loop(); i++ {
		l.set(texts[i%len(texts)])
		putLabel(l, 0, 0, 200, 20)
	}
}
