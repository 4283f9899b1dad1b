package app

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"linnet/account"
	"linnet/assets"
	"linnet/storage"
	"linnet/widgets"
)

// messageCard tells about one message: what became of it and when, how it is
// encrypted, and what it is called on the wire.
type messageCard struct {
	a         *App
	chat      storage.Chat
	message   storage.Message
	card      *card
	body      *fyne.Container
	fold      *widgets.Button
	technical bool // is shown
}

// showMessage opens the card of a message.
func (p *chatPane) showMessage(m storage.Message) {
	c := &messageCard{a: p.a, chat: p.chat, message: m, body: widgets.NewColumn(4)}
	c.fold = widgets.NewButton(lang.L("Technical"), widgets.ButtonQuiet, c.toggle)
	c.fill()
	done := widgets.NewButton(lang.L("Close"), widgets.ButtonFilled, func() { c.card.close() })
	c.card = p.a.cards.show(widgets.NewColumn(12,
		widgets.NewHeading(lang.L("Message details"), titleSize),
		newScrolled(p.a.win, c.body, sheetHeight, cardRest),
		widgets.NewButtonRow(done),
	), widgets.OverlayOptions{})
	p.about = c
	p.a.win.Canvas().Focus(done)
}

// showCurrent opens the card of the message the keyboard is at, or of the last
// one in view.
func (p *chatPane) showCurrent() {
	if row := p.view.Current(); row != (widgets.RowID{}) {
		p.withMessage(row, p.showMessage)
	}
}

// follow shows the message anew when it is this one.
func (c *messageCard) follow(m storage.Message) {
	if c != nil && c.message.Chat == m.Chat && c.message.Pos == m.Pos && c.a.cards.has(c.card) {
		c.message = m
		c.fill()
		c.card.fit()
	}
}

func (c *messageCard) toggle() {
	c.technical = !c.technical
	c.fill()
	c.card.fit()
}

// fill makes the content anew.
func (c *messageCard) fill() {
	m := c.message
	c.body.RemoveAll()
	add := func(objects ...fyne.CanvasObject) {
		for _, o := range objects {
			c.body.Add(o)
		}
	}
	add(widgets.NewInset(widgets.NewParagraph(excerpt(quotedText(m)), widgets.TextSecondary, widgets.ColorText).Named()), widgets.NewGap(6))
	if !m.Out {
		add(widgets.NewValueRow(lang.L("Received"), moment(m.Pos.At(), c.a.now())))
	}
	for _, s := range messageSteps(m, c.a.now()) {
		add(widgets.NewStateRow(s.state, s.text, s.time))
	}
	if m.State == storage.StateFailed {
		add(leading(widgets.NewButton(lang.L("Try again"), widgets.ButtonLink, func() {
			c.card.close()
			c.a.shell.chat.retry(rowID(m.Pos))
		})))
	}
	c.history(add)
	add(widgets.NewGap(4), c.value(lang.L("From"), m.From))
	add(widgets.NewValueRow(lang.L("Encryption"), encryptionText(m)))
	icon := assets.IconTriangleRight
	if c.technical {
		icon = assets.IconTriangleDown
	}
	c.fold.SetIcon(icon)
	add(leading(c.fold))
	if c.technical {
		for _, id := range messageIDs(m) {
			add(c.value(id.name, id.value))
		}
		if m.ID == "" && m.OriginID == "" {
			add(widgets.NewInset(widgets.NewParagraph(failureText(account.ErrNoID), widgets.TextSecondary, widgets.ColorSecondary)))
		}
		add(leading(widgets.NewButton(lang.L("Show source"), widgets.ButtonLink, func() { c.a.showSource(m) })))
	}
	c.body.Refresh()
}

// history tells what was done to the message since.
func (c *messageCard) history(add func(...fyne.CanvasObject)) {
	m := c.message
	at := func(ms int64) string { return moment(time.UnixMilli(ms), c.a.now()) }
	if m.EditedAt != 0 && m.RetractedAt == 0 {
		add(widgets.NewValueRow(lang.L("Edited"), at(m.EditedAt)), leading(widgets.NewButton(lang.L("What it said before"), widgets.ButtonLink, func() {
			c.a.shell.chat.showEdits(rowID(m.Pos))
		})))
	}
	if m.RetractedAt != 0 {
		add(widgets.NewValueRow(lang.L("Taken back"), at(m.RetractedAt)))
	}
	for _, r := range m.Reactions {
		add(widgets.NewValueRow(lang.L("Reaction of {{.Name}}", map[string]any{"Name": c.a.model.speaker(c.chat, r.Out)}), strings.Join(r.Emoji, " ")))
	}
}

