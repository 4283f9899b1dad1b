package ogg

import (
	"bytes"
	"encoding/hex"
	"errors"
	"io"
	"slices"
	"testing"
)

// write makes a stream of packets of these sizes, whose granules count them.
func write(t testing.TB, serial uint32, sizes ...int) []byte {
	t.Helper()
	var b bytes.Buffer
	w := NewWriter(&b, serial)
	for i, n := range sizes {
		if err := w.Packet(bytes.Repeat([]byte{byte(i)}, n), int64(i+1)); err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			if err := w.Flush(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// read gives the sizes of the packets, and the granules that were said.
func read(t testing.TB, data []byte) (sizes []int, granules []int64, last bool) {
	t.Helper()
	r := NewReader(bytes.NewReader(data))
	for {
		p, err := r.Next()
		if err == io.EOF {
			return sizes, granules, last
		}
		if err != nil {
			t.Fatal(err)
		}
		sizes, last = append(sizes, len(p.Data)), p.Last
		if p.Granule >= 0 {
			granules = append(granules, p.Granule)
		}
	}
}

// TestGolden holds a page byte by byte.
func TestGolden(t *testing.T) {
	const want = "4f67675300" + "06" + "0100000000000000" + "07000000" + "00000000" + "a0b5c89f" + "01" + "02" + "0000"
	var b bytes.Buffer
	w := NewWriter(&b, 7)
	if err := errors.Join(w.Packet([]byte{0, 0}, 1), w.Close()); err != nil {
		t.Fatal(err)
	}
	if got := hex.EncodeToString(b.Bytes()); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestRoundTrip(t *testing.T) {
	sizes := []int{19, 0, 1, 254, 255, 256, 510, 1275, 60000, 20000, 20000, 20000, 3}
	for range 120 {
		sizes = append(sizes, 80)
	}
	data := write(t, 1, sizes...)
	got, granules, last := read(t, data)
	if !slices.Equal(got, sizes) || !last {
		t.Errorf("got %v, last %v", got, last)
	}
	if n := len(granules); n < 4 || granules[n-1] != int64(len(sizes)) || !slices.IsSorted(granules) {
		t.Errorf("granules %v", granules)
	}
	if at, err := LastGranule(bytes.NewReader(data), 1); err != nil || at != int64(len(sizes)) {
		t.Errorf("the last granule is %d, %v", at, err)
	}
	if at, _ := LastGranule(bytes.NewReader(data), 2); at != 0 {
		t.Errorf("that of another stream is %d", at)
	}
}

// TestPacketOverPages has a packet that goes on in the next page, of two.
func TestPacketOverPages(t *testing.T) {
	first := page{flags: flagFirst, granule: -1, serial: 1, segments: []byte{2, 255}, body: make([]byte, 257)}
	second := page{flags: flagContinued | flagLast, granule: 9, serial: 1, segments: []byte{5, 1}, body: make([]byte, 6)}
	a, b := first.format(0), second.format(1)
	for name, x := range map[string]struct {
		data []byte
		want []int
	}{
		"whole":            {slices.Concat(a, b), []int{2, 260, 1}},
		"other between":    {slices.Concat(a, write(t, 8, 4, 4), b), []int{2, 260, 1}},
		"noise between":    {slices.Concat([]byte("OggOggS\x01"), a, []byte("OggS and more OggS\x00"), bytes.Repeat([]byte{'O'}, 300), b), []int{2, 260, 1}},
		"beginning lost":   {slices.Concat((&page{flags: flagFirst, granule: 0, serial: 1, segments: []byte{1}, body: []byte{1}}).format(0), b), []int{1, 1}},
		"end lost":         {slices.Concat(a, write(t, 1, 7)), []int{2, 7}},
		"cut in the page":  {slices.Concat(a, b[:len(b)-1]), []int{2}},
		"many of no kind":  {slices.Concat(a, bytes.Repeat([]byte("OggS\x00"), 1000)), []int{2}},
		"cut in the head":  {slices.Concat(a, b[:20]), []int{2}},
		"changed":          {append(slices.Clone(a), append(b[:len(b)-1:len(b)-1], 1)...), []int{2}},
		"of no beginning":  {b, nil},
		"nothing":          {nil, nil},
		"not of this kind": {[]byte("RIFF and nothing else"), nil},
	} {
		if got, _, _ := read(t, x.data); !slices.Equal(got, x.want) {
			t.Errorf("%s: %v, want %v", name, got, x.want)
		}
	}
}

// TestPacketsAreBounded has one that is too large, and one that never ends.
func TestPacketsAreBounded(t *testing.T) {
	large := page{flags: flagFirst, granule: -1, serial: 1, segments: bytes.Repeat([]byte{255}, 255), body: make([]byte, 255*255)}
	more := page{flags: flagContinued, granule: 5, serial: 1, segments: []byte{255, 7, 3}, body: bytes.Repeat([]byte{1}, 265)}
	r := NewReader(bytes.NewReader(slices.Concat(large.format(0), more.format(1))))
	if p, err := r.Next(); err != nil || len(p.Data) != MaxPacket || !p.Cut {
		t.Errorf("%d bytes, cut %v, %v", len(p.Data), p.Cut, err)
	}
	if p, err := r.Next(); err != nil || len(p.Data) != 3 || p.Cut || p.Granule != 5 {
		t.Errorf("behind it %+v, %v", p, err)
	}
	if p, err := NewReader(bytes.NewReader(large.format(0))).Next(); err != io.EOF {
		t.Errorf("without an end: %d bytes, %v", len(p.Data), err)
	}
	if err := NewWriter(io.Discard, 1).Packet(make([]byte, MaxPacket+1), 0); !errors.Is(err, ErrLarge) {
		t.Errorf("writing gives %v", err)
	}
}

func FuzzOgg(f *testing.F) {
	f.Add(write(f, 1, 19, 300, 0, 255))
	f.Add([]byte("OggS\x00\x02"))
	f.Fuzz(func(t *testing.T, data []byte) {
		r := NewReader(bytes.NewReader(data))
		total := 0
		for {
			p, err := r.Next()
			if err != nil {
				break
			}
			if total += len(p.Data); total > len(data) || len(p.Data) > MaxPacket {
				t.Fatalf("%d bytes of packets out of %d", total, len(data))
			}
		}
		if _, err := LastGranule(bytes.NewReader(data), r.Serial()); err != nil {
			t.Error(err)
		}
	})
}
