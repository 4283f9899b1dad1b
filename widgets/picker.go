package widgets

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"linnet/assets"
)

// EmojiOptions is what an emoji picker starts with.
type EmojiOptions struct {
	// Recent are emoji to offer before all others, the last used first.
	Recent []string
	// Tone is the skin tone emoji are offered in.
	Tone assets.EmojiTone
	// OnTone runs when the user chooses another tone; nil offers none.
	OnTone func(assets.EmojiTone)
	// OnShortcut gets the shortcuts that are not about editing the search.
	OnShortcut func(fyne.Shortcut)
	// OnClosed runs when the picker goes, by whatever way.
	OnClosed func()
}

// Sizes of the picker in dp.
const (
	pickerWidth   = 352
	pickerHeight  = 400
	pickerPad     = 10
	pickerMargin  = 8 // to the edges of the window and to the place it is about
	pickerTabs    = 34
	pickerFoot    = 44
	pickerPreview = 26
)

// pickerResults bounds what a search shows; nobody looks further.
const pickerResults = 160

// EmojiPicker is a card that offers all emoji: by search, by group, and those
// used last. Up, Down, Left, Right, Page Up and Page Down move through them from
// the search field, Enter takes one, with Shift without closing, and Escape and
// a press beside the card leave. A press of the right button on an emoji with
// skin tones, the menu key and Shift+F10 offer them.
type EmojiPicker struct {
	widget.BaseWidget
	o      EmojiOptions
	pick   func(string)
	canvas fyne.Canvas
	at     fyne.Position

	panel   *canvas.Rectangle
	line    *canvas.Rectangle
	field   *SearchField
	tone    *emojiButton
	tabs    *emojiTabs
	grid    *emojiGrid
	nothing *Label
	preview *emojiImage
	name    *Label
	code    *Label
	tones   *toneRow
}

// ShowEmojiPicker opens a picker above a place of the canvas, or below where
// there is no room, and gives it the keyboard. pick runs for each emoji taken.
func ShowEmojiPicker(c fyne.Canvas, at fyne.Position, o EmojiOptions, pick func(emoji string)) *EmojiPicker {
	p := &EmojiPicker{
		o: o, pick: pick, canvas: c, at: at, panel: rounded(12), line: canvas.NewRectangle(theme.Color(ColorLine)),
		field: NewSearchField(lang.L("Search emoji")), preview: newEmojiImage(),
		nothing: NewLabel(lang.L("No emoji found"), TextSecondary, ColorSecondary).Centered(),
		name:    NewLabel("", TextSecondary, ColorText), code: NewLabel("", TextSmall, ColorSecondary),
	}
	p.grid = newEmojiGrid()
	p.grid.picked = p.take
	p.grid.toned = p.offerTones
	p.grid.changed = p.follow
	p.grid.virtualList.key = p.key
	p.grid.virtualList.typed = p.typed
	p.tabs = newEmojiTabs(len(o.Recent) > 0, emojiGroupSigns[:], p.grid.toSection)
	p.tabs.escape = p.Close
	p.tone = newEmojiButton(lang.L("Skin tone"), p.chooseTone)
	p.tones = newToneRow()
	p.tones.Hide()
	p.field.OnChanged = func(string) { p.fill() }
	p.field.OnSubmitted = func(string) { p.takeChosen() }
	p.field.OnKey = p.key
	p.field.OnEscape = p.Close
	p.field.OnShortcut = o.OnShortcut
	p.ExtendBaseWidget(p)
	p.showTone()
	p.fill()
	c.Overlays().Add(p)
	p.Resize(c.Size())
	p.field.Focus()
	return p
}

// Close takes the picker away; the focus returns to where it was. Closing twice
// does nothing.
func (p *EmojiPicker) Close() {
	if p.canvas == nil {
		return
	}
	p.tone.tip.hide()
	p.canvas.Overlays().Remove(p)
	p.canvas = nil
	call(p.o.OnClosed)
}

