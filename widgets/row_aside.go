package widgets

import "fyne.io/fyne/v2"

const (
	asideGap      = float32(14) // above and below an aside, besides the gaps of rows
	asideMaxWidth = float32(520)
	asideLine     = float32(28) // least length of the lines beside a gap

	dotCount = 3
	dotSize  = float32(4)
	dotStep  = float32(8)
	dotGap   = float32(6) // before the first
)

// gap lays out the place where messages are missing: a sentence between two
// lines, with dots that move while they come, or a word that asks for them.
func (l *layouter) gap(r *rowLayout, it *rowItem, c rowContext) {
	r.height += asideGap
	r.head = r.height
	room := min(asideMaxWidth, c.width-2*PagePadding)
	tail := float32(0) // what follows the sentence
	switch {
	case it.Busy:
		tail = dotGap + dotCount*dotStep
	case it.Act != "":
		tail = metaGap + ceil(l.strong.width(it.Act, faceText))
	}
	b := l.label.wrap(sanitise(it.Row.Text), room-2*(asideLine+metaGap), 4)
	own := len(b.lines) > 1 || b.w+tail > room // what follows stands on a line of its own
	w, tw := ceil(b.w+tail), tail-metaGap
	if it.Busy {
		tw = tail - dotGap
	}
	if own {
		w = ceil(max(b.w, tw))
	}
	y := r.height
	l.middle(r, b, w, c.width)
	tx, ty := (c.width+w)/2-tw, y
	if own && tail > 0 {
		tx, ty = (c.width-tw)/2, r.height
		r.height += l.label.line
	}
	l.gapLines(r, (c.width-w)/2, w, (y+r.height)/2, c.width)
	switch {
	case it.Busy:
		for i := range dotCount {
			r.dots = append(r.dots, rowBox{
				x: tx + float32(i)*dotStep, y: ty + l.label.base - dotSize, w: dotSize, h: dotSize, radius: dotSize / 2,
			})
		}
	case it.Act != "":
		r.labels = append(r.labels, rowLabel{x: tx, y: ty, text: it.Act, face: l.strong, color: ColorAccentText})
		r.hits = append(r.hits, rowHit{kind: hitGap, x: tx, y: ty, w: l.strong.width(it.Act, faceText), h: l.strong.line})
	}
	r.height += asideGap - GapBetweenGroups
}

// middle adds the lines of a text, each in the middle of a width in the middle
// of the row; a single line begins where the width does.
func (l *layouter) middle(r *rowLayout, b *textBlock, w, width float32) {
	for i := range b.lines {
		x := (width - w) / 2
		if len(b.lines) > 1 {
			x = (width - b.lines[i].w) / 2
		}
		for _, p := range b.linePieces(i) {
			if p.draw != "" {
				r.labels = append(r.labels, rowLabel{
					x: ceil(x) + p.x, y: r.height + float32(i)*b.face.line, text: p.draw, face: b.face, kind: p.face, color: ColorSecondary, on: ColorBackground,
				})
			}
		}
	}
	r.height += b.height()
}

// gapLines draws the lines at both sides of a gap's sentence.
func (l *layouter) gapLines(r *rowLayout, x, w, y, width float32) {
	for _, part := range [][2]float32{{PagePadding, x - metaGap}, {x + w + metaGap, width - PagePadding}} {
		if part[1]-part[0] >= asideLine/2 {
			r.boxes = append(r.boxes, rowBox{x: part[0], y: ceil(y), w: part[1] - part[0], h: LineWidth, fill: ColorLine})
		}
	}
}

// start lays out the line above the first message there is.
func (l *layouter) start(r *rowLayout, it *rowItem, c rowContext) {
	r.height += asideGap
	r.head = r.height
	b := l.label.wrap(sanitise(it.Row.Text), min(asideMaxWidth, c.width-2*PagePadding), 4)
	l.middle(r, b, b.w, c.width)
}

// dot draws one of the dots of a gap that is being filled.
func (v *rowView) dot(b *rowBox, lit bool) {
	var ink fyne.ThemeColorName = ColorDisabled
	if lit {
		ink = ColorAccentText
	}
	d := *b
	d.fill = ink
	v.rect(&d)
}
