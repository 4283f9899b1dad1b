package app

import (
	"crypto/sha1"
	"encoding/binary"
	"image/color"
	"strings"

	"github.com/rivo/uniseg"

	"linnet/account"
	"linnet/account/stream"
	"linnet/storage"
	"linnet/widgets"
)

// faceColors are the grounds of letter avatars, in the order of their hue. All
// keep 4.5:1 under white.
var faceColors = [...]uint32{
	0xA8504F, 0xA45A2A, 0x7A6A2B, 0x557A2F, 0x37795F, 0x3F7484, 0x35709F, 0x6A5CB0, 0x8B4A8F, 0xAF4F77,
}

// colorOf gives an address its colour, the same everywhere and always
// (XEP-0392 takes the hue from the same hash).
func colorOf(jid string) color.NRGBA {
	sum := sha1.Sum([]byte(jid))
	angle := int(binary.LittleEndian.Uint16(sum[:2]))
	return rgb(faceColors[angle*len(faceColors)>>16])
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
	return widgets.Face{Letter: letterOf(m.name(key.account, key.jid)), Color: colorOf(key.jid), Presence: presenceOf(has, show)}
}

// accountFace is the avatar of an own account with the state of its
// connection.
func accountFace(info account.Info) widgets.Face {
	presence := widgets.PresenceOffline
	switch info.State.Phase {
	case stream.Online:
		presence = presenceOf(true, info.Effective.Show)
	case stream.Connecting, stream.Waiting:
		presence = widgets.PresenceAway
	case stream.Failed:
		presence = widgets.PresenceBusy
	}
	return widgets.Face{Letter: letterOf(accountName(info)), Color: rgb(info.Color), Presence: presence}
}

// accountName is what an account is called in the window.
func accountName(info account.Info) string {
	if name := harmless(info.Name); name != "" {
		return name
	}
	return info.Address
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
