package widgets

import (
	"strings"
	"unicode/utf8"
)

// wrapCode breaks code into lines of at most maxW, and of at most maxLines lines
// (0 for all). Unlike among words, all white space counts; a line that is full
// ends behind the last space in its right half, or else wherever it is full. Code
// always runs from left to right.
func (f *typeface) wrapCode(text string, maxW float32, maxLines int) *textBlock {
	b := &textBlock{face: f, text: text}
	maxW = max(maxW, f.size)
	for from := 0; !b.more; {
		to := len(text)
		if n := strings.IndexByte(text[from:], '\n'); n >= 0 {
			to = from + n
		}
		par := len(b.pars)
		b.pars = append(b.pars, textPar{from: from, to: to, plain: f.plain(text[from:to])})
		for at := from; ; {
			if maxLines > 0 && len(b.lines) == maxLines {
				b.more = true
				break
			}
			end, w := f.cutCode(text, at, to, maxW, b.pars[par].plain)
			b.lines = append(b.lines, textLine{from: at, to: end, w: w, par: par})
			b.w = max(b.w, w)
			if at = end; at == to {
				break
			}
		}
		if to == len(text) {
			break
		}
		from = to + 1
	}
	return b
}

// cutCode gives where a line of code ends that begins at from, and how wide it
// is. It takes one character at least.
func (f *typeface) cutCode(text string, from, to int, room float32, plain bool) (end int, w float32) {
	state := -1
	rest := text[from:to]
	space, spaceW := from, float32(0) // behind the last space
	for end = from; rest != ""; {
		var c string
		var cw float32
		switch {
		case plain:
			_, n := utf8.DecodeRuneInString(rest)
			c, rest = rest[:n], rest[n:]
			cw = f.word(c, faceText)
		default:
			c, rest, state = nextCluster(rest, state)
			if cw = f.word(c, f.faceOf(c)); c == "\t" {
				cw = nextTab(w, f.space) - w
			}
		}
		if end > from && w+cw > room {
			switch {
			case c == " ": // it hangs
				return end + 1, w
			case spaceW > room/2:
				return space, spaceW
			}
			break
		}
		w += cw
		end += len(c)
		if c == " " {
			space, spaceW = end, w
		}
	}
	return end, w
}
