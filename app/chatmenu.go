package app

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"linnet/account"
	"linnet/widgets"
)

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
	face := p.a.model.accountFace(*info)
	p.composer.SetAccount(&face, lang.L("Writing as {{.Account}}", map[string]any{"Account": accountName(*info)}))
}

// accountMenu offers to go on with another account.
func (p *chatPane) accountMenu() {
	var items []widgets.MenuItem
	for _, info := range p.reachable() {
		items = append(items, widgets.MenuItem{
			Text: accountName(info), Presence: p.a.model.accountFace(info).Presence, Checked: info.ID == p.chat.Account,
			Do: func() { p.a.openChatWith(info.ID, p.chat.JID, "") },
		})
	}
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(p.composer)
	widgets.ShowMenu(p.a.win.Canvas(), at, items)
}
