package widgets

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	// maxMarks is how many combining marks stay on one letter. Vietnamese,
	// Thai, pointed Hebrew and Indic scripts need up to four; towers of them
	// paint over the lines of others.
	maxMarks = 4
	// maxHidden is how many invisible joiners and selectors may follow each
	// other: emoji need two.
	maxHidden = 2
)

// sanitise makes a received text harmless to show and to copy: control
// characters, bidi overrides and isolates, and characters that hide text are
// dropped, line ends become "\n", marks are bounded, and white space at the end
// goes. What is shown is what is copied.
func sanitise(s string) string {
	if isPrintableASCII(s) {
		return trimText(s)
	}
	s = strings.ToValidUTF8(s, string(utf8.RuneError))
	var b strings.Builder
	b.Grow(len(s))
	var prev rune // the last one kept
	marks, hidden := 0, 0
	inFlag := false
	for i, r := range s {
		switch {
		case r == '\r' && strings.HasPrefix(s[i+1:], "\n"):
			continue
		case isLineEnd(r):
			r = '\n'
		}
		inFlag = r == blackFlag || inFlag && isTag(r)
		switch {
		case isTag(r) && !inFlag, isDropped(r):
			continue
		case isJoiner(r):
			hidden++
			if hidden > maxHidden || r == prev || prev == 0 || isVariation(r) && unicode.IsSpace(prev) {
				continue
			}
		case unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Me, r):
			marks++
			if marks > maxMarks {
				continue
			}
		default:
			marks, hidden = 0, 0
		}
		b.WriteRune(r)
		prev = r
	}
	return trimText(b.String())
}

// Harmless makes a text from others fit for one line of the window, of a
// notification or of a log: line breaks and runs of white space become a space,
// control characters, bidi overrides and characters that hide are dropped, and
// marks are bounded. What is harmless already comes back as it is.
func Harmless(s string) string {
	s = strings.Join(strings.Fields(sanitise(s)), " ")
	return strings.TrimSpace(sanitise(s)) // a joiner may stand first now
}

// trimText takes white space off the end, and empty lines off the beginning.
func trimText(s string) string {
	s = strings.TrimRightFunc(s, unicode.IsSpace)
	for {
		i := strings.IndexByte(s, '\n')
		if i < 0 || strings.TrimSpace(s[:i]) != "" {
			return s
		}
		s = s[i+1:]
	}
}

func isPrintableASCII(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < ' ' || c > '~') && c != '\n' && c != '\t' {
			return false
		}
	}
	return true
}

func isLineEnd(r rune) bool {
	return r == '\n' || r == '\r' || r == '\v' || r == '\f' || r == 0x85 || r == 0x2028 || r == 0x2029
}

const (
	blackFlag  = '\U0001F3F4' // begins the flags spelled with tag characters
	zwj        = '\u200D'
	emojiStyle = '\uFE0F' // asks for the emoji form of the character before
	textStyle  = '\uFE0E'
	keycap     = '\u20E3'
)

func isTag(r rune) bool { return r >= 0xE0020 && r <= 0xE007F }

func isVariation(r rune) bool { return r >= 0xFE00 && r <= 0xFE0F || r >= 0xE0100 && r <= 0xE01EF }

// isJoiner tells invisible characters that have a use: joiners, break
// opportunities, direction marks and variation selectors.
func isJoiner(r rune) bool {
	return r >= 0x200B && r <= 0x200F || r == 0x061C || isVariation(r)
}

// isDropped tells characters that are never kept: controls, bidi embeddings,
// overrides and isolates, deprecated and invisible formatting, fillers that look
// like nothing, and code points that are not characters.
func isDropped(r rune) bool {
	switch {
	case r == '\n' || r == '\t':
		return false
	case r < ' ', r >= 0x7F && r < 0xA0:
		return true
	case r >= 0x202A && r <= 0x202E, r >= 0x2060 && r <= 0x206F:
		return true
	case r >= 0xFFF9 && r <= 0xFFFB, r == 0xFEFF, r == 0x180E, r == 0x00AD, r == 0x034F:
		return true
	case r == 0x115F, r == 0x1160, r == 0x17B4, r == 0x17B5, r == 0x3164, r == 0xFFA0, r == 0x2800:
		return true
	case r&0xFFFE == 0xFFFE, r >= 0xFDD0 && r <= 0xFDEF:
		return true
	case r >= 0x1D173 && r <= 0x1D17A: // musical formatting
		return true
	}
	return r >= 0xE0000 && r < 0xE0FFF && !isTag(r) && !isVariation(r)
}
