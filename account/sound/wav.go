package sound

import (
	"bufio"
	"encoding/binary"
	"io"
	"math"
	"time"
)

// Codes of how samples are written in a WAV file.
const (
	wavPCM        = 1
	wavFloat      = 3
	wavExtensible = 0xFFFE
)

// wavDecoder reads samples that are not compressed.
type wavDecoder struct {
	src      io.ReadSeeker
	r        *bufio.Reader
	format   Format
	channels int // in the file
	bytes    int // of a sample
	float    bool
	from     int64 // where the samples begin
	frames   int64
	at       int64
	frame    []byte
}

func openWAV(r io.ReadSeeker) (Decoder, error) {
	d := &wavDecoder{src: r}
	if err := d.parse(); err != nil {
		return nil, err
	}
	d.frame = make([]byte, d.channels*d.bytes)
	return d, d.SeekTo(0)
}

// parse reads the chunks up to the samples.
func (d *wavDecoder) parse() error {
	size, err := d.src.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	at := int64(12)
	for range 64 { // chunks of others in between
		if _, err := d.src.Seek(at, io.SeekStart); err != nil {
			return err
		}
		var head [8]byte
		if _, err := io.ReadFull(d.src, head[:]); err != nil {
			return broken(err)
		}
		n := int64(binary.LittleEndian.Uint32(head[4:]))
		at += int64(len(head))
		switch string(head[:4]) {
		case "fmt ":
			if err := d.parseFormat(n); err != nil {
				return err
			}
		case "data":
			if d.bytes == 0 {
				return ErrBroken
			}
			d.from = at
			d.frames = min(n, size-at) / int64(d.channels*d.bytes)
			return nil
		}
		at += n + n&1
		if at > size {
			break
		}
	}
	return ErrBroken
}

func (d *wavDecoder) parseFormat(size int64) error {
	b := make([]byte, min(size, 40))
	if _, err := io.ReadFull(d.src, b); err != nil || len(b) < 16 {
		return ErrBroken
	}
	code := binary.LittleEndian.Uint16(b)
	if code == wavExtensible && len(b) >= 26 {
		code = binary.LittleEndian.Uint16(b[24:])
	}
	d.channels = int(binary.LittleEndian.Uint16(b[2:]))
	rate := binary.LittleEndian.Uint32(b[4:])
	bits := int(binary.LittleEndian.Uint16(b[14:]))
	d.float = code == wavFloat
	switch {
	case code == wavPCM && (bits == 8 || bits == 16 || bits == 24 || bits == 32):
	case code == wavFloat && (bits == 32 || bits == 64):
	default:
		return ErrKind
	}
	if d.channels < 1 || d.channels > 64 || rate > maxRate {
		return ErrKind
	}
	d.bytes = bits / 8
	d.format = Format{int(rate), toStereo(d.channels)}
	return nil
}

func (d *wavDecoder) Format() Format        { return d.format }
func (d *wavDecoder) Length() time.Duration { return d.format.Length(d.frames) }
func (d *wavDecoder) Speech() bool          { return false }

func (d *wavDecoder) Read(samples []int16) (n int, err error) {
	for n+d.format.Channels <= len(samples) {
		if d.at == d.frames {
			err = io.EOF
			break
		}
		if _, err = io.ReadFull(d.r, d.frame); err != nil {
			err = broken(err)
			break
		}
		d.at++
		for c := range d.format.Channels {
			samples[n] = d.sample(d.frame[c*d.bytes:])
			n++
		}
	}
	if n > 0 {
		return n, nil
	}
	return 0, err
}

// sample reads one sample.
func (d *wavDecoder) sample(b []byte) int16 {
	switch {
	case d.float && d.bytes == 4:
		return unit(float64(math.Float32frombits(binary.LittleEndian.Uint32(b))))
	case d.float:
		return unit(math.Float64frombits(binary.LittleEndian.Uint64(b)))
	case d.bytes == 1:
		return int16(int(b[0])-128) << 8
	}
	return int16(binary.LittleEndian.Uint16(b[d.bytes-2:]))
}

// unit takes a sample between -1 and 1; what is no number is silence.
func unit(x float64) int16 {
	if math.IsNaN(x) {
		return 0
	}
	return clip(x * math.MaxInt16)
}

func (d *wavDecoder) SeekTo(at time.Duration) error {
	d.at = max(0, min(d.format.Frames(at), d.frames))
	if _, err := d.src.Seek(d.from+d.at*int64(len(d.frame)), io.SeekStart); err != nil {
		return err
	}
	d.r = bufio.NewReaderSize(d.src, 32<<10)
	return nil
}
