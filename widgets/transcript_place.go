package widgets

import "fyne.io/fyne/v2"

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
	mode   placeMode
	row    RowID   // for placeRow
	y      float32 // of the row's top below the top of the view
	size   fyne.Size
	older  bool // the history goes on above the first row
	newer  bool // and below the last
	fresh  int  // messages that came below the view
	seen   RowID
	first  int // rows drawn: from first up to, not with, last
	last   int
	firstY float32

	askedOlder, askedNewer, askedEnd bool
}

// AtEnd tells whether the newest row is in view and stays there when more come.
func (t *Transcript) AtEnd() bool {
	return t.view.mode == placeEnd && !t.view.newer
}

// ScrollToEnd goes to the newest row, asking for it by OnNeedEnd when it is not
// held.
func (t *Transcript) ScrollToEnd() {
	t.view.mode = placeEnd
	t.view.fresh = 0
	if t.view.newer && t.OnNeedEnd != nil && !t.view.askedEnd {
		t.view.askedEnd = true
		t.OnNeedEnd()
		return
	}
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
