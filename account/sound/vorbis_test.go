package sound

import (
	"bytes"
	"errors"
	"math"
	"slices"
	"testing"
	"time"

	"linnet/account/sound/ogg"
)

// lowWriter writes bits, the lowest of each byte first.
type lowWriter struct {
	b []byte
	n int
}

func (w *lowWriter) put(x uint32, n int) {
	for i := range n {
		if w.n%8 == 0 {
			w.b = append(w.b, 0)
		}
		w.b[w.n/8] |= byte(x>>i&1) << (w.n % 8)
		w.n++
	}
}

// book writes a codebook of codes of these lengths.
func (w *lowWriter) book(dimensions uint32, lengths ...uint32) {
	w.put(0x564342, 24)
	w.put(dimensions, 16)
	w.put(uint32(len(lengths)), 24)
	w.put(0, 2) // neither in order nor with gaps
	for _, n := range lengths {
		w.put(n-1, 5)
	}
}

// Numbers as they are in a setup: a mantissa and an exponent.
const (
	one      = 788<<21 | 1
	minusOne = 1<<31 | one
)

const (
	vorbisLines  = 128 // of the spectrum are said
	vorbisPart   = 8   // lines in a part
	vorbisLoud   = 215 // of 255
	vorbisFrames = 1024
)

// vorbisSetup makes a setup of two books: of parts, which are empty or not, and of
// lines, -1 to 2.
func vorbisSetup(channels int) []byte {
	w := &lowWriter{b: []byte("\x05vorbis"), n: 7 * 8}
	w.put(2-1, 8)
	w.book(1, 1, 1)
	w.put(0, 4)
	w.book(1, 2, 2, 2, 2)
	w.put(1, 4)
	w.put(minusOne, 32)
	w.put(one, 32)
	w.put(2-1, 4)
	w.put(0, 1)
	for i := range uint32(4) {
		w.put(i, 2)
	}
	w.put(0, 6+16) // time
	w.put(0, 6)    // one floor, which is even up to 128
	w.put(1, 16)
	w.put(1, 5)
	w.put(0, 4+3+2+8)
	w.put(0, 2)
	w.put(7, 4)
	w.put(64, 7)
	w.put(0, 6) // one residue
	w.put(1, 16)
	w.put(0, 24)
	w.put(vorbisLines, 24)
	w.put(vorbisPart-1, 24)
	w.put(2-1, 6)
	w.put(0, 8)
	w.put(0, 3+1)
	w.put(1, 3+1)
	w.put(1, 8)
	w.put(0, 6+16+1+1+2) // one mapping, simple
	w.put(0, 8+8+8)
	w.put(2-1, 6) // a mode of short blocks, and one of long
	w.put(0, 1+16+16+8)
	w.put(1, 1)
	w.put(0, 16+16+8)
	w.put(1, 1)
	return w.b
}

// vorbisHead makes the first packet.
func vorbisHead(f Format) []byte {
	w := &lowWriter{b: []byte("\x01vorbis"), n: 7 * 8}
	w.put(0, 32)
	w.put(uint32(f.Channels), 8)
	w.put(uint32(f.Rate), 32)
	w.put(0, 32)
	w.put(0, 32)
	w.put(0, 32)
	w.put(11<<4|8, 8)
	w.put(1, 1)
	return w.b
}

// vorbisPacket makes a long block with one line of the spectrum, which turns by a
// quarter from packet to packet.
func vorbisPacket(f Format, number, line int) []byte {
	w := &lowWriter{}
	w.put(0, 1)
	w.put(1, 1)
	w.put(3, 2) // between others that are long
	for range f.Channels {
		w.put(1, 1)
		w.put(vorbisLoud, 8)
		w.put(vorbisLoud, 8)
	}
	for part := range vorbisLines / vorbisPart {
		if part != line/vorbisPart {
			w.put(0, f.Channels)
			continue
		}
		w.put(3, f.Channels)
		for range f.Channels {
			for i := range vorbisPart {
				switch {
				case i != line%vorbisPart:
					w.put(0b10, 2) // 0; codes have their highest bit first
				case number%4 == 0 || number%4 == 3:
					w.put(0b01, 2)
				default:
					w.put(0b00, 2)
				}
			}
		}
	}
	return w.b
}

// vorbisLine is the line of the spectrum in a second, and vorbisTone its tone.
func vorbisLine(second int) int { return 20 + 10*second }

