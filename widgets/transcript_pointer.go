package widgets

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

const (
	// wheelScale makes one step of a wheel, 25 dp from Fyne, about three lines.
	wheelScale = float32(2.4)
	// clickRoom is how far apart the clicks of a double click may be.
	clickRoom = float32(5)
	// edgeTick is how often the view scrolls while a selection is dragged
	// beyond its edge, and edgePart the part of the distance it scrolls then.
	edgeTick = 40 * time.Millisecond
	edgePart = float32(0.35)
)

// part is a part of a row that looks otherwise under the pointer. Numbers are
// -1 for none.
type part struct {
	link int // in the text
	code int // the block of it
	card int // of what is told of links
}

// noPart is no part.
var noPart = part{-1, -1, -1}

// pointerState is what the mouse is at.
type pointerState struct {
	row    RowID
	part        // of that row, under the pointer
	copied bool // that block of code was copied since the pointer is there

	down     bool
	at       fyne.Position // of the last press or drag
	pressed  rowHit        // what acts when the button comes up where it went down
	pressRow RowID
	acts     bool
	barGrab  float32 // where in the scroll bar it was taken
	onBar    bool
	onWave   bool // a sound was taken at a place; pressed says which

	clicks    int
	lastClick time.Time
	lastAt    fyne.Position
	stopEdge  func()

	cursor desktop.StandardCursor
	inside bool          // the pointer rests over the messages
	place  fyne.Position // where it does
}

// startTicker calls step on the UI goroutine at every tick until stopped.
var startTicker = func(every time.Duration, step func()) (stop func()) {
	done := make(chan struct{})
	go func() {
		tick := time.NewTicker(every)
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case <-tick.C:
				fyne.Do(step)
			}
		}
	}()
	return func() { close(done) }
}

// rowAt gives the index of the row in view at a height, the nearest when there
// is none, and where its top is. There must be rows.
func (t *Transcript) rowAt(y float32) (i int, top float32) {
	top = t.view.firstY
	for i = t.view.first; i < t.view.last-1; i++ {
		h := t.rows.items[i].height
		if y < top+h {
			break
		}
		top += h
	}
	return i, top
}

// layAt gives the layout of a row that is in view.
func (t *Transcript) layAt(i int) *rowLayout {
	if lay := t.rows.items[i].lay; lay != nil {
		return lay
	}
	return t.layRow(i)
}

// textAt gives the place in the text nearest to a place of the view.
func (t *Transcript) textAt(p fyne.Position) textPos {
	i, top := t.rowAt(p.Y)
	it := t.rows.items[i]
	if p.Y >= top+it.height {
		return textPos{it.ID, len(it.text)}
	}
	return textPos{it.ID, t.layAt(i).offsetAt(p.X, p.Y-top)}
}

// hitAt gives what acts at a place of the view.
func (t *Transcript) hitAt(p fyne.Position) (id RowID, hit rowHit, ok bool) {
	if len(t.rows.items) == 0 || t.lay == nil {
		return
	}
	i, top := t.rowAt(p.Y)
	hit, ok = t.layAt(i).hitAt(p.X, p.Y-top)
	return t.rows.items[i].ID, hit, ok
}

func (b rowBox) contains(p fyne.Position) bool {
	return b.w > 0 && p.X >= b.x && p.X < b.x+b.w && p.Y >= b.y && p.Y < b.y+b.h
}

// onBar tells whether a place belongs to the scroll bar; it is a little wider
// than it looks.
func (t *Transcript) onBar(p fyne.Position) bool {
	return t.drawn.barH > 0 && p.X >= t.view.size.Width-scrollBarWidth-3*scrollBarGap
}

// MouseDown is for Fyne.
func (t *Transcript) MouseDown(e *desktop.MouseEvent) {
	t.byMouse = true
	t.dropTip()
	show(t.drawn.ring, false)
	if e.Button != desktop.MouseButtonPrimary || len(t.rows.items) == 0 || t.lay == nil {
		return
	}
	if c := canvasOf(t); c != nil {
		c.Focus(t) // Fyne leaves that to the widget
	}
	p := &t.pointer
	p.down, p.at, p.acts, p.onBar, p.onWave = true, e.Position, false, false, false
	t.setTarget(noTarget)
	switch {
	case t.drawn.pillBox.contains(e.Position):
		p.down = false
		t.ScrollToEnd()
		return
	case t.onBar(e.Position):
		p.onBar = true
		p.barGrab = e.Position.Y - t.drawn.barY
		if p.barGrab < 0 || p.barGrab > t.drawn.barH {
			p.barGrab = t.drawn.barH / 2
			t.dragBar(e.Position.Y)
		}
		return
	}
	switch {
	case t.pressBar(e.Position):
		p.down = false
		return
	case t.picking:
		p.down = false
		t.pressPick(e.Position, e.Modifier)
		return
	}
	p.pressRow, p.pressed, p.acts = t.hitAt(e.Position)
	if p.acts && p.pressed.kind == hitSeek {
		p.acts, p.onWave = false, true
		t.seekAt(p.pressRow, p.pressed, e.Position.X)
		return
	}
	t.press(e.Position, e.Modifier)
}

