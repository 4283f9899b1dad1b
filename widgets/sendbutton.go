package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"linnet/assets"
)

// sendMode is what the button at the end of a Composer does.
type sendMode uint8

const (
	sendSends   sendMode = iota
	sendSaves            // what was changed in a message
	sendRecords          // a voice message
	sendStops            // recording one
)

func (m sendMode) icon() string {
	switch m {
	case sendSaves:
		return assets.IconCheck
	case sendRecords:
		return assets.IconMicrophone
	case sendStops:
		return assets.IconStop
	}
	return assets.IconSend
}

func (m sendMode) name() string {
	switch m {
	case sendSaves:
		return lang.L("Save the change")
	case sendRecords:
		return lang.L("Record a voice message")
	case sendStops:
		return lang.L("Stop recording")
	}
	return lang.L("Send")
}

// sendButton is the filled button at the end of a Composer.
type sendButton struct {
	widget.BaseWidget
	press
	mode   sendMode
	ready  bool
	ground *canvas.Rectangle
	mark   *svgImage
}

func newSendButton(tapped func()) *sendButton {
	b := &sendButton{ground: rounded(FieldRadius), mark: newSVGImage()}
	b.press.init(b, tapped)
	b.tip.text = b.mode.name()
	b.ExtendBaseWidget(b)
	return b
}

func (b *sendButton) set(mode sendMode, ready bool) {
	if b.ready == ready && b.mode == mode {
		return
	}
	b.mode, b.ready = mode, ready
	b.tip.text = mode.name()
	b.Refresh()
}

// AccessibilityLabel gives the name.
func (b *sendButton) AccessibilityLabel() string { return b.tip.text }

// CreateRenderer is Fyne's.
func (b *sendButton) CreateRenderer() fyne.WidgetRenderer {
	p := &painter{objects: []fyne.CanvasObject{b.ground, b.mark.image}, min: fixed(IconButtonSize, IconButtonSize)}
	p.layout = func(s fyne.Size) {
		put(b.ground, 0, 0, s.Width, s.Height)
		put(b.mark.image, (s.Width-18)/2, (s.Height-18)/2, 18, 18)
	}
	p.refresh = b.update
	p.refresh()
	return p
}

func (b *sendButton) update() {
	ground, ink := ColorAccentFill, ColorOnAccent
	switch {
	case !b.ready:
		ground, ink = ColorField, ColorDisabled
	case b.mode == sendRecords && b.hovered:
		ground, ink = ColorPressed, ColorText
	case b.mode == sendRecords:
		ground, ink = ColorField, ColorSecondary
	case b.hovered:
		ground = ColorAccentHover
	}
	b.ground.FillColor = theme.Color(ground)
	b.ground.StrokeColor = theme.Color(ColorText)
	b.ground.StrokeWidth = 0
	if b.focused {
		b.ground.StrokeWidth = FocusRing
	}
	b.mark.set(b.mode.icon(), theme.Color(ink))
}
