package widgets

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
)

// TestWheelOverAField scrolls the page although the pointer is over a field of it.
func TestWheelOverAField(t *testing.T) {
	f := NewField("Port")
	scroll := container.NewVScroll(NewColumn(0, f, NewGap(2000)))
	w := window(t, NewRoot(container.NewStack(scroll)), 300, 300)
	over := fyne.CurrentApp().Driver().AbsolutePositionForObject(f.entry).AddXY(40, 10)
	test.Scroll(w.Canvas(), over, 0, -50)
	if scroll.Offset.Y != 50 {
		t.Errorf("the page is at %v", scroll.Offset.Y)
	}

	g := NewField("Name")
	inner := container.NewVScroll(NewColumn(0, g, NewGap(2000)))
	ShowOverlay(w.Canvas(), container.New(&pageLayout{width: 200}, container.NewStack(inner)), OverlayOptions{Width: 260})
	inner.Resize(fyne.NewSize(200, 200))
	g.wheel.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, -30)})
	if scroll.Offset.Y != 50 || inner.Offset.Y != 30 {
		t.Errorf("the page is at %v, what is on the card at %v", scroll.Offset.Y, inner.Offset.Y)
	}
}

// TestWheelOverText leaves the wheel to a text that is longer than its field.
func TestWheelOverText(t *testing.T) {
	f := NewTextField("About", 3)
	window(t, NewColumn(0, f), 300, 300)
	for _, tt := range []struct {
		text string
		page bool
	}{{"", true}, {"one\ntwo\nthree", true}, {"one\ntwo\nthree\nfour", false}, {strings.Repeat("many words ", 30), false}, {"one", true}} {
		f.SetText(tt.text)
		if f.wheel.Visible() != tt.page {
			t.Errorf("%q scrolls the page: %v", tt.text, f.wheel.Visible())
		}
	}
}
