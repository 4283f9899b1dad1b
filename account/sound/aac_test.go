package sound

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/tphakala/go-aac/pcm"

	"linnet/account/sound/aac"
	"linnet/account/sound/aac/aactest"
)

// aacOf makes units of AAC, of 44.1 or 48 kHz. The first is silence.
func aacOf(t testing.TB, f Format, samples []int16) (config []byte, units [][]byte) {
	t.Helper()
	enc, err := pcm.NewFrameEncoder(pcm.Config{SampleRate: f.Rate, BitDepth: 16, Channels: f.Channels, Bitrate: 64_000 * f.Channels})
	if err != nil {
		t.Fatal(err)
	}
	keep := func(unit []byte, _ int) error {
		units = append(units, slices.Clone(unit))
		return nil
	}
	raw := make([]byte, 0, 2*len(samples))
	for _, s := range samples {
		raw = binary.LittleEndian.AppendUint16(raw, uint16(s))
	}
	if err := errors.Join(enc.EncodeInterleaved(raw, keep), enc.Flush(keep)); err != nil {
		t.Fatal(err)
	}
	if enc.Delay() != aac.Frames {
		t.Fatalf("the sound begins at %d", enc.Delay())
	}
	return enc.AudioSpecificConfig(), units
}

// m4aOf makes a file of MP4 that leaves out the silence.
func m4aOf(t testing.TB, f Format, samples []int16) []byte {
	config, units := aacOf(t, f, samples)
	length := int64(len(samples)/f.Channels) * aactest.MovieScale / int64(f.Rate)
	return aactest.MP4{
		Config: config, Scale: uint32(f.Rate), Units: units, PerChunk: []int{7}, Last: true,
		Edits: []aactest.Edit{{Length: length, Start: aac.Frames}},
	}.File()
}

// highBits writes bits, the highest of each byte first.
type highBits struct {
	b []byte
	n int
}

func (w *highBits) put(x uint32, n int) {
	for i := n - 1; i >= 0; i-- {
		if w.n%8 == 0 {
			w.b = append(w.b, 0)
		}
		w.b[w.n/8] |= byte(x>>i&1) << (7 - w.n%8)
		w.n++
	}
}

// lineUnit makes the unit of a number of a sound that has line 12 of the spectrum
// alone, and puts something behind it. There are so many groups of four lines in
// the bands it has.
func lineUnit(number, groups int, more func(w *highBits)) []byte {
	const loudness, bands, line = 190, 4, 12
	w := new(highBits)
	w.put(0, 3+4) // one channel
	w.put(loudness, 8)
	w.put(0, 1+2+1) // a long window of sines
	w.put(bands, 6)
	w.put(0, 1)
	w.put(1, 4) // the book of all bands
	w.put(bands, 5)
	w.put(0, bands) // all as loud as the first
	w.put(0, 3)     // no pulses, shape or gain
	for g := range groups {
		switch {
		case g != line/4:
			w.put(0, 1)
		case number%4 == 0 || number%4 == 3: // it turns by a quarter from unit to unit
			w.put(0b10000, 5)
		default:
			w.put(0b10001, 5)
		}
	}
	if more != nil {
		more(w)
	}
	w.put(7, 3)
	return w.b
}

// aacRates are those of AAC by their number, and lineGroups how many groups of four
// lines the first four bands have.
var (
	aacRates   = []int{96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350}
	lineGroups = []int{4, 4, 4, 4, 4, 4, 4, 4, 8, 8, 8, 12, 12}
)

// TestAACRates decodes sound of all rates, as phones record at many.
func TestAACRates(t *testing.T) {
	for i, rate := range aacRates {
		config := []byte{2<<3 | byte(i>>1), byte(i<<7) | 1<<3}
		var units [][]byte
		for n := range 40 {
			units = append(units, lineUnit(n, lineGroups[i], nil))
		}
		for name, data := range map[string][]byte{
			"ADTS": aactest.ADTS(config, false, units...),
			"MP4":  aactest.MP4{Config: config, Scale: uint32(rate), Units: units}.File(),
		} {
			d, err := Open(bytes.NewReader(data))
			if err != nil {
				t.Errorf("%s of %d: %v", name, rate, err)
				continue
			}
			f := Format{rate, 1}
			if d.Format() != f || d.Length() != f.Length(40*aac.Frames) || !d.Speech() {
				t.Errorf("%s of %d: %+v, %v", name, rate, d.Format(), d.Length())
			}
			heard := all(t, d)[2*aac.Frames:]
			if got := share(heard, f, 12.5/2048*float64(rate)); got < 0.75 || slices.Max(heard) < 5000 { // a line alone is four fifths of one
				t.Errorf("%s of %d: the tone is %.2f of it, up to %d", name, rate, got, slices.Max(heard))
			}
		}
	}
}

// TestADTS decodes what says nothing of where its sound begins.
func TestADTS(t *testing.T) {
	f := Format{44100, 2}
	config, units := aacOf(t, f, steps(f, 3))
	d, err := Open(bytes.NewReader(append([]byte("ID3\x04\x00\x00\x00\x00\x00\x05tags "), aactest.ADTS(config, true, units...)...)))
	if err != nil {
		t.Fatal(err)
	}
	if d.Format() != f || d.Length() != f.Length(int64(len(units))*aac.Frames) || d.Speech() {
		t.Errorf("%+v, %v", d.Format(), d.Length())
	}
	if err := d.SeekTo(2 * time.Second); err != nil {
		t.Fatal(err)
	}
	part := all(t, d)
	if got := share(part[f.Samples(100*time.Millisecond):][:f.Samples(500*time.Millisecond)], f, 500); got < 0.95 {
		t.Errorf("the tone is %.2f of it", got)
	}
}

