package widgets

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// maxFound bounds how many places are marked in one text.
const maxFound = 1000

// Folded is a text prepared for comparing without case, accents and the kind of
// space.
type Folded struct {
	Runes []rune
	at    []int // for each of Runes the byte where its character begins, and at last the length of the text
}

// Fold prepares a text for comparing. Ligatures and the like are taken apart.
func Fold(s string) Folded {
	f := Folded{Runes: make([]rune, 0, len(s)), at: make([]int, 0, len(s)+1)}
	add := func(r rune, at int) {
		if unicode.IsSpace(r) {
			r = ' '
		}
		f.Runes, f.at = append(f.Runes, r), append(f.at, at)
	}
	fold := cases.Fold()
	for i, r := range s {
		if r < utf8.RuneSelf {
			add(unicode.ToLower(r), i)
			continue
		}
		for _, d := range norm.NFKD.String(fold.String(norm.NFKD.String(string(r)))) {
			if !unicode.Is(unicode.Mn, d) {
				add(d, i)
			}
		}
	}
	f.at = append(f.at, len(s))
	return f
}

// Span gives where in the text the characters are that Runes[from:to] came of.
func (f *Folded) Span(from, to int) Span {
	for to > from && to < len(f.Runes) && f.at[to] == f.at[to-1] {
		to++ // the character became several
	}
	return Span{From: f.at[from], To: f.at[to]}
}

// FindMatches gives where a text has a query in it, whatever the case, the
// accents and the kind of space, in order and apart. There may be a good many;
// beyond a thousand they are not told.
func FindMatches(text, query string) []Span {
	look := Fold(strings.TrimSpace(query)).Runes
	if len(look) == 0 {
		return nil
	}
	f := Fold(text)
	var out []Span
	for i := 0; i+len(look) <= len(f.Runes) && len(out) < maxFound; {
		if !slices.Equal(f.Runes[i:i+len(look)], look) {
			i++
			continue
		}
		out = append(out, f.Span(i, i+len(look)))
		i += len(look)
	}
	return joinSpans(out)
}

// joinSpans makes one of spans that touch, which are in order.
func joinSpans(spans []Span) []Span {
	out := spans[:0]
	for _, s := range spans {
		if n := len(out) - 1; n >= 0 && s.From <= out[n].To {
			out[n].To = max(out[n].To, s.To)
			continue
		}
		out = append(out, s)
	}
	return out
}

// SetFind marks where the text of any row has a query in it, as FindMatches finds
// it; an empty one marks nothing. Rows that come later are marked, too.
func (t *Transcript) SetFind(query string) {
	if t.find != query {
		t.find = query
		t.redraw()
	}
}

// findIn brings what is marked in a row up to date.
func (it *rowItem) findIn(query string) {
	if it.foundFor != query {
		it.found, it.foundFor = FindMatches(it.text, query), query
	}
}
