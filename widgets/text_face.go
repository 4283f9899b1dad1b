package widgets

import (
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"golang.org/x/text/unicode/bidi"

	"linnet/assets"
)

const (
	// maxWidths bounds the cache of word widths: some thousand words make a
	// language, and the rest is dropped at once when it grows beyond.
	maxWidths = 1 << 16
	// maxCachedWord is the longest word worth remembering.
	maxCachedWord = 48
	// emojiScale makes emoji as large against letters as they are in print, and
	// emojiRoom what is left beside them.
	emojiScale = 1.25
	emojiRoom  = 0.08
	// halfCapital is half the height of capitals in parts of the size: a line
	// is set so that they stand in its middle.
	halfCapital = 0.364
	// tabWidth is the distance of tab stops in spaces.
	tabWidth = 4
)

// typeface measures text of one size and style, and remembers what it measured.
// It belongs to the UI goroutine, as Fyne's shaper does.
type typeface struct {
	size  float32
	style fyne.TextStyle
	line  float32 // height of a line
	base  float32 // of the baseline below the top of a line
	space float32

	emojiSide  float32 // of the picture of an emoji
	emojiWidth float32 // what it takes on the line

	font     fyne.Resource                 // the theme's
	outlines *outlineFont                  // the same; nil when it cannot be read
	shapes   map[string]*shape             // of words in the theme's font
	widths   [faceFonts]map[string]float32 // by faceKind
	heights  [faceFonts]float32            // of what is drawn
	ascents  [faceFonts]float32            // of the base line below its top

	variants [styleCount]*typeface // made when first needed, see styled
}

// faceKey names a typeface of the theme.
type faceKey struct {
	size, line float32
	style      fyne.TextStyle
}

// faces holds the typefaces of the theme's font, so that all widgets share what
// was measured.
var faces struct {
	font     fyne.Resource
	of       map[faceKey]*typeface
	outlines map[fyne.Resource]*outlineFont
}

// typefaceOf gives a typeface of the theme's font.
func typefaceOf(size, line float32, style fyne.TextStyle) *typeface {
	if font := theme.Current().Font(fyne.TextStyle{}); faces.of == nil || faces.font != font {
		faces.font, faces.of, faces.outlines = font, make(map[faceKey]*typeface), make(map[fyne.Resource]*outlineFont)
		clear(looks)
	}
	key := faceKey{size, line, style}
	f := faces.of[key]
	if f == nil {
		f = newTypeface(size, line, style)
		faces.of[key] = f
	}
	return f
}

// typefaceFor gives the typeface of text that stands on one line.
func typefaceFor(size float32, bold bool) *typeface {
	return typefaceOf(size, ceil(size*lineFactor), fyne.TextStyle{Bold: bold})
}

func newTypeface(size, line float32, style fyne.TextStyle) *typeface {
	loadSharedFonts()
	f := &typeface{
		size: size, line: line, style: style, font: theme.Current().Font(style),
		shapes: make(map[string]*shape),
	}
	f.outlines = outlinesOf(f.font)
	for k := range f.widths {
		f.widths[k] = make(map[string]float32)
		f.heights[k], f.ascents[k] = f.extents(faceKind(k))
	}
	f.base = float32(math.Round(float64(line/2 + size*halfCapital)))
	f.emojiSide = float32(math.Round(float64(size * emojiScale)))
	f.emojiWidth = f.emojiSide + float32(math.Round(float64(size*emojiRoom)))
	f.space = f.measure(" ", faceText)
	return f
}

// outlinesOf reads a font, once.
func outlinesOf(font fyne.Resource) *outlineFont {
	o, known := faces.outlines[font]
	if !known {
		o = parseOutlines(font)
		faces.outlines[font] = o
	}
	return o
}

func (f *typeface) extents(k faceKind) (height, ascent float32) {
	if k == faceText && f.outlines != nil {
		x := f.shape("x")
		return x.ascent + x.descent, x.ascent
	}
	size, base := fyne.CurrentApp().Driver().RenderedTextSize(k.drawn("x"), f.size, f.faceStyle(k), f.source(k))
	return size.Height, base
}

func (f *typeface) faceStyle(k faceKind) fyne.TextStyle {
	if k == faceText {
		return f.style
	}
	return fyne.TextStyle{}
}

// source gives what canvas.Text needs to be drawn by a font. It is told the
// theme's, too: left to find that by the style, Fyne reads all the fonts that
// might stand in for it, once for each style, and keeps some 7 MB of each time.
func (f *typeface) source(k faceKind) fyne.Resource {
	if k == faceStrut {
		return sharedFonts.strut
	}
	return f.font
}

func (f *typeface) measure(s string, k faceKind) float32 {
	if k == faceText && f.outlines != nil {
		return f.shape(s).w
	}
	size, _ := fyne.CurrentApp().Driver().RenderedTextSize(k.drawn(s), f.size, f.faceStyle(k), f.source(k))
	return size.Width
}

// word gives the width of a run without spaces.
func (f *typeface) word(s string, k faceKind) float32 {
	switch {
	case s == "":
		return 0
	case k == faceEmoji:
		return f.emojiWidth
	}
	m := f.widths[k]
	if w, ok := m[s]; ok {
		return w
	}
	w := f.measure(s, k)
	if len(s) <= maxCachedWord {
		if len(m) >= maxWidths {
			clear(m)
		}
		m[strings.Clone(s)] = w // not a piece of the message, which would stay in memory
	}
	return w
}

// width gives the width of a run, which may have spaces.
func (f *typeface) width(s string, k faceKind) float32 {
	if k != faceText {
		return f.word(s, k)
	}
	var w float32
	for {
		i := strings.IndexByte(s, ' ')
		if i < 0 {
			return w + f.word(s, k)
		}
		w += f.word(s[:i], k) + f.space
		s = s[i+1:]
	}
}

// plain tells whether a paragraph is of nothing but words of the theme's font
// from left to right, which the fast way can lay out.
func (f *typeface) plain(s string) bool {
	for i := 0; i < len(s); {
		if c := s[i]; c < utf8.RuneSelf {
			if c == '\t' {
				return false
			}
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if !isPlainRune(r) || !f.has(r) {
			return false
		}
		i += n
	}
	return true
}

// isPlainRune tells letters and signs of Latin, Greek and Cyrillic that neither
// combine nor break lines in a way of their own.
func isPlainRune(r rune) bool {
	return r < 0x0300 || r >= 0x0370 && r < 0x0530 && !unicode.Is(unicode.M, r) ||
		r >= 0x1E00 && r < 0x2000 || r >= 0x2010 && r < 0x2028 || r >= 0x20A0 && r < 0x20D0
}

// has tells whether the theme's font has a glyph.
func (f *typeface) has(r rune) bool {
	if f.outlines == nil {
		return r < 0x0530
	}
	return f.outlines.has(r)
}

// faceOf gives the font that draws a grapheme cluster.
func (f *typeface) faceOf(cluster string) faceKind {
	if len(cluster) == 1 {
		return faceText
	}
	if isEmoji(cluster) {
		if assets.HasEmoji(cluster) {
			return faceEmoji
		}
		return faceStrut
	}
	for _, r := range cluster {
		if isJoiner(r) {
			continue
		}
		if !f.has(r) || isRightToLeft(r) {
			return faceStrut
		}
	}
	return faceText
}

func isRightToLeft(r rune) bool {
	if r < 0x0590 {
		return false
	}
	p, _ := bidi.LookupRune(r)
	return p.Class() == bidi.R || p.Class() == bidi.AL
}
