package widgets

// Sizes in dp of what is told of a link.
const (
	linkPicture     = float32(72) // each side of its picture beside the texts
	linkPictureGap  = float32(10)
	linkTextLeast   = float32(150) // with less for the texts the picture stands above them
	linkPictureHigh = float32(110) // the height of one above the texts
	linkRadius      = float32(8)
	linkHover       = float32(3) // how much broader the bar is under the pointer
	linkTitleLines  = 2
	linkTextLines   = 3
)

// cardMark makes the bar of the card under the pointer a broad one.
func (v *rowView) cardMark() {
	for _, h := range v.lay.hits {
		if h.kind == hitCard && h.n == v.marks.card {
			v.rect(&rowBox{x: h.x, y: h.y, w: partBar + linkHover, h: h.h, fill: ColorAccentText, radius: partBar / 2})
		}
	}
}

// linkCard lays out what is told of a link: the host, a title and some text
// beside a bar, with a picture at their left, or above them where that is narrow.
// Beside is the room that the time wants at the end of its last line; 0 for none.
func (l *layouter) linkCard(k *LinkView, n int, room, beside float32) rowPart {
	room -= partIndent
	left, top := float32(0), float32(0) // where the texts are
	if k.Picture != "" {
		left = linkPicture + linkPictureGap
		if room-left < linkTextLeast {
			left, top = 0, linkPictureHigh+partGap
		}
	}
	var t titled
	t.add(l.strong, k.Site, 1, ColorAccentText, room-left)
	t.add(l.quoteName, k.Title, linkTitleLines, ColorText, room-left)
	t.add(l.quoteText, k.Text, linkTextLines, ColorSecondary, room-left)
	ink := ColorSecondary
	if k.Failed {
		ink = ColorDanger
	}
	t.add(l.quoteText, k.Note, linkTextLines, ink, room-left)
	w, h := left+t.w, top+t.h
	if left > 0 {
		h = max(h, linkPicture)
	} else if top > 0 {
		w = room
	}
	last := float32(0)
	if end, y := l.lastOf(&t, h); beside > 0 && left+end+beside <= room {
		w, last = max(w, left+end+beside), h-y
	}
	return rowPart{w: w + partIndent, h: h, gap: cardGap, beside: last, place: func(r *rowLayout, x, y, w float32) {
		r.boxes = append(r.boxes, rowBox{x: x, y: y, w: partBar, h: h, fill: ColorAccentText, radius: partBar / 2})
		r.hits = append(r.hits, rowHit{kind: hitCard, n: n, x: x, y: y, w: w, h: h})
		x += partIndent
		if k.Picture != "" {
			box := rowBox{x: x, y: y, w: linkPicture, h: linkPicture, fill: ColorPicture, radius: linkRadius}
			if top > 0 {
				box.w, box.h = w-partIndent, linkPictureHigh
			}
			r.boxes = append(r.boxes, box)
			r.pictures = append(r.pictures, rowPicture{box, k.Picture})
		}
		t.place(r, x+left, y+top)
	}}
}

// lastOf tells where the time can stand in a card of a height that has these
// texts: behind which width, and from which height on. It is on the base line of
// the last one, or below it where a picture leaves room for that.
func (l *layouter) lastOf(t *titled, h float32) (end, y float32) {
	if len(t.lines) == 0 || h-t.h >= l.label.line {
		return 0, h - l.label.line
	}
	last := t.lines[len(t.lines)-1]
	return last.look.w, last.y + last.face.base - l.label.base
}
