package widgets

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	// maxStyled is how long a text may be, in bytes, to be styled; nobody sets
	// a longer one by hand.
	maxStyled = 64 << 10
	// maxQuoteDepth is how deep quotes are told apart. Beyond it the signs stay
	// in the text, which would have no room left beside the bars.
	maxQuoteDepth = 8
	// maxInfo is the longest word behind ``` that is taken for a language.
	maxInfo = 24
)

const fence = "```"

// spanStyle is how a part of a paragraph is set, a set of the bits below.
type spanStyle uint8

const (
	styleBold spanStyle = 1 << iota
	styleItalic
	styleStrike
	styleCode

	styleCount = 1 << iota // how many sets there are
)

// styleSpan is a part of a text that is set in one way, in bytes.
type styleSpan struct {
	from, to int
	style    spanStyle
	tint     codeTint // of code
}

// blockKind is what a styledBlock is.
type blockKind uint8

const (
	blockText blockKind = iota // lines of words
	blockCode                  // preformatted lines
)

// styledBlock is a part of a styled text that is laid out by itself: some whole
// lines of shown, at one depth of quotes.
type styledBlock struct {
	kind     blockKind
	quotes   int         // how many quotes it stands in
	from, to int         // in shown
	info     string      // the language named at the top of code, or empty
	spans    []styleSpan // in order and apart, in shown; of blockText
}

// hiddenPart is a directive, which shown lacks.
type hiddenPart struct {
	at       int  // where in shown it would stand
	from, to int  // in the source
	lo, hi   int  // what it is about, in shown
	line     bool // it marks a line, not a stretch
}

// styledText is a text with the styles of XEP-0393, Message Styling 1.1.
type styledText struct {
	source string // what was said
	shown  string // the same without the directives; blocks are apart by a line feed
	blocks []styledBlock
	hidden []hiddenPart // in order
}

// unstyled gives a text that is shown as it is.
func unstyled(text string) styledText {
	return styledText{source: text, shown: text}
}

// parseStyling finds the styles of a text in one pass. The part before from is
// plain, and the line it ends in begins no quote and no code. A text without
// styles comes back without blocks: it is all one paragraph.
func parseStyling(text string, from int) styledText {
	if len(text) > maxStyled || !mayBeStyled(text[from:]) {
		return unstyled(text)
	}
	p := stylingParser{src: text, from: from}
	p.readLines()
	p.write()
	if len(p.hidden) == 0 || strings.TrimSpace(p.out.String()) == "" {
		return unstyled(text)
	}
	return styledText{source: text, shown: p.out.String(), blocks: p.blocks, hidden: p.hidden}
}

// mayBeStyled tells quickly that most texts are not.
func mayBeStyled(s string) bool {
	for _, c := range []byte("*_~`>") {
		if strings.IndexByte(s, c) >= 0 {
			return true
		}
	}
	return false
}

// lineKind is what a line of the source is.
type lineKind uint8

const (
	lineText  lineKind = iota
	lineOpen           // the first line of code, with the fence
	lineCode           // a line of code
	lineClose          // the last line of code, with the fence
	lineBare           // a line that looks like a fence, of code that says nothing
)

// sourceLine is a line of the source.
type sourceLine struct {
	from, to int // without the line feed
	text     int // where it begins behind the signs of quotes
	quotes   int
	kind     lineKind
}

// stylingParser reads one text.
type stylingParser struct {
	src  string
	from int

	lines  []sourceLine
	out    strings.Builder
	blocks []styledBlock
	hidden []hiddenPart

	steps int // how often something of the source was looked at
}

// readLines finds what each line is: how deep it is quoted, and whether it is
// code.
func (p *stylingParser) readLines() {
	open := -1 // the line that began the code we are in
	said := false
	for from := 0; from <= len(p.src); {
		to := len(p.src)
		if n := strings.IndexByte(p.src[from:], '\n'); n >= 0 {
			to = from + n
		}
		p.steps += to - from + 1
		l := sourceLine{from: from, to: to, text: from}
		if open >= 0 {
			p.quoteSigns(&l, p.lines[open].quotes)
			if l.quotes < p.lines[open].quotes { // the quote it stands in has ended
				p.endCode(open, said)
				open = -1
				l = sourceLine{from: from, to: to, text: from}
			}
		}
		rest := p.src[l.text:to]
		switch {
		case open >= 0 && rest == fence:
			l.kind = lineClose
		case open >= 0:
			l.kind = lineCode
			said = said || strings.TrimSpace(rest) != ""
		case from >= p.from:
			p.quoteSigns(&l, maxQuoteDepth)
			if strings.HasPrefix(p.src[l.text:to], fence) {
				l.kind, open = lineOpen, len(p.lines)
				_, _, said = p.info(&l)
			}
		}
		p.lines = append(p.lines, l)
		if l.kind == lineClose {
			p.endCode(open, said)
			open = -1
		}
		from = to + 1
	}
	if open >= 0 {
		p.endCode(open, said)
	}
}

// endCode is for the end of the code that began at a line: when nothing stands
// in it, the fences are what is shown.
func (p *stylingParser) endCode(open int, said bool) {
	if said {
		return
	}
	for i := open; i < len(p.lines); i++ {
		p.steps++
		p.lines[i].kind = lineBare
	}
}

