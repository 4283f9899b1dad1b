package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"linnet/assets"
)

// emojiGroupName gives the heading of a group.
func emojiGroupName(g assets.EmojiGroup) string {
	switch g {
	case assets.EmojiSmileys:
		return lang.L("Smileys and feelings")
	case assets.EmojiPeople:
		return lang.L("People and hands")
	case assets.EmojiNature:
		return lang.L("Animals and nature")
	case assets.EmojiFood:
		return lang.L("Food and drink")
	case assets.EmojiTravel:
		return lang.L("Travel and places")
	case assets.EmojiActivities:
		return lang.L("Activities")
	case assets.EmojiObjects:
		return lang.L("Objects")
	case assets.EmojiSymbols:
		return lang.L("Symbols")
	}
	return lang.L("Flags")
}

// emojiGroupSigns stand for the groups in the tabs.
var emojiGroupSigns = [assets.EmojiGroups]string{"😀", "👋", "🐻", "🍔", "🚗", "⚽", "💡", "🔣", "🏁"}

// emojiTabs is a row of emoji to choose from, as the groups of a picker, with a
// clock before them where some were used lately.
type emojiTabs struct {
	widget.BaseWidget
	choice
	escape func()
	signs  []*emojiTab
}

type emojiTab struct {
	ground *canvas.Rectangle
	emoji  *emojiImage
	text   string    // the emoji, or
	clock  *svgImage // the icon of those used lately
}

func newEmojiTabs(recent bool, emoji []string, changed func(int)) *emojiTabs {
	t := &emojiTabs{}
	if recent {
		t.signs = append(t.signs, &emojiTab{ground: rounded(8), clock: newSVGImage()})
	}
	for _, s := range emoji {
		t.signs = append(t.signs, &emojiTab{ground: rounded(8), emoji: newEmojiImage(), text: s})
	}
	t.choice.init(t, len(t.signs), changed)
	t.choice.at = func(pos fyne.Position) int { return int(pos.X / (t.Size().Width / float32(t.n))) }
	t.choice.back, t.choice.forth = fyne.KeyLeft, fyne.KeyRight
	t.ExtendBaseWidget(t)
	return t
}

// Tapped goes to a group, also when it is at hand already but scrolled.
func (t *emojiTabs) Tapped(e *fyne.PointEvent) {
	if i := t.at(e.Position); i >= 0 && i < t.n {
		t.Select(i)
		t.changed(i)
	}
}

// TypedKey selects by keys and leaves at Escape.
func (t *emojiTabs) TypedKey(e *fyne.KeyEvent) {
	if e.Name == fyne.KeyEscape && t.escape != nil {
		t.escape()
		return
	}
	t.choice.TypedKey(e)
}

// CreateRenderer is Fyne's.
func (t *emojiTabs) CreateRenderer() fyne.WidgetRenderer {
	p := &painter{min: fixed(float32(len(t.signs))*pickerTabs, pickerTabs), layout: t.layout, refresh: t.update}
	for _, s := range t.signs {
		p.objects = append(p.objects, s.ground)
		if s.clock != nil {
			p.objects = append(p.objects, s.clock.image)
		} else {
			p.objects = append(p.objects, s.emoji.image)
		}
	}
	t.update()
	return p
}

func (t *emojiTabs) layout(s fyne.Size) {
	const side = 20
	w := s.Width / float32(len(t.signs))
	for i, sign := range t.signs {
		x := float32(i) * w
		put(sign.ground, x+1, 1, w-2, s.Height-2)
		at := fyne.NewPos(x+(w-side)/2, (s.Height-side)/2)
		if sign.clock != nil {
			put(sign.clock.image, at.X, at.Y, side, side)
			continue
		}
		sign.emoji.show(sign.text, side, scaleOf(t), isLight(theme.Color(ColorText)))
		sign.emoji.image.Move(at)
	}
}

func (t *emojiTabs) update() {
	for i, sign := range t.signs {
		ink := t.paint(sign.ground, i, ColorHover, ColorSecondary)
		if sign.clock != nil {
			sign.clock.set(assets.IconClock, theme.Color(ink))
		}
	}
}

// NewToneChoice makes a row of a hand in all skin tones, of which one is
// selected; changed runs when the user selects another.
func NewToneChoice(selected assets.EmojiTone, changed func(assets.EmojiTone)) fyne.CanvasObject {
	hand, _ := assets.EmojiOf(toneSample)
	var tones []string
	for t := range assets.EmojiTones + 1 {
		tones = append(tones, hand.WithTone(t))
	}
	row := newEmojiTabs(false, tones, func(i int) { changed(assets.EmojiTone(i)) })
	row.Select(int(selected))
	return row
}

// emojiButton is a button that shows an emoji.
type emojiButton struct {
	widget.BaseWidget
	press
	ground *canvas.Rectangle
	emoji  *emojiImage
	text   string
}

func newEmojiButton(name string, tapped func()) *emojiButton {
	b := &emojiButton{ground: rounded(FieldRadius), emoji: newEmojiImage()}
	b.press.init(b, tapped)
	b.tip.text = name
	b.ExtendBaseWidget(b)
	return b
}

func (b *emojiButton) set(text string) {
	b.text = text
	b.Refresh()
}

// AccessibilityLabel gives the name.
func (b *emojiButton) AccessibilityLabel() string { return b.tip.text }

