package widgets

import (
	"fyne.io/fyne/v2"
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

// message lays out something said: the text, the time with the state, and below
// why it failed. filled draws the bubble.
func (l *layouter) message(r *rowLayout, it *rowItem, c rowContext, f *typeface, filled bool) {
	outer := min(BubbleMaxWidth, c.width-2*PagePadding-min(farSide, c.width/8))
	inner := outer - 2*BubblePadX
	b := l.fold(it, c, f, inner)
	meta := l.meta(it)

	w, h := b.w, b.h
	end, leftward, inline := b.lastLine() // leftward: the time is at its left
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
	metaY := h - f.line + f.base - l.small.base + 1 // on the last base line, a little lower
	if !inline {
		metaY = h
		w = max(w, meta.w)
		h += metaLine
	}
	if !inline {
		leftward = false
	}
	w = ceil(w)
	b.setWidth(w)

	padX, padY := BubblePadX, BubblePadY
	if !filled {
		padX, padY = bareInset, bareInset
	}
	box := rowBox{x: PagePadding, y: r.height, w: w + 2*padX, h: h + 2*padY, radius: BubbleRadius, tail: 1}
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
	r.body, r.bodyX, r.bodyY = b, box.x+padX, box.y+padY
	for i := range b.links {
		r.hits = append(r.hits, rowHit{kind: hitLink, link: i})
	}
	l.copyHits(r)
	if b.more {
		l.unfold(r, b)
	}
	metaX := box.x + box.w - padX - meta.w
	if leftward {
		metaX = r.bodyX
	}
	meta.place(r, metaX, box.y+padY+metaY)
	r.height += box.h
	if it.State == StateFailed {
		l.failure(r, it, c, outer)
	}
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

// rowMeta is the time of a message and the mark of its state.
type rowMeta struct {
	l    *layouter
	time string
	tw   float32
	w    float32
	icon string
	tint fyne.ThemeColorName
}

func (l *layouter) meta(it *rowItem) rowMeta {
	m := rowMeta{l: l, time: it.Time.Format(clockFormat)}
	m.tw = ceil(l.small.width(m.time, faceText))
	m.w = m.tw
	if m.icon, m.tint = it.State.icon(); m.icon != "" {
		m.w += stateGap + IconSmallSize
	}
	return m
}

func (m rowMeta) place(r *rowLayout, x, y float32) {
	r.meta = rowBox{x: x, y: y, w: m.w, h: metaLine}
	r.labels = append(r.labels, rowLabel{x: x, y: y, text: m.time, face: m.l.small, color: ColorSecondary, on: r.on})
	if m.icon != "" {
		r.icons = append(r.icons, rowIcon{
			x: x + m.tw + stateGap, y: y + m.l.small.base - IconSmallSize + 2, size: IconSmallSize,
			name: m.icon, color: m.tint, on: r.on,
		})
	}
}

// failure lays out the line below a message that was refused: why, and "Try
// again", at the side of the bubble.
func (l *layouter) failure(r *rowLayout, it *rowItem, c rowContext, outer float32) {
	reason := Harmless(it.Reason)
	if reason == "" {
		reason = lang.L("Not sent")
	}
	retry := lang.L("Try again")
	rw := ceil(l.strong.width(retry, faceText))
	b := l.label.wrap(reason, outer, 3)
	r.height += noteGap
	last := b.lines[len(b.lines)-1].w
	own := last+metaGap+rw > outer
	w := max(b.w, last+metaGap+rw)
	if own {
		w = max(b.w, rw)
	}
	w = ceil(w)
	x := r.bubble.x + stateGap
	if it.Out {
		x = c.width - PagePadding - w - stateGap
	}
	r.block(b, x, r.height, ColorDanger, ColorBackground)
	rx, ry := x+last+metaGap, r.height+b.height()-l.label.line
	r.height += b.height()
	if own {
		rx, ry = x, r.height
		r.height += l.strong.line
	}
	r.labels = append(r.labels, rowLabel{x: rx, y: ry, text: retry, face: l.strong, color: ColorAccentText})
	r.hits = append(r.hits, rowHit{kind: hitRetry, x: rx, y: ry, w: rw, h: l.strong.line})
}