// press begins or extends a selection.
func (t *Transcript) press(at fyne.Position, mod fyne.KeyModifier) {
	p := &t.pointer
	now := time.Now()
	near := abs(at.X-p.lastAt.X) < clickRoom && abs(at.Y-p.lastAt.Y) < clickRoom
	if near && now.Sub(p.lastClick) < fyne.CurrentApp().Driver().DoubleTapDelay() {
		p.clicks++
	} else {
		p.clicks = 1
	}
	p.lastClick, p.lastAt = now, at
	pos := t.textAt(at)
	if mod&fyne.KeyModifierShift != 0 {
		p.acts = false
		t.sel.on, t.sel.upTo = true, pos
		t.redraw()
		return
	}
	i, _ := t.rows.find(pos.row)
	text := t.rows.items[i].text
	switch {
	case p.clicks == 1:
		t.sel = selection{from: pos, upTo: pos}
	case p.clicks == 2:
		from, to := wordAt(text, pos.off)
		t.sel = selection{on: true, from: textPos{pos.row, from}, upTo: textPos{pos.row, to}}
	default:
		t.sel = selection{on: true, from: textPos{row: pos.row}, upTo: textPos{pos.row, len(text)}}
	}
	t.redraw()
}

// MouseUp is for Fyne.
func (t *Transcript) MouseUp(e *desktop.MouseEvent) {
	p := &t.pointer
	if e.Button != desktop.MouseButtonPrimary || !p.down {
		return
	}
	p.down = false
	if p.acts && p.clicks == 1 && !t.sel.on {
		if id, hit, ok := t.hitAt(e.Position); ok && id == p.pressRow && hit == p.pressed {
			afterPress(func() { t.act(id, hit) })
		}
	}
}

// afterPress does something once Fyne is done with a button of the mouse: until
// then it takes the keyboard away from whatever got it, such as a menu.
func afterPress(do func()) { fyne.Do(do) }

// act does what a part of a row is for.
func (t *Transcript) act(id RowID, hit rowHit) {
	i, ok := t.rows.find(id)
	if !ok {
		return
	}
	switch hit.kind {
	case hitLink:
		if t.OnOpenLink != nil {
			t.OnOpenLink(t.layAt(i).body.links[hit.n].url)
		}
	case hitCopyCode:
		t.copyText(t.layAt(i).body.parts[hit.n].text)
		t.pointer.row, t.pointer.code, t.pointer.copied = id, hit.n, true
		t.redraw()
	case hitRetry:
		if t.OnRetry != nil {
			t.OnRetry(id)
		}
	case hitDrop, hitQuote, hitEdits, hitReact, hitReactMore, hitCard, hitFile, hitSpeed:
		t.actPart(i, hit)
	case hitGap:
		if t.OnGap != nil {
			t.setTarget(noTarget)
			t.OnGap(id, false, true)
		}
	case hitUnfold:
		t.pinRow()
		t.unfolded[id] = true
		t.rows.restyle(i)
		t.setTarget(noTarget)
		t.relayout()
	}
}

// Dragged is for Fyne.
func (t *Transcript) Dragged(e *fyne.DragEvent) {
	p := &t.pointer
	if !p.down || len(t.rows.items) == 0 {
		return
	}
	p.at = e.Position
	switch {
	case p.onBar:
		t.dragBar(e.Position.Y)
		return
	case p.onWave:
		t.seekAt(p.pressRow, p.pressed, e.Position.X)
		return
	}
	t.extend()
	beyond := t.beyondEdge() != 0
	if beyond && p.stopEdge == nil {
		p.stopEdge = startTicker(edgeTick, t.edgeStep)
	} else if !beyond {
		t.stopEdge()
	}
}

// extend takes the selection to where the pointer is.
func (t *Transcript) extend() {
	to := t.textAt(t.pointer.at)
	if to == t.sel.upTo && t.sel.on {
		return
	}
	t.sel.on, t.sel.upTo = true, to
	t.redraw()
}

// beyondEdge gives how far the pointer is below the view, negative when it is
// above.
func (t *Transcript) beyondEdge() float32 {
	y := t.pointer.at.Y
	return min(0, y) + max(0, y-t.view.size.Height)
}

// edgeStep scrolls towards a pointer that drags a selection beyond the edge.
func (t *Transcript) edgeStep() {
	by := t.beyondEdge()
	if !t.pointer.down || by == 0 || len(t.rows.items) == 0 {
		t.stopEdge()
		return
	}
	t.scrollBy(-by * edgePart)
	t.extend()
}

func (t *Transcript) stopEdge() {
	if t.pointer.stopEdge != nil {
		t.pointer.stopEdge()
		t.pointer.stopEdge = nil
	}
}

// DragEnd is for Fyne.
func (t *Transcript) DragEnd() {
	t.pointer.down = false
	t.stopEdge()
}

// dragBar puts the scroll bar where the pointer took it.
func (t *Transcript) dragBar(y float32) {
	h := t.view.size.Height
	way := h - t.drawn.barH
	if way <= 0 {
		return
	}
	part := min(1, max(0, (y-t.pointer.barGrab)/way))
	t.scrollTo(part * (t.rows.total() + bottomPad - h))
}

// Scrolled is for Fyne.
func (t *Transcript) Scrolled(e *fyne.ScrollEvent) {
	t.dropTip()
	t.scrollBy(e.Scrolled.DY * wheelScale)
	t.hover(e.Position)
}

// TappedSecondary is for Fyne.
func (t *Transcript) TappedSecondary(e *fyne.PointEvent) {
	if len(t.rows.items) == 0 || t.lay == nil || t.OnMenu == nil {
		return
	}
	i, top := t.rowAt(e.Position.Y)
	if t.rows.items[i].ID.Aside {
		return
	}
	url := ""
	if hit, ok := t.layAt(i).hitAt(e.Position.X, e.Position.Y-top); ok && hit.kind == hitLink {
		url = t.layAt(i).body.links[hit.n].url
	}
	t.OnMenu(t.rows.items[i].ID, e.AbsolutePosition, url, t.SelectedText())
}
