package widgets

import (
	"math"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
)

// Measures of a row in dp that the window's tokens do not give.
const (
	clockFormat = "15:04"

	groupPause     = 3 * time.Minute // a longer one begins a new group
	farSide        = float32(44)     // left free at the far side of a bubble in a narrow window
	metaGap        = float32(10)     // between the text and the time behind it
	metaLine       = float32(16)     // height of the time on a line of its own
	stateGap       = float32(4)
	dayGap         = float32(12)
	dayHeight      = float32(24)
	pillPad        = float32(12)
	pillRadius     = float32(9)
	dividerHeight  = float32(20)
	dividerGap     = float32(9)
	noteGap        = float32(3)
	bareInset      = float32(2) // around a text without a bubble
	bigEmojiSize   = float32(34)
	bigEmojiLine   = float32(44)
	noticeMaxWidth = float32(480)

	// foldLines is how many lines of a long message are shown before "Show
	// all", and foldBeyond how many it may have without being folded, so that
	// a fold always hides a good deal.
	foldLines  = 30
	foldBeyond = 40
)

// rowBox is a filled rectangle, or an outline when stroke is set.
type rowBox struct {
	x, y, w, h   float32
	fill, stroke fyne.ThemeColorName
	radius       float32
	tail         int8 // the corner with the small radius: 0 none, 1 bottom left, 2 bottom right
}

// rowLabel is a line of text that is not for selecting.
type rowLabel struct {
	x, y  float32 // of the line's top left corner
	text  string
	face  *typeface
	kind  faceKind
	color fyne.ThemeColorName
	on    fyne.ThemeColorName // what it stands on
}

type rowIcon struct {
	x, y, size float32
	name       string
	color, on  fyne.ThemeColorName
}

// hitKind is what a click into a part of a row does.
type hitKind uint8

const (
	hitLink hitKind = iota
	hitRetry
	hitUnfold
	hitGap
	hitCopyCode
	hitDrop
	hitQuote
	hitEdits
	hitReact
	hitReactMore
	hitCard
	hitFile
	hitSeek  // a place in a sound
	hitSpeed // of a sound
)

// rowHit is a part of a row that acts. The places of a link follow from the
// text, the others have one rectangle.
type rowHit struct {
	kind       hitKind
	n          int // of the link in the body, the block of code, the reaction, the file or the card
	x, y, w, h float32
}

// rowLayout is all there is to draw for a row, in dp from the row's top left
// corner. Each kind of row is a function that fills one in; nothing else knows
// the kinds.
type rowLayout struct {
	height float32
	head   float32 // of it, what stands over what the row says
	boxes  []rowBox
	labels []rowLabel
	icons  []rowIcon
	dots   []rowBox // of which one is lit at a time
	hits   []rowHit

	pictures []rowPicture // over the boxes
	waves    []rowWave    // over the boxes
	over     []rowBox     // over the pictures

	// body is the text that can be selected.
	body         *textBody
	bodyX, bodyY float32
	bodyColor    fyne.ThemeColorName
	on           fyne.ThemeColorName // what the body stands on
	bubble       rowBox              // the part of the row that menus belong to
	meta         rowBox              // the time and the state
}

// rowContext is what the looks of a row depend on besides the row itself.
type rowContext struct {
	prev     *rowItem // the row above that is no aside, nil for the first
	aside    bool     // an aside stands between
	width    float32
	divider  bool // "New" stands above
	unfolded bool
	picking  bool
	dayLabel func(time.Time) string
}

// layouter lays rows out. It keeps the measured fonts.
type layouter struct {
	body, action, big, small, label, strong, code *typeface
	strongBody, quoteName, quoteText              *typeface

	font fyne.Resource // the theme's when this was made
}

func newLayouter() *layouter {
	l := &layouter{font: theme.Current().Font(fyne.TextStyle{})}
	l.body = typefaceOf(TextBody, LineBody, fyne.TextStyle{})
	l.action = typefaceOf(TextBody, LineBody, fyne.TextStyle{Italic: true})
	l.big = typefaceOf(bigEmojiSize, bigEmojiLine, fyne.TextStyle{})
	l.small = typefaceOf(TextTime, metaLine, fyne.TextStyle{})
	l.label = typefaceOf(TextSmall, 18, fyne.TextStyle{})
	l.strong = typefaceOf(TextSmall, 18, fyne.TextStyle{Bold: true})
	l.code = typefaceOf(codeScale*TextBody, codeLine, fyne.TextStyle{Monospace: true})
	l.strongBody = typefaceOf(TextBody, LineBody, fyne.TextStyle{Bold: true})
	l.quoteName = typefaceOf(TextSecondary, 18, fyne.TextStyle{Bold: true})
	l.quoteText = typefaceOf(TextSecondary, 18, fyne.TextStyle{})
	return l
}

// fresh tells whether the fonts are still those of the theme.
func (l *layouter) fresh() bool {
	return l.font == theme.Current().Font(fyne.TextStyle{})
}

func ceil(x float32) float32  { return float32(math.Ceil(float64(x))) }
func floor(x float32) float32 { return float32(math.Floor(float64(x))) }

