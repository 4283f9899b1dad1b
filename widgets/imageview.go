package widgets

import (
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

const (
	// zoomMost is the largest a picture is shown, in pixels of the screen for
	// one of its own.
	zoomMost = float32(8)
	// zoomStep is one press of a key or one notch of the wheel.
	zoomStep = float32(1.25)
)

// ImageView shows one picture as large as there is room, and larger: by the
// wheel at the pointer, by keys, and at once by a double click. It is moved by
// dragging. Its methods belong to the UI goroutine.
type ImageView struct {
	widget.BaseWidget
	// OnStep wants the next picture, or with -1 the one before.
	OnStep func(by int)
	// OnKey sees keys this view has no use for.
	OnKey func(*fyne.KeyEvent)
	// OnShortcut gets shortcuts, because Fyne gives a window none while a
	// widget has the focus.
	OnShortcut func(fyne.Shortcut)
	// OnMenu wants the menu of the picture at a place on the canvas.
	OnMenu func(at fyne.Position)

	ground *canvas.Rectangle
	shown  *canvas.Image
	zoom   float32       // dp for a pixel; 0: as large as there is room
	at     fyne.Position // of the middle of the view in the picture, in its pixels
}

// NewImageView gives a view of nothing.
func NewImageView() *ImageView {
	v := &ImageView{ground: canvas.NewRectangle(theme.Color(ColorBackground)), shown: &canvas.Image{}}
	v.shown.FillMode = canvas.ImageFillStretch
	v.ExtendBaseWidget(v)
	return v
}

// Set shows a picture, as large as there is room; nil shows nothing.
func (v *ImageView) Set(im image.Image) {
	v.shown.Image = im
	v.zoom = 0
	v.shown.Refresh()
	v.Refresh()
}

// SetFrame shows another picture of the same size at the same place and zoom: the
// next of a picture that moves.
func (v *ImageView) SetFrame(im image.Image) {
	v.shown.Image = im
	v.shown.Refresh()
}

// Showing reports whether there is a picture.
func (v *ImageView) Showing() bool { return v.shown.Image != nil }

// pixels is the size of the picture.
func (v *ImageView) pixels() (w, h float32) {
	if v.shown.Image == nil {
		return 0, 0
	}
	b := v.shown.Image.Bounds()
	return float32(b.Dx()), float32(b.Dy())
}

// fitting is the zoom at which all of the picture is in view; a small one is not
// made larger.
func (v *ImageView) fitting() float32 {
	w, h := v.pixels()
	size := v.Size()
	if w == 0 || h == 0 {
		return 1
	}
	return min(size.Width/w, size.Height/h, 1/scaleOf(v))
}

// Zoom makes the picture larger by a factor, or smaller, so that a place of the
// view stays where it is.
func (v *ImageView) Zoom(by float32, around fyne.Position) {
	was, fit := v.zoom, v.fitting()
	if was == 0 {
		was = fit
		w, h := v.pixels()
		v.at = fyne.NewPos(w/2, h/2)
	}
	to := min(was*by, max(fit, zoomMost/scaleOf(v)))
	if to <= fit {
		v.zoom = 0
		v.Refresh()
		return
	}
	size := v.Size()
	dx, dy := around.X-size.Width/2, around.Y-size.Height/2
	v.at = v.at.AddXY(dx/was-dx/to, dy/was-dy/to)
	v.zoom = to
	v.Refresh()
}

func (v *ImageView) middle() fyne.Position {
	return fyne.NewPos(v.Size().Width/2, v.Size().Height/2)
}

// Scrolled zooms.
func (v *ImageView) Scrolled(e *fyne.ScrollEvent) {
	switch {
	case e.Scrolled.DY > 0:
		v.Zoom(zoomStep, e.Position)
	case e.Scrolled.DY < 0:
		v.Zoom(1/zoomStep, e.Position)
	}
}

// Dragged moves a picture that is larger than the view.
func (v *ImageView) Dragged(e *fyne.DragEvent) {
	if v.zoom > 0 {
		v.at = v.at.SubtractXY(e.Dragged.DX/v.zoom, e.Dragged.DY/v.zoom)
		v.Refresh()
	}
}

// DragEnd is Fyne's.
func (v *ImageView) DragEnd() {}

// Tapped takes the keyboard.
func (v *ImageView) Tapped(*fyne.PointEvent) { focusOn(v) }

// TappedSecondary wants the menu.
func (v *ImageView) TappedSecondary(e *fyne.PointEvent) {
	if v.OnMenu != nil {
		focusOn(v)
		v.OnMenu(e.AbsolutePosition)
	}
}

// DoubleTapped shows a pixel for a pixel, or all of the picture again.
func (v *ImageView) DoubleTapped(e *fyne.PointEvent) {
	if v.zoom > 0 {
		v.zoom = 0
		v.Refresh()
		return
	}
	v.Zoom(max(2, 1/scaleOf(v)/v.fitting()), e.Position)
}

// Cursor shows that a picture can be moved.
func (v *ImageView) Cursor() desktop.Cursor {
	if v.zoom > 0 {
		return desktop.PointerCursor
	}
	return desktop.DefaultCursor
}

// FocusGained is Fyne's.
func (v *ImageView) FocusGained() {}

// FocusLost is Fyne's.
func (v *ImageView) FocusLost() {}

// TypedRune zooms.
func (v *ImageView) TypedRune(r rune) {
	switch r {
	case '+', '=':
		v.Zoom(zoomStep, v.middle())
	case '-':
		v.Zoom(1/zoomStep, v.middle())
	case '0':
		v.zoom = 0
		v.Refresh()
	}
}

// TypedKey goes to other pictures.
func (v *ImageView) TypedKey(e *fyne.KeyEvent) {
	by := 0
	switch e.Name {
	case fyne.KeyRight, fyne.KeyPageDown, fyne.KeySpace:
		by = 1
	case fyne.KeyLeft, fyne.KeyPageUp:
		by = -1
	}
	switch {
	case by != 0 && v.OnStep != nil:
		v.OnStep(by)
	case by == 0 && v.OnKey != nil:
		v.OnKey(e)
	}
}

// TypedShortcut is Fyne's.
func (v *ImageView) TypedShortcut(s fyne.Shortcut) {
	if v.OnShortcut != nil {
		v.OnShortcut(s)
	}
}

// MinSize is small: the view takes what room there is.
func (v *ImageView) MinSize() fyne.Size { return fyne.NewSize(32, 32) }

// CreateRenderer is Fyne's.
func (v *ImageView) CreateRenderer() fyne.WidgetRenderer {
	p := &painter{objects: []fyne.CanvasObject{v.ground, v.shown}, min: fixed(32, 32), layout: v.arrange}
	p.refresh = func() {
		v.ground.FillColor = theme.Color(ColorBackground)
		v.arrange(v.Size())
	}
	return p
}

// arrange puts the picture where it is seen, and never out of the view.
func (v *ImageView) arrange(size fyne.Size) {
	put(v.ground, 0, 0, size.Width, size.Height)
	w, h := v.pixels()
	show := w > 0 && h > 0
	v.shown.Hidden = !show
	if !show {
		return
	}
	zoom := v.zoom
	if zoom == 0 {
		zoom = v.fitting()
		v.at = fyne.NewPos(w/2, h/2)
	}
	v.at = fyne.NewPos(within(v.at.X, w, size.Width/zoom), within(v.at.Y, h, size.Height/zoom))
	put(v.shown, size.Width/2-v.at.X*zoom, size.Height/2-v.at.Y*zoom, w*zoom, h*zoom)
}

// within keeps the middle of a view of a length such that no more is outside of
// the picture than has to be.
func within(at, length, view float32) float32 {
	if view >= length {
		return length / 2
	}
	return min(max(at, view/2), length-view/2)
}
