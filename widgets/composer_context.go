package widgets

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"linnet/assets"
)

// ComposerContext says what the message being written belongs to.
type ComposerContext uint8

// The contexts of a Composer.
const (
	ContextNone  ComposerContext = iota // a message of its own
	ContextReply                        // it answers a message
	ContextEdit                         // it takes the place of a message
)

// SetContext shows above the text what the message belongs to: a title, such as
// whom it answers, and the words of the other message, of which one line shows.
// What is written stays; the owner fills in the words to change with SetText.
func (c *Composer) SetContext(kind ComposerContext, title, text string) {
	had := c.context.kind != ContextNone
	c.context.set(kind, title, text)
	show(c.context, kind != ContextNone)
	c.showSend()
	if had != (kind != ContextNone) {
		c.resized()
	}
}

// ClearContext takes away what SetContext showed.
func (c *Composer) ClearContext() { c.SetContext(ContextNone, "", "") }

// Context gives what the message being written belongs to.
func (c *Composer) Context() ComposerContext { return c.context.kind }

func (c *Composer) cancelContext() {
	call(c.OnCancelContext)
	c.Focus()
}

// Sizes of the strip in dp.
const (
	contextHeight = 40
	contextBar    = 3
	contextGap    = 8 // between the strip and the box below
)

// contextStrip is the part of a Composer above its text.
type contextStrip struct {
	widget.BaseWidget
	kind  ComposerContext
	bar   *canvas.Rectangle
	mark  *svgImage
	title *Label
	text  *Label
	leave *IconButton
}

func newContextStrip(leave func()) *contextStrip {
	s := &contextStrip{
		bar: rounded(contextBar / 2.0), mark: newSVGImage(),
		title: NewBoldLabel("", TextSecondary, ColorAccentText), text: NewLabel("", TextSecondary, ColorSecondary),
		leave: NewIconButton(assets.IconClose, lang.L("Cancel"), leave),
	}
	s.ExtendBaseWidget(s)
	return s
}

func (s *contextStrip) set(kind ComposerContext, title, text string) {
	s.kind = kind
	s.title.SetText(title)
	s.text.SetText(firstLine(text))
	s.Refresh()
}

// firstLine gives the first line of a text that is not blank.
func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return strings.TrimSpace(line)
}

// AccessibilityLabel gives the title.
func (s *contextStrip) AccessibilityLabel() string { return s.title.Text() }

// CreateRenderer is Fyne's.
func (s *contextStrip) CreateRenderer() fyne.WidgetRenderer {
	p := &painter{
		objects: []fyne.CanvasObject{s.bar, s.mark.image, s.title, s.text, s.leave},
		min:     fixed(120, contextHeight), layout: s.layout, refresh: s.update,
	}
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
	w := size.Width - x - IconButtonSize - 4
	half := size.Height / 2
	putLabel(s.title, x, 1, w, half)
	putLabel(s.text, x, half-1, w, half)
	put(s.leave, size.Width-IconButtonSize, (size.Height-IconButtonSize)/2, IconButtonSize, IconButtonSize)
}

func (s *contextStrip) update() {
	s.bar.FillColor = theme.Color(ColorAccentFill)
	icon := assets.IconReply
	if s.kind == ContextEdit {
		icon = assets.IconEdit
	}
	s.mark.set(icon, theme.Color(ColorAccentText))
}
