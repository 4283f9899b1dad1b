package native

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/png"
	"io"

	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"

	"linnet/account/media"
)

// errBroken says that a bitmap does not hold what its header says, or in a way
// that hardly anything makes any more.
var errBroken = errors.New("not a bitmap that can be read")

// asPNG writes a picture as the kind that every program takes.
func asPNG(m image.Image) ([]byte, error) {
	var out bytes.Buffer
	if err := png.Encode(&out, m); err != nil {
		return nil, err
	}
	if out.Len() > media.MaxBytes {
		return nil, media.ErrTooLarge
	}
	return out.Bytes(), nil
}

// fromTIFF reads a picture as macOS keeps it, within the limits of all pictures.
func fromTIFF(data []byte) (image.Image, error) {
	c, err := tiff.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	if err := media.CheckSize(c); err != nil {
		return nil, err
	}
	return tiff.Decode(bytes.NewReader(data))
}

// Of a bitmap as Windows keeps it (CF_DIB, in little endian): BITMAPINFOHEADER,
// with colour masks or a palette behind, and the pixels. It is a BMP without the
// header of the file. Headers of later versions begin with the same fields.
const (
	fileHeader = 14
	infoHeader = 40
	// maxInfoHeader is that of version 5, the last.
	maxInfoHeader = 124
	// masksSize is that of three masks; they stand behind the fields that all
	// versions have, whether the header counts them in or not.
	masksSize = 12

	uncompressed, withMasks = 0, 3
)

// usualMasks are those of pixels of 32 bits that need none.
var usualMasks = []byte{0, 0, 0xff, 0, 0, 0xff, 0, 0, 0xff, 0, 0, 0}

// fromDIB reads a bitmap within the limits of all pictures. What a fourth byte of
// the pixels says is left out: some mean how opaque they are, and most nothing.
func fromDIB(data []byte) (image.Image, error) {
	head, pixels, err := bmpHeader(data)
	if err != nil {
		return nil, err
	}
	c, err := bmp.DecodeConfig(bytes.NewReader(head))
	if err != nil {
		return nil, err
	}
	if err := media.CheckSize(c); err != nil {
		return nil, err
	}
	bits := int(binary.LittleEndian.Uint16(head[fileHeader+14:]))
	if row := (c.Width*bits + 31) / 32 * 4; row*c.Height > len(pixels) {
		return nil, errBroken // before room is made for it
	}
	return bmp.Decode(io.MultiReader(bytes.NewReader(head), bytes.NewReader(pixels)))
}

// bmpHeader makes all of a BMP that stands before the pixels, palette included, as
// our decoder wants it: with the oldest header and no masks.
func bmpHeader(data []byte) (head, pixels []byte, err error) {
	order := binary.LittleEndian
	if len(data) < infoHeader {
		return nil, nil, errBroken
	}
	size, bits, compression, colors := int64(order.Uint32(data)), order.Uint16(data[14:]), order.Uint32(data[16:]), int64(order.Uint32(data[32:]))
	if size < infoHeader || size > maxInfoHeader {
		return nil, nil, errBroken
	}
	begin := size // of what follows the header
	switch {
	case compression == uncompressed:
	case compression == withMasks && bits == 32 && len(data) >= infoHeader+masksSize && bytes.Equal(data[infoHeader:infoHeader+masksSize], usualMasks):
		begin = max(begin, infoHeader+masksSize)
	default:
		return nil, nil, errBroken
	}
	if bits <= 8 && colors == 0 {
		colors = 1 << bits
	}
	begin, palette := begin+4*colors, begin
	if colors > 1<<8 || begin > int64(len(data)) {
		return nil, nil, errBroken
	}
	head = append([]byte("BM"), make([]byte, fileHeader-2)...)
	head = append(head, data[:infoHeader]...)
	if bits <= 8 {
		head = append(head, data[palette:begin]...)
	} else {
		colors = 0 // those that would do well on a screen of few
	}
	order.PutUint32(head[10:], uint32(len(head)))
	order.PutUint32(head[fileHeader:], infoHeader)
	order.PutUint32(head[fileHeader+16:], uncompressed)
	order.PutUint32(head[fileHeader+32:], uint32(colors))
	return head, data[begin:], nil
}

// toDIB makes a bitmap of a PNG, for programs that take nothing else. It has no
// holes: they show white.
func toDIB(picture []byte) ([]byte, error) {
	m, err := media.Decode(bytes.NewReader(picture), image.Point{})
	if err != nil {
		return nil, err
	}
	for p := m.Pix; len(p) >= 4; p = p[4:] {
		white := 0xff - p[3] // as much of it shows through
		p[0], p[1], p[2], p[3] = p[0]+white, p[1]+white, p[2]+white, 0xff
	}
	var out bytes.Buffer
	if err := bmp.Encode(&out, m); err != nil {
		return nil, err
	}
	return out.Bytes()[fileHeader:], nil
}
