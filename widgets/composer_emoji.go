package widgets

import (
	"sort"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"

	"linnet/assets"
)

// coveredMost bounds how many emoji of a text being written get a picture; each
// costs a measurement at every key.
const coveredMost = 100

// coveredText is the longest text in bytes that is looked through for them, at
// every key. A longer one does not fit into the entry anyway.
const coveredText = 8 << 10

// coveredCursor is the width of the cursor.
const coveredCursor = 2

// coveredLeast is the least side of a picture in dp. A box may be narrower.
const coveredLeast = 14

// emojiCover lays the pictures of emoji over what Fyne's entry draws for them,
// which knows only old ones, and shows boxes for the rest. It asks the entry
// where they are by where the cursor would be.
type emojiCover struct {
	entry   *input
	box     *fyne.Container
	grounds []*canvas.Rectangle
	emoji   []*emojiImage
}

func newEmojiCover(entry *input) *emojiCover {
	return &emojiCover{entry: entry, box: &fyne.Container{}}
}

// writtenEmoji is an emoji with its place in a text, in runes.
type writtenEmoji struct {
	text    string
	from, n int
}

// emojiIn finds the emoji of a text that have pictures.
func emojiIn(text string) []writtenEmoji {
	var out []writtenEmoji
	at, state := 0, -1
	for text != "" && len(out) < coveredMost {
		if text[0] < utf8.RuneSelf && (len(text) == 1 || text[1] < utf8.RuneSelf) {
			text, state = text[1:], -1 // the quick way through letters
			at++
			continue
		}
		var c string
		c, text, state = nextCluster(text, state)
		n := utf8.RuneCountInString(c)
		if isEmoji(c) && assets.HasEmoji(c) {
			out = append(out, writtenEmoji{c, at, n})
		}
		at += n
	}
	return out
}

// place draws the pictures where the emoji stand now. The entry does not tell
// how far it is scrolled, so a text that does not fit it is left as it is.
func (v *emojiCover) place() {
	var found []writtenEmoji
	if len(v.entry.Text) <= coveredText {
		found = emojiIn(v.entry.Text)
	}
	if len(found)+len(v.box.Objects) == 0 {
		return
	}
	v.box.Objects = v.box.Objects[:0]
	defer canvas.Refresh(v.box)
	rows := v.entry.rowStarts(composerRows + 1)
	if len(rows) > composerRows {
		return
	}
	scale, dark := scaleOf(v.entry), isLight(theme.Color(ColorText))
	side := typefaceFor(TextBody, false).emojiSide
	cursor := v.entry.CursorTextOffset()
	line := v.entry.placeOf(1, 0).Y - v.entry.placeOf(0, 0).Y
	for i, e := range found {
		row := sort.SearchInts(rows, e.from+1) - 1
		from, to := v.entry.placeOf(row, e.from-rows[row]), v.entry.placeOf(row, e.from-rows[row]+e.n)
		if i == len(v.emoji) {
			v.grounds = append(v.grounds, canvas.NewRectangle(theme.Color(ColorField)))
			v.emoji = append(v.emoji, newEmojiImage())
		}
		ground, im := v.grounds[i], v.emoji[i]
		ground.FillColor = theme.Color(ColorField)
		left, right := from.X, to.X+1
		switch cursor { // which is drawn under the ground
		case e.from:
			left += coveredCursor
		case e.from + e.n:
			right--
		}
		put(ground, left, from.Y, right-left, line)
		w := min(side, max(to.X-from.X, coveredLeast))
		im.show(e.text, w, scale, dark)
		im.image.Move(fyne.NewPos((from.X+to.X-w)/2, from.Y+(line-w)/2))
		v.box.Objects = append(v.box.Objects, ground, im.image)
	}
}

// rowStarts gives where the rows of a wrapped text begin, in runes, of as many
// rows as are asked for at most.
func (i *input) rowStarts(most int) []int {
	row, column := i.CursorRow, i.CursorColumn
	defer func() { i.CursorRow, i.CursorColumn = row, column }()
	out := []int{0}
	for i.CursorColumn = 0; len(out) < most; {
		i.CursorRow = len(out)
		at := i.CursorTextOffset()
		if at == 0 { // there is no such row
			break
		}
		out = append(out, at)
	}
	return out
}

// placeOf gives where the cursor would be at a row and column.
func (i *input) placeOf(row, column int) fyne.Position {
	r, c := i.CursorRow, i.CursorColumn
	defer func() { i.CursorRow, i.CursorColumn = r, c }()
	i.CursorRow, i.CursorColumn = row, column
	return i.CursorPosition()
}

// joinedBefore gives how many characters make up the emoji that ends at the
// cursor, or 1. Fyne's entry would take it apart.
func (i *input) joinedBefore() int {
	runes := []rune(i.Text)
	at := min(i.CursorTextOffset(), len(runes))
	from := at
	for from > 0 && at-from < maxCluster && runes[from-1] >= utf8.RuneSelf {
		from--
	}
	if from > 0 {
		from-- // a digit may begin an emoji
	}
	n := 1
	for s, state := string(runes[from:at]), -1; s != ""; {
		var c string
		c, s, state = nextCluster(s, state)
		if n = 1; isEmoji(c) {
			n = utf8.RuneCountInString(c)
		}
	}
	return n
}

// joinedAfter does the same for an emoji that begins at the cursor.
func (i *input) joinedAfter() int {
	runes := []rune(i.Text)
	at := min(i.CursorTextOffset(), len(runes))
	c, _, _ := nextCluster(string(runes[at:min(len(runes), at+maxCluster)]), -1)
	if !isEmoji(c) {
		return 1
	}
	return max(1, utf8.RuneCountInString(c))
}

// wholeEmoji does what a key does to a whole emoji that is made of several
// characters, and says whether there was one.
func (i *input) wholeEmoji(e *fyne.KeyEvent) bool {
	if i.shift || i.SelectedText() != "" || i.Disabled() {
		return false
	}
	step, n := fyne.KeyLeft, 1
	switch e.Name {
	case fyne.KeyLeft, fyne.KeyBackspace:
		n = i.joinedBefore()
	case fyne.KeyRight, fyne.KeyDelete:
		step, n = fyne.KeyRight, i.joinedAfter()
	}
	if n < 2 {
		return false
	}
	if e.Name == step {
		for range n {
			i.Entry.TypedKey(e)
		}
		return true
	}
	i.markBy(step, n)
	i.Entry.TypedKey(e)
	return true
}

// markBy selects so many characters from the cursor on.
func (i *input) markBy(step fyne.KeyName, n int) {
	shift := &fyne.KeyEvent{Name: desktop.KeyShiftLeft}
	i.Entry.KeyDown(shift)
	for range n {
		i.Entry.TypedKey(&fyne.KeyEvent{Name: step})
	}
	i.Entry.KeyUp(shift)
}
