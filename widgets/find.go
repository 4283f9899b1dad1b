package widgets

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxFound bounds how many places are marked in one text.
const maxFound = 1000

// Folded is a text prepared for comparing without case and accents.
type Folded struct {
	Runes []rune
	// At gives for each of Runes the byte of the text where its character
	// begins; the last entry is the length of the text.
	At []int
}

// Fold prepares a text for comparing.
func Fold(s string) Folded {
	f := Folded{Runes: make([]rune, 0, len(s)), At: make([]int, 0, len(s)+1)}
	for i, r := range s {
		if r < utf8.RuneSelf {
			f.Runes, f.At = append(f.Runes, unicode.ToLower(r)), append(f.At, i)
			continue
		}
		for _, d := range norm.NFD.String(string(r)) {
			if !unicode.Is(unicode.Mn, d) {
				f.Runes, f.At = append(f.Runes, unicode.ToLower(d)), append(f.At, i)
			}
		}
	}
	f.At = append(f.At, len(s))
	return f
}

// FindMatches gives where the words of a query are in a text, whatever the case
// and the accents, in order and apart. There may be a good many; beyond a
// thousand they are not told.
func FindMatches(text, query string) []Span {
	words := strings.Fields(query)
	if len(words) == 0 {
		return nil
	}
	f := Fold(text)
	var out []Span
	for _, w := range words {
		word := Fold(w).Runes
		for i := 0; len(word) > 0 && i+len(word) <= len(f.Runes) && len(out) < maxFound; {
			if !slices.Equal(f.Runes[i:i+len(word)], word) {
				i++
				continue
			}
			i += len(word)
			out = append(out, Span{From: f.At[i-len(word)], To: f.At[i]})
		}
	}
	return joinSpans(out)
}

// joinSpans puts spans in order and makes one of those that touch.
func joinSpans(spans []Span) []Span {
	slices.SortFunc(spans, func(a, b Span) int { return a.From - b.From })
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

// SetFind marks the words of a query in the text of all rows, as FindMatches
// finds them; an empty one marks nothing. Rows that come later are marked, too.
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
