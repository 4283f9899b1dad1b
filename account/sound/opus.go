package sound

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"time"

	"github.com/pion/opus"

	"linnet/account/sound/aac"
	"linnet/account/sound/ogg"
)

// opusRate is what Opus counts in, whatever was recorded (RFC 7845).
const opusRate = 48000

const (
	// opusMost is the most frames a packet holds: 120 ms.
	opusMost = opusRate * 120 / 1000
	// preroll is how much is decoded before the place that is gone to, so that
	// the decoder has settled (RFC 7845, section 4.6).
	preroll = opusRate * 80 / 1000
	// maxLost is how many packets in a row may make no sense.
	maxLost = 50
)

// opusHead is the first packet of a stream (RFC 7845, section 5.1).
type opusHead struct {
	channels int
	skip     int64 // frames at the beginning that are not to be heard
	gain     float64
}

func parseOpusHead(b []byte) (opusHead, error) {
	if len(b) < 19 || !bytes.HasPrefix(b, []byte("OpusHead")) || b[8]&0xF0 != 0 {
		return opusHead{}, ErrKind
	}
	h := opusHead{channels: int(b[9]), skip: int64(binary.LittleEndian.Uint16(b[10:])), gain: 1}
	if gain := int16(binary.LittleEndian.Uint16(b[16:])); gain != 0 {
		h.gain = math.Pow(10, float64(gain)/(20*256))
	}
	family := b[18]
	single := family == 0 || family == 1 && len(b) >= 21 && b[19] == 1 // one stream in it
	if !single || h.channels < 1 || h.channels > 2 {
		return opusHead{}, ErrKind
	}
	return h, nil
}

// opusFrames gives how many frames a packet lasts by its first bytes (RFC 6716,
// section 3.1); 0 if it makes no sense.
func opusFrames(packet []byte) int {
	if len(packet) == 0 {
		return 0
	}
	size := 0
	switch config := packet[0] >> 3; {
	case config < 12: // SILK
		size = [4]int{480, 960, 1920, 2880}[config&3]
	case config < 16: // both
		size = [2]int{480, 960}[config&1]
	default: // CELT
		size = 120 << (config & 3)
	}
	count := 1
	switch packet[0] & 3 {
	case 1, 2:
		count = 2
	case 3:
		if len(packet) < 2 {
			return 0
		}
		count = int(packet[1] & 0x3F)
	}
	if n := size * count; n <= opusMost {
		return n
	}
	return 0
}

// opusDecoder decodes Opus in Ogg.
type opusDecoder struct {
	src   io.ReadSeeker
	pages *ogg.Reader
	dec   opus.Decoder
	head  opusHead
	total int64   // frames; 0 for not known
	at    int64   // frames that were given
	skip  int64   // frames that are decoded and not given
	rest  []int16 // decoded and not given yet
	buf   []int16
	lost  int // packets that made no sense, one after the other
}

// openOgg tells by the first packet what is in Ogg.
func openOgg(r io.ReadSeeker) (Decoder, error) {
	first, err := ogg.NewReader(r).Next()
	if err != nil {
		return nil, broken(err)
	}
	if isVorbis(first.Data) {
		return openVorbis(r)
	}
	return openOpus(r)
}

func openOpus(r io.ReadSeeker) (Decoder, error) {
	d := &opusDecoder{src: r}
	if err := d.rewind(); err != nil {
		return nil, err
	}
	last, err := ogg.LastGranule(r, d.pages.Serial())
	if err != nil {
		return nil, err
	}
	if last -= d.head.skip; last > 0 && last < int64(maxLength.Seconds())*opusRate {
		d.total = last
	}
	return d, d.rewind()
}

// rewind goes to the beginning.
func (d *opusDecoder) rewind() error {
	if _, err := d.src.Seek(0, io.SeekStart); err != nil {
		return err
	}
	d.pages = ogg.NewReader(d.src)
	first, err := d.pages.Next()
	if err != nil {
		return broken(err)
	}
	if d.head, err = parseOpusHead(first.Data); err != nil {
		return err
	}
	if _, err := d.pages.Next(); err != nil { // comments, which say nothing of how it sounds
		return broken(err)
	}
	return d.reset()
}

// reset has the decoder begin anew.
func (d *opusDecoder) reset() (err error) {
	d.dec, err = opus.NewDecoderWithOutput(opusRate, d.head.channels)
	d.at, d.skip, d.rest, d.lost = 0, d.head.skip, nil, 0
	d.buf = make([]int16, opusMost*d.head.channels)
	return err
}

// broken takes what a container says for its content.
func broken(err error) error {
	switch {
	case errors.Is(err, aac.ErrKind):
		return ErrKind
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, aac.ErrBroken):
		return ErrBroken
	}
	return err
}

func (d *opusDecoder) Format() Format { return Format{opusRate, d.head.channels} }
func (d *opusDecoder) Length() time.Duration {
	return d.Format().Length(d.total)
}
func (d *opusDecoder) Speech() bool { return d.head.channels == 1 }

func (d *opusDecoder) Read(samples []int16) (int, error) {
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
	c := d.head.channels
	n := copy(samples[:len(samples)/c*c], d.rest)
	d.rest = d.rest[n:]
	d.at += int64(n / c)
	return n, nil
}

// decode puts what a packet gives into rest. One that makes no sense gives
// silence.
func (d *opusDecoder) decode(packet []byte) error {
	frames := opusFrames(packet)
	if frames == 0 {
		d.lost++
	} else if n, err := d.dec.DecodeToInt16(packet, d.buf); err != nil {
		d.lost++
		clear(d.buf[:frames*d.head.channels])
	} else {
		d.lost, frames = 0, n
	}
	if d.lost > maxLost {
		return ErrBroken
	}
	skip := min(d.skip, int64(frames))
	d.skip -= skip
	c := d.head.channels
	d.rest = d.buf[int(skip)*c : frames*c]
	if d.total > 0 {
		left := max(0, d.total-d.at) * int64(c)
		d.rest = d.rest[:min(int64(len(d.rest)), left)]
	}
	if d.head.gain != 1 {
		for i, s := range d.rest {
			d.rest[i] = clip(float64(s) * d.head.gain)
		}
	}
	return nil
}

func clip(x float64) int16 {
	return int16(max(math.MinInt16, min(math.MaxInt16, x)))
}

// SeekTo reads packets without decoding them until shortly before the place:
// voice messages are small, and nothing in the file has to be believed.
func (d *opusDecoder) SeekTo(at time.Duration) error {
	if err := d.rewind(); err != nil {
		return err
	}
	want := max(0, d.Format().Frames(at))
	if d.total > 0 {
		want = min(want, d.total)
	}
	place, goal := int64(0), want+d.head.skip
	for place < goal-preroll {
		p, err := d.pages.Next()
		if err == io.EOF {
			break
		} else if err != nil {
			return broken(err)
		}
		place += int64(opusFrames(p.Data))
	}
	d.at, d.skip = want, max(0, goal-place)
	return nil
}
