package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"

	"linnet/assets"
)

const (
	// strikeUp is how far the line through a text stands above its base line, in
	// parts of its size.
	strikeUp = float32(0.27)
	// codeInset is what the ground of code between words leaves free of its
	// line, above and below.
	codeInset    = float32(1)
	codeCorner   = float32(4)
	markRadius   = float32(3) // of what is behind parts of the text
	copyHeight   = float32(24)
	copyPad      = float32(8)
	copyInset    = float32(4) // from the corner of the ground
	copyIconGap  = float32(5)
	copyRowTrail = float32(12) // between the language and the button
)

// copyHits adds the buttons that copy blocks of code.
func (l *layouter) copyHits(r *rowLayout) {
	for i := range r.body.parts {
		p := &r.body.parts[i]
		if p.kind != blockCode {
			continue
		}
		at := p.copyPlace(l.copyButton())
		r.hits = append(r.hits, rowHit{kind: hitCopyCode, n: i, x: r.bodyX + at.x, y: r.bodyY + at.y, w: at.w, h: at.h})
	}
}

// copyButton gives how wide the button is that copies code: the same before and
// after it was pressed.
func (l *layouter) copyButton() float32 {
	word := max(l.label.lineWidth(lang.L("Copy")), l.label.lineWidth(lang.L("Copied")))
	return ceil(word) + IconSmallSize + copyIconGap + 2*copyPad
}

// placeCopy finds a place for the button that copies code of at most such a
// width, where it hides none of it: beside the language, the first or the last
// line. Only code that leaves no room there gets a line above it.
func (p *bodyPart) placeCopy(l *layouter, room float32) {
	switch last := len(p.lines) - 1; {
	case p.info == "" && p.besideCopy(l, 0) <= room:
	case p.info == "" && !p.more && p.besideCopy(l, last) <= room:
		p.foot = true
	default:
		p.head = true
	}
}

// copyLine is the line of code without a head that the button is beside.
func (p *bodyPart) copyLine() int {
	if p.foot {
		return len(p.lines) - 1
	}
	return 0
}

// copyPlace gives the place of a button of a width that copies the code.
func (p *bodyPart) copyPlace(w float32) rowBox {
	g := p.ground()
	b := rowBox{x: g.x + g.w - w - copyInset, y: g.y + copyInset, w: w, h: copyHeight}
	if p.foot {
		b.y = g.y + g.h - codePadY - codeLine // and not on the line above
	}
	return b
}

// besideCopy gives how wide code is where one of its lines has the button that
// copies it beside it.
func (p *bodyPart) besideCopy(l *layouter, line int) float32 {
	return p.lines[line].w + copyRowTrail + l.copyButton() - (codePadX - copyInset)
}

// codeAt gives the block of code at a place of the row, or -1.
func (r *rowLayout) codeAt(x, y float32) int {
	if r.body == nil {
		return -1
	}
	x, y = x-r.bodyX, y-r.bodyY
	for i := range r.body.parts {
		p := &r.body.parts[i]
		if p.kind != blockCode {
			continue
		}
		if g := p.ground(); x >= g.x && x < g.x+g.w && y >= g.y && y < g.y+g.h {
			return i
		}
	}
	return -1
}

// body draws the lines from lo up to, not with, hi of what a message says.
func (v *rowView) body() {
	b := v.lay.body
	lo, hi := v.lo, min(v.hi, b.count)
	if lo >= hi {
		return
	}
	first, _ := b.part(lo)
	last, _ := b.part(hi - 1)
	for i := first; i <= last; i++ {
		if p := &b.parts[i]; p.kind == blockCode {
			v.boxAt(p.ground())
			p.tint(coloursOf(p.info, p.text, v.user))
		}
	}
	for _, bar := range b.bars(first, last+1) {
		v.boxAt(bar)
	}
	for i := lo; i < hi; i++ {
		v.codeGrounds(i)
	}
	v.marked(v.item.found, lo, hi, ColorFound)
	v.marked([]Span{{v.marks.from, v.marks.to}}, lo, hi, ColorSelection)
	for i := lo; i < hi; i++ {
		v.bodyLine(i)
	}
	for i := first; i <= last; i++ {
		if b.parts[i].kind == blockCode {
			v.codeHead(i)
		}
	}
}

// boxAt draws a box that is placed in the body.
func (v *rowView) boxAt(b rowBox) {
	b.x += v.lay.bodyX
	b.y += v.lay.bodyY
	v.rect(&b)
}

// marked draws the ground of parts of the text.
func (v *rowView) marked(spans []Span, lo, hi int, ground fyne.ThemeColorName) {
	for _, s := range spans {
		if s.From >= s.To {
			continue
		}
		for i := max(lo, v.lay.body.lineOf(s.From)); i < min(hi, v.lay.body.lineOf(s.To)+1); i++ {
			for _, b := range v.lay.body.rectsOf(i, s.From, s.To) {
				b.fill, b.radius = ground, markRadius
				v.boxAt(b)
			}
		}
	}
}

