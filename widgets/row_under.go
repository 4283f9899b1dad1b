package widgets

import (
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"linnet/assets"
)

// What stands below a bubble: reactions, and what became of what the user did
// to the message.

// Measures of the chips of reactions in dp.
const (
	chipLine = float32(22)
	chipPad  = float32(7)
	chipStep = float32(4) // between two
	chipIcon = float32(12)
)

// reactions lays out the chips under a bubble, at its side.
func (l *layouter) reactions(r *rowLayout, it *rowItem, c rowContext, outer float32) {
	type placed struct {
		n    int // of the reaction, -1 for the chip that adds one
		x, w float32
		text *lineLook
	}
	var line []placed
	var x float32
	flush := func() {
		from := r.bubble.x
		if it.Out {
			from = c.width - PagePadding - x + chipStep
		}
		for _, p := range line {
			l.chip(r, it, p.n, from+p.x, p.w, p.text)
		}
		r.height += chipLine
		line, x = line[:0], 0
	}
	r.height += noteGap
	add := func(n int, w float32, text *lineLook) {
		if x > 0 && x+w > outer {
			flush()
			r.height += chipStep
		}
		line = append(line, placed{n, x, w, text})
		x += w + chipStep
	}
	for n := range min(len(it.Reactions), MaxReactions) {
		text := lookOf(l.quoteText, chipText(&it.Reactions[n]), outer/2)
		add(n, ceil(text.w)+2*chipPad, text)
	}
	add(-1, chipIcon+2*chipPad, nil)
	flush()
}

// chipText is what a chip says: one emoji, whatever was sent as one, and how
// many there are where it is not one alone.
func chipText(x *Reaction) string {
	emoji, _, _ := nextCluster(Harmless(x.Emoji), -1)
	if x.Count < 2 {
		return emoji
	}
	return emoji + " " + strconv.Itoa(x.Count)
}

// chip draws one chip on the line at the end of the row so far.
func (l *layouter) chip(r *rowLayout, it *rowItem, n int, x, w float32, text *lineLook) {
	box := rowBox{x: x, y: r.height, w: w, h: chipLine, fill: ColorField, radius: chipLine / 2}
	hit := rowHit{kind: hitReactMore, x: x, y: r.height, w: w, h: chipLine}
	ink := ColorSecondary
	if n >= 0 {
		hit.kind, hit.n = hitReact, n
		if it.Reactions[n].Mine {
			box.fill, ink = ColorSelected, ColorAccentText
		}
	}
	r.boxes = append(r.boxes, box)
	r.hits = append(r.hits, hit)
	if text == nil {
		r.icons = append(r.icons, rowIcon{
			x: x + chipPad, y: r.height + (chipLine-chipIcon)/2, size: chipIcon, name: assets.IconPlus, color: ColorSecondary,
		})
		return
	}
	on := r.on
	r.on = box.fill
	r.line(text, x+chipPad, r.height+(chipLine-l.quoteText.line)/2, ink)
	r.on = on
}

// noteWord is a word to press behind a note.
type noteWord struct {
	text string
	hit  hitKind
}

// note lays out a line below a bubble, at its side, with words to press behind
// it or, where they do not fit, under it.
func (l *layouter) note(r *rowLayout, it *rowItem, c rowContext, outer float32, text string, ink fyne.ThemeColorName, words ...noteWord) {
	b := l.label.wrap(Harmless(text), outer, 3)
	var tail float32
	for _, k := range words {
		tail += metaGap + ceil(l.strong.width(k.text, faceText))
	}
	last := b.lines[len(b.lines)-1].w
	w, own := max(b.w, last+tail), last+tail > outer
	if own {
		w = max(b.w, tail-metaGap)
	}
	w = ceil(w)
	r.height += noteGap
	x := r.bubble.x + stateGap
	if it.Out {
		x = c.width - PagePadding - w - stateGap
	}
	r.block(b, x, r.height, ink, ColorBackground)
	wx, wy := x+last+metaGap, r.height+b.height()-l.label.line
	r.height += b.height()
	if own && len(words) > 0 {
		wx, wy = x, r.height
		r.height += l.strong.line
	}
	for _, k := range words {
		kw := ceil(l.strong.width(k.text, faceText))
		r.labels = append(r.labels, rowLabel{x: wx, y: wy, text: k.text, face: l.strong, color: ColorAccentText})
		r.hits = append(r.hits, rowHit{kind: k.hit, x: wx, y: wy, w: kw, h: l.strong.line})
		wx += kw + metaGap
	}
}

// under lays out all that stands below a bubble.
func (l *layouter) under(r *rowLayout, it *rowItem, c rowContext, outer float32) {
	if len(it.Reactions) > 0 && it.Kind != RowRetracted {
		l.reactions(r, it, c, outer)
	}
	if it.State != StateFailed && it.Notice == (Notice{}) {
		return
	}
	retry := noteWord{lang.L("Try again"), hitRetry} // a translation takes longer than the rest of a row
	switch {
	case it.State == StateFailed:
		reason := it.Reason
		if reason == "" {
			reason = lang.L("Not sent")
		}
		l.note(r, it, c, outer, reason, ColorDanger, retry)
	case it.Notice.Failed:
		l.note(r, it, c, outer, it.Notice.Text, ColorDanger, retry, noteWord{lang.L("Drop"), hitDrop})
	default:
		l.note(r, it, c, outer, it.Notice.Text, ColorSecondary)
	}
}
