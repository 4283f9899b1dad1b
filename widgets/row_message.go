package widgets

import (
	"fyne.io/fyne/v2/lang"
)

// notice lays out a line about something that happened.
func (l *layouter) notice(r *rowLayout, it *rowItem, c rowContext) {
	b := l.lines(&it.said, l.label, min(noticeMaxWidth, c.width-2*PagePadding-2*pillPad), foldLines)
	b.setWidth(ceil(b.w))
	w := ceil(b.w) + 2*pillPad
	r.bubble = rowBox{
		x: ceil((c.width - w) / 2), y: r.height, w: w, h: b.h + dayHeight - l.label.line,
		fill: ColorField, radius: pillRadius,
	}
	r.boxes = append(r.boxes, r.bubble)
	r.body, r.bodyColor, r.on = b, ColorSecondary, ColorField
	r.bodyX, r.bodyY = r.bubble.x+pillPad, r.height+(dayHeight-l.label.line)/2
	r.height += r.bubble.h
}

// captionLeast is the width that words under a small picture may take.
const captionLeast = float32(200)

// message lays out something said: what it answers and files, the text, what is
// told of links, the time with the state, and below it what came of it. filled
// draws the bubble.
func (l *layouter) message(r *rowLayout, it *rowItem, c rowContext, f *typeface, filled bool) {
	outer := min(BubbleMaxWidth, c.width-2*PagePadding-min(farSide, c.width/8))
	inner := outer - 2*BubblePadX
	above, below := l.partsAbove(it, inner), l.partsBelow(it, inner)
	if above.edged() {
		inner = max(above.width(), min(inner, captionLeast))
	}
	b := l.fold(it, c, f, inner)
	meta := l.meta(it)

	w, h := b.w, b.h
	end, leftward, inline := b.lastLine() // leftward: the time is at its left
	apart := !inline && !b.more           // the time stands under a quote or code
	inline = inline && len(below) == 0
	if inline {
		need := end + metaGap + meta.w
		inline = need <= inner
		if inline {
			w = max(w, need)
		}
	}
	if b.more {
		h += f.line
		w = max(w, l.label.width(lang.L("Show all"), faceText))
	}
	top, foot := above.height(), float32(0) // where the text begins, and what is below it
	if len(above) > 0 && (h > 0 || len(below) > 0) {
		top += above[len(above)-1].gap
	}
	if foot = top + h; h > 0 && len(below) > 0 {
		foot += cardGap
	}
	h = foot + below.height()
	metaY := h - f.line + f.base - l.small.base + 1 // on the last base line, a little lower
	if beside := max(above.beside(), below.beside()); beside > 0 {
		leftward = false
		metaY = h - beside + l.label.base - l.small.base
	} else if !inline {
		leftward = false
		if apart || len(below) > 0 {
			h += partGap
		}
		metaY = h
		w = max(w, meta.w)
		h += metaLine
	}
	w = ceil(max(w, above.width(), below.width()))
	b.setWidth(w)

	padX, padY := BubblePadX, BubblePadY
	if !filled {
		padX, padY = bareInset, bareInset
	}
	lift := float32(0) // of what reaches near the upper edge
	if len(above) > 0 && above[0].edge {
		lift = padY - edgeInset
	}
	box := rowBox{x: c.left(), y: r.height, w: w + 2*padX, h: h + 2*padY - lift, radius: BubbleRadius, tail: 1}
	r.on = ColorBubbleIn
	if it.Out {
		box.x, box.tail, r.on = c.width-PagePadding-box.w, 2, ColorBubbleOut
	}
	if filled {
		box.fill = r.on
		r.boxes = append(r.boxes, box)
	} else {
		r.on = ColorBackground
	}
	r.bubble = box
	start := box.y + padY - lift
	r.body, r.bodyX, r.bodyY = b, box.x+padX, start+top
	above.place(r, r.bodyX, start, w)
	below.place(r, r.bodyX, start+foot, w)
	for i := range b.links {
		r.hits = append(r.hits, rowHit{kind: hitLink, n: i})
	}
	l.copyHits(r)
	if b.more {
		l.unfold(r, b)
	}
	metaX := box.x + box.w - padX - meta.w
	if leftward {
		metaX = r.bodyX
	}
	meta.place(r, metaX, start+metaY)
	r.height += box.h
	l.under(r, it, c, outer)
}

// fold lays out what a message says, only its beginning when it is very long.
func (l *layouter) fold(it *rowItem, c rowContext, f *typeface, inner float32) *textBody {
	if c.unfolded {
		return l.lines(&it.said, f, inner, 0)
	}
	b := l.lines(&it.said, f, inner, foldBeyond)
	if b.more {
		b.keep(foldLines)
	}
	return b
}

func (l *layouter) unfold(r *rowLayout, b *textBody) {
	text := lang.L("Show all")
	y := r.bodyY + b.h
	r.labels = append(r.labels, rowLabel{x: r.bodyX, y: y + 1, text: text, face: l.strong, color: ColorAccentText, on: r.on})
	r.hits = append(r.hits, rowHit{kind: hitUnfold, x: r.bodyX, y: y, w: l.strong.width(text, faceText), h: l.strong.line})
}
