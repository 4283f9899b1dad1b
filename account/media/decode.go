package media

import (
	"bufio"
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/webp"
)

// Decode reads a picture, makes it small enough for a box of pixels and turns
// it right. A box of zero keeps its size. Limits are held against the header
// before anything is decoded: ErrTooLarge, ErrUnknown. Of a picture that moves
// it is the first frame. It takes long and much memory: not for a goroutine
// that draws, and not for many at once.
func Decode(r io.ReadSeeker, box image.Point) (*image.RGBA, error) {
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	info, err := sniff(r)
	if err != nil {
		return nil, err
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	in := bufio.NewReader(io.LimitReader(r, MaxBytes))
	var m image.Image
	switch info.Type {
	case "image/png":
		m, err = png.Decode(in)
	case "image/jpeg":
		m, err = jpeg.Decode(in)
	case "image/gif":
		m, err = gif.Decode(in)
	case "image/webp":
		m, err = webp.Decode(in)
	}
	if err != nil {
		return nil, err
	}
	if info.turn > 4 {
		box.X, box.Y = box.Y, box.X
	}
	return turned(fit(m, box), info.turn), nil
}

// sniff is Probe for pictures alone.
func sniff(r io.ReadSeeker) (Info, error) {
	head := make([]byte, Sniffed)
	n, err := io.ReadFull(r, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return Info{}, err
	}
	return probePicture(r, TypeOf(head[:n], ""))
}

// Fitted gives the size of a picture in a box: as it is, or smaller. A box of
// zero holds anything.
func Fitted(w, h int, box image.Point) (int, int) {
	if box.X <= 0 || box.Y <= 0 || w <= box.X && h <= box.Y || w < 1 || h < 1 {
		return w, h
	}
	if w*box.Y > h*box.X {
		return box.X, max(1, h*box.X/w)
	}
	return max(1, w*box.Y/h), box.Y
}

// fit makes a picture small enough for a box.
func fit(m image.Image, box image.Point) *image.RGBA {
	b := m.Bounds()
	w, h := Fitted(b.Dx(), b.Dy(), box)
	if w == b.Dx() && h == b.Dy() {
		if same, ok := m.(*image.RGBA); ok && b.Min == (image.Point{}) {
			return same
		}
		out := image.NewRGBA(image.Rect(0, 0, w, h))
		draw.Draw(out, out.Bounds(), m, b.Min, draw.Src)
		return out
	}
	return shrunk(m, w, h)
}

// turned shows a picture as it was meant by its orientation (EXIF, 1 to 8).
func turned(m *image.RGBA, turn int) *image.RGBA {
	if turn < 2 || turn > 8 {
		return m
	}
	w, h := m.Rect.Dx(), m.Rect.Dy()
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	if turn > 4 {
		out = image.NewRGBA(image.Rect(0, 0, h, w))
	}
	for y := range h {
		for x := range w {
			var tx, ty int
			switch turn {
			case 2:
				tx, ty = w-1-x, y
			case 3:
				tx, ty = w-1-x, h-1-y
			case 4:
				tx, ty = x, h-1-y
			case 5:
				tx, ty = y, x
			case 6:
				tx, ty = h-1-y, x
			case 7:
				tx, ty = h-1-y, w-1-x
			case 8:
				tx, ty = y, w-1-x
			}
			copy(out.Pix[ty*out.Stride+tx*4:], m.Pix[y*m.Stride+x*4:y*m.Stride+x*4+4])
		}
	}
	return out
}

const (
	// ThumbSide and ThumbBytes bound the small picture that goes with a
	// message: so that a hint of it is there at once, and a stanza stays small.
	ThumbSide  = 64
	ThumbBytes = 4 << 10
)

// Thumbnail gives a picture of at most ThumbSide pixels each way as a JPEG of at
// most ThumbBytes; nil if it cannot be made so small.
func Thumbnail(m image.Image) (data []byte, w, h int) { return Small(m, ThumbSide, ThumbBytes) }

// Small gives a picture of at most side pixels each way as a JPEG of at most
// limit bytes; nil if it cannot be made so small.
func Small(m image.Image, side, limit int) (data []byte, w, h int) {
	small := fit(m, image.Pt(side, side))
	flat := image.NewRGBA(small.Rect)
	draw.Draw(flat, flat.Rect, image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.Draw(flat, flat.Rect, small, image.Point{}, draw.Over)
	for quality := 75; quality > 20; quality -= 20 {
		var b bytes.Buffer
		if err := jpeg.Encode(&b, flat, &jpeg.Options{Quality: quality}); err != nil {
			return nil, 0, 0
		}
		if b.Len() <= limit {
			return b.Bytes(), small.Rect.Dx(), small.Rect.Dy()
		}
	}
	return nil, 0, 0
}
