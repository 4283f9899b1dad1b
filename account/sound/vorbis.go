package sound

import (
	"bytes"
	"encoding/binary"
	"io"
	"time"

	"github.com/jfreymuth/vorbis"

	"linnet/account/sound/ogg"
)

// vorbisHeads is how many packets come before the sound: what it is, comments, and
// the setup.
const vorbisHeads = 3

// Sizes of blocks as powers of two (Vorbis I, section 4.2.2).
const minBlock, maxBlock = 6, 13

// vorbisDecoder decodes Vorbis in Ogg. The library sees a setup only after
// checkVorbisSetup, and comments never: it makes room for as many as they say.
type vorbisDecoder struct {
	src    io.ReadSeeker
	pages  *ogg.Reader
	dec    vorbis.Decoder
	format Format
	total  int64 // frames; 0 for not known
	at     int64 // frames that were given
	skip   int64 // frames that are decoded and not given
	buf    []float32
	rest   []float32 // decoded and not given yet
	lost   int       // packets that made no sense, one after the other
}

// isVorbis tells whether a stream that begins with a packet is of Vorbis.
func isVorbis(first []byte) bool { return bytes.HasPrefix(first, []byte("\x01vorbis")) }

func openVorbis(r io.ReadSeeker) (Decoder, error) {
	d := &vorbisDecoder{src: r}
	if err := d.rewind(d.head); err != nil {
		return nil, err
	}
	last, err := ogg.LastGranule(r, d.pages.Serial())
	if err != nil {
		return nil, err
	}
	if last > 0 && d.format.Length(last) < maxLength {
		d.total = last
	}
	d.buf = make([]float32, d.dec.BufferSize())
	return d, d.rewind(nil)
}

// rewind goes to the beginning, and has what comes before the sound looked at.
func (d *vorbisDecoder) rewind(look func(i int, packet []byte) error) error {
	if _, err := d.src.Seek(0, io.SeekStart); err != nil {
		return err
	}
	d.pages = ogg.NewReader(d.src)
	for i := range vorbisHeads {
		p, err := d.pages.Next()
		if err != nil {
			return broken(err)
		}
		if look == nil {
			continue
		}
		if err := look(i, p.Data); err != nil {
			return err
		}
	}
	d.dec.Clear()
	d.at, d.skip, d.rest, d.lost = 0, 0, nil, 0
	return nil
}

// head reads what the sound is, and how it is made.
func (d *vorbisDecoder) head(i int, packet []byte) error {
	switch i {
	case 0:
		if !isVorbis(packet) || len(packet) < 30 {
			return ErrBroken
		}
		rate := binary.LittleEndian.Uint32(packet[12:])
		if rate < minRate || rate > maxRate || packet[11] < 1 || packet[11] > 2 {
			return ErrKind
		}
		d.format = Format{int(rate), int(packet[11])}
		if short, long := packet[28]&15, packet[28]>>4; short < minBlock || long < short || long > maxBlock {
			return ErrBroken
		}
	case 1:
		return nil
	case 2:
		if !bytes.HasPrefix(packet, []byte("\x05vorbis")) {
			return ErrBroken
		}
		if err := checkVorbisSetup(packet[7:]); err != nil {
			return err
		}
	}
	if d.dec.ReadHeader(packet) != nil {
		return ErrBroken
	}
	return nil
}

func (d *vorbisDecoder) Format() Format        { return d.format }
func (d *vorbisDecoder) Length() time.Duration { return d.format.Length(d.total) }

// Speech is Decoder's: nobody sends voice messages in this.
func (d *vorbisDecoder) Speech() bool { return false }

func (d *vorbisDecoder) Read(samples []int16) (int, error) {
	for len(d.rest) == 0 {
		if d.total > 0 && d.at >= d.total {
			return 0, io.EOF
		}
		p, err := d.pages.Next()
		if err == io.EOF {
			return 0, err
		} else if err != nil {
			return 0, broken(err)
		}
		if err := d.decode(p.Data); err != nil {
			return 0, err
		}
	}
	c := d.format.Channels
	n := min(len(samples)/c*c, len(d.rest))
	for i, x := range d.rest[:n] {
		samples[i] = unit(float64(x))
	}
	d.rest = d.rest[n:]
	d.at += int64(n / c)
	return n, nil
}

// decode puts what a packet gives into rest: what it and the one before have in
// common.
func (d *vorbisDecoder) decode(packet []byte) error {
	var out []float32
	err := io.ErrUnexpectedEOF
	if len(packet) > 0 {
		out, err = d.dec.DecodeInto(packet, d.buf)
	}
	if err != nil {
		if d.lost++; d.lost > maxLost {
			return ErrBroken
		}
		return nil
	}
	d.lost = 0
	c := d.format.Channels
	skip := min(d.skip, int64(len(out)/c))
	d.skip -= skip
	d.rest = out[int(skip)*c:]
	if d.total > 0 {
		left := max(0, d.total-d.at) * int64(c)
		d.rest = d.rest[:min(int64(len(d.rest)), left)]
	}
	return nil
}

// SeekTo reads packets without decoding them to find the last page that ends before
// the place, and decodes from the last packet of that on.
func (d *vorbisDecoder) SeekTo(at time.Duration) error {
	if err := d.rewind(nil); err != nil {
		return err
	}
	want := max(0, d.format.Frames(at))
	if d.total > 0 {
		want = min(want, d.total)
	}
	before, place := 0, int64(0) // packets before the one to begin with, and where it ends
	for n := 0; ; n++ {
		p, err := d.pages.Next()
		if err == io.EOF || err == nil && p.Granule > want {
			break
		} else if err != nil {
			return broken(err)
		}
		if p.Granule > 0 {
			before, place = n, p.Granule
		}
	}
	if err := d.rewind(nil); err != nil {
		return err
	}
	for range before {
		if _, err := d.pages.Next(); err != nil {
			return broken(err)
		}
	}
	d.at, d.skip = want, max(0, want-place)
	return nil
}
