package widgets

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"linnet/assets"
)

// emojiRanges are the characters that are shown as emoji without being asked
// (Emoji_Presentation of UTS 51), with the blocks of pictures taken whole so
// that those of later versions of Unicode are in.
var emojiRanges = &unicode.RangeTable{
	R16: []unicode.Range16{
		{0x231A, 0x231B, 1},
		{0x23E9, 0x23EC, 1},
		{0x23F0, 0x23F3, 3},
		{0x25FD, 0x25FE, 1},
		{0x2614, 0x2615, 1},
		{0x2648, 0x2653, 1},
		{0x267F, 0x2693, 20},
		{0x26A1, 0x26A1, 1},
		{0x26AA, 0x26AB, 1},
		{0x26BD, 0x26BE, 1},
		{0x26C4, 0x26C5, 1},
		{0x26CE, 0x26D4, 6},
		{0x26EA, 0x26EA, 1},
		{0x26F2, 0x26F3, 1},
		{0x26F5, 0x26FA, 5},
		{0x26FD, 0x26FD, 1},
		{0x2705, 0x2705, 1},
		{0x270A, 0x270B, 1},
		{0x2728, 0x2728, 1},
		{0x274C, 0x274E, 2},
		{0x2753, 0x2755, 1},
		{0x2757, 0x2757, 1},
		{0x2795, 0x2797, 1},
		{0x27B0, 0x27BF, 15},
		{0x2B1B, 0x2B1C, 1},
		{0x2B50, 0x2B55, 5},
	},
	R32: []unicode.Range32{
		{0x1F004, 0x1F004, 1},
		{0x1F0CF, 0x1F0CF, 1},
		{0x1F18E, 0x1F18E, 1},
		{0x1F191, 0x1F19A, 1},
		{0x1F1E6, 0x1F1FF, 1},
		{0x1F201, 0x1F201, 1},
		{0x1F21A, 0x1F22F, 21},
		{0x1F232, 0x1F236, 1},
		{0x1F238, 0x1F23A, 1},
		{0x1F250, 0x1F251, 1},
		{0x1F300, 0x1F64F, 1},
		{0x1F680, 0x1F6FF, 1},
		{0x1F7E0, 0x1F7EB, 1},
		{0x1F7F0, 0x1F7F0, 1},
		{0x1F90C, 0x1F9FF, 1},
		{0x1FA70, 0x1FAFF, 1},
	},
}

// isEmoji tells whether a grapheme cluster is shown as an emoji.
func isEmoji(cluster string) bool {
	r, n := utf8.DecodeRuneInString(cluster)
	if r < 0x80 && n == len(cluster) {
		return false
	}
	next, _ := utf8.DecodeRuneInString(cluster[n:])
	switch {
	case next == textStyle:
		return false
	case next == keycap:
		return true
	case next == emojiStyle:
		return r >= 0x80 || len(cluster) > n+len(string(emojiStyle)) // a digit needs its keycap
	}
	return unicode.Is(emojiRanges, r)
}

// joinedEmoji gives where to cut a cluster of several emoji that there is no
// picture of: behind the first one and what joins it to the next. It gives 0 for
// any other.
func joinedEmoji(cluster string) int {
	const joiner = "\u200D"
	i := strings.Index(cluster, joiner)
	if i < 0 || i+len(joiner) == len(cluster) || !isEmoji(cluster) || assets.HasEmoji(cluster) {
		return 0
	}
	return i + len(joiner)
}

// maxBigEmoji is how many emoji alone in a message are shown large.
const maxBigEmoji = 3

// isFewEmoji tells whether a text is one to maxBigEmoji emoji and nothing else.
func isFewEmoji(s string) bool {
	const maxBytes = maxBigEmoji * 40 // a family with skin tones has 41 bytes, most have 4
	if s == "" || s[0] < 0x80 && (len(s) < 2 || s[1] < 0x80) || len(s) > maxBytes {
		return false
	}
	n := 0
	state := -1
	var c string
	for s != "" {
		c, s, state = nextCluster(s, state)
		if c == " " {
			continue
		}
		n++
		if n > maxBigEmoji || !isEmoji(c) {
			return false
		}
	}
	return n > 0
}
