package widgets

import (
	"strings"

	"fyne.io/fyne/v2/lang"

	"linnet/assets"
)

// ComposerContext says what the message being written belongs to.
type ComposerContext uint8

// The contexts of a Composer.
const (
	ContextNone  ComposerContext = iota // a message of its own
	ContextReply                        // it answers a message
	ContextEdit                         // it takes the place of a message
)

// SetContext shows above the text what the message belongs to: a title, such as
// whom it answers, and the words of the other message, of which one line shows.
// What is written stays; the owner fills in the words to change with SetText.
func (c *Composer) SetContext(kind ComposerContext, title, text string) {
	c.kind, c.context.icon = kind, assets.IconReply
	if kind == ContextEdit {
		c.context.icon = assets.IconEdit
	}
	c.context.set(title, firstLine(text))
	c.showSend()
	c.showStrip(c.context, kind != ContextNone)
}

// firstLine gives the first line of a text that is not blank.
func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return strings.TrimSpace(line)
}

// ClearContext takes away what SetContext showed.
func (c *Composer) ClearContext() { c.SetContext(ContextNone, "", "") }

// Context gives what the message being written belongs to.
func (c *Composer) Context() ComposerContext { return c.kind }

func (c *Composer) newContext() *contextStrip {
	return newContextStrip(assets.IconReply, ColorAccentText, lang.L("Cancel"), c.cancelContext)
}

func (c *Composer) cancelContext() {
	call(c.OnCancelContext)
	c.Focus()
}

// SetLink shows above the text what goes along with a link in it: a title and a
// line. While there is nothing yet, a button that says ask asks for it by OnLink;
// empty for none. An empty title shows nothing.
func (c *Composer) SetLink(title, text, ask string) {
	c.link.ask.SetText(ask)
	show(c.link.ask, ask != "")
	c.link.set(title, text)
	c.showStrip(c.link, title != "")
}

func (c *Composer) newLink() *contextStrip {
	s := newContextStrip(assets.IconLink, ColorText, lang.L("No preview"), func() {
		call(c.OnLeaveLink)
		c.Focus()
	})
	s.ask = NewButton("", ButtonLink, func() {
		call(c.OnLink)
		c.Focus()
	})
	return s
}
