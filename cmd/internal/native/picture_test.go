package native

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/png"
	"testing"

	"golang.org/x/image/tiff"

	"linnet/account/media"
)

// dib is a bitmap as Windows keeps it: its header, and what follows.
type dib struct {
	size, bits, compression, colors int
	width, height                   int
	rest                            []byte
}

func (d dib) bytes() []byte {
	b := make([]byte, max(d.size, infoHeader))
	order := binary.LittleEndian
	order.PutUint32(b, uint32(d.size))
	order.PutUint32(b[4:], uint32(d.width))
	order.PutUint32(b[8:], uint32(d.height))
	order.PutUint16(b[12:], 1)
	order.PutUint16(b[14:], uint16(d.bits))
	order.PutUint32(b[16:], uint32(d.compression))
	order.PutUint32(b[32:], uint32(d.colors))
	if d.size > infoHeader && d.compression == withMasks {
		copy(b[infoHeader:], usualMasks)
	}
	return append(b, d.rest...)
}

// Pixels of 24 and 32 bits, of which the fourth byte may say anything.
var (
	red, blue   = []byte{0, 0, 0xff}, []byte{0xff, 0, 0}
	red4, blue4 = []byte{0, 0, 0xff, 0}, []byte{0xff, 0, 0, 0x7f}
)

func join(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

func TestFromDIB(t *testing.T) {
	pad := make([]byte, 2)
	palette := join(blue4, red4)
	for name, d := range map[string]dib{
		"24 bits":                  {40, 24, uncompressed, 0, 2, 1, join(red, blue, pad)},
		"24 bits from the top":     {40, 24, uncompressed, 0, 2, -1, join(red, blue, pad)},
		"with a palette to ignore": {40, 24, uncompressed, 2, 2, 1, join(palette, red, blue, pad)},
		"32 bits":                  {40, 32, uncompressed, 0, 2, 1, join(red4, blue4)},
		"masks behind the header":  {40, 32, withMasks, 0, 2, 1, join(usualMasks, red4, blue4)},
		"masks in the header":      {108, 32, withMasks, 0, 2, 1, join(red4, blue4)},
		"version 5":                {124, 32, withMasks, 0, 2, 1, join(red4, blue4, []byte("profile"))},
		"short palette":            {40, 8, uncompressed, 2, 2, 1, join(palette, []byte{1, 0, 0, 0})},
		"one bit":                  {40, 1, uncompressed, 0, 2, 1, join(palette, []byte{0x80, 0, 0, 0})},
	} {
		m, err := fromDIB(d.bytes())
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if s := m.Bounds().Size(); s != image.Pt(2, 1) {
			t.Errorf("%s: %v large", name, s)
		}
		for x, want := range []color.RGBA{{0xff, 0, 0, 0xff}, {0, 0, 0xff, 0xff}} {
			if got := color.RGBAModel.Convert(m.At(x, 0)); got != want {
				t.Errorf("%s: %v at %d", name, got, x)
			}
		}
	}
	// The first row is the last one.
	m, err := fromDIB(dib{40, 32, uncompressed, 0, 1, 2, join(red4, blue4)}.bytes())
	if err != nil || color.RGBAModel.Convert(m.At(0, 0)) != (color.RGBA{0, 0, 0xff, 0xff}) {
		t.Errorf("from the bottom: %v", err)
	}
}

func TestFromDIBRefuses(t *testing.T) {
	for name, x := range map[string]struct {
		data []byte
		err  error
	}{
		"nothing":            {nil, errBroken},
		"a cut header":       {dib{40, 32, uncompressed, 0, 1, 1, nil}.bytes()[:39], errBroken},
		"an old header":      {dib{12, 32, uncompressed, 0, 1, 1, red4}.bytes(), errBroken},
		"a long header":      {dib{4000, 32, uncompressed, 0, 1, 1, red4}.bytes(), errBroken},
		"a header past all":  {dib{40, 32, uncompressed, 0, 1, 1, nil}.bytes()[:40], errBroken},
		"too few pixels":     {dib{40, 32, uncompressed, 0, 2, 2, red4}.bytes(), errBroken},
		"other masks":        {dib{40, 32, withMasks, 0, 1, 1, join(red4, red4, red4, red4)}.bytes(), errBroken},
		"cut masks":          {dib{40, 32, withMasks, 0, 1, 1, usualMasks[:8]}.bytes(), errBroken},
		"a JPEG inside":      {dib{40, 0, 4, 0, 1, 1, red4}.bytes(), errBroken},
		"too many colours":   {dib{40, 8, uncompressed, 257, 1, 1, make([]byte, 2000)}.bytes(), errBroken},
		"an endless palette": {dib{40, 24, uncompressed, 0xffffffff, 1, 1, red4}.bytes(), errBroken},
		"no palette":         {dib{40, 8, uncompressed, 0, 1, 1, red4}.bytes(), errBroken},
		"16 bits":            {dib{40, 16, uncompressed, 0, 1, 1, red4}.bytes(), nil},
		"no pixel":           {dib{40, 32, uncompressed, 0, 0, 0, red4}.bytes(), media.ErrTooLarge},
		"too wide":           {dib{40, 32, uncompressed, 0, media.MaxSide + 1, 1, red4}.bytes(), media.ErrTooLarge},
		"too many pixels":    {dib{40, 24, uncompressed, 0, media.MaxSide, media.MaxSide, red}.bytes(), media.ErrTooLarge},
		"a width below zero": {dib{40, 32, uncompressed, 0, -1, 1, red4}.bytes(), nil},
		"a height of no end": {dib{40, 32, uncompressed, 0, 1, -1 << 31, red4}.bytes(), media.ErrTooLarge},
	} {
		if m, err := fromDIB(x.data); err == nil || x.err != nil && !errors.Is(err, x.err) {
			t.Errorf("%s: %v, %v", name, m, err)
		}
	}
}

func FuzzFromDIB(f *testing.F) {
	f.Add(dib{40, 24, uncompressed, 0, 2, 1, join(red, blue, red)}.bytes())
	f.Add(dib{40, 32, withMasks, 0, 2, 1, join(usualMasks, red4, blue4)}.bytes())
	f.Add(dib{124, 32, withMasks, 1, 1, -2, join(red4, red4, blue4)}.bytes())
	f.Add(dib{40, 4, uncompressed, 2, 2, 1, join(red4, blue4, red4)}.bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := fromDIB(data)
		if err != nil {
			return
		}
		if s := m.Bounds().Size(); s.X < 1 || s.Y < 1 || s.X*s.Y > 8*len(data) {
			t.Errorf("%d bytes give a picture of %v", len(data), s)
		}
		if o, ok := m.(interface{ Opaque() bool }); !ok || !o.Opaque() {
			t.Error("something shows through")
		}
	})
}

