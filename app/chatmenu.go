package app

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"linnet/account"
	"linnet/assets"
	"linnet/storage"
	"linnet/widgets"
)

// menu is the context menu of a message.
func (p *chatPane) menu(row widgets.RowID, at fyne.Position, link, selected string) {
	clip := p.a.fyne.Clipboard()
	var items []widgets.MenuItem
	if link != "" {
		items = append(items,
			widgets.MenuItem{Text: lang.L("Open link"), Icon: assets.IconLink, Do: func() { p.a.openLink(link) }},
			widgets.MenuItem{Text: lang.L("Copy link"), Icon: assets.IconCopy, Do: func() { clip.SetContent(link) }},
		)
	}
	if selected != "" {
		items = append(items, widgets.MenuItem{Text: lang.L("Copy selection"), Icon: assets.IconCopy, Do: p.view.CopySelection})
	}
	items = append(items, widgets.MenuItem{Text: lang.L("Copy message"), Icon: assets.IconCopy, Do: func() {
		p.withMessage(row, func(m storage.Message) { clip.SetContent(m.Body) })
	}})
	items = append(items, widgets.MenuItem{
		Text: lang.L("Message details"), Icon: assets.IconInfo, Shortcut: chord{fyne.KeyI, ctrlShift}.String(),
		Do: func() { p.withMessage(row, p.showMessage) },
	})
	widgets.ShowMenu(p.a.win.Canvas(), at, items)
}

// withMessage reads a message and acts on it.
func (p *chatPane) withMessage(row widgets.RowID, act func(storage.Message)) {
	id, pos := p.chat.ID, posOf(row)
	p.a.read(func(context.Context) func() {
		page, err := p.a.backend.After(id, storage.Pos{Time: pos.Time, Seq: pos.Seq - 1}, 1)
		return func() {
			switch {
			case err != nil:
				p.a.fail(err)
			case len(page.Messages) == 1 && page.Messages[0].Pos == pos:
				act(page.Messages[0])
			}
		}
	})
}

// reachable are the accounts that have the open chat's address as a contact.
func (p *chatPane) reachable() []account.Info {
	var out []account.Info
	for _, info := range p.a.model.enabled() {
		if _, ok := p.a.model.contact(info.ID, p.chat.JID); ok || info.ID == p.chat.Account {
			out = append(out, info)
		}
	}
	return out
}

// showAccount shows in the composer which account writes, when there is a
// choice.
func (p *chatPane) showAccount() {
	info := p.a.model.account(p.chat.Account)
	if info == nil || len(p.reachable()) < 2 {
		p.composer.SetAccount(nil, "")
		return
	}
	face := accountFace(*info)
	p.composer.SetAccount(&face, lang.L("Writing as {{.Account}}", map[string]any{"Account": accountName(*info)}))
}

// accountMenu offers to go on with another account.
func (p *chatPane) accountMenu() {
	var items []widgets.MenuItem
	for _, info := range p.reachable() {
		items = append(items, widgets.MenuItem{
			Text: accountName(info), Presence: accountFace(info).Presence, Checked: info.ID == p.chat.Account,
			Do: func() { p.a.openChatWith(info.ID, p.chat.JID, "") },
		})
	}
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(p.composer)
	widgets.ShowMenu(p.a.win.Canvas(), at, items)
}
