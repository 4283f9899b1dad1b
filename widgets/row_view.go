package widgets

import (
	"image"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
)

const (
	// lineSlack is how many lines out of sight a row draws, so that a long
	// message is not drawn anew at each step of scrolling.
	lineSlack = 10
	// quiet is how much of the ground shows through secondary text that stands
	// on a coloured ground.
	quiet = 0.2
)

// rowMarks is what the pointer, the keyboard and the selection do to the looks
// of a row.
type rowMarks struct {
	from, to int    // selected bytes
	part            // under the pointer
	copied   bool   // the block of code was copied
	find     string // what is looked for
	target   int    // index of the hit the keyboard is at, or -1, or wholeRow
	lit      int    // which of the dots is lit
	picking  bool   // messages are being picked
	picked   bool   // and this one is
	alight   bool   // it was jumped to
}

// rowView draws a row in view. Its canvas objects are kept for the next row.
type rowView struct {
	box    *fyne.Container
	item   *rowItem
	lay    *rowLayout
	marks  rowMarks
	lo, hi int     // lines of the body that are drawn
	scale  float32 // pixels per dp
	width  float32 // of the transcript
	source func(key string, w, h int) image.Image

	user colourUser // draws again when the colours of code are known

	fills []*fill
	rings []*canvas.Rectangle
	runs  runPool
	icons []*svgImage
	views []*canvas.Image // of pictures
	waves []*wavePicture
	nFill int
	nRing int
	nIcon int
	nView int
	nWave int
}

func newRowView() *rowView {
	return &rowView{box: &fyne.Container{}}
}

// show draws a row, of whose body the part from top to bottom is in sight. It
// does nothing when that is drawn already.
func (v *rowView) show(it *rowItem, marks rowMarks, top, bottom, scale float32) {
	lo, hi := 0, 0
	if b := it.lay.body; b != nil {
		lo = b.lineAt(top - it.lay.bodyY)
		hi = max(lo, min(b.count, b.lineAt(bottom-it.lay.bodyY)+1))
	}
	if v.lay == it.lay && v.item == it && v.marks == marks && v.scale == scale && lo >= v.lo && hi <= v.hi {
		return
	}
	v.scale = scale
	v.item, v.lay, v.marks = it, it.lay, marks
	v.lo, v.hi = max(0, lo-lineSlack), hi+lineSlack
	v.draw()
}

// draw makes the canvas objects of the row, what is behind first.
func (v *rowView) draw() {
	v.nFill, v.nRing, v.nIcon, v.nView, v.nWave = 0, 0, 0, 0, 0
	v.runs.reset()
	v.box.Objects = v.box.Objects[:0]
	r := v.lay
	v.grounds()
	for i := range r.boxes {
		v.rect(&r.boxes[i])
	}
	v.cardMark()
	for i := range r.pictures {
		v.picture(&r.pictures[i])
	}
	for i := range r.waves {
		v.wave(&r.waves[i])
	}
	for i := range r.over {
		v.rect(&r.over[i])
	}
	if r.body != nil {
		v.body()
	}
	for i := range r.labels {
		l := &r.labels[i]
		v.text(l.text, l.face, l.kind, l.x, l.y, inkOn(l.color, l.on))
	}
	for i := range r.icons {
		v.icon(&r.icons[i])
	}
	for i := range r.dots {
		v.dot(&r.dots[i], i == v.marks.lit)
	}
	if v.marks.target == wholeRow {
		b := r.bubble
		v.rect(&rowBox{x: b.x - 3, y: b.y - 2, w: b.w + 6, h: b.h + 4, stroke: ColorAccentText, radius: BubbleRadius + 2})
	}
	if v.marks.target >= 0 && v.marks.target < len(r.hits) {
		for _, b := range r.hitRects(r.hits[v.marks.target]) {
			v.rect(&rowBox{x: b.x - 3, y: b.y - 1, w: b.w + 6, h: b.h + 2, stroke: ColorAccentText, radius: 5})
		}
	}
	v.runs.trim()
}

