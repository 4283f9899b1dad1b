package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"linnet/assets"
)

// BannerKind is how pressing what a Banner says is.
type BannerKind uint8

// The kinds.
const (
	BannerInfo BannerKind = iota
	BannerWarning
	BannerDanger
)

// Banner is a line on top of a pane that says how things stand, with what can
// be done about it: "No network. Trying again in 12 s" and "Try now".
type Banner struct {
	widget.BaseWidget
	kind    BannerKind
	ground  *canvas.Rectangle
	line    *canvas.Rectangle
	mark    *svgImage
	text    *Paragraph
	buttons []*Button
}

// NewBanner makes a banner; the buttons are best of kind ButtonLink.
func NewBanner(kind BannerKind, text string, buttons ...*Button) *Banner {
	b := &Banner{
		kind: kind, ground: canvas.NewRectangle(color.Transparent), line: canvas.NewRectangle(nil),
		mark: newSVGImage(), text: NewParagraph(text, TextSecondary, ColorText), buttons: buttons,
	}
	b.ExtendBaseWidget(b)
	return b
}

// SetText changes the sentence.
func (b *Banner) SetText(s string) {
	b.text.SetText(s)
	b.Refresh()
}

// Text gives the sentence.
func (b *Banner) Text() string { return b.text.Text() }

// CreateRenderer is Fyne's.
func (b *Banner) CreateRenderer() fyne.WidgetRenderer {
	p := &painter{layout: b.layout, refresh: b.update}
	p.objects = []fyne.CanvasObject{b.ground, b.line, b.mark.image, b.text}
	for _, bt := range b.buttons {
		p.objects = append(p.objects, bt)
	}
	p.min = func() fyne.Size { return fyne.NewSize(160, max(40, b.text.MinSize().Height+18)) }
	b.update()
	return p
}

func (b *Banner) layout(s fyne.Size) {
	put(b.ground, 0, 0, s.Width, s.Height)
	put(b.line, 0, s.Height-LineWidth, s.Width, LineWidth)
	put(b.mark.image, 14, (s.Height-18)/2, 18, 18)
	end := s.Width - 10
	for i := len(b.buttons) - 1; i >= 0; i-- {
		m := b.buttons[i].MinSize()
		put(b.buttons[i], end-m.Width, (s.Height-m.Height)/2, m.Width, m.Height)
		end -= m.Width + 6
	}
	const x = 14 + 18 + 10
	h := heightAt(b.text, end-x-4)
	put(b.text, x, (s.Height-h)/2, end-x-4, h)
}

func (b *Banner) update() {
	ground, icon, ink := ColorField, assets.IconInfo, ColorSecondary
	switch b.kind {
	case BannerWarning:
		ground, icon, ink = ColorWarning, assets.IconWarning, ColorText
	case BannerDanger:
		ground, icon, ink = ColorField, assets.IconWarning, ColorDanger
	}
	b.ground.FillColor = theme.Color(ground)
	b.line.FillColor = theme.Color(ColorLine)
	b.mark.set(icon, theme.Color(ink))
}

// EmptyState fills a pane that has nothing to show yet, and says what to do.
type EmptyState struct {
	widget.BaseWidget
	column *fyne.Container
}

// emptyWidth is the widest an EmptyState grows, in dp.
const emptyWidth = 300

// NewEmptyState makes one from an icon of package assets, a title, a sentence
// that may be empty, and a button that may be nil.
func NewEmptyState(icon, title, sentence string, button *Button) *EmptyState {
	e := &EmptyState{column: NewColumn(6,
		NewCenterRow(0, NewIcon(icon, 40, ColorDisabled)),
		NewGap(4),
		NewHeading(title, 15).Centered(),
	)}
	if sentence != "" {
		e.column.Add(NewParagraph(sentence, TextSecondary, ColorSecondary).Centered())
	}
	if button != nil {
		e.column.Add(NewGap(4))
		e.column.Add(NewCenterRow(0, button))
	}
	e.ExtendBaseWidget(e)
	return e
}

// CreateRenderer is Fyne's.
func (e *EmptyState) CreateRenderer() fyne.WidgetRenderer {
	p := &painter{objects: []fyne.CanvasObject{e.column}, min: fixed(120, 60), refresh: func() {}}
	p.layout = func(s fyne.Size) {
		w := min(emptyWidth, s.Width-2*PagePadding)
		h := heightAt(e.column, w)
		put(e.column, (s.Width-w)/2, max(0, (s.Height-h)/2), w, h)
	}
	return p
}
