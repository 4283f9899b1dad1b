package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"linnet/assets"
)

// Sizes of a strip in dp.
const (
	contextHeight = 40
	contextBar    = 3
	contextGap    = 8 // between the strip and what is below
)

// contextStrip is a part of a Composer above its text: a title, a line below it,
// and a button that takes the strip away.
type contextStrip struct {
	widget.BaseWidget
	icon  string
	bar   *canvas.Rectangle
	mark  *svgImage
	title *Label
	text  *Label
	ask   *Button // for more than it shows; nil for none
	leave *IconButton
}

// newContextStrip makes a hidden one. Its title is of a colour; leaving says what
// the button for that does.
func newContextStrip(icon string, ink fyne.ThemeColorName, leaving string, leave func()) *contextStrip {
	s := &contextStrip{
		icon: icon, bar: rounded(contextBar / 2.0), mark: newSVGImage(),
		title: NewBoldLabel("", TextSecondary, ink), text: NewLabel("", TextSecondary, ColorSecondary),
		leave: NewIconButton(assets.IconClose, leaving, leave),
	}
	s.ExtendBaseWidget(s)
	s.Hide()
	return s
}

func (s *contextStrip) set(title, text string) {
	s.title.SetText(title)
	s.text.SetText(text)
	s.Refresh()
}

// AccessibilityLabel gives the title.
func (s *contextStrip) AccessibilityLabel() string { return s.title.Text() }

// CreateRenderer is Fyne's.
func (s *contextStrip) CreateRenderer() fyne.WidgetRenderer {
	p := &painter{min: fixed(120, contextHeight), layout: s.layout, refresh: s.update}
	// The order is that of Tab.
	p.objects = []fyne.CanvasObject{s.bar, s.mark.image, s.title, s.text}
	if s.ask != nil {
		p.objects = append(p.objects, s.ask)
	}
	p.objects = append(p.objects, s.leave)
	s.update()
	return p
}

func (s *contextStrip) layout(size fyne.Size) {
	const icon = 18
	// Icon and bar stand over the button for files and the edge of the box.
	put(s.mark.image, (IconButtonSize-icon)/2, (size.Height-icon)/2, icon, icon)
	x := IconButtonSize + composerGap
	put(s.bar, x, 2, contextBar, size.Height-4)
	x += contextBar + 8
	end := size.Width - IconButtonSize
	put(s.leave, end, (size.Height-IconButtonSize)/2, IconButtonSize, IconButtonSize)
	if s.ask != nil && s.ask.Visible() {
		b := s.ask.MinSize()
		end -= b.Width
		put(s.ask, end, (size.Height-b.Height)/2, b.Width, b.Height)
	}
	w, half := end-x-4, size.Height/2
	if s.text.Text() == "" {
		putLabel(s.title, x, 0, w, size.Height)
		putLabel(s.text, x, 0, 0, 0)
		return
	}
	putLabel(s.title, x, 1, w, half)
	putLabel(s.text, x, half-1, w, half)
}

func (s *contextStrip) update() {
	s.bar.FillColor = theme.Color(ColorAccentFill)
	s.mark.set(s.icon, theme.Color(ColorAccentText))
	s.layout(s.Size()) // what there is to show may be another
}

// showStrip shows a strip or takes it away.
func (c *Composer) showStrip(s *contextStrip, on bool) {
	if on != s.Visible() {
		show(s, on)
		c.resized()
	}
}

// contextRoom gives the height that the strips take.
func (c *Composer) contextRoom() (room float32) {
	for _, s := range []*contextStrip{c.context, c.link} {
		if s.Visible() {
			room += contextHeight + contextGap
		}
	}
	return room
}
