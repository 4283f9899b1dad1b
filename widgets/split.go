package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// SplitMode says which panes of a Split show.
type SplitMode uint8

// The modes.
const (
	SplitBoth SplitMode = iota
	SplitSide
	SplitMain
)

// splitGrip is how wide the strip is by which the line can be taken hold of,
// and splitStep how far an arrow key moves it, in dp.
const (
	splitGrip = 7
	splitStep = 16
)

// Split shows a side pane of a width the user sets beside a main pane that
// takes the rest. The line between them is moved by the pointer or, while it
// has the keyboard focus, by Left and Right. Each pane is clipped.
type Split struct {
	widget.BaseWidget
	// OnWidth runs when the user has set another width.
	OnWidth func(dp float32)

	side, main fyne.CanvasObject
	mode       SplitMode
	width      float32
	low, high  float32
	line       *canvas.Rectangle
	grip       *splitHandle
}

// NewSplit puts a side pane left of a main pane, between low and high dp wide.
func NewSplit(side, main fyne.CanvasObject, low, high float32) *Split {
	s := &Split{side: side, main: main, low: low, high: high, width: low}
	s.line = canvas.NewRectangle(theme.Color(ColorLine))
	s.grip = newSplitHandle(s)
	s.ExtendBaseWidget(s)
	return s
}

// Width gives the width of the side pane in dp, as set; a narrow window may
// show less.
func (s *Split) Width() float32 { return s.width }

// SetWidth sets the width of the side pane, within the limits.
func (s *Split) SetWidth(dp float32) {
	dp = max(s.low, min(dp, s.high))
	if dp == s.width {
		return
	}
	s.width = dp
	s.arrange()
}

// SetMode says which panes show.
func (s *Split) SetMode(m SplitMode) {
	if s.mode != m {
		s.mode = m
		s.arrange()
	}
}

// arrange lays the panes out anew.
func (s *Split) arrange() {
	s.layout(s.Size())
	canvas.Refresh(s)
}

// pulled moves the line by the user.
func (s *Split) pulled(by float32) { s.SetWidth(s.width + by) }

// done tells the owner that the user set a width.
func (s *Split) done() {
	if s.OnWidth != nil {
		s.OnWidth(s.width)
	}
}

// CreateRenderer is Fyne's.
func (s *Split) CreateRenderer() fyne.WidgetRenderer {
	p := &painter{objects: []fyne.CanvasObject{s.side, s.main, s.line, s.grip}, layout: s.layout}
	// A window may be made narrower than both panes side by side, because then
	// its owner shows one at a time.
	p.min = fixed(280, 200)
	p.refresh = s.update
	s.update()
	return p
}

func (s *Split) update() {
	ink := ColorLine
	if s.grip.focused || s.grip.held {
		ink = ColorAccentText
	}
	s.line.FillColor = theme.Color(ink)
}

func (s *Split) layout(size fyne.Size) {
	both := s.mode == SplitBoth
	show(s.side, s.mode != SplitMain)
	show(s.main, s.mode != SplitSide)
	show(s.line, both)
	show(s.grip, both)
	switch s.mode {
	case SplitSide:
		put(s.side, 0, 0, size.Width, size.Height)
		return
	case SplitMain:
		put(s.main, 0, 0, size.Width, size.Height)
		return
	}
	w := min(s.width, max(0, size.Width-LineWidth))
	x := w - LineWidth
	put(s.side, 0, 0, x, size.Height)
	put(s.main, w, 0, size.Width-w, size.Height)
	put(s.line, x, 0, LineWidth, size.Height)
	put(s.grip, x-splitGrip/2, 0, splitGrip, size.Height)
}

// splitHandle is the invisible strip over the line of a Split.
type splitHandle struct {
	widget.BaseWidget
	split   *Split
	focused bool
	held    bool
}

func newSplitHandle(s *Split) *splitHandle {
	h := &splitHandle{split: s}
	h.ExtendBaseWidget(h)
	return h
}

// CreateRenderer is Fyne's.
func (h *splitHandle) CreateRenderer() fyne.WidgetRenderer {
	return &painter{min: fixed(splitGrip, 1), layout: func(fyne.Size) {}, refresh: func() {}}
}

// Cursor shows that the line can be moved.
func (h *splitHandle) Cursor() desktop.Cursor { return desktop.HResizeCursor }

// Dragged moves the line.
func (h *splitHandle) Dragged(e *fyne.DragEvent) {
	h.set(true, h.focused)
	h.split.pulled(e.Dragged.DX)
}

// DragEnd is Fyne's.
func (h *splitHandle) DragEnd() {
	h.set(false, h.focused)
	h.split.done()
}

func (h *splitHandle) set(held, focused bool) {
	if h.held != held || h.focused != focused {
		h.held, h.focused = held, focused
		h.split.Refresh()
	}
}

// FocusGained is Fyne's.
func (h *splitHandle) FocusGained() { h.set(h.held, true) }

// FocusLost is Fyne's.
func (h *splitHandle) FocusLost() { h.set(h.held, false) }

// TypedRune is Fyne's; it does nothing.
func (h *splitHandle) TypedRune(rune) {}

// TypedKey moves the line by the arrow keys.
func (h *splitHandle) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyLeft:
		h.split.pulled(-splitStep)
	case fyne.KeyRight:
		h.split.pulled(splitStep)
	default:
		windowKey(h, e)
		return
	}
	h.split.done()
}
