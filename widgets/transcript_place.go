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
	placeRow                  // the top of a row stands at a height
)

// viewport says what part of the rows is in view. It is kept as a row and the
// height its top stands at, never as a distance from the first row, so that
// what happens out of sight cannot move what is in sight.
type viewport struct {
	mode  placeMode
	row   RowID   // for placeRow
	y     float32 // of the row's top below the top of the view
	size  fyne.Size
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
	t.view.mode, t.view.row = placeRow, id
	t.view.y = t.view.size.Height / 4
	t.relayout()
	return true
}

// ScrollToUnread puts the "New" divider into the upper part of the view, or
// goes to the end when there is none.
func (t *Transcript) ScrollToUnread() {
	if i := t.unreadRow(); i >= 0 {
		t.ScrollTo(t.rows.items[i].ID)
		return
	}
	t.ScrollToEnd()
}

// scrollBy moves what is shown down by dy.
func (t *Transcript) scrollBy(dy float32) {
	if len(t.rows.items) == 0 || dy == 0 {
		return
	}
	t.view.mode, t.view.row = placeRow, t.rows.idAt(t.view.first)
	t.view.y = t.view.firstY + dy
	t.relayout()
}

// scrollTo puts the place at a distance below the top of all rows at the top of
// the view.
func (t *Transcript) scrollTo(offset float32) {
	i, top := t.rows.at(offset)
	t.view.mode, t.view.row, t.view.y = placeRow, t.rows.idAt(i), top-offset
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
		t.view.mode, t.view.row, t.view.y = placeRow, t.rows.idAt(t.view.first), t.view.firstY
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
		if it := t.rows.items[i]; !it.Out && it.Kind != RowNotice {
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

// layRow lays a row out and notes its height.
func (t *Transcript) layRow(i int) *rowLayout {
	it := t.rows.items[i]
	c := rowContext{width: t.view.size.Width, divider: t.divider == it, unfolded: t.unfolded[it.ID], dayLabel: t.dayLabel}
	if i > 0 {
		c.prev = t.rows.items[i-1]
	}
	lay := t.lay.row(it, c)
	it.lay = lay
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
		if i == n {
			v.mode = placeEnd
		} else if !t.settleAt(i, v.y) {
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

// anchor holds the view by the first row whose top is in sight: the height of a
// row that is cut off above changes with the width.
func (t *Transcript) anchor() {
	v := &t.view
	if v.mode != placeRow {
		return
	}
	y := v.firstY
	v.row, v.y = t.rows.idAt(v.first), y
	if y < 0 && v.first+1 < v.last {
		y += t.height(v.first)
		if y < v.size.Height/2 {
			v.row, v.y = t.rows.idAt(v.first+1), y
		}
	}
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

// admit takes note of new messages and gives those that can be shown.
func (t *Transcript) admit(rows []Row) []Row {
	last := t.Last()
	var in []Row
	for _, r := range rows {
		below := last.Less(r.ID)
		if below && !r.Out && t.view.mode != placeEnd {
			t.view.fresh++
		}
		if !below || !t.view.newer {
			in = append(in, r)
		}
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
}

// tellSeen tells once of each row that became the newest one in view.
func (t *Transcript) tellSeen() {
	last := t.Last()
	if t.view.size.Height == 0 || len(t.rows.items) == 0 || !t.AtEnd() || last == t.view.seen {
		return
	}
	t.view.seen = last
	if t.OnSeen != nil {
		t.OnSeen(last)
	}
}
