package app

import (
	"context"

	"fyne.io/fyne/v2/lang"

	"linnet/storage"
	"linnet/widgets"
)

// told is what the contact of a chat is told of what the user does in it.
type told struct {
	receipts, markers, typing, fetching storage.Choice
}

// usually is the same as the account has it, which holds for ChoiceDefault.
type usually struct {
	receipts, markers, typing, fetching bool
}

// telling is the part of the details that chooses it.
func (p *detailsPane) telling(c storage.Chat) {
	if c.Kind != storage.ChatDirect {
		return
	}
	now, usual, backend := p.shown.told, p.shown.usually, p.a.backend
	p.section(lang.L("Tell this contact about"))
	p.choice(lang.L("Arrival"), now.receipts, usual.receipts, func(choice storage.Choice) error {
		return backend.SetChatReceipts(c.ID, choice, now.markers)
	})
	p.choice(lang.L("Reading"), now.markers, usual.markers, func(choice storage.Choice) error {
		return backend.SetChatReceipts(c.ID, now.receipts, choice)
	})
	p.choice(lang.L("Typing"), now.typing, usual.typing, func(choice storage.Choice) error {
		return backend.SetChatTyping(c.ID, choice)
	})
}

// fetching is the part of the details that chooses whether files of the contact
// are fetched before somebody asks.
func (p *detailsPane) fetching(c storage.Chat) {
	if c.Kind != storage.ChatDirect {
		return
	}
	p.section(lang.L("Files of this contact"))
	p.choice(lang.L("Fetch without asking"), p.shown.told.fetching, p.shown.usually.fetching, func(choice storage.Choice) error {
		return p.a.backend.SetChatAutoDownload(c.ID, choice)
	})
	p.add(widgets.NewParagraph(lang.L("Pictures and sounds. Whoever keeps them sees your network address."), widgets.TextSecondary, widgets.ColorSecondary))
}

// choice adds a line that tells what holds, and offers what the account does,
// yes and no.
func (p *detailsPane) choice(name string, now storage.Choice, usual bool, set func(storage.Choice) error) {
	texts := []string{lang.L("Default: no"), lang.L("Yes"), lang.L("No")}
	if usual {
		texts[0] = lang.L("Default: yes")
	}
	var row *widgets.LinkRow
	row = widgets.NewLinkRow(name, texts[now], func() {
		var items []widgets.MenuItem
		for i, text := range texts {
			items = append(items, widgets.MenuItem{Text: text, Checked: storage.Choice(i) == now, Do: func() {
				p.a.act(laneWrite, func(context.Context) error { return set(storage.Choice(i)) })
			}})
		}
		widgets.ShowMenuUnder(row, items)
	})
	p.add(row)
}
