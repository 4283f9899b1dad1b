package app

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// TestWheelOverAFieldOfAPage holds that a page scrolls wherever the pointer is.
func TestWheelOverAFieldOfAPage(t *testing.T) {
	h := open(t, verona(), fyne.NewSize(800, 600))
	h.a.shell.openKey("1")
	h.a.runByID("program.profile")
	h.settle()
	p := h.a.pages.top().(*settingsPage)
	field := p.open.(*profileSection).fields[0]
	over := fyne.CurrentApp().Driver().AbsolutePositionForObject(field).AddXY(40, 40)
	test.Scroll(h.a.win.Canvas(), over, 0, -60)
	if p.scroll.Offset.Y != 60 {
		t.Errorf("the page is at %v", p.scroll.Offset.Y)
	}
}
