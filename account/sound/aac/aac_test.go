package aac

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"testing"
	"time"

	"linnet/account/sound/aac/aactest"
)

// config is of AAC-LC, 44.1 kHz, with one channel.
var config = []byte{0x12, 0x08}

// unitsOf makes units of so many bytes, each with its number in all of them.
func unitsOf(sizes ...int) (units [][]byte) {
	for i, n := range sizes {
		units = append(units, bytes.Repeat([]byte{byte(i + 1)}, n))
	}
	return units
}

// rest reads the units that are left.
func rest(t testing.TB, f File) (units [][]byte) {
	t.Helper()
	for {
		u, err := f.Next()
		if err == io.EOF {
			return units
		}
		if err != nil {
			t.Fatal(err)
		}
		units = append(units, slices.Clone(u))
	}
}

// sizes is what is said of units.
func sizes(units [][]byte) (n []int) {
	for _, u := range units {
		n = append(n, len(u))
	}
	return n
}

// checkFile reads a file from its beginning and from any unit on.
func checkFile(t *testing.T, name string, f File, want [][]byte) {
	t.Helper()
	if info := f.Info(); !bytes.Equal(info.Config, config) || info.Units != int64(len(want)) {
		t.Errorf("%s: %+v", name, info)
	}
	same := func(a, b [][]byte) bool { return slices.EqualFunc(a, b, bytes.Equal) }
	if got := rest(t, f); !same(got, want) {
		t.Errorf("%s: units of %v bytes, want %v", name, sizes(got), sizes(want))
	}
	for i := len(want) + 1; i >= 0; i-- {
		if err := f.SeekTo(int64(i)); err != nil {
			t.Fatalf("%s: going to %d: %v", name, i, err)
		}
		if got := rest(t, f); !same(got, want[min(i, len(want)):]) {
			t.Errorf("%s: from %d on units of %v bytes", name, i, sizes(got))
		}
	}
}

// TestMP4 reads files of all shapes.
func TestMP4(t *testing.T) {
	units := unitsOf(3, 700, 1, 9, 200, 4000, 4000, 4000, 4000, 4000, 8191, 0, 5)
	video := aactest.Box("trak", aactest.Box("mdia", aactest.Box("minf", aactest.Box("stbl",
		aactest.Box("stsd", make([]byte, 7), []byte{1}, aactest.Box("avc1", make([]byte, 78)))))))
	for name, m := range map[string]aactest.MP4{
		"one chunk":            {},
		"described at the end": {Last: true},
		"a unit a chunk":       {PerChunk: []int{1}},
		"chunks":               {PerChunk: []int{4}},
		"runs of chunks":       {PerChunk: []int{2, 2, 3, 1, 1, 2}, Last: true},
		"64 bits":              {PerChunk: []int{2, 3}, Long: true},
		"QuickTime":            {Version: 1},
		"QuickTime, later":     {Version: 2},
		"MPEG-2":               {Object: kindMPEG2},
		"behind another track": {Before: video},
	} {
		m.Config, m.Scale, m.Units = config, 44100, units
		f, err := OpenMP4(bytes.NewReader(m.File()))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		checkFile(t, name, f, units)
	}
	same := aactest.MP4{Config: config, Scale: 44100, Units: unitsOf(7, 7, 7, 7, 7, 7, 7), Same: true, PerChunk: []int{3}}
	f, err := OpenMP4(bytes.NewReader(same.File()))
	if err != nil {
		t.Fatal(err)
	}
	checkFile(t, "of one size", f, same.Units)
}

// TestEdits holds which part of the sound is to be heard.
func TestEdits(t *testing.T) {
	for name, x := range map[string]struct {
		edits  []aactest.Edit
		start  int64 // in frames
		length time.Duration
	}{
		"none":         {nil, 0, 0},
		"one":          {[]aactest.Edit{{Length: 2500, Start: 2112}}, 2112, 2500 * time.Millisecond},
		"silence, one": {[]aactest.Edit{{Length: 70, Start: -1}, {Length: 900, Start: 1024}}, 1024, 900 * time.Millisecond},
		"two":          {[]aactest.Edit{{Length: 70, Start: 5}, {Length: 900, Start: 1024}}, 0, 0},
		"half a year":  {[]aactest.Edit{{Length: 1 << 31, Start: 1 << 30}}, 1 << 30, (1 << 31) * time.Millisecond},
	} {
		for _, long := range []bool{false, true} {
			m := aactest.MP4{Config: config, Scale: 44100, Units: unitsOf(2), Edits: x.edits, Long: long}
			f, err := OpenMP4(bytes.NewReader(m.File()))
			if err != nil {
				t.Fatal(err)
			}
			info := f.Info()
			if start := (info.Start.Nanoseconds()*44100 + 500_000_000) / 1_000_000_000; start != x.start && x.start < 1<<20 || info.Length != x.length {
				t.Errorf("%s: %+v", name, info)
			}
		}
	}
}

