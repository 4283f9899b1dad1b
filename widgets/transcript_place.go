package widgets

import "fyne.io/fyne/v2"

const (
	// bottomPad is left free below the last row, topPad above the first one.
	bottomPad = float32(18)
	topPad    = float32(6)
	// askScreens is how many screens before the end of what is held more is
	// asked for.
	askScreens = 2
	// settleBatch is how many rows out of sight are measured on each occasion.
	// The others are guessed, which only the scroll bar shows.
	settleBatch = 96
)

// placeMode is what holds the view of a transcript in its place.
type placeMode uint8

const (
	placeEnd placeMode = iota // the last row stands at the bottom
	placeRow                  // what a row says stands at a height
)

// viewport says what part of the rows is in view. It is kept as a row and the
// height that what it says stands at, never as a distance from the first row, so
// that what happens out of sight cannot move what is in sight. Nor can what
// comes between the row and the one above: the day and the divider over a row
// are no part of what it says.
type viewport struct {
	mode  placeMode
	row   RowID   // for placeRow
	y     float32 // of what it says, below the top of the view
	size  fyne.Size
	loose bool  // row is only where the view was left: settle may choose a better one
	down  bool  // the view was moved down last
	older bool  // the history goes on above the first row
	newer bool  // and below the last
	fresh int   // messages that came below the view
	seen  RowID // for which OnSeen was called last

	first, last int     // rows in view: from first up to, not with, last
	firstY      float32 // where the top of the first one is

	askedOlder, askedNewer bool
}

// AtEnd tells whether the newest row is in view and stays there when more come.
func (t *Transcript) AtEnd() bool {
	return t.view.mode == placeEnd && !t.view.newer
}

// Older tells whether the history goes on above the first row.
func (t *Transcript) Older() bool { return t.view.older }

// ScrollToEnd goes to the newest row, asking for it by OnNeedEnd when it is not
// held. Call it when the user has sent something.
func (t *Transcript) ScrollToEnd() {
	t.view.fresh = 0
	if t.view.newer {
		if t.OnNeedEnd != nil {
			t.OnNeedEnd()
		}
		return
	}
	t.view.mode = placeEnd
	t.relayout()
}

// ScrollTo puts a row into the upper part of the view and gives whether the row
// is held.
func (t *Transcript) ScrollTo(id RowID) bool {
	if _, ok := t.rows.find(id); !ok {
		return false
	}
	t.keep(id, t.view.size.Height/4)
	t.relayout()
	return true
}

// scrollBy moves what is shown down by dy.
func (t *Transcript) scrollBy(dy float32) {
	if len(t.rows.items) == 0 || dy == 0 {
		return
	}
	t.view.down = dy < 0
	t.hold(t.view.first, t.view.firstY+dy)
	t.relayout()
}

// hold keeps the view where the top of row i is at y, whichever row it then goes
// by.
func (t *Transcript) hold(i int, y float32) {
	t.keep(t.rows.idAt(i), y+t.head(i))
	t.view.loose = true
}

// keep keeps the view where what a row says is at y.
func (t *Transcript) keep(id RowID, y float32) {
	t.view.mode, t.view.row, t.view.y, t.view.loose = placeRow, id, y, false
}

// scrollTo puts the place at a distance below the top of all rows at the top of
// the view.
func (t *Transcript) scrollTo(offset float32) {
	t.view.down = offset > t.offset()
	i, top := t.rows.at(offset)
	t.hold(i, top-offset)
	t.relayout()
}

// offset gives how far the top of the view is below the top of all rows.
func (t *Transcript) offset() float32 {
	return t.rows.top(t.view.first) - t.view.firstY
}

// pinRow holds the view at its first row, so that rows which come below do not
// move it.
func (t *Transcript) pinRow() {
	if t.view.mode == placeEnd && len(t.rows.items) > 0 {
		t.hold(t.view.first, t.view.firstY)
	}
}

// unreadRow gives the index of the row below the "New" divider, -1 for none.
func (t *Transcript) unreadRow() int {
	if !t.unread.set {
		return -1
	}
	i, found := t.rows.find(t.unread.after)
	if found {
		i++
	}
	if i == 0 && t.view.older && t.unread.after != (RowID{}) {
		return -1 // the first unread one may be above what is held
	}
	for ; i < len(t.rows.items); i++ {
		if it := t.rows.items[i]; !it.Out && it.Kind != RowNotice && !it.ID.Aside {
			return i
		}
	}
	return -1
}

// height gives the measured height of a row.
func (t *Transcript) height(i int) float32 {
	it := t.rows.items[i]
	if !it.exact {
		t.layRow(i)
	}
	return it.height
}

// head gives the height of what stands over what a row says: the gap, the
// heading of a day, the divider.
func (t *Transcript) head(i int) float32 {
	t.height(i)
	return t.rows.items[i].head
}

// layRow lays a row out and notes its height.
func (t *Transcript) layRow(i int) *rowLayout {
	it := t.rows.items[i]
	c := rowContext{width: t.view.size.Width, divider: t.divider == it, unfolded: t.unfolded[it.ID], picking: t.picking, dayLabel: t.dayLabel}
	for k := i - 1; k >= 0 && c.prev == nil; k-- {
		if c.aside = t.rows.items[k].ID.Aside || c.aside; !t.rows.items[k].ID.Aside {
			c.prev = t.rows.items[k]
		}
	}
	lay := t.lay.row(it, c)
	it.lay, it.head = lay, lay.head
	t.rows.setHeight(i, lay.height)
	return lay
}

