package sound

import (
	"errors"
	"io"
	"time"

	"github.com/tphakala/go-aac/pcm"

	"linnet/account/sound/aac"
)

// aacDecoder decodes AAC-LC. That of HE-AAC, which has more in its units than the
// library knows, is not played, as half of its sound would be missing.
type aacDecoder struct {
	units  aac.File
	config []byte
	dec    *pcm.Decoder
	unit   unitReader
	format Format
	start  int64 // frames before what is to be heard
	total  int64 // frames to be heard
	at     int64 // frames that were given
	skip   int64 // frames that are decoded and not given
	raw    []byte
	rest   []byte // decoded and not given yet
	lost   int    // units that made no sense, one after the other
}

func openADTS(r io.ReadSeeker) (Decoder, error) { return openAAC(aac.OpenADTS(r)) }
func openMP4(r io.ReadSeeker) (Decoder, error)  { return openAAC(aac.OpenMP4(r)) }

func openAAC(units aac.File, err error) (Decoder, error) {
	if err != nil {
		return nil, broken(err)
	}
	info := units.Info()
	d := &aacDecoder{units: units, config: info.Config}
	if d.dec, err = pcm.NewDecoder(&d.unit, pcm.WithRawStream(d.config)); err != nil {
		return nil, aacError(err)
	}
	of := d.dec.Info()
	d.format = Format{of.SampleRate, of.Channels}
	d.raw = make([]byte, aac.Frames*of.Channels*bytesEach)
	all := info.Units * aac.Frames
	d.start = min(d.format.Frames(info.Start), all)
	d.total = all - d.start
	if info.Length > 0 {
		d.total = min(d.total, d.format.Frames(info.Length))
	}
	// The first unit tells whether there is more in them than is known.
	first, err := units.Next()
	if err != nil {
		return nil, broken(err)
	}
	if err := d.decode(first); errors.Is(err, pcm.ErrUnsupported) {
		return nil, ErrKind
	}
	return d, d.SeekTo(0)
}

// bytesEach is how many bytes the library gives for a sample.
const bytesEach = 2

// aacError takes what the library says for its content.
func aacError(err error) error {
	if errors.Is(err, pcm.ErrUnsupported) {
		return ErrKind
	}
	return ErrBroken
}

// unitReader gives the library a unit, behind its size.
type unitReader struct {
	size [2]byte
	rest [2][]byte
}

func (u *unitReader) put(unit []byte) {
	u.size = [2]byte{byte(len(unit) >> 8), byte(len(unit))}
	u.rest = [2][]byte{u.size[:], unit}
}

// Read is io.Reader's.
func (u *unitReader) Read(p []byte) (n int, err error) {
	for i := range u.rest {
		k := copy(p[n:], u.rest[i])
		u.rest[i] = u.rest[i][k:]
		n += k
	}
	if n == 0 {
		return 0, io.EOF
	}
	return n, nil
}

func (d *aacDecoder) Format() Format        { return d.format }
func (d *aacDecoder) Length() time.Duration { return d.format.Length(d.total) }

// Speech takes one channel for speech: phones record voice messages so, and music
// is hardly ever kept so.
func (d *aacDecoder) Speech() bool { return d.format.Channels == 1 }

func (d *aacDecoder) Read(samples []int16) (int, error) {
	for len(d.rest) == 0 {
		if d.at >= d.total {
			return 0, io.EOF
		}
		if err := d.next(); err != nil {
			return 0, err
		}
	}
	c := d.format.Channels
	n := min(len(samples)/c*c, len(d.rest)/bytesEach)
	for i := range n {
		samples[i] = int16(uint16(d.rest[2*i]) | uint16(d.rest[2*i+1])<<8)
	}
	d.rest = d.rest[n*bytesEach:]
	d.at += int64(n / c)
	return n, nil
}

// next decodes a unit into rest. One that makes no sense gives silence.
func (d *aacDecoder) next() error {
	unit, err := d.units.Next()
	if err == io.EOF {
		return err
	} else if err != nil {
		return broken(err)
	}
	if err := d.decode(unit); err == nil {
		d.lost = 0
	} else {
		if d.lost++; d.lost > maxLost {
			return aacError(err)
		}
		clear(d.raw)
		if err := d.reset(); err != nil {
			return err
		}
	}
	each := int64(d.format.Channels * bytesEach)
	skip := min(d.skip, aac.Frames)
	d.skip -= skip
	left := max(0, min(d.total-d.at, aac.Frames-skip))
	d.rest = d.raw[skip*each:][:left*each]
	return nil
}

// decode puts what a unit gives into raw.
func (d *aacDecoder) decode(unit []byte) error {
	d.unit.put(unit)
	_, err := io.ReadFull(d.dec, d.raw)
	return err
}

// reset has the decoder begin anew.
func (d *aacDecoder) reset() error {
	d.unit.rest = [2][]byte{}
	if err := d.dec.Reset(&d.unit, pcm.WithRawStream(d.config)); err != nil {
		return aacError(err)
	}
	return nil
}

// SeekTo goes to the unit before that of the place, which each overlaps with.
func (d *aacDecoder) SeekTo(at time.Duration) error {
	want := max(0, min(d.format.Frames(at), d.total))
	goal := want + d.start
	unit := max(0, goal/aac.Frames-1)
	if err := d.units.SeekTo(unit); err != nil {
		return broken(err)
	}
	d.at, d.skip, d.rest, d.lost = want, goal-unit*aac.Frames, nil, 0
	return d.reset()
}
