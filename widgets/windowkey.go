package widgets

import "fyne.io/fyne/v2"

// windowKey gives the keys that mean something for the whole window, Escape and
// the function keys, to the canvas, and reports whether it was one. Fyne gives
// keys without a modifier only to what has the keyboard focus.
func windowKey(o fyne.CanvasObject, e *fyne.KeyEvent) bool {
	switch e.Name {
	case fyne.KeyEscape, fyne.KeyF1, fyne.KeyF2, fyne.KeyF3, fyne.KeyF4, fyne.KeyF5, fyne.KeyF6,
		fyne.KeyF7, fyne.KeyF8, fyne.KeyF9, fyne.KeyF10, fyne.KeyF11, fyne.KeyF12:
	default:
		return false
	}
	if c := canvasOf(o); c != nil {
		if typed := c.OnTypedKey(); typed != nil {
			typed(e)
		}
	}
	return true
}
