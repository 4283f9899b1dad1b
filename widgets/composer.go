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

// Composer is where a message is written: a text that grows with its lines, and
// the buttons round it. Enter sends, Shift+Enter and Ctrl+Enter break the line.
// Above the text it says what a message answers or which one is being changed.
//
// A button whose callback is nil when the composer is laid out does not show.
type Composer struct {
	widget.BaseWidget
	// OnSend gets the text to send, which is not blank. The composer empties
	// itself after that, which takes longer than to hand the text over, unless
	// OnSend has set another text.
	OnSend func(text string)
	// OnChanged runs at each change by the user, for drafts.
	OnChanged func(text string)
	// OnEditLast runs at Up while nothing is written and no context shows.
	OnEditLast func()
	// OnEscape runs at Escape when there is nothing in the composer to leave.
	OnEscape func()
	// OnCancelContext runs when the user leaves the context: at Escape or with
	// the button in its strip. The owner calls ClearContext.
	OnCancelContext func()
	// OnLink runs when what SetLink offers is asked for, OnLeaveLink when the user
	// does not want what it shows.
	OnLink, OnLeaveLink func()
	// OnShortcut gets the shortcuts that are not about editing, because Fyne
	// gives a window none while a field has the focus.
	OnShortcut func(fyne.Shortcut)
	// OnPasteImage is asked first when something is pasted. It says whether it
	// took what is on the clipboard, else text is pasted.
	OnPasteImage func() bool
	// OnTooLong runs with a sentence when something typed or pasted was not
	// taken because the message would be over MessageLimit.
	OnTooLong func(sentence string)
	// OnResize runs when the composer wants another height.
	OnResize func()
	// OnAccount runs when the account shown by SetAccount is pressed.
	OnAccount func()
	// OnAttach runs at the button for files.
	OnAttach func()
	// OnEmoji runs at the emoji button, which it gets as the place to open a
	// picker at.
	OnEmoji func(at fyne.CanvasObject)
	// OnRecord runs at the microphone, which stands in the place of the send
	// button while nothing is written.
	OnRecord func()

	// OnEmojiUsed runs with each emoji that was put in by completing its name.
	OnEmojiUsed func(emoji string)

	line     *canvas.Rectangle
	box      *canvas.Rectangle
	kind     ComposerContext
	context  *contextStrip // what SetContext shows
	link     *contextStrip // and SetLink
	entry    *input
	send     *sendButton
	account  *AvatarButton
	attach   *IconButton
	emoji    *IconButton
	cover    *emojiCover
	complete completion
	tone     assets.EmojiTone
	focused  bool
	setting  bool
	replaced bool // by SetText, since what was written was to be sent
	rows     int
	rend     *painter
}

// NewComposer makes an empty composer.
func NewComposer() *Composer {
	c := &Composer{
		line:  canvas.NewRectangle(theme.Color(ColorLine)),
		box:   rounded(10),
		entry: newInput(true),
		rows:  1,
	}
	c.context, c.link = c.newContext(), c.newLink()
	c.send = newSendButton(c.pressSend)
	c.account = NewAvatarButton(28, ColorBackground, "", func() { call(c.OnAccount) })
	c.account.Hide()
	c.attach = NewIconButton(assets.IconAttach, lang.L("Attach files"), func() { call(c.OnAttach) })
	c.emoji = NewIconButton(assets.IconEmoji, lang.L("Emoji"), c.ShowEmoji)
	c.entry.SetMinRowsVisible(1)
	c.entry.key = c.typedKey
	c.entry.shortcut = c.typedShortcut
	c.entry.mayType = c.mayType
	c.entry.paste = func() bool { return c.OnPasteImage != nil && c.OnPasteImage() }
	c.cover = newEmojiCover(c.entry)
	c.complete = completion{c: c, left: -1}
	c.entry.typed = c.complete.typed
	c.entry.wantsTab = func() bool { return c.complete.list != nil }
	c.entry.OnCursorChanged = func() {
		c.cover.place()
		c.complete.look()
	}
	c.entry.focus = func(on bool) {
		c.focused = on
		if !on {
			c.complete.lostFocus()
		}
		c.Refresh()
	}
	c.entry.OnChanged = c.changed
	c.ExtendBaseWidget(c)
	return c
}

