package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"linnet/assets"
)

// SetLink shows above the text what goes along with a link in it: a title and a
// line. While there is nothing yet, offer has a button ask for it by OnLink. An
// empty title shows nothing.
func (c *Composer) SetLink(title, text string, offer bool) {
	had := c.link.Visible()
	c.link.set(title, text, offer)
	show(c.link, title != "")
	if had != c.link.Visible() {
		c.resized()
	}
}

// linkStrip is the part of a Composer that tells of a link.
type linkStrip struct {
	widget.BaseWidget
	bar         *canvas.Rectangle
	mark        *svgImage
	title, text *Label
	ask         *Button
	leave       *IconButton
}

func newLinkStrip(ask, leave func()) *linkStrip {
	s := &linkStrip{
		bar: rounded(contextBar / 2.0), mark: newSVGImage(),
		title: NewBoldLabel("", TextSecondary, ColorText), text: NewLabel("", TextSecondary, ColorSecondary),
		ask:   NewButton(lang.L("Show preview"), ButtonLink, ask),
		leave: NewIconButton(assets.IconClose, lang.L("No preview"), leave),
	}
	s.ExtendBaseWidget(s)
	return s
}

func (s *linkStrip) set(title, text string, offer bool) {
	s.title.SetText(title)
	s.text.SetText(text)
	show(s.ask, offer)
	s.Refresh()
}

// AccessibilityLabel gives the title.
func (s *linkStrip) AccessibilityLabel() string { return s.title.Text() }

// CreateRenderer is Fyne's.
func (s *linkStrip) CreateRenderer() fyne.WidgetRenderer {
	p := &painter{
		objects: []fyne.CanvasObject{s.bar, s.mark.image, s.title, s.text, s.ask, s.leave},
		min:     fixed(120, contextHeight), layout: s.layout, refresh: s.update,
	}
	s.update()
	return p
}

func (s *linkStrip) layout(size fyne.Size) {
	const icon = 18
	put(s.mark.image, (IconButtonSize-icon)/2, (size.Height-icon)/2, icon, icon)
	x := IconButtonSize + composerGap
	put(s.bar, x, 2, contextBar, size.Height-4)
	x += contextBar + 8
	end := size.Width - IconButtonSize
	put(s.leave, end, (size.Height-IconButtonSize)/2, IconButtonSize, IconButtonSize)
	if s.ask.Visible() {
		b := s.ask.MinSize()
		end -= b.Width
		put(s.ask, end, (size.Height-b.Height)/2, b.Width, b.Height)
	}
	half := size.Height / 2
	if s.text.Text() == "" {
		putLabel(s.title, x, 0, end-x-4, size.Height)
		putLabel(s.text, x, 0, 0, 0)
		return
	}
	putLabel(s.title, x, 1, end-x-4, half)
	putLabel(s.text, x, half-1, end-x-4, half)
}

func (s *linkStrip) update() {
	s.bar.FillColor = theme.Color(ColorAccentFill)
	s.mark.set(assets.IconLink, theme.Color(ColorAccentText))
	s.layout(s.Size())
}
