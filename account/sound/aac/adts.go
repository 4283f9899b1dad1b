package aac

import (
	"errors"
	"io"
)

const (
	// adtsHead is the size of the head of a frame, and adtsSum that of the
	// checksum which may follow it.
	adtsHead, adtsSum = 7, 2
	// adtsLow is the object type of AAC-LC less one.
	adtsLow = 1
)

// adtsFile is frames of ADTS one after the other. Each has a head, which says how
// long it is, and a unit.
type adtsFile struct {
	w     window
	ahead window         // on what follows
	head  [adtsHead]byte // of the first frame
	at    int64          // where the next frame is
	units int64
}

// OpenADTS reads a file of ADTS from its beginning to its end, so that it knows how
// many units there are.
func OpenADTS(r io.ReadSeeker) (File, error) {
	f := &adtsFile{w: window{src: r}, ahead: window{src: r}}
	b, err := f.w.at(0, adtsHead)
	if err != nil {
		return nil, err
	}
	if b[0] != 0xFF || b[1]&0xF6 != 0xF0 || b[2]>>6 != adtsLow {
		return nil, ErrKind
	}
	f.head = [adtsHead]byte(b)
	for {
		if _, _, err := f.frame(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, err
		}
		f.units++
	}
	if f.units == 0 {
		return nil, ErrBroken
	}
	return f, f.SeekTo(0)
}

// Info is File's.
func (f *adtsFile) Info() Info {
	// Of the config the object type has 5 bits, the rate and the channels 4.
	rate, channels := f.head[2]>>2&15, f.head[2]&1<<2|f.head[3]>>6
	return Info{Config: []byte{(adtsLow+1)<<3 | rate>>1, rate<<7 | channels<<3}, Units: f.units}
}

// Next is File's.
func (f *adtsFile) Next() ([]byte, error) {
	at, n, err := f.frame()
	if err != nil {
		return nil, err
	}
	return f.w.at(at, n)
}

// SeekTo is File's. It goes from frame to frame.
func (f *adtsFile) SeekTo(unit int64) error {
	f.at = 0
	for range min(unit, f.units) {
		if _, _, err := f.frame(); err != nil {
			return err
		}
	}
	return nil
}

// frame passes over the next frame, and says where its unit is and how long. What
// is none is passed over too; io.EOF at the end, also of a frame that is cut.
func (f *adtsFile) frame() (at int64, n int, err error) {
	for sure := true; ; sure = false {
		size, head, err := f.headAt(&f.w, f.at)
		if err != nil {
			return 0, 0, err
		}
		if head > 0 && !sure { // another head has to follow, or the end
			_, next, err := f.headAt(&f.ahead, f.at+int64(size))
			if err != nil && !errors.Is(err, io.EOF) {
				return 0, 0, err
			}
			if err == nil && next == 0 {
				head = 0
			}
		}
		if head == 0 {
			f.at++
			continue
		}
		if _, err := f.w.at(f.at, size); errors.Is(err, ErrBroken) {
			return 0, 0, io.EOF
		} else if err != nil {
			return 0, 0, err
		}
		at = f.at + int64(head)
		f.at += int64(size)
		return at, size - head, nil
	}
}

// headAt gives the size of a frame like the first at a place, and how much of it is
// its head, 0 if there is none; io.EOF where the file ends.
func (f *adtsFile) headAt(w *window, at int64) (size, head int, err error) {
	b, err := w.at(at, adtsHead)
	if errors.Is(err, ErrBroken) {
		return 0, 0, io.EOF
	} else if err != nil {
		return 0, 0, err
	}
	// Kind, rate and channels stay; several units in one frame are not known.
	const several = 3
	if b[0] != 0xFF || b[1]&0xF6 != 0xF0 || (b[2]^f.head[2])&0xFD != 0 || (b[3]^f.head[3])&0xC0 != 0 || b[6]&several != 0 {
		return 0, 0, nil
	}
	size, head = int(b[3]&3)<<11|int(b[4])<<3|int(b[5])>>5, adtsHead
	if b[1]&1 == 0 {
		head += adtsSum
	}
	if size < head {
		return 0, 0, nil
	}
	return size, head, nil
}
