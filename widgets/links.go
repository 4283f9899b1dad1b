package widgets

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxLinkBytes bounds what is taken for one address; browsers take no longer.
const maxLinkBytes = 2048

// link is an address in a text: the bytes that show it and what is opened,
// which is the same except for a bare "www." name.
type link struct {
	from, to int
	url      string
}

// linkSchemes are the only addresses that are opened. The value tells whether
// what follows the colon can be one.
var linkSchemes = map[string]func(rest string) bool{
	"http":   isAuthority,
	"https":  isAuthority,
	"xmpp":   func(s string) bool { return startsAlnum(s) || strings.HasPrefix(s, "//") && startsAlnum(s[2:]) },
	"mailto": func(s string) bool { at := strings.IndexByte(s, '@'); return at > 0 && startsAlnum(s[at+1:]) },
	"geo": func(s string) bool {
		s = strings.TrimPrefix(s, "-")
		return s != "" && s[0] >= '0' && s[0] <= '9' && strings.Contains(s, ",")
	},
}

// maxScheme is the length of the longest of them.
const maxScheme = len("mailto")

func isAuthority(s string) bool {
	rest, ok := strings.CutPrefix(s, "//")
	return ok && (startsAlnum(rest) || strings.HasPrefix(rest, "["))
}

func startsAlnum(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}

// findLinks gives the addresses in a harmless text, in order. It reads the text
// once.
func findLinks(s string) []link {
	if !strings.Contains(s, ":") && !strings.Contains(s, ".") {
		return nil
	}
	var out []link
	done := 0 // nothing before is looked at again
	for i := 0; i < len(s); i++ {
		var from int
		url := ""
		switch s[i] {
		case ':':
			from = schemeStart(s, done, i)
			if from < 0 || !linkSchemes[strings.ToLower(s[from:i])](s[i+1:min(len(s), i+1+maxLinkBytes)]) {
				continue
			}
		case 'w', 'W':
			if len(s) < i+5 || !strings.EqualFold(s[i:i+4], "www.") || !startsAlnum(s[i+4:]) || !startsWord(s, done, i) {
				continue
			}
			from, url = i, "https://"
		default:
			continue
		}
		to := trimLink(s, from, linkEnd(s, from))
		if isLink(s, from, to, url != "") {
			out = append(out, link{from, to, url + s[from:to]})
		}
		done = max(to, i+1)
		i = done - 1
	}
	return out
}

// isLink looks at the whole of what was found: the trimming may have left
// nothing behind the scheme, and a bare name needs a second dot.
func isLink(s string, from, to int, bare bool) bool {
	if to-from > maxLinkBytes {
		return false
	}
	if bare {
		return strings.Contains(strings.TrimPrefix(strings.ToLower(s[from:to]), "www."), ".")
	}
	scheme, rest, ok := strings.Cut(s[from:to], ":")
	return ok && linkSchemes[strings.ToLower(scheme)](rest)
}

// schemeStart gives where a known scheme that ends before i begins, or -1.
func schemeStart(s string, done, i int) int {
	j := i
	for j > done && i-j <= maxScheme && isASCIILetter(s[j-1]) {
		j--
	}
	if _, ok := linkSchemes[strings.ToLower(s[j:i])]; !ok || !startsWord(s, done, j) {
		return -1
	}
	return j
}

func isASCIILetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// startsWord tells whether an address may begin at i: not in the midst of a
// word, of a name or of another address.
func startsWord(s string, done, i int) bool {
	if i == done {
		return done == 0 || s[i-1] < 0x80 && !isASCIILetter(s[i-1])
	}
	r, _ := utf8.DecodeLastRuneInString(s[:i])
	return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("-_+.@/:", r)
}

// linkEnd gives where the characters that may stand in an address end.
func linkEnd(s string, from int) int {
	for i, r := range s[from:] {
		if i > maxLinkBytes || endsLink(r) {
			return from + i
		}
	}
	return len(s)
}

func endsLink(r rune) bool {
	switch {
	case r <= ' ', strings.ContainsRune("<>\"`|\\^“”„«»‹›…", r):
		return true
	case r >= 0x3000 && r <= 0x303F, r >= 0xFF00 && r <= 0xFF0F, r >= 0xFF1A && r <= 0xFF20:
		return true // CJK punctuation
	case isJoiner(r), r == utf8.RuneError:
		return true // what cannot be seen must not be opened
	}
	return unicode.IsSpace(r)
}

// trimLink takes punctuation off the end that belongs to the sentence, and
// closing brackets that were not opened inside.
func trimLink(s string, from, to int) int {
	var open [3]int // by kind of bracket, opened less closed
	const opening, closing = "([{", ")]}"
	for i := from; i < to; i++ {
		if k := strings.IndexByte(opening, s[i]); k >= 0 {
			open[k]++
		} else if k := strings.IndexByte(closing, s[i]); k >= 0 {
			open[k]--
		}
	}
	for to > from {
		c := s[to-1]
		k := strings.IndexByte(closing, c)
		switch {
		case strings.IndexByte(".,;:!?'*_~", c) >= 0:
		case k >= 0 && open[k] < 0:
			open[k]++
		case strings.HasSuffix(s[from:to], "’") || strings.HasSuffix(s[from:to], "‘"):
			to -= len("’") - 1
		default:
			if k := strings.IndexByte(opening, c); k < 0 {
				return to
			}
			open[strings.IndexByte(opening, c)]--
		}
		to--
	}
	return to
}
