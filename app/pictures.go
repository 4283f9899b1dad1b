package app

import (
	"bytes"
	"context"
	"image"
	"slices"
	"strings"

	"linnet/storage"
)

const (
	// picturesMost bounds what is kept of decoded pictures in bytes: some
	// screens full. What was not looked at for longest goes first.
	picturesMost = 24 << 20
	// picturesWaiting is how many may wait to be decoded, more than one view
	// has: those wanted before them have been scrolled past.
	picturesWaiting = 32
	// picturesSide is the largest a picture in a message is drawn, in pixels.
	picturesSide = 1024
)

// pictures are the pictures of messages, decoded away from the goroutine that
// draws, one at a time, and kept while there is room.
type pictures struct {
	d       *fileDesk
	have    map[string]*picture
	order   []string // by when they were looked at, the last at the end
	bytes   int
	waiting []string // to be decoded, the one wanted last at the end
	busy    bool     // one is being decoded
}

// picture is what is known of one.
type picture struct {
	im     image.Image // nil: it is being decoded, or cannot be
	w, h   int         // the box it was asked for
	bytes  int
	motion *film // nil: it stands still
	ticks  bool  // frames follow
}

func newPictures(d *fileDesk) *pictures { return &pictures{d: d, have: map[string]*picture{}} }

// get gives a picture for a box of pixels, or nil while there is none.
func (p *pictures) get(key string, w, h int) image.Image {
	w, h = min(w, picturesSide), min(h, picturesSide)
	pic := p.have[key]
	if pic == nil {
		pic = &picture{}
		p.have[key] = pic
	}
	p.touch(key)
	if w > pic.w || h > pic.h {
		pic.w, pic.h = w, h
		p.want(key)
	} else if pic.motion != nil && !pic.ticks {
		p.tick(key, pic)
	}
	return pic.im
}

// touch notes that a picture was looked at.
func (p *pictures) touch(key string) {
	if n := len(p.order); n > 0 && p.order[n-1] == key {
		return
	}
	p.order = append(slices.DeleteFunc(p.order, func(k string) bool { return k == key }), key)
}

// want has a picture decoded for its box, before those that wait: whoever
// scrolls is done with them.
func (p *pictures) want(key string) {
	p.waiting = append(slices.DeleteFunc(p.waiting, func(k string) bool { return k == key }), key)
	for len(p.waiting) > picturesWaiting {
		p.unwant(p.waiting[0])
		p.waiting = p.waiting[1:]
	}
	p.next()
}

// unwant has a picture asked for again when it is drawn next.
func (p *pictures) unwant(key string) {
	if pic := p.have[key]; pic != nil {
		pic.w, pic.h = 0, 0
	}
}

// next has the picture that was wanted last decoded.
func (p *pictures) next() {
	n := len(p.waiting) - 1
	if p.busy || n < 0 {
		return
	}
	key := p.waiting[n]
	p.waiting = p.waiting[:n]
	pic := p.have[key]
	f, ok := p.d.sources[key]
	if !ok || pic == nil { // of a chat that is no longer open
		p.unwant(key)
		p.next()
		return
	}
	p.busy = true
	box := image.Pt(pic.w, pic.h)
	back := p.d.a.backend
	p.d.a.on(lanePictures, func(context.Context) func() {
		im, motion, err := decodeFor(back, key, &f, box)
		if err != nil {
			p.d.a.log.Info("a picture cannot be shown", "err", err)
		}
		return func() {
			p.busy = false
			if err == nil {
				p.loaded(key, pic, im, motion)
			}
			p.next()
		}
	})
}

// decodeFor reads what a key names: a picture that is here, or the small one that
// came with it. One that moves leaves room for others that are in view.
func decodeFor(back Files, key string, f *storage.File, box image.Point) (*image.RGBA, *film, error) {
	most := picturesMost / 2
	if int(f.Width) > picturesSide || int(f.Height) > picturesSide {
		most = 0
	}
	if strings.HasPrefix(key, "file ") {
		return decodeFile(back, f, box, most)
	}
	return decode(bytes.NewReader(f.Thumb), f.Type, box, most)
}

// loaded shows a picture, and lets go of others when there are too many.
func (p *pictures) loaded(key string, pic *picture, im *image.RGBA, motion *film) {
	if p.have[key] != pic {
		return
	}
	b := im.Bounds()
	p.bytes -= pic.bytes
	pic.im, pic.motion, pic.bytes = im, motion, 4*b.Dx()*b.Dy()
	if motion != nil {
		pic.bytes += motion.Bytes()
	}
	p.bytes += pic.bytes
	for p.bytes > picturesMost && len(p.order) > 1 {
		old := p.order[0]
		p.order = p.order[1:]
		p.bytes -= p.have[old].bytes
		delete(p.have, old)
	}
	p.d.a.shell.chat.view.Pictures(key)
}

// tick draws the frames of a moving picture one after the other, as long as
// somebody looks: drawing it asks for it.
func (p *pictures) tick(key string, pic *picture) {
	pic.ticks = true
	frame, wait := pic.motion.frame()
	pic.im = frame
	p.d.a.after(wait, func() {
		pic.ticks = false
		if p.have[key] == pic && p.d.a.focused {
			p.d.a.shell.chat.view.Pictures(key) // which asks for it if it is in view
		}
	})
}
