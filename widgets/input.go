package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"
)

// input is Fyne's entry without its box and border, for fields that draw their
// own, with hooks for focus, keys and shortcuts.
type input struct {
	widget.Entry
	focus func(bool)
	// key sees every key first and says whether it took it.
	key func(*fyne.KeyEvent) bool
	// shortcut gets the shortcuts the entry has no use for.
	shortcut func(fyne.Shortcut)
	// mayType says whether so many bytes may be added.
	mayType func(added int) bool
	// paste is asked first at a paste and says whether it did all there was to.
	paste func() bool
	// typed runs after a character was typed.
	typed func(rune)
	// wantsTab says whether Tab is for key rather than to move the focus.
	wantsTab func() bool
	shift    bool
	pressed  bool // by the pointer, which gives the focus
	used     bool // a key went down since the focus came
}

func newInput(multiLine bool) *input {
	i := &input{}
	i.MultiLine = multiLine
	i.Wrapping = fyne.TextWrap(fyne.TextTruncateClip)
	if multiLine {
		i.Wrapping = fyne.TextWrapWord
	}
	i.ExtendBaseWidget(i)
	return i
}

// forward calls the callbacks of the field around the entry, as they are then.
func (i *input) forward(submitted *func(string), shortcut *func(fyne.Shortcut)) {
	i.OnSubmitted = func(s string) {
		if *submitted != nil {
			(*submitted)(s)
		}
	}
	i.shortcut = func(s fyne.Shortcut) {
		if *shortcut != nil {
			(*shortcut)(s)
		}
	}
}

// bareRenderer leaves out the first two objects of an entry, box and border.
type bareRenderer struct{ fyne.WidgetRenderer }

func (r bareRenderer) Objects() []fyne.CanvasObject { return r.WidgetRenderer.Objects()[2:] }

// CreateRenderer is Fyne's.
func (i *input) CreateRenderer() fyne.WidgetRenderer {
	return bareRenderer{i.Entry.CreateRenderer()}
}

// AcceptsTab lets Tab move the focus, also from text of several lines, unless
// something else wants it.
func (i *input) AcceptsTab() bool { return i.wantsTab != nil && i.wantsTab() }

// FocusGained is Fyne's.
func (i *input) FocusGained() {
	i.used = false
	i.Entry.FocusGained()
	if i.focus != nil {
		i.focus(true)
	}
}

// FocusLost is Fyne's.
func (i *input) FocusLost() {
	i.shift = false
	i.Entry.FocusLost()
	if i.focus != nil {
		i.focus(false)
	}
}

// MouseDown is Fyne's.
func (i *input) MouseDown(e *desktop.MouseEvent) {
	i.pressed = true
	i.Entry.MouseDown(e)
	i.pressed = false
}

// KeyDown is Fyne's.
func (i *input) KeyDown(e *fyne.KeyEvent) {
	i.used = true
	if isShift(e.Name) {
		i.shift = true
	}
	i.Entry.KeyDown(e)
}

// KeyUp is Fyne's.
func (i *input) KeyUp(e *fyne.KeyEvent) {
	if isShift(e.Name) {
		i.shift = false
	}
	i.Entry.KeyUp(e)
}

func isShift(k fyne.KeyName) bool {
	return k == desktop.KeyShiftLeft || k == desktop.KeyShiftRight
}

// TypedKey is Fyne's.
func (i *input) TypedKey(e *fyne.KeyEvent) {
	if i.key != nil && i.key(e) || windowKey(i, e) || i.wholeEmoji(e) {
		return
	}
	i.Entry.TypedKey(e)
}

// TypedRune is Fyne's. Space presses a button first and is typed then, into the
// field that the button has just brought up: that one is left out.
func (i *input) TypedRune(r rune) {
	if r == ' ' && !i.used {
		return
	}
	i.used = true
	if i.mayType != nil && !i.mayType(len(string(r))) {
		return
	}
	i.Entry.TypedRune(r)
	if i.typed != nil {
		i.typed(r)
	}
}

