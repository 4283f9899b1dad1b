package widgets

import (
	"image/color"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Span is a part of a text, in bytes.
type Span struct{ From, To int }

// Label is one line of text that ends in an ellipsis where it does not fit. It
// shows any script, in the right order and with emoji, and it makes the text
// harmless first: line breaks become spaces, and characters that control, hide
// or reorder what stands beside them are dropped. Every text of one line in the
// window is a Label, because most may come from others.
type Label struct {
	widget.BaseWidget
	text  string
	size  float32
	bold  bool
	color fyne.ThemeColorName
	align fyne.TextAlign
	marks []Span

	runs  runPool
	rend  *painter
	look  *lineLook
	drawn labelState
}

// labelState is what the canvas objects of a Label were placed for.
type labelState struct {
	look  *lineLook
	size  fyne.Size
	align fyne.TextAlign
	scale float32
	ink   color.Color
}

// NewLabel makes a label of a size in dp and a colour of the theme.
func NewLabel(text string, size float32, color fyne.ThemeColorName) *Label {
	l := &Label{text: text, size: size, color: color}
	l.rend = &painter{layout: l.arrange, refresh: func() { canvas.Refresh(l) }, min: l.least}
	l.ExtendBaseWidget(l)
	return l
}

// NewBoldLabel makes a label in the bold font.
func NewBoldLabel(text string, size float32, color fyne.ThemeColorName) *Label {
	l := NewLabel(text, size, color)
	l.bold = true
	return l
}

// Centered puts the text into the middle and gives the label back.
func (l *Label) Centered() *Label {
	l.align = fyne.TextAlignCenter
	return l
}

// Trailing puts the text to the right end and gives the label back.
func (l *Label) Trailing() *Label {
	l.align = fyne.TextAlignTrailing
	return l
}

// Text gives the text as it was set.
func (l *Label) Text() string { return l.text }

// SetText changes the text; parts that stood out in the old one are forgotten.
func (l *Label) SetText(text string) {
	if l.set(text) {
		l.Refresh()
	}
}

// SetColor changes the colour.
func (l *Label) SetColor(color fyne.ThemeColorName) {
	if l.color != color {
		l.color = color
		l.Refresh()
	}
}

// SetBold changes the weight.
func (l *Label) SetBold(on bool) {
	if l.bold != on {
		l.bold = on
		l.Refresh()
	}
}

// Mark makes parts of the text stand out in bold. They are in bytes of the
// text, in any order, and are passed over when the text was not harmless, as
// they might name other parts then.
func (l *Label) Mark(spans []Span) {
	l.marks = spans
	l.Refresh()
}

// set takes another text without drawing it, for a layout that is going to
// place the line.
func (l *Label) set(text string) bool {
	if l.text == text {
		return false
	}
	l.text, l.marks = text, nil
	return true
}

// Width gives how wide the whole text is in dp.
func (l *Label) Width() float32 { return l.lookAt(unlimited).w }

// putLabel places a line in a box and gives how wide the text came out, which is
// less than w when there is little of it and when it was cut.
func putLabel(l *Label, x, y, w, h float32) float32 {
	put(l, x, y, max(0, w), h)
	l.arrange(l.Size())
	return l.look.w
}

// least leaves the width to the layout.
func (l *Label) least() fyne.Size { return fyne.NewSize(0, l.size*lineFactor) }

func (l *Label) lookAt(width float32) *lineLook {
	face := typefaceFor(l.size, l.bold)
	if len(l.marks) == 0 {
		return lookOf(face, l.text, width)
	}
	return markedLook(face, typefaceFor(l.size, true), l.text, l.marks, width)
}

// arrange cuts the text to the size and places its runs.
func (l *Label) arrange(size fyne.Size) {
	l.rend.size = size
	l.look = l.lookAt(size.Width)
	state := labelState{l.look, size, l.align, scaleOf(l), theme.Color(l.color)}
	if state == l.drawn {
		return
	}
	l.drawn = state
	x := float32(0)
	switch l.align {
	case fyne.TextAlignCenter:
		x = (size.Width - l.look.w) / 2
	case fyne.TextAlignTrailing:
		x = size.Width - l.look.w
	}
	base := float32(math.Round(float64(size.Height/2 + l.size*halfCapital)))
	l.rend.objects = l.rend.objects[:0]
	l.runs.reset()
	for _, r := range l.look.runs {
		l.rend.objects = append(l.rend.objects, l.runs.draw(r.text, r.face, r.kind, x+r.x, base, state.scale, state.ink))
	}
	l.runs.trim()
}

// AccessibilityLabel gives the text.
func (l *Label) AccessibilityLabel() string { return l.text }

// AccessibilityRole says that this is text.
func (l *Label) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// CreateRenderer is Fyne's.
func (l *Label) CreateRenderer() fyne.WidgetRenderer { return l.rend }

// scaleOf gives the pixels per dp an object is drawn with.
func scaleOf(o fyne.CanvasObject) float32 {
	if c := canvasOf(o); c != nil {
		return c.Scale()
	}
	return 1
}
