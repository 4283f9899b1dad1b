package widgets

import (
	"math"
	"strings"
	"unicode/utf8"
)

// unlimited is a width that cuts nothing.
const unlimited = math.MaxFloat32

// ellipsis ends what was cut.
const ellipsis = "…"

// lineRun is a part of a line of one font.
type lineRun struct {
	x    float32
	text string
	face *typeface
	kind faceKind
}

// lineLook is what a text looks like on one line.
type lineLook struct {
	text string
	runs []lineRun // from left to right
	w    float32
}

// lookKey names a text fitted to a width.
type lookKey struct {
	face  *typeface
	text  string
	width float32
}

// looksMax bounds the cache of looks: some screens of rows at a few widths.
// When it is full it is emptied, which costs one frame of measuring.
const looksMax = 4096

// lineTextMax is how much of a text is looked at before fitting it: no window
// is wide enough to show more, and a last message may be 64 kB long.
const lineTextMax = 512

var looks = map[lookKey]*lineLook{}

// lookOf fits a text to a width in dp. It cuts between user-perceived
// characters, so neither accents nor emoji fall apart.
func lookOf(f *typeface, text string, width float32) *lineLook {
	whole := lookFor(f, text, unlimited)
	if whole.w <= width {
		return whole
	}
	return lookFor(f, text, width)
}

func lookFor(f *typeface, text string, width float32) *lineLook {
	key := lookKey{f, text, width}
	if k, ok := looks[key]; ok {
		return k
	}
	k := makeLook(f, f, oneLine(text), nil, width)
	if len(looks) >= looksMax {
		clear(looks)
	}
	key.text = strings.Clone(text) // not a piece of a message, which would stay in memory
	looks[key] = k
	return k
}

// markedLook is lookOf for a text of which parts are bold.
func markedLook(f, strong *typeface, text string, marks []Span, width float32) *lineLook {
	line := oneLine(text)
	if line != text {
		return lookOf(f, text, width)
	}
	return makeLook(f, strong, line, marks, width)
}

// makeLook lays out a harmless line. The direction is that of the whole text
// even when only its beginning fits.
func makeLook(f, strong *typeface, text string, marks []Span, width float32) *lineLook {
	base := baseLevel(text)
	k := runsOf(f, strong, text, base, marks)
	if k.w <= width {
		return k
	}
	if width <= 0 {
		return &lineLook{}
	}
	ends := clusterEnds(text)
	room := width - strong.lineWidth(ellipsis)
	lo, hi := 0, len(ends)-1
	for lo < hi {
		mid := (lo + hi + 1) / 2
		if strong.lineWidth(text[:ends[mid]]) <= room {
			lo = mid
		} else {
			hi = mid - 1
		}
	}
	for ; ; lo-- { // the runs may come out a little wider than their sum
		k = runsOf(f, strong, strings.TrimRight(text[:ends[lo]], " ")+ellipsis, base, marks)
		if k.w <= width || lo == 0 {
			return k
		}
	}
}

// runsOf places the runs of a harmless line.
func runsOf(f, strong *typeface, text string, base bidiLevel, marks []Span) *lineLook {
	b := &textBlock{
		face: f, text: text,
		pars:  []textPar{{to: len(text), plain: base == 0 && f.plain(text), base: base}},
		lines: []textLine{{to: len(text)}},
		links: spanLinks(marks, len(text)),
	}
	k := &lineLook{text: text}
	for _, p := range b.linePieces(0) {
		face, w := f, p.w
		if p.link >= 0 {
			face = strong
			w = strong.width(text[p.from:p.to], p.face)
		}
		if p.draw != "" {
			k.runs = append(k.runs, lineRun{x: k.w, text: p.draw, face: face, kind: p.face})
		}
		k.w += w
	}
	k.w = ceil(k.w)
	return k
}

// spanLinks gives spans in order and apart, as the pieces of a line are cut by.
func spanLinks(spans []Span, n int) []link {
	var out []link
	for from := 0; from < n; {
		next := link{from: n}
		for _, s := range spans {
			lo, hi := max(s.From, from), min(s.To, n)
			if lo < hi && (lo < next.from || lo == next.from && hi > next.to) {
				next.from, next.to = lo, hi
			}
		}
		if next.from == n {
			break
		}
		out = append(out, next)
		from = next.to
	}
	return out
}

// lineWidth gives the width of a harmless text of any fonts.
func (f *typeface) lineWidth(s string) float32 {
	if f.plain(s) {
		return f.width(s, faceText)
	}
	var w float32
	f.runs(s, func(run string, k faceKind) { w += f.width(run, k) })
	return w
}

// textWidth gives the width a text has on a Label.
func textWidth(text string, size float32, bold bool) float32 {
	return lookFor(typefaceFor(size, bold), text, unlimited).w
}

// oneLine gives the beginning of a text as a single line, without what could
// mislead in it, because names and messages come from others.
func oneLine(text string) string {
	if len(text) > lineTextMax {
		n := lineTextMax
		for n > 0 && !utf8.RuneStart(text[n]) {
			n--
		}
		text = text[:n] + ellipsis
	}
	return Harmless(text)
}
