package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// ButtonKind is the weight of a Button.
type ButtonKind uint8

// The kinds of buttons. In a question the safe choice is the filled one.
const (
	ButtonFilled ButtonKind = iota
	ButtonOutlined
	ButtonDanger // filled, for what cannot be undone
	ButtonLink   // text in the accent colour, no frame
	ButtonQuiet  // text in the secondary colour, no frame
	ButtonRemove // a link for what cannot be undone: text in the colour of danger
)

// buttonPadding is the space left and right of a button's text.
const buttonPadding = 18

// Button is a push button with a text and, if wanted, an icon before it.
type Button struct {
	widget.BaseWidget
	press
	kind ButtonKind
	text string
	icon string

	ground *canvas.Rectangle
	ring   *canvas.Rectangle
	label  *Label
	mark   *svgImage
	dot    *PresenceDot
	active bool // the choice it stands for holds
	// onDark is set on a toast, whose ground is dark in both themes.
	onDark bool
}

// NewButton makes a button; the text is shown as given, so it comes translated.
func NewButton(text string, kind ButtonKind, tapped func()) *Button {
	b := &Button{
		kind: kind, text: text,
		ground: rounded(FieldRadius),
		ring:   newRing(FieldRadius + FocusRing),
		label:  NewBoldLabel(text, TextBody, ColorText),
		mark:   newSVGImage(),
	}
	if b.plain() {
		b.label = NewLabel(text, TextSecondary, ColorAccentText)
	}
	b.press.init(b, tapped)
	b.ExtendBaseWidget(b)
	return b
}

// SetText changes the text.
func (b *Button) SetText(text string) {
	if b.text != text {
		b.text = text
		b.Refresh()
	}
}

// SetIcon puts an icon before the text; empty for none.
func (b *Button) SetIcon(name string) {
	b.icon = name
	b.Refresh()
}

// SetPresence puts the mark of a presence before the text.
func (b *Button) SetPresence(p Presence) {
	b.dot = NewPresenceDot(p, 11)
	b.Refresh()
}

// SetActive shows that the choice an outlined button stands for is the one that
// holds.
func (b *Button) SetActive(on bool) {
	if b.active != on {
		b.active = on
		b.Refresh()
	}
}

// Active says whether SetActive has it shown so.
func (b *Button) Active() bool { return b.active }

// AccessibilityLabel gives the text.
func (b *Button) AccessibilityLabel() string { return b.text }

func (b *Button) plain() bool {
	return b.kind == ButtonLink || b.kind == ButtonQuiet || b.kind == ButtonRemove
}

// lead gives the width taken before the text.
func (b *Button) lead() float32 {
	switch {
	case b.icon != "":
		return 18 + 6
	case b.dot != nil:
		return 11 + 6
	}
	return 0
}

// CreateRenderer is Fyne's.
func (b *Button) CreateRenderer() fyne.WidgetRenderer {
	p := &painter{refresh: b.update, layout: b.layout}
	p.objects = []fyne.CanvasObject{b.ring, b.ground, b.mark.image, b.label}
	if b.dot != nil {
		p.objects = append(p.objects, b.dot)
	}
	p.min = func() fyne.Size {
		w := b.label.Width() + b.lead()
		if b.plain() {
			return fyne.NewSize(w+8, 26)
		}
		return fyne.NewSize(w+2*buttonPadding, ButtonHeight)
	}
	b.update()
	return p
}

func (b *Button) layout(s fyne.Size) {
	const out = FocusRing
	put(b.ring, -out, -out, s.Width+2*out, s.Height+2*out)
	put(b.ground, 0, 0, s.Width, s.Height)
	w := min(b.label.Width(), s.Width-b.lead())
	x := (s.Width - w - b.lead()) / 2
	put(b.mark.image, x, (s.Height-18)/2, 18, 18)
	if b.dot != nil {
		put(b.dot, x, (s.Height-11)/2, 11, 11)
	}
	putLabel(b.label, x+b.lead(), 0, w, s.Height)
}

func (b *Button) update() {
	fill, line, text := b.colors()
	b.ground.FillColor, b.ground.StrokeColor = color.Transparent, color.Transparent
	if fill != "" {
		b.ground.FillColor = theme.Color(fill)
	}
	b.ground.StrokeWidth = 0
	if line != "" {
		b.ground.StrokeColor, b.ground.StrokeWidth = theme.Color(line), LineWidth
	}
	b.ring.StrokeColor = theme.Color(ColorAccentText)
	show(b.ring, b.focused && !b.disabled)
	b.label.set(b.text)
	b.label.color = text
	show(b.mark.image, b.icon != "")
	if b.icon != "" {
		b.mark.set(b.icon, theme.Color(text))
	}
}

// colors names the colours of a button; the ground and the outline may be none.
func (b *Button) colors() (fill, line, text fyne.ThemeColorName) {
	switch b.kind {
	case ButtonFilled, ButtonDanger:
		ground, over := ColorAccentFill, ColorAccentHover
		if b.kind == ButtonDanger {
			ground, over = ColorDangerFill, ColorDangerFill
		}
		if b.disabled {
			return ColorField, "", ColorDisabled
		}
		if b.hovered {
			ground = over
		}
		return ground, "", ColorOnAccent
	case ButtonOutlined:
		fill, line, text = ColorBackground, ColorLine, ColorText
		switch {
		case b.active:
			fill, line, text = ColorSelected, ColorAccentText, ColorAccentText
		case b.hovered && !b.disabled:
			fill = ColorHover
		}
	case ButtonLink:
		text = ColorAccentText
		if b.onDark {
			text = ColorAccentOnDark
		}
	case ButtonRemove:
		text = ColorDanger
	default:
		text = ColorSecondary
	}
	if b.plain() && b.hovered && !b.disabled && !b.onDark {
		fill = ColorHover
	}
	if b.disabled {
		text = ColorDisabled
	}
	return fill, line, text
}

var (
	_ fyne.Tappable      = (*Button)(nil)
	_ fyne.Focusable     = (*Button)(nil)
	_ fyne.Accessible    = (*Button)(nil)
	_ desktop.Hoverable  = (*Button)(nil)
	_ desktop.Cursorable = (*Button)(nil)
)
