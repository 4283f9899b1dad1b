package sound

import (
	"bufio"
	"encoding/binary"
	"io"
	"math"
	"time"

	"github.com/hajimehoshi/go-mp3"
)

const (
	// maxMP3 is the largest file of this kind that is played.
	maxMP3 = 128 << 20
	// maxMP3Parts is how many parts it has at most, of some four hours: the library
	// keeps in memory where each begins, and a hostile file has many.
	maxMP3Parts = 600_000
)

// mp3Decoder decodes MPEG audio, layer III, which is given as stereo always.
type mp3Decoder struct {
	dec *mp3.Decoder
	raw []byte
}

func openMP3(r io.ReadSeeker) (Decoder, error) {
	size, err := r.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, err
	}
	if size > maxMP3 {
		return nil, ErrKind
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	src := &buffered{src: r, Reader: bufio.NewReaderSize(r, 32<<10), left: 2 * maxMP3Parts}
	dec, err := mp3.NewDecoder(src)
	if src.left < 0 {
		return nil, ErrKind
	} else if err != nil {
		return nil, ErrBroken
	}
	src.left = math.MaxInt
	return &mp3Decoder{dec: dec}, nil
}

// buffered is a file of which single bytes may be read, and larger pieces a number
// of times.
type buffered struct {
	src io.ReadSeeker
	*bufio.Reader
	left int
}

// Read is io.Reader's.
func (b *buffered) Read(p []byte) (int, error) {
	if len(p) > 1 { // the head of a part, and the part
		if b.left--; b.left < 0 {
			return 0, ErrKind
		}
	}
	return b.Reader.Read(p)
}

// Seek is io.Seeker's.
func (b *buffered) Seek(offset int64, whence int) (int64, error) {
	if whence == io.SeekCurrent {
		offset -= int64(b.Buffered())
	}
	at, err := b.src.Seek(offset, whence)
	b.Reset(b.src)
	return at, err
}

// mp3Frame is the bytes of two samples.
const mp3Frame = 4

func (d *mp3Decoder) Format() Format        { return Format{d.dec.SampleRate(), 2} }
func (d *mp3Decoder) Length() time.Duration { return d.Format().Length(d.dec.Length() / mp3Frame) }
func (d *mp3Decoder) Speech() bool          { return false }

func (d *mp3Decoder) Read(samples []int16) (int, error) {
	want := len(samples) / 2 * mp3Frame
	if cap(d.raw) < want {
		d.raw = make([]byte, want)
	}
	n, err := d.dec.Read(d.raw[:want])
	if n == 0 {
		if err == nil || err == io.EOF {
			return 0, io.EOF
		}
		return 0, ErrBroken
	}
	n = n / mp3Frame * 2
	for i := range n {
		samples[i] = int16(binary.LittleEndian.Uint16(d.raw[2*i:]))
	}
	return n, nil
}

func (d *mp3Decoder) SeekTo(at time.Duration) error {
	to := max(0, d.Format().Frames(at)) * mp3Frame
	// The last parts are not decoded without the ones before: stop short of them.
	to = max(0, min(to, d.dec.Length()-2*4608))
	_, err := d.dec.Seek(to, io.SeekStart)
	return err
}
