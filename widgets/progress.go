package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Sizes of a ProgressLine in dp.
const (
	ProgressHeight = 30
	progressBar    = 2 // how thick the bar is
)

// ProgressLine says at the edge of a pane what is going on by itself, with a
// thin bar over it that fills.
type ProgressLine struct {
	widget.BaseWidget
	ground *canvas.Rectangle
	track  *canvas.Rectangle
	bar    *canvas.Rectangle
	text   *Label
	part   float32
}

// NewProgressLine makes a line that says nothing yet.
func NewProgressLine() *ProgressLine {
	l := &ProgressLine{
		ground: canvas.NewRectangle(nil), track: canvas.NewRectangle(nil), bar: canvas.NewRectangle(nil),
		text: NewLabel("", TextSmall, ColorSecondary),
	}
	l.ExtendBaseWidget(l)
	return l
}

// Set changes the sentence, and which part of the work is done, from 0 to 1; 0
// draws no bar, where that is not known.
func (l *ProgressLine) Set(text string, part float32) {
	part = max(0, min(1, part))
	if l.text.Text() != text || l.part != part {
		l.text.set(text)
		l.part = part
		l.Refresh()
	}
}

// AccessibilityLabel gives the sentence.
func (l *ProgressLine) AccessibilityLabel() string { return l.text.Text() }

// AccessibilityRole says that this is text.
func (l *ProgressLine) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// CreateRenderer is Fyne's.
func (l *ProgressLine) CreateRenderer() fyne.WidgetRenderer {
	p := &painter{objects: []fyne.CanvasObject{l.ground, l.track, l.bar, l.text}, min: fixed(80, ProgressHeight)}
	p.layout = func(s fyne.Size) {
		put(l.ground, 0, 0, s.Width, s.Height)
		put(l.track, 0, 0, s.Width, LineWidth)
		put(l.bar, 0, 0, s.Width*l.part, progressBar)
		putLabel(l.text, PagePadding, progressBar, s.Width-2*PagePadding, s.Height-progressBar)
	}
	p.refresh = func() {
		l.ground.FillColor = theme.Color(ColorSide)
		l.track.FillColor = theme.Color(ColorLine)
		l.bar.FillColor = theme.Color(ColorAccentFill)
		show(l.bar, l.part > 0)
	}
	p.refresh()
	return p
}
