package widgets

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestSanitise(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"plain":             {"Good night", "Good night"},
		"spaces at the end": {"ok  \t\n\n", "ok"},
		"empty lines first": {"\n  \n\tcode", "\tcode"},
		"line ends":         {"a\r\nb\rc\u2028d\u0085e\vf", "a\nb\nc\nd\ne\nf"},
		"controls":          {"a\x00b\x1b[31mc\x7f\u009b", "ab[31mc"},
		"override":          {"abc\u202Egpj.exe", "abcgpj.exe"},
		"embeddings":        {"\u202Aa\u202Bb\u202Cc\u202D", "abc"},
		"isolates":          {"\u2066a\u2067b\u2068c\u2069", "abc"},
		"marks are kept":    {"a\u200Eb\u200Fc", "a\u200Eb\u200Fc"},
		"marks once":        {"a\u200E\u200E\u200E\u200Eb", "a\u200Eb"},
		"no hidden run":     {"a\u200B\u200C\u200B\u200C\u200B\u200Cb", "a\u200B\u200Cb"},
		"no joiner first":   {"\u200Bhi", "hi"},
		"fillers":           {"a\u3164\u115F\uFEFF\u2060\u00AD\u034Fb", "ab"},
		"tags hide text":    {"hi\U000E0068\U000E0069", "hi"},
		"flag of Scotland":  {"\U0001F3F4\U000E0067\U000E0062\U000E0073\U000E0063\U000E0074\U000E007F", "\U0001F3F4\U000E0067\U000E0062\U000E0073\U000E0063\U000E0074\U000E007F"},
		"family":            {"👩‍👩‍👧", "👩‍👩‍👧"},
		"heart on fire":     {"❤️‍🔥", "❤️‍🔥"},
		"broken UTF-8":      {"a\xff\xfeb", "a\uFFFDb"},
		"towers":            {"Z" + strings.Repeat("\u0337", 30) + "a", "Z" + strings.Repeat("\u0337", maxMarks) + "a"},
		"vietnamese":        {"ệ", "ệ"},
		"pointed hebrew":    {"שָׁלוֹם", "שָׁלוֹם"},
		"noncharacters":     {"a\uFFFEb\U0010FFFFc", "abc"},
	} {
		if got := sanitise(c.in); got != c.want {
			t.Errorf("%s: %+q, want %+q", name, got, c.want)
		}
	}
	if got := Harmless(" Juliet\n\tCapulet\u202E "); got != "Juliet Capulet" {
		t.Errorf("a name came as %q", got)
	}
}

func FuzzSanitise(f *testing.F) {
	for _, s := range []string{"a\u202Eb", "Z\u0337\u0337\u0337\u0337\u0337", "👩‍👩‍👧 \r\n", "\xff", "\U0001F3F4\U000E0067x\U000E0067"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := sanitise(s)
		if !utf8.ValidString(got) {
			t.Fatalf("%+q is not UTF-8", got)
		}
		if again := sanitise(got); again != got {
			t.Fatalf("%+q becomes %+q the second time", got, again)
		}
		marks := 0
		for _, r := range got {
			if isDropped(r) || isLineEnd(r) && r != '\n' {
				t.Fatalf("%+q has %U", got, r)
			}
			switch {
			case isJoiner(r):
			case unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Me, r):
				if marks++; marks > maxMarks {
					t.Fatalf("%+q has a tower of marks", got)
				}
			default:
				marks = 0
			}
		}
	})
}