func vorbisTone(f Format, second int) float64 {
	return (float64(vorbisLine(second)) + 0.5) * float64(f.Rate) / (2 * vorbisFrames)
}

// vorbisOf makes a file with a tone in each second, of so many frames.
func vorbisOf(t testing.TB, f Format, frames int, setup, comments []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := ogg.NewWriter(&b, 5)
	err := errors.Join(w.Packet(vorbisHead(f), 0), w.Flush(), w.Packet(comments, 0), w.Packet(setup, 0), w.Flush())
	for n := 0; (n-1)*vorbisFrames < frames; n++ {
		at := n * vorbisFrames
		p := vorbisPacket(f, n, vorbisLine(at/f.Rate))
		err = errors.Join(err, w.Packet(p, int64(min(at, frames))))
	}
	if err = errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

var vorbisComments = []byte("\x03vorbis\xFF\xFF\xFF\xFF many") // which nobody reads

// TestVorbis decodes a file, and goes to places in it.
func TestVorbis(t *testing.T) {
	for _, f := range []Format{{48000, 1}, {44100, 2}} {
		const seconds = 5
		frames := seconds*f.Rate - 77
		d, err := Open(bytes.NewReader(vorbisOf(t, f, frames, vorbisSetup(f.Channels), vorbisComments)))
		if err != nil {
			t.Fatal(err)
		}
		if d.Format() != f || d.Length() != f.Length(int64(frames)) || d.Speech() {
			t.Errorf("%+v, %v", d.Format(), d.Length())
		}
		whole := all(t, d)
		if len(whole) != frames*f.Channels || slices.Max(whole) < 3000 {
			t.Errorf("%+v: %d samples, up to %d", f, len(whole), slices.Max(whole))
		}
		for second := range seconds {
			at := f.Samples(time.Duration(second)*time.Second + 100*time.Millisecond)
			if got := share(whole[at:][:f.Samples(700*time.Millisecond)], f, vorbisTone(f, second)); got < 0.65 { // a line alone is seven tenths of one
				t.Errorf("%+v: the tone of second %d is %.2f of it", f, second, got)
			}
		}
		for _, frame := range []int{frames, 4 * f.Rate, 0, 1, 1023, 1024, 2 * f.Rate, 50*vorbisFrames - 1, 50 * vorbisFrames, frames - 1, frames + 9} {
			if err := d.SeekTo(f.Length(int64(frame))); err != nil {
				t.Fatal(err)
			}
			if got := all(t, d); !slices.Equal(got, whole[min(frame, frames)*f.Channels:]) {
				t.Errorf("%+v: what follows from %d on is another", f, frame)
			}
		}
	}
}

// TestVorbisRefuses holds what would take all memory or never end, and what is not
// played.
func TestVorbisRefuses(t *testing.T) {
	setup := func(books uint32, write func(w *lowWriter)) []byte {
		w := &lowWriter{b: []byte("\x05vorbis"), n: 7 * 8}
		w.put(books-1, 8)
		write(w)
		return append(w.b, make([]byte, 1000)...)
	}
	head := func(w *lowWriter, dimensions, entries uint32) {
		w.put(0x564342, 24)
		w.put(dimensions, 16)
		w.put(entries, 24)
	}
	for name, x := range map[string]struct {
		setup []byte
		want  error
	}{
		"fine":             {vorbisSetup(1), nil},
		"no mark":          {setup(1, func(w *lowWriter) { w.put(0, 24) }), ErrBroken},
		"cut":              {vorbisSetup(1)[:20], ErrBroken},
		"cut in the end":   {vorbisSetup(1)[:60], ErrBroken},
		"no dimension":     {setup(1, func(w *lowWriter) { w.book(0, 1, 1) }), ErrBroken},
		"no entry":         {setup(1, func(w *lowWriter) { w.book(1) }), ErrBroken},
		"many entries":     {setup(1, func(w *lowWriter) { head(w, 1, 1<<24-1) }), ErrBroken},
		"many in all":      {setup(2, func(w *lowWriter) { w.book(1, slices.Repeat([]uint32{14}, 1<<14)...); w.put(0, 4); head(w, 1, 1<<14+1) }), ErrBroken},
		"many values":      {setup(1, func(w *lowWriter) { w.book(1<<16-1, 6, 6, 6, 6) }), ErrBroken},
		"codes missing":    {setup(1, func(w *lowWriter) { w.book(1, 2, 2, 2) }), ErrBroken},
		"codes too many":   {setup(1, func(w *lowWriter) { w.book(1, 1, 1, 1) }), ErrBroken},
		"no codes":         {setup(1, func(w *lowWriter) { head(w, 1, 4); w.put(2, 2); w.put(0, 4) }), ErrBroken},
		"endless in order": {setup(1, func(w *lowWriter) { head(w, 1, 4); w.put(1, 1) }), ErrBroken},
		"too many in a row": {setup(1, func(w *lowWriter) {
			head(w, 1, 4)
			w.put(1, 1)
			w.put(0, 5)
			w.put(7, 3)
		}), ErrBroken},
		"values of a third kind": {setup(1, func(w *lowWriter) { w.book(1, 1, 1); w.put(3, 4) }), ErrBroken},
		"floor of the first kind": {setup(1, func(w *lowWriter) {
			w.book(1, 1, 1)
			w.put(0, 4)
			w.put(0, 6+16)
			w.put(0, 6+16)
		}), ErrKind},
		"residue backwards": {setup(1, func(w *lowWriter) {
			w.book(1, 1, 1)
			w.put(0, 4)
			w.put(0, 6+16)
			w.put(0, 6)
			w.put(1, 16)
			w.put(0, 5+15+2+4)
			w.put(0, 6)
			w.put(1, 16)
			w.put(9, 24)
			w.put(8, 24)
		}), ErrBroken},
		"nothing behind": {setup(1, func(w *lowWriter) { w.book(1, 1, 1) })[:20], ErrBroken},
	} {
		if err := checkVorbisSetup(x.setup[7:]); !errors.Is(err, x.want) {
			t.Errorf("%s: %v, want %v", name, err, x.want)
		}
	}
	another := vorbisOf(t, Format{44100, 1}, 3000, vorbisComments, vorbisComments)
	if _, err := Open(bytes.NewReader(another)); !errors.Is(err, ErrBroken) {
		t.Errorf("comments for a setup: %v", err)
	}
	for name, x := range map[string]struct {
		change func(head []byte)
		want   error
	}{
		"no channel":   {func(b []byte) { b[11] = 0 }, ErrKind},
		"six channels": {func(b []byte) { b[11] = 6 }, ErrKind},
		"rate of none": {func(b []byte) { b[12], b[13] = 0, 0 }, ErrKind},
		"tiny blocks":  {func(b []byte) { b[28] = 11<<4 | 5 }, ErrBroken},
		"huge blocks":  {func(b []byte) { b[28] = 15<<4 | 8 }, ErrBroken},
		"long, short":  {func(b []byte) { b[28] = 8<<4 | 11 }, ErrBroken},
		"version":      {func(b []byte) { b[7] = 1 }, ErrBroken},
	} {
		first := vorbisHead(Format{44100, 1})
		x.change(first)
		d := new(vorbisDecoder)
		err := survive(func() error { return errors.Join(d.head(0, first), d.head(2, vorbisSetup(1))) })
		if !errors.Is(err, x.want) {
			t.Errorf("%s: %v, want %v", name, err, x.want)
		}
	}
}

// TestVorbisOrdered has books whose codes are told in the order of their lengths,
// and with gaps.
func TestVorbisOrdered(t *testing.T) {
	for name, x := range map[string]struct {
		write func(w *lowWriter)
		want  bool
	}{
		"in order": {func(w *lowWriter) { w.put(1, 1); w.put(0, 5); w.put(1, 2); w.put(2, 2) }, true},
		"with gaps": {func(w *lowWriter) {
			w.put(2, 2)
			for _, n := range []uint32{1, 0, 1} {
				if w.put(n, 1); n > 0 {
					w.put(0, 5)
				}
			}
		}, true},
		"one alone": {func(w *lowWriter) { w.put(2, 2); w.put(1, 1); w.put(4, 5); w.put(0, 2) }, true},
		"not full":  {func(w *lowWriter) { w.put(1, 1); w.put(1, 5); w.put(3, 2) }, false},
		"too full":  {func(w *lowWriter) { w.put(1, 1); w.put(0, 5); w.put(3, 2) }, false},
	} {
		w := new(lowWriter)
		x.write(w)
		if got := vorbisCodes(&lowBits{b: append(w.b, 0)}, 3); got != x.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	if n := math.Floor(math.Pow(81, 1.0/4)); n != 3 {
		t.Errorf("the library takes %v for the fourth root of 81", n)
	}
}