// row lays a row out.
func (l *layouter) row(it *rowItem, c rowContext) *rowLayout {
	r := &rowLayout{bodyColor: ColorText, on: ColorBackground}
	if !it.ID.Aside {
		l.above(r, it, c)
		r.head = r.height
	}
	switch it.Kind {
	case RowGap:
		l.gap(r, it, c)
	case RowStart:
		l.start(r, it, c)
	case RowNotice:
		l.notice(r, it, c)
	case RowAction:
		l.message(r, it, c, l.action, false)
	case RowRetracted, RowForeign:
		l.remark(r, it, c)
	default:
		if it.bare() && isFewEmoji(it.text) {
			l.message(r, it, c, l.big, false)
		} else {
			l.message(r, it, c, l.body, true)
		}
	}
	return r
}

// above lays out what stands between a row and the one before: the gap, the
// heading of a day, the divider of unread messages.
func (l *layouter) above(r *rowLayout, it *rowItem, c rowContext) {
	newDay := c.prev == nil || !sameDay(c.prev.Time, it.Time)
	if newDay {
		if c.prev != nil || c.aside {
			r.height += GapBetweenGroups
		} else {
			r.height += dayGap
		}
		l.pill(r, c.dayLabel(it.Time), c.width)
		r.height += dayGap
	}
	if c.divider {
		l.divider(r, c.width, newDay)
	}
	switch {
	case newDay || c.divider:
	case !c.aside && sameGroup(c.prev, it):
		r.height += GapInGroup
	default:
		r.height += GapBetweenGroups
	}
}

// left gives where the bubbles of others begin.
func (c *rowContext) left() float32 {
	if c.picking {
		return PagePadding + pickShift
	}
	return PagePadding
}

func sameDay(a, b time.Time) bool {
	ay, am, ad := a.Date()
	by, bm, bd := b.Date()
	return ay == by && am == bm && ad == bd
}

func sameGroup(a, b *rowItem) bool {
	return a.Kind == b.Kind && a.Out == b.Out && a.Author == b.Author && b.Time.Sub(a.Time) <= groupPause
}

// block adds the lines of a text that is not for selecting.
func (r *rowLayout) block(b *textBlock, x, y float32, color, on fyne.ThemeColorName) {
	for i := range b.lines {
		for _, p := range b.linePieces(i) {
			if p.draw != "" {
				r.labels = append(r.labels, rowLabel{
					x: x + p.x, y: y + float32(i)*b.face.line, text: p.draw, face: b.face, kind: p.face, color: color, on: on,
				})
			}
		}
	}
}

// pill adds a small text in a rounded ground in the middle.
func (l *layouter) pill(r *rowLayout, text string, width float32) {
	b := l.label.wrap(text, width-2*PagePadding-2*pillPad, 1)
	w := ceil(b.w) + 2*pillPad
	x := ceil((width - w) / 2)
	r.boxes = append(r.boxes, rowBox{x: x, y: r.height, w: w, h: dayHeight, fill: ColorField, radius: pillRadius})
	r.block(b, x+pillPad, r.height+(dayHeight-l.label.line)/2, ColorSecondary, ColorField)
	r.height += dayHeight
}

func (l *layouter) divider(r *rowLayout, width float32, afterDay bool) {
	if !afterDay {
		r.height += dividerGap
	}
	text := lang.L("New")
	w := ceil(l.strong.width(text, faceText))
	x := ceil((width - w) / 2)
	y := r.height + dividerHeight/2
	for _, part := range [][2]float32{{PagePadding, x - metaGap}, {x + w + metaGap, width - PagePadding}} {
		if part[1] > part[0] {
			r.boxes = append(r.boxes, rowBox{x: part[0], y: y, w: part[1] - part[0], h: LineWidth, fill: ColorDangerLine})
		}
	}
	r.labels = append(r.labels, rowLabel{
		x: x, y: r.height + (dividerHeight-l.strong.line)/2, text: text, face: l.strong, color: ColorDanger,
	})
	r.height += dividerHeight + dividerGap
}

// hitRects gives where a hit stands, a rectangle for each line it is on.
func (r *rowLayout) hitRects(h rowHit) []rowBox {
	if h.kind != hitLink {
		return []rowBox{{x: h.x, y: h.y, w: h.w, h: h.h}}
	}
	out := r.body.linkRects(h.n)
	for i := range out {
		out[i].x += r.bodyX
		out[i].y += r.bodyY
	}
	return out
}

// hitAt gives what acts at a place of the row; what lies on a card comes after it.
func (r *rowLayout) hitAt(x, y float32) (rowHit, bool) {
	for _, h := range slices.Backward(r.hits) {
		for _, b := range r.hitRects(h) {
			if x >= b.x && x < b.x+b.w && y >= b.y && y < b.y+b.h {
				return h, true
			}
		}
	}
	return rowHit{}, false
}

// offsetAt gives the offset in the body nearest to a place of the row.
func (r *rowLayout) offsetAt(x, y float32) int {
	if r.body == nil {
		return 0
	}
	return r.body.offsetAt(x-r.bodyX, y-r.bodyY)
}
