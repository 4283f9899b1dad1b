package widgets

import (
	"fmt"
	"strings"
	"testing"
)

// told writes a styled text in a form that is easy to compare: a block on each
// line, with the quotes it stands in, the language of code, and spans in
// brackets behind the letters of their styles.
func told(s styledText) string {
	if s.blocks == nil {
		return s.shown
	}
	var out []string
	for _, b := range s.blocks {
		head := strings.Repeat(">", b.quotes)
		if b.kind == blockCode {
			head += "#" + b.info + " "
		}
		text, at := "", b.from
		for _, sp := range b.spans {
			text += s.shown[at:sp.from]
			for i, c := range "bisc" {
				if sp.style&(1<<i) != 0 {
					text += string(c)
				}
			}
			text += "[" + s.shown[sp.from:sp.to] + "]"
			at = sp.to
		}
		out = append(out, head+strings.ReplaceAll(text+s.shown[at:b.to], "\n", "|"))
	}
	return strings.Join(out, "\n")
}

func TestStylingSpans(t *testing.T) {
	for in, want := range map[string]string{
		// Those of the standard.
		"plain span":             "plain span",
		"*strong span*":          "b[strong span]",
		"plain _emphasis_ plain": "plain i[emphasis] plain",
		"`pre` plain *strong*":   "c[pre] plain b[strong]",
		"*strong*plain*":         "b[strong]plain*",
		"* plain *strong*":       "* plain b[strong]",
		"not strong*":            "not strong*",
		"*not strong":            "*not strong",
		"*not \n strong*":        "*not \n strong*",
		"*not *strong":           "*not *strong",
		"**":                     "**",
		"***":                    "***",
		"****":                   "****",
		"There are three blocks in this body, one per line,\nbut there is no *formatting\nas spans* may not escape blocks.": "There are three blocks in this body, one per line,\nbut there is no *formatting\nas spans* may not escape blocks.",
		"Two spans, both *alike in dignity*":                                  "Two spans, both b[alike in dignity]",
		"The full title is _Twelfth Night, or What You Will_ but\n_most_ cut": "The full title is i[Twelfth Night, or What You Will] but|i[most] cut",
		"Everyone ~dis~likes cake.":                                           "Everyone s[dis]likes cake.",
		"Wow, I can write in `monospace`!":                                    "Wow, I can write in c[monospace]!",
		"This is `*monospace*`":                                               "This is c[*monospace*]",
		"This is *`monospace and bold`*":                                      "This is bc[monospace and bold]",

		// What follows from its rules.
		"*a _b* c_":                 "b[a _b] c_",
		"*_~`all`~_*":               "bisc[all]",
		"*this _cannot overlap*_":   "b[this _cannot overlap]_",
		"_no `with *children*` _":   "_no c[with *children*] _",
		"a_b_c d*e*f 2*3*4":         "a_b_c d*e*f 2*3*4",
		"snake_case and _it_":       "snake_case and i[it]",
		"**bold**":                  "**bold**",
		"* a* b *":                  "* a* b *",
		"*a *":                      "*a *",
		"*\u3000a*":                 "*\u3000a*",
		"\u00a0*a*\u2003*b*":        "\u00a0b[a]\u2003b[b]",
		"(*a*)":                     "(*a*)",
		"_a https://b.example/c_d":  "_a https://b.example/c_d",
		"_a https://b.example/c_d_": "i[a https://b.example/c_d]",
		"https://a.example/?q= *b*": "https://a.example/?q= b[b]",
		"*a*, _b_; ~c~.":            "b[a], i[b]; s[c].",
		"_a_~b~":                    "i[a]~b~",
		"*_*":                       "b[_]",
		"*__a_*":                    "b[__a_]",
		"*a _b ~c~ d_ e*":           "b[a ]bi[b ]bis[c]bi[ d]b[ e]",
		"`a *b` c*":                 "c[a *b] c*",
		"*ä*ö *😀*":                  "b[ä]ö b[😀]",
		"`` a ``":                   "`` a ``",
		"*\xff*":                    "b[\xff]",
	} {
		if got := told(parseStyling(in, 0)); got != want {
			t.Errorf("%q is read as\n%s\nwant\n%s", in, got, want)
		}
	}
}

