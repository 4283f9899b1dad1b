package widgets

import "sort"

// Measures of what stands between the blocks of a message, in dp.
const (
	blockGap    = float32(6)
	quoteBar    = float32(3)
	quoteIndent = float32(11) // the bar and what is free beside it
	quoteRoom   = float32(80) // least width of words in a quote; deeper ones are not indented
	codePadX    = float32(10)
	codePadY    = float32(8)
	codeLine    = float32(18) // height of a line of code
	codeHead    = float32(20) // height of the language over code
	codeRadius  = float32(8)
)

// textBody is what a message says, laid out: blocks one below the other.
//
// All that has to do with it is in terms of the text that is shown, which is
// styledText.shown, and of places from its own top left corner. A row gives it
// its place by rowLayout.bodyX and bodyY; other parts of a message may stand
// above, below and beside it. Make one by layouter.lines, then tell it its
// final width by setWidth, because lines from right to left end at the right and
// grounds reach over the whole width.
type textBody struct {
	parts []bodyPart
	one   [1]bodyPart // for most, which need no more
	links []bodyLink
	count int     // of lines
	w, h  float32 // w is the least width at first
	more  bool    // there is more text than the lines asked for
}

// bodyPart is a block of a body.
type bodyPart struct {
	*textBlock
	at    int // of its text in the whole
	first int // number of its first line
	links int // number of its first link

	kind   blockKind
	quotes int
	info   string
	head   bool // there is a line over code, for its language and the button that copies it
	foot   bool // the button that copies code is beside its last line, not its first

	x, y, w float32 // of its words
	top, h  float32 // of all of it, with a ground
}

// bodyLink is a link in a body.
type bodyLink struct {
	part int
	link int // index into the links of the part
	url  string
}

// lines lays a text out in a width, at most so many lines of it (0 for all).
func (l *layouter) lines(s *styledText, f *typeface, room float32, most int) *textBody {
	b := &textBody{}
	switch blocks := s.blocks; {
	case s.shown == "":
	case blocks == nil:
		b.parts = b.one[:0]
		l.addBlock(b, s.shown, styledBlock{to: len(s.shown)}, false, f, room, most)
	default:
		l.addBlocks(b, s, f, room, most)
	}
	b.findWidth(l)
	return b
}

// addBlocks lays the blocks of a text out.
func (l *layouter) addBlocks(b *textBody, s *styledText, f *typeface, room float32, most int) {
	blocks := s.blocks
	b.parts = make([]bodyPart, 0, len(blocks))
	for i := range blocks {
		if most > 0 && b.count >= most {
			b.more = true
			break
		}
		l.addBlock(b, s.shown, blocks[i], len(blocks) > 1, f, room, most)
	}
}

// addBlock lays one block out below the others.
func (l *layouter) addBlock(b *textBody, shown string, k styledBlock, several bool, f *typeface, room float32, most int) {
	if several && k.kind == blockText { // what is between blocks is for the gap to say
		for k.from < k.to && shown[k.from] == '\n' {
			k.from++
		}
		for k.to > k.from && shown[k.to-1] == '\n' {
			k.to--
		}
		if k.from == k.to && k.quotes == 0 {
			return
		}
	}
	p := bodyPart{at: k.from, first: b.count, links: len(b.links), kind: k.kind, quotes: k.quotes, info: k.info}
	p.x = max(0, min(float32(k.quotes)*quoteIndent, room-quoteRoom))
	room -= p.x
	if most > 0 {
		most -= b.count
	}
	if len(b.parts) > 0 {
		b.h += blockGap
	}
	p.top, p.y = b.h, b.h
	text := shown[k.from:k.to]
	if k.kind == blockCode {
		p.textBlock = l.code.wrapCode(text, room-2*codePadX, most)
		p.x += codePadX
		p.y += codePadY
		p.placeCopy(l, room-2*codePadX)
		if p.head {
			p.y += codeHead
		}
		p.h = p.y - p.top + p.height() + codePadY
	} else {
		p.textBlock = f.wrapStyled(text, spansWithin(k.spans, k.from, k.to), room, most)
		p.textBlock.links = linksBesideCode(findLinks(text), p.spans)
		p.h = p.height()
	}
	for i, url := range p.textBlock.links {
		b.links = append(b.links, bodyLink{part: len(b.parts), link: i, url: url.url})
	}
	b.more = b.more || p.more
	b.count += len(p.lines)
	b.h = p.top + p.h
	b.parts = append(b.parts, p)
}

