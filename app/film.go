package app

import (
	"image"
	"io"
	"time"

	"linnet/account/media"
	"linnet/storage"
)

// frameLeast is how often a moving picture is drawn anew, at most.
const frameLeast = 40 * time.Millisecond

// film is a picture that moves.
type film struct {
	*media.Motion
	frames [2]*image.RGBA // by turns: a picture that is on the screen stays as it is
}

// frame gives the next frame and for how long it is shown.
func (f *film) frame() (*image.RGBA, time.Duration) {
	shown, wait := f.Next()
	f.frames[0], f.frames[1] = f.frames[1], f.frames[0]
	if f.frames[0] == nil {
		f.frames[0] = image.NewRGBA(shown.Rect)
	}
	copy(f.frames[0].Pix, shown.Pix)
	return f.frames[0], max(wait, frameLeast)
}

// decodeFile reads a picture that is here, as decode does.
func decodeFile(back Files, f *storage.File, box image.Point, most int) (*image.RGBA, *film, error) {
	r, err := back.OpenFile(f)
	if err != nil {
		return nil, nil, err
	}
	defer r.Close()
	return decode(r, f.Type, box, most)
}

// decode reads a picture for a box of pixels, and how it moves if that takes no
// more bytes than most.
func decode(src io.ReadSeeker, kind string, box image.Point, most int) (*image.RGBA, *film, error) {
	im, err := media.Decode(src, box)
	if err != nil || kind != "image/gif" || most == 0 {
		return im, nil, err
	}
	motion, err := media.DecodeMotion(src)
	if err != nil || motion.Bytes() > most {
		return im, nil, nil // it stands still
	}
	return im, &film{Motion: motion}, nil
}
