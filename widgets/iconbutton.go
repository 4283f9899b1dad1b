package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// IconButton is a square button with an icon only. Its name shows as a tooltip
// and tells assistive tools what it does.
type IconButton struct {
	widget.BaseWidget
	press
	icon   string
	color  fyne.ThemeColorName
	active bool

	ground *canvas.Rectangle
	mark   *svgImage
}

// NewIconButton makes a button with one of the assets.Icon icons. The name says
// in words what it does, translated, with its shortcut if it has one.
func NewIconButton(icon, name string, tapped func()) *IconButton {
	b := &IconButton{icon: icon, color: ColorSecondary, ground: rounded(FieldRadius), mark: newSVGImage()}
	b.press.init(b, tapped)
	b.tip.text = name
	b.ExtendBaseWidget(b)
	return b
}

// SetIcon changes the icon and its name.
func (b *IconButton) SetIcon(icon, name string) {
	b.icon, b.tip.text = icon, name
	b.Refresh()
}

// SetColor changes the colour of the icon while it is not active.
func (b *IconButton) SetColor(c fyne.ThemeColorName) {
	b.color = c
	b.Refresh()
}

// SetActive shows that what the button opens is open.
func (b *IconButton) SetActive(on bool) {
	if b.active != on {
		b.active = on
		b.Refresh()
	}
}

// AccessibilityLabel gives the name.
func (b *IconButton) AccessibilityLabel() string { return b.tip.text }

// CreateRenderer is Fyne's.
func (b *IconButton) CreateRenderer() fyne.WidgetRenderer {
	p := &painter{
		objects: []fyne.CanvasObject{b.ground, b.mark.image},
		min:     fixed(IconButtonSize, IconButtonSize),
		refresh: b.update,
	}
	p.layout = func(s fyne.Size) {
		side := min(s.Width, s.Height, IconButtonSize)
		put(b.ground, (s.Width-side)/2, (s.Height-side)/2, side, side)
		icon := min(IconSize, side-8)
		put(b.mark.image, (s.Width-icon)/2, (s.Height-icon)/2, icon, icon)
	}
	b.update()
	return p
}

func (b *IconButton) update() {
	var ground color.Color = color.Transparent
	ink := b.color
	switch {
	case b.disabled:
		ink = ColorDisabled
	case b.active:
		ground, ink = theme.Color(ColorSelected), ColorAccentText
	case b.held:
		ground = theme.Color(ColorPressed)
	case b.hovered:
		ground = theme.Color(ColorPressed)
		if ink == ColorSecondary {
			ink = ColorText
		}
	}
	b.ground.FillColor = ground
	markFocus(b.ground, b.focused && !b.disabled)
	b.mark.set(b.icon, theme.Color(ink))
}

var (
	_ fyne.Tappable      = (*IconButton)(nil)
	_ fyne.Focusable     = (*IconButton)(nil)
	_ fyne.Accessible    = (*IconButton)(nil)
	_ desktop.Hoverable  = (*IconButton)(nil)
	_ desktop.Mouseable  = (*IconButton)(nil)
	_ desktop.Cursorable = (*IconButton)(nil)
)

// AvatarButton is an avatar that can be pressed, as in the strip of accounts.
type AvatarButton struct {
	widget.BaseWidget
	press
	avatar *Avatar
	ring   *canvas.Circle
}

// NewAvatarButton makes a button showing a face, of the given diameter in dp,
// on a pane of the given colour. The name says whose face it is and what
// pressing does.
func NewAvatarButton(size float32, pane fyne.ThemeColorName, name string, tapped func()) *AvatarButton {
	b := &AvatarButton{avatar: NewAvatar(size, pane), ring: canvas.NewCircle(color.Transparent)}
	b.ring.StrokeWidth = FocusRing
	b.press.init(b, tapped)
	b.tip.text = name
	b.ExtendBaseWidget(b)
	return b
}

// Set changes the face and the name.
func (b *AvatarButton) Set(f Face, name string) {
	b.avatar.Set(f)
	b.tip.text = name
}

// AccessibilityLabel gives the name.
func (b *AvatarButton) AccessibilityLabel() string { return b.tip.text }

// CreateRenderer is Fyne's.
func (b *AvatarButton) CreateRenderer() fyne.WidgetRenderer {
	const out = FocusRing + 1
	p := &painter{
		objects: []fyne.CanvasObject{b.ring, b.avatar},
		min:     fixed(b.avatar.size+2*out, b.avatar.size+2*out),
	}
	p.layout = func(s fyne.Size) {
		put(b.ring, 0, 0, s.Width, s.Height)
		put(b.avatar, out, out, s.Width-2*out, s.Height-2*out)
	}
	p.refresh = func() {
		ink := ColorAccentText
		if !b.focused {
			ink = ColorLine
		}
		b.ring.StrokeColor = theme.Color(ink)
		show(b.ring, b.focused || b.hovered)
	}
	p.refresh()
	return p
}
