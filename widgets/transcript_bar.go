package widgets

import (
	"image/color"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"

	"linnet/assets"
)

// Sizes of the bar of buttons at a message in dp.
const (
	barCell = float32(30)
	barPad  = float32(3)
	barGap  = float32(8)  // beside the bubble
	barRise = float32(27) // over it, where there is no room beside it: its text stays free
)

// The buttons of the bar.
const (
	barReact = iota
	barReply
	barMore
	barButtons
)

// hoverBar is the buttons that stand at the message the pointer is over.
type hoverBar struct {
	row   RowID // zero for none
	over  int   // the cell under the pointer, or -1
	cells []int // the buttons there are
	box   rowBox
	panel *canvas.Rectangle
	light *canvas.Rectangle // behind the button under the pointer
	icons [barButtons]*svgImage
}

func newHoverBar() *hoverBar {
	b := &hoverBar{over: -1, panel: rounded(9), light: rounded(7)}
	for i := range b.icons {
		b.icons[i] = newSVGImage()
	}
	b.show(false)
	return b
}

func (b *hoverBar) objects() []fyne.CanvasObject {
	out := []fyne.CanvasObject{b.panel, b.light}
	for _, i := range b.icons {
		out = append(out, i.image)
	}
	return out
}

func (b *hoverBar) show(on bool) {
	for _, o := range b.objects() {
		show(o, on)
	}
}

// everyButton and moreAlone are what the bar offers: with a message nobody can
// name, or nobody has, nothing else can be done from there.
var (
	everyButton = []int{barReact, barReply, barMore}
	moreAlone   = []int{barMore}
)

// name says what the buttons do.
func (b *hoverBar) name(i int) string {
	switch i {
	case barReact:
		return lang.L("React")
	case barReply:
		return lang.L("Reply")
	}
	return lang.L("More")
}

// IsSaid tells whether a row is a message that something can be done with.
func (r *Row) IsSaid() bool {
	return r.Kind == RowMessage || r.Kind == RowAction || r.Kind == RowForeign
}

// hoverRow has the bar stand at the message whose height a place is at; the bar
// itself belongs to its message.
func (t *Transcript) hoverRow(at fyne.Position) {
	b := t.drawn.hover
	if b.box.contains(at) {
		over := min(len(b.cells)-1, max(0, int((at.X-b.box.x-barPad)/barCell)))
		if over != b.over {
			b.over = over
			cell := rowBox{x: b.box.x + barPad + float32(over)*barCell, y: b.box.y, w: barCell, h: b.box.h}
			t.dropTip()
			t.tipRow, t.tip.text, t.tip.over = b.row, b.name(b.cells[over]), cell
			t.tip.start(at)
			t.redraw()
		}
		return
	}
	t.setBar(t.saidAt(at.Y))
}

// saidAt gives the message at a height of the view; zero for none.
func (t *Transcript) saidAt(y float32) RowID {
	i, top := t.rowAt(y)
	if it := t.rows.items[i]; y >= top+it.head && y < top+it.height && it.IsSaid() {
		return it.ID
	}
	return RowID{}
}

// setBar has the bar stand at a message, or nowhere.
func (t *Transcript) setBar(row RowID) {
	b := t.drawn.hover
	if t.picking || t.OnReply == nil {
		row = RowID{}
	}
	if b.row != row || b.over >= 0 {
		b.row, b.over = row, -1
		t.redraw()
	}
}

// drawHoverBar puts the bar beside the bubble, towards the middle, or where
// there is no room on its upper corner.
func (t *Transcript) drawHoverBar() {
	b := t.drawn.hover
	if p := &t.pointer; p.inside && b.row != (RowID{}) && t.view.first < t.view.last && !b.box.contains(p.place) {
		b.row, b.over = t.saidAt(p.place.Y), -1 // what moved under the pointer that rests
	}
	i, found := t.rows.find(b.row)
	if b.row == (RowID{}) || !found || i < t.view.first || i >= t.view.last {
		b.box = rowBox{}
		b.show(false)
		return
	}
	b.cells = everyButton
	if it := t.rows.items[i]; it.Nameless || it.Unsent {
		b.cells = moreAlone
	}
	lay := t.layAt(i)
	bubble := lay.bubble
	bubble.y += t.view.firstY + t.rows.top(i) - t.rows.top(t.view.first)
	w, h := float32(len(b.cells))*barCell+2*barPad, barCell+2*barPad-2
	x, y := bubble.x+bubble.w+barGap, bubble.y+(min(bubble.h, LineBody+2*BubblePadY)-h)/2
	beside := x+w <= t.view.size.Width-barGap
	if t.rows.items[i].Out {
		x = bubble.x - barGap - w
		beside = x >= barGap
	}
	if !beside && t.pointer.row == b.row && t.pointer.code >= 0 {
		b.box = rowBox{} // it would hide what copies the code
		b.show(false)
		return
	}
	if !beside {
		x, y = bubble.x+bubble.w-w-barGap, bubble.y-barRise
		if t.rows.items[i].Out {
			x = bubble.x + barGap
		}
		x = max(barGap, min(x, t.view.size.Width-w-barGap))
	}
	y = max(2, min(y, t.view.size.Height-h-2))
	b.box = rowBox{x: x, y: y, w: w, h: h}
	b.panel.FillColor, b.panel.StrokeColor, b.panel.StrokeWidth = theme.Color(ColorOverlay), theme.Color(ColorLine), LineWidth
	put(b.panel, x, y, w, h)
	b.light.FillColor = color.Transparent
	b.show(true)
	for button := range b.icons {
		show(b.icons[button].image, slices.Contains(b.cells, button))
	}
	for k, button := range b.cells {
		cx := x + barPad + float32(k)*barCell
		ink := ColorSecondary
		if k == b.over {
			ink = ColorText
			b.light.FillColor = theme.Color(ColorHover)
			put(b.light, cx+1, y+barPad, barCell-2, h-2*barPad)
		}
		b.icons[button].set([]string{assets.IconEmoji, assets.IconReply, assets.IconMore}[button], theme.Color(ink))
		put(b.icons[button].image, cx+(barCell-18)/2, y+(h-18)/2, 18, 18)
	}
}

// pressBar does what the button of the bar at a place is for; ok is false when
// there is none.
func (t *Transcript) pressBar(at fyne.Position) (ok bool) {
	b := t.drawn.hover
	if !b.box.contains(at) {
		return false
	}
	t.hoverRow(at)
	t.dropTip()
	under := fyne.CurrentApp().Driver().AbsolutePositionForObject(t).AddXY(b.box.x, b.box.y+b.box.h+4)
	row, button := b.row, b.cells[max(0, b.over)]
	t.setBar(RowID{})
	afterPress(func() { t.runBar(button, row, under) })
	return true
}

// runBar does what a button of the bar is for.
func (t *Transcript) runBar(button int, row RowID, under fyne.Position) {
	switch button {
	case barReact:
		if t.OnReactMore != nil {
			t.OnReactMore(row, under)
		}
	case barReply:
		t.OnReply(row)
	case barMore:
		if t.OnMenu != nil {
			t.OnMenu(row, under, "", t.SelectedText())
		}
	}
}
