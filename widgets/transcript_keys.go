package widgets

import (
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/lang"
)

// keyStep is how far an arrow key scrolls, pageKeep what of the old page stays in
// view after a page key.
const (
	keyStep  = float32(48)
	pageKeep = float32(40)
)

// hitPlace is one of the things that act in the rows: links, "Try again", "Show
// all".
type hitPlace struct {
	row RowID
	hit int // index into the hits of its row
}

// noTarget is the place the keyboard is at when it is at none.
var noTarget = hitPlace{hit: -1}

// wholeRow stands for the number of a hit where the keyboard is at a message.
const wholeRow = -2

// FocusGained is for Fyne.
func (t *Transcript) FocusGained() {
	t.focused = true
	show(t.drawn.ring, !t.byMouse && t.target == noTarget)
}

// FocusLost is for Fyne.
func (t *Transcript) FocusLost() {
	t.focused, t.byMouse = false, false
	show(t.drawn.ring, false)
	t.setTarget(noTarget)
}

// TypedRune is for Fyne.
func (t *Transcript) TypedRune(r rune) {
	if _, at := t.AtMessage(); at && t.OnKey != nil && t.OnKey(keyOfRune(r)) {
		return
	}
	if t.OnRune != nil {
		t.OnRune(r)
	}
}

// TypedShortcut is for Fyne.
func (t *Transcript) TypedShortcut(s fyne.Shortcut) {
	switch s.(type) {
	case *fyne.ShortcutCopy:
		t.CopySelection()
	case *fyne.ShortcutSelectAll:
		t.SelectAll()
	default:
		if t.OnShortcut != nil {
			t.OnShortcut(s)
		}
	}
}

// TypedKey is for Fyne.
func (t *Transcript) TypedKey(e *fyne.KeyEvent) {
	h := t.view.size.Height
	_, at := t.AtMessage()
	switch e.Name {
	case fyne.KeyUp:
		t.arrow(-1, at)
	case fyne.KeyDown:
		t.arrow(1, at)
	case fyne.KeyPageUp:
		t.scrollBy(h - pageKeep)
	case fyne.KeyPageDown:
		t.scrollBy(pageKeep - h)
	case fyne.KeyHome:
		if len(t.rows.items) > 0 {
			t.scrollTo(0)
		}
	case fyne.KeyEnd:
		t.ScrollToEnd()
	case fyne.KeyTab:
		if next, ok := t.nextTarget(shiftHeld()); ok {
			t.setTarget(next)
		}
	case fyne.KeyReturn, fyne.KeyEnter:
		if hit, ok := t.targetHit(); ok {
			t.act(t.target.row, hit)
		} else if at && t.OnKey != nil {
			t.OnKey(fyne.KeyReturn)
		}
	case fyne.KeyDelete, fyne.KeyLeft, fyne.KeyRight:
		if at && t.OnKey != nil {
			t.OnKey(e.Name)
		}
	case fyne.KeyEscape:
		switch {
		case t.picking:
			t.StopPicking()
		case t.target == noTarget && t.SelectedText() == "":
			windowKey(t, e)
		default:
			t.setTarget(noTarget)
			t.ClearSelection()
		}
	case desktop.KeyMenu:
		t.menuByKey()
	default:
		windowKey(t, e)
	}
}

// arrow goes a message on when the keyboard is at one, picking with Shift, and
// else scrolls.
func (t *Transcript) arrow(by int, at bool) {
	switch {
	case at && shiftHeld():
		t.pickStep(by)
	case at:
		t.StepRow(by)
	default:
		t.scrollBy(-float32(by) * keyStep)
	}
}

// keyOfRune names the key of what is typed, as the letters of a message's
// commands are. They are taken when they are typed and not when their key goes
// down, because what is typed then goes to what has the keyboard by then.
func keyOfRune(r rune) fyne.KeyName {
	if r == ' ' {
		return fyne.KeySpace
	}
	return fyne.KeyName(string(unicode.ToUpper(r)))
}

// StepRow puts the keyboard at the message above the one it is at, or below it
// for a positive number; when it is at none, at the last one in view. It moves
// the view as far as it takes to show it. The transcript should have the focus.
func (t *Transcript) StepRow(by int) {
	if t.view.last == t.view.first {
		return
	}
	at, ok := t.rows.find(t.target.row)
	if !ok || t.target == noTarget {
		at, by = t.currentRow()+1, -1
	}
	for at += by; at >= 0 && at < len(t.rows.items) && t.rows.items[at].ID.Aside; at += by {
	}
	if at < 0 || at >= len(t.rows.items) {
		return
	}
	t.target = hitPlace{row: t.rows.idAt(at), hit: wholeRow}
	t.reveal(at)
}

