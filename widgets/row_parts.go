package widgets

import "fyne.io/fyne/v2"

// Measures in dp of what stands in a bubble besides the text.
const (
	partBar    = float32(3)  // the line at the left of a quote and of a link
	partIndent = float32(11) // of what stands beside it
	partGap    = float32(4)  // between a quote and the text
	cardGap    = float32(7)  // between the text, files and links
	edgeInset  = float32(4)  // of a picture in its bubble

	quoteLines = 2
)

// rowPart is a block of a bubble besides the text: it is measured first, and
// placed when the width of the bubble is known.
type rowPart struct {
	w, h float32
	gap  float32 // to what follows
	edge bool    // it reaches near the edge of the bubble, beyond the text
	// beside is how far above its lower edge its last line begins, at the end of
	// which the time fits; 0: it does not
	beside float32
	place  func(r *rowLayout, x, y, w float32)
}

// partStack is parts one below the other.
type partStack []rowPart

// beside tells for the last part how far above its lower edge its last line begins.
func (s partStack) beside() float32 {
	if len(s) == 0 {
		return 0
	}
	return s[len(s)-1].beside
}

// width gives the room the parts need.
func (s partStack) width() (w float32) {
	for _, p := range s {
		w = max(w, p.w)
	}
	return w
}

// height gives the height of the parts and of the gaps between them.
func (s partStack) height() (h float32) {
	for i, p := range s {
		h += p.h
		if i+1 < len(s) {
			h += p.gap
		}
	}
	return h
}

// edged tells whether a part reaches near the edge, so that the text is no wider
// than that, and a first one is near the upper edge, too.
func (s partStack) edged() bool {
	for _, p := range s {
		if p.edge {
			return true
		}
	}
	return false
}

// place puts the parts into a bubble, whose text is w wide and begins at x.
func (s partStack) place(r *rowLayout, x, y, w float32) {
	for _, p := range s {
		if p.edge {
			const out = BubblePadX - edgeInset
			p.place(r, x-out, y, w+2*out)
		} else {
			p.place(r, x, y, w)
		}
		y += p.h + p.gap
	}
}

// above gives what stands over the text: what the message answers, and files.
func (l *layouter) partsAbove(it *rowItem, room float32) partStack {
	var s partStack
	if it.Quote != nil {
		s = append(s, l.quote(it.Quote, room))
	}
	for i := range it.Files {
		beside := float32(0)
		if i+1 == len(it.Files) && it.text == "" && len(it.Links) == 0 {
			beside = metaGap + l.meta(it).w
		}
		s = append(s, l.file(&it.Files[i], i, room, beside))
	}
	return s
}

// partsBelow gives what stands under the text: what is told of links.
func (l *layouter) partsBelow(it *rowItem, room float32) partStack {
	var s partStack
	for i := range it.Links {
		beside := float32(0)
		if i+1 == len(it.Links) {
			beside = metaGap + l.meta(it).w
		}
		s = append(s, l.linkCard(&it.Links[i], i, room, beside))
	}
	return s
}

// quote lays out the message that is answered: a name and a line or two of its
// words beside a bar.
func (l *layouter) quote(q *Quote, room float32) rowPart {
	ink := ColorOther
	if q.Own {
		ink = ColorAccentText
	}
	var t titled
	t.add(l.quoteName, q.Name, 1, ink, room-partIndent)
	t.add(l.quoteText, q.Text, quoteLines, ColorSecondary, room-partIndent)
	return rowPart{w: t.w + partIndent, h: t.h, gap: partGap, place: func(r *rowLayout, x, y, w float32) {
		r.boxes = append(r.boxes, rowBox{x: x, y: y, w: partBar, h: t.h, fill: ink, radius: partBar / 2})
		t.place(r, x+partIndent, y)
		r.hits = append(r.hits, rowHit{kind: hitQuote, x: x, y: y, w: w, h: t.h})
	}}
}

// titled is texts of a few lines, one below the other.
type titled struct {
	w, h  float32
	lines []titledLine
}

type titledLine struct {
	look  *lineLook
	face  *typeface
	y     float32
	color fyne.ThemeColorName
}

// add adds a text of at most so many lines, the last of which ends in an
// ellipsis where it does not fit. Line breaks in it count as spaces.
func (t *titled) add(f *typeface, text string, lines int, ink fyne.ThemeColorName, room float32) {
	text = oneLine(text)
	for n := 1; text != ""; n++ {
		look := lookOf(f, text, room)
		rest := ""
		if n < lines && look.text != text {
			b := f.wrap(text, room, 1)
			look, rest = lookOf(f, text[:b.lines[0].to], room), trimLeft(text[b.lines[0].to:])
		}
		t.lines = append(t.lines, titledLine{look: look, face: f, y: t.h, color: ink})
		t.w = max(t.w, look.w)
		t.h += f.line
		text = rest
		if n == lines {
			return
		}
	}
}

func trimLeft(s string) string {
	for s != "" && s[0] == ' ' {
		s = s[1:]
	}
	return s
}

func (t *titled) place(r *rowLayout, x, y float32) {
	for _, line := range t.lines {
		r.line(line.look, x, y+line.y, line.color)
	}
}

// line adds a line that is fitted to its width.
func (r *rowLayout) line(look *lineLook, x, y float32, ink fyne.ThemeColorName) {
	for _, run := range look.runs {
		r.labels = append(r.labels, rowLabel{
			x: x + run.x, y: y, text: run.text, face: run.face, kind: run.kind, color: ink, on: r.on,
		})
	}
}