// call runs a callback that somebody may have set.
func call(f func()) {
	if f != nil {
		f()
	}
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

// SetEmojiTone sets the skin tone in which names of emoji are completed.
func (c *Composer) SetEmojiTone(t assets.EmojiTone) { c.tone = t }

// Text gives what is written.
func (c *Composer) Text() string { return c.entry.Text }

// SetText replaces what is written and puts the cursor at the end, without
// calling OnChanged, as when a draft is brought back.
func (c *Composer) SetText(s string) {
	c.setting, c.replaced = true, true
	c.entry.setTextAtEnd(s)
	c.setting = false
	c.complete.close()
	c.grow()
}

// Focus moves the keyboard focus into the text.
func (c *Composer) Focus() { focusOn(c.entry) }

// Focused says whether the text has the keyboard focus.
func (c *Composer) Focused() bool { return c.focused }

// Disable takes away writing, as while no chat is open.
func (c *Composer) Disable() { c.setDisabled(true) }

// Enable undoes Disable.
func (c *Composer) Enable() { c.setDisabled(false) }

func (c *Composer) setDisabled(on bool) {
	if on {
		c.entry.Disable()
	} else {
		c.entry.Enable()
	}
	c.attach.setDisabled(on)
	c.emoji.setDisabled(on)
	c.grow()
}

// Insert adds text at the cursor, as from an emoji picker, in the place of what
// is selected. What would make the message too long is not added.
func (c *Composer) Insert(s string) {
	if c.entry.Disabled() || !c.mayType(len(s)) {
		return
	}
	c.entry.insert(s)
}

// ShowEmoji does what the emoji button does.
func (c *Composer) ShowEmoji() {
	if c.OnEmoji != nil && !c.entry.Disabled() {
		c.OnEmoji(c.emoji)
	}
}

// pressSend does what the button at the end shows.
func (c *Composer) pressSend() {
	if c.send.mode == sendRecords && c.send.ready {
		call(c.OnRecord)
		return
	}
	c.submit()
}

func (c *Composer) submit() {
	text := c.entry.Text
	if blank(text) || c.entry.Disabled() {
		return
	}
	c.replaced = false
	if c.OnSend != nil {
		c.OnSend(text)
	}
	if !c.replaced {
		c.entry.SetText("")
		c.grow()
	}
}

func (c *Composer) changed(s string) {
	c.grow()
	if c.setting {
		return
	}
	c.complete.look()
	if c.OnChanged != nil {
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
	case c.complete.key(e):
		return true
	case isEnter(e.Name) && !c.entry.shift:
		c.submit()
		return true
	case e.Name == fyne.KeyUp && c.entry.Text == "" && c.kind == ContextNone && c.OnEditLast != nil:
		c.OnEditLast()
		return true
	case e.Name == fyne.KeyEscape && c.kind != ContextNone:
		c.cancelContext()
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
		if c.mayType(1) {
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
	c.showSend()
	width := c.entry.Size().Width - 2*composerTextPad
	rows := rowsOf(c.entry.Text, width, composerRows)
	if rows == c.rows {
		c.cover.place()
		return
	}
	c.rows = rows
	c.entry.SetMinRowsVisible(rows)
	c.resized()
}

// resized lays the composer out anew after its height changed.
func (c *Composer) resized() {
	c.Refresh()
	call(c.OnResize)
}

func (c *Composer) showSend() {
	written := !blank(c.entry.Text)
	mode := sendSends
	switch {
	case c.kind == ContextEdit:
		mode = sendSaves
	case !written && c.OnRecord != nil:
		mode = sendRecords
	}
	c.send.set(mode, (written || mode == sendRecords) && !c.entry.Disabled())
}

func blank(s string) bool {
	for _, r := range s {
		if r != ' ' && r != '\n' && r != '\t' && r != '\r' && r != '\u00a0' {
			return false
		}
	}
	return true
}
