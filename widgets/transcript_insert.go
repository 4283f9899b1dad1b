package widgets

// Insert puts rows of the history at the places of their ids, where they were
// missing or are to be shown anew, without moving what is looked at. The view
// stays at the end as long as the row that was the last one stays in sight. Rows
// beyond what is held are passed over, as they come with the pages there. What
// others said below the row read, and that is new below the view, counts for the
// "new" pill.
func (t *Transcript) Insert(rows []Row, read RowID) {
	wasEnd, last := t.AtEnd(), t.Last()
	var pin RowID
	var y float32
	if wasEnd && last != (RowID{}) && t.laid() {
		pin, y = t.anchorRow()
	}
	var fresh []Row
	for _, r := range rows {
		if _, held := t.rows.find(r.ID); !held && !r.Out && read.Less(r.ID) {
			fresh = append(fresh, r)
		}
	}
	t.rows.merge(t.admit(rows))
	if pin != (RowID{}) && t.carriedAway(last) {
		t.keep(pin, y)
	}
	if len(fresh) > 0 {
		t.countFresh(fresh)
	}
	t.changed()
}

// carriedAway tells whether staying at the end would take a row out of sight.
func (t *Transcript) carriedAway(id RowID) bool {
	t.placeDivider()
	t.settle()
	i, found := t.rows.find(id)
	if !found || i < t.view.first {
		return true
	}
	y := t.view.firstY
	for k := t.view.first; k < i; k++ {
		y += t.height(k)
	}
	return y+t.head(i) < 0
}

// countFresh adds new rows that are below the view to the number on the pill.
func (t *Transcript) countFresh(rows []Row) {
	if t.AtEnd() || !t.laid() {
		return
	}
	t.settle()
	if t.AtEnd() {
		return
	}
	y, whole := t.view.firstY, RowID{} // the last row that is in view to its end
	for i := t.view.first; i < t.view.last; i++ {
		if y += t.height(i); y <= t.view.size.Height {
			whole = t.rows.idAt(i)
		}
	}
	for _, r := range rows {
		if whole.Less(r.ID) {
			t.view.fresh++
		}
	}
}

// Replace shows other rows in place of those held, and what is looked at stays
// where it is as far as it is among them: the first row in view that is, or else
// the one that follows it. older and newer are those of SetRows. At the end it
// stays there.
func (t *Transcript) Replace(rows []Row, older, newer bool) {
	inView := t.places()
	old := t.rows.items
	t.rows.set(rows)
	t.rows.adopt(old)
	t.view.older, t.view.newer = older, newer
	t.view.askedOlder, t.view.askedNewer = false, false
	t.divider = nil
	if !t.sel.held(&t.rows) {
		t.sel = selection{}
	}
	for _, p := range inView {
		if _, found := t.rows.find(p.id); found {
			t.keep(p.id, p.y)
			break
		}
	}
	t.changed()
}

// rowPlace is where what a row says stands in the view.
type rowPlace struct {
	id RowID
	y  float32
}

// places gives the rows the view could keep its place by, the best first; none
// at the end.
func (t *Transcript) places() []rowPlace {
	v := &t.view
	if t.AtEnd() || v.last == v.first {
		return nil
	}
	best := rowPlace{v.row, v.y}
	all := []rowPlace{best}
	var above []rowPlace
	y := v.firstY
	for i := v.first; i < v.last; i++ {
		p := rowPlace{t.rows.idAt(i), y + t.head(i)}
		y += t.height(i)
		switch {
		case p.id.Aside:
		case best.id.Less(p.id):
			all = append(all, p)
		default:
			above = append(above, p)
		}
	}
	return append(all, above...)
}

// adopt takes the looks of rows that are the same as before.
func (l *rowList) adopt(old []*rowItem) {
	before := rowList{items: old}
	for i, it := range l.items {
		if k, found := before.find(it.ID); found && old[k].Row.same(it.Row) {
			l.items[i] = old[k]
			l.restyle(i) // its neighbours may be others
		}
	}
}

// Place gives the row by which the view keeps its place, zero at the end.
func (t *Transcript) Place() RowID {
	if t.AtEnd() {
		return RowID{}
	}
	return RowID{Time: t.view.row.Time, Seq: t.view.row.Seq}
}