// TestAACPlaces holds that the sound from any place on is that of the whole.
func TestAACPlaces(t *testing.T) {
	f := Format{48000, 1}
	noise := make([]int16, f.Rate)
	x := uint32(1)
	for i := range noise {
		x = x*1664525 + 1013904223
		noise[i] = int16(x>>16) / 4
	}
	data := m4aOf(t, f, noise)
	d, err := Open(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	whole := all(t, d)
	for _, frame := range []int{0, 1, 1023, 1024, 5000, 40_000, len(whole) - 1, len(whole)} {
		if err := d.SeekTo(f.Length(int64(frame))); err != nil {
			t.Fatal(err)
		}
		got, want := all(t, d), whole[frame:]
		if len(got) != len(want) {
			t.Errorf("from %d on there are %d", frame, len(got))
			continue
		}
		for i := range got { // noise that is put in for what is missing is another
			if math.Abs(float64(got[i])-float64(want[i])) > 3000 {
				t.Errorf("from %d on: %d is %d, not %d", frame, i, got[i], want[i])
				break
			}
		}
	}
}

// TestAACRefuses holds what would not sound as it should.
func TestAACRefuses(t *testing.T) {
	fine := func(more func(w *highBits)) []byte { return lineUnit(0, 4, more) }
	file := func(config []byte, unit []byte) []byte {
		return aactest.MP4{Config: config, Scale: 44100, Units: [][]byte{unit, unit}}.File()
	}
	higher := fine(func(w *highBits) { // what HE-AAC puts behind the sound
		w.put(6, 3)
		w.put(3, 4)
		w.put(13, 4)
		w.put(0, 20)
	})
	for name, x := range map[string]struct {
		data []byte
		want error
	}{
		"fine":                    {file([]byte{0x12, 0x08}, fine(nil)), nil},
		"HE-AAC":                  {file([]byte{0x2B, 0x09, 0x88, 0}, fine(nil)), ErrKind},
		"HE-AAC, version 2":       {file([]byte{0xEB, 0x09, 0x88, 0}, fine(nil)), ErrKind},
		"HE-AAC, said at the end": {file([]byte{0x12, 0x08, 0x56, 0xE5, 0x98}, fine(nil)), ErrKind},
		"HE-AAC, not said":        {file([]byte{0x12, 0x08}, higher), ErrKind},
		"HE-AAC in ADTS":          {aactest.ADTS([]byte{0x12, 0x08}, false, higher, higher), ErrKind},
		"AAC Main":                {file([]byte{0x0A, 0x08}, fine(nil)), ErrKind},
		"six channels":            {file([]byte{0x12, 0x30}, fine(nil)), ErrKind},
		"short frames":            {file([]byte{0x12, 0x0C}, fine(nil)), ErrKind},
		"Apple Lossless":          {aactest.MP4{Config: []byte{0x12, 0x08}, Scale: 1, Units: [][]byte{{1}}, Kind: "alac"}.File(), ErrKind},
		"config cut":              {file([]byte{0x17, 0x80}, fine(nil)), ErrBroken},
		"no unit":                 {aactest.ADTS([]byte{0x12, 0x08}, false, fine(nil))[:9], ErrBroken},
	} {
		if _, err := Open(bytes.NewReader(x.data)); !errors.Is(err, x.want) {
			t.Errorf("%s: %v, want %v", name, err, x.want)
		}
	}
	// What begins as one and goes on as the other ends after a while.
	units := append([][]byte{fine(nil), fine(nil)}, slices.Repeat([][]byte{higher}, maxLost+1)...)
	d, err := Open(bytes.NewReader(aactest.ADTS([]byte{0x12, 0x08}, false, units...)))
	if err != nil {
		t.Fatal(err)
	}
	buf, n := make([]int16, 4096), 0
	for err == nil {
		var k int
		k, err = d.Read(buf)
		n += k
	}
	if n != (2+maxLost)*aac.Frames || !errors.Is(err, ErrKind) {
		t.Errorf("%d frames, %v", n, err)
	}
}

// TestAACLost has units that make no sense: they are silence, unless there are
// many.
func TestAACLost(t *testing.T) {
	for lost, want := range map[int]error{1: nil, 30: nil, maxLost + 1: ErrBroken} {
		var units [][]byte
		for n := range 20 {
			units = append(units, lineUnit(n, 4, nil))
		}
		for n := range lost {
			units = append(units, [][]byte{{}, {0xE0}, {0xFF, 0xFF, 1}, units[5][:5]}[n%4])
		}
		units = append(units, units[:20]...)
		d, err := Open(bytes.NewReader(aactest.MP4{Config: []byte{0x12, 0x08}, Scale: 44100, Units: units}.File()))
		if err != nil {
			t.Fatal(err)
		}
		var heard []int16
		for err == nil {
			buf := make([]int16, 1000)
			var n int
			n, err = d.Read(buf)
			heard = append(heard, buf[:n]...)
		}
		if err != io.EOF && !errors.Is(err, want) || want == nil && len(heard) != len(units)*aac.Frames {
			t.Errorf("%d lost: %d frames, %v", lost, len(heard), err)
		}
		if gap := heard[21*aac.Frames:][:(min(lost, maxLost)-1)*aac.Frames]; len(gap) > 0 && (slices.Max(gap) != 0 || slices.Min(gap) != 0) {
			t.Errorf("%d lost: they sound", lost)
		}
	}
}
