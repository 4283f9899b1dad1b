package widgets

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	_ "image/gif"  // the formats in which
	_ "image/jpeg" // people have their
	_ "image/png"  // pictures
	"math"

	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp"
)

const (
	// portraitPixels bounds a picture before it is decoded: a small file can
	// hold one that takes gigabytes.
	portraitPixels = 16 << 20
	// portraitSmall and portraitLarge are the sides in pixels of what is kept
	// of it: lists at double density, and the details.
	portraitSmall, portraitLarge = 96, 192
)

// ErrPicture says that something is no picture that can be shown, or too large
// a one.
var ErrPicture = errors.New("widgets: not a picture that can be shown")

// Portrait is a picture of somebody, round and in the sizes avatars need. It
// does not change, so any goroutine can make and read one.
type Portrait struct{ small, large image.Image }

// PortraitBytes is about what a Portrait takes in memory.
const PortraitBytes = 4 * (portraitSmall*portraitSmall + portraitLarge*portraitLarge)

// NewPortrait decodes a picture and cuts its middle out. It takes
// milliseconds. The error is ErrPicture.
func NewPortrait(data []byte) (*Portrait, error) {
	picture, err := DecodePicture(data)
	if err != nil {
		return nil, err
	}
	b := picture.Bounds()
	side := min(b.Dx(), b.Dy())
	x, y := b.Min.X+(b.Dx()-side)/2, b.Min.Y+(b.Dy()-side)/2
	large := scaled(picture, image.Rect(x, y, x+side, y+side), portraitLarge)
	small := scaled(large, large.Bounds(), portraitSmall)
	round(large)
	round(small)
	return &Portrait{small: small, large: large}, nil
}

// DecodePicture decodes a PNG, JPEG, GIF or WebP picture that is not too large.
// The error is ErrPicture.
func DecodePicture(data []byte) (image.Image, error) {
	c, _, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil || c.Width <= 0 || c.Height <= 0 || c.Width > portraitPixels/c.Height {
		return nil, ErrPicture
	}
	picture, _, err := image.Decode(bytes.NewReader(data))
	if err != nil || picture.Bounds().Empty() {
		return nil, ErrPicture
	}
	return picture, nil
}

// at chooses the size for an avatar of a diameter in dp; nil gives nil.
func (p *Portrait) at(dp float32) image.Image {
	switch {
	case p == nil:
		return nil
	case dp > portraitSmall/2:
		return p.large
	}
	return p.small
}

// scaled gives a part of a picture as a square of so many pixels.
func scaled(picture image.Image, part image.Rectangle, side int) *image.RGBA {
	out := image.NewRGBA(image.Rect(0, 0, side, side))
	draw.CatmullRom.Scale(out, out.Bounds(), picture, part, draw.Src, nil)
	return out
}

// round makes what is outside the inner circle of a square transparent.
func round(p *image.RGBA) {
	side := p.Bounds().Dx()
	r := float64(side) / 2
	for y := range side {
		for x := range side {
			part := r + 0.5 - math.Hypot(float64(x)+0.5-r, float64(y)+0.5-r)
			if part >= 1 {
				continue
			}
			c, part := p.RGBAAt(x, y), max(0, part)
			p.SetRGBA(x, y, color.RGBA{
				uint8(float64(c.R) * part), uint8(float64(c.G) * part), uint8(float64(c.B) * part), uint8(float64(c.A) * part),
			})
		}
	}
}
