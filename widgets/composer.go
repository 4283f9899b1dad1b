package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"linnet/assets"
)

// MessageLimit is the longest message in bytes that the composer takes. The
// account sends no more in one stanza.
const MessageLimit = 64 << 10

// Sizes of the composer in dp.
const (
	composerRows    = 8  // lines shown before the text scrolls
	composerMargin  = 10 // above and below the box
	composerMinBox  = 36
	composerTextPad = 8 // what Fyne's entry leaves around its text
)

// Composer is where a message is written: a text that grows with its lines, and
// the button that sends it. Enter sends and Shift+Enter breaks the line, or
// with CtrlEnterSends Ctrl+Enter sends and Enter breaks the line.
type Composer struct {
	widget.BaseWidget
	// OnSend gets the text to send, which is not blank; the composer has
	// emptied itself already.
	OnSend func(text string)
	// OnChanged runs at each change by the user, for drafts.
	OnChanged func(text string)
	// OnUp runs at Up while the composer is empty.
	OnUp func()
	// OnEscape runs at Escape.
	OnEscape func()
	// OnShortcut gets the shortcuts that are not about editing, because Fyne
	// gives a window none while a field has the focus.
	OnShortcut func(fyne.Shortcut)
	// OnTooLong runs with a sentence when something typed or pasted was not
	// taken because the message would be over MessageLimit.
	OnTooLong func(sentence string)
	// OnResize runs when the composer wants another height.
	OnResize func()
	// OnAccount runs when the account shown by SetAccount is pressed.
	OnAccount func()

	ctrlEnter bool
	line      *canvas.Rectangle
	box       *canvas.Rectangle
	entry     *input
	send      *sendButton
	account   *AvatarButton
	lead      []*IconButton
	trail     []*IconButton
	focused   bool
	setting   bool
	rows      int
	rend      *painter
}

// NewComposer makes an empty composer.
func NewComposer() *Composer {
	c := &Composer{
		line:  canvas.NewRectangle(theme.Color(ColorLine)),
		box:   rounded(10),
		entry: newInput(true),
		rows:  1,
	}
	c.send = newSendButton(c.submit)
	c.account = NewAvatarButton(28, ColorBackground, "", func() {
		if c.OnAccount != nil {
			c.OnAccount()
		}
	})
	c.account.Hide()
	c.entry.SetMinRowsVisible(1)
	c.entry.key = c.typedKey
	c.entry.shortcut = c.typedShortcut
	c.entry.mayType = c.mayType
	c.entry.focus = func(on bool) {
		c.focused = on
		c.Refresh()
	}
	c.entry.OnChanged = c.changed
	c.ExtendBaseWidget(c)
	return c
}

// AddLeading adds a button before the text, as for files.
func (c *Composer) AddLeading(b *IconButton) {
	c.lead = append(c.lead, b)
	c.restack()
}

// AddTrailing adds a button between the text and the send button.
func (c *Composer) AddTrailing(b *IconButton) {
	c.trail = append(c.trail, b)
	c.restack()
}

// SetPlaceholder sets what shows while nothing is written.
func (c *Composer) SetPlaceholder(s string) { c.entry.SetPlaceHolder(s) }

// SetAccount shows the account that sends, when there are several to choose
// from; nil for none.
func (c *Composer) SetAccount(f *Face, name string) {
	show(c.account, f != nil)
	if f != nil {
		c.account.Set(*f, name)
	}
	c.Refresh()
}

// SetCtrlEnterSends says which of Enter and Ctrl+Enter sends.
func (c *Composer) SetCtrlEnterSends(on bool) { c.ctrlEnter = on }

// Text gives what is written.
func (c *Composer) Text() string { return c.entry.Text }

// SetText replaces what is written and puts the cursor at the end, without
// calling OnChanged, as when a draft is brought back.
func (c *Composer) SetText(s string) {
	c.setting = true
	c.entry.setTextAtEnd(s)
	c.setting = false
	c.grow()
}

// Focus moves the keyboard focus into the text.
func (c *Composer) Focus() { focusOn(c.entry) }

// Focused says whether the text has the keyboard focus.
func (c *Composer) Focused() bool { return c.focused }

// Disable takes away writing, as while no chat is open.
func (c *Composer) Disable() {
	c.entry.Disable()
	c.grow()
}

// Enable undoes Disable.
func (c *Composer) Enable() {
	c.entry.Enable()
	c.grow()
}

// Insert adds text at the cursor, as from an emoji picker.
func (c *Composer) Insert(s string) {
	for _, r := range s {
		c.entry.TypedRune(r)
	}
}

func (c *Composer) submit() {
	text := c.entry.Text
	if blank(text) || c.entry.Disabled() {
		return
	}
	c.entry.SetText("")
	c.grow()
	if c.OnSend != nil {
		c.OnSend(text)
	}
}

func (c *Composer) changed(s string) {
	c.grow()
	if !c.setting && c.OnChanged != nil {
		c.OnChanged(s)
	}
}

func (c *Composer) mayType(added int) bool {
	if len(c.entry.Text)+added <= MessageLimit {
		return true
	}
	if c.OnTooLong != nil {
		c.OnTooLong(lang.L("This message is too long. Send it in parts or as a file."))
	}
	return false
}

func (c *Composer) typedKey(e *fyne.KeyEvent) bool {
	switch {
	case isEnter(e.Name) && !c.ctrlEnter && !c.entry.shift:
		c.submit()
		return true
	case e.Name == fyne.KeyUp && c.entry.Text == "" && c.OnUp != nil:
		c.OnUp()
		return true
	case e.Name == fyne.KeyEscape && c.OnEscape != nil:
		c.OnEscape()
		return true
	case isEnter(e.Name):
		return !c.mayType(1)
	}
	return false
}

