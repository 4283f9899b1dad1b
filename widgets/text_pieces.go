package widgets

import (
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// textPiece is a part of a line that is drawn at once: of one font, one
// direction, one style and one link.
type textPiece struct {
	from, to    int
	x, w        float32 // from the left end of the line
	lead, trail float32 // of w, what is left free before and behind it
	face        faceKind
	level       bidiLevel
	style       spanStyle
	tint        codeTint
	link        int    // index into the links of the block, or -1
	draw        string // what is drawn, "" for white space
}

// linePieces gives the pieces of a line in the order they stand from left to
// right.
func (b *textBlock) linePieces(i int) []textPiece {
	l := &b.lines[i]
	if l.pieces != nil || l.from == l.to {
		return l.pieces
	}
	par := &b.pars[l.par]
	if par.plain {
		l.pieces = b.plainPieces(l)
	} else {
		if par.levels == nil {
			par.levels = bidiLevels(b.text[par.from:par.to], par.base)
		}
		l.pieces = b.order(b.richPieces(l, par))
	}
	return l.pieces
}

// linkAt gives the link that covers a byte, -1 for none, and where that answer
// ends.
func (b *textBlock) linkAt(off int) (index, until int) {
	i := sort.Search(len(b.links), func(i int) bool { return off < b.links[i].to })
	switch {
	case i == len(b.links):
		return -1, len(b.text)
	case off < b.links[i].from:
		return -1, b.links[i].from
	}
	return i, b.links[i].to
}

func (b *textBlock) plainPieces(l *textLine) []textPiece {
	var out []textPiece
	var x float32
	for at := l.from; at < l.to; {
		k, until := b.linkAt(at)
		sp, end := b.styleAt(at)
		to := min(until, end, l.to)
		p := textPiece{from: at, to: to, x: x, style: sp.style, tint: sp.tint, link: k, draw: b.text[at:to]}
		p.w = b.face.styled(p.style).width(p.draw, faceText)
		b.pad(&p, sp)
		out = append(out, p)
		x += p.w
		at = to
	}
	return out
}

// richPieces cuts a line where the font, the level or the link changes, and
// around white space that is not plain text from left to right. What runs from
// right to left is cut into words, and its signs into single ones, because they
// are placed one by one.
func (b *textBlock) richPieces(l *textLine, par *textPar) []textPiece {
	var out []textPiece
	state := -1
	rest := b.text[l.from:l.to]
	at := l.from
	var script *unicode.RangeTable
	for rest != "" {
		var c string
		c, rest, state = nextCluster(rest, state)
		k, _ := b.linkAt(at)
		sp, _ := b.styleAt(at)
		p := textPiece{
			from: at, to: at + len(c), link: k, level: par.levels[at-par.from],
			face: b.face.styled(sp.style).faceOf(c), style: sp.style, tint: sp.tint,
		}
		r, _ := utf8.DecodeRuneInString(c)
		blank := unicode.IsSpace(r)
		if p.level%2 == 1 && p.face == faceText {
			if m, ok := mirrors[r]; ok {
				p.draw = string(m)
			}
		}
		if blank {
			p.face = faceText
		}
		sc := script
		script = scriptOf(r, script)
		last := len(out) - 1
		switch {
		case last < 0, blank && (p.level%2 == 1 || r != ' '):
			out = append(out, p)
		case joins(&out[last], &p, b.text) && sc == script:
			out[last].to = p.to
		default:
			out = append(out, p)
		}
		at = p.to
	}
	for i := range out {
		b.finish(&out[i])
	}
	return out
}

// scriptOf gives the script of a letter that runs from right to left, for
// others that of the letter before.
func scriptOf(r rune, before *unicode.RangeTable) *unicode.RangeTable {
	if r < 0x0590 {
		return before
	}
	for _, t := range []*unicode.RangeTable{unicode.Hebrew, unicode.Arabic, unicode.Syriac, unicode.Thaana, unicode.Nko, unicode.Adlam} {
		if unicode.Is(t, r) {
			return t
		}
	}
	return before
}

// joins tells whether a cluster is drawn together with the piece before it.
func joins(last, p *textPiece, text string) bool {
	if last.face != p.face || last.level != p.level || last.link != p.link || last.style != p.style || last.tint != p.tint {
		return false
	}
	if p.face == faceEmoji || p.level%2 == 1 && p.face == faceText {
		return false
	}
	blank := isBlank(text[p.from:p.to])
	if p.face == faceText {
		return text[last.from] != '\t' && !isWideBlank(text[last.from:last.to])
	}
	return !blank && !isBlank(text[last.from:last.to])
}

func isBlank(s string) bool { return strings.TrimSpace(s) == "" }

// isWideBlank tells white space that is not made of ordinary spaces.
func isWideBlank(s string) bool { return isBlank(s) && strings.Trim(s, " ") != "" }

// finish measures a piece and says what is drawn for it.
func (b *textBlock) finish(p *textPiece) {
	s := b.text[p.from:p.to]
	f := b.face.styled(p.style)
	switch {
	case s == "\t": // as wide as its place demands
	case isWideBlank(s):
		for _, r := range s {
			p.w += f.blank(r)
		}
	default:
		if p.draw == "" && !isBlank(s) {
			p.draw = s
		}
		p.w = f.width(s, p.face)
	}
	sp, _ := b.styleAt(p.from)
	b.pad(p, sp)
}

// order puts pieces from logical order into the order on the line and gives
// them their places. Tabs reach to the next stop.
func (b *textBlock) order(logical []textPiece) []textPiece {
	levels := make([]bidiLevel, len(logical))
	for i := range logical {
		levels[i] = logical[i].level
	}
	out := make([]textPiece, len(logical))
	var x float32
	for i, k := range visualOrder(levels) {
		out[i] = logical[k]
		out[i].x = x
		if b.text[out[i].from:out[i].to] == "\t" {
			out[i].w = nextTab(x, b.face.space) - x
		}
		x += out[i].w
	}
	return out
}

// lineX gives how far a line is indented in a block of width w: those from
// right to left end at the right.
func (b *textBlock) lineX(i int, w float32) float32 {
	l := &b.lines[i]
	if b.pars[l.par].base == 0 {
		return 0
	}
	return max(0, w-l.w)
}

// xOf gives the place of an offset on a line, from the left end of the line.
func (b *textBlock) xOf(i, off int) float32 {
	for _, p := range b.linePieces(i) {
		if off >= p.from && off <= p.to {
			return b.pieceX(&p, off)
		}
	}
	if b.pars[b.lines[i].par].base == 1 {
		return 0
	}
	return b.lines[i].w
}

// pieceX gives the place of an offset within a piece.
func (b *textBlock) pieceX(p *textPiece, off int) float32 {
	var w float32
	switch {
	case off >= p.to:
		w = p.w
	case off > p.from:
		w = min(p.w, p.lead+b.face.styled(p.style).width(b.text[p.from:off], p.face))
	}
	if p.level%2 == 1 {
		return p.x + p.w - w
	}
	return p.x + w
}

// offsetAt gives the offset nearest to a place on a line.
func (b *textBlock) offsetAt(i int, x float32) int {
	l := &b.lines[i]
	pieces := b.linePieces(i)
	if len(pieces) == 0 {
		return l.from
	}
	p := &pieces[0]
	for k := range pieces {
		if x >= pieces[k].x {
			p = &pieces[k]
		}
	}
	ends := clusterEnds(b.text[p.from:p.to])
	lo, hi := 0, len(ends)-1 // ends[lo] is never right of x in reading direction
	before := func(k int) bool {
		px := b.pieceX(p, p.from+ends[k])
		if p.level%2 == 1 {
			return px >= x
		}
		return px <= x
	}
	for lo < hi {
		mid := (lo + hi + 1) / 2
		if before(mid) {
			lo = mid
		} else {
			hi = mid - 1
		}
	}
	if lo+1 < len(ends) {
		a, c := b.pieceX(p, p.from+ends[lo]), b.pieceX(p, p.from+ends[lo+1])
		if abs(c-x) < abs(a-x) {
			lo++
		}
	}
	return p.from + ends[lo]
}

// clusterEnds gives 0 and the end of each grapheme cluster of s.
func clusterEnds(s string) []int {
	ends := make([]int, 1, len(s)+1)
	at, state := 0, -1
	for s != "" {
		var c string
		c, s, state = nextCluster(s, state)
		at += len(c)
		ends = append(ends, at)
	}
	return ends
}

func abs(x float32) float32 { return max(x, -x) }

// lineOf gives the line that shows an offset.
func (b *textBlock) lineOf(off int) int {
	lo, hi := 0, len(b.lines)-1
	for lo < hi {
		mid := (lo + hi + 1) / 2
		if b.lines[mid].from <= off {
			lo = mid
		} else {
			hi = mid - 1
		}
	}
	return lo
}

// wordAt gives the word around an offset, for a double click.
func wordAt(s string, off int) (from, to int) {
	begin := strings.LastIndexByte(s[:off], '\n') + 1
	rest := s[begin:]
	at, state := begin, -1
	for rest != "" {
		var w string
		w, rest, state = uniseg.FirstWordInString(rest, state)
		if off < at+len(w) || rest == "" {
			return at, at + len(w)
		}
		at += len(w)
	}
	return at, at
}
