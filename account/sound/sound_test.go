package sound

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"testing"
	"time"

	"github.com/mewkiz/flac"
	"github.com/mewkiz/flac/frame"
	"github.com/mewkiz/flac/meta"

	"linnet/account/media"
)

// tone makes a sine on each of the channels.
func tone(f Format, hz float64, d time.Duration) []int16 {
	out := make([]int16, 0, f.Samples(d))
	for i := range f.Samples(d) / f.Channels {
		s := int16(12000 * math.Sin(2*math.Pi*hz*float64(i)/float64(f.Rate)))
		for range f.Channels {
			out = append(out, s)
		}
	}
	return out
}

// share is how much of the power of the first channel is at a frequency, by
// Goertzel's way.
func share(samples []int16, f Format, hz float64) float64 {
	coeff := 2 * math.Cos(2*math.Pi*hz/float64(f.Rate))
	var s1, s2, power, n float64
	for i := 0; i < len(samples); i += f.Channels {
		x := float64(samples[i])
		s1, s2 = x+coeff*s1-s2, s1
		power += x * x
		n++
	}
	if power == 0 {
		return 0
	}
	return 2 * (s1*s1 + s2*s2 - coeff*s1*s2) / (n * power)
}

// all decodes a sound from where it is.
func all(t testing.TB, d Decoder) (out []int16) {
	t.Helper()
	buf := make([]int16, 1000*d.Format().Channels)
	for {
		n, err := d.Read(buf)
		out = append(out, buf[:n]...)
		if err == io.EOF {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// wavOf makes a WAV file of 16 bits.
func wavOf(f Format, samples []int16) []byte {
	b := append([]byte("RIFF\x00\x00\x00\x00WAVE"), "LIST\x03\x00\x00\x00abc\x00fmt \x10\x00\x00\x00\x01\x00"...)
	b = binary.LittleEndian.AppendUint16(b, uint16(f.Channels))
	b = binary.LittleEndian.AppendUint32(b, uint32(f.Rate))
	b = binary.LittleEndian.AppendUint32(b, uint32(2*f.Rate*f.Channels))
	b = binary.LittleEndian.AppendUint16(b, uint16(2*f.Channels))
	b = append(b, 16, 0, 'd', 'a', 't', 'a')
	b = binary.LittleEndian.AppendUint32(b, uint32(2*len(samples)))
	for _, s := range samples {
		b = binary.LittleEndian.AppendUint16(b, uint16(s))
	}
	return b
}

// flacOf makes a FLAC file.
func flacOf(t testing.TB, f Format, samples []int16) []byte {
	t.Helper()
	var b bytes.Buffer
	const block = 4096
	enc, err := flac.NewEncoder(&b, &meta.StreamInfo{
		BlockSizeMin: block, BlockSizeMax: block, SampleRate: uint32(f.Rate), NChannels: uint8(f.Channels), BitsPerSample: 16,
		NSamples: uint64(len(samples) / f.Channels),
	})
	if err != nil {
		t.Fatal(err)
	}
	channels := frame.ChannelsMono
	if f.Channels == 2 {
		channels = frame.ChannelsLR
	}
	for n := uint64(0); len(samples) > 0; n++ {
		size := min(block, len(samples)/f.Channels)
		fr := &frame.Frame{Header: frame.Header{
			HasFixedBlockSize: true, BlockSize: uint16(size), SampleRate: uint32(f.Rate), Channels: channels, BitsPerSample: 16, Num: n,
		}}
		for c := range f.Channels {
			sub := &frame.Subframe{SubHeader: frame.SubHeader{Pred: frame.PredVerbatim}, NSamples: size}
			for i := range size {
				sub.Samples = append(sub.Samples, int32(samples[i*f.Channels+c]))
			}
			fr.Subframes = append(fr.Subframes, sub)
		}
		if err := enc.WriteFrame(fr); err != nil {
			t.Fatal(err)
		}
		samples = samples[size*f.Channels:]
	}
	if err := enc.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// steps is a sound that says where it is: 300 Hz in its first second, and 100 Hz
// more in each that follows.
func steps(f Format, seconds int) (out []int16) {
	for s := range seconds {
		out = append(out, tone(f, 300+100*float64(s), time.Second)...)
	}
	return out
}

// TestDecoders decodes sounds of all kinds, and goes to places in them.
func TestDecoders(t *testing.T) {
	stereo, mono, phone := Format{44100, 2}, Format{16000, 1}, Format{48000, 1}
	for name, x := range map[string]struct {
		data   []byte
		format Format
		length time.Duration
	}{
		"WAV":              {wavOf(stereo, steps(stereo, 5)), stereo, 5 * time.Second},
		"WAV of one":       {wavOf(mono, steps(mono, 5)), mono, 5 * time.Second},
		"FLAC":             {flacOf(t, stereo, steps(stereo, 5)), stereo, 5 * time.Second},
		"FLAC of one":      {flacOf(t, mono, steps(mono, 5)), mono, 5 * time.Second},
		"M4A":              {m4aOf(t, stereo, steps(stereo, 5)), stereo, 5 * time.Second},
		"M4A of one":       {m4aOf(t, phone, steps(phone, 5)), phone, 5 * time.Second},
		"FLAC behind tags": {append([]byte("ID3\x04\x00\x00\x00\x00\x02\x00"+string(make([]byte, 256))), flacOf(t, mono, steps(mono, 5))...), mono, 5 * time.Second},
	} {
		d, err := Open(bytes.NewReader(x.data))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if d.Format() != x.format || (d.Length()-x.length).Abs() > time.Millisecond {
			t.Errorf("%s: %+v, %v", name, d.Format(), d.Length())
		}
		checkSteps(t, name, d, 5)
	}
}

// checkSteps decodes steps, all of it and then parts out of order.
func checkSteps(t *testing.T, name string, d Decoder, seconds int) {
	t.Helper()
	f := d.Format()
	heard := all(t, d)
	if got := f.Length(int64(len(heard) / f.Channels)); (got - time.Duration(seconds)*time.Second).Abs() > 2*time.Millisecond {
		t.Errorf("%s: decoded %v", name, got)
	}
	for _, second := range []int{seconds - 1, 0, 2, 1, 3} {
		at := time.Duration(second)*time.Second + 300*time.Millisecond
		if err := d.SeekTo(at); err != nil {
			t.Fatalf("%s at %v: %v", name, at, err)
		}
		var part []int16
		for len(part) < f.Samples(500*time.Millisecond) {
			buf := make([]int16, 512*f.Channels)
			n, err := d.Read(buf)
			if err != nil {
				t.Fatalf("%s at %v: %v", name, at, err)
			}
			part = append(part, buf[:n]...)
		}
		if got := share(part, f, 300+100*float64(second)); got < 0.95 {
			t.Errorf("%s at %v: the tone is %.2f of it", name, at, got)
		}
	}
	if err := d.SeekTo(time.Hour); err != nil {
		t.Errorf("%s beyond the end: %v", name, err)
	}
	if rest := all(t, d); len(rest) > f.Samples(300*time.Millisecond) {
		t.Errorf("%s: %d samples behind the end", name, len(rest))
	}
}

// TestWAVKinds reads samples of all widths.
func TestWAVKinds(t *testing.T) {
	file := func(code, channels, bits int, data string) []byte {
		b := append([]byte("RIFF\x00\x00\x00\x00WAVEfmt \x28\x00\x00\x00"), byte(code), byte(code>>8), byte(channels), 0, 0x40, 0x1F, 0, 0)
		b = append(b, 0, 0, 0, 0, 0, 0, byte(bits), 0)
		b = append(b, "\x16\x00\x00\x00\x00\x00\x00\x00\x01\x00"...)
		b = append(b, make([]byte, 40-26)...)
		return append(append(b, 'd', 'a', 't', 'a', byte(len(data)), 0, 0, 0), data...)
	}
	for name, x := range map[string]struct {
		data []byte
		want []int16
		err  error
	}{
		"8 bits":       {file(1, 1, 8, "\x00\x80\xFF"), []int16{-32768, 0, 127 << 8}, nil},
		"24 bits":      {file(1, 1, 24, "\x00\x01\x02\xFF\xFF\xFF"), []int16{0x0201, -1}, nil},
		"32 bits":      {file(1, 2, 32, "\x00\x00\x01\x02\x00\x00\x03\x04"), []int16{0x0201, 0x0403}, nil},
		"float":        {file(3, 1, 32, "\x00\x00\x80\x3F\x00\x00\x80\xBF\x00\x00\xC0\x7F\x00\x00\x00\x42"), []int16{32767, -32767, 0, 32767}, nil},
		"double":       {file(3, 1, 64, "\x00\x00\x00\x00\x00\x00\xE0\xBF"), []int16{-16383}, nil},
		"extensible":   {file(0xFFFE, 1, 16, "\x05\x00"), []int16{5}, nil},
		"six channels": {file(1, 6, 8, "\x81\x82\x83\x84\x85\x86"), []int16{256, 512}, nil},
		"cut":          {file(1, 1, 16, "\x05\x00\x06"), []int16{5}, nil},
		"of law":       {file(7, 1, 8, "\x05"), nil, ErrKind},
		"of no sound":  {file(1, 0, 16, "\x05"), nil, ErrKind},
	} {
		d, err := Open(bytes.NewReader(x.data))
		if !errors.Is(err, x.err) {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil {
			continue
		}
		got := all(t, d)
		if len(got) != len(x.want) {
			t.Errorf("%s: %v, want %v", name, got, x.want)
			continue
		}
		for i := range got {
			if got[i] != x.want[i] {
				t.Errorf("%s: %v, want %v", name, got, x.want)
			}
		}
	}
}

// TestPlayable holds that what names and others call a sound is known by that.
func TestPlayable(t *testing.T) {
	for _, name := range []string{"x.opus", "x.ogg", "x.m4a", "x.aac", "x.mp3", "x.flac", "x.wav"} {
		if kind := media.TypeByName(name); !Playable(kind) {
			t.Errorf("%s, which is %s, is not played", name, kind)
		}
	}
	for kind, want := range map[string]bool{
		"audio/vorbis": true, "audio/x-m4a": true, "audio/mp4a-latm": true, "audio/aacp": true,
		"audio/webm": false, "audio/amr": false, "video/mp4": false, "text/plain": false,
	} {
		if Playable(kind) != want {
			t.Errorf("%s is played: %v", kind, !want)
		}
	}
}

// TestOpenRefuses holds what is no sound, or of a kind we do not play.
func TestOpenRefuses(t *testing.T) {
	for name, x := range map[string]struct {
		data string
		want error
	}{
		"nothing":     {"", ErrKind},
		"text":        {"to be or not to be", ErrKind},
		"Ogg of none": {"OggS", ErrBroken},
		"huge tag":    {"ID3\x04\x00\x00\x7F\x7F\x7F\x7F and more", ErrBroken},
		"tag alone":   {"ID3\x04\x00\x00\x00\x00\x7F\x7F", ErrBroken},
		"FLAC, cut":   {"fLaC\x00\x00", ErrBroken},
		"WAV, cut":    {"RIFF\x00\x00\x00\x00WAVEfmt ", ErrBroken},
		"MP3, cut":    {"\xFF\xFB\x90\x00", ErrBroken},
	} {
		if d, err := Open(bytes.NewReader([]byte(x.data))); !errors.Is(err, x.want) {
			t.Errorf("%s: %v, %v", name, d, err)
		}
	}
}

// TestGuard has decoders of others panic.
func TestGuard(t *testing.T) {
	if _, err := guard(nil, func(io.ReadSeeker) (Decoder, error) { panic("in a library") }); !errors.Is(err, ErrBroken) {
		t.Errorf("got %v", err)
	}
	g := &guarded{panics{}}
	if _, err := g.Read(nil); !errors.Is(err, ErrBroken) {
		t.Errorf("reading: %v", err)
	}
	if err := g.SeekTo(0); !errors.Is(err, ErrBroken) {
		t.Errorf("seeking: %v", err)
	}
	if d := g.Length(); d != 0 {
		t.Errorf("a length of %v is believed", d)
	}
}

type panics struct{ Decoder }

func (panics) Read([]int16) (int, error)  { panic("in a library") }
func (panics) SeekTo(time.Duration) error { panic("in a library") }
func (panics) Length() time.Duration      { return 100 * 365 * 24 * time.Hour }