// quoteSigns takes the signs of up to most quotes off the beginning of a line,
// each with the white space behind it.
func (p *stylingParser) quoteSigns(l *sourceLine, most int) {
	for l.quotes < most && l.text < l.to && p.src[l.text] == '>' {
		l.text++
		l.quotes++
		if r, n := utf8.DecodeRuneInString(p.src[l.text:l.to]); n > 0 && isSpacing(r) {
			l.text += n
		}
	}
}

// info reads what follows the first fence of code: one word names a language,
// anything else is shown as code, so that nothing that was said is hidden.
func (p *stylingParser) info(l *sourceLine) (word string, from int, code bool) {
	from = l.text + len(fence)
	word = strings.TrimSpace(p.src[from:l.to])
	if len(word) > maxInfo || strings.ContainsFunc(word, isSpacing) || strings.Contains(word, "`") {
		return "", from, true
	}
	return word, from, false
}

// isSpacing tells what the standard calls white space.
func isSpacing(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Z, r) }

// write makes the text that is shown.
func (p *stylingParser) write() {
	p.out.Grow(len(p.src))
	for i := 0; i < len(p.lines); {
		if i > 0 {
			p.out.WriteByte('\n')
		}
		if p.lines[i].kind == lineOpen {
			i = p.writeCode(i)
		} else {
			i = p.writeText(i)
		}
	}
}

// writeText writes the lines of words from line i on that are quoted alike, and
// gives the line behind them.
func (p *stylingParser) writeText(i int) int {
	b := styledBlock{quotes: p.lines[i].quotes, from: p.out.Len()}
	k := i
	for ; k < len(p.lines) && p.lines[k].quotes == b.quotes && p.lines[k].kind != lineOpen; k++ {
		l := p.lines[k]
		if k > i {
			p.out.WriteByte('\n')
		}
		sign := len(p.hidden)
		p.hideSigns(l)
		lo := p.out.Len()
		if l.kind == lineBare {
			p.out.WriteString(p.src[l.text:l.to])
		} else {
			b.spans = p.spans(l, b.spans)
		}
		if sign < len(p.hidden) && l.text > l.from {
			p.hidden[sign].lo, p.hidden[sign].hi = lo, p.out.Len()
		}
	}
	b.to = p.out.Len()
	p.blocks = append(p.blocks, b)
	return k
}

// hideSigns leaves the signs of quotes out that stand before a line.
func (p *stylingParser) hideSigns(l sourceLine) {
	if l.text > l.from {
		p.hidden = append(p.hidden, hiddenPart{at: p.out.Len(), from: l.from, to: l.text, line: true})
	}
}

// writeCode writes the code that begins at line i, and gives the line behind
// it.
func (p *stylingParser) writeCode(i int) int {
	b := styledBlock{kind: blockCode, quotes: p.lines[i].quotes, from: p.out.Len()}
	head := p.lines[i]
	info, from, code := p.info(&head)
	b.info = info
	opening := len(p.hidden)
	top := hiddenPart{at: b.from, from: head.from, to: head.to + 1}
	if code {
		top.to = from
	}
	p.hidden = append(p.hidden, top)
	if code {
		p.out.WriteString(p.src[from:head.to])
	}
	closing := -1
	k := i + 1
	for ; k < len(p.lines) && p.lines[k].kind == lineCode; k++ {
		l := p.lines[k]
		if k > i+1 || code {
			p.out.WriteByte('\n')
		}
		sign := len(p.hidden)
		p.hideSigns(l)
		lo := p.out.Len()
		p.out.WriteString(p.src[l.text:l.to])
		if sign < len(p.hidden) {
			p.hidden[sign].lo, p.hidden[sign].hi = lo, p.out.Len()
		}
	}
	b.to = p.out.Len()
	if k < len(p.lines) && p.lines[k].kind == lineClose {
		closing = len(p.hidden)
		p.hidden = append(p.hidden, hiddenPart{at: b.to, from: p.lines[k].from - 1, to: p.lines[k].to})
		k++
	}
	for _, h := range []int{opening, closing} {
		if h >= 0 {
			p.hidden[h].lo, p.hidden[h].hi = b.from, b.to
		}
	}
	p.blocks = append(p.blocks, b)
	return k
}

// copied gives the source of the bytes of shown from a up to b. A directive is
// with it when all that it is about is.
func (s *styledText) copied(a, b int) string {
	if len(s.hidden) == 0 {
		return s.shown[a:b]
	}
	var out strings.Builder
	at := a
	for _, h := range s.hidden {
		if h.at < a || h.at > b || !h.within(a, b) {
			continue
		}
		out.WriteString(s.shown[at:h.at])
		out.WriteString(s.source[h.from:h.to])
		at = h.at
	}
	out.WriteString(s.shown[at:b])
	return out.String()
}

// within tells whether a directive belongs to the bytes from a up to b.
func (h *hiddenPart) within(a, b int) bool {
	if h.line && a < h.lo && b > h.lo {
		return true
	}
	return a <= h.lo && b >= h.hi
}

// Preview gives what a received text says on one harmless line: without the
// directives of its styles, and without what it quotes unless that is all.
func Preview(text string) string {
	s := parseStyling(sanitise(text), 0)
	var said []string
	for _, b := range s.blocks {
		if b.quotes == 0 {
			said = append(said, s.shown[b.from:b.to])
		}
	}
	if line := Harmless(strings.Join(said, " ")); line != "" {
		return line
	}
	return Harmless(s.shown)
}
