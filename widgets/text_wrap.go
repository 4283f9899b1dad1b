package widgets

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// textPar, a paragraph, is a part of a text between line feeds.
type textPar struct {
	from, to int
	plain    bool
	base     bidiLevel
	levels   []bidiLevel // of each byte, made when a line of it is drawn
}

// textLine is a line on the screen. Between its end and the beginning of the
// next one are spaces or a line feed.
type textLine struct {
	from, to int
	w        float32
	par      int // index of its paragraph
	pieces   []textPiece
}

// textBlock is a text broken into lines.
type textBlock struct {
	face  *typeface
	text  string
	links []link
	spans []styleSpan // in order and apart
	pars  []textPar
	lines []textLine
	w     float32 // of the widest line
	more  bool    // there is more text than the lines asked for
}

// height gives the height of the lines.
func (b *textBlock) height() float32 { return float32(len(b.lines)) * b.face.line }

// wrap breaks a harmless text into lines of at most maxW, and of at most
// maxLines lines (0 for all). It takes time in proportion to the text it
// breaks.
func (f *typeface) wrap(text string, maxW float32, maxLines int) *textBlock {
	return f.wrapStyled(text, nil, maxW, maxLines)
}

// wrapStyled is wrap for a text with parts of other styles.
func (f *typeface) wrapStyled(text string, spans []styleSpan, maxW float32, maxLines int) *textBlock {
	b := &textBlock{face: f, text: text, spans: spans}
	w := wrapper{b: b, f: f, maxW: max(maxW, f.size), maxLines: maxLines}
	for from := 0; ; {
		n := strings.IndexByte(text[from:], '\n')
		to := len(text)
		if n >= 0 {
			to = from + n
		}
		if w.full() {
			b.more = true
			break
		}
		w.paragraph(from, to)
		if n < 0 {
			break
		}
		from = to + 1
	}
	for i := range b.lines {
		b.w = max(b.w, b.lines[i].w)
	}
	return b
}

// wrapper is a wrap on its way.
type wrapper struct {
	b        *textBlock
	f        *typeface
	maxW     float32
	maxLines int

	par  int
	from int     // of the line being filled
	to   int     // end of its last word
	w    float32 // up to there
	gap  float32 // of the spaces behind it
}

func (w *wrapper) full() bool {
	return w.maxLines > 0 && len(w.b.lines) >= w.maxLines
}

func (w *wrapper) paragraph(from, to int) {
	p := w.b.text[from:to]
	par := textPar{from: from, to: to, plain: w.b.plain(from, to)}
	if !par.plain {
		par.base = baseLevel(p)
	}
	w.par = len(w.b.pars)
	w.b.pars = append(w.b.pars, par)
	w.begin(from)
	state := -1
	for i := 0; i < len(p); {
		var n int // bytes of the word with the spaces behind it
		if par.plain {
			n = plainWord(p[i:])
		} else {
			var seg string
			seg, _, _, state = uniseg.FirstLineSegmentInString(p[i:], state)
			n = len(seg)
			if k := strings.IndexByte(seg, '\t'); k >= 0 && k+1 < n {
				n, state = k+1, -1 // a tab has a width of its own
			}
		}
		k := len(strings.TrimRightFunc(p[i:i+n], unicode.IsSpace))
		w.word(from+i, from+i+k, par.plain)
		w.gap += w.spaces(from+i+k, from+i+n)
		if w.full() {
			w.b.more = true
			return
		}
		i += n
	}
	w.emit()
}

// plainWord gives the length of the first word of s with the spaces behind it.
// A line may end after spaces, after a dash, after a hyphen in a word, and
// between the parts of an address.
func plainWord(s string) int {
	i := 0
	for i < len(s) && s[i] == ' ' {
		i++ // only at the beginning of a paragraph
	}
	if i > 0 {
		return i
	}
	for ; i < len(s) && s[i] != ' '; i++ {
		if i > 0 && i+1 < len(s) && isPartEnd(s[i-1], s[i], s[i+1]) {
			return i + 1
		}
		if s[i] == 0xE2 && (strings.HasPrefix(s[i:], "—") || strings.HasPrefix(s[i:], "–")) && i+3 < len(s) && s[i+3] != ' ' {
			return i + 3
		}
	}
	for i < len(s) && s[i] == ' ' {
		i++
	}
	return i
}

// isPartEnd tells whether a line may end behind c in the midst of a word.
func isPartEnd(before, c, after byte) bool {
	switch c {
	case '-':
		return isASCIILetter(before) && isASCIILetter(after)
	case '/':
		return isASCIILetter(before) && isASCIIWord(after) || isASCIIWord(before) && isASCIILetter(after)
	case '?', '&', '=':
		return isASCIIWord(before) && isASCIIWord(after) || before == '/' && isASCIIWord(after)
	}
	return false
}

func isASCIIWord(c byte) bool { return isASCIILetter(c) || c >= '0' && c <= '9' }

