package widgets

import (
	"testing"

	"fyne.io/fyne/v2"
)

// TestRootFollowsScale brings a window to a screen of another scale.
func TestRootFollowsScale(t *testing.T) {
	w := window(t, NewLabel("text", TextBody, ColorText), 300, 80)
	root := w.Content().(*Root)
	over := ShowOverlay(w.Canvas(), NewLabel("card", TextBody, ColorText), OverlayOptions{})
	defer over.Close()
	var below, above int
	root.rend.refresh = func() { below++ }
	over.rend.refresh = func() { above++ }
	for _, c := range []struct {
		scale float32
		w     float32
		want  int
	}{{1, 300, 0}, {1, 320, 0}, {1.5, 320, 1}, {1.5, 300, 1}, {1, 300, 2}} {
		w.Canvas().(interface{ SetScale(float32) }).SetScale(c.scale)
		w.Resize(fyne.NewSize(c.w, 80))
		if below != c.want || above != c.want {
			t.Errorf("%v wide at %v: drawn anew %d times, and %d times what is above, want %d", c.w, c.scale, below, above, c.want)
		}
	}
}
