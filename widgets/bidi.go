package widgets

import (
	"unicode/utf8"

	"fyne.io/fyne/v2/lang"
	"golang.org/x/text/unicode/bidi"
)

// The Unicode Bidirectional Algorithm (UAX 9) for text without embeddings,
// overrides and isolates: sanitise drops those. A paragraph is then one run of
// one level, and what is left are the rules for numbers, neutrals and brackets.

type bidiLevel uint8

// baseLevel gives the direction of a paragraph by its first strong character
// (P2, P3): 0 for left to right, 1 for right to left.
func baseLevel(s string) bidiLevel {
	for i := 0; i < len(s); {
		p, n := bidi.LookupString(s[i:])
		if n == 0 {
			break
		}
		switch p.Class() {
		case bidi.L:
			return 0
		case bidi.R, bidi.AL:
			return 1
		}
		i += n
	}
	return 0
}

// sentenceLevel gives the direction of a sentence of the interface, in which a
// name of another direction may stand first: that of the user's language when
// the text has any of it.
func sentenceLevel(s string) bidiLevel {
	own := baseLevel(lang.L("Show all"))
	for i := 0; i < len(s); {
		p, n := bidi.LookupString(s[i:])
		if n == 0 {
			break
		}
		if c := p.Class(); own == 0 && c == bidi.L || own == 1 && (c == bidi.R || c == bidi.AL) {
			return own
		}
		i += n
	}
	return baseLevel(s)
}

// bidiLevels gives the level of each byte of a paragraph; the bytes of one
// character have the same.
func bidiLevels(s string, base bidiLevel) []bidiLevel {
	classes := make([]bidi.Class, 0, len(s))
	runes := make([]rune, 0, len(s))
	for _, r := range s {
		p, _ := bidi.LookupRune(r)
		c := p.Class()
		if c > bidi.AL { // what sanitise drops
			c = bidi.ON
		}
		classes, runes = append(classes, c), append(runes, r)
	}
	orig := append([]bidi.Class(nil), classes...)
	embed := bidi.L
	if base == 1 {
		embed = bidi.R
	}
	resolveWeak(classes, embed)
	resolveBrackets(classes, runes, embed)
	resolveNeutral(classes, embed)

	levels := make([]bidiLevel, len(s))
	i := 0
	for k, r := range runes {
		l := implicitLevel(classes[k], base)
		if orig[k] == bidi.S || orig[k] == bidi.B {
			l = base
		}
		for range utf8.RuneLen(r) {
			levels[i] = l
			i++
		}
	}
	resetBeforeTabs(s, levels, base)
	return levels
}

// resetBeforeTabs gives white space before a tab the level of the paragraph (L1).
func resetBeforeTabs(s string, levels []bidiLevel, base bidiLevel) {
	for i := range len(s) {
		if s[i] != '\t' {
			continue
		}
		for j := i - 1; j >= 0 && s[j] == ' '; j-- {
			levels[j] = base
		}
	}
}

// implicitLevel is rules I1 and I2.
func implicitLevel(c bidi.Class, base bidiLevel) bidiLevel {
	switch {
	case base == 0 && c == bidi.R:
		return 1
	case base == 0 && (c == bidi.AN || c == bidi.EN):
		return 2
	case base == 1 && (c == bidi.L || c == bidi.EN || c == bidi.AN):
		return 2
	}
	return base
}

// resolveWeak is rules W1 to W7.
func resolveWeak(cs []bidi.Class, embed bidi.Class) {
	prev, strong := embed, embed
	for i, c := range cs { // W1, W2, W3
		if c == bidi.NSM {
			c = prev
		}
		prev = c
		switch c {
		case bidi.L, bidi.R, bidi.AL:
			strong = c
		case bidi.EN:
			if strong == bidi.AL {
				c = bidi.AN
			}
		}
		cs[i] = c
	}
	for i, c := range cs {
		if c == bidi.AL {
			cs[i] = bidi.R
		}
	}
	for i := 1; i+1 < len(cs); i++ { // W4
		a, b := cs[i-1], cs[i+1]
		switch {
		case cs[i] == bidi.ES && a == bidi.EN && b == bidi.EN:
			cs[i] = bidi.EN
		case cs[i] == bidi.CS && a == b && (a == bidi.EN || a == bidi.AN):
			cs[i] = a
		}
	}
	resolveTerminators(cs)
	strong = embed
	for i, c := range cs { // W7
		switch c {
		case bidi.L, bidi.R:
			strong = c
		case bidi.EN:
			if strong == bidi.L {
				cs[i] = bidi.L
			}
		}
	}
}

// resolveTerminators is rules W5 and W6; boundary neutrals go along with the
// terminators around them.
func resolveTerminators(cs []bidi.Class) {
	for i := 0; i < len(cs); {
		if cs[i] != bidi.ET && cs[i] != bidi.BN {
			if cs[i] == bidi.ES || cs[i] == bidi.CS {
				cs[i] = bidi.ON
			}
			i++
			continue
		}
		j, et := i, false
		for j < len(cs) && (cs[j] == bidi.ET || cs[j] == bidi.BN) {
			et = et || cs[j] == bidi.ET
			j++
		}
		to := bidi.ON
		if et && (i > 0 && cs[i-1] == bidi.EN || j < len(cs) && cs[j] == bidi.EN) {
			to = bidi.EN
		}
		for ; i < j; i++ {
			cs[i] = to
		}
	}
}