// holed is a picture with a hole, and another with half of one.
func holed() image.Image {
	m := image.NewNRGBA(image.Rect(0, 0, 3, 1))
	m.SetNRGBA(0, 0, color.NRGBA{0xff, 0, 0, 0xff})
	m.SetNRGBA(1, 0, color.NRGBA{0xff, 0, 0, 0x80})
	return m
}

func TestToDIB(t *testing.T) {
	picture, err := asPNG(holed())
	if err != nil {
		t.Fatal(err)
	}
	data, err := toDIB(picture)
	if err != nil {
		t.Fatal(err)
	}
	m, err := fromDIB(data)
	if err != nil {
		t.Fatal(err)
	}
	for x, want := range []color.RGBA{{0xff, 0, 0, 0xff}, {0xff, 0x7f, 0x7f, 0xff}, {0xff, 0xff, 0xff, 0xff}} {
		if got := color.RGBAModel.Convert(m.At(x, 0)); got != want {
			t.Errorf("%v at %d, want %v", got, x, want)
		}
	}
	if _, err := toDIB([]byte("no picture")); err == nil {
		t.Error("words are a bitmap")
	}
}

func TestFromTIFF(t *testing.T) {
	var data bytes.Buffer
	if err := tiff.Encode(&data, holed(), &tiff.Options{Compression: tiff.Deflate}); err != nil {
		t.Fatal(err)
	}
	m, err := fromTIFF(data.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	picture, err := asPNG(m)
	if err != nil {
		t.Fatal(err)
	}
	again, err := png.Decode(bytes.NewReader(picture))
	if err != nil {
		t.Fatal(err)
	}
	for x := range 3 {
		if got, want := color.NRGBAModel.Convert(again.At(x, 0)), color.NRGBAModel.Convert(holed().At(x, 0)); got != want {
			t.Errorf("%v at %d, want %v", got, x, want)
		}
	}
	if _, err := fromTIFF([]byte("II*\x00")); err == nil {
		t.Error("a cut TIFF was read")
	}
	// Its header says how large it is, long before anything is made of it.
	wide := bytes.Clone(data.Bytes())
	at := bytes.Index(wide, []byte{0, 1, 3, 0, 1, 0, 0, 0, 3, 0}) // ImageWidth, one SHORT, of 3
	if at < 0 {
		t.Fatal("no width in the TIFF")
	}
	binary.LittleEndian.PutUint16(wide[at+8:], 0xffff)
	if _, err := fromTIFF(wide); !errors.Is(err, media.ErrTooLarge) {
		t.Errorf("too wide: %v", err)
	}
}
