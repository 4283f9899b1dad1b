package main

import (
	"encoding/binary"
	"math"
	"slices"
	"strings"

	"linnet/assets"
)

// packer gathers pictures. Outlines and colours that several pictures share, as
// those of one person in several skin tones do, are kept once.
type packer struct {
	colours  []uint32
	colourID map[uint32]uint64
	paths    [][]byte
	pathID   map[string]uint64
	pictures []packed
}

type packed struct {
	name string
	data []byte
}

func newPacker() *packer {
	return &packer{colourID: map[uint32]uint64{}, pathID: map[string]uint64{}}
}

func (p *packer) add(text string, shapes []shape) {
	var data []byte
	for _, s := range shapes {
		path := encodePath(s.path)
		if len(path) == 0 || s.colour&0xFF == 0 {
			continue
		}
		id, ok := p.pathID[string(path)]
		if !ok {
			id = uint64(len(p.paths))
			p.pathID[string(path)] = id
			p.paths = append(p.paths, path)
		}
		colour, ok := p.colourID[s.colour]
		if !ok {
			colour = uint64(len(p.colours))
			p.colourID[s.colour] = colour
			p.colours = append(p.colours, s.colour)
		}
		data = binary.AppendUvarint(data, id)
		data = binary.AppendUvarint(data, colour)
	}
	name := strings.ReplaceAll(text, assets.EmojiSelector, "")
	p.pictures = append(p.pictures, packed{name, data})
}

// bytes gives the file that package assets reads.
func (p *packer) bytes() []byte {
	slices.SortFunc(p.pictures, func(a, b packed) int { return strings.Compare(a.name, b.name) })
	var names, pictures [][]byte
	for _, pic := range p.pictures {
		names = append(names, []byte(pic.name))
		pictures = append(pictures, pic.data)
	}
	var colours []byte
	for _, c := range p.colours {
		colours = binary.BigEndian.AppendUint32(colours, c)
	}
	var out []byte
	for _, section := range [][]byte{colours, list(names), list(pictures), list(p.paths)} {
		out = binary.BigEndian.AppendUint32(out, uint32(len(section)))
		out = append(out, section...)
	}
	return out
}

// list puts byte strings behind a table of where each begins and the last ends.
func list(items [][]byte) []byte {
	out := binary.BigEndian.AppendUint32(nil, uint32(len(items)))
	at := uint32(0)
	for _, it := range items {
		out = binary.BigEndian.AppendUint32(out, at)
		at += uint32(len(it))
	}
	out = binary.BigEndian.AppendUint32(out, at)
	for _, it := range items {
		out = append(out, it...)
	}
	return out
}

// encodePath writes an outline on the grid of assets.EmojiGrid: for each part
// that is closed its beginning, then runs of lines or of curves, each number
// relative to the point before.
func encodePath(parts []subpath) []byte {
	var out []byte
	var last gridPoint
	step := func(p point) {
		g := gridPoint{int64(math.Round(p.x * assets.EmojiGrid)), int64(math.Round(p.y * assets.EmojiGrid))}
		out = binary.AppendVarint(out, g.x-last.x)
		out = binary.AppendVarint(out, g.y-last.y)
		last = g
	}
	for _, part := range parts {
		if len(part.segs) == 0 {
			continue
		}
		step(part.start)
		for i := 0; i < len(part.segs); {
			j := i
			for j < len(part.segs) && part.segs[j].curve == part.segs[i].curve {
				j++
			}
			head := uint64(j-i) << 1
			if part.segs[i].curve {
				head |= 1
			}
			out = binary.AppendUvarint(out, head)
			for _, s := range part.segs[i:j] {
				if s.curve {
					step(s.c1)
					step(s.c2)
				}
				step(s.to)
			}
			i = j
		}
		out = binary.AppendUvarint(out, 0)
	}
	return out
}

type gridPoint struct{ x, y int64 }
