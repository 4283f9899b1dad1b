package app

import (
	"fyne.io/fyne/v2/lang"

	"linnet/storage"
	"linnet/widgets"
)

// thisChat are the settings of the conversation and the ways to what was said.
func (p *detailsPane) thisChat(c storage.Chat) {
	a, d := p.a, p.shown
	p.section(lang.L("This chat"))
	notes := widgets.NewSwitch(lang.L("Notifications"), d.muted == "", func(on bool) {
		a.withChat(c.ID, func(act chatAct) {
			if on {
				act.unmute()
			} else {
				act.mute(muteForever)
			}
		})
	})
	pin := widgets.NewSwitch(lang.L("Pinned"), d.pinned, func(on bool) {
		a.withChat(c.ID, func(act chatAct) { act.setPinned(on) })
	})
	archived := widgets.NewSwitch(lang.L("Archived"), d.archived, func(on bool) {
		a.withChat(c.ID, func(act chatAct) { act.setArchived(on) })
	})
	p.add(
		widgets.NewSettingRow(lang.L("Notifications"), d.muted, notes),
		widgets.NewSettingRow(lang.L("Pinned"), "", pin),
		widgets.NewSettingRow(lang.L("Archived"), "", archived),
		widgets.NewLinkRow(lang.L("Media, links and files"), "", p.openShared),
		widgets.NewLinkRow(lang.L("Starred messages"), "", func() { a.showStarred(c.ID) }),
		widgets.NewGap(8),
	)
}

// openShared leads to what was shared in the chat.
func (p *detailsPane) openShared() { p.open(newSharedList(p.a, p.a.shell.chat.chat)) }

// acts are the things that end something, last.
func (p *detailsPane) acts(c storage.Chat, known bool) {
	a, key := p.a, contactKey{c.Account, c.JID}
	p.add(widgets.NewGap(8))
	if p.shown.own {
		p.add(leading(widgets.NewButton(lang.L("Delete chat…"), widgets.ButtonRemove, func() { a.withChat(c.ID, chatAct.askDelete) })))
		return
	}
	if known {
		p.add(leading(widgets.NewButton(lang.L("Remove contact…"), widgets.ButtonRemove, func() { a.withContact(key, contactAct.askRemove) })))
	} else {
		p.add(leading(widgets.NewButton(lang.L("Add contact"), widgets.ButtonLink, func() {
			a.showAddContact(addContact{account: c.Account, address: c.JID})
		})))
	}
	if p.shown.blocked {
		p.add(leading(widgets.NewButton(lang.L("Unblock"), widgets.ButtonLink, func() { a.unblock(c.Account, c.JID, nil) })))
	} else {
		p.add(leading(widgets.NewButton(lang.L("Block…"), widgets.ButtonRemove, func() { a.askBlock(c.Account, c.JID) })))
	}
	p.add(leading(widgets.NewButton(lang.L("Delete chat…"), widgets.ButtonRemove, func() { a.withChat(c.ID, chatAct.askDelete) })))
}
