//go:build unix && !darwin

package freedesktop

import (
	"bytes"
	"image"
	"image/png"

	"github.com/godbus/dbus/v5"
	"golang.org/x/image/draw"
)

// iconSide is how large the icon goes with each notification, in pixels: what
// desktops show on a dense screen.
const iconSide = 64

// pixels is the hint image-data.
type pixels struct {
	Width, Height, Stride int32
	Alpha                 bool
	Bits, Channels        int32
	Data                  []byte
}

// hints are what is said of all notifications of a program. An icon that is no
// PNG is left out.
func hints(app string, icon []byte) map[string]dbus.Variant {
	all := map[string]dbus.Variant{
		"desktop-entry": dbus.MakeVariant(app),
		"category":      dbus.MakeVariant("im.received"),
	}
	if full, err := png.Decode(bytes.NewReader(icon)); err == nil {
		small := image.NewNRGBA(image.Rect(0, 0, iconSide, iconSide))
		draw.CatmullRom.Scale(small, small.Bounds(), full, full.Bounds(), draw.Src, nil)
		all["image-data"] = dbus.MakeVariant(pixels{iconSide, iconSide, int32(small.Stride), true, 8, 4, small.Pix})
	}
	return all
}
