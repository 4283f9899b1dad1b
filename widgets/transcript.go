package widgets

import (
	"image"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// Transcript shows the messages of one conversation: a window of rows out of a
// history of any length, of which it draws what is in view. It keeps its place
// by the row the user looks at, so nothing jumps when rows come or go above, or
// when the width changes; at the end it stays at the end.
//
// It holds at most MaxRows rows. Beyond that it lets go of those farthest from
// the view and asks for them again when they are needed.
//
// All methods belong to Fyne's UI goroutine, and so do the callbacks, which may
// call the transcript back. Set the callbacks before the first rows; each may
// be nil.
type Transcript struct {
	widget.BaseWidget

	// OnNeedOlder asks for rows above the first one; answer with Prepend,
	// now or later. It is not called again until answered.
	OnNeedOlder func(before RowID)
	// OnNeedNewer asks for rows below the last one; answer with AppendPage.
	OnNeedNewer func(after RowID)
	// OnNeedEnd asks for the newest rows, because the user wants to be at the
	// end and the rows held do not reach it; answer with SetRows.
	OnNeedEnd func()
	// OnSeen tells that the newest row is in view. It is called once for each
	// row that becomes the newest one in view; whether the window is in front
	// is for the caller to know.
	OnSeen func(newest RowID)
	// OnGap tells that a gap is in view or near it. below says that it was come
	// to from above, so that what follows the row above it is wanted first. It is
	// called at each step of scrolling until the row is Busy, or asks to be
	// pressed; pressed tells that it was.
	OnGap func(id RowID, below, pressed bool)
	// OnOpenLink opens an address the user chose. It begins with http, https,
	// xmpp, mailto or geo and is exactly the text that was shown, except that
	// "https://" is put before a bare "www." name.
	OnOpenLink func(url string)
	// OnRetry sends a failed message again, or does again what a failed notice
	// is about; OnDrop gives up what the notice is about.
	OnRetry func(id RowID)
	OnDrop  func(id RowID)
	// OnReply answers a message. Without it there is no bar of buttons at the
	// message under the pointer.
	OnReply func(id RowID)
	// OnPicked tells how many messages are picked, when that changes or picking
	// ends.
	OnPicked func(n int)
	// OnKey gets what is typed while the keyboard is at a message, and tells
	// whether it was for something; see AtMessage.
	OnKey func(key fyne.KeyName) bool
	// OnQuote wants the message that this one answers, OnEdits its earlier words.
	OnQuote func(id RowID)
	OnEdits func(id RowID)
	// OnReact changes one of the user's reactions to the other way.
	OnReact func(id RowID, emoji string)
	// OnReactMore wants a reaction chosen, at a place on the canvas.
	OnReactMore func(id RowID, at fyne.Position)
	// OnFile does something with a file, counted from 0.
	OnFile func(id RowID, file int, act FileAct)
	// OnSeek goes to a part of a sound, from 0, its beginning, to 1.
	OnSeek func(id RowID, file int, part float32)
	// OnPicture gives what is shown of a picture by the key of its FileView, for
	// so many pixels, or nil while it is not there; then Pictures is called when
	// it is. It must answer at once.
	OnPicture func(key string, w, h int) image.Image
	// OnMenu wants the menu of a message at a place on the canvas. link is the
	// address under the pointer and selected the selected text, each "" when
	// there is none.
	OnMenu func(id RowID, at fyne.Position, link, selected string)
	// OnCopy takes what the user copies. Without it the text goes to the
	// clipboard of the application.
	OnCopy func(text string)
	// OnRune gets what is typed while the transcript has the focus, for the
	// composer.
	OnRune func(r rune)
	// OnShortcut gets the shortcuts that are not about selecting and copying,
	// because Fyne gives none to the window while a widget has the focus.
	OnShortcut func(fyne.Shortcut)

	// DayLabel gives the heading of a day, like "Yesterday"; nil gives the
	// date in ISO form. Call Refresh when a day has passed.
	DayLabel func(day time.Time) string

	rows     rowList
	view     viewport
	sel      selection
	find     string // what is marked in the text
	unread   unreadMark
	divider  *rowItem // the row below the "New" divider
	asides   []Row    // all that were given, in order
	dots     dots     // of the gaps that are busy
	together bool     // more changes follow
	tip      tooltip  // of a part of a row
	tipRow   RowID    // whose
	unfolded map[RowID]bool
	lay      *layouter
	drawn    *transcriptView

	picking  bool
	picked   map[RowID]bool
	pickFrom RowID // the one that was pressed last
	alight   RowID // of Light

	pointer pointerState
	target  hitPlace
	focused bool
	byMouse bool // the focus came by a click, so no ring is shown
}

// unreadMark says where the "New" divider is.
type unreadMark struct {
	set   bool
	after RowID
}

// MaxRows bounds what a transcript holds at once: enough that the ends are some
// forty screens away, little enough that a new width is laid out in
// milliseconds.
const MaxRows = 4096

// NewTranscript gives an empty transcript.
func NewTranscript() *Transcript {
	t := &Transcript{}
	t.ExtendBaseWidget(t)
	t.init()
	return t
}

// SetRows shows other rows, in order of their ids, with the view at the end.
// older and newer tell whether the history goes on above and below; when newer
// is false the last row is the newest there is.
func (t *Transcript) SetRows(rows []Row, older, newer bool) {
	t.reset()
	t.rows.set(rows)
	t.view.older, t.view.newer = older, newer
	t.changed()
}

// Clear shows nothing, as before the first SetRows.
func (t *Transcript) Clear() {
	t.asides = nil
	t.SetRows(nil, false, false)
}

// Prepend puts older rows above the others; it answers OnNeedOlder. older tells
// whether the history goes on above them.
func (t *Transcript) Prepend(rows []Row, older bool) {
	t.view.askedOlder = false
	t.view.older = older
	t.rows.merge(rows)
	t.changed()
}

// AppendPage puts newer rows of the history below the others; it answers
// OnNeedNewer. newer tells whether the history goes on below them.
func (t *Transcript) AppendPage(rows []Row, newer bool) {
	t.view.askedNewer = false
	t.view.newer = newer
	t.pinRow()
	t.rows.merge(rows)
	t.changed()
}

// Append adds messages that just came or were just sent, each at the place its
// id gives it. Those below the end of what is held are not kept when the
// transcript does not reach the newest row: they are counted for the "new" pill
// and come with AppendPage or SetRows. Call it once for many rows.
func (t *Transcript) Append(rows ...Row) {
	last := t.Last()
	for _, r := range rows {
		if last.Less(r.ID) && !r.Out && t.view.mode != placeEnd {
			t.view.fresh++
		}
	}
	t.rows.merge(t.admit(rows))
	t.changed()
}

// Update shows a row anew; a row that is not held is passed over.
func (t *Transcript) Update(row Row) {
	if t.rows.update(row) {
		t.relayout()
	}
}

// Remove takes a row away.
func (t *Transcript) Remove(id RowID) {
	if t.rows.remove(id) {
		t.sel.dropIf(id)
		t.changed()
	}
}

// Len gives how many rows are held, asides among them.
func (t *Transcript) Len() int { return len(t.rows.items) }

// First and Last give the ids of the rows held at the ends, asides left out,
// zero when there are none.
func (t *Transcript) First() RowID {
	for _, it := range t.rows.items {
		if !it.ID.Aside {
			return it.ID
		}
	}
	return RowID{}
}

// Last is the counterpart of First.
func (t *Transcript) Last() RowID {
	for _, it := range slices.Backward(t.rows.items) {
		if !it.ID.Aside {
			return it.ID
		}
	}
	return RowID{}
}

// SetUnread draws the "New" divider above the first incoming row after the row
// given; the zero id puts it above the first incoming row of all.
func (t *Transcript) SetUnread(after RowID) {
	t.unread = unreadMark{set: true, after: after}
	t.relayout()
}

// ClearUnread takes the "New" divider away.
func (t *Transcript) ClearUnread() {
	t.unread = unreadMark{}
	t.relayout()
}
