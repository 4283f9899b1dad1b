package widgets

import (
	"strings"
	"testing"

	"golang.org/x/text/unicode/bidi"
)

// visual gives a paragraph the way it is read from left to right. Capitals stand
// for Hebrew letters.
func visual(s string) string {
	logical := strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			return 'א' + r - 'A'
		}
		return r
	}, s)
	levels := bidiLevels(logical, baseLevel(logical))
	runes := []rune(s)
	var perRune []bidiLevel
	for i := range logical {
		perRune = append(perRune, levels[i])
	}
	var out strings.Builder
	for _, i := range visualOrder(perRune) {
		r := runes[i]
		if m, ok := mirrors[r]; ok && perRune[i]%2 == 1 {
			r = m
		}
		out.WriteRune(r)
	}
	return out.String()
}

func TestBidiOrder(t *testing.T) {
	for in, want := range map[string]string{
		"plain text":       "plain text",
		"he said ABC DEF.": "he said FED CBA.",
		"ABC said he.":     ".said he CBA",
		"ABC 123":          "123 CBA",
		"abc DEF 123 ghi":  "abc 123 FED ghi",
		"ABC-123":          "123-CBA",
		"it costs 10 ABC":  "it costs 10 CBA",
		"ABC (def) GHI":    "IHG (def) CBA",
		"abc (DEF) ghi":    "abc (FED) ghi",
		"ABC (DEF)":        "(FED) CBA",
		"ABC 12.5 DEF":     "FED 12.5 CBA",
		"ABC $5 DEF":       "FED $5 CBA",
		"a (B) c":          "a (B) c",
		"a[B]C)":           "a[B]C)",
		"(A) (b) [1]":      "[1] (b) (A)",
		"ABC!":             "!CBA",
		"":                 "",
	} {
		if got := visual(in); got != want {
			t.Errorf("%q is shown as %q, want %q", in, got, want)
		}
	}
}

// The levels must agree with the directions of x/text, which does not tell
// levels. It resolves the closing one of a pair of brackets on its own, against
// rule N0, so those are left to the table above.
func FuzzBidiLevels(f *testing.F) {
	for _, s := range []string{"Hello مرحبا שלום", "שלום 123 (abc)", "١٢٣ + 4,5%", "ב1-2,3ג", "א. b! 1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		s = strings.ReplaceAll(sanitise(s), "\n", " ")
		if s == "" || len(s) > 200 || strings.ContainsFunc(s, isBracketOrEnd) {
			return
		}
		base := baseLevel(s)
		levels := bidiLevels(s, base)
		if len(levels) != len(s) {
			t.Fatalf("%d levels for %d bytes", len(levels), len(s))
		}
		dir := bidi.LeftToRight
		if base == 1 {
			dir = bidi.RightToLeft
		}
		var p bidi.Paragraph
		if _, err := p.SetString(s, bidi.DefaultDirection(dir)); err != nil {
			t.Fatal(err)
		}
		order, err := p.Order()
		if err != nil {
			t.Fatal(err)
		}
		var want []bidi.Direction
		for i := range order.NumRuns() {
			r := order.Run(i)
			for range []rune(r.String()) {
				want = append(want, r.Direction())
			}
		}
		k := 0
		for i, r := range s {
			c, _ := bidi.LookupRune(r)
			if c.Class() != bidi.BN && (levels[i]%2 == 1) != (want[k] == bidi.RightToLeft) {
				t.Fatalf("%q (base %d): level %d at %d, x/text says %v", s, base, levels[i], i, want[k])
			}
			k++
		}
	})
}

func isBracketOrEnd(r rune) bool {
	p, _ := bidi.LookupRune(r)
	return p.Class() == bidi.B || p.IsBracket()
}

// FuzzVisualOrder holds that the order is one of all the runs.
func FuzzVisualOrder(f *testing.F) {
	f.Add([]byte{0, 1, 2, 1, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		levels := make([]bidiLevel, len(b))
		for i := range b {
			levels[i] = bidiLevel(b[i] % 3)
		}
		seen := make([]bool, len(b))
		for _, i := range visualOrder(levels) {
			if seen[i] {
				t.Fatalf("%v: %d twice", levels, i)
			}
			seen[i] = true
		}
	})
}
