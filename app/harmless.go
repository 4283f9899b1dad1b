package app

import (
	"runtime"
	"strings"
	"unicode"
)

// harmless makes a text from outside fit for one line of the window or a
// notification: white space of any kind becomes a space, and characters that
// control, hide or reorder what stands beside them are dropped.
func harmless(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069,
			r == 0x200E, r == 0x200F, r == 0x061C, r == 0xFEFF, r >= 0xFFF9 && r <= 0xFFFB:
			return -1
		}
		return r
	}, s))
}

// markupSafe makes a text safe for desktops whose notifications read it as
// markup: all that follow the freedesktop.org specification may.
func markupSafe(s string) string {
	if runtime.GOOS == "darwin" || runtime.GOOS == "windows" {
		return s
	}
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}