// fill puts into the grid what the search asks for.
func (p *EmojiPicker) fill() {
	query := p.field.Text()
	show(p.tabs, blank(query))
	if !blank(query) {
		p.grid.set([]emojiSection{{items: p.toned(assets.FindEmoji(query, pickerResults))}})
		p.grid.choose(0)
	} else {
		p.grid.set(p.sections())
		p.grid.choose(-1)
	}
	show(p.nothing, len(p.grid.items) == 0)
	p.Refresh()
}

// toned gives emoji in the skin tone chosen.
func (p *EmojiPicker) toned(list []assets.Emoji) []string {
	out := make([]string, len(list))
	for i, e := range list {
		out[i] = e.WithTone(p.o.Tone)
	}
	return out
}

// sections gives those used last and all others by group.
func (p *EmojiPicker) sections() []emojiSection {
	var out []emojiSection
	recent := slices.DeleteFunc(slices.Clone(p.o.Recent), func(s string) bool { return !assets.HasEmoji(s) })
	if len(p.o.Recent) > 0 {
		out = append(out, emojiSection{lang.L("Used lately"), recent})
	}
	all := assets.Emojis()
	for g := range assets.EmojiGroups {
		from := slices.IndexFunc(all, func(e assets.Emoji) bool { return e.Group == g })
		to := from
		for to < len(all) && all[to].Group == g {
			to++
		}
		out = append(out, emojiSection{emojiGroupName(g), p.toned(all[from:to])})
	}
	return out
}

// key moves through the grid and says whether the key was for that.
func (p *EmojiPicker) key(e *fyne.KeyEvent) bool {
	switch {
	case e.Name == fyne.KeyEscape && p.field.Text() == "":
		p.Close()
		return true
	case isEnter(e.Name):
		p.takeChosen()
		return true
	case (e.Name == desktop.KeyMenu || e.Name == fyne.KeyF10) && p.grid.chosen >= 0: // with Shift, as elsewhere
		p.offerTones(p.grid.current(), p.grid.middle())
		return true
	}
	return p.grid.step(e.Name)
}

// typed takes what is typed while the grid has the keyboard into the search.
func (p *EmojiPicker) typed(r rune) {
	p.field.Focus()
	p.field.entry.insert(string(r))
}

// follow shows what the grid is at.
func (p *EmojiPicker) follow() {
	p.tabs.Select(p.grid.section())
	text := p.grid.current()
	show(p.preview.image, text != "")
	if text == "" {
		p.name.SetText(lang.L("Choose an emoji"))
		p.code.SetText("")
		p.layoutFoot()
		return
	}
	p.preview.show(text, pickerPreview, scaleOf(p), isLight(theme.Color(ColorText)))
	e, _ := assets.EmojiOf(text)
	p.name.SetText(e.Name)
	p.code.SetText(":" + e.Code() + ":")
	p.layoutFoot()
}

func (p *EmojiPicker) takeChosen() {
	if text := p.grid.current(); text != "" {
		p.take(text)
	}
}

// take hands an emoji over. With Shift the picker stays for another one.
func (p *EmojiPicker) take(text string) {
	if !shiftHeld() {
		p.Close()
	}
	p.pick(text)
}

// offerTones offers an emoji in all skin tones.
func (p *EmojiPicker) offerTones(text string, at fyne.Position) {
	e, ok := assets.EmojiOf(text)
	if !ok || !e.Toned() {
		return
	}
	p.tones.open(e, at.AddXY(p.tones.width()/2, -emojiRow/2-p.tones.height()), func(t assets.EmojiTone) { p.take(e.WithTone(t)) }, p.field.Focus)
	p.Refresh()
}

// toneSample shows the skin tones.
const toneSample = "✋"

