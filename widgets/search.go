package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"linnet/assets"
)

// SearchButton looks like a search field but opens something when pressed, and
// shows the shortcut that does the same.
type SearchButton struct {
	widget.BaseWidget
	press
	box   *canvas.Rectangle
	label *Label
	hint  *Label
}

// NewSearchButton makes one from its text and its shortcut as the user reads
// it.
func NewSearchButton(text, shortcut string, tapped func()) *SearchButton {
	b := &SearchButton{
		box:   rounded(FieldRadius),
		label: NewLabel(text, TextSecondary, ColorSecondary), hint: NewLabel(shortcut, TextSmall, ColorSecondary),
	}
	b.press.init(b, tapped)
	b.ExtendBaseWidget(b)
	return b
}

// AccessibilityLabel gives the text.
func (b *SearchButton) AccessibilityLabel() string { return b.label.Text() }

// CreateRenderer is Fyne's.
func (b *SearchButton) CreateRenderer() fyne.WidgetRenderer {
	p := &painter{objects: []fyne.CanvasObject{b.box, b.label, b.hint}, min: fixed(120, SearchHeight)}
	p.layout = func(s fyne.Size) {
		put(b.box, 0, 0, s.Width, s.Height)
		w := b.hint.Width()
		putLabel(b.hint, s.Width-12-w, 0, w, s.Height)
		putLabel(b.label, 12, 0, s.Width-36-w, s.Height)
	}
	p.refresh = func() {
		fill := ColorField
		if b.hovered {
			fill = ColorPressed
		}
		b.box.FillColor = theme.Color(fill)
		markFocus(b.box, b.focused)
	}
	p.refresh()
	return p
}

// SearchField is a line to type a search into, with a button that empties it.
// Escape empties it first; then it calls OnEscape or goes to the window.
type SearchField struct {
	widget.BaseWidget
	// OnChanged runs at each change.
	OnChanged func(string)
	// OnSubmitted runs at Enter.
	OnSubmitted func(string)
	// OnEscape runs at Escape in the empty field.
	OnEscape func()
	// OnKey sees keys first and says whether it took them, as Up and Down for
	// the results below.
	OnKey func(*fyne.KeyEvent) bool
	// OnShortcut gets the shortcuts that are not about editing.
	OnShortcut func(fyne.Shortcut)

	plain   bool
	height  float32
	focused bool
	box     *canvas.Rectangle
	mark    *svgImage
	entry   *input
	wipe    *IconButton
}

// NewSearchField makes an empty field.
func NewSearchField(placeholder string) *SearchField {
	f := &SearchField{box: rounded(FieldRadius), mark: newSVGImage(), entry: newInput(false), height: SearchHeight}
	f.wipe = NewIconButton(assets.IconClose, lang.L("Clear"), func() {
		f.SetText("")
		f.Focus()
	})
	f.wipe.Hide()
	f.entry.SetPlaceHolder(placeholder)
	f.entry.OnChanged = func(s string) {
		show(f.wipe, s != "")
		if f.OnChanged != nil {
			f.OnChanged(s)
		}
	}
	f.entry.forward(&f.OnSubmitted, &f.OnShortcut)
	f.entry.key = f.typedKey
	f.entry.focus = func(on bool) {
		f.focused = on
		f.Refresh()
	}
	f.ExtendBaseWidget(f)
	return f
}

// NewPaletteField makes a search field without a frame, as the head of a
// palette.
func NewPaletteField(placeholder string) *SearchField {
	f := NewSearchField(placeholder)
	f.plain = true
	f.height = 54
	return f
}

func (f *SearchField) typedKey(e *fyne.KeyEvent) bool {
	if f.OnKey != nil && f.OnKey(e) {
		return true
	}
	if e.Name != fyne.KeyEscape {
		return false
	}
	switch {
	case f.entry.Text != "" && !f.plain:
		f.SetText("")
	case f.OnEscape != nil:
		f.OnEscape()
	default:
		return false
	}
	return true
}

// Text gives what is typed.
func (f *SearchField) Text() string { return f.entry.Text }

// SetText replaces it and puts the cursor at the end.
func (f *SearchField) SetText(s string) { f.entry.setTextAtEnd(s) }

// Focus moves the keyboard focus into the field.
func (f *SearchField) Focus() { focusOn(f.entry) }

// CreateRenderer is Fyne's.
func (f *SearchField) CreateRenderer() fyne.WidgetRenderer {
	p := &painter{objects: []fyne.CanvasObject{f.box, f.mark.image, f.entry, f.wipe}, min: fixed(120, f.height)}
	p.layout = func(s fyne.Size) {
		put(f.box, 0, 0, s.Width, s.Height)
		x := float32(10)
		if f.plain {
			x = 16
		}
		put(f.mark.image, x, (s.Height-16)/2, 16, 16)
		h := f.entry.MinSize().Height
		put(f.entry, x+16, (s.Height-h)/2-1, s.Width-x-16-36, h)
		put(f.wipe, s.Width-32, (s.Height-28)/2, 28, 28)
	}
	p.refresh = func() {
		show(f.box, !f.plain)
		f.box.FillColor = theme.Color(ColorField)
		markFocus(f.box, f.focused)
		f.mark.set(assets.IconSearch, theme.Color(ColorSecondary))
	}
	p.refresh()
	return p
}
