package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"linnet/assets"
)

// starSize is the size of the mark of a message the user marked.
const starSize = float32(11)

// rowMeta is the time of a message with what is told beside it: that it is
// marked, that it was changed, and how far it came.
type rowMeta struct {
	l      *layouter
	star   bool
	edited string
	ew     float32
	time   string
	tw     float32
	w      float32
	icon   string
	tint   fyne.ThemeColorName
}

func (l *layouter) meta(it *rowItem) rowMeta {
	m := rowMeta{l: l, time: it.Time.Format(clockFormat), star: it.Starred}
	m.tw = ceil(l.small.width(m.time, faceText))
	m.w = m.tw
	if m.star {
		m.w += starSize + stateGap
	}
	if it.Edited {
		m.edited = lang.L("edited")
		m.ew = ceil(l.small.width(m.edited, faceText))
		m.w += m.ew + stateGap
	}
	if m.icon, m.tint = it.State.icon(); m.icon != "" {
		m.w += stateGap + IconSmallSize
	}
	return m
}

func (m rowMeta) place(r *rowLayout, x, y float32) {
	r.meta = rowBox{x: x, y: y, w: m.w, h: metaLine}
	mid := y + m.l.small.base - IconSmallSize/2 + 2
	if m.star {
		r.icons = append(r.icons, rowIcon{x: x, y: mid - starSize/2, size: starSize, name: assets.IconStarred, color: ColorSecondary, on: r.on})
		x += starSize + stateGap
	}
	if m.edited != "" {
		r.labels = append(r.labels, rowLabel{x: x, y: y, text: m.edited, face: m.l.small, color: ColorSecondary, on: r.on})
		r.hits = append(r.hits, rowHit{kind: hitEdits, x: x, y: y, w: m.ew, h: metaLine})
		x += m.ew + stateGap
		r.meta.w -= x - r.meta.x
		r.meta.x = x
	}
	r.labels = append(r.labels, rowLabel{x: x, y: y, text: m.time, face: m.l.small, color: ColorSecondary, on: r.on})
	if m.icon != "" {
		r.icons = append(r.icons, rowIcon{
			x: x + m.tw + stateGap, y: y + m.l.small.base - IconSmallSize + 2, size: IconSmallSize,
			name: m.icon, color: m.tint, on: r.on,
		})
	}
}

// remarkIcon is the size of the icon before a remark.
const remarkIcon = float32(16)

// remark lays out a bubble in which a sentence stands in place of what was said.
func (l *layouter) remark(r *rowLayout, it *rowItem, c rowContext) {
	outer := min(BubbleMaxWidth, c.width-2*PagePadding-min(farSide, c.width/8))
	meta := l.meta(it)
	const lead = remarkIcon + 6
	b := l.lines(&it.said, l.action, outer-2*BubblePadX-lead, foldLines)
	w, h := b.w+lead, b.h
	if end, _, ok := b.lastLine(); ok && end+lead+metaGap+meta.w <= outer-2*BubblePadX {
		w = max(w, end+lead+metaGap+meta.w)
	} else {
		w = max(w, meta.w)
		h += metaLine
	}
	box := rowBox{x: c.left(), y: r.height, w: ceil(w) + 2*BubblePadX, h: h + 2*BubblePadY, radius: BubbleRadius, tail: 1}
	r.on = ColorBubbleIn
	if it.Out {
		box.x, box.tail, r.on = c.width-PagePadding-box.w, 2, ColorBubbleOut
	}
	box.fill = r.on
	r.boxes = append(r.boxes, box)
	r.bubble = box
	name := assets.IconTrash
	if it.Kind == RowForeign {
		name = assets.IconInfo
	}
	x, y := box.x+BubblePadX, box.y+BubblePadY
	r.icons = append(r.icons, rowIcon{x: x, y: y + (l.action.line-remarkIcon)/2, size: remarkIcon, name: name, color: ColorSecondary, on: r.on})
	b.setWidth(box.w - 2*BubblePadX - lead)
	r.body, r.bodyX, r.bodyY, r.bodyColor = b, x+lead, y, ColorSecondary
	meta.place(r, box.x+box.w-BubblePadX-meta.w, box.y+box.h-BubblePadY-l.action.line+l.action.base-l.small.base+1)
	r.height += box.h
	l.under(r, it, c, outer)
}
