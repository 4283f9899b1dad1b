package aac

import (
	"encoding/binary"
	"errors"
	"io"
	"time"
)

const (
	// maxBoxes is how many boxes of a file are looked at: a file has some fifty.
	maxBoxes = 2000
	// maxDepth is how deep boxes lie in others; those of AAC lie seven deep.
	maxDepth = 12
	// maxEdits is how many entries of an edit list are looked at.
	maxEdits = 4
	// maxConfig is the largest config that is taken; of AAC it has 2 to 7 bytes.
	maxConfig = 64
)

// box is a part of a file that has a name.
type box struct {
	kind     string
	from, to int64 // of its content
}

// table is one of the tables of a track: so many entries of so many bytes.
type table struct {
	from, count int64
	each        int
	w           *window
}

// entry gives an entry of a table.
func (t *table) entry(i int64) ([]byte, error) {
	if i < 0 || i >= t.count {
		return nil, ErrBroken
	}
	return t.w.at(t.from+i*int64(t.each), t.each)
}

// track is what the boxes of a track say.
type track struct {
	config  []byte
	scale   int64 // ticks of the track a second
	sizes   table // of units
	size    int64 // of each unit, if all are alike
	units   int64
	runs    table // of chunks with as many units each
	chunks  table // where they are
	edits   int   // that have sound
	start   int64 // of the edit, in ticks of the track
	length  int64 // of the edit, in ticks of the film
	visited int   // boxes
}

// mp4File is one track of a file. Units lie in chunks one after the other, and
// chunks in runs of such with as many units each.
type mp4File struct {
	track
	movie int64 // ticks of the film a second
	file  int64 // its size
	look  window
	data  window

	unit  int64 // the next
	run   int64 // of the chunk
	chunk int64
	left  int64 // units in the chunk
	at    int64 // where the next is
}

// OpenMP4 finds the first track of AAC in a file.
func OpenMP4(r io.ReadSeeker) (File, error) {
	size, err := r.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, err
	}
	f := &mp4File{file: size, look: window{src: r}, data: window{src: r}}
	found := false
	err = f.boxes(box{"", 0, size}, 0, func(b box, depth int) error {
		if b.kind != "moov" {
			return nil
		}
		found = true
		if err := f.film(b, depth); err != nil {
			return err
		}
		return errFound
	})
	switch {
	case err != nil && !errors.Is(err, errFound):
		return nil, err
	case !found:
		return nil, ErrBroken
	case f.config == nil:
		return nil, ErrKind
	case f.units == 0:
		return nil, ErrKind // they are in fragments, which are not read
	}
	f.sizes.w, f.runs.w, f.chunks.w = &window{src: r}, &window{src: r}, &window{src: r}
	return f, f.SeekTo(0)
}

// errFound ends a walk.
var errFound = errors.New("found")

// boxes gives the boxes in a box.
func (f *mp4File) boxes(in box, depth int, each func(b box, depth int) error) error {
	if depth > maxDepth {
		return ErrBroken
	}
	for at := in.from; at+8 <= in.to; {
		if f.visited++; f.visited > maxBoxes {
			return ErrBroken
		}
		b, err := f.look.at(at, 8)
		if err != nil {
			return err
		}
		size, head := int64(binary.BigEndian.Uint32(b)), int64(8)
		x := box{kind: string(b[4:])}
		switch size {
		case 0:
			size = in.to - at
		case 1:
			if b, err = f.look.at(at+8, 8); err != nil {
				return err
			}
			size, head = int64(binary.BigEndian.Uint64(b)), 16
		}
		if size < head || size > in.to-at {
			return ErrBroken
		}
		x.from, x.to = at+head, at+size
		if err := each(x, depth+1); err != nil {
			return err
		}
		at += size
	}
	return nil
}

// film reads what is said of all tracks.
func (f *mp4File) film(moov box, depth int) error {
	err := f.boxes(moov, depth, func(b box, depth int) (err error) {
		switch b.kind {
		case "mvhd":
			f.movie, err = f.ticks(b)
		case "trak":
			visited := f.visited
			f.track = track{visited: visited}
			err = f.parts(b, depth)
			if err == nil && f.config != nil {
				err = errFound
			}
		}
		return err
	})
	if errors.Is(err, errFound) {
		return nil
	}
	return err
}

