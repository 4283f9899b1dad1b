package widgets

import (
	"image"
	"image/color"
	"math"

	"golang.org/x/image/draw"
)

// Sides of portraits in pixels: for lists at double density, and for the
// details.
const (
	PortraitSmall = 96
	PortraitLarge = 192
)

// Portrait is a picture of somebody, made round. It does not change, so any
// goroutine can make one.
type Portrait struct{ picture image.Image }

// NewPortrait cuts the middle out of a picture, with a side of so many pixels.
// It takes milliseconds.
func NewPortrait(picture image.Image, side int) *Portrait {
	p := scaled(picture, middle(picture.Bounds()), side)
	round(p)
	return &Portrait{p}
}

// middle gives the square in the middle of a picture.
func middle(b image.Rectangle) image.Rectangle {
	n := min(b.Dx(), b.Dy())
	x, y := b.Min.X+(b.Dx()-n)/2, b.Min.Y+(b.Dy()-n)/2
	return image.Rect(x, y, x+n, y+n)
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
