package assets

import (
	_ "embed"
	"image"
	"image/color"
	"sort"
	"strings"

	"golang.org/x/image/vector"
)

// EmojiSelector asks for the colour form of the character before it (UTS 51).
// Which emoji need it is a matter of history, so pictures are found without.
const EmojiSelector = "\uFE0F"

// emojiJoiner makes one emoji of two. What it joins may have no picture; then
// the parts are shown one by one.
const emojiJoiner = "\u200D"

// EmojiGrid is how many steps the outlines of emoji have to a unit; pictures
// are emojiUnits wide and high.
const (
	EmojiGrid  = 32
	emojiUnits = 36
)

// emojiPictures is made by cmd/emojipack: colours, names in order of their
// bytes, pictures, and outlines. It is read in place, so that of its megabyte
// only what is drawn comes into memory.
//
//go:embed emoji/pictures.bin
var emojiPictures string

var emojiColours, emojiNames, emojiShapes, emojiOutlines = emojiSections(emojiPictures)

func emojiSections(file string) (colours string, names, shapes, outlines packedList) {
	next := func() string {
		n := bigEndian(file)
		s := file[4 : 4+n]
		file = file[4+n:]
		return s
	}
	return next(), packedList(next()), packedList(next()), packedList(next())
}

func bigEndian(s string) uint32 {
	return uint32(s[0])<<24 | uint32(s[1])<<16 | uint32(s[2])<<8 | uint32(s[3])
}

// packedList is byte strings behind a table of where each begins.
type packedList string

func (l packedList) len() int { return int(bigEndian(string(l))) }

func (l packedList) at(i int) string {
	table := string(l[4:])
	data := table[4*(l.len()+1):]
	return data[bigEndian(table[4*i:]):bigEndian(table[4*i+4:])]
}

// emojiIndex finds the picture of an emoji, or gives -1.
func emojiIndex(emoji string) int {
	name := strings.TrimSuffix(strings.ReplaceAll(emoji, EmojiSelector, ""), emojiJoiner)
	i := sort.Search(emojiNames.len(), func(i int) bool { return emojiNames.at(i) >= name })
	if name == "" || i == emojiNames.len() || emojiNames.at(i) != name {
		return -1
	}
	return i
}

// HasEmoji tells whether there is a picture of an emoji: one grapheme cluster,
// with or without EmojiSelector.
func HasEmoji(emoji string) bool { return emojiIndex(emoji) >= 0 }

// emojiSigns are drawn in nothing but a dark ink, which a dark ground swallows,
// and do not mean the colour.
const emojiSigns = "✖➕➖➗🟰〰💱💲➰✔©®™🔙🔚🔛🔜🔝"

// emojiLight is their ink on a dark ground.
var emojiLight = color.NRGBA{0xCC, 0xD6, 0xDD, 0xFF}

// DrawEmoji draws an emoji on a transparent square of so many pixels, or gives
// nil when there is no picture of it. On a dark ground the signs that are only
// ink are light. It may be called from any goroutine and takes some tenths of a
// millisecond.
func DrawEmoji(emoji string, side int, dark bool) *image.RGBA {
	i := emojiIndex(emoji)
	if i < 0 || side <= 0 {
		return nil
	}
	img := image.NewRGBA(image.Rect(0, 0, side, side))
	pen := vector.NewRasterizer(side, side)
	light := dark && strings.Contains(emojiSigns, emojiNames.at(i))
	shapes := packedReader(emojiShapes.at(i))
	for shapes != "" {
		outline := packedReader(emojiOutlines.at(int(shapes.uvarint())))
		c := emojiColours[4*shapes.uvarint():]
		ink := color.NRGBA{c[0], c[1], c[2], c[3]}
		if light {
			ink = emojiLight
		}
		pen.Reset(side, side)
		outline.trace(pen, float32(side)/(emojiUnits*EmojiGrid))
		pen.Draw(img, img.Bounds(), image.NewUniform(ink), image.Point{})
	}
	return img
}

// packedReader reads numbers off its beginning.
type packedReader string

func (r *packedReader) uvarint() uint64 {
	var v uint64
	for i := 0; ; i++ {
		b := (*r)[i]
		v |= uint64(b&0x7F) << (7 * i)
		if b < 0x80 {
			*r = (*r)[i+1:]
			return v
		}
	}
}

func (r *packedReader) varint() int64 {
	u := r.uvarint()
	return int64(u>>1) ^ -int64(u&1)
}

// trace draws an outline: of each part the beginning, then runs of lines or
// curves; a run of none ends the part.
func (r *packedReader) trace(pen *vector.Rasterizer, scale float32) {
	var x, y int64
	step := func() (float32, float32) {
		x += r.varint()
		y += r.varint()
		return float32(x) * scale, float32(y) * scale
	}
	for *r != "" {
		pen.MoveTo(step())
		for head := r.uvarint(); head != 0; head = r.uvarint() {
			for range head >> 1 {
				if head&1 == 0 {
					pen.LineTo(step())
					continue
				}
				bx, by := step()
				cx, cy := step()
				dx, dy := step()
				pen.CubeTo(bx, by, cx, cy, dx, dy)
			}
		}
		pen.ClosePath()
	}
}
