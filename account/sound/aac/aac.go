// Package aac finds the units of AAC in the files that hold them: MP4 with its
// kin (ISO/IEC 14496-12 and -14), of which one track of sound is read, and ADTS
// (ISO/IEC 13818-7). It decodes nothing.
//
// It is our own because of whom the files are from: libraries for MP4 make room
// for tables as large as a file says they are, or take all of it into memory. Here
// tables are read where they lie in the file when a unit is asked for, so that
// whatever a file says of itself, a few windows on it are all the memory taken.
package aac

import (
	"errors"
	"io"
	"time"
)

// Errors of Open functions and of files, besides those of reading.
var (
	ErrKind   = errors.New("aac: none that is known is in there")
	ErrBroken = errors.New("aac: the file is broken")
)

const (
	// MaxUnit is the largest unit in bytes: what ADTS can say. Those of two
	// channels have 1536 at most (ISO/IEC 14496-3, section 4.5.3.1).
	MaxUnit = 1<<13 - 1
	// Frames is how many frames of sound a unit lasts.
	Frames = 1024
)

// File gives the units of a file one after the other, for one goroutine at a time.
type File interface {
	// Info says what is in it.
	Info() Info
	// Next gives the next unit, valid until the next call; io.EOF at the end.
	Next() ([]byte, error)
	// SeekTo goes to a unit, counted from 0; beyond the end to the end.
	SeekTo(unit int64) error
}

// Info is what a file says of itself.
type Info struct {
	Config []byte        // AudioSpecificConfig (ISO/IEC 14496-3, section 1.6.2.1)
	Units  int64         // how many there are; more than there are if it lies
	Start  time.Duration // what lies before it is not to be heard
	Length time.Duration // of what is to be heard; 0 for all that follows
}

// windowSize is how much of a file is read at once.
const windowSize = 16 << 10

// window reads any part of a file, and keeps what lies behind it for the next.
type window struct {
	src  io.ReadSeeker
	from int64
	data []byte
	room [windowSize]byte
}

// at gives n bytes of the file, no more than windowSize, valid until the next
// call; ErrBroken if the file ends before.
func (w *window) at(off int64, n int) ([]byte, error) {
	if off < 0 || n > windowSize {
		return nil, ErrBroken
	}
	if off < w.from || off-w.from+int64(n) > int64(len(w.data)) {
		w.data = nil
		if _, err := w.src.Seek(off, io.SeekStart); err != nil {
			return nil, err
		}
		got, err := io.ReadFull(w.src, w.room[:])
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			return nil, err
		}
		w.from, w.data = off, w.room[:got]
		if got < n {
			return nil, ErrBroken
		}
	}
	return w.data[off-w.from:][:n], nil
}
