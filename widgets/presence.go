package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"linnet/assets"
)

// Presence is how reachable someone is, as the window shows it.
type Presence uint8

// The presences. None draws nothing, for rooms and for contacts whose
// presence is not known.
const (
	PresenceNone Presence = iota
	PresenceOnline
	PresenceAway
	PresenceExtendedAway
	PresenceBusy
	PresenceOffline
)

// Word gives the presence in words, lower case, in the user's language; empty
// for none.
func (p Presence) Word() string {
	switch p {
	case PresenceOnline:
		return lang.L("online")
	case PresenceAway:
		return lang.L("away")
	case PresenceExtendedAway:
		return lang.L("away for long")
	case PresenceBusy:
		return lang.L("do not disturb")
	case PresenceOffline:
		return lang.L("offline")
	}
	return ""
}

// icon gives the shape of a presence. The shapes differ, so that colour is
// never the only sign: a disc, a half disc, a quarter disc, a disc with a bar,
// a ring.
func (p Presence) icon() string {
	switch p {
	case PresenceOnline:
		return assets.IconPresenceOnline
	case PresenceAway:
		return assets.IconPresenceAway
	case PresenceExtendedAway:
		return assets.IconPresenceExtendedAway
	case PresenceBusy:
		return assets.IconPresenceBusy
	default:
		return assets.IconPresenceOffline
	}
}

// Color gives the name of the colour of a presence.
func (p Presence) Color() fyne.ThemeColorName {
	switch p {
	case PresenceOnline:
		return ColorOnline
	case PresenceAway, PresenceExtendedAway:
		return ColorAway
	case PresenceBusy:
		return ColorBusy
	}
	return ColorOffline
}

// PresenceDot shows a presence as a small mark, for menus and buttons beside a
// word. In lists the Avatar carries it.
type PresenceDot struct {
	widget.BaseWidget
	presence Presence
	size     float32
	mark     *svgImage
}

// NewPresenceDot makes a mark of the given diameter in dp.
func NewPresenceDot(p Presence, size float32) *PresenceDot {
	d := &PresenceDot{presence: p, size: size, mark: newSVGImage()}
	d.ExtendBaseWidget(d)
	return d
}

// Set changes the presence shown.
func (d *PresenceDot) Set(p Presence) {
	if d.presence == p {
		return
	}
	d.presence = p
	d.Refresh()
}

// CreateRenderer is Fyne's.
func (d *PresenceDot) CreateRenderer() fyne.WidgetRenderer {
	p := &painter{objects: []fyne.CanvasObject{d.mark.image}, min: fixed(d.size, d.size)}
	p.layout = func(s fyne.Size) {
		put(d.mark.image, (s.Width-d.size)/2, (s.Height-d.size)/2, d.size, d.size)
	}
	p.refresh = func() {
		show(d.mark.image, d.presence != PresenceNone)
		d.mark.set(d.presence.icon(), theme.Color(d.presence.Color()))
	}
	p.refresh()
	return p
}