// value is a name with a text below it that can be copied.
func (c *messageCard) value(name, text string) fyne.CanvasObject {
	words := widgets.NewParagraph(widgets.Harmless(text), widgets.TextSecondary, widgets.ColorText)
	words.Monospaced()
	both := widgets.NewColumn(0, widgets.NewSectionLabel(name), words)
	copied := widgets.NewIconButton(assets.IconCopy, lang.L("Copy {{.Name}}", map[string]any{"Name": name}), func() {
		c.a.fyne.Clipboard().SetContent(text)
		c.a.toast(lang.L("Copied"))
	})
	return container.New(besideButton{}, both, copied)
}

// besideButton is a layout of what wraps and a button at its end.
type besideButton struct{}

// Layout implements fyne.Layout.
func (besideButton) Layout(o []fyne.CanvasObject, size fyne.Size) {
	const button = widgets.IconButtonSize
	place(o[0], 0, 4, size.Width-button-6, size.Height-8)
	place(o[1], size.Width-button, (size.Height-button)/2, button, button)
}

// MinSize implements fyne.Layout.
func (besideButton) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(120, max(widgets.IconButtonSize, o[0].MinSize().Height)+8)
}

// excerptRunes is how much of a message its card repeats, to say which it is.
const excerptRunes = 160

// excerpt is the beginning of a text.
func excerpt(body string) string {
	text := []rune(strings.TrimSpace(body))
	if len(text) <= excerptRunes {
		return string(text)
	}
	return strings.TrimSpace(string(text[:excerptRunes])) + "…"
}

// messageStep is one thing that became of a message.
type messageStep struct {
	state widgets.MessageState
	text  string
	time  string // empty when it is not known
}

// messageSteps says what became of an own message, in order. A step that was
// skipped or of which nothing is known is left out, but for the last.
func messageSteps(m storage.Message, now time.Time) []messageStep {
	at := func(ms int64) string {
		if ms == 0 {
			return ""
		}
		return moment(time.UnixMilli(ms), now)
	}
	if !m.Out {
		return nil
	}
	steps := []messageStep{{widgets.NoState, lang.L("Written"), at(m.Pos.Time)}}
	switch m.State {
	case storage.StateWaiting:
		return append(steps, messageStep{widgets.StateWaiting, lang.L("Waiting to be sent"), ""})
	case storage.StateFailed:
		return append(steps, messageStep{widgets.StateFailed, lang.L("Failed: {{.Reason}}", map[string]any{"Reason": unsentText(m)}), ""})
	}
	for _, s := range []struct {
		stored storage.MessageState
		messageStep
	}{
		{storage.StateSent, messageStep{widgets.StateSent, lang.L("Sent"), at(m.SentAt)}},
		{storage.StateDelivered, messageStep{widgets.StateDelivered, lang.L("Delivered"), at(m.DeliveredAt)}},
		{storage.StateRead, messageStep{widgets.StateRead, lang.L("Read"), at(m.ReadAt)}},
	} {
		if m.State == s.stored || m.State > s.stored && s.time != "" {
			steps = append(steps, s.messageStep)
		}
	}
	return steps
}

// aboutMessage says what became of a message last, and on which day.
func aboutMessage(m storage.Message) string {
	longAgo := time.UnixMilli(0) // the day is told of all messages, also today's
	if !m.Out {
		return lang.L("Received") + " " + moment(m.Pos.At(), longAgo)
	}
	steps := messageSteps(m, longAgo)
	last := steps[len(steps)-1]
	return strings.TrimSpace(last.text + " " + last.time)
}

// messageID is one of the names of a message.
type messageID struct{ name, value string }

// messageIDs are the names of a message that are known.
func messageIDs(m storage.Message) []messageID {
	var ids []messageID
	for _, id := range []messageID{
		{lang.L("Message id"), m.ID}, {lang.L("Origin id"), m.OriginID}, {lang.L("Id in the server's archive"), m.StanzaID},
	} {
		if id.value != "" {
			ids = append(ids, id)
		}
	}
	return ids
}
