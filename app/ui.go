package app

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// minimum gives its content a smallest size that does not depend on it, so
// that what a window shows never makes the window grow.
type minimum struct {
	widget.BaseWidget
	content fyne.CanvasObject
	size    fyne.Size
}

func newMinimum(content fyne.CanvasObject, size fyne.Size) *minimum {
	m := &minimum{content: content, size: size}
	m.ExtendBaseWidget(m)
	return m
}

// Content is what it stands round.
func (m *minimum) Content() fyne.CanvasObject { return m.content }

// MinSize is the size it was made with.
func (m *minimum) MinSize() fyne.Size { return m.size }

// CreateRenderer is Fyne's.
func (m *minimum) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(m.content) }

// place puts an object where it belongs.
func place(o fyne.CanvasObject, x, y, w, h float32) {
	o.Move(fyne.NewPos(x, y))
	o.Resize(fyne.NewSize(max(0, w), max(0, h)))
}

// show makes an object visible or not, and reports whether that changed it.
func show(o fyne.CanvasObject, on bool) bool {
	if o.Visible() == on {
		return false
	}
	if on {
		o.Show()
	} else {
		o.Hide()
	}
	return true
}

// enable has a button be one that can be pressed, or not.
func enable(b fyne.Disableable, on bool) {
	if on {
		b.Enable()
	} else {
		b.Disable()
	}
}

// free is a layout made of a function; its smallest size is nothing, because
// the window has one of its own.
type free func(objects []fyne.CanvasObject, size fyne.Size)

// Layout implements fyne.Layout.
func (f free) Layout(objects []fyne.CanvasObject, size fyne.Size) { f(objects, size) }

// MinSize implements fyne.Layout.
func (f free) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.Size{} }

// margin is a layout that keeps one object off the edges by so many dp.
type margin float32

// Layout implements fyne.Layout.
func (m margin) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		place(o, float32(m), float32(m), size.Width-2*float32(m), size.Height-2*float32(m))
	}
}

// MinSize implements fyne.Layout.
func (m margin) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var size fyne.Size
	for _, o := range objects {
		size = size.Max(o.MinSize())
	}
	return size.AddWidthHeight(0, 2*float32(m))
}

// linkInset is what a button that looks like a link keeps free beside its text.
const linkInset = 4

// leading sets a button that looks like a link at the left, its text in line
// with what stands above.
func leading(o fyne.CanvasObject) fyne.CanvasObject { return container.New(outdent{}, o) }

// outdent is the layout of leading.
type outdent struct{}

// Layout implements fyne.Layout.
func (outdent) Layout(o []fyne.CanvasObject, size fyne.Size) {
	min := o[0].MinSize()
	place(o[0], -linkInset, 0, fyne.Min(min.Width, size.Width+linkInset), size.Height)
}

// MinSize implements fyne.Layout.
func (outdent) MinSize(o []fyne.CanvasObject) fyne.Size { return o[0].MinSize() }

// newScrolled scrolls a column on a card that is higher than most dp, or than the
// window leaves when it keeps rest dp for what stands round it. The scroll bar and
// the rings of focused fields, which a scroll would cut off, lie in the margins of
// the card: the column is as wide as what stands above and below it.
func newScrolled(win fyne.Window, content fyne.CanvasObject, most, rest float32) fyne.CanvasObject {
	scroll := container.NewVScroll(container.New(reach{-ringWidth, -barWidth}, content))
	return container.New(reach{ringWidth, barWidth}, container.New(atMost{win, most, rest}, scroll))
}

const (
	ringWidth = 3
	barWidth  = 14
)

// reach is a layout whose object goes over the sides by some dp, or keeps off them
// when those are below zero.
type reach struct{ left, right float32 }

// Layout implements fyne.Layout.
func (r reach) Layout(o []fyne.CanvasObject, size fyne.Size) {
	place(o[0], -r.left, 0, size.Width+r.left+r.right, size.Height)
}

// MinSize implements fyne.Layout.
func (reach) MinSize(o []fyne.CanvasObject) fyne.Size { return o[0].MinSize() }

// atMost is a layout as high as the content of the scroll in it, up to a limit.
type atMost struct {
	win        fyne.Window
	most, rest float32
}

// Layout implements fyne.Layout.
func (m atMost) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	place(objects[0], 0, 0, size.Width, size.Height)
}

// MinSize implements fyne.Layout.
func (m atMost) MinSize(objects []fyne.CanvasObject) fyne.Size {
	scroll := objects[0].(*container.Scroll)
	if width := scroll.Size().Width; width > 0 {
		// Text wraps at the width it has; without this it would be measured
		// at the width of a moment ago.
		scroll.Content.Resize(fyne.NewSize(width, scroll.Content.Size().Height))
	}
	content := scroll.Content.MinSize()
	limit := max(0, min(m.most, m.win.Canvas().Size().Height-m.rest))
	return fyne.NewSize(content.Width, min(content.Height, limit))
}