// inkOn gives the colour of text on a ground: quiet text on a coloured ground is
// mixed from the text and the ground, and links are moved towards the text, to
// keep the contrast.
func inkOn(ink, ground fyne.ThemeColorName) color.Color {
	if ground != ColorBubbleOut {
		return theme.Color(ink)
	}
	switch ink {
	case ColorSecondary:
		return mix(theme.Color(ColorText), theme.Color(ground), quiet)
	case ColorAccentText:
		return mix(theme.Color(ink), theme.Color(ColorText), 0.45)
	case ColorDanger:
		return mix(theme.Color(ink), theme.Color(ColorText), 0.55)
	}
	return theme.Color(ink)
}

// mix gives a colour that is the share part of b and for the rest a.
func mix(a, b color.Color, part float32) color.Color {
	ar, ag, ab, _ := a.RGBA()
	br, bg, bb, _ := b.RGBA()
	m := func(x, y uint32) uint8 {
		return uint8((float32(x)*(1-part) + float32(y)*part) / 257)
	}
	return color.NRGBA{R: m(ar, br), G: m(ag, bg), B: m(ab, bb), A: 0xFF}
}

// rect draws a box: a filled one, or an outline.
func (v *rowView) rect(b *rowBox) {
	if b.fill != "" {
		v.fill(b, theme.Color(b.fill))
		return
	}
	if v.nRing == len(v.rings) {
		v.rings = append(v.rings, newRing(0))
	}
	o := v.rings[v.nRing]
	v.nRing++
	o.StrokeColor, o.CornerRadius = theme.Color(b.stroke), b.radius
	o.Show()
	put(o, b.x, b.y, b.w, b.h)
	v.box.Objects = append(v.box.Objects, o)
}

func (v *rowView) fill(b *rowBox, c color.Color) {
	if v.nFill == len(v.fills) {
		v.fills = append(v.fills, &fill{})
	}
	f := v.fills[v.nFill]
	v.nFill++
	for _, o := range f.place(fillShape{b.w, b.h, b.radius, b.tail, c, v.scale}, b.x, b.y) {
		v.box.Objects = append(v.box.Objects, o)
	}
}

// text draws a run on the line that begins at x and y.
func (v *rowView) text(s string, f *typeface, k faceKind, x, y float32, c color.Color) {
	v.run(s, f, k, x, y+f.base, c)
}

// run draws a run on a base line.
func (v *rowView) run(s string, f *typeface, k faceKind, x, base float32, c color.Color) {
	v.box.Objects = append(v.box.Objects, v.runs.draw(s, f, k, x, base, v.scale, c))
}

func (v *rowView) icon(i *rowIcon) {
	if v.nIcon == len(v.icons) {
		v.icons = append(v.icons, newSVGImage())
	}
	o := v.icons[v.nIcon]
	v.nIcon++
	ink := inkOn(i.color, i.on)
	if i.color != ColorSecondary {
		ink = theme.Color(i.color) // told by its colour from the quiet ones
	}
	o.set(i.name, ink)
	put(o.image, i.x, i.y, i.size, i.size)
	v.box.Objects = append(v.box.Objects, o.image)
}

// stretch is a part of a line from left to right.
type stretch struct{ x0, x1 float32 }

// selected gives the parts of a line that show the bytes from lo up to hi; in a
// line of mixed directions there may be several.
func (b *textBlock) selected(line, lo, hi int) []stretch {
	var out []stretch
	for _, p := range b.linePieces(line) {
		from, to := max(lo, p.from), min(hi, p.to)
		if from >= to {
			continue
		}
		x0, x1 := b.pieceX(&p, from), b.pieceX(&p, to)
		if x0 > x1 {
			x0, x1 = x1, x0
		}
		if n := len(out) - 1; n >= 0 && abs(out[n].x1-x0) < 0.5 {
			out[n].x1 = x1
			continue
		}
		out = append(out, stretch{x0, x1})
	}
	return out
}
