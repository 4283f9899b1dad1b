package app

import (
	"context"
	"time"

	"fyne.io/fyne/v2/lang"

	"linnet/storage"
	"linnet/widgets"
)

// showEdits opens a card with all that a message has said, the oldest first.
func (p *chatPane) showEdits(id widgets.RowID) {
	p.withMessage(id, func(m storage.Message) {
		p.a.read(func(context.Context) func() {
			edits, err := p.a.backend.Edits(m.Chat, m.Pos)
			return func() {
				if err != nil {
					p.a.fail(err)
					return
				}
				p.a.showEdits(m, edits)
			}
		})
	})
}

func (a *App) showEdits(m storage.Message, edits []storage.Edit) {
	body := widgets.NewColumn(4)
	add := func(at int64, text string) {
		when := lang.L("First")
		if at != 0 {
			when = moment(time.UnixMilli(at), a.now())
		}
		words := widgets.NewParagraph(text, widgets.TextBody, widgets.ColorText).Named()
		body.Add(widgets.NewSectionLabel(when))
		body.Add(widgets.NewInset(words))
		body.Add(widgets.NewGap(4))
	}
	for _, e := range edits {
		add(e.At, e.Body)
	}
	add(m.EditedAt, m.Body)
	var c *card
	done := widgets.NewButton(lang.L("Close"), widgets.ButtonFilled, func() { c.close() })
	c = a.cards.show(widgets.NewColumn(12,
		widgets.NewHeading(lang.L("What this message said"), titleSize),
		newScrolled(a.win, body, sheetHeight, cardRest),
		widgets.NewButtonRow(done),
	), widgets.OverlayOptions{})
	a.win.Canvas().Focus(done)
}
