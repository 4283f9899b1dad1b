package aac

import (
	"encoding/binary"
	"io"
)

// Next is File's.
func (f *mp4File) Next() ([]byte, error) {
	for f.left == 0 {
		if f.unit >= f.units || f.chunk+1 >= f.chunks.count {
			return nil, io.EOF
		}
		if err := f.nextChunk(); err != nil {
			return nil, err
		}
	}
	if f.unit >= f.units {
		return nil, io.EOF
	}
	n, err := f.sizeOf(f.unit)
	if err != nil {
		return nil, err
	}
	if n > MaxUnit {
		return nil, ErrBroken
	}
	b, err := f.data.at(f.at, int(n))
	if err != nil {
		return nil, err
	}
	f.at += n
	f.unit++
	f.left--
	return b, nil
}

// sizeOf gives how large a unit is.
func (f *mp4File) sizeOf(unit int64) (int64, error) {
	if f.size > 0 {
		return f.size, nil
	}
	b, err := f.sizes.entry(unit)
	if err != nil {
		return 0, err
	}
	return int64(binary.BigEndian.Uint32(b)), nil
}

// runAt gives the first chunk of a run, counted from 0, and the units in each.
func (f *mp4File) runAt(run int64) (first, units int64, err error) {
	b, err := f.runs.entry(run)
	if err != nil {
		return 0, 0, err
	}
	return int64(binary.BigEndian.Uint32(b)) - 1, int64(binary.BigEndian.Uint32(b[4:])), nil
}

// nextChunk goes to the beginning of the next chunk.
func (f *mp4File) nextChunk() error {
	chunk := f.chunk + 1
	run := f.run
	if run+1 < f.runs.count {
		first, _, err := f.runAt(run + 1)
		if err != nil {
			return err
		}
		if first <= chunk {
			run++
		}
	}
	return f.goTo(run, chunk)
}

// goTo goes to the beginning of a chunk of a run.
func (f *mp4File) goTo(run, chunk int64) error {
	_, units, err := f.runAt(run)
	if err != nil {
		return err
	}
	b, err := f.chunks.entry(chunk)
	if err != nil {
		return err
	}
	at := uint64(binary.BigEndian.Uint32(b))
	if f.chunks.each == 8 {
		at = binary.BigEndian.Uint64(b)
	}
	if at > uint64(f.file) {
		return ErrBroken
	}
	f.run, f.chunk, f.left, f.at = run, chunk, units, int64(at)
	return nil
}

// SeekTo is File's. It goes from run to run, then over the sizes of the units that
// lie before it in the chunk.
func (f *mp4File) SeekTo(unit int64) error {
	unit = max(0, min(unit, f.units))
	f.unit, f.left = unit, 0
	if unit == f.units {
		f.chunk = f.chunks.count
		return nil
	}
	before := unit // in the runs that follow
	for run := range f.runs.count {
		first, units, err := f.runAt(run)
		if err != nil {
			return err
		}
		end := f.chunks.count
		if run+1 < f.runs.count {
			next, _, err := f.runAt(run + 1)
			if err != nil {
				return err
			}
			end = min(end, next)
		}
		if first < 0 || end < first {
			return ErrBroken
		}
		if n := (end - first) * units; before >= n {
			before -= n
			continue
		}
		if err := f.goTo(run, first+before/units); err != nil {
			return err
		}
		return f.pass(before % units)
	}
	f.chunk = f.chunks.count // there are fewer than it says
	return nil
}

// pass goes over so many units before the next one of the chunk.
func (f *mp4File) pass(n int64) error {
	f.left -= n
	for unit := f.unit - n; unit < f.unit; unit++ {
		size, err := f.sizeOf(unit)
		if err != nil {
			return err
		}
		f.at += size
	}
	return nil
}
