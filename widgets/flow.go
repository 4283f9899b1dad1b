package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// Flow is a layout that puts objects beside one another at their least size
// and begins a new line where the width ends, as a row of choices does in a
// narrow window.
type Flow struct {
	Gap float32 // dp between two objects and between two lines

	width float32 // of the last layout: the height depends on it
}

// NewFlow makes a container with a Flow layout.
func NewFlow(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(&Flow{Gap: gap}, objects...)
}

// Layout is Fyne's.
func (f *Flow) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	f.width = size.Width
	f.walk(objects, func(o fyne.CanvasObject, x, y float32, m fyne.Size) {
		put(o, x, y, min(m.Width, size.Width), m.Height)
	})
}

// MinSize is Fyne's; the height is for the width of the last layout.
func (f *Flow) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var least fyne.Size
	f.walk(objects, func(_ fyne.CanvasObject, _, y float32, m fyne.Size) {
		least.Width = max(least.Width, m.Width)
		least.Height = max(least.Height, y+m.Height)
	})
	return least
}

// walk gives each visible object its place.
func (f *Flow) walk(objects []fyne.CanvasObject, at func(o fyne.CanvasObject, x, y float32, m fyne.Size)) {
	var x, y, line float32
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		m := o.MinSize()
		if x > 0 && f.width > 0 && x+m.Width > f.width {
			x, y, line = 0, y+line+f.Gap, 0
		}
		at(o, x, y, m)
		x += m.Width + f.Gap
		line = max(line, m.Height)
	}
}