// linksBesideCode leaves links out that are code: they are shown to be read.
func linksBesideCode(links []link, spans []styleSpan) []link {
	if len(links) == 0 || !hasCode(spans) {
		return links
	}
	out := links[:0]
	for _, k := range links {
		i := sort.Search(len(spans), func(i int) bool { return spans[i].to > k.from })
		for i < len(spans) && spans[i].from < k.to && spans[i].style&styleCode == 0 {
			i++
		}
		if i == len(spans) || spans[i].from >= k.to {
			out = append(out, k)
		}
	}
	return out
}

// hasCode tells whether there is code among the spans.
func hasCode(spans []styleSpan) bool {
	for _, s := range spans {
		if s.style&styleCode != 0 {
			return true
		}
	}
	return false
}

// keep leaves the first lines only.
func (b *textBody) keep(lines int) {
	i, k := b.part(lines - 1)
	b.parts = b.parts[:i+1]
	p := &b.parts[i]
	if p.foot && k+1 < len(p.lines) { // what ends it now may be long
		p.foot, p.head = false, true
		p.y += codeHead
	}
	b.h = p.y + float32(k+1)*p.face.line
	if p.kind == blockCode {
		b.h += codePadY
	}
	p.lines = p.lines[:k+1]
	p.h = b.h - p.top
	for n := len(b.links); n > 0 && b.links[n-1].part > i; n-- {
		b.links = b.links[:n-1]
	}
	b.count = lines
	b.more = true
}

// findWidth finds the least width.
func (b *textBody) findWidth(l *layouter) {
	b.w = 0
	for i := range b.parts {
		p := &b.parts[i]
		w := p.textBlock.w
		if p.kind == blockCode {
			switch {
			case p.info != "":
				w = max(w, l.small.lineWidth(p.info)+copyRowTrail+l.copyButton()-codePadX)
			case !p.head:
				w = max(w, p.besideCopy(l, p.copyLine()))
			}
			w = max(w, l.copyButton()) + codePadX
		}
		b.w = max(b.w, p.x+w)
	}
}

// setWidth gives the body its width, which is not less than b.w.
func (b *textBody) setWidth(w float32) {
	b.w = w
	for i := range b.parts {
		p := &b.parts[i]
		p.w = w - p.x
		if p.kind == blockCode {
			p.w -= codePadX
		}
	}
}

// hasCode tells whether there is a block of code.
func (b *textBody) hasCode() bool {
	for i := range b.parts {
		if b.parts[i].kind == blockCode {
			return true
		}
	}
	return false
}

// part gives the block that a line belongs to and the number of the line there.
func (b *textBody) part(line int) (part, i int) {
	if len(b.parts) == 0 {
		return 0, 0
	}
	part = sort.Search(len(b.parts), func(i int) bool { return b.parts[i].first > line }) - 1
	return part, line - b.parts[part].first
}

// lineOf gives the line that shows an offset.
func (b *textBody) lineOf(off int) int {
	k := max(0, sort.Search(len(b.parts), func(i int) bool { return b.parts[i].at > off })-1)
	if k == len(b.parts) {
		return 0
	}
	p := &b.parts[k]
	return p.first + p.textBlock.lineOf(off-p.at)
}

// lineAt gives the line at a height, b.count below all; between blocks it is the
// one below.
func (b *textBody) lineAt(y float32) int {
	k := sort.Search(len(b.parts), func(i int) bool { return b.parts[i].top+b.parts[i].h > y })
	if k == len(b.parts) {
		return b.count
	}
	p := &b.parts[k]
	return p.first + max(0, min(len(p.lines)-1, int((y-p.y)/p.face.line)))
}

