package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// press is the part all things share that are pressed: by the pointer, or by
// Space or Enter while they have the keyboard focus. It is embedded.
type press struct {
	self     fyne.Widget
	tapped   func()
	hovered  bool
	held     bool
	focused  bool
	disabled bool
	tip      tooltip
}

func (p *press) init(self fyne.Widget, tapped func()) {
	p.self, p.tapped = self, tapped
	p.tip.owner = self
}

func (p *press) fire() {
	p.tip.hide()
	if p.disabled || p.tapped == nil {
		return
	}
	p.tapped()
}

// OnTapped replaces what a press does.
func (p *press) OnTapped(f func()) { p.tapped = f }

// Disabled says whether the widget ignores presses.
func (p *press) Disabled() bool { return p.disabled }

// Disable makes the widget ignore presses and look so.
func (p *press) Disable() { p.setDisabled(true) }

// Enable undoes Disable.
func (p *press) Enable() { p.setDisabled(false) }

func (p *press) setDisabled(on bool) {
	if p.disabled == on {
		return
	}
	p.disabled = on
	p.self.Refresh()
}

// Tapped is a press by the pointer.
func (p *press) Tapped(*fyne.PointEvent) { p.fire() }

// FocusGained is Fyne's.
func (p *press) FocusGained() {
	p.focused = true
	p.self.Refresh()
	reveal(p.self)
}

// FocusLost is Fyne's.
func (p *press) FocusLost() {
	p.focused = false
	p.self.Refresh()
}

// TypedRune is Fyne's; it does nothing.
func (p *press) TypedRune(rune) {}

// TypedKey presses at Space and Enter.
func (p *press) TypedKey(e *fyne.KeyEvent) {
	if windowKey(p.self, e) {
		return
	}
	if e.Name == fyne.KeySpace || isEnter(e.Name) {
		p.fire()
	}
}

// MouseIn is Fyne's.
func (p *press) MouseIn(e *desktop.MouseEvent) {
	p.hovered = true
	p.tip.start(e.AbsolutePosition)
	p.self.Refresh()
}

// MouseMoved is Fyne's; it does nothing.
func (p *press) MouseMoved(*desktop.MouseEvent) {}

// MouseOut is Fyne's.
func (p *press) MouseOut() {
	p.hovered, p.held = false, false
	p.tip.hide()
	p.self.Refresh()
}

// MouseDown is Fyne's.
func (p *press) MouseDown(*desktop.MouseEvent) {
	p.held = true
	p.tip.hide()
	p.self.Refresh()
}

// MouseUp is Fyne's.
func (p *press) MouseUp(*desktop.MouseEvent) {
	p.held = false
	p.self.Refresh()
}

// Cursor shows a hand over what can be pressed.
func (p *press) Cursor() desktop.Cursor {
	if p.disabled {
		return desktop.DefaultCursor
	}
	return desktop.PointerCursor
}

// AccessibilityRole says that this is a button.
func (p *press) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }
