package widgets

import (
	"strings"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"linnet/assets"
)

const (
	// completionLeast is how many letters behind a colon bring up the list. One
	// would take ":D" and ":p" for a beginning.
	completionLeast = 2
	// completionMost is how many emoji the list offers.
	completionMost = 8
	// completionLongest bounds what is looked at before the cursor; no code is
	// longer.
	completionLongest = 48
)

// completion offers emoji for what is written behind a colon in a composer.
type completion struct {
	c     *Composer
	list  *completionList // nil while there is nothing to offer
	root  *Root
	start int // the place of the colon, in runes
	left  int // the place of a colon whose list the user left, or -1
	busy  bool
}

// emojiToken finds the beginning of a code that ends a text: where its colon
// stands, in runes, and what is behind it. A colon within a word or a number is
// none, and neither is a smiley of signs.
func emojiToken(before []rune) (start int, word string, ok bool) {
	for i := len(before) - 1; i >= 0 && len(before)-i <= completionLongest; i-- {
		r := before[i]
		switch {
		case r == ':':
			word = string(before[i+1:])
			plain := i == 0 || !unicode.IsLetter(before[i-1]) && !unicode.IsDigit(before[i-1]) && before[i-1] != ':' && before[i-1] != '/'
			return i, word, plain && startsCode(word)
		case !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' && r != '+' && r != '-':
			return 0, "", false
		}
	}
	return 0, "", false
}

// startsCode tells a code from a smiley such as ":-D": of signs only a number
// may follow the colon, as in ":+1:".
func startsCode(word string) bool {
	rest := strings.TrimLeft(word, "+-")
	return rest == word || len(word)-len(rest) == 1 && rest != "" && unicode.IsDigit(rune(rest[0]))
}

// token gives what the cursor is at the end of.
func (p *completion) token() (start int, word string, ok bool) {
	runes := []rune(p.c.entry.Text)
	at := p.c.entry.CursorTextOffset()
	if at > len(runes) || p.c.entry.SelectedText() != "" {
		return 0, "", false
	}
	return emojiToken(runes[:at])
}

// look shows, changes or takes away the list after a change of the text or of
// the cursor.
func (p *completion) look() {
	if p.busy {
		return
	}
	start, word, ok := p.token()
	if !ok || start != p.left {
		p.left = -1
	}
	var found []assets.Emoji
	if ok && start != p.left && len([]rune(word)) >= completionLeast && p.c.focused {
		found = assets.FindEmoji(word, completionMost)
	}
	if len(found) == 0 {
		p.close()
		return
	}
	root := rootOf(p.c.entry)
	if root == nil {
		return
	}
	if p.list == nil {
		p.list, p.root = newCompletionList(p.take), root
	}
	p.start = start
	p.list.set(word, found, p.c.tone)
	root.setFloat(p.list, p.place)
}

// place puts the list above the cursor.
func (p *completion) place(s fyne.Size) {
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(p.c.entry)
	cursor := p.c.entry.CursorPosition()
	w, h := min(completionWidth, s.Width-8), p.list.MinSize().Height
	x := max(4, min(at.X+cursor.X-completionInset, s.Width-w-4))
	y := at.Y + min(cursor.Y, p.c.entry.Size().Height) - h - 6
	put(p.list, x, max(4, y), w, h)
}

func (p *completion) close() {
	if p.list != nil {
		p.list = nil
		p.root.setFloat(nil, nil)
	}
}

// lostFocus takes the list away, unless it is going to be pressed.
func (p *completion) lostFocus() {
	if p.list != nil && !p.list.hovered {
		p.close()
	}
}

// key takes the keys that are for the list.
func (p *completion) key(e *fyne.KeyEvent) bool {
	if p.list == nil {
		return false
	}
	switch e.Name {
	case fyne.KeyUp:
		p.list.step(-1)
	case fyne.KeyDown:
		p.list.step(1)
	case fyne.KeyTab:
		p.take(p.list.chosen)
	case fyne.KeyEscape:
		p.left = p.start
		p.close()
	default:
		if !isEnter(e.Name) || p.c.entry.shift {
			return false
		}
		p.take(p.list.chosen)
	}
	return true
}

// take puts an emoji of the list into the place of what was written.
func (p *completion) take(i int) {
	text := p.list.items[i].WithTone(p.c.tone)
	n := p.c.entry.CursorTextOffset() - p.start
	p.close()
	p.replace(n, text+" ")
	p.c.Focus()
	p.used(text)
}

// typed turns a whole code into its emoji when its second colon is written.
func (p *completion) typed(r rune) {
	if r != ':' {
		return
	}
	runes := []rune(p.c.entry.Text)
	at := p.c.entry.CursorTextOffset()
	if at == 0 || at > len(runes) {
		return
	}
	_, word, ok := emojiToken(runes[:at-1])
	if !ok || word == "" {
		return
	}
	e, ok := assets.EmojiByCode(word)
	if !ok {
		return
	}
	text := e.WithTone(p.c.tone)
	p.replace(len([]rune(word))+2, text)
	p.used(text)
}