// CreateRenderer is Fyne's.
func (b *emojiButton) CreateRenderer() fyne.WidgetRenderer {
	p := &painter{objects: []fyne.CanvasObject{b.ground, b.emoji.image}, min: fixed(IconButtonSize, IconButtonSize)}
	p.layout = func(s fyne.Size) {
		put(b.ground, 0, 0, s.Width, s.Height)
		b.emoji.show(b.text, IconSize, scaleOf(b), isLight(theme.Color(ColorText)))
		b.emoji.image.Move(fyne.NewPos((s.Width-IconSize)/2, (s.Height-IconSize)/2))
	}
	p.refresh = func() {
		b.ground.FillColor = color.Transparent
		if b.hovered {
			b.ground.FillColor = theme.Color(ColorPressed)
		}
		markFocus(b.ground, b.focused)
	}
	p.refresh()
	return p
}

// toneRow offers an emoji in all skin tones. It is shown over the picker and
// takes the keyboard while it is open.
type toneRow struct {
	widget.BaseWidget
	choose func(assets.EmojiTone)
	done   func()
	emoji  assets.Emoji
	near   fyne.Position // its right upper corner, moved to where it fits
	chosen int

	panel  *canvas.Rectangle
	ground *canvas.Rectangle
	images []*emojiImage
}

const toneCell = 38

func newToneRow() *toneRow {
	t := &toneRow{panel: rounded(10), ground: rounded(8)}
	for range assets.EmojiTones + 1 {
		t.images = append(t.images, newEmojiImage())
	}
	t.ExtendBaseWidget(t)
	return t
}

// open shows the tones of an emoji near a place. choose runs for the one taken,
// done when the row goes.
func (t *toneRow) open(e assets.Emoji, near fyne.Position, choose func(assets.EmojiTone), done func()) {
	t.emoji, t.near, t.choose, t.done, t.chosen = e, near, choose, done, 0
	t.Show()
	t.Refresh()
	focusOn(t)
}

func (t *toneRow) close() {
	t.Hide()
	t.done()
}

func (t *toneRow) take(i int) {
	t.close()
	t.choose(assets.EmojiTone(i))
}

func (t *toneRow) width() float32 { return float32(len(t.images)*toneCell + 8) }

func (t *toneRow) height() float32 { return toneCell + 8 }

// place puts the row where it fits into a card.
func (t *toneRow) place(at fyne.Position, s fyne.Size) {
	x := max(at.X+4, min(t.near.X-t.width(), at.X+s.Width-t.width()-4))
	put(t, x, max(at.Y+4, min(t.near.Y, at.Y+s.Height-t.height()-4)), t.width(), t.height())
}

func (t *toneRow) toneAt(pos fyne.Position) int {
	return max(0, min(int((pos.X-4)/toneCell), len(t.images)-1))
}

// Tapped takes the tone pressed.
func (t *toneRow) Tapped(e *fyne.PointEvent) { t.take(t.toneAt(e.Position)) }

// MouseIn is Fyne's.
func (t *toneRow) MouseIn(e *desktop.MouseEvent) { t.MouseMoved(e) }

// MouseMoved marks the tone under the pointer.
func (t *toneRow) MouseMoved(e *desktop.MouseEvent) { t.mark(t.toneAt(e.Position)) }

// MouseOut is Fyne's; it does nothing.
func (t *toneRow) MouseOut() {}

func (t *toneRow) mark(i int) {
	if i = max(0, min(i, len(t.images)-1)); i != t.chosen {
		t.chosen = i
		t.Refresh()
	}
}

// FocusGained is Fyne's; it does nothing.
func (t *toneRow) FocusGained() {}

// FocusLost is Fyne's; the row goes.
func (t *toneRow) FocusLost() { t.Hide() }

// TypedRune is Fyne's; it does nothing.
func (t *toneRow) TypedRune(rune) {}

// TypedKey is Fyne's.
func (t *toneRow) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyLeft:
		t.mark(t.chosen - 1)
	case fyne.KeyRight, fyne.KeyTab:
		t.mark(t.chosen + 1)
	case fyne.KeyEscape, fyne.KeyUp, fyne.KeyDown:
		t.close()
	default:
		if isEnter(e.Name) || e.Name == fyne.KeySpace {
			t.take(t.chosen)
		}
	}
}

// CreateRenderer is Fyne's.
func (t *toneRow) CreateRenderer() fyne.WidgetRenderer {
	p := &painter{objects: []fyne.CanvasObject{t.panel, t.ground}, min: fixed(1, 1), layout: t.layout, refresh: t.update}
	for _, im := range t.images {
		p.objects = append(p.objects, im.image)
	}
	t.update()
	return p
}

func (t *toneRow) layout(s fyne.Size) {
	put(t.panel, 0, 0, s.Width, s.Height)
	put(t.ground, 4+float32(t.chosen)*toneCell, 4, toneCell, toneCell)
	for i, im := range t.images {
		if t.emoji.Text != "" {
			im.show(t.emoji.WithTone(assets.EmojiTone(i)), emojiShown, scaleOf(t), isLight(theme.Color(ColorText)))
		}
		const inset = (toneCell - emojiShown) / 2
		im.image.Move(fyne.NewPos(4+float32(i)*toneCell+inset, 4+inset))
	}
}

func (t *toneRow) update() {
	drawPanel(t.panel, ColorOverlay)
	t.ground.FillColor = theme.Color(ColorSelected)
}

var (
	_ fyne.Focusable    = (*toneRow)(nil)
	_ fyne.Tappable     = (*toneRow)(nil)
	_ desktop.Hoverable = (*toneRow)(nil)
)