func (c *Composer) typedShortcut(s fyne.Shortcut) {
	if k, ok := s.(*desktop.CustomShortcut); ok && isEnter(k.KeyName) && k.Modifier == fyne.KeyModifierShortcutDefault {
		if c.ctrlEnter {
			c.submit()
		} else if c.mayType(1) {
			c.entry.TypedRune('\n')
		}
		return
	}
	if c.OnShortcut != nil {
		c.OnShortcut(s)
	}
}

// grow fits the height to the text and tells the parents when it changed.
func (c *Composer) grow() {
	c.send.setReady(!blank(c.entry.Text) && !c.entry.Disabled())
	width := c.entry.Size().Width - 2*composerTextPad
	rows := rowsOf(c.entry.Text, width, composerRows)
	if rows == c.rows {
		return
	}
	c.rows = rows
	c.entry.SetMinRowsVisible(rows)
	c.Refresh()
	if c.OnResize != nil {
		c.OnResize()
	}
}

func blank(s string) bool {
	for _, r := range s {
		if r != ' ' && r != '\n' && r != '\t' && r != '\r' && r != '\u00a0' {
			return false
		}
	}
	return true
}

// CreateRenderer is Fyne's.
func (c *Composer) CreateRenderer() fyne.WidgetRenderer {
	c.rend = &painter{layout: c.layout, refresh: c.update}
	c.rend.min = func() fyne.Size { return fyne.NewSize(200, c.boxHeight()+2*composerMargin) }
	c.restack()
	c.update()
	return c.rend
}

func (c *Composer) restack() {
	if c.rend == nil {
		return
	}
	c.rend.objects = []fyne.CanvasObject{c.line, c.box}
	for _, b := range c.lead {
		c.rend.objects = append(c.rend.objects, b)
	}
	c.rend.objects = append(c.rend.objects, c.account, c.entry)
	for _, b := range c.trail {
		c.rend.objects = append(c.rend.objects, b)
	}
	c.rend.objects = append(c.rend.objects, c.send)
	c.layout(c.Size())
}

// boxHeight gives the height of the box round the text.
func (c *Composer) boxHeight() float32 {
	line := fyne.MeasureText("M", TextBody, fyne.TextStyle{}).Height
	return composerMinBox + float32(c.rows-1)*line
}

func (c *Composer) layout(s fyne.Size) {
	put(c.line, 0, 0, s.Width, LineWidth)
	h := c.boxHeight()
	y := (s.Height-h)/2 + 0.5
	// Buttons stay beside the last line.
	by := y + h - composerMinBox + (composerMinBox-IconButtonSize)/2
	x := float32(14)
	for _, b := range c.lead {
		put(b, x, by, IconButtonSize, IconButtonSize)
		x += IconButtonSize + 8
	}
	if c.account.Visible() {
		side := c.account.MinSize().Width
		put(c.account, x, by+(IconButtonSize-side)/2, side, side)
		x += side + 8
	}
	x = max(x, PagePadding)
	end := s.Width - 14
	put(c.send, end-IconButtonSize, by, IconButtonSize, IconButtonSize)
	end -= IconButtonSize + 8
	for i := len(c.trail) - 1; i >= 0; i-- {
		put(c.trail[i], end-IconButtonSize, by, IconButtonSize, IconButtonSize)
		end -= IconButtonSize + 8
	}
	put(c.box, x, y, end-x, h)
	eh := max(h-2, c.entry.MinSize().Height)
	width := c.entry.Size().Width
	put(c.entry, x+4, y+(h-eh)/2, end-x-8, eh)
	if c.entry.Size().Width != width {
		c.grow()
	}
}

func (c *Composer) update() {
	c.line.FillColor = theme.Color(ColorLine)
	c.box.FillColor = theme.Color(ColorField)
	c.box.StrokeWidth = LineWidth
	line := ColorField
	if c.focused {
		line = ColorAccentText
	}
	c.box.StrokeColor = theme.Color(line)
}

// sendButton is the filled button with the paper plane.
type sendButton struct {
	widget.BaseWidget
	press
	ready  bool
	ground *canvas.Rectangle
	mark   *svgImage
}

func newSendButton(tapped func()) *sendButton {
	b := &sendButton{ground: rounded(FieldRadius), mark: newSVGImage()}
	b.press.init(b, tapped)
	b.tip.text = lang.L("Send")
	b.ExtendBaseWidget(b)
	return b
}

func (b *sendButton) setReady(on bool) {
	if b.ready != on {
		b.ready = on
		b.Refresh()
	}
}

// AccessibilityLabel gives the name.
func (b *sendButton) AccessibilityLabel() string { return b.tip.text }

// CreateRenderer is Fyne's.
func (b *sendButton) CreateRenderer() fyne.WidgetRenderer {
	p := &painter{objects: []fyne.CanvasObject{b.ground, b.mark.image}, min: fixed(IconButtonSize, IconButtonSize)}
	p.layout = func(s fyne.Size) {
		put(b.ground, 0, 0, s.Width, s.Height)
		put(b.mark.image, (s.Width-18)/2, (s.Height-18)/2, 18, 18)
	}
	p.refresh = func() {
		ground, ink := ColorAccentFill, ColorOnAccent
		switch {
		case !b.ready:
			ground, ink = ColorField, ColorDisabled
		case b.hovered:
			ground = ColorAccentHover
		}
		b.ground.FillColor = theme.Color(ground)
		b.ground.StrokeColor = theme.Color(ColorText)
		b.ground.StrokeWidth = 0
		if b.focused {
			b.ground.StrokeWidth = FocusRing
		}
		b.mark.set(assets.IconSend, theme.Color(ink))
	}
	p.refresh()
	return p
}