// parts reads the boxes of a track, at whatever depth.
func (f *mp4File) parts(in box, depth int) error {
	return f.boxes(in, depth, func(b box, depth int) (err error) {
		switch b.kind {
		case "mdia", "minf", "stbl", "edts":
			err = f.parts(b, depth)
		case "mdhd":
			f.scale, err = f.ticks(b)
		case "elst":
			err = f.editList(b)
		case "stsd":
			err = f.description(b, depth)
		case "stsz":
			err = f.unitSizes(b)
		case "stsc":
			f.runs, err = f.tableIn(b, 4, 12)
		case "stco":
			f.chunks, err = f.tableIn(b, 4, 4)
		case "co64":
			f.chunks, err = f.tableIn(b, 4, 8)
		}
		return err
	})
}

// content gives so many bytes of a box.
func (f *mp4File) content(b box, from int64, n int) ([]byte, error) {
	if b.from+from+int64(n) > b.to {
		return nil, ErrBroken
	}
	return f.look.at(b.from+from, n)
}

// ticks reads how many a second has, behind the times when it was made and changed.
func (f *mp4File) ticks(b box) (int64, error) {
	head, err := f.content(b, 0, 24)
	if err != nil {
		return 0, err
	}
	n := binary.BigEndian.Uint32(head[12:])
	if head[0] == 1 { // the times have 64 bits
		n = binary.BigEndian.Uint32(head[20:])
	}
	if n == 0 {
		return 0, ErrBroken
	}
	return int64(n), nil
}

// tableIn finds a table whose length stands behind so many bytes.
func (f *mp4File) tableIn(b box, behind int64, each int) (table, error) {
	n, err := f.content(b, behind, 4)
	if err != nil {
		return table{}, err
	}
	t := table{from: b.from + behind + 4, count: int64(binary.BigEndian.Uint32(n)), each: each}
	if t.count > (b.to-t.from)/int64(each) {
		return table{}, ErrBroken
	}
	return t, nil
}

// unitSizes reads how large units are.
func (f *mp4File) unitSizes(b box) (err error) {
	head, err := f.content(b, 4, 8)
	if err != nil {
		return err
	}
	f.size, f.units = int64(binary.BigEndian.Uint32(head)), int64(binary.BigEndian.Uint32(head[4:]))
	if f.size > 0 {
		if f.units > f.file/f.size {
			return ErrBroken
		}
		return nil
	}
	f.sizes, err = f.tableIn(b, 8, 4)
	return err
}

// editList reads which part of the track is to be heard, if it is one part.
func (f *mp4File) editList(b box) error {
	head, err := f.content(b, 0, 8)
	if err != nil {
		return err
	}
	long, count := head[0] == 1, int64(binary.BigEndian.Uint32(head[4:]))
	for i := range min(count, maxEdits) {
		var length, start int64
		if long {
			e, err := f.content(b, 8+i*20, 20)
			if err != nil {
				return err
			}
			length, start = int64(binary.BigEndian.Uint64(e)), int64(binary.BigEndian.Uint64(e[8:]))
		} else {
			e, err := f.content(b, 8+i*12, 12)
			if err != nil {
				return err
			}
			length, start = int64(binary.BigEndian.Uint32(e)), int64(int32(binary.BigEndian.Uint32(e[4:])))
		}
		if start >= 0 { // before others there is silence
			f.edits, f.start, f.length = f.edits+1, start, length
		}
	}
	return nil
}

// Info is File's.
func (f *mp4File) Info() Info {
	info := Info{Config: f.config, Units: f.units}
	if f.edits == 1 {
		info.Start, info.Length = lasts(f.start, f.scale), lasts(f.length, f.movie)
	}
	return info
}

// lasts gives how long so many ticks are; 0 for what makes no sense.
func lasts(n, scale int64) time.Duration {
	const most = 1 << 24 // seconds: half a year
	if scale <= 0 || n < 0 || n/scale > most {
		return 0
	}
	return time.Duration(n/scale)*time.Second + time.Duration(n%scale)*time.Second/time.Duration(scale)
}
