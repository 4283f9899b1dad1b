package app

import (
	"crypto/sha1"
	"encoding/binary"
	"image/color"
	"math"
	"strings"

	"github.com/rivo/uniseg"

	"linnet/account"
	"linnet/account/stream"
	"linnet/storage"
	"linnet/widgets"
)

// colorOf gives an address its colour, the same everywhere and always: the hue
// comes from its hash as in XEP-0392.
func colorOf(jid string) color.NRGBA {
	sum := sha1.Sum([]byte(jid))
	return hueColor(float64(binary.LittleEndian.Uint16(sum[:2])) / 65536)
}

// Lightness and chroma of avatar grounds: calm, all equally strong, and dark
// enough for 4.5:1 under white.
const (
	faceLightness = 0.53
	faceChroma    = 0.105
)

// hueColor makes the ground of an avatar from a hue between 0 and 1, by way of
// the Oklab colour space, in which equal numbers look equally light.
func hueColor(hue float64) color.NRGBA {
	sin, cos := math.Sincos(2 * math.Pi * hue)
	a, b := faceChroma*cos, faceChroma*sin
	cube := func(v float64) float64 { return v * v * v }
	l := cube(faceLightness + 0.3963377774*a + 0.2158037573*b)
	m := cube(faceLightness - 0.1055613458*a - 0.0638541728*b)
	s := cube(faceLightness - 0.0894841775*a - 1.2914855480*b)
	return color.NRGBA{
		R: gamma(4.0767416621*l - 3.3077115913*m + 0.2309699292*s),
		G: gamma(-1.2684380046*l + 2.6097574011*m - 0.3413193965*s),
		B: gamma(-0.0041960863*l - 0.7034186147*m + 1.7076147010*s),
		A: 0xFF,
	}
}

// gamma turns linear light into an sRGB value.
func gamma(v float64) uint8 {
	if v <= 0.0031308 {
		v *= 12.92
	} else {
		v = 1.055*math.Pow(v, 1/2.4) - 0.055
	}
	return uint8(math.Round(255 * min(max(v, 0), 1)))
}

// rgb makes a colour of 0xRRGGBB; 0 is no colour at all.
func rgb(v uint32) color.NRGBA {
	if v == 0 {
		return color.NRGBA{}
	}
	return color.NRGBA{R: uint8(v >> 16), G: uint8(v >> 8), B: uint8(v), A: 0xFF}
}

// letterOf is what stands in an avatar without a picture.
func letterOf(name string) string {
	cluster, _, _, _ := uniseg.FirstGraphemeClusterInString(strings.TrimLeft(name, " \"'(@#"), -1)
	if cluster == "" {
		return "?"
	}
	return strings.ToUpper(cluster)
}

// faceOf is the avatar of a contact.
func (m *model) faceOf(key contactKey, has bool, show storage.Show) widgets.Face {
	return m.faceAt(widgets.PortraitSmall, key, has, show)
}

// faceAt is faceOf for an avatar that takes a picture of so many pixels.
func (m *model) faceAt(side int, key contactKey, has bool, show storage.Show) widgets.Face {
	if m.isOwn(key) {
		return ownNotesFace()
	}
	face := widgets.Face{Letter: letterOf(m.name(key.account, key.jid)), Color: colorOf(key.jid), Presence: presenceOf(has, show)}
	if c, ok := m.contact(key.account, key.jid); ok {
		face.Picture = m.picture(key, c.Avatar, side)
	}
	return face
}

// picture is what somebody shows of themselves, as far as it is here.
func (m *model) picture(key contactKey, hash string, side int) *widgets.Portrait {
	if m.portrait == nil {
		return nil
	}
	return m.portrait(key, hash, side)
}

// accountFace is the avatar of an own account with the state of its
// connection.
func (m *model) accountFace(info account.Info) widgets.Face {
	presence := widgets.PresenceOffline
	switch info.State.Phase {
	case stream.Online:
		presence = presenceOf(true, info.Effective.Show)
	case stream.Connecting, stream.Waiting:
		presence = widgets.PresenceAway
	case stream.Failed:
		presence = widgets.PresenceBusy
	}
	return widgets.Face{
		Letter: letterOf(accountName(info)), Color: rgb(info.Color), Presence: presence,
		Picture: m.picture(contactKey{info.ID, info.Address}, info.Avatar, widgets.PortraitSmall),
	}
}

// accountName is what an account is called in the window.
func accountName(info account.Info) string {
	if name := widgets.Harmless(info.Name); name != "" {
		return name
	}
	return info.Address
}

// speakerName is what an account's owner is called in the text of a chat.
func speakerName(info account.Info) string {
	if name := widgets.Harmless(info.Name); name != "" {
		return name
	}
	local, _, _ := strings.Cut(info.Address, "@")
	return local
}

// presenceOf puts a show into the widgets' terms; has is false when nothing is
// known of it.
func presenceOf(has bool, show storage.Show) widgets.Presence {
	switch {
	case !has:
		return widgets.PresenceNone
	case show == storage.ShowAway:
		return widgets.PresenceAway
	case show == storage.ShowExtendedAway:
		return widgets.PresenceExtendedAway
	case show == storage.ShowBusy:
		return widgets.PresenceBusy
	case show == storage.ShowOffline:
		return widgets.PresenceOffline
	}
	return widgets.PresenceOnline
}
