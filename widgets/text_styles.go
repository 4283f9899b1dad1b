package widgets

import (
	"sort"

	"fyne.io/fyne/v2"
)

const (
	// codeScale is the size of code in parts of the text around it: letters of
	// the fixed-width font look larger than others.
	codeScale = float32(13) / 14
	// codePad is left free at both ends of code between words, for its ground.
	codePad = float32(4)
)

// styled gives the typeface that sets parts of a style among the words of f.
// Its lines are as high as those of f; its own base line does not count.
func (f *typeface) styled(s spanStyle) *typeface {
	if s &= styleBold | styleItalic | styleCode; s == 0 {
		return f
	}
	if f.variants[s] == nil {
		style, size := f.style, f.size
		style.Bold = style.Bold || s&styleBold != 0
		style.Italic = style.Italic || s&styleItalic != 0
		if s&styleCode != 0 {
			style = fyne.TextStyle{Monospace: true} // there is no other
			size *= codeScale
		}
		f.variants[s] = typefaceOf(size, f.line, style)
	}
	return f.variants[s]
}

// styleAt gives the span that covers a byte, one without a style for none, and
// where that answer ends.
func (b *textBlock) styleAt(off int) (span styleSpan, until int) {
	i := sort.Search(len(b.spans), func(i int) bool { return off < b.spans[i].to })
	switch {
	case i == len(b.spans):
		return styleSpan{}, len(b.text)
	case off < b.spans[i].from:
		return styleSpan{}, b.spans[i].from
	}
	return b.spans[i], b.spans[i].to
}

func (b *textBlock) faceAt(off int) *typeface {
	if len(b.spans) == 0 {
		return b.face
	}
	s, _ := b.styleAt(off)
	return b.face.styled(s.style)
}

// parts gives the parts of some of the text that are of one style each, and for
// code what is left free before and behind it. It ends when fn says so.
func (b *textBlock) parts(from, to int, fn func(from, to int, f *typeface, lead, trail float32) bool) {
	for from < to {
		s, until := b.styleAt(from)
		until = min(until, to)
		var lead, trail float32
		if s.style&styleCode != 0 {
			lead, trail = b.pads(s, from, until)
		}
		if !fn(from, until, b.face.styled(s.style), lead, trail) {
			return
		}
		from = until
	}
}

// pads gives what is left free before and behind a part of code between words.
func (b *textBlock) pads(s styleSpan, from, to int) (lead, trail float32) {
	if from == s.from && !b.codeEnds(from) {
		lead = codePad
	}
	if to == s.to && !b.codeBegins(to) {
		trail = codePad
	}
	return lead, trail
}

// codeEnds and codeBegins tell whether code stands directly before or behind a
// place, so that what is there is in the midst of it: code that is bold in part.
func (b *textBlock) codeEnds(off int) bool {
	if off == 0 {
		return false
	}
	s, _ := b.styleAt(off - 1)
	return s.style&styleCode != 0
}

func (b *textBlock) codeBegins(off int) bool {
	s, _ := b.styleAt(off)
	return s.style&styleCode != 0
}

// pad makes room at the ends of code between words.
func (b *textBlock) pad(p *textPiece, s styleSpan) {
	if s.style&styleCode == 0 {
		return
	}
	lead, trail := b.pads(s, p.from, p.to)
	p.w += lead + trail
	p.lead, p.trail = lead, trail
}

// inkX gives where what is drawn for a piece begins.
func (p *textPiece) inkX() float32 {
	if p.level%2 == 1 {
		return p.x + p.trail
	}
	return p.x + p.lead
}

// plain tells whether the fast way can lay a paragraph out.
func (b *textBlock) plain(from, to int) bool {
	s := b.text[from:to]
	if len(b.spans) == 0 {
		return b.face.plain(s)
	}
	plain := true
	b.parts(from, to, func(from, to int, f *typeface, _, _ float32) bool {
		plain = f.plain(b.text[from:to])
		return plain
	})
	return plain
}

// wordWidth gives the width of a word that may be of several fonts and styles.
func (b *textBlock) wordWidth(from, to int, plain bool) float32 {
	if len(b.spans) == 0 {
		return b.face.wordWidth(b.text[from:to], plain)
	}
	var w float32
	b.parts(from, to, func(from, to int, f *typeface, lead, trail float32) bool {
		w += lead + f.wordWidth(b.text[from:to], plain) + trail
		return true
	})
	return w
}

// cut is typeface.cut for a part of the text, of any styles.
func (b *textBlock) cut(from, to int, room float32) (n int, w float32) {
	if len(b.spans) == 0 {
		return b.face.cut(b.text[from:to], room)
	}
	b.parts(from, to, func(lo, hi int, f *typeface, lead, trail float32) bool {
		k, kw := f.cut(b.text[lo:hi], room-w-lead-trail)
		if n > 0 && w+lead+kw+trail > room {
			return false
		}
		n, w = n+k, w+lead+kw
		if lo+k < hi {
			return false
		}
		w += trail
		return true
	})
	return n, w
}

// spansWithin gives the spans of a part of a text, in bytes of that part.
func spansWithin(spans []styleSpan, from, to int) []styleSpan {
	if len(spans) == 0 {
		return nil
	}
	out := make([]styleSpan, 0, len(spans))
	for _, s := range spans {
		if s.from, s.to = max(s.from, from)-from, min(s.to, to)-from; s.from < s.to {
			out = append(out, s)
		}
	}
	return out
}
