package widgets

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

func TestFlowBreaksLines(t *testing.T) {
	var objects []fyne.CanvasObject
	for range 4 {
		o := canvas.NewRectangle(nil)
		o.SetMinSize(fyne.NewSize(40, 20))
		objects = append(objects, o)
	}
	objects[1].Hide()
	for _, tt := range []struct {
		width  float32
		places []fyne.Position
		height float32
	}{
		{200, []fyne.Position{{X: 0, Y: 0}, {X: 50, Y: 0}, {X: 100, Y: 0}}, 20},
		{100, []fyne.Position{{X: 0, Y: 0}, {X: 50, Y: 0}, {X: 0, Y: 30}}, 50},
		{30, []fyne.Position{{X: 0, Y: 0}, {X: 0, Y: 30}, {X: 0, Y: 60}}, 80},
	} {
		f := &Flow{Gap: 10}
		f.Layout(objects, fyne.NewSize(tt.width, 500))
		for i, o := range []fyne.CanvasObject{objects[0], objects[2], objects[3]} {
			if o.Position() != tt.places[i] {
				t.Errorf("width %g: object %d at %v, want %v", tt.width, i, o.Position(), tt.places[i])
			}
		}
		if h := f.MinSize(objects).Height; h != tt.height {
			t.Errorf("width %g: height %g, want %g", tt.width, h, tt.height)
		}
	}
}
