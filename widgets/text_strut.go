package widgets

import (
	"bytes"
	"encoding/binary"
	"errors"
	"log/slog"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"golang.org/x/image/font/sfnt"
)

// Fyne draws a text on the baseline of the tallest font that took part, in a
// picture as high as a line of the first font. Where the first font has no
// glyphs and another one takes over, the baseline is then unknown and what hangs
// low is cut off. The strut font settles both: a copy, in memory, of Fyne's own
// text font with taller metrics and with one blank character of no width. A run
// that begins with this character is as high as the strut and stands on its
// baseline, whatever font draws the rest.
const (
	strutRune       = '¦' // every text font has it, so no run needs it as itself
	strutAscent     = 1.5 // in em; Noto's tallest scripts stay under it
	strutDescent    = 0.9
	strutSourceName = "sans-serif" // Fyne looks for fallbacks in the family of this name
)

var errFontTable = errors.New("font lacks a table")

// newStrutFont makes the strut font out of a TrueType font.
func newStrutFont(src fyne.Resource) (fyne.Resource, error) {
	data := bytes.Clone(src.Content())
	tables, err := fontTables(data)
	if err != nil {
		return nil, err
	}
	font, err := sfnt.Parse(data)
	if err != nil {
		return nil, err
	}
	g, err := font.GlyphIndex(nil, strutRune)
	if err != nil || g == 0 {
		return nil, errFontTable
	}
	be := binary.BigEndian
	head, hhea, hmtx, loca := tables["head"], tables["hhea"], tables["hmtx"], tables["loca"]
	if len(head) < 54 || len(hhea) < 36 || len(hmtx) < 4*int(g)+4 || len(loca) < 4*int(g)+8 {
		return nil, errFontTable
	}
	em := float64(be.Uint16(head[18:]))
	be.PutUint16(hhea[4:], uint16(int16(strutAscent*em)))
	be.PutUint16(hhea[6:], uint16(int16(-strutDescent*em)))
	be.PutUint16(hhea[8:], 0)
	if os2 := tables["OS/2"]; len(os2) >= 64 {
		const useTypoMetrics = 1 << 7
		be.PutUint16(os2[62:], be.Uint16(os2[62:])&^useTypoMetrics)
	}
	// An outline that ends where it begins is blank.
	if w := 2 + 2*int(be.Uint16(head[50:])); w == 2 || w == 4 {
		copy(loca[w*int(g):w*int(g)+w], loca[w*int(g)+w:w*int(g)+2*w])
	}
	be.PutUint16(hmtx[4*int(g):], 0)
	return fyne.NewStaticResource(strutSourceName, data), nil
}

// fontTables gives the tables of an OpenType font by their tags.
func fontTables(data []byte) (map[string][]byte, error) {
	const headerSize, recordSize = 12, 16
	if len(data) < headerSize {
		return nil, errFontTable
	}
	n := int(binary.BigEndian.Uint16(data[4:]))
	if len(data) < headerSize+n*recordSize {
		return nil, errFontTable
	}
	tables := make(map[string][]byte, n)
	for i := range n {
		rec := data[headerSize+i*recordSize:]
		from := uint64(binary.BigEndian.Uint32(rec[8:]))
		to := from + uint64(binary.BigEndian.Uint32(rec[12:]))
		if to > uint64(len(data)) {
			return nil, errFontTable
		}
		tables[string(rec[:4])] = data[from:to]
	}
	return tables, nil
}

// faceKind says which font draws a run.
type faceKind uint8

const (
	faceText  faceKind = iota // the theme's
	faceStrut                 // any font of the system that has the glyphs
	faceEmoji                 // none: a picture

	faceFonts = faceEmoji // how many are fonts
)

// The fonts that do not depend on the theme, made when first needed on the UI
// goroutine.
var sharedFonts struct {
	made  bool
	strut fyne.Resource // nil when Fyne's text font cannot be used
}

func loadSharedFonts() {
	f := &sharedFonts
	if f.made {
		return
	}
	f.made = true
	var err error
	if f.strut, err = newStrutFont(theme.DefaultTextFont()); err != nil {
		slog.Warn("no strut font, lines of mixed scripts may stand uneven", "error", err)
	}
}

// drawn gives the string canvas.Text is to draw for a run of text.
func (k faceKind) drawn(s string) string {
	if k == faceStrut && sharedFonts.strut != nil {
		return string(strutRune) + s
	}
	return s
}
