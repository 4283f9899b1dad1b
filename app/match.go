package app

import (
	"strings"
	"unicode"

	"linnet/widgets"
)

// rank says how well a query fits a text.
type rank uint8

const (
	rankNone   rank = iota
	rankInside      // every word of the query is somewhere in the text
	rankWords       // every word of the query begins a word of the text
	rankStart       // and the first begins the text
)

// match compares without case and accents. Every word of the query has to be
// found; spans are where, in the order of the query. An empty query fits
// everything.
func match(query, text string) (rank, []widgets.Span) {
	words := strings.Fields(query)
	if len(words) == 0 {
		return rankStart, nil
	}
	f := widgets.Fold(text)
	best := rankStart
	spans := make([]widgets.Span, 0, len(words))
	for i, w := range words {
		at, r := find(widgets.Fold(w).Runes, f.Runes)
		if r == rankNone {
			return rankNone, nil
		}
		if i > 0 && r == rankWords {
			r = rankStart // only the first word can begin the text
		}
		best = min(best, r)
		spans = append(spans, f.Span(at, at+len(widgets.Fold(w).Runes)))
	}
	return best, spans
}

// find looks for a word, best place first.
func find(word, text []rune) (at int, r rank) {
	for i := 0; i+len(word) <= len(text); i++ {
		if string(text[i:i+len(word)]) != string(word) {
			continue
		}
		switch {
		case i == 0:
			return i, rankStart
		case !unicode.IsLetter(text[i-1]) && !unicode.IsDigit(text[i-1]):
			return i, rankWords
		case r == rankNone:
			at, r = i, rankInside
		}
	}
	return at, r
}
