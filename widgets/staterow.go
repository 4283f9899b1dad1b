package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"linnet/assets"
)

// StateRow is a line about how far a message got: the mark of a state, what it
// means in words, and when that was. That it was written has a mark, too.
type StateRow struct {
	widget.BaseWidget
	state MessageState
	mark  *svgImage
	text  *Paragraph
	value *Label
}

// NewStateRow makes a row; value may be empty.
func NewStateRow(state MessageState, text, value string) *StateRow {
	ink := ColorText
	if state == StateFailed {
		ink = ColorDanger
	}
	r := &StateRow{
		state: state, mark: newSVGImage(),
		text: NewParagraph(text, TextBody, ink), value: NewLabel(value, TextSecondary, ColorSecondary),
	}
	r.ExtendBaseWidget(r)
	return r
}

// AccessibilityLabel gives the words and the time.
func (r *StateRow) AccessibilityLabel() string {
	if r.value.Text() == "" {
		return r.text.Text()
	}
	return r.text.Text() + ", " + r.value.Text()
}

// AccessibilityRole says that this is text.
func (r *StateRow) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// stateMark is the size of the mark in a StateRow, and stateText where its text
// begins.
const (
	stateMark = float32(18)
	stateText = stateMark + 12
)

// CreateRenderer is Fyne's.
func (r *StateRow) CreateRenderer() fyne.WidgetRenderer {
	p := &painter{objects: []fyne.CanvasObject{r.mark.image, r.text, r.value}}
	p.min = func() fyne.Size { return fyne.NewSize(120, max(settingHeight, r.text.MinSize().Height+8)) }
	p.layout = func(s fyne.Size) {
		end := s.Width
		if w := r.value.Width(); w > 0 {
			putLabel(r.value, end-w, 0, w, settingHeight)
			end -= w + 12
		}
		h := heightAt(r.text, end-stateText)
		put(r.text, stateText, (settingHeight-LineBody)/2, end-stateText, h)
		put(r.mark.image, 0, (settingHeight-stateMark)/2, stateMark, stateMark)
	}
	p.refresh = func() {
		name, ink := r.state.icon()
		if name == "" {
			name, ink = assets.IconEdit, ColorSecondary
		}
		r.mark.set(name, theme.Color(ink))
	}
	p.refresh()
	return p
}
