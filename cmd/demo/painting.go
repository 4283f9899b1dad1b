//go:build unix

package main

import (
	"bytes"
	"image"
	"image/color"
	"image/color/palette"
	"image/gif"
	"image/jpeg"
	"image/png"
	"math"
)

// All pictures of the demo are painted here, so that it has none of others.

// hue is a colour as a painter mixes it: parts of one.
type hue struct{ r, g, b float64 }

func rgb(v uint32) hue {
	return hue{float64(v>>16&0xff) / 255, float64(v>>8&0xff) / 255, float64(v&0xff) / 255}
}

// mix goes from c to d as far as t says, 0 to 1.
func (c hue) mix(d hue, t float64) hue {
	t = min(1, max(0, t))
	return hue{c.r + (d.r-c.r)*t, c.g + (d.g-c.g)*t, c.b + (d.b-c.b)*t}
}

func (c hue) nrgba() color.NRGBA {
	part := func(v float64) uint8 { return uint8(math.Round(255 * v)) }
	return color.NRGBA{part(c.r), part(c.g), part(c.b), 0xff}
}

// scene gives the colour at a place, from the top left: y goes from 0 to 1, and
// x as far as the picture is wide by that measure.
type scene func(x, y float64) hue

// paint samples each pixel at several places, which smooths the edges.
func paint(w, h int, s scene) *image.NRGBA {
	const samples = 2
	im := image.NewNRGBA(image.Rect(0, 0, w, h))
	for py := range h {
		for px := range w {
			var sum hue
			for i := range samples * samples {
				x := float64(px) + (float64(i%samples)+0.5)/samples
				y := float64(py) + (float64(i/samples)+0.5)/samples
				c := s(x/float64(h), y/float64(h))
				sum = hue{sum.r + c.r, sum.g + c.g, sum.b + c.b}
			}
			im.SetNRGBA(px, py, hue{sum.r / samples / samples, sum.g / samples / samples, sum.b / samples / samples}.nrgba())
		}
	}
	return im
}

func asJPEG(im image.Image) []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, im, &jpeg.Options{Quality: 88}); err != nil {
		panic(err) // of our own picture
	}
	return b.Bytes()
}

func asPNG(im image.Image) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, im); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// evening is a sky, the darker the higher.
func evening(y float64) hue {
	return rgb(0x16204a).mix(rgb(0x7b5ea7), y/0.62).mix(rgb(0xf2a65a), (y-0.38)/0.4)
}

// garden is the view from the balcony, 2 wide.
func garden(x, y float64) hue {
	c := evening(y)
	moon := math.Hypot(x-1.46, y-0.26)
	c = c.mix(rgb(0xfff3d6), 0.5*math.Exp(-moon*7))
	if moon < 0.085 {
		c = rgb(0xfff6e0)
	}
	far := 0.70 + 0.05*math.Sin(3.1*x+0.6) + 0.02*math.Sin(7.7*x)
	if y > far {
		c = rgb(0x54407f).mix(rgb(0x3a2d63), (y-far)/0.2)
	}
	near := 0.84 + 0.05*math.Sin(2.3*x+2.4)
	for _, tree := range []struct{ at, high, wide float64 }{
		{0.22, 0.42, 0.045}, {0.36, 0.30, 0.036}, {1.12, 0.26, 0.032}, {1.72, 0.48, 0.05}, {1.86, 0.34, 0.04},
	} { // cypresses
		top := near + 0.02 - tree.high
		if y > top && math.Abs(x-tree.at) < tree.wide*math.Sqrt(math.Sin(math.Min(1, (y-top)/tree.high)*math.Pi*0.86+0.05)) {
			c = rgb(0x1d1a38)
		}
	}
	if y > near {
		c = rgb(0x231f42).mix(rgb(0x131127), (y-near)/0.16)
	}
	return c
}

// procession is a street with lanterns, 1.5 wide.
func procession(x, y float64) hue {
	c := rgb(0x0f1630).mix(rgb(0x33264f), y)
	if y > 0.3+0.12*math.Abs(math.Mod(x*2.2, 1)-0.5) && math.Mod(x*2.2, 1) < 0.86 { // houses
		c = rgb(0x1a1730)
	}
	for i := range 9 {
		fx, fy := 0.08+float64(i)*0.17, 0.62+0.06*math.Sin(float64(i)*1.9)
		light := math.Hypot(x-fx, y-fy)
		c = c.mix(rgb(0xffb347), math.Exp(-light*11)*0.9).mix(rgb(0xffe9b8), math.Exp(-light*light*2600))
	}
	return c.mix(rgb(0x0a0d1c), (y-0.78)/0.2)
}

