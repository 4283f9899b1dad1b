package app

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"linnet/storage"
	"linnet/widgets"
)

// sourceWidth is the width of the card with the XML of a message in dp: a line of
// a stanza fits as a rule.
const sourceWidth = 720

// sourceCard shows a message as it is on the wire.
type sourceCard struct {
	a    *App
	card *card
	note *widgets.Paragraph
	body *fyne.Container // holds the text when it has come
	copy *widgets.Button
	text string
}

// showSource opens the card and asks for the text, which is not kept here.
func (a *App) showSource(m storage.Message) {
	note := lang.L("Asking the server…")
	if m.State == storage.StateWaiting {
		note = lang.L("This is what will be sent")
	}
	c := &sourceCard{a: a, body: container.NewStack()}
	c.note = widgets.NewParagraph(note, widgets.TextSecondary, widgets.ColorSecondary)
	c.copy = widgets.NewButton(lang.L("Copy"), widgets.ButtonOutlined, func() {
		a.fyne.Clipboard().SetContent(c.text)
		a.toast(lang.L("Copied"))
	})
	c.copy.Disable()
	done := widgets.NewButton(lang.L("Close"), widgets.ButtonFilled, func() { c.card.close() })
	c.card = a.cards.show(widgets.NewColumn(12,
		widgets.NewHeading(lang.L("Source of the message"), titleSize), c.note, c.body,
		widgets.NewButtonRow(c.copy, done),
	), widgets.OverlayOptions{Width: sourceWidth})
	a.win.Canvas().Focus(done)
	a.on(laneNet, func(ctx context.Context) func() {
		text, err := a.backend.Source(ctx, m.Chat, m.Pos)
		return func() {
			if a.cards.has(c.card) {
				c.show(text, err, m.State == storage.StateWaiting)
			}
		}
	})
}

// show shows the text, or why there is none.
func (c *sourceCard) show(text string, err error, waits bool) {
	switch {
	case err != nil:
		c.a.log.Info("the source of a message is not known", "error", err)
		c.note.SetText(failureText(err))
	default:
		if !waits {
			c.note.SetText(lang.L("As the server has it"))
		}
		c.text = text
		words := widget.NewLabelWithStyle(text, fyne.TextAlignLeading, fyne.TextStyle{Monospace: true})
		words.Selectable, words.Wrapping, words.SizeName = true, fyne.TextWrapBreak, theme.SizeNameCaptionText
		c.body.Add(newScrolled(c.a.win, widgets.NewInset(words), sheetHeight, cardRest+40))
		c.copy.Enable()
	}
	c.card.fit()
}
