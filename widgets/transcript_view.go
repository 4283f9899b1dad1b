package widgets

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"

	"linnet/assets"
)

const (
	scrollBarWidth    = float32(5)
	scrollBarMin      = float32(32) // height of the bar in a long conversation
	scrollBarGap      = float32(3)
	pillHeight        = float32(34)
	pillBottom        = float32(12)
	transcriptMinSide = float32(80)
)

// transcriptView is what a transcript is drawn with: the rows in view, each in
// a box of its own that is only moved when the view scrolls.
type transcriptView struct {
	rows    *fyne.Container
	views   map[*rowItem]*rowView
	spare   []*rowView
	bar     *canvas.Rectangle
	pill    *canvas.Rectangle
	pillTag *Label
	arrow   *svgImage
	ring    *canvas.Rectangle
	hover   *hoverBar

	barY, barH float32
	pillBox    rowBox // where the pill is, empty when it is hidden
}

func newTranscriptView() *transcriptView {
	v := &transcriptView{
		rows:    &fyne.Container{},
		views:   make(map[*rowItem]*rowView),
		bar:     rounded(scrollBarWidth / 2),
		pill:    rounded(pillHeight / 2),
		pillTag: NewBoldLabel("", TextSecondary, ColorOnAccent),
		arrow:   newSVGImage(),
		ring:    newRing(0),
		hover:   newHoverBar(),
	}
	v.bar.Hide()
	v.pill.Hide()
	v.pillTag.Hide()
	v.arrow.image.Hide()
	return v
}

func (v *transcriptView) objects() []fyne.CanvasObject {
	out := append([]fyne.CanvasObject{v.rows}, v.hover.objects()...)
	return append(out, v.bar, v.pill, v.pillTag, v.arrow.image, v.ring)
}

// CreateRenderer is for Fyne.
func (t *Transcript) CreateRenderer() fyne.WidgetRenderer {
	return &clipPainter{painter{
		objects: t.drawn.objects(),
		min:     fixed(transcriptMinSide, transcriptMinSide),
		layout:  t.layout,
		refresh: t.restyle,
	}}
}

func (t *Transcript) init() {
	t.drawn = newTranscriptView()
	t.unfolded, t.picked = make(map[RowID]bool), make(map[RowID]bool)
	t.pointer.part = noPart
	t.target = noTarget
	t.tip.owner = t
}

// reset forgets all that belongs to the rows held.
func (t *Transcript) reset() {
	t.sel = selection{}
	t.target = noTarget
	t.pointer = pointerState{part: noPart}
	t.drawn.hover.row, t.alight = RowID{}, RowID{}
	t.StopPicking()
	clear(t.unfolded)
	t.view = viewport{size: t.view.size}
	t.divider = nil
}

func (t *Transcript) layout(size fyne.Size) {
	if size.Width != t.view.size.Width {
		t.rows.staleAll()
	}
	t.view.size = size
	put(t.drawn.ring, 1, 1, size.Width-2, size.Height-2)
	t.relayout()
}

// restyle follows a change of the theme or of the day.
func (t *Transcript) restyle() {
	if t.lay != nil && !t.lay.fresh() {
		t.lay = nil
	}
	t.rows.staleAll()
	t.drawn.ring.StrokeColor = theme.Color(ColorAccentText)
	for it, v := range t.drawn.views {
		t.drawn.drop(it, v)
	}
}

func (t *Transcript) dayLabel(day time.Time) string {
	if t.DayLabel != nil {
		return t.DayLabel(day)
	}
	return day.Format(time.DateOnly)
}

// relayout brings what is drawn up to date with the rows and the place, and
// asks for what is missing.
func (t *Transcript) relayout() {
	if !t.laid() {
		return
	}
	t.placeDivider()
	t.settle()
	t.measureAround()
	t.redraw()
	t.askMore()
	t.tellSeen()
}

// laid tells whether there is room to lay rows out in, and sees to the means.
func (t *Transcript) laid() bool {
	if t.view.size.Width < 1 || t.view.size.Height < 1 {
		return false
	}
	if t.lay == nil {
		t.lay = newLayouter()
	}
	return true
}

// placeDivider finds the row that has the "New" divider above it. The divider
// moves when older unread rows come above.
func (t *Transcript) placeDivider() {
	var now *rowItem
	i := t.unreadRow()
	if i >= 0 {
		now = t.rows.items[i]
	}
	if now == t.divider {
		return
	}
	if t.divider != nil {
		t.divider.exact, t.divider.lay = false, nil
	}
	if now != nil {
		now.exact, now.lay = false, nil
	}
	t.divider = now
}

