package widgets

import (
	"slices"

	"fyne.io/fyne/v2"
)

// Row gives a row that is held; ok is false when it is not.
func (t *Transcript) Row(id RowID) (row Row, ok bool) {
	i, held := t.rows.find(id)
	if !held {
		return Row{}, false
	}
	return t.rows.items[i].Row, true
}

// Newest gives the ids of the rows held from the last to the first, asides left
// out.
func (t *Transcript) Newest(yield func(RowID) bool) {
	for _, it := range slices.Backward(t.rows.items) {
		if !it.ID.Aside && !yield(it.ID) {
			return
		}
	}
}

// PlaceOf gives the place on the canvas of the upper corner of a message in
// view, for a menu.
func (t *Transcript) PlaceOf(id RowID) fyne.Position {
	i, held := t.rows.find(id)
	if !held || !t.laid() {
		return fyne.Position{}
	}
	b := t.layAt(i).bubble
	return t.onCanvas(i, b.x, b.y)
}