// codeGrounds draws what is behind code between words.
func (v *rowView) codeGrounds(line int) {
	k, i := v.lay.body.part(line)
	p := &v.lay.body.parts[k]
	if len(p.spans) == 0 || p.kind == blockCode {
		return
	}
	x, y := p.linePlace(i)
	var run rowBox // pieces of other styles may follow each other
	for _, s := range p.linePieces(i) {
		if s.style&styleCode == 0 {
			continue
		}
		if run.w > 0 && abs(run.x+run.w-x-s.x) < 0.5 && s.lead == 0 {
			run.w += s.w
			continue
		}
		if run.w > 0 {
			v.boxAt(run)
		}
		run = rowBox{x: x + s.x, y: y + codeInset, w: s.w, h: p.face.line - 2*codeInset, fill: ColorCode, radius: codeCorner}
	}
	if run.w > 0 {
		v.boxAt(run)
	}
}

// bodyLine draws the words of a line.
func (v *rowView) bodyLine(line int) {
	r := v.lay
	k, i := r.body.part(line)
	p := &r.body.parts[k]
	x, y := p.linePlace(i)
	x, y = x+r.bodyX, y+r.bodyY
	var words joinedRun
	defer words.draw(v)
	for _, s := range p.linePieces(i) {
		if s.draw == "" {
			continue
		}
		ink, on := r.bodyColor, r.on
		switch {
		case p.kind == blockCode:
			ink, on = s.tint.color(), ColorCode
		case s.link >= 0:
			ink = ColorAccentText
		case s.style&styleCode != 0:
			on = ColorCode
		case p.quotes > 0:
			ink = ColorSecondary
		}
		c := inkOn(ink, on)
		if f := p.face.styled(s.style); s.face == faceText && f.outlines != nil && s.lead == 0 && s.trail == 0 {
			words.add(v, s.draw, f, x+s.x, y+p.face.base, s.w, c)
		} else {
			v.run(s.draw, f, s.face, x+s.inkX(), y+p.face.base, c)
		}
		if s.style&styleStrike != 0 {
			v.fill(&rowBox{x: x + s.x, y: y + p.face.base - ceil(p.face.size*strikeUp), w: s.w, h: LineWidth}, c)
		}
		if s.link >= 0 && p.links+s.link == v.marks.link {
			v.fill(&rowBox{x: x + s.x, y: y + p.face.base + 2, w: s.w, h: LineWidth}, c)
		}
	}
}

// joinedRun is what follows each other on a line in one font: words and links, or
// all of a line of code. It is drawn at once, as a line has a dozen colours, and
// each object costs about as much as a whole line.
type joinedRun struct {
	text           string
	face           *typeface
	tints          []tint
	x, base, right float32
}

// add takes a piece in, when that goes on where the one before ended; what was
// there is drawn otherwise.
func (j *joinedRun) add(v *rowView, s string, f *typeface, x, base, w float32, ink color.Color) {
	if f != j.face || abs(x-j.right) > 0.1 {
		j.draw(v)
		*j = joinedRun{face: f, tints: j.tints[:0], x: x, base: base}
	}
	j.text, j.right = j.text+s, x+w
	j.tints = append(j.tints, tint{len(j.text), ink})
}

func (j *joinedRun) draw(v *rowView) {
	n := len(j.tints) - 1
	if j.text == "" {
		return
	}
	v.box.Objects = append(v.box.Objects, v.runs.tinted(runState{j.text, j.face, faceText, v.scale, j.tints[n].ink}, j.tints[:n], j.x, j.base))
}

// codeHead draws the language of a block of code, and the button that copies it
// while the pointer or the keyboard is there.
func (v *rowView) codeHead(i int) {
	r := v.lay
	p := &r.body.parts[i]
	g := p.ground()
	x, y := r.bodyX+g.x, r.bodyY+g.y
	if p.info != "" {
		f := typefaceOf(TextTime, metaLine, fyne.TextStyle{})
		v.pieces(f, p.info, x+codePadX, y+codePadY-1, ColorSecondary)
	}
	at := v.marks.target >= 0 && v.marks.target < len(r.hits) && r.hits[v.marks.target].kind == hitCopyCode && r.hits[v.marks.target].n == i
	if v.marks.code != i && !at {
		return
	}
	for _, h := range r.hits {
		if h.kind == hitCopyCode && h.n == i {
			v.copyButton(h)
		}
	}
}

// copyButton draws a button that copies code.
func (v *rowView) copyButton(h rowHit) {
	word, icon := lang.L("Copy"), assets.IconCopy
	if v.marks.copied {
		word, icon = lang.L("Copied"), assets.IconCheck
	}
	f := typefaceOf(TextSmall, 18, fyne.TextStyle{})
	w := ceil(f.lineWidth(word)) + IconSmallSize + copyIconGap + 2*copyPad
	x := h.x + h.w - w
	v.rect(&rowBox{x: x, y: h.y, w: w, h: h.h, fill: ColorCodeButton, radius: codeRadius - 2})
	v.icon(&rowIcon{x: x + copyPad, y: h.y + (h.h-IconSmallSize)/2, size: IconSmallSize, name: icon, color: ColorSecondary})
	v.pieces(f, word, x+copyPad+IconSmallSize+copyIconGap, h.y+(h.h-f.line)/2, ColorSecondary)
}

// pieces draws a line of harmless text.
func (v *rowView) pieces(f *typeface, text string, x, y float32, ink fyne.ThemeColorName) {
	for _, r := range lookOf(f, text, unlimited).runs {
		v.text(r.text, r.face, r.kind, x+r.x, y, theme.Color(ink))
	}
}
