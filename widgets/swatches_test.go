package widgets

import (
	"image/color"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

func TestSwatchesSelect(t *testing.T) {
	useTheme(lightTheme)
	var chosen []int
	s := NewSwatches(make([]color.NRGBA, 3), -1, func(i int) { chosen = append(chosen, i) })
	w := test.NewTempWindow(t, s)
	w.Resize(fyne.NewSize(200, 60))
	s.Tapped(&fyne.PointEvent{Position: fyne.NewPos(2*swatchStep+5, 10)})
	w.Canvas().Focus(s)
	s.TypedKey(&fyne.KeyEvent{Name: fyne.KeyLeft})
	s.Tapped(&fyne.PointEvent{Position: fyne.NewPos(3*swatchStep+5, 10)}) // beside the row
	if len(chosen) != 2 || chosen[0] != 2 || chosen[1] != 1 {
		t.Errorf("chosen %v, want [2 1]", chosen)
	}
}
