package widgets

import (
	"image"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// TestImageView holds where a picture lies after what the user does.
func TestImageView(t *testing.T) {
	useTheme(lightTheme)
	v := NewImageView()
	w := test.NewTempWindow(t, v)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(400, 300))
	where := func() (fyne.Position, fyne.Size) { return v.shown.Position(), v.shown.Size() }
	v.Set(image.NewRGBA(image.Rect(0, 0, 800, 300)))
	if p, s := where(); p != fyne.NewPos(0, 75) || s != fyne.NewSize(400, 150) {
		t.Errorf("all of it: %v, %v", p, s)
	}
	v.DoubleTapped(&fyne.PointEvent{Position: fyne.NewPos(0, 150)})
	if p, s := where(); p.X != 0 || s.Width != 800 {
		t.Errorf("the left end: %v, %v", p, s)
	}
	v.Dragged(&fyne.DragEvent{Dragged: fyne.NewDelta(-1000, 0)})
	if p, s := where(); p.X+s.Width != 400 {
		t.Errorf("dragged to the right end: %v, %v", p, s)
	}
	v.DoubleTapped(&fyne.PointEvent{})
	if _, s := where(); s.Width != 400 {
		t.Errorf("all of it again: %v", s)
	}
	for range 100 {
		v.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, 1)})
	}
	if _, s := where(); s.Width != 800*zoomMost {
		t.Errorf("the largest: %v", s)
	}
	for range 100 {
		v.TypedRune('-')
	}
	if p, s := where(); p != fyne.NewPos(0, 75) || s.Width != 400 {
		t.Errorf("the smallest: %v, %v", p, s)
	}
	v.Set(image.NewRGBA(image.Rect(0, 0, 40, 30)))
	if p, s := where(); p != fyne.NewPos(180, 135) || s.Width != 40 {
		t.Errorf("a small one: %v, %v", p, s)
	}
	steps := 0
	v.OnStep = func(by int) { steps += by }
	for _, k := range []fyne.KeyName{fyne.KeyRight, fyne.KeySpace, fyne.KeyLeft, fyne.KeyEscape} {
		v.TypedKey(&fyne.KeyEvent{Name: k})
	}
	if steps != 1 {
		t.Errorf("%d steps", steps)
	}
	v.Set(nil)
	if v.shown.Visible() {
		t.Error("nothing is seen")
	}
}
