package reactions

import (
	"unicode"

	"github.com/rivo/uniseg"
)

// MaxEmoji bounds the reactions of one person to one message: more are not
// read, and nobody picks them by hand.
const MaxEmoji = 16

// maxEmojiSize bounds one in bytes. The longest in use, a kissing couple with
// two skin tones and the flags made of tags, have up to 35.
const maxEmojiSize = 64

// Clean gives the first MaxEmoji of what was received or chosen that are a
// single emoji (UTS #51), each once, in their order.
func Clean(all []string) []string {
	var out []string
	seen := make(map[string]struct{}, min(len(all), MaxEmoji))
	for _, s := range all {
		if len(out) == MaxEmoji {
			break
		}
		if _, twice := seen[s]; twice || !IsEmoji(s) {
			continue
		}
		seen[s] = struct{}{}
		out = append(out, s)
	}
	return out
}

// IsEmoji tells whether s is shown as a single emoji.
func IsEmoji(s string) bool {
	if s == "" || len(s) > maxEmojiSize {
		return false
	}
	if first, rest, _, _ := uniseg.FirstGraphemeClusterInString(s, -1); rest != "" || first != s {
		return false
	}
	picture, keycap := false, false
	for i, r := range s {
		switch {
		case unicode.Is(pictures, r):
			picture = true
		case r == enclosingKeycap:
			keycap = true
		case i == 0 && (r >= '0' && r <= '9' || r == '#' || r == '*'): // with a keycap only
		case r == zeroWidthJoiner, r == textLook, r == emojiLook, r >= 0xE0020 && r <= 0xE007F: // tags of flags
		default:
			return false
		}
	}
	return picture || keycap
}

const (
	zeroWidthJoiner = 0x200D
	enclosingKeycap = 0x20E3
	textLook        = 0xFE0E
	emojiLook       = 0xFE0F
)

// pictures are the blocks and single characters that have the emoji of UTS #51,
// with the skin tones and the letters of flags.
var pictures = &unicode.RangeTable{
	R16: []unicode.Range16{
		{0x00A9, 0x00A9, 1},
		{0x00AE, 0x00AE, 1},
		{0x203C, 0x203C, 1},
		{0x2049, 0x2049, 1},
		{0x2122, 0x2122, 1},
		{0x2139, 0x2139, 1},
		{0x2194, 0x21AA, 1},
		{0x231A, 0x23FF, 1},
		{0x24C2, 0x24C2, 1},
		{0x25AA, 0x25FE, 1},
		{0x2600, 0x27BF, 1},
		{0x2934, 0x2935, 1},
		{0x2B05, 0x2B55, 1},
		{0x3030, 0x3030, 1},
		{0x303D, 0x303D, 1},
		{0x3297, 0x3299, 2},
	},
	R32:         []unicode.Range32{{0x1F000, 0x1FAFF, 1}},
	LatinOffset: 2,
}
