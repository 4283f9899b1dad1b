package account

import (
	"strings"
	"unicode/utf8"
)

// cut shortens s to at most n bytes without breaking a character. What it
// returns keeps nothing of a longer s in memory.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return strings.Clone(s[:n])
}

// normalize makes all line ends "\n".
func normalize(s string) string {
	if !strings.Contains(s, "\r") {
		return s
	}
	return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
}

// clean makes a text that came from the user fit for XML 1.0: line ends as in
// normalize, and without characters it cannot carry.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || r == '\n':
			return r
		case r < 0x20, r == 0xFFFE, r == 0xFFFF:
			return -1
		}
		return r
	}, normalize(strings.ToValidUTF8(s, "\uFFFD")))
}
