package sound

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"time"

	"github.com/mewkiz/flac/frame"
)

const (
	// flacBlocks bounds what may lie before the sound.
	flacBlocks = 128
	// flacInfo is the size of the block that says what the sound is.
	flacInfo = 34
	// flacScan is how far the beginning of a frame is looked for; frames are
	// smaller.
	flacScan = 1 << 20
	// flacTries bounds the places that look like the beginning of a frame which are
	// looked at in it: of those that are none, a file has one in 30 kB.
	flacTries = 200
	// flacFrame is more than any frame takes: 65535 samples of 33 bits in each of
	// eight channels.
	flacFrame = 3 << 20
	// flacSteps bounds the halvings of a file in search of a place.
	flacSteps = 24
	// flacNear is when halving ends: what is left is decoded.
	flacNear = 128 << 10
)

// flacDecoder decodes FLAC.
type flacDecoder struct {
	src    io.ReadSeeker
	r      *bufio.Reader
	format Format
	bits   int
	total  int64 // frames of sound, each of a sample for a channel
	from   int64 // where the frames of the file begin
	size   int64
	skip   int64 // that are decoded and not given
	rest   []int16
}

func openFLAC(r io.ReadSeeker) (Decoder, error) {
	var b [8 + flacInfo]byte // the mark, the head of the block, and the block
	if _, err := io.ReadFull(r, b[:]); err != nil {
		return nil, broken(err)
	}
	if b[4]&0x7F != 0 || b[5] != 0 || b[6] != 0 || b[7] != flacInfo {
		return nil, ErrBroken
	}
	// Of the rate 20 bits, of channels and bits less one 3 and 5, of the length 36.
	x := binary.BigEndian.Uint64(b[18:])
	rate, channels, bits, total := int(x>>44), int(x>>41&7)+1, int(x>>36&31)+1, int64(x&(1<<36-1))
	if rate > maxRate || bits < 4 {
		return nil, ErrKind
	}
	d := &flacDecoder{src: r, format: Format{rate, toStereo(channels)}, bits: bits, total: total}
	var err error
	if d.size, err = r.Seek(0, io.SeekEnd); err != nil {
		return nil, err
	}
	if d.from, err = flacStart(r); err != nil {
		return nil, err
	}
	if err := d.goTo(d.from); err != nil {
		return nil, err
	}
	if head, _ := d.r.Peek(flacPeek); chatty(head) {
		return nil, ErrKind
	}
	return d, nil
}

// flacPeek is how much of a frame's head says its rate.
const flacPeek = 3

// chatty tells whether the library would write a line to the log of the program
// about a frame, and so for each of a file: it does at rates it was never tried
// with, 176.4 and 24 kHz.
func chatty(head []byte) bool {
	if len(head) < flacPeek {
		return false
	}
	rate := head[2] & 0x0F
	return rate == 2 || rate == 7
}

// flacStart finds where the frames begin.
func flacStart(r io.ReadSeeker) (int64, error) {
	at := int64(4)
	for range flacBlocks {
		var head [4]byte
		if _, err := r.Seek(at, io.SeekStart); err != nil {
			return 0, err
		}
		if _, err := io.ReadFull(r, head[:]); err != nil {
			return 0, broken(err)
		}
		at += 4 + (int64(head[1])<<16 | int64(head[2])<<8 | int64(head[3]))
		if head[0]&0x80 != 0 {
			return at, nil
		}
	}
	return 0, ErrBroken
}

// goTo reads on from a place in the file.
func (d *flacDecoder) goTo(at int64) error {
	_, err := d.src.Seek(at, io.SeekStart)
	d.r, d.rest, d.skip = bufio.NewReaderSize(d.src, 64<<10), nil, 0
	return err
}

func (d *flacDecoder) Format() Format        { return d.format }
func (d *flacDecoder) Length() time.Duration { return d.format.Length(d.total) }
func (d *flacDecoder) Speech() bool          { return false }

func (d *flacDecoder) Read(samples []int16) (int, error) {
	for len(d.rest) == 0 {
		if err := d.next(); err != nil {
			return 0, err
		}
	}
	n := copy(samples[:len(samples)/d.format.Channels*d.format.Channels], d.rest)
	d.rest = d.rest[n:]
	return n, nil
}

// next decodes a frame of the file.
func (d *flacDecoder) next() error {
	if head, _ := d.r.Peek(flacPeek); chatty(head) {
		return ErrBroken // the first was of another rate
	}
	f, err := frame.New(io.LimitReader(d.r, flacFrame))
	if err != nil { // what lies behind the last one is some tag
		if errors.Is(err, io.EOF) || errors.Is(err, frame.ErrInvalidSync) {
			return io.EOF
		}
		return ErrBroken
	}
	if f.BitsPerSample == 0 {
		f.BitsPerSample = uint8(d.bits)
	}
	if err := f.Parse(); err != nil {
		return ErrBroken
	}
	if len(f.Subframes) < d.format.Channels {
		return ErrBroken
	}
	n := len(f.Subframes[0].Samples)
	for _, s := range f.Subframes {
		n = min(n, len(s.Samples))
	}
	if n == 0 {
		return ErrBroken // a file of such would be read for long without a sound
	}
	d.rest = d.rest[:0]
	for i := range n {
		for c := range d.format.Channels {
			d.rest = append(d.rest, to16(f.Subframes[c].Samples[i], int(f.BitsPerSample)))
		}
	}
	skip := min(d.skip, int64(n))
	d.skip -= skip
	d.rest = d.rest[int(skip)*d.format.Channels:]
	return nil
}

// to16 brings a sample of so many bits to 16.
func to16(x int32, bits int) int16 {
	if bits > 16 {
		return int16(x >> (bits - 16))
	}
	return int16(x << (16 - bits))
}

// SeekTo halves the file until it is near the place, and decodes from there.
// Frames say where they belong.
func (d *flacDecoder) SeekTo(at time.Duration) error {
	want := max(0, d.format.Frames(at))
	if d.total > 0 {
		want = min(want, d.total)
	}
	low, high, place := d.from, d.size, int64(0)
	for range flacSteps {
		if high-low < flacNear {
			break
		}
		mid := low + (high-low)/2
		found, number, ok := d.frameAfter(mid)
		switch {
		case !ok, number > want, found >= high:
			high = mid
		default:
			low, place = found, number
		}
	}
	if err := d.goTo(low); err != nil {
		return err
	}
	d.skip = want - place
	return nil
}

// frameAfter finds the next frame of the file behind a place, and the number of
// its first sample.
func (d *flacDecoder) frameAfter(at int64) (found, number int64, ok bool) {
	if _, err := d.src.Seek(at, io.SeekStart); err != nil {
		return 0, 0, false
	}
	r := bufio.NewReaderSize(io.LimitReader(d.src, flacScan), 32<<10)
	for tries := 0; tries < flacTries; {
		b, err := r.Peek(16) // a head has no more
		if len(b) < 2 || err != nil && err != io.EOF {
			return 0, 0, false
		}
		if b[0] == 0xFF && b[1]&0xFE == 0xF8 && !chatty(b) {
			tries++
			f, err := frame.New(bytes.NewReader(b))
			if err == nil && f.SampleNumber() <= uint64(maxLength.Seconds())*maxRate {
				return at, int64(f.SampleNumber()), true
			}
		}
		skip := len(b)
		if i := bytes.IndexByte(b[1:], 0xFF); i >= 0 {
			skip = i + 1
		}
		if _, err := r.Discard(skip); err != nil {
			return 0, 0, false
		}
		at += int64(skip)
	}
	return 0, 0, false
}
