//go:build cgo

package sound

import (
	"bytes"
	"encoding/binary"
	"errors"
	"testing"
	"time"

	"gopkg.in/hraban/opus.v2"

	"linnet/account/sound/aac/aactest"
)

// Where an input is longer, or more of it is decoded, fewer are tried: decoders
// that are watched are slow.
const (
	fuzzSize  = 4 << 10
	fuzzReads = 25
)

// fuzzDecode decodes whatever it is given, within bounds, and goes to places in
// it.
func fuzzDecode(t *testing.T, data []byte) {
	if len(data) > fuzzSize {
		return
	}
	d, err := Open(bytes.NewReader(data))
	if err != nil {
		return
	}
	f := d.Format()
	buf := make([]int16, f.Samples(playPart)/f.Channels*f.Channels+f.Channels)
	for _, at := range []time.Duration{0, time.Second, d.Length(), d.Length() / 2} {
		if at > 0 && d.SeekTo(at) != nil {
			continue
		}
		for range fuzzReads {
			n, err := d.Read(buf)
			if n < 0 || n > len(buf) || n%f.Channels != 0 || n == 0 && err == nil {
				t.Fatalf("read %d samples, %v", n, err)
			}
			if err != nil {
				break
			}
		}
	}
}

func FuzzOpus(f *testing.F) {
	short := tone(Speech, 440, 100*time.Millisecond)
	f.Add(record(f, short))
	stereo := Format{opusRate, 2}
	f.Add(opusOf(f, stereo, tone(stereo, 440, 100*time.Millisecond), opus.AppAudio, opus.Fullband, 64_000, packetFrames))
	f.Add(opusOf(f, Speech, short, opus.AppVoIP, opus.Narrowband, 12_000, 2880))
	f.Fuzz(fuzzDecode)
}

// FuzzOpusPacket is Opus without the container, whose checksums hide it.
func FuzzOpusPacket(f *testing.F) {
	for config := range 32 {
		f.Add([]byte{byte(config << 3), 1, 2, 3, 4, 5, 6, 7, 8}, config%2 == 0)
	}
	f.Fuzz(func(t *testing.T, packet []byte, stereo bool) {
		d := &opusDecoder{head: opusHead{channels: 1, gain: 1}}
		if stereo {
			d.head.channels = 2
		}
		if err := d.reset(); err != nil {
			t.Fatal(err)
		}
		for range 3 {
			if err := survive(func() error { return d.decode(packet) }); err != nil {
				return
			}
			if len(d.rest) > opusMost*2 {
				t.Fatalf("%d samples", len(d.rest))
			}
		}
	})
}

func FuzzFLAC(f *testing.F) {
	stereo := Format{44100, 2}
	f.Add(flacOf(f, stereo, tone(stereo, 440, 2*time.Millisecond)))
	f.Add(flacOf(f, Speech, tone(Speech, 440, 2*time.Millisecond)))
	f.Fuzz(fuzzDecode)
}

func FuzzWAV(f *testing.F) {
	f.Add(wavOf(Speech, tone(Speech, 440, 5*time.Millisecond)))
	f.Add([]byte("RIFF\x00\x00\x00\x00WAVEfmt \x10\x00\x00\x00"))
	f.Fuzz(fuzzDecode)
}

// mp3Silence is frames of silence: MPEG 1, layer III, 44.1 kHz.
func mp3Silence(frames int) (out []byte) {
	for range frames {
		frame := make([]byte, 417) // 128 kbit/s
		binary.BigEndian.PutUint32(frame, 0xFFFB9000)
		out = append(out, frame...)
	}
	return out
}

func TestMP3(t *testing.T) {
	d, err := Open(bytes.NewReader(append([]byte("ID3\x03\x00\x00\x00\x00\x00\x05tags "), mp3Silence(200)...)))
	if err != nil {
		t.Fatal(err)
	}
	const frame = 1152
	if d.Format() != (Format{44100, 2}) || d.Length() != d.Format().Length(200*frame) {
		t.Errorf("%+v, %v", d.Format(), d.Length())
	}
	if got := len(all(t, d)); got != 200*frame*2 {
		t.Errorf("%d samples", got)
	}
	if err := d.SeekTo(d.Format().Length(100 * frame)); err != nil {
		t.Fatal(err)
	}
	if got := len(all(t, d)); got != 100*frame*2 {
		t.Errorf("%d samples from the middle", got)
	}
	if err := d.SeekTo(time.Hour); err != nil {
		t.Error(err)
	}
}

// TestMP3Parts holds that a file does not fill the memory with where its parts
// begin: they are of 24 bytes, the smallest there are.
func TestMP3Parts(t *testing.T) {
	part := append([]byte{0xFF, 0xF3, 0x14, 0}, make([]byte, 20)...)
	for parts, want := range map[int]error{1000: nil, maxMP3Parts + 2: ErrKind} {
		if _, err := Open(bytes.NewReader(bytes.Repeat(part, parts))); !errors.Is(err, want) {
			t.Errorf("%d parts: %v", parts, err)
		}
	}
}

func FuzzMP3(f *testing.F) {
	f.Add(mp3Silence(2))
	f.Add([]byte("ID3\x03\x00\x00\x00\x00\x00\x05tags \xFF\xFB\x90\x00"))
	f.Fuzz(fuzzDecode)
}

// FuzzAAC is AAC in MP4, whose boxes it leaves whole.
func FuzzAAC(f *testing.F) {
	f.Add([]byte{0x12, 0x08}, lineUnit(0, 4, nil), lineUnit(1, 4, nil), int64(0), int64(0))
	f.Add([]byte{0x11, 0x90}, []byte{0x21, 0, 3, 0x40, 0x68, 0x1C}, []byte{}, int64(1024), int64(10))
	for _, channels := range []int{1, 2} {
		form := Format{48000, channels}
		config, units := aacOf(f, form, tone(form, 440, 50*time.Millisecond))
		f.Add(config, units[1], units[2], int64(900), int64(40))
	}
	f.Fuzz(func(t *testing.T, config, one, two []byte, start, length int64) {
		if len(config) > 100 || len(one) == 0 {
			return
		}
		m := aactest.MP4{Config: config, Scale: 48000, Units: [][]byte{one, two, one, one}, Edits: []aactest.Edit{{Length: length, Start: start}}}
		fuzzDecode(t, m.File())
	})
}

// FuzzVorbis is Vorbis without the container, whose checksums hide it.
func FuzzVorbis(f *testing.F) {
	mono, stereo := Format{44100, 1}, Format{8000, 2}
	f.Add(vorbisHead(mono), vorbisSetup(1), vorbisPacket(mono, 0, 20), vorbisPacket(mono, 1, 21))
	f.Add(vorbisHead(stereo), vorbisSetup(2), vorbisPacket(stereo, 0, 90), []byte{0})
	f.Fuzz(func(t *testing.T, first, setup, one, two []byte) {
		if len(first)+len(setup)+len(one)+len(two) > fuzzSize {
			return
		}
		d := new(vorbisDecoder)
		err := survive(func() error { return errors.Join(d.head(0, first), d.head(2, setup)) })
		if err != nil {
			return
		}
		d.buf = make([]float32, d.dec.BufferSize())
		for _, p := range [][]byte{one, two, one, two, nil, one} {
			if survive(func() error { return d.decode(p) }) != nil {
				return
			}
			if len(d.rest) > len(d.buf) || len(d.rest)%d.format.Channels != 0 {
				t.Fatalf("%d samples", len(d.rest))
			}
		}
	})
}