func (w *wrapper) begin(from int) {
	w.from, w.to, w.w, w.gap = from, from, 0, 0
}

func (w *wrapper) emit() {
	if w.full() {
		w.b.more = true
		return
	}
	w.b.lines = append(w.b.lines, textLine{from: w.from, to: w.to, w: w.w, par: w.par})
}

// spaces gives the width of white space behind what the line has so far.
func (w *wrapper) spaces(from, to int) float32 {
	var g float32
	for i, r := range w.b.text[from:to] {
		if r == '\t' {
			g = nextTab(w.w+w.gap+g, w.f.space) - w.w - w.gap
			continue
		}
		g += w.b.faceAt(from + i).blank(r)
	}
	return g
}

// nextTab gives the tab stop to the right of x.
func nextTab(x, space float32) float32 {
	stop := space * tabWidth
	return (float32(int(x/stop)) + 1) * stop
}

// blank gives the width of a white space character.
func (f *typeface) blank(r rune) float32 {
	if r == ' ' {
		return f.space
	}
	return f.word(string(r), faceText)
}

// word adds a word, beginning a new line or cutting the word where it has to.
func (w *wrapper) word(from, to int, plain bool) {
	if from == to {
		return
	}
	if w.to == w.from && w.gap > w.maxW/2 {
		w.begin(from) // an indent that leaves no room is no indent
	}
	ww := w.b.wordWidth(from, to, plain)
	if w.w+w.gap+ww > w.maxW && w.to > w.from {
		w.emit()
		w.begin(from)
	}
	for ww > w.maxW-w.w-w.gap && !w.full() {
		n, nw := w.b.cut(from, to, w.maxW-w.w-w.gap)
		if n == to-from {
			break
		}
		w.to, w.w = from+n, w.w+w.gap+nw
		w.gap = 0
		from += n
		w.emit()
		w.begin(from)
		if len(w.b.text[from:to]) <= maxCachedWord {
			ww = w.b.wordWidth(from, to, plain)
		}
	}
	if w.full() {
		return
	}
	if to-from > maxCachedWord {
		ww = w.b.wordWidth(from, to, plain)
	}
	w.w += w.gap + ww
	w.gap = 0
	w.to = to
}

// wordWidth gives the width of a word that may be of several fonts.
func (f *typeface) wordWidth(s string, plain bool) float32 {
	if plain {
		if len(s) <= maxCachedWord {
			return f.word(s, faceText)
		}
		return f.roughWidth(s)
	}
	var w float32
	f.runs(s, func(run string, k faceKind) { w += f.width(run, k) })
	return w
}

// roughWidth adds up the widths of the characters of a very long word, which is
// going to be cut anyway.
func (f *typeface) roughWidth(s string) float32 {
	var w float32
	for i := 0; i < len(s); {
		_, n := utf8.DecodeRuneInString(s[i:])
		w += f.word(s[i:i+n], faceText)
		i += n
	}
	return w
}

// runs gives the parts of s that one font draws, as wide as they can be, and
// each emoji by itself.
func (f *typeface) runs(s string, fn func(run string, k faceKind)) {
	start, at := 0, 0
	var kind faceKind
	state := -1
	rest := s
	for rest != "" {
		var c string
		c, rest, state = nextCluster(rest, state)
		k := f.faceOf(c)
		if (k != kind || k == faceEmoji) && at > start {
			fn(s[start:at], kind)
			start = at
		}
		kind = k
		at += len(c)
	}
	if at > start {
		fn(s[start:at], kind)
	}
}

// cut gives how many bytes of a word fit into a width, one grapheme cluster at
// least, and how wide they are.
func (f *typeface) cut(s string, room float32) (n int, w float32) {
	state := -1
	rest := s
	for rest != "" {
		var c string
		c, rest, state = nextCluster(rest, state)
		cw := f.word(c, f.faceOf(c))
		if n > 0 && w+cw > room {
			break
		}
		w += cw
		n += len(c)
	}
	return n, w
}

// maxCluster bounds what is taken for one character on the screen, in bytes: a
// family of emoji with skin tones has 41. Without a bound a message could be
// one character too wide for any line.
const maxCluster = 64

// nextCluster cuts the first grapheme cluster off a text. state is -1 at first
// and then what the call before gave.
func nextCluster(s string, state int) (c, rest string, next int) {
	seen := s[:min(len(s), 2*maxCluster)]
	c, _, _, next = uniseg.FirstGraphemeClusterInString(seen, state)
	if len(c) > maxCluster || len(c) == len(seen) && len(seen) < len(s) {
		n := min(len(c), maxCluster)
		for n > 1 && !utf8.RuneStart(s[n]) {
			n--
		}
		c, next = s[:n], -1
	}
	if n := joinedEmoji(c); n > 0 {
		c, next = s[:n], -1
	}
	return c, s[len(c):], next
}
