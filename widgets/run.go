package widgets

import (
	"image"
	"image/color"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"linnet/assets"
)

// runPool holds what draws runs of text: a Run, and for emoji a picture. They are
// kept for the next time.
type runPool struct {
	texts  []*Run
	emoji  []*emojiImage
	nText  int
	nEmoji int
}

// reset gives all objects free again.
func (p *runPool) reset() { p.nText, p.nEmoji = 0, 0 }

// trim has the toolkit let go of what was not needed again: long code has many
// runs, and otherwise it keeps them for a minute.
func (p *runPool) trim() {
	for _, r := range p.texts[p.nText:] {
		r.clear()
	}
}

// draw gives an object that draws a run of one font on a base line.
func (p *runPool) draw(s string, f *typeface, k faceKind, x, base, scale float32, ink color.Color) fyne.CanvasObject {
	if k == faceEmoji {
		if p.nEmoji == len(p.emoji) {
			p.emoji = append(p.emoji, newEmojiImage())
		}
		o := p.emoji[p.nEmoji]
		p.nEmoji++
		o.show(s, f.emojiSide, scale, isLight(ink))
		o.image.Move(fyne.NewPos(x+(f.emojiWidth-f.emojiSide)/2, base-f.size*halfCapital-f.emojiSide/2))
		return o.image
	}
	return p.tinted(runState{s, f, k, scale, ink}, nil, x, base)
}

// tinted gives an object that draws a run in several colours.
func (p *runPool) tinted(d runState, tints []tint, x, base float32) fyne.CanvasObject {
	if p.nText == len(p.texts) {
		p.texts = append(p.texts, newRun())
	}
	o := p.texts[p.nText]
	p.nText++
	o.place(d, tints, x, base)
	return o
}

// isLight tells an ink for dark grounds.
func isLight(ink color.Color) bool {
	r, g, b, _ := ink.RGBA()
	return r+g+b > 3*0x8000
}

// emojiKey names a picture of an emoji.
type emojiKey struct {
	emoji string
	side  int // in pixels
	dark  bool
}

// emojiCacheMax bounds the memory of pictures that were drawn, in bytes: some
// thousand in lines of text, or all a picker shows at once many times over. When
// it is full it is emptied, which costs one frame of drawing.
const emojiCacheMax = 4 << 20

// emojiCache keeps pictures of emoji. It belongs to the UI goroutine.
var emojiCache struct {
	of    map[emojiKey]*image.RGBA
	bytes int
}

// emojiPicture gives the picture of an emoji, or nil if there is none. It is
// shared and not to be changed.
func emojiPicture(key emojiKey) *image.RGBA {
	c := &emojiCache
	if img, ok := c.of[key]; ok {
		return img
	}
	img := assets.DrawEmoji(key.emoji, key.side, key.dark)
	if img == nil {
		return nil
	}
	if c.bytes += len(img.Pix); c.of == nil || c.bytes > emojiCacheMax {
		c.of, c.bytes = make(map[emojiKey]*image.RGBA), len(img.Pix)
	}
	key.emoji = strings.Clone(key.emoji) // not a piece of a message, which would stay in memory
	c.of[key] = img
	return img
}

// emojiImage is a canvas image of an emoji that changes only when the emoji or
// its size does.
type emojiImage struct {
	image *canvas.Image
	key   emojiKey
}

func newEmojiImage() *emojiImage {
	im := canvas.NewImageFromImage(nil)
	im.FillMode = canvas.ImageFillStretch
	return &emojiImage{image: im}
}

// show draws an emoji with a side in dp on a dark or light ground.
func (e *emojiImage) show(emoji string, side, scale float32, dark bool) {
	pixels := max(1, int(side*scale+0.5))
	side = float32(pixels) / scale // of whole pixels, so that nothing is blurred
	if e.image.Size().Width != side {
		e.image.Resize(fyne.NewSize(side, side))
	}
	key := emojiKey{emoji, pixels, dark}
	if e.key == key {
		return
	}
	key.emoji = strings.Clone(emoji)
	e.key = key
	e.image.Image = nil
	if img := emojiPicture(key); img != nil {
		e.image.Image = img
	}
	e.image.Refresh()
}