// TypedShortcut gives editing shortcuts to the entry and all others to the
// window, which would not see them while an entry has the focus.
func (i *input) TypedShortcut(s fyne.Shortcut) {
	if !editing(s) {
		if i.shortcut != nil {
			i.shortcut(s)
		}
		return
	}
	if _, ok := s.(*fyne.ShortcutPaste); ok && i.paste != nil && i.paste() {
		return
	}
	if p, ok := s.(*fyne.ShortcutPaste); ok && i.mayType != nil && p.Clipboard != nil {
		if !i.mayType(len(p.Clipboard.Content())) {
			return
		}
	}
	i.Entry.TypedShortcut(s)
}

// editing says whether a shortcut is one an entry acts on.
func editing(s fyne.Shortcut) bool {
	switch s := s.(type) {
	case *fyne.ShortcutUndo, *fyne.ShortcutRedo, *fyne.ShortcutCut, *fyne.ShortcutCopy,
		*fyne.ShortcutPaste, *fyne.ShortcutSelectAll:
		return true
	case *desktop.CustomShortcut:
		switch s.KeyName {
		case fyne.KeyLeft, fyne.KeyRight, fyne.KeyBackspace, fyne.KeyDelete:
			return s.Modifier&(fyne.KeyModifierAlt|fyne.KeyModifierSuper) == 0 ||
				s.Modifier&fyne.KeyModifierShortcutDefault == 0 && s.Modifier&fyne.KeyModifierAlt == 0
		}
	}
	return false
}

// TappedSecondary opens a menu of what can be done with the text.
func (i *input) TappedSecondary(e *fyne.PointEvent) {
	focusOn(i)
	clip := fyne.CurrentApp().Clipboard()
	some := i.SelectedText() != "" && !i.Password
	ShowMenu(canvasOf(i), e.AbsolutePosition, []MenuItem{
		{Text: lang.L("Cut"), Disabled: !some, Do: func() { i.TypedShortcut(&fyne.ShortcutCut{Clipboard: clip}) }},
		{Text: lang.L("Copy"), Disabled: !some, Do: func() { i.TypedShortcut(&fyne.ShortcutCopy{Clipboard: clip}) }},
		{Text: lang.L("Paste"), Disabled: clip.Content() == "", Do: func() { i.TypedShortcut(&fyne.ShortcutPaste{Clipboard: clip}) }},
		{Separator: true},
		{Text: lang.L("Select all"), Disabled: i.Text == "", Do: func() { i.TypedShortcut(&fyne.ShortcutSelectAll{}) }},
	})
}

// insert puts a text at the cursor, in the place of what is selected. It is one
// step for undoing, which typing it would not be.
func (i *input) insert(s string) {
	i.used = true
	i.Entry.TypedShortcut(&fyne.ShortcutPaste{Clipboard: given(s)})
}

// replaceBefore puts a text into the place of so many runes before the cursor.
func (i *input) replaceBefore(runes int, s string) {
	i.markBy(fyne.KeyLeft, runes)
	i.insert(s)
}

// given is a clipboard of a text that does not come from the system's.
type given string

// Content gives the text.
func (g given) Content() string { return string(g) }

// SetContent does nothing.
func (given) SetContent(string) {}

// setTextAtEnd replaces the text and puts the cursor behind it.
func (i *input) setTextAtEnd(text string) {
	i.SetText(text)
	i.toEnd()
}

// toEnd puts the cursor behind the text.
func (i *input) toEnd() {
	if !i.MultiLine {
		i.CursorRow, i.CursorColumn = 0, len([]rune(i.Text))
		i.Refresh()
		return
	}
	// PageDown goes to the last wrapped row, whose number only the entry knows.
	i.Entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyPageDown})
}

// rowsOf counts the rows a text takes in a width, stopping at limit.
func rowsOf(text string, width float32, limit int) int {
	if width <= 0 {
		width = unlimited
	}
	b := typefaceOf(TextBody, LineBody, fyne.TextStyle{}).wrap(text, width, limit)
	return max(1, len(b.lines))
}
