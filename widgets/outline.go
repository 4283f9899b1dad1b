package widgets

import (
	"bytes"
	"image"
	"image/draw"
	"math"
	"strings"

	"fyne.io/fyne/v2"
	"github.com/go-text/typesetting/di"
	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/font/opentype"
	"github.com/go-text/typesetting/shaping"
	fixedpoint "golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// Fyne has each letter of each text interpreted and filled anew when it draws it,
// which is most of the time and nine tenths of the garbage of a chat that scrolls.
// So text in the theme's fonts is drawn here: words are shaped by the library that
// Fyne uses, once, and each letter is filled once and then copied. Text in other
// fonts is left to Fyne, which finds them.

const (
	// maxShapes bounds the words of a typeface that are kept shaped. What is in
	// view has a few hundred, and one takes some 200 bytes.
	maxShapes = 1 << 12
	// maxMasks bounds the memory of filled letters in bytes: a few hundred take a
	// tenth of it. When it is full it is emptied.
	maxMasks = 2 << 20
	// maskAlone is what a letter takes beside its pixels, in bytes.
	maskAlone = 150
	// maskSteps is on how many places within a pixel a letter may stand.
	maskSteps = 4
)

// outlineFont is a font of the theme. It belongs to the UI goroutine.
type outlineFont struct {
	face  *font.Face
	masks map[maskKey]*glyphMask
	bytes int // of masks
}

// parseOutlines reads a font; nil when it cannot be read.
func parseOutlines(r fyne.Resource) *outlineFont {
	if r == nil {
		return nil
	}
	face, err := font.ParseTTF(bytes.NewReader(r.Content()))
	if err != nil {
		return nil
	}
	return &outlineFont{face: face, masks: make(map[maskKey]*glyphMask)}
}

// ResolveFace makes it the one font of a text, for shaping.
func (o *outlineFont) ResolveFace(rune) *font.Face { return o.face }

// has tells whether it has a glyph.
func (o *outlineFont) has(r rune) bool {
	_, ok := o.face.NominalGlyph(r)
	return ok
}

// placedGlyph is a letter with its place from the beginning of the base line, in
// dp, y downwards.
type placedGlyph struct {
	id   font.GID
	x, y float32
}

// shape is a word as it is drawn.
type shape struct {
	glyphs          []placedGlyph
	w               float32
	ascent, descent float32 // of the font
}

var (
	shaper    shaping.HarfbuzzShaper
	segmenter shaping.Segmenter
)

// shape gives how a text stands in a size in dp.
func (o *outlineFont) shape(s string, size float32) *shape {
	text := []rune(s)
	runs := segmenter.Split(shaping.Input{
		Text: text, RunEnd: len(text), Direction: di.DirectionLTR, Face: o.face, Size: in64(size),
	}, o)
	k := &shape{}
	for _, run := range runs {
		out := shaper.Shape(run)
		k.ascent, k.descent = dp(out.LineBounds.Ascent), -dp(out.LineBounds.Descent)
		for _, g := range out.Glyphs {
			k.glyphs = append(k.glyphs, placedGlyph{g.GlyphID, k.w + dp(g.XOffset), -dp(g.YOffset)})
			k.w += dp(g.Advance)
		}
	}
	return k
}

func dp(i fixedpoint.Int26_6) float32 { return float32(i) / 64 }

// in64 is the nearest of the numbers dp gives.
func in64(x float32) fixedpoint.Int26_6 { return fixedpoint.Int26_6(math.Round(float64(x * 64))) }

// shape gives how a word stands. It is shared and not to be changed.
func (f *typeface) shape(word string) *shape {
	if k := f.shapes[word]; k != nil {
		return k
	}
	k := f.outlines.shape(word, f.size)
	if len(word) <= maxCachedWord {
		if len(f.shapes) >= maxShapes {
			clear(f.shapes)
		}
		f.shapes[strings.Clone(word)] = k // not a piece of the message, which would stay in memory
	}
	return k
}

// maskKey names a letter in a size in pixels, on one of maskSteps places. The size
// is rounded: what it is worked out from differs in the last bit from run to run.
type maskKey struct {
	id    font.GID
	pixel fixedpoint.Int26_6
	step  uint8
}

// glyphMask is how much of each pixel a letter fills, with the place of its upper
// left corner from the pixel it begins in, on the base line.
type glyphMask struct {
	x, y int
	*image.Alpha
}

// mask gives a letter filled; nil for one that is blank.
func (o *outlineFont) mask(key maskKey) *glyphMask {
	m, known := o.masks[key]
	if known {
		return m
	}
	if o.bytes > maxMasks {
		clear(o.masks)
		o.bytes = 0
	}
	m = o.fill(key)
	o.masks[key] = m
	if o.bytes += maskAlone; m != nil {
		o.bytes += len(m.Pix)
	}
	return m
}

var filler vector.Rasterizer

// maxGlyph bounds a letter in pixels; no size of ours comes near.
const maxGlyph = 2048

// fill fills a letter.
func (o *outlineFont) fill(key maskKey) *glyphMask {
	outline, ok := o.face.GlyphData(key.id).(font.GlyphOutline)
	if !ok || len(outline.Segments) == 0 {
		return nil
	}
	scale, shift := dp(key.pixel)/float32(o.face.Upem()), float32(key.step)/maskSteps
	at := func(p opentype.SegmentPoint) (x, y float32) { return p.X*scale + shift, -p.Y * scale }
	lowX, lowY := float32(math.Inf(1)), float32(math.Inf(1))
	highX, highY := -lowX, -lowY
	for i := range outline.Segments {
		for _, p := range outline.Segments[i].ArgsSlice() {
			x, y := at(p)
			lowX, lowY, highX, highY = min(lowX, x), min(lowY, y), max(highX, x), max(highY, y)
		}
	}
	left, top := floor(lowX), floor(lowY)
	w, h := int(ceil(highX)-left), int(ceil(highY)-top)
	if w <= 0 || h <= 0 || w > maxGlyph || h > maxGlyph {
		return nil
	}
	filler.Reset(w, h)
	for i := range outline.Segments {
		var x, y [3]float32
		for n, p := range outline.Segments[i].ArgsSlice() {
			x[n], y[n] = at(p)
			x[n], y[n] = x[n]-left, y[n]-top
		}
		switch outline.Segments[i].Op {
		case opentype.SegmentOpMoveTo:
			filler.ClosePath()
			filler.MoveTo(x[0], y[0])
		case opentype.SegmentOpLineTo:
			filler.LineTo(x[0], y[0])
		case opentype.SegmentOpQuadTo:
			filler.QuadTo(x[0], y[0], x[1], y[1])
		case opentype.SegmentOpCubeTo:
			filler.CubeTo(x[0], y[0], x[1], y[1], x[2], y[2])
		}
	}
	filler.ClosePath()
	m := &glyphMask{int(left), int(top), image.NewAlpha(image.Rect(0, 0, w, h))}
	filler.DrawOp = draw.Src
	filler.Draw(m, m.Rect, image.Opaque, image.Point{})
	return m
}
