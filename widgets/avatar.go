package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Face is what an Avatar shows. Values can be compared, so lists can tell
// whether a row changed.
type Face struct {
	Letter   string      // one or two characters, or "#" for a room
	Color    color.NRGBA // ground under the letter; dark enough for white text
	Icon     string      // one of the assets.Icon names instead of the letter; empty for none
	Picture  *Portrait   // instead of both; nil for none
	Presence Presence
}

// Avatar is a round picture or letter with a badge of presence at its lower
// right. It is not for tapping; put it into a row or AvatarButton.
type Avatar struct {
	widget.BaseWidget
	size float32
	face Face
	pane fyne.ThemeColorName

	disc    *canvas.Circle
	letter  *Label
	icon    *svgImage
	picture *canvas.Image
	cutout  *canvas.Circle
	badge   *svgImage
}

// NewAvatar makes an avatar of the given diameter in dp on a pane of the given
// colour, in which the ring round the badge is drawn.
func NewAvatar(size float32, pane fyne.ThemeColorName) *Avatar {
	a := &Avatar{
		size: size, pane: pane,
		disc:    canvas.NewCircle(color.Transparent),
		letter:  NewBoldLabel("", size*0.42, ColorOnAccent).Centered(),
		icon:    newSVGImage(),
		picture: &canvas.Image{FillMode: canvas.ImageFillStretch},
		cutout:  canvas.NewCircle(color.Transparent),
		badge:   newSVGImage(),
	}
	a.ExtendBaseWidget(a)
	return a
}

// Set changes what is shown.
func (a *Avatar) Set(f Face) {
	if a.face == f {
		return
	}
	a.face = f
	a.Refresh()
}

// SetPane changes the colour of the pane behind, as when a row is selected.
func (a *Avatar) SetPane(pane fyne.ThemeColorName) {
	if a.pane == pane {
		return
	}
	a.pane = pane
	a.Refresh()
}

// badgeSize gives the diameter of the badge: 10 on list avatars, larger on
// large ones, and never under the 9 dp at which its shape can be told.
func (a *Avatar) badgeSize() float32 {
	return max(9, min(18, a.size*0.25))
}

// CreateRenderer is Fyne's.
func (a *Avatar) CreateRenderer() fyne.WidgetRenderer {
	p := &painter{
		objects: []fyne.CanvasObject{a.disc, a.letter, a.icon.image, a.picture, a.cutout, a.badge.image},
		min:     fixed(a.size, a.size),
	}
	p.layout = a.layout
	p.refresh = a.update
	a.update()
	return p
}

func (a *Avatar) layout(s fyne.Size) {
	x, y := (s.Width-a.size)/2, (s.Height-a.size)/2
	put(a.disc, x, y, a.size, a.size)
	put(a.picture, x, y, a.size, a.size)
	putLabel(a.letter, x, y, a.size, a.size)
	const half = 0.5 // of the diameter is what an icon takes
	put(a.icon.image, x+a.size*half/2, y+a.size*half/2, a.size*half, a.size*half)
	b := a.badgeSize()
	const ring = 2

	bx, by := x+a.size-b, y+a.size-b
	put(a.badge.image, bx, by, b, b)
	put(a.cutout, bx-ring, by-ring, b+2*ring, b+2*ring)
}

func (a *Avatar) update() {
	f := a.face
	a.disc.FillColor = f.Color
	a.letter.set(f.Letter)
	show(a.disc, f.Picture == nil)
	show(a.letter, f.Picture == nil && f.Icon == "")
	show(a.icon.image, f.Picture == nil && f.Icon != "")
	show(a.picture, f.Picture != nil)
	if f.Icon != "" {
		a.icon.set(f.Icon, theme.Color(ColorOnAccent))
	}
	if f.Picture != nil && a.picture.Image != f.Picture.picture {
		a.picture.Image = f.Picture.picture
		a.picture.Refresh()
	}
	has := f.Presence != PresenceNone
	show(a.cutout, has)
	show(a.badge.image, has)
	if has {
		a.cutout.FillColor = theme.Color(a.pane)
		a.badge.set(f.Presence.icon(), theme.Color(f.Presence.Color()))
	}
}
