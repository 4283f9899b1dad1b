// Package aactest makes files that hold AAC, for tests.
package aactest

import (
	"encoding/binary"
	"slices"
)

// MP4 is what a file is made of. The zero value of what is not told is what most
// files have.
type MP4 struct {
	Config []byte   // AudioSpecificConfig
	Scale  uint32   // ticks of the track a second
	Units  [][]byte // in the order of their sound
	Same   bool     // all of one size, which is told once

	PerChunk []int // units in each chunk; the last for those that follow; 0: all in one
	Edits    []Edit
	Last     bool   // what describes the sound lies behind it
	Long     bool   // numbers of 64 bits
	Kind     string // of the sound; empty: mp4a
	Object   byte   // of the decoder; 0: that of MPEG-4
	Version  uint16 // of the description, as QuickTime has it
	Before   []byte // boxes in front of the track
}

// Edit is an entry of an edit list, in ticks of the film, of which a second has
// MovieScale, and of the track; Start -1 is silence.
type Edit struct{ Length, Start int64 }

// MovieScale is how many ticks of the film a second has.
const MovieScale = 1000

// File makes it.
func (m MP4) File() []byte {
	front := Box("ftyp", []byte("M4A \x00\x00\x02\x00mp42isom"))
	data := slices.Concat(m.Units...)
	if m.Last {
		at := len(front) + 8
		return slices.Concat(front, Box("mdat", data), m.moov(at))
	}
	at := len(front) + len(m.moov(0)) + 8
	return slices.Concat(front, m.moov(at), Box("mdat", data))
}

// Box is a box with what is in it.
func Box(kind string, parts ...[]byte) []byte {
	body := slices.Concat(parts...)
	return slices.Concat(u32(8+len(body)), []byte(kind), body)
}

func u32(n ...int) (b []byte) {
	for _, x := range n {
		b = binary.BigEndian.AppendUint32(b, uint32(x))
	}
	return b
}

// wide is numbers of 32 bits, or of 64 in a file with such.
func (m *MP4) wide(n ...int) (b []byte) {
	for _, x := range n {
		if m.Long {
			b = binary.BigEndian.AppendUint64(b, uint64(x))
		} else {
			b = binary.BigEndian.AppendUint32(b, uint32(x))
		}
	}
	return b
}

// flags are the version of a box and its flags.
func (m *MP4) flags() []byte {
	if m.Long {
		return u32(1 << 24)
	}
	return u32(0)
}

// moov describes the sound, whose units begin at a place of the file.
func (m *MP4) moov(at int) []byte {
	head := func(kind string, scale uint32) []byte {
		return Box(kind, m.flags(), m.wide(0, 0), u32(int(scale)), m.wide(0), u32(0))
	}
	var edits []byte
	if len(m.Edits) > 0 {
		list := u32(len(m.Edits))
		for _, e := range m.Edits {
			list = slices.Concat(list, m.wide(int(e.Length), int(e.Start)), u32(1<<16))
		}
		edits = Box("edts", Box("elst", m.flags(), list))
	}
	stbl := Box("stbl", Box("stsd", u32(0, 1), m.description()), m.sizes(), m.chunks(at))
	trak := Box("trak", Box("tkhd", make([]byte, 84)), edits,
		Box("mdia", head("mdhd", m.Scale), Box("hdlr", u32(0, 0), []byte("soun"), make([]byte, 13)), Box("minf", Box("smhd", u32(0, 0)), stbl)))
	return Box("moov", head("mvhd", MovieScale), m.Before, trak)
}

// description is of what kind the sound is.
func (m *MP4) description() []byte {
	kind, object := m.Kind, m.Object
	if kind == "" {
		kind = "mp4a"
	}
	if object == 0 {
		object = 0x40
	}
	config := append([]byte{5, 0x80, 0x80, byte(len(m.Config))}, m.Config...)
	decoder := append([]byte{4, byte(13 + len(config)), object, 0x15, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, config...)
	esds := Box("esds", u32(0), append([]byte{3, 0x80, byte(3 + len(decoder)), 0, 1, 0}, decoder...))
	more := 0
	switch m.Version {
	case 1:
		more, esds = 16, Box("wave", Box("frma", []byte("mp4a")), esds, u32(0, 0))
	case 2:
		more = 36
	}
	entry := make([]byte, 28+more)
	binary.BigEndian.PutUint16(entry[8:], m.Version)
	return Box(kind, entry, esds)
}

// sizes is how large units are.
func (m *MP4) sizes() []byte {
	if m.Same {
		return Box("stsz", u32(0, len(m.Units[0]), len(m.Units)))
	}
	sizes := u32(0, 0, len(m.Units))
	for _, u := range m.Units {
		sizes = append(sizes, u32(len(u))...)
	}
	return Box("stsz", sizes)
}

// chunks is where units are.
func (m *MP4) chunks(at int) []byte {
	var runs, places []byte
	nruns, nchunks, was := 0, 0, -1
	for rest := m.Units; len(rest) > 0; nchunks++ {
		n := len(rest)
		if len(m.PerChunk) > 0 {
			n = min(n, m.PerChunk[min(nchunks, len(m.PerChunk)-1)])
		}
		if n != was {
			runs, nruns, was = append(runs, u32(nchunks+1, n, 1)...), nruns+1, n
		}
		places = append(places, m.wide(at)...)
		for _, u := range rest[:n] {
			at += len(u)
		}
		rest = rest[n:]
	}
	kind := "stco"
	if m.Long {
		kind = "co64"
	}
	return slices.Concat(Box("stsc", u32(0, nruns), runs), Box(kind, u32(0, nchunks), places))
}

// ADTS makes a file of ADTS of a config of two bytes, with checksums, which nobody
// looks at, or without.
func ADTS(config []byte, sums bool, units ...[]byte) (file []byte) {
	rate, channels := config[0]<<1&15|config[1]>>7, config[1]>>3&7
	for _, u := range units {
		head := []byte{0xFF, 0xF1, 0, 0, 0, 0x1F, 0xFC}
		head[2] = (config[0]>>3-1)<<6 | rate<<2 | channels>>2
		if sums {
			head[1] &^= 1
			head = append(head, 0, 0)
		}
		n := len(head) + len(u)
		head[3] = channels<<6 | byte(n>>11)
		head[4] = byte(n >> 3)
		head[5] |= byte(n << 5)
		file = slices.Concat(file, head, u)
	}
	return file
}
