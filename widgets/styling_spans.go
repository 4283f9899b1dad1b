package widgets

import (
	"sort"
	"strings"
	"unicode/utf8"
)

// spanSigns are the directives of spans, in the order of the bits of their
// styles.
const spanSigns = "*_~`"

// openSpan is a span whose end is not reached yet.
type openSpan struct {
	style  spanStyle
	end    int // of its closing directive, in the source
	hidden int // index of its opening directive
}

// spanReader writes the spans of one line. What may close a span is found by
// going through the line once for each directive.
type spanReader struct {
	p     *stylingParser
	line  string
	first int // where the line begins in the source
	at    int // what is written, in the line
	links []link
	next  [len(spanSigns)]int
	open  []openSpan // from the outside
	style spanStyle
	spans []styleSpan
}

// spans writes a line of words without its directives, and adds its spans to
// those before.
func (p *stylingParser) spans(l sourceLine, spans []styleSpan) []styleSpan {
	from := max(l.text, min(p.from, l.to))
	p.out.WriteString(p.src[l.text:from])
	r := spanReader{p: p, line: p.src[from:l.to], first: from, spans: spans}
	if !strings.ContainsAny(r.line, spanSigns) {
		p.steps += len(r.line)
		p.out.WriteString(r.line)
		return spans
	}
	r.links = findLinks(r.line)
	start := true // a span may begin here
	for i := 0; i < len(r.line); {
		p.steps++
		if n := len(r.open); n > 0 && i == r.open[n-1].end {
			r.end(i)
			start = false
			i++
			continue
		}
		c, n := rune(r.line[i]), 1
		if c >= utf8.RuneSelf {
			c, n = utf8.DecodeRuneInString(r.line[i:])
		}
		k := strings.IndexRune(spanSigns, c)
		switch {
		case k >= 0 && start && !r.inLink(i) && r.begin(i, k):
			i++
			if r.style&styleCode != 0 { // nothing in it is a directive
				i = r.open[len(r.open)-1].end
			}
			continue
		case k >= 0:
			start = false
		default:
			start = isSpacing(c)
		}
		i += n
	}
	r.text(len(r.line))
	return r.spans
}

// inLink tells whether a place is within an address. What stands there is no
// directive, which goes beyond the standard: hiding it would change the address.
func (r *spanReader) inLink(i int) bool {
	k := sort.Search(len(r.links), func(k int) bool { return i < r.links[k].to })
	return k < len(r.links) && r.links[k].from <= i
}

// begin begins the span of directive k at i, if one is there.
func (r *spanReader) begin(i, k int) bool {
	after, n := utf8.DecodeRuneInString(r.line[i+1:])
	if n == 0 || isSpacing(after) || after == rune(spanSigns[k]) {
		return false
	}
	limit := len(r.line)
	if n := len(r.open); n > 0 {
		limit = r.open[n-1].end
	}
	end := r.closing(i, k)
	if end >= limit {
		return false
	}
	r.text(i)
	r.open = append(r.open, openSpan{style: 1 << k, end: end, hidden: len(r.p.hidden)})
	r.hide(i)
	r.style |= 1 << k
	return true
}

// closing gives the first place behind i that may close a span of directive k
// that began at i. The places asked about only ever grow.
func (r *spanReader) closing(i, k int) int {
	j := max(r.next[k], i+2)
	for ; j < len(r.line); j++ {
		r.p.steps++
		if r.line[j] != spanSigns[k] || r.inLink(j) {
			continue
		}
		if before, _ := utf8.DecodeLastRuneInString(r.line[:j]); !isSpacing(before) {
			break
		}
	}
	r.next[k] = j
	return j
}

// end ends the innermost span at i.
func (r *spanReader) end(i int) {
	r.text(i)
	n := len(r.open) - 1
	o := r.open[n]
	r.open = r.open[:n]
	lo, hi := r.p.hidden[o.hidden].at, r.p.out.Len()
	r.hide(i)
	for _, h := range []int{o.hidden, len(r.p.hidden) - 1} {
		r.p.hidden[h].lo, r.p.hidden[h].hi = lo, hi
	}
	r.style &^= o.style
}

// hide leaves out the directive at i.
func (r *spanReader) hide(i int) {
	r.p.hidden = append(r.p.hidden, hiddenPart{at: r.p.out.Len(), from: r.first + i, to: r.first + i + 1})
	r.at = i + 1
}

// text writes the line up to i in the style it has there.
func (r *spanReader) text(i int) {
	if i <= r.at {
		return
	}
	from := r.p.out.Len()
	r.p.out.WriteString(r.line[r.at:i])
	r.at = i
	if r.style != 0 {
		r.spans = append(r.spans, styleSpan{from: from, to: r.p.out.Len(), style: r.style})
	}
}