// redraw draws the rows in view where they belong.
func (t *Transcript) redraw() {
	d := t.drawn
	if t.lay == nil {
		return
	}
	scale := scaleOf(t)
	inView := make(map[*rowItem]bool, t.view.last-t.view.first)
	for _, it := range t.rows.items[t.view.first:t.view.last] {
		inView[it] = true
	}
	for it, v := range d.views {
		if !inView[it] {
			d.drop(it, v)
		}
	}
	d.rows.Objects = d.rows.Objects[:0]
	y := t.view.firstY
	for i := t.view.first; i < t.view.last; i++ {
		it := t.rows.items[i]
		if it.lay == nil {
			t.layRow(i)
		}
		v := d.view(it)
		v.source, v.width = t.OnPicture, t.view.size.Width
		v.user = t
		v.show(it, t.marks(it), -y, t.view.size.Height-y, scale)
		v.box.Move(fyne.NewPos(0, float32(int(y+0.5*sign(y)))))
		d.rows.Objects = append(d.rows.Objects, v.box)
		y += it.height
	}
	t.drawBar()
	t.drawPill()
	t.drawHoverBar()
	for _, v := range d.spare { // those that were not taken for another row
		v.runs.reset()
		v.runs.trim()
	}
	show(d.ring, t.focused && !t.byMouse && t.target == noTarget) // what it is at has a ring of its own
	repaint(t, t.drawn.bar)
}

// recolour draws the code in view again, because colours are known.
func (t *Transcript) recolour() {
	for it, v := range t.drawn.views {
		if it.lay != nil && it.lay.body != nil && it.lay.body.hasCode() {
			v.lay = nil
		}
	}
	t.redraw()
}

func sign(x float32) float32 {
	if x < 0 {
		return -1
	}
	return 1
}

// view gives what draws a row.
func (d *transcriptView) view(it *rowItem) *rowView {
	if v, ok := d.views[it]; ok {
		return v
	}
	var v *rowView
	if n := len(d.spare); n > 0 {
		v, d.spare = d.spare[n-1], d.spare[:n-1]
	} else {
		v = newRowView()
	}
	d.views[it] = v
	return v
}

// drop takes a row that went out of view off, keeping what drew it for another.
func (d *transcriptView) drop(it *rowItem, v *rowView) {
	delete(d.views, it)
	it.lay, v.lay, v.item = nil, nil, nil
	v.dropPictures()
	d.spare = append(d.spare, v)
}

// marks gives what is special about a row in view.
func (t *Transcript) marks(it *rowItem) rowMarks {
	m := rowMarks{part: noPart, target: -1, find: t.find}
	it.findIn(t.find)
	if it.Busy {
		m.lit = t.dots.lit
	}
	m.from, m.to = t.sel.within(it)
	if t.pointer.row == it.ID {
		m.part, m.copied = t.pointer.part, t.pointer.copied
	}
	if t.focused && t.target.row == it.ID {
		m.target = t.target.hit
	}
	m.picking, m.picked, m.alight = t.picking, t.picked[it.ID], t.alight == it.ID
	return m
}

// drawBar shows the scroll bar when there is more than the view holds.
func (t *Transcript) drawBar() {
	d := t.drawn
	h := t.view.size.Height
	total := t.rows.total() + bottomPad
	show(d.bar, total > h)
	if total <= h {
		d.barH = 0
		return
	}
	d.barH = max(scrollBarMin, h*h/total)
	part := min(1, max(0, t.offset()/(total-h)))
	if t.AtEnd() {
		part = 1
	}
	d.barY = part * (h - d.barH)
	d.bar.FillColor = theme.Color(ColorScroll)
	put(d.bar, t.view.size.Width-scrollBarWidth-scrollBarGap, d.barY, scrollBarWidth, d.barH)
}

// drawPill shows the way back to the end, with the number of new messages
// there.
func (t *Transcript) drawPill() {
	d := t.drawn
	on := t.pillWanted()
	show(d.pill, on)
	show(d.arrow.image, on)
	show(d.pillTag, on && t.view.fresh > 0)
	d.pillBox = rowBox{}
	if !on {
		return
	}
	size := t.view.size
	w := pillHeight
	ground, ink, line := ColorBackground, ColorSecondary, ColorLine
	if t.view.fresh > 0 {
		d.pillTag.set(lang.L("{{.N}} new", map[string]any{"N": t.view.fresh}))
		ground, ink, line = ColorAccentFill, ColorOnAccent, ColorAccentFill
		w += d.pillTag.Width() + pillPad/2
	}
	d.pillBox = rowBox{x: size.Width - PagePadding - w, y: size.Height - pillBottom - pillHeight, w: w, h: pillHeight}
	b := d.pillBox
	d.pill.FillColor, d.pill.StrokeColor, d.pill.StrokeWidth = theme.Color(ground), theme.Color(line), LineWidth
	put(d.pill, b.x, b.y, b.w, b.h)
	d.arrow.set(assets.IconChevronDown, theme.Color(ink))
	put(d.arrow.image, b.x+b.w-(pillHeight+IconSize)/2, b.y+(b.h-IconSize)/2, IconSize, IconSize)
	putLabel(d.pillTag, b.x+pillPad, b.y, b.w-pillHeight, b.h)
}

// pillWanted tells whether the end is so far that a way back is of use.
func (t *Transcript) pillWanted() bool {
	v := &t.view
	if v.size.Height < 3*pillHeight || t.AtEnd() {
		return false
	}
	return v.fresh > 0 || v.newer || t.rows.total()-t.offset()-v.size.Height > v.size.Height/2
}