func (p *completion) used(emoji string) {
	if p.c.OnEmojiUsed != nil {
		p.c.OnEmojiUsed(emoji)
	}
}

// replace puts a text into the place of so many runes before the cursor.
func (p *completion) replace(runes int, text string) {
	p.busy = true
	p.c.entry.replaceBefore(runes, text)
	p.busy = false
	p.look()
}

// Sizes of the list in dp.
const (
	completionWidth = 300
	completionRow   = 34
	completionPad   = 6
	completionInset = 18 // from its edge to the pictures, which stand over the colon
	completionEmoji = 22
)

// completionList is the list itself, which takes the pointer but not the
// keyboard.
type completionList struct {
	widget.BaseWidget
	take    func(int)
	items   []assets.Emoji
	chosen  int
	hovered bool
	panel   *canvas.Rectangle
	ground  *canvas.Rectangle
	rows    []completionLine
	rend    *painter
	tone    assets.EmojiTone
}

type completionLine struct {
	emoji *emojiImage
	code  *Label
	name  *Label
}

func newCompletionList(take func(int)) *completionList {
	l := &completionList{take: take, panel: rounded(10), ground: rounded(6)}
	l.rend = &painter{layout: l.layout, refresh: l.update}
	l.rend.min = func() fyne.Size { return fyne.NewSize(120, float32(len(l.items))*completionRow+2*completionPad) }
	l.ExtendBaseWidget(l)
	return l
}

func (l *completionList) set(query string, items []assets.Emoji, tone assets.EmojiTone) {
	l.items, l.chosen, l.tone = items, 0, tone
	l.rend.objects = append(l.rend.objects[:0], l.panel, l.ground)
	for i, e := range items {
		if i == len(l.rows) {
			l.rows = append(l.rows, completionLine{
				newEmojiImage(), NewLabel("", TextSecondary, ColorText), NewLabel("", TextSecondary, ColorSecondary).Trailing(),
			})
		}
		l.rows[i].code.SetText(":" + e.CodeFor(query) + ":")
		l.rows[i].name.SetText(e.Name)
		l.rend.objects = append(l.rend.objects, l.rows[i].emoji.image, l.rows[i].code, l.rows[i].name)
	}
	l.Refresh()
}

func (l *completionList) step(by int) {
	n := len(l.items)
	l.choose((l.chosen + by + n) % n)
}

func (l *completionList) choose(i int) {
	if i != l.chosen && i >= 0 && i < len(l.items) {
		l.chosen = i
		l.Refresh()
	}
}

func (l *completionList) rowAt(pos fyne.Position) int {
	return max(0, min(int((pos.Y-completionPad)/completionRow), len(l.items)-1))
}

// Tapped takes the emoji pressed.
func (l *completionList) Tapped(e *fyne.PointEvent) { l.take(l.rowAt(e.Position)) }

// MouseIn is Fyne's.
func (l *completionList) MouseIn(e *desktop.MouseEvent) {
	l.hovered = true
	l.MouseMoved(e)
}

// MouseMoved marks the emoji under the pointer.
func (l *completionList) MouseMoved(e *desktop.MouseEvent) { l.choose(l.rowAt(e.Position)) }

// MouseOut is Fyne's.
func (l *completionList) MouseOut() { l.hovered = false }

// CreateRenderer is Fyne's.
func (l *completionList) CreateRenderer() fyne.WidgetRenderer {
	l.update()
	return l.rend
}

func (l *completionList) layout(s fyne.Size) {
	put(l.panel, 0, 0, s.Width, s.Height)
	put(l.ground, completionPad, completionPad+float32(l.chosen)*completionRow, s.Width-2*completionPad, completionRow)
	scale, dark := scaleOf(l), isLight(theme.Color(ColorText))
	for i, e := range l.items {
		r, y := l.rows[i], completionPad+float32(i)*completionRow
		r.emoji.show(e.WithTone(l.tone), completionEmoji, scale, dark)
		r.emoji.image.Move(fyne.NewPos(completionInset-completionPad, y+(completionRow-completionEmoji)/2))
		x := float32(completionInset + completionEmoji + 4)
		end := s.Width - completionInset
		w := min(r.code.Width(), end-x)
		putLabel(r.code, x, y, w, completionRow)
		putLabel(r.name, x+w+12, y, max(0, end-x-w-12), completionRow)
	}
}

func (l *completionList) update() {
	drawPanel(l.panel, ColorOverlay)
	l.ground.FillColor = theme.Color(ColorSelected)
}

var (
	_ fyne.Tappable     = (*completionList)(nil)
	_ desktop.Hoverable = (*completionList)(nil)
)