// strongOf gives the direction a resolved class counts as for neutrals and
// brackets, ON when it has none.
func strongOf(c bidi.Class) bidi.Class {
	switch c {
	case bidi.L:
		return bidi.L
	case bidi.R, bidi.EN, bidi.AN:
		return bidi.R
	}
	return bidi.ON
}

// resolveNeutral is rules N1 and N2.
func resolveNeutral(cs []bidi.Class, embed bidi.Class) {
	before := embed
	for i := 0; i < len(cs); {
		if d := strongOf(cs[i]); d != bidi.ON {
			before = d
			i++
			continue
		}
		j := i
		for j < len(cs) && strongOf(cs[j]) == bidi.ON {
			j++
		}
		after := embed
		if j < len(cs) {
			after = strongOf(cs[j])
		}
		to := embed
		if before == after {
			to = before
		}
		for ; i < j; i++ {
			cs[i] = to
		}
	}
}

// maxOpenBrackets is the depth at which rule N0 gives up (BD16).
const maxOpenBrackets = 63

type bracketPair struct{ open, close int }

// bracketPairs finds the pairs of a paragraph, ordered by the opening one.
func bracketPairs(cs []bidi.Class, runes []rune) []bracketPair {
	var stack []int
	closer := make(map[int]int)
	var opens []int
	for i, r := range runes {
		if cs[i] != bidi.ON {
			continue
		}
		p, _ := bidi.LookupRune(r)
		if !p.IsBracket() {
			continue
		}
		if p.IsOpeningBracket() {
			if len(stack) == maxOpenBrackets {
				return nil
			}
			stack = append(stack, i)
			continue
		}
		for k := len(stack) - 1; k >= 0; k-- {
			if mirrors[runes[stack[k]]] == r {
				closer[stack[k]] = i
				opens = append(opens, stack[k])
				stack = stack[:k]
				break
			}
		}
	}
	pairs := make([]bracketPair, 0, len(opens))
	for i := range runes {
		if c, ok := closer[i]; ok {
			pairs = append(pairs, bracketPair{i, c})
		}
		if len(pairs) == len(opens) {
			break
		}
	}
	return pairs
}

// resolveBrackets is rule N0. It looks at what is inside of each pair once; a
// text of deep pairs is bounded by maxOpenBrackets.
func resolveBrackets(cs []bidi.Class, runes []rune, embed bidi.Class) {
	for _, p := range bracketPairs(cs, runes) {
		same, other := false, false
		for _, c := range cs[p.open+1 : p.close] {
			switch d := strongOf(c); {
			case d == embed:
				same = true
			case d != bidi.ON:
				other = true
			}
			if same {
				break
			}
		}
		to := bidi.ON
		switch {
		case same:
			to = embed
		case other:
			to = embed
			if strongBefore(cs, p.open, embed) != embed {
				to = opposite(embed)
			}
		}
		if to != bidi.ON {
			cs[p.open], cs[p.close] = to, to
		}
	}
}

func strongBefore(cs []bidi.Class, i int, embed bidi.Class) bidi.Class {
	for i--; i >= 0; i-- {
		if d := strongOf(cs[i]); d != bidi.ON {
			return d
		}
	}
	return embed
}

func opposite(c bidi.Class) bidi.Class {
	if c == bidi.L {
		return bidi.R
	}
	return bidi.L
}

// mirrors gives the other form of characters that look the other way in text
// that runs from right to left (the common ones of BidiMirroring).
var mirrors = map[rune]rune{
	'(': ')', ')': '(', '[': ']', ']': '[', '{': '}', '}': '{', '<': '>', '>': '<',
	'«': '»', '»': '«', '‹': '›', '›': '‹', '≤': '≥', '≥': '≤', '⟨': '⟩', '⟩': '⟨',
	'〈': '〉', '〉': '〈', '《': '》', '》': '《', '「': '」', '」': '「', '『': '』', '』': '『',
	'【': '】', '】': '【', '（': '）', '）': '（', '［': '］', '］': '［', '｛': '｝', '｝': '｛',
	'⁅': '⁆', '⁆': '⁅', '⁽': '⁾', '⁾': '⁽', '₍': '₎', '₎': '₍', '❨': '❩', '❩': '❨',
	'〔': '〕', '〕': '〔', '〖': '〗', '〗': '〖',
}

// visualOrder gives the order in which runs of the given levels stand on the
// line from left to right (L2).
func visualOrder(levels []bidiLevel) []int {
	order := make([]int, len(levels))
	var top bidiLevel
	lowOdd := bidiLevel(255)
	for i, l := range levels {
		order[i] = i
		top = max(top, l)
		if l%2 == 1 {
			lowOdd = min(lowOdd, l)
		}
	}
	for l := top; l >= lowOdd && l > 0; l-- {
		for i := 0; i < len(order); {
			if levels[order[i]] < l {
				i++
				continue
			}
			j := i
			for j < len(order) && levels[order[j]] >= l {
				j++
			}
			for a, b := i, j-1; a < b; a, b = a+1, b-1 {
				order[a], order[b] = order[b], order[a]
			}
			i = j
		}
	}
	return order
}