// TestMP4Refuses holds what is not read, or is broken.
func TestMP4Refuses(t *testing.T) {
	whole := aactest.MP4{Config: config, Scale: 44100, Units: unitsOf(3, 4, 5)}
	file := whole.File()
	changed := func(old, now string) []byte {
		if bytes.Count(file, []byte(old)) != 1 {
			t.Fatalf("%q is there %d times", old, bytes.Count(file, []byte(old)))
		}
		return bytes.Replace(file, []byte(old), []byte(now), 1)
	}
	with := func(change func(*aactest.MP4)) []byte {
		m := whole
		change(&m)
		return m.File()
	}
	deep := []byte{}
	for range maxDepth + 2 {
		deep = aactest.Box("mdia", deep)
	}
	for name, x := range map[string]struct {
		file []byte
		want error
	}{
		"nothing":          {nil, ErrBroken},
		"no description":   {file[:20], ErrBroken},
		"cut":              {file[:100], ErrBroken},
		"no track":         {append(aactest.Box("ftyp"), aactest.Box("moov")...), ErrKind},
		"Apple Lossless":   {with(func(m *aactest.MP4) { m.Kind = "alac" }), ErrKind},
		"MP3":              {with(func(m *aactest.MP4) { m.Object = 0x6B }), ErrKind},
		"no config":        {with(func(m *aactest.MP4) { m.Config = nil }), ErrKind},
		"in fragments":     {with(func(m *aactest.MP4) { m.Units = nil }), ErrKind},
		"no scale":         {with(func(m *aactest.MP4) { m.Scale = 0 }), ErrBroken},
		"boxes in boxes":   {with(func(m *aactest.MP4) { m.Before = aactest.Box("trak", deep) }), ErrBroken},
		"many boxes":       {with(func(m *aactest.MP4) { m.Before = bytes.Repeat(aactest.Box("free"), maxBoxes) }), ErrBroken},
		"a table too long": {changed("stsz\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x03", "stsz\x00\x00\x00\x00\x00\x00\x00\x00\xFF\x00\x00\x03"), ErrBroken},
		"units too large":  {changed("stsz\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x03", "stsz\x00\x00\x00\x00\x00\x00\xFF\x00\x00\x00\x00\x03"), ErrBroken},
		"box too large":    {changed("\x00\x00\x00\x14stco", "\x00\x00\x01\x14stco"), ErrBroken},
		"box too small":    {changed("\x00\x00\x00\x14stco", "\x00\x00\x00\x04stco"), ErrBroken},
	} {
		if f, err := OpenMP4(bytes.NewReader(x.file)); !errors.Is(err, x.want) {
			t.Errorf("%s: %v, %v", name, f, err)
		}
	}
	// These are found when units are read.
	for name, b := range map[string][]byte{
		"chunk behind the end": changed("\x00\x00\x00\x14stco\x00\x00\x00\x00\x00\x00\x00\x01\x00", "\x00\x00\x00\x14stco\x00\x00\x00\x00\x00\x00\x00\x01\x7F"),
		"unit too large":       changed("\x00\x00\x00\x03\x00\x00\x00\x04\x00\x00\x00\x05", "\x00\x00\x20\x00\x00\x00\x00\x04\x00\x00\x00\x05"),
		"no unit in a chunk":   changed("stsc\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x01\x00\x00\x00\x03", "stsc\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x01\x00\x00\x00\x00"),
		"a run before another": changed("stsc\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x01", "stsc\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00"),
	} {
		f, err := OpenMP4(bytes.NewReader(b))
		if err == nil {
			_, err = f.Next()
		}
		if !errors.Is(err, ErrBroken) && err != io.EOF {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestADTS reads frames, also of files that are damaged.
func TestADTS(t *testing.T) {
	units := unitsOf(3, 700, 0, 9, 200, 8100, 8000, 1)
	plain := aactest.ADTS(config, false, units...)
	two := aactest.ADTS(config, false, units[:2]...)
	for name, x := range map[string]struct {
		file []byte
		want [][]byte
	}{
		"plain":              {plain, units},
		"with sums":          {aactest.ADTS(config, true, units...), units},
		"tag behind":         {append(slices.Clone(plain), "TAG\xFF\xF1 and what it says \xFF"...), units},
		"cut":                {plain[:len(plain)-1], units[:len(units)-1]},
		"noise between":      {slices.Concat(two, []byte("\xFF\xFF\xF1\x50\xFF"), plain), slices.Concat(units[:2], units)},
		"a head between":     {slices.Concat(two, plain[:7], []byte("noise"), plain), slices.Concat(units[:2], [][]byte{[]byte("noi")}, units)},
		"another between":    {slices.Concat(two, aactest.ADTS([]byte{0x12, 0x10}, false, unitsOf(5, 6)...), plain), slices.Concat(units[:2], units)},
		"noise, then one":    {slices.Concat(two, []byte("noise"), aactest.ADTS(config, false, units[0])), slices.Concat(units[:2], units[:1])},
		"noise, then cut":    {slices.Concat(two, []byte("noise"), plain[:9]), units[:2]},
		"head without frame": {append(slices.Clone(two), 0xFF, 0xF1, two[2], two[3]&^3, 0, 0x1F, 0xFC), units[:2]},
	} {
		f, err := OpenADTS(bytes.NewReader(x.file))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		checkFile(t, name, f, x.want)
	}
	for name, x := range map[string]struct {
		file string
		want error
	}{
		"nothing":       {"", ErrBroken},
		"text":          {"to be or not to be", ErrKind},
		"AAC Main":      {"\xFF\xF1\x10\x80\x01\x1F\xFC\x00", ErrKind},
		"one, cut":      {string(plain[:9]), ErrBroken},
		"several a box": {string(plain[:6]) + "\xFD" + string(plain[7:10]), ErrBroken},
	} {
		if _, err := OpenADTS(bytes.NewReader([]byte(x.file))); !errors.Is(err, x.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// counter counts what is read of a file.
type counter struct {
	io.ReadSeeker
	read int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.ReadSeeker.Read(p)
	c.read += int64(n)
	return n, err
}

// TestADTSIsLinear has heads that nothing follows, near and far, at every place.
func TestADTSIsLinear(t *testing.T) {
	good := aactest.ADTS(config, false, unitsOf(5)...)
	var b bytes.Buffer
	b.Write(good)
	b.WriteString("noise")
	for i := range 200_000 {
		b.Write(aactest.ADTS(config, false, make([]byte, []int{1, 8000}[i%2]))[:7])
		b.WriteByte(0)
	}
	c := &counter{ReadSeeker: bytes.NewReader(b.Bytes())}
	if _, err := OpenADTS(c); err != nil {
		t.Error(err)
	}
	if most := 20 * int64(b.Len()); c.read > most {
		t.Errorf("%d bytes were read of a file of %d", c.read, b.Len())
	}
}

// fuzzSize is the longest input that is tried, so that many are.
const fuzzSize = 4 << 10

// fuzzFile reads a file in all ways.
func fuzzFile(t *testing.T, f File, err error, size int) {
	if err != nil {
		return
	}
	const most = 100
	for _, unit := range []int64{0, f.Info().Units - 1, f.Info().Units / 2, 1} {
		if f.SeekTo(unit) != nil {
			continue
		}
		for range most {
			u, err := f.Next()
			if err != nil {
				break
			}
			if len(u) > MaxUnit || len(u) > size {
				t.Fatalf("a unit of %d bytes", len(u))
			}
		}
	}
}

func FuzzMP4(f *testing.F) {
	m := aactest.MP4{Config: config, Scale: 44100, Units: unitsOf(3, 7, 1, 9, 2), PerChunk: []int{2, 1}, Edits: []aactest.Edit{{Length: 50, Start: 1024}}}
	f.Add(m.File())
	m.Last, m.Long, m.Version = true, true, 1
	f.Add(m.File())
	m.Same, m.Units = true, m.Units[:1]
	f.Add(m.File())
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > fuzzSize {
			return
		}
		file, err := OpenMP4(bytes.NewReader(data))
		fuzzFile(t, file, err, len(data))
	})
}

func FuzzADTS(f *testing.F) {
	f.Add(aactest.ADTS(config, false, unitsOf(3, 7, 1, 9, 2)...))
	f.Add(append(aactest.ADTS(config, true, unitsOf(3)...), "noise"...))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > fuzzSize {
			return
		}
		file, err := OpenADTS(bytes.NewReader(data))
		fuzzFile(t, file, err, len(data))
	})
}
