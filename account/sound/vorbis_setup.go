package sound

import (
	"math"
	"math/bits"
)

const (
	// maxEntries and maxValues bound what all codebooks of a setup have: those of
	// encoders have some 10,000 entries and 100,000 values. A file of a few bytes
	// could ask for gigabytes.
	maxEntries = 1 << 15
	maxValues  = 1 << 20
)

// checkVorbisSetup goes through the part of a setup (Vorbis I, section 4.2.4) for
// which the library makes as much room as it says, or which it would read for ever:
// books of codes that lead nowhere, or have no dimension, and what ends before it
// begins. It refuses the first kind of floors, which no encoder has made for twenty
// years, as it takes long.
func checkVorbisSetup(b []byte) error {
	r := &lowBits{b: b}
	var all vorbisBooks
	for range r.read(8) + 1 {
		if err := all.book(r); err != nil {
			return err
		}
	}
	for range r.read(6) + 1 { // of nothing any more
		r.read(16)
	}
	for range r.read(6) + 1 {
		if kind := r.read(16); !r.short && kind != 1 {
			return ErrKind
		}
		vorbisFloor(r)
	}
	for range r.read(6) + 1 {
		if !vorbisResidue(r) {
			return ErrBroken
		}
	}
	if r.short {
		return ErrBroken
	}
	return nil
}

// vorbisBooks counts what books have.
type vorbisBooks struct{ entries, values int }

// book reads a codebook (Vorbis I, section 3.2.1).
func (all *vorbisBooks) book(r *lowBits) error {
	const mark = 0x564342
	if r.read(24) != mark {
		return ErrBroken
	}
	dimensions, entries := r.read(16), r.read(24)
	all.entries += entries
	if dimensions < 1 || entries < 1 || all.entries > maxEntries || dimensions > maxValues/entries || !vorbisCodes(r, entries) {
		return ErrBroken
	}
	kind := r.read(4)
	if kind == 0 {
		return nil
	}
	values := entries * dimensions
	if all.values += values; kind > 2 || all.values > maxValues {
		return ErrBroken
	}
	r.skip(64) // the smallest value, and how far they lie apart
	each := r.read(4) + 1
	r.skip(1)
	if kind == 1 { // reckoned as in the library, for it has to read the same
		values = int(math.Floor(math.Pow(float64(entries), 1/float64(dimensions))))
	}
	r.skip(values * each)
	return nil
}

// vorbisCodes reads the lengths of codes, and tells whether every row of bits leads
// to one: they fill the tree, or there is but one.
func vorbisCodes(r *lowBits, entries int) bool {
	const longest = 32
	used, full := 0, int64(0) // full is in the smallest part of the tree
	if ordered := r.read(1) == 1; ordered {
		length := r.read(5) + 1
		for at := 0; at < entries; length++ {
			n := r.read(bits.Len(uint(entries - at)))
			if length > longest || n > entries-at {
				return false
			}
			at, used, full = at+n, used+n, full+int64(n)<<(longest-length)
		}
	} else {
		sparse := r.read(1) == 1
		for range entries {
			if !sparse || r.read(1) == 1 {
				used, full = used+1, full+int64(1)<<(longest-r.read(5)-1)
			}
		}
	}
	return !r.short && (used == 1 || full == 1<<longest)
}

// vorbisFloor reads a floor of the second kind (Vorbis I, section 7.2.2).
func vorbisFloor(r *lowBits) {
	var class, dimensions [16]int
	parts, most := r.read(5), 0
	for range parts {
		c := r.read(4)
		class[c]++
		most = max(most, c)
	}
	for c := range most + 1 {
		dimensions[c] = r.read(3) + 1
		below := r.read(2)
		if below > 0 {
			r.skip(8)
		}
		r.skip(8 << below)
	}
	r.skip(2)
	each := r.read(4)
	for c := range class {
		r.skip(class[c] * dimensions[c] * each)
	}
}

// vorbisResidue reads a residue (Vorbis I, section 8.6.1), and tells whether it
// does not end before it begins.
func vorbisResidue(r *lowBits) bool {
	r.skip(16)
	begin, end := r.read(24), r.read(24)
	r.skip(24)
	classes, books := r.read(6)+1, 0
	r.skip(8)
	for range classes {
		books += bits.OnesCount(uint(r.read(3)))
		if r.read(1) == 1 {
			books += bits.OnesCount(uint(r.read(5)))
		}
	}
	r.skip(8 * books)
	return begin <= end
}

// lowBits reads bits, the lowest of each byte first.
type lowBits struct {
	b     []byte
	at    int // bits
	short bool
}

// read gives up to 32 bits; 0 behind the end.
func (r *lowBits) read(n int) (x int) {
	if r.skip(n); r.short {
		return 0
	}
	for i := range n {
		at := r.at - n + i
		x |= int(r.b[at/8]>>(at%8)&1) << i
	}
	return x
}

func (r *lowBits) skip(n int) {
	r.at += n
	r.short = r.short || r.at > 8*len(r.b)
}
