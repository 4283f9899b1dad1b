package widgets

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
)

// TestCoverLetsNothingThrough moves over and presses what lies under it.
func TestCoverLetsNothingThrough(t *testing.T) {
	pressed := 0
	for _, covered := range []bool{false, true} {
		pressed = 0
		under := NewButton("Under", ButtonFilled, func() { pressed++ })
		on := NewButton("On", ButtonFilled, func() { pressed += 10 })
		stack := container.NewWithoutLayout(under)
		under.Resize(fyne.NewSize(100, 40))
		if covered {
			cover := NewCover(ColorSide)
			cover.Resize(fyne.NewSize(300, 300))
			stack.Add(cover)
		}
		on.Resize(fyne.NewSize(100, 40))
		on.Move(fyne.NewPos(0, 100))
		stack.Add(on)
		w := window(t, stack, 300, 300)
		test.MoveMouse(w.Canvas(), fyne.NewPos(50, 20))
		if under.hovered == covered {
			t.Errorf("covered %v: the pointer is over it: %v", covered, under.hovered)
		}
		test.TapCanvas(w.Canvas(), fyne.NewPos(50, 20))
		test.TapCanvas(w.Canvas(), fyne.NewPos(50, 120))
		if want := map[bool]int{false: 11, true: 10}[covered]; pressed != want {
			t.Errorf("covered %v: %d", covered, pressed)
		}
	}
}
