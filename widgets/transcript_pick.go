package widgets

import (
	"strings"

	"fyne.io/fyne/v2"

	"linnet/assets"
)

// Measures in dp of the marks of messages that are picked.
const (
	pickMark  = float32(20)
	pickShift = float32(34) // of what others said, to make room for the mark
)

// Picking tells whether messages are being picked, to do something with several
// at once.
func (t *Transcript) Picking() bool { return t.picking }

// Pick picks a message or no longer picks it; the first one begins it. Asides
// and what nobody said cannot be picked.
func (t *Transcript) Pick(id RowID, on bool) {
	i, held := t.rows.find(id)
	if !held || !t.rows.items[i].Pickable() || t.picked[id] == on {
		return
	}
	t.startPicking()
	t.pickFrom = id
	if on {
		t.picked[id] = true
	} else {
		delete(t.picked, id)
	}
	t.pickedChanged()
}

// Picked gives the messages that are picked and held, in order.
func (t *Transcript) Picked() []RowID {
	var out []RowID
	for _, it := range t.rows.items {
		if t.picked[it.ID] {
			out = append(out, it.ID)
		}
	}
	return out
}

// StopPicking picks no message any more.
func (t *Transcript) StopPicking() {
	if !t.picking {
		return
	}
	t.picking, t.pickFrom = false, RowID{}
	clear(t.picked)
	t.reshape()
	t.pickedChanged()
}

func (t *Transcript) startPicking() {
	if t.picking {
		return
	}
	t.picking = true
	t.ClearSelection()
	t.setBar(RowID{})
	t.reshape()
}

// reshape has the rows drawn anew whose heights stay.
func (t *Transcript) reshape() {
	for _, it := range t.rows.items {
		it.lay = nil
	}
}

func (t *Transcript) pickedChanged() {
	t.redraw()
	if t.OnPicked != nil {
		t.OnPicked(len(t.picked))
	}
}

// Pickable tells whether a row can be picked: what was said, also when it was taken
// back.
func (r *Row) Pickable() bool { return r.IsSaid() || r.Kind == RowRetracted }

// pressPick picks the message at a place, or no longer. With Shift all from the
// last one that was pressed are picked.
func (t *Transcript) pressPick(at fyne.Position, mod fyne.KeyModifier) {
	i, _ := t.rowAt(at.Y)
	id := t.rows.items[i].ID
	from, held := t.rows.find(t.pickFrom)
	if mod&fyne.KeyModifierShift == 0 || !held {
		t.Pick(id, !t.picked[id])
		return
	}
	for k := min(i, from); k <= max(i, from); k++ {
		if it := t.rows.items[k]; it.Pickable() {
			t.picked[it.ID] = true
		}
	}
	t.pickedChanged()
}

// pickStep picks the message the keyboard is at and goes to the next one, which
// it picks, too.
func (t *Transcript) pickStep(by int) {
	if id, ok := t.AtMessage(); ok {
		t.Pick(id, true)
	}
	t.StepRow(by)
	if id, ok := t.AtMessage(); ok {
		t.Pick(id, true)
	}
}

// CopyOf gives the words of messages as they are copied: of several, each with
// its time and name on a line of its own.
func (t *Transcript) CopyOf(ids []RowID) string {
	var parts []string
	for _, id := range ids {
		i, held := t.rows.find(id)
		if !held {
			continue
		}
		it := t.rows.items[i]
		if len(ids) == 1 {
			return it.Text
		}
		parts = append(parts, copyLine(it, sanitise(it.Row.words())))
	}
	return strings.Join(parts, "\n")
}

// words gives what a row says, of an action with its name.
func (r *Row) words() string {
	if r.Kind == RowAction {
		return r.Name + " " + r.Text
	}
	return r.Text
}

// AtMessage gives the message the keyboard is at; ok is false when it is at none.
func (t *Transcript) AtMessage() (id RowID, ok bool) {
	if !t.focused || t.target.hit != wholeRow || t.target.row.Aside {
		return RowID{}, false
	}
	_, ok = t.rows.find(t.target.row)
	return t.target.row, ok
}

// Point puts the keyboard at a message that is held, as StepRow does, and shows
// it. The transcript should have the focus.
func (t *Transcript) Point(id RowID) {
	if i, held := t.rows.find(id); held && t.laid() {
		t.target = hitPlace{row: id, hit: wholeRow}
		t.reveal(i)
	}
}

// Light draws a row on another ground, as after a jump to it, and no other row;
// the zero id ends that.
func (t *Transcript) Light(id RowID) {
	if t.alight != id {
		t.alight = id
		t.redraw()
	}
}

// grounds draws what lies behind a whole row: that it is picked or jumped to,
// and the mark of picking.
func (v *rowView) grounds() {
	r, m := v.lay, &v.marks
	if m.alight || m.picked {
		v.rect(&rowBox{y: r.head - GapInGroup/2, w: v.width, h: r.height - r.head + GapInGroup, fill: ColorPressed})
	}
	if !m.picking || !v.item.Pickable() {
		return
	}
	b := rowBox{x: PagePadding, y: r.bubble.y + r.bubble.h - pickMark - BubblePadY, w: pickMark, h: pickMark, radius: pickMark / 2}
	if !m.picked {
		b.stroke = ColorDisabled
		v.rect(&b)
		return
	}
	b.fill = ColorAccentFill
	v.rect(&b)
	const in = (pickMark - IconSmallSize) / 2
	v.icon(&rowIcon{x: b.x + in, y: b.y + in, size: IconSmallSize, name: assets.IconCheck, color: ColorOnAccent})
}
