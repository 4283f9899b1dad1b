package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// MouseIn is for Fyne.
func (t *Transcript) MouseIn(e *desktop.MouseEvent) { t.hover(e.Position) }

// MouseMoved is for Fyne.
func (t *Transcript) MouseMoved(e *desktop.MouseEvent) { t.hover(e.Position) }

// MouseOut is for Fyne.
func (t *Transcript) MouseOut() {
	t.pointer.cursor, t.pointer.inside = desktop.DefaultCursor, false
	t.dropTip()
	t.setBar(RowID{})
	t.hoverPart(RowID{}, noPart)
}

// hoverTip has a tooltip come where the pointer is over a part of a row that
// has one.
func (t *Transcript) hoverTip(at fyne.Position) {
	i, top := t.rowAt(at.Y)
	it, lay := t.rows.items[i], t.layAt(i)
	text, box := it.About, lay.meta
	if hit, ok := lay.hitAt(at.X, at.Y-top); ok {
		text, box = it.tipOf(hit)
	}
	box.y += top
	switch {
	case text == "" || !box.contains(at):
		t.dropTip()
	case t.tipRow != it.ID || t.tip.over != box:
		t.dropTip()
		t.tipRow = it.ID
		t.tip.text, t.tip.over = text, box
		t.tip.start(at)
	}
}

// dropTip takes the tooltip away.
func (t *Transcript) dropTip() {
	if t.tipRow != (RowID{}) {
		t.tipRow = RowID{}
		t.tip.hide()
	}
}

// hover finds what the pointer is over.
func (t *Transcript) hover(at fyne.Position) {
	if len(t.rows.items) == 0 || t.lay == nil || t.pointer.down {
		return
	}
	if t.drawn.pillBox.contains(at) || t.onBar(at) {
		t.pointer.cursor = desktop.DefaultCursor
		t.dropTip()
		t.hoverPart(RowID{}, noPart)
		return
	}
	t.pointer.inside, t.pointer.place = true, at
	t.hoverRow(at)
	if t.drawn.hover.box.contains(at) {
		t.pointer.cursor = desktop.PointerCursor
		t.hoverPart(RowID{}, noPart)
		return
	}
	t.hoverTip(at)
	i, top := t.rowAt(at.Y)
	code := t.layAt(i).codeAt(at.X, at.Y-top)
	id, hit, ok := t.hitAt(at)
	if ok {
		t.pointer.cursor = desktop.PointerCursor
	} else {
		t.pointer.cursor = t.textCursor(at)
	}
	over := part{-1, code, -1}
	switch {
	case !ok:
	case hit.kind == hitLink:
		over.link = hit.n
	case hit.kind == hitCard:
		over.card = hit.n
	}
	t.hoverPart(id, over)
}

// textCursor gives the cursor over what is no link: the bar over text.
func (t *Transcript) textCursor(at fyne.Position) desktop.StandardCursor {
	i, top := t.rowAt(at.Y)
	lay := t.layAt(i)
	b := lay.bubble
	b.y += top
	if lay.body != nil && b.contains(at) {
		return desktop.TextCursor
	}
	return desktop.DefaultCursor
}

// hoverPart notes which part of a row the pointer is over.
func (t *Transcript) hoverPart(id RowID, over part) {
	if over == noPart {
		id = RowID{}
	}
	p := &t.pointer
	if p.row == id && p.part == over {
		return
	}
	p.copied = p.copied && p.row == id && p.code == over.code
	p.row, p.part = id, over
	t.redraw()
}

// Cursor is for Fyne.
func (t *Transcript) Cursor() desktop.Cursor { return t.pointer.cursor }