// reveal moves the view as far as it takes to show row i, or its beginning when
// it is higher than the view.
func (t *Transcript) reveal(i int) {
	h := t.height(i)
	y := t.view.firstY + t.rows.top(i) - t.rows.top(t.view.first)
	switch bottom := t.view.size.Height - bottomPad; {
	case y < topPad || h > bottom:
		t.hold(i, topPad)
	case y+h > bottom:
		t.hold(i, bottom-h)
	}
	t.relayout()
}

// Current gives the message the keyboard is at, or the last one in view; zero
// when there is none.
func (t *Transcript) Current() RowID { return t.rows.idAt(t.currentRow()) }

// currentRow gives the index of the row of Current, or -1.
func (t *Transcript) currentRow() int {
	if i, ok := t.rows.find(t.target.row); ok && t.target != noTarget && !t.target.row.Aside {
		return i
	}
	for i := t.view.last - 1; i >= t.view.first; i-- {
		if !t.rows.items[i].ID.Aside {
			return i
		}
	}
	return -1
}

// menuByKey opens the menu of the row the keyboard is at, or of the last one in
// view.
func (t *Transcript) menuByKey() {
	if t.OnMenu == nil || t.view.last == t.view.first {
		return
	}
	i := t.currentRow()
	if i < 0 {
		return
	}
	url := ""
	if hit, ok := t.targetHit(); ok && hit.kind == hitLink {
		url = t.layAt(i).body.links[hit.n].url
	}
	b := t.layAt(i).bubble
	y := t.view.firstY + t.rows.top(i) - t.rows.top(t.view.first) + b.y
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(t)
	t.OnMenu(t.rows.items[i].ID, at.AddXY(b.x, max(0, y)), url, t.SelectedText())
}

func shiftHeld() bool {
	d, ok := fyne.CurrentApp().Driver().(desktop.Driver)
	return ok && d.CurrentKeyModifiers()&fyne.KeyModifierShift != 0
}

// AcceptsTab is for Fyne: Tab goes through what acts in the rows in view before
// it leaves the transcript.
func (t *Transcript) AcceptsTab() bool {
	_, ok := t.nextTarget(shiftHeld())
	return ok
}

// nextTarget gives what acts after, or before, what the keyboard is at.
func (t *Transcript) nextTarget(back bool) (hitPlace, bool) {
	var all []hitPlace
	at := -1
	for _, it := range t.rows.items[t.view.first:t.view.last] {
		if it.lay == nil {
			continue
		}
		for k := range it.lay.hits {
			if it.lay.hits[k].kind == hitSeek {
				continue // keys of its own do that
			}
			p := hitPlace{it.ID, k}
			if p == t.target || t.target.hit == wholeRow && !t.target.row.Less(it.ID) && t.target.row != it.ID {
				at = len(all)
			}
			all = append(all, p)
		}
	}
	next := at + 1
	if back {
		next = at - 1
		if at < 0 {
			next = len(all) - 1
		}
	}
	if next < 0 || next >= len(all) {
		return noTarget, false
	}
	return all[next], true
}

func (t *Transcript) setTarget(p hitPlace) {
	if t.target != p {
		t.target = p
		t.redraw()
	}
}

// targetHit gives what the keyboard is at.
func (t *Transcript) targetHit() (rowHit, bool) {
	i, ok := t.rows.find(t.target.row)
	if !ok || t.target.hit < 0 {
		return rowHit{}, false
	}
	hits := t.layAt(i).hits
	if t.target.hit >= len(hits) {
		return rowHit{}, false
	}
	return hits[t.target.hit], true
}

// AccessibilityLabel reads out the message of Current, with its state.
func (t *Transcript) AccessibilityLabel() string {
	label := lang.L("Messages")
	i := t.currentRow()
	if i < 0 {
		return label
	}
	it := t.rows.items[i]
	label += ": " + copyLine(it, it.text)
	if w := it.State.Word(); w != "" {
		label += ", " + w
	}
	return label
}

// AccessibilityRole is for Fyne.
func (t *Transcript) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }
