package widgets

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"linnet/assets"
)

// Field is a line of text to fill in, with its label above and below it either
// what is wrong or a word of help. Tab moves on, Enter submits. In one of several
// lines Enter begins another, and what is more than fits scrolls.
type Field struct {
	widget.BaseWidget
	// OnChanged runs when the user or SetText changes the text.
	OnChanged func(string)
	// OnSubmitted runs at Enter, but not in a field of several lines.
	OnSubmitted func(string)
	// OnShortcut gets the shortcuts that are not about editing, because Fyne
	// gives a window none while a field has the focus.
	OnShortcut func(fyne.Shortcut)
	// OnKey sees every key first and says whether it took it.
	OnKey func(*fyne.KeyEvent) bool
	// OnPaste is asked first when something is pasted. It says whether it took
	// what is on the clipboard, else text is pasted.
	OnPaste func() bool
	// OnFocus runs when the keyboard focus comes and goes.
	OnFocus func(bool)

	label   *Label
	box     *canvas.Rectangle
	entry   *input
	wheel   *wheel // over the entry, hidden while there is more than fits
	reveal  *IconButton
	note    *Paragraph
	help    string
	err     string
	focused bool
	lines   int
}

// NewField makes an empty field with a label, which comes translated.
func NewField(label string) *Field { return newField(label, 1) }

// NewTextField makes a field of so many lines.
func NewTextField(label string, lines int) *Field { return newField(label, lines) }

func newField(label string, lines int) *Field {
	f := &Field{
		label: NewLabel(label, TextSecondary, ColorText),
		box:   rounded(FieldRadius),
		entry: newInput(lines > 1),
		note:  NewParagraph("", TextSecondary, ColorSecondary),
		lines: lines,
	}
	f.wheel = newWheel()
	f.entry.OnChanged = func(s string) {
		f.SetError("")
		show(f.wheel, f.fits())
		if f.OnChanged != nil {
			f.OnChanged(s)
		}
	}
	f.entry.forward(&f.OnSubmitted, &f.OnShortcut)
	if lines > 1 {
		f.entry.OnSubmitted = nil // Shift and Enter would submit, and begin a line in the composer
	}
	f.entry.key = func(e *fyne.KeyEvent) bool { return f.OnKey != nil && f.OnKey(e) }
	f.entry.paste = func() bool { return f.OnPaste != nil && f.OnPaste() }
	f.entry.focus = func(on bool) {
		f.focused = on
		f.Refresh()
		if on && !f.entry.pressed {
			reveal(f)
		}
		if f.OnFocus != nil {
			f.OnFocus(on)
		}
	}
	f.ExtendBaseWidget(f)
	return f
}

// NewPasswordField makes a field that hides what is typed until the user asks
// to see it.
func NewPasswordField(label string) *Field {
	f := NewField(label)
	f.entry.Password = true
	f.reveal = NewIconButton(assets.IconEye, lang.L("Show password"), f.toggle)
	// Fyne adds a button of its own to an entry for passwords unless there is
	// one already.
	f.entry.ActionItem = canvas.NewRectangle(theme.Color(ColorField))
	f.entry.ActionItem.Hide()
	return f
}

func (f *Field) toggle() {
	f.entry.Password = !f.entry.Password
	if f.entry.Password {
		f.reveal.SetIcon(assets.IconEye, lang.L("Show password"))
	} else {
		f.reveal.SetIcon(assets.IconEyeOff, lang.L("Hide password"))
	}
	f.entry.Refresh()
}

// Text gives what is filled in, as typed.
func (f *Field) Text() string { return f.entry.Text }

// SetText fills the field in and puts the cursor at the end.
func (f *Field) SetText(s string) { f.entry.setTextAtEnd(s) }

// SetPlaceholder sets what shows while the field is empty.
func (f *Field) SetPlaceholder(s string) { f.entry.SetPlaceHolder(s) }

// SetHelp sets the line below, shown while nothing is wrong; empty for none.
func (f *Field) SetHelp(s string) {
	f.help = s
	f.Refresh()
}

// SetError says in one sentence what is wrong, in place of the help, until the
// text changes; empty for nothing.
func (f *Field) SetError(s string) {
	if f.err != s {
		f.err = s
		f.Refresh()
	}
}

// Error gives the sentence set by SetError.
func (f *Field) Error() string { return f.err }

// Focus moves the keyboard focus into the field, also into one that was hidden
// until now.
func (f *Field) Focus() {
	// Fyne finds only what has a renderer, which a field that was never shown
	// gets by being measured.
	f.MinSize()
	focusOn(f.entry)
}

// Disable makes the field read-only, as while signing in.
func (f *Field) Disable() {
	f.entry.Disable()
	f.Refresh()
}

// Enable undoes Disable.
func (f *Field) Enable() {
	f.entry.Enable()
	f.Refresh()
}

// Tapped gives the field the focus when its rim or label is pressed.
func (f *Field) Tapped(*fyne.PointEvent) { f.Focus() }

// AccessibilityLabel gives the label.
func (f *Field) AccessibilityLabel() string { return f.label.Text() }

// AccessibilityRole says that this is text.
func (f *Field) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// labelHeight is the height of the line above the box, with the gap.
const labelHeight = 25

// top gives the height above the box.
func (f *Field) top() float32 {
	if f.label.Text() == "" {
		return 0
	}
	return labelHeight
}

// boxHeight gives the height of the box round the text.
func (f *Field) boxHeight() float32 {
	line := fyne.MeasureText("M", TextBody, fyne.TextStyle{}).Height
	return FieldHeight + float32(f.lines-1)*line
}

// fits reports whether all lines of the text are in view, so that there is
// nothing to scroll; a line that is too long takes as many as it is wide.
func (f *Field) fits() bool {
	if f.lines == 1 {
		return true
	}
	room, n := max(1, f.entry.Size().Width-16), 0
	for line := range strings.SplitSeq(f.entry.Text, "\n") {
		n += max(1, int(ceil(fyne.MeasureText(line, TextBody, fyne.TextStyle{}).Width/room)))
	}
	return n <= f.lines
}

// CreateRenderer is Fyne's.
func (f *Field) CreateRenderer() fyne.WidgetRenderer {
	p := &painter{layout: f.layout, refresh: f.update}
	p.objects = []fyne.CanvasObject{f.label, f.box, f.entry, f.wheel, f.note}
	if f.reveal != nil {
		p.objects = append(p.objects, f.reveal)
	}
	p.min = func() fyne.Size {
		h := f.top() + f.boxHeight()
		if f.note.Text() != "" {
			f.note.Resize(fyne.NewSize(f.Size().Width, 1))
			h += 6 + f.note.MinSize().Height
		}
		return fyne.NewSize(120, h)
	}
	f.update()
	return p
}

func (f *Field) layout(s fyne.Size) {
	y := f.top()
	putLabel(f.label, 0, 0, s.Width, 18)
	box := f.boxHeight()
	put(f.box, 0, y, s.Width, box)
	right := float32(4)
	if f.reveal != nil {
		const side = 32
		put(f.reveal, s.Width-side-4, y+(FieldHeight-side)/2, side, side)
		right += side
	}
	// The entry brings 8 dp of its own at each side of the text.
	h := f.entry.MinSize().Height
	if f.lines > 1 {
		h = box - 2
	}
	put(f.entry, 5, y+(box-h)/2-1, s.Width-5-right, h)
	put(f.wheel, 5, y, s.Width-5-right, box)
	show(f.wheel, f.fits())
	f.note.Resize(fyne.NewSize(s.Width, 1))
	put(f.note, 0, y+box+6, s.Width, f.note.MinSize().Height)
}

func (f *Field) update() {
	f.box.FillColor = theme.Color(ColorField)
	line, width := ColorLine, LineWidth
	switch {
	case f.focused:
		line, width = ColorAccentText, FocusRing
	case f.err != "":
		line = ColorDanger
	}
	f.box.StrokeColor = theme.Color(line)
	f.box.StrokeWidth = width
	if f.err != "" {
		f.note.SetColor(ColorDanger)
		f.note.SetText(f.err)
	} else {
		f.note.SetColor(ColorSecondary)
		f.note.SetText(f.help)
	}
}
