package widgets

import (
	"strings"

	"fyne.io/fyne/v2"
)

// textPos is a place in the text of a row: before the byte off of its harmless
// text.
type textPos struct {
	row RowID
	off int
}

func (p textPos) less(q textPos) bool {
	return p.row.Less(q.row) || p.row == q.row && p.off < q.off
}

// selection is what the user marked, from where the mark began to where it
// went, which may be above.
type selection struct {
	on         bool
	from, upTo textPos
}

// bounds gives the selection in reading order.
func (s *selection) bounds() (lo, hi textPos) {
	if s.upTo.less(s.from) {
		return s.upTo, s.from
	}
	return s.from, s.upTo
}

// dropIf forgets a selection that begins or ends in a row that goes away.
func (s *selection) dropIf(id RowID) {
	if s.on && (s.from.row == id || s.upTo.row == id) {
		*s = selection{}
	}
}

// within gives the bytes of a row that are selected.
func (s *selection) within(it *rowItem) (from, to int) {
	if !s.on {
		return 0, 0
	}
	lo, hi := s.bounds()
	if it.ID.Less(lo.row) || hi.row.Less(it.ID) {
		return 0, 0
	}
	to = len(it.text)
	if it.ID == lo.row {
		from = min(lo.off, to)
	}
	if it.ID == hi.row {
		to = min(hi.off, to)
	}
	return from, max(from, to)
}

// SelectAll selects the text of all rows held.
func (t *Transcript) SelectAll() {
	n := len(t.rows.items)
	if n == 0 {
		return
	}
	last := t.rows.items[n-1]
	t.sel = selection{on: true, from: textPos{row: t.First()}, upTo: textPos{last.ID, len(last.text)}}
	t.redraw()
}

// ClearSelection selects nothing.
func (t *Transcript) ClearSelection() {
	if t.sel.on {
		t.sel = selection{}
		t.redraw()
	}
}

// SelectedText gives what is selected, with the directives of the styles that
// are selected whole: the plain text when it is within one message, else a
// paragraph for each with time and name.
func (t *Transcript) SelectedText() string {
	if !t.sel.on {
		return ""
	}
	lo, hi := t.sel.bounds()
	first, _ := t.rows.find(lo.row)
	type part struct {
		it   *rowItem
		text string
	}
	var parts []part
	for _, it := range t.rows.items[first:] {
		if hi.row.Less(it.ID) {
			break
		}
		if a, b := t.sel.within(it); b > a {
			parts = append(parts, part{it, it.said.copied(a, b)})
		}
	}
	if len(parts) == 1 {
		return parts[0].text
	}
	var sb strings.Builder
	for i, p := range parts {
		if i > 0 {
			sb.WriteByte('\n')
		}
		sb.WriteString(copyLine(p.it, p.text))
	}
	return sb.String()
}

// copyLine writes one message the way it is told in a text of several. Its
// further lines are indented: a message cannot look like another one.
func copyLine(it *rowItem, text string) string {
	at := "[" + it.Time.Format(clockFormat) + "] "
	text = strings.ReplaceAll(text, "\n", "\n  ")
	switch {
	case it.Kind == RowAction:
		return at + "* " + text
	case it.Kind == RowNotice || it.Name == "":
		return at + text
	}
	return at + it.Name + ": " + text
}

// CopySelection gives what is selected to OnCopy or the clipboard.
func (t *Transcript) CopySelection() {
	if text := t.SelectedText(); text != "" {
		t.copyText(text)
	}
}

// copyText gives a text to OnCopy or the clipboard.
func (t *Transcript) copyText(text string) {
	if t.OnCopy != nil {
		t.OnCopy(text)
		return
	}
	fyne.CurrentApp().Clipboard().SetContent(text)
}
