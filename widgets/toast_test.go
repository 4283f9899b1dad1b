package widgets

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// TestToastsStandOverCards holds that what is said while a card is open is not
// dimmed with the window behind it.
func TestToastsStandOverCards(t *testing.T) {
	root := NewRoot(NewColumn(0))
	win := test.NewTempWindow(t, root)
	win.SetPadded(false)
	win.Resize(fyne.NewSize(600, 500))
	drawn := func(o fyne.Widget, toast *Toast) bool {
		return slices.Contains(test.WidgetRenderer(o).Objects(), fyne.CanvasObject(toast))
	}
	early := root.ShowToast("Sent", "", nil)
	first := ShowOverlay(win.Canvas(), NewLabel("first", TextBody, ColorText), OverlayOptions{Width: 300})
	second := ShowOverlay(win.Canvas(), NewLabel("second", TextBody, ColorText), OverlayOptions{Width: 300})
	late := root.ShowToast("Too large", "", nil)
	for name, toast := range map[string]*Toast{"early": early, "late": late} {
		if drawn(root, toast) || drawn(first, toast) || !drawn(second, toast) {
			t.Errorf("%s: not over the topmost card", name)
		}
	}
	second.Close()
	if drawn(root, late) || !drawn(first, late) {
		t.Error("not over the card that is left")
	}
	late.Close()
	if drawn(first, late) {
		t.Error("still there")
	}
	first.Close()
	if !drawn(root, early) {
		t.Error("not over the window")
	}
}
