package widgets

import (
	"strings"

	"fyne.io/fyne/v2"
	"github.com/rivo/uniseg"
)

// cutKey names a text fitted to a width.
type cutKey struct {
	text  string
	size  float32
	bold  bool
	width float32
}

// cutCacheMax bounds the cache of fitted texts: some screens of rows at a few
// widths. When it is full it is emptied, which costs one frame of measuring.
const cutCacheMax = 4096

// cutTextMax is how much of a text is looked at before fitting it: no row is
// wide enough to show more, and a last message may be 64 kB long.
const cutTextMax = 512

var cuts = map[cutKey]string{}

// fit shortens one line of text to a width in dp, ending in an ellipsis where
// something is missing. Line breaks become spaces. It cuts between
// user-perceived characters, so neither accents nor emoji fall apart. UI
// goroutine only, because measuring text is.
func fit(text string, size float32, bold bool, width float32) string {
	if text == "" || width <= 0 {
		return ""
	}
	key := cutKey{text, size, bold, width}
	if s, ok := cuts[key]; ok {
		return s
	}
	s := cut(oneLine(text), size, bold, width)
	if len(cuts) >= cutCacheMax {
		clear(cuts)
	}
	cuts[key] = s
	return s
}

func cut(text string, size float32, bold bool, width float32) string {
	style := fyne.TextStyle{Bold: bold}
	wide := func(s string) bool { return fyne.MeasureText(s, size, style).Width > width }
	if !wide(text) {
		return text
	}
	var ends []int
	for g := uniseg.NewGraphemes(text); g.Next(); {
		_, end := g.Positions()
		ends = append(ends, end)
	}
	lo, hi := 0, len(ends)
	for lo < hi {
		mid := (lo + hi + 1) / 2
		if wide(text[:ends[mid-1]] + "…") {
			hi = mid - 1
		} else {
			lo = mid
		}
	}
	if lo == 0 {
		return "…"
	}
	return strings.TrimRight(text[:ends[lo-1]], " ") + "…"
}

// oneLine gives the beginning of a text as a single line, without what could
// mislead in it, because names and messages come from others.
func oneLine(text string) string {
	if len(text) > cutTextMax {
		text = strings.ToValidUTF8(text[:cutTextMax], "") + "…"
	}
	return sanitiseLine(text)
}