func TestStylingBlocks(t *testing.T) {
	for in, want := range map[string]string{
		// Those of the standard.
		"```ignored\n(println \"Hello, *world*!\")\n```\n\nThis should be plain": "#ignored (println \"Hello, *world*!\")\n|This should be plain",
		"> ```\n> (println \"Hello, world!\")\n\nThis is *strong*!":              ">#  (println \"Hello, world!\")\n|This is b[strong]!",
		"> That that is, is.\n\nSaid the old hermit of Prague.":                  ">That that is, is.\n|Said the old hermit of Prague.",
		">> That that is, is.\n> Said the old hermit of Prague.\n\nWho?":         ">>That that is, is.\n>Said the old hermit of Prague.\n|Who?",

		// What follows from its rules.
		"> a\n> *b*\nc":                      ">a|b[b]\nc",
		">a\n>  b":                           ">a| b",
		"> > a\n>b":                          ">>a\n>b",
		" > no quote":                        " > no quote",
		"a > b":                              "a > b",
		"```\na```\n ```\n```\nb":            "#  a```| ```\nb",
		"```\nnever *ended*\n> no":           "#  never *ended*|> no",
		"```go run\nx\n```":                  "#  go run|x",
		"```one line```":                     "#  one line```",
		"```go\nx\n```more\n```":             "#go x|```more",
		"> ```go\n> a\n>\n>   b\n> ```\n> c": ">#go a||  b\n>c",
		"> ```\n>> a\nb":                     ">#  > a\nb",
		">> ```\n>> a\n> b":                  ">>#  a\n>b",
		"> ```\n> a\n```\nb\n```":            ">#  a\n#  b",
		"```\n```\nx":                        "```\n```\nx",
		"> ```\n> ```\n> x":                  ">```|```|x",
		"```":                                "```",
		"```go":                              "```go",
		">":                                  ">",
		"> \n> >":                            "> \n> >",
		">>>>>>>>>> deep":                    ">>>>>>>>>> deep",
		"> _ <":                              ">_ <",
		"a\n\n*b*":                           "a||b[b]",
	} {
		want = strings.ReplaceAll(want, "#  ", "# ")
		if got := told(parseStyling(in, 0)); got != want {
			t.Errorf("%q is read as\n%s\nwant\n%s", in, got, want)
		}
	}
}

// A name before what somebody does is no part of what they said.
func TestStylingBehindName(t *testing.T) {
	for in, want := range map[string]string{
		"*Juliet* sighs":           "*Juliet* sighs",
		"*Juliet* _sighs_":         "*Juliet* i[sighs]",
		"> x ``` says\n> *b*":      "> x ``` says\n>b[b]",
		"_Romeo and *goes* after_": "_Romeo and b[goes] after_",
	} {
		from := strings.IndexByte(in, ' ') + 1
		if in[0] == '>' {
			from = len("> x ``` ")
		}
		if got := told(parseStyling(in, from)); got != want {
			t.Errorf("%q is read as\n%s\nwant\n%s", in, got, want)
		}
	}
}

func TestStylingCap(t *testing.T) {
	long := "*a* " + strings.Repeat("x", maxStyled)
	if s := parseStyling(long, 0); s.blocks != nil || s.shown != long {
		t.Error("a very long text is styled")
	}
}

// What is copied out of a styled text has the directives of what is copied
// whole, and no others.
func TestStyledCopied(t *testing.T) {
	for _, c := range []struct{ in, part, want string }{
		{"see *bold text* here", "bold text", "*bold text*"},
		{"see *bold text* here", "bold", "bold"},
		{"see *bold text* here", "see bold", "see bold"},
		{"see *bold text* here", "see bold text here", "see *bold text* here"},
		{"*a _b_ c*", "b", "_b_"},
		{"*a _b_ c*", "a b", "a _b_"},
		{"> one\n> two\nend", "one", "> one"},
		{"> one\n> two\nend", "on", "on"},
		{"> one\n> two\nend", "ne\ntw", "ne\n> tw"},
		{"> one\n> two\nend", "one\ntwo\nend", "> one\n> two\nend"},
		{"> one\n> two\nend", "one\n", "> one\n"},
		{"```go\na\nb\n```\nend", "a", "a"},
		{"```go\na\nb\n```\nend", "a\nb", "```go\na\nb\n```"},
		{"```go\na\nb\n```\nend", "b\nend", "b\nend"},
		{"> ```\n> a\n> b", "a\nb", "> ```\n> a\n> b"},
	} {
		s := parseStyling(c.in, 0)
		i := strings.Index(s.shown, c.part)
		if i < 0 {
			t.Errorf("%q is not in %q", c.part, s.shown)
			continue
		}
		if got := s.copied(i, i+len(c.part)); got != c.want {
			t.Errorf("%q of %q is copied as %q, want %q", c.part, c.in, got, c.want)
		}
	}
}

