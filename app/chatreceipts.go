package app

import (
	"context"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"linnet/storage"
	"linnet/widgets"
)

// choices are the values of a choice, in the order they are offered.
var choices = []storage.Choice{storage.ChoiceDefault, storage.ChoiceYes, storage.ChoiceNo}

// receipts choose what the contact of a chat is told of its messages.
func (p *detailsPane) receipts(c storage.Chat) {
	info := p.a.model.account(c.Account)
	if info == nil || c.Kind != storage.ChatDirect {
		return
	}
	p.told = map[*storage.Choice]*widgets.Tabs{}
	p.add(
		widgets.NewParagraph(lang.L("Tell this contact when messages arrive"), widgets.TextBody, widgets.ColorText),
		p.choice(c.ID, &p.shown.receipts, !info.NoReceipts),
		widgets.NewGap(2),
		widgets.NewParagraph(lang.L("Tell this contact when I have read them"), widgets.TextBody, widgets.ColorText),
		p.choice(c.ID, &p.shown.markers, !info.NoMarkers),
		widgets.NewGap(8),
	)
	p.mark(c.Receipts, c.Markers)
}

// choice offers what the account does, yes and no, for a part of what is shown.
func (p *detailsPane) choice(id storage.ChatID, what *storage.Choice, usually bool) fyne.CanvasObject {
	usual := lang.L("Default: no")
	if usually {
		usual = lang.L("Default: yes")
	}
	tabs := widgets.NewTabs([]string{usual, lang.L("Yes"), lang.L("No")}, func(i int) {
		*what = choices[i]
		receipts, markers := p.shown.receipts, p.shown.markers
		p.a.act(laneWrite, func(context.Context) error { return p.a.backend.SetChatReceipts(id, receipts, markers) })
	})
	p.told[what] = tabs
	return tabs
}

// mark shows what is chosen; the choices keep the keyboard.
func (p *detailsPane) mark(receipts, markers storage.Choice) {
	p.shown.receipts, p.shown.markers = receipts, markers
	for what, tabs := range p.told {
		tabs.Select(slices.Index(choices, *what))
	}
}