// settle finds the rows in view. Only their heights count, and they are
// measured here; the view is moved no more than it takes to keep it within the
// rows.
func (t *Transcript) settle() {
	v := &t.view
	n := len(t.rows.items)
	v.first, v.last, v.firstY = 0, 0, 0
	if n == 0 {
		v.mode = placeEnd
		return
	}
	if v.mode == placeRow {
		i, _ := t.rows.find(v.row)
		if i == n || !t.settleAt(i, v.y-t.head(i)) {
			v.mode = placeEnd
		}
	}
	if v.mode == placeEnd {
		t.settleEnd()
	}
	if v.mode == placeEnd && v.newer {
		v.mode = placeRow // more rows below must not move the view
	}
	t.anchor()
}

// settleEnd shows the last rows at the bottom of the view.
func (t *Transcript) settleEnd() {
	v := &t.view
	i, y := len(t.rows.items), v.size.Height-bottomPad
	for i > 0 && y > 0 {
		i--
		y -= t.height(i)
	}
	v.first, v.firstY, v.last = i, y, len(t.rows.items)
	if !v.newer {
		v.fresh = 0
	}
}

// settleAt shows row i with its top at y, and tells whether there are rows
// enough below it to fill the view.
func (t *Transcript) settleAt(i int, y float32) bool {
	v := &t.view
	for i > 0 && y > 0 {
		i--
		y -= t.height(i)
	}
	if i == 0 {
		y = min(y, topPad)
	}
	for i+1 < len(t.rows.items) && y+t.height(i) <= 0 {
		y += t.height(i)
		i++
	}
	v.first, v.firstY = i, y
	for i < len(t.rows.items) && y < v.size.Height {
		y += t.height(i)
		i++
	}
	v.last = i
	return i < len(t.rows.items) || y > v.size.Height-bottomPad
}

// anchor holds the view by the same row as before while its beginning is in
// sight and the user has not moved the view, else by the one that anchorRow
// gives.
func (t *Transcript) anchor() {
	v := &t.view
	if v.mode != placeRow {
		return
	}
	if i, found := t.rows.find(v.row); found && !v.loose && i >= v.first && i < v.last {
		y := v.firstY
		for k := v.first; k < i; k++ {
			y += t.height(k)
		}
		if y += t.head(i); y >= 0 && y < v.size.Height {
			v.y = y
			return
		}
	}
	t.keep(t.anchorRow())
}

// anchorRow gives the row that what is read is nearest to, and where it is: the
// first one whose beginning is in sight, for the height of a row that is cut off
// above changes with the width, or the first one below a gap that the user came
// to from below. There must be rows, and the view settled.
func (t *Transcript) anchorRow() (id RowID, at float32) {
	v := &t.view
	id, at = t.rows.idAt(v.first), v.firstY+t.head(v.first)
	y, found := v.firstY, false
	for i := v.first; i < v.last; i++ {
		it := t.rows.items[i]
		top := y + t.head(i)
		switch {
		case it.Kind == RowGap && !v.down:
			found = false
		case !it.ID.Aside && !found && top >= 0 && top < v.size.Height-LineBody:
			id, at, found = it.ID, top, true
		}
		y += it.height
	}
	return id, at
}

// measureAround measures some of the rows near the view that are only guessed
// yet.
func (t *Transcript) measureAround() {
	left := settleBatch
	lo, hi := t.view.first-1, t.view.last
	for left > 0 && (lo >= 0 || hi < len(t.rows.items)) {
		for _, i := range []int{lo, hi} {
			if i >= 0 && i < len(t.rows.items) && !t.rows.items[i].exact {
				t.layRow(i)
				t.rows.items[i].lay = nil
				left--
			}
		}
		lo--
		hi++
	}
}

// trim lets go of rows beyond MaxRows at the end that is farther from the view.
func (t *Transcript) trim() {
	over := len(t.rows.items) - MaxRows
	if over <= 0 {
		return
	}
	at := len(t.rows.items)
	if t.view.mode == placeRow {
		at, _ = t.rows.find(t.view.row)
	}
	if at > len(t.rows.items)/2 {
		t.rows.dropFirst(over)
		t.view.older = true
		return
	}
	t.rows.dropLast(over)
	t.view.newer = true
}

// admit gives the rows that can be shown: beyond an end where the history goes
// on there may be others in between, which come as a page with them.
func (t *Transcript) admit(rows []Row) []Row {
	first, last := t.First(), t.Last()
	var in []Row
	for _, r := range rows {
		if t.view.newer && last.Less(r.ID) || t.view.older && r.ID.Less(first) {
			continue
		}
		in = append(in, r)
	}
	return in
}

// askMore asks for more rows when the view comes near the end of those held.
func (t *Transcript) askMore() {
	v := &t.view
	n := len(t.rows.items)
	if n == 0 || v.size.Height == 0 {
		return
	}
	room := askScreens * v.size.Height
	if v.older && !v.askedOlder && t.OnNeedOlder != nil && t.offset() < room {
		v.askedOlder = true
		t.OnNeedOlder(t.First())
	}
	if v.newer && !v.askedNewer && t.OnNeedNewer != nil && t.rows.total()-t.offset()-v.size.Height < room {
		v.askedNewer = true
		t.OnNeedNewer(t.Last())
	}
	t.askGap()
}

// tellSeen tells once of each row that became the newest one in view.
func (t *Transcript) tellSeen() {
	last := t.Last()
	if t.view.size.Height == 0 || last == (RowID{}) || !t.AtEnd() || last == t.view.seen {
		return
	}
	t.view.seen = last
	if t.OnSeen != nil {
		t.OnSeen(last)
	}
}