// checkStyled holds what must be true of every text.
func checkStyled(src string, from int) error {
	s := parseStyling(src, from)
	if got := s.copied(0, len(s.shown)); got != src {
		return fmt.Errorf("all of it is copied as %q", got)
	}
	at := 0
	for i, b := range s.blocks {
		if i > 0 {
			at++ // the line feed between blocks
		}
		if b.from != at || b.to < b.from || b.to > len(s.shown) {
			return fmt.Errorf("block %d is from %d to %d, after %d", i, b.from, b.to, at)
		}
		last := b.from
		for _, sp := range b.spans {
			if sp.from < last || sp.to <= sp.from || sp.to > b.to || sp.style == 0 {
				return fmt.Errorf("span %v after %d in %v", sp, last, b)
			}
			if strings.Contains(s.shown[sp.from:sp.to], "\n") {
				return fmt.Errorf("span %v runs over a line", sp)
			}
			last = sp.to
		}
		at = b.to
	}
	if s.blocks != nil && at != len(s.shown) {
		return fmt.Errorf("the blocks end at %d of %d", at, len(s.shown))
	}
	return nil
}

// maxStepsPerByte is how often the parser may look at a byte.
const maxStepsPerByte = 8

func stepsOf(src string) int {
	p := stylingParser{src: src}
	p.readLines()
	p.write()
	return p.steps
}

// However deep or broken a text is, reading it takes steps in proportion to its
// length.
func TestStylingIsLinear(t *testing.T) {
	const n = 100_000
	for _, unit := range []string{
		"*", "*a", "*a ", "* a", "*_~`", "*a _b ~c `d ", "a* b_ c~ d` ", "`", "` a", "~*_a", "_*a* ",
		">", "> ", ">\n", "> > ```\n", "```\n", "```a\n", "> ```\n>> x\n", "\n", ">>>>>>>>>>\n", "```\n\n```\n", " *a *b", "\xff*", "*\u3000",
	} {
		src := strings.Repeat(unit, n/len(unit))
		if steps := stepsOf(src); steps > maxStepsPerByte*len(src) {
			t.Errorf("%q repeated takes %d steps for %d bytes", unit, steps, len(src))
		}
	}
}

func FuzzStyling(f *testing.F) {
	for _, s := range []string{
		"*a _b ~c~ d_ e* `f`", "> a\n>> ```go\n>> x\n> b", "```\na\n```\n\n*b*", "**a** _*b_*", "> > > *a*\n```", "/me *a*",
	} {
		f.Add(s, uint8(0))
		f.Add(s, uint8(4))
	}
	f.Fuzz(func(t *testing.T, s string, from uint8) {
		n := min(int(from), len(s))
		if i := strings.IndexByte(s, '\n'); i >= 0 {
			n = min(n, i)
		}
		if err := checkStyled(s, n); err != nil {
			t.Fatalf("%q: %v", s, err)
		}
		if steps := stepsOf(s); steps > maxStepsPerByte*len(s)+maxStepsPerByte {
			t.Fatalf("%q takes %d steps", s, steps)
		}
	})
}

func TestPreview(t *testing.T) {
	for in, want := range map[string]string{
		"plain  words\nhere":         "plain words here",
		"*bold* and `code`":          "bold and code",
		"> asked\n> twice\n\nanswer": "answer",
		"> only *this*":              "only this",
		"```go\nx := 1\n```\nso":     "x := 1 so",
		"\u202e*a*\u202e":            "a",
		"":                           "",
	} {
		if got := Preview(in); got != want {
			t.Errorf("%q is told as %q, want %q", in, got, want)
		}
	}
}