func (p *EmojiPicker) chooseTone() {
	e, _ := assets.EmojiOf(toneSample)
	under := p.tone.Position().AddXY(p.tone.Size().Width, p.tone.Size().Height+4)
	p.tones.open(e, under, func(t assets.EmojiTone) {
		p.o.Tone = t
		p.showTone()
		p.fill()
		p.o.OnTone(t)
	}, p.field.Focus)
	p.Refresh()
}

func (p *EmojiPicker) showTone() {
	show(p.tone, p.o.OnTone != nil)
	if e, ok := assets.EmojiOf(toneSample); ok {
		p.tone.set(e.WithTone(p.o.Tone))
	}
}

// Tapped closes the picker at a press beside the card.
func (p *EmojiPicker) Tapped(e *fyne.PointEvent) {
	at, s := p.panel.Position(), p.panel.Size()
	if e.Position.X < at.X || e.Position.Y < at.Y || e.Position.X >= at.X+s.Width || e.Position.Y >= at.Y+s.Height {
		p.Close()
	}
}

// TappedSecondary does the same as Tapped.
func (p *EmojiPicker) TappedSecondary(e *fyne.PointEvent) { p.Tapped(e) }

// CreateRenderer is Fyne's.
func (p *EmojiPicker) CreateRenderer() fyne.WidgetRenderer {
	r := &painter{min: fixed(1, 1), layout: p.layout, refresh: p.update}
	r.objects = []fyne.CanvasObject{
		p.panel, p.field, p.tone, p.tabs, p.grid, p.nothing, p.line, p.preview.image, p.name, p.code, p.tones,
	}
	p.update()
	return r
}

func (p *EmojiPicker) layout(s fyne.Size) {
	w, h := min(pickerWidth, s.Width-2*pickerMargin), min(pickerHeight, s.Height-2*pickerMargin)
	x := max(pickerMargin, min(p.at.X-w/2, s.Width-w-pickerMargin))
	y := p.at.Y - h - pickerMargin
	if y < pickerMargin {
		y = max(pickerMargin, min(p.at.Y+pickerMargin, s.Height-h-pickerMargin))
	}
	put(p.panel, x, y, w, h)
	top, end := y+pickerPad, x+w-pickerPad
	if p.tone.Visible() {
		put(p.tone, end-SearchHeight, top, SearchHeight, SearchHeight)
		end -= SearchHeight + 6
	}
	put(p.field, x+pickerPad, top, end-x-pickerPad, SearchHeight)
	top += SearchHeight + 6
	if p.tabs.Visible() {
		put(p.tabs, x+pickerPad, top, w-2*pickerPad, pickerTabs)
		top += pickerTabs + 2
	}
	foot := y + h - pickerFoot
	put(p.grid, x+1, top, w-2, foot-top)
	putLabel(p.nothing, x, top, w, 80)
	put(p.line, x+1, foot, w-2, LineWidth)
	p.tones.place(p.panel.Position(), p.panel.Size())
	p.layoutFoot()
}

func (p *EmojiPicker) layoutFoot() {
	at, s := p.panel.Position(), p.panel.Size()
	foot := at.Y + s.Height - pickerFoot
	x := at.X + pickerPad + 4
	p.preview.image.Move(fyne.NewPos(x, foot+(pickerFoot-pickerPreview)/2))
	if p.preview.image.Visible() {
		x += pickerPreview + 10
	}
	end := at.X + s.Width - pickerPad - 4
	code := min(p.code.Width(), (end-x)/2)
	putLabel(p.code, end-code, foot, code, pickerFoot)
	putLabel(p.name, x, foot, end-x-code-8, pickerFoot)
}

func (p *EmojiPicker) update() {
	drawPanel(p.panel, ColorBackground)
	p.line.FillColor = theme.Color(ColorLine)
	p.follow()
}

var (
	_ fyne.Tappable          = (*EmojiPicker)(nil)
	_ fyne.SecondaryTappable = (*EmojiPicker)(nil)
)