// moonGIF lets a moon grow, and rests when it is full.
func moonGIF() []byte {
	const w, h, frames = 240, 160, 8
	g := &gif.GIF{}
	for i := range frames {
		part := float64(i+1) / frames // that is lit
		im := paint(w, h, func(x, y float64) hue {
			c := rgb(0x141a33).mix(rgb(0x2b3566), y)
			dx, dy := (x-0.75)/0.32, (y-0.5)/0.32
			if dx*dx+dy*dy > 1 {
				return c
			}
			edge := (1 - 2*part) * math.Sqrt(1-dy*dy) // between shadow and light
			if dx < edge {
				return rgb(0x27305a)
			}
			face := rgb(0xf7efd9)
			for _, sea := range [][3]float64{{-0.35, -0.3, 0.28}, {0.1, -0.45, 0.2}, {0.3, 0.05, 0.24}, {-0.2, 0.35, 0.17}, {-0.62, 0.1, 0.14}} {
				face = face.mix(rgb(0xd0c39f), 6*(sea[2]-math.Hypot(dx-sea[0], dy-sea[1])))
			}
			return face
		})
		frame := image.NewPaletted(im.Rect, palette.WebSafe)
		frame.Palette = nightPalette()
		for y := range h {
			for x := range w {
				frame.Set(x, y, im.At(x, y))
			}
		}
		g.Image = append(g.Image, frame)
		g.Delay = append(g.Delay, 12) // hundredths of a second
	}
	g.Delay[frames-1] = 400
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, g); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// nightPalette has the colours between the sky and the moon.
func nightPalette() color.Palette {
	const steps = 32
	var p color.Palette
	for i := range steps {
		t := float64(i) / (steps - 1)
		p = append(p, rgb(0x141a33).mix(rgb(0x2b3566), t).nrgba(), rgb(0x27305a).mix(rgb(0xf7efd9), t).nrgba(), rgb(0xd0c39f).mix(rgb(0xf7efd9), t).nrgba())
	}
	return p
}

// The avatars; each is a square.

func sun(x, y float64) hue {
	dx, dy := x-0.5, y-0.52
	r, a := math.Hypot(dx, dy), math.Atan2(dy, dx)
	c := rgb(0xc2476b).mix(rgb(0xf28a5b), y)
	if r < 0.40+0.05*math.Cos(12*a) {
		c = c.mix(rgb(0xffd27a), 0.75)
	}
	if r < 0.27 {
		c = rgb(0xfff0c2).mix(rgb(0xffc861), r/0.27)
	}
	return c
}

func star(x, y float64) hue {
	dx, dy := x-0.5, y-0.5
	r, a := math.Hypot(dx, dy), math.Atan2(dy, dx)
	c := rgb(0x1b3a8a).mix(rgb(0x3f7be0), y)
	fold := math.Abs(math.Mod(a/math.Pi*2.5+7.25, 1) - 0.5) // five points
	if r < 0.40-0.46*fold {
		c = rgb(0xfdf6df)
	}
	return c
}

func mask(x, y float64) hue {
	c := rgb(0x2e2347).mix(rgb(0x5a3b75), y)
	dx, dy := x-0.5, y-0.5
	face := math.Pow(math.Abs(dx)/0.40, 2.6) + math.Pow(math.Abs(dy+0.06*math.Cos(5*dx))/0.20, 2.2)
	if face < 1 {
		c = rgb(0xf3c55b).mix(rgb(0xc98a2b), y)
		if ex, ey := (math.Abs(dx)-0.185)/0.105, (dy+0.03)/0.062; ex*ex+ey*ey < 1 {
			c = rgb(0x2e2347)
		}
	}
	return c
}

func leaf(x, y float64) hue {
	c := rgb(0xe7e2c8).mix(rgb(0xc9d3a6), y)
	// A leaf is where two circles overlap, turned a little.
	dx, dy := x-0.5, y-0.5
	u, v := dx*0.83-dy*0.56, dx*0.56+dy*0.83
	if math.Hypot(u-0.26, v) < 0.46 && math.Hypot(u+0.26, v) < 0.46 {
		c = rgb(0x5d8f4a).mix(rgb(0x2f6136), 0.5+u*2)
		if math.Abs(u) < 0.012 || math.Abs(math.Mod(v+math.Abs(u)*0.8+1, 0.12)-0.06) < 0.006 {
			c = rgb(0xcfe0b0)
		}
	}
	return c
}