// linePlace gives where a line of a block begins.
func (p *bodyPart) linePlace(i int) (x, y float32) {
	return p.x + p.lineX(i, p.w), p.y + float32(i)*p.face.line
}

// offsetAt gives the offset nearest to a place.
func (b *textBody) offsetAt(x, y float32) int {
	if y < 0 || b.count == 0 {
		return 0
	}
	line := b.lineAt(y)
	if line == b.count {
		p := &b.parts[len(b.parts)-1]
		if b.more {
			return p.at + p.lines[len(p.lines)-1].to
		}
		return p.at + len(p.text)
	}
	k, i := b.part(line)
	p := &b.parts[k]
	x0, _ := p.linePlace(i)
	return p.at + p.textBlock.offsetAt(i, x-x0)
}

// linkRects gives where a link stands, a rectangle for each line it is on.
func (b *textBody) linkRects(n int) []rowBox {
	p := &b.parts[b.links[n].part]
	link := b.links[n].link
	k := p.textBlock.links[link]
	var out []rowBox
	for i := p.lineOf(k.from); i < len(p.lines) && p.lines[i].from < k.to; i++ {
		x, y := p.linePlace(i)
		for _, s := range p.linePieces(i) {
			if s.link == link {
				out = append(out, rowBox{x: x + s.x, y: y, w: s.w, h: p.face.line})
			}
		}
	}
	return out
}

// rectsOf gives what shows the bytes from lo up to hi of a line, as boxes
// without a colour.
func (b *textBody) rectsOf(line, lo, hi int) []rowBox {
	k, i := b.part(line)
	p := &b.parts[k]
	lo, hi = lo-p.at, hi-p.at
	if p.lines[i].to <= lo || p.lines[i].from >= hi {
		return nil
	}
	x, y := p.linePlace(i)
	var out []rowBox
	for _, s := range p.selected(i, lo, hi) {
		out = append(out, rowBox{x: x + s.x0, y: y, w: s.x1 - s.x0, h: p.face.line})
	}
	return out
}

// lastLine gives the right end of the last line and whether it begins at the
// right; ok is false when nothing else can stand beside it.
func (b *textBody) lastLine() (end float32, leftward, ok bool) {
	if b.more || b.count == 0 {
		return 0, false, false
	}
	p := &b.parts[len(b.parts)-1]
	if p.kind == blockCode || p.quotes > 0 {
		return 0, false, false
	}
	last := &p.lines[len(p.lines)-1]
	return p.x + last.w, p.pars[last.par].base == 1, true
}

// tint gives a block of code its colours.
func (p *bodyPart) tint(spans []styleSpan) {
	if len(p.spans) > 0 || len(spans) == 0 {
		return
	}
	p.spans = spans
	for i := range p.lines {
		p.lines[i].pieces = nil
	}
}

// ground gives the box behind a block of code.
func (p *bodyPart) ground() rowBox {
	return rowBox{x: p.x - codePadX, y: p.top, w: p.w + 2*codePadX, h: p.h, fill: ColorCode, radius: codeRadius}
}

// bars gives the bars beside the quotes among the blocks from lo up to, not
// with, hi.
func (b *textBody) bars(lo, hi int) []rowBox {
	var out []rowBox
	deepest := 0
	for _, p := range b.parts[lo:hi] {
		deepest = max(deepest, p.quotes)
	}
	for d := 1; d <= deepest; d++ {
		for i := lo; i < hi; i++ {
			if b.parts[i].quotes < d {
				continue
			}
			k := i
			for k+1 < hi && b.parts[k+1].quotes >= d {
				k++
			}
			top, end := b.parts[i].top, b.parts[k].top+b.parts[k].h
			out = append(out, rowBox{
				x: float32(d-1) * quoteIndent, y: top, w: quoteBar, h: end - top, fill: ColorQuoteBar, radius: quoteBar / 2,
			})
			i = k
		}
	}
	return out
}
