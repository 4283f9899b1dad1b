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

// contactAct is what can be done with one contact, from its row or its
// details.
type contactAct struct {
	a       *App
	contact account.Contact
}

// withContact acts on a contact that is there.
func (a *App) withContact(key contactKey, act func(contactAct)) {
	if c, ok := a.model.contact(key.account, key.jid); ok {
		act(contactAct{a, c})
	}
}

func (c contactAct) name() string { return c.a.model.name(c.contact.Account, c.contact.JID) }

// net asks the server for something about the contact.
func (c contactAct) net(do func(ctx context.Context, id storage.AccountID, jid string) error) {
	c.a.act(laneNet, func(ctx context.Context) error { return do(ctx, c.contact.Account, c.contact.JID) })
}

func (c contactAct) message() { c.a.openChatWith(c.contact.Account, c.contact.JID, "") }

func (c contactAct) details() {
	c.message()
	// Behind the making of the chat, if there was none.
	c.a.on(laneWrite, func(context.Context) func() {
		return func() { c.a.shell.showDetails(true) }
	})
}

func (c contactAct) rename(name string) {
	c.net(func(ctx context.Context, id storage.AccountID, jid string) error {
		return c.a.backend.RenameContact(ctx, id, jid, name)
	})
}

// askRename opens a card with the name to change.
func (c contactAct) askRename() {
	name := widgets.NewField(lang.L("Name"))
	name.SetText(c.contact.Name)
	name.SetHelp(lang.L("Only you see this name. Empty shows the address."))
	var open *card
	save := func() {
		open.close()
		c.rename(name.Text())
	}
	name.OnSubmitted = func(string) { save() }
	name.OnShortcut = c.a.typedShortcut
	open = c.a.cards.show(widgets.NewColumn(14,
		widgets.NewHeading(lang.L("Rename {{.Name}}", map[string]any{"Name": c.name()}), titleSize), name,
		widgets.NewButtonRow(cancelButton(&open), widgets.NewButton(lang.L("Rename"), widgets.ButtonFilled, save)),
	), widgets.OverlayOptions{})
	name.Focus()
}

// askRemove asks before the contact leaves the list.
func (c contactAct) askRemove() {
	c.a.ask(question{
		title: lang.L("Remove {{.Name}} from your contacts?", map[string]any{"Name": c.name()}),
		text:  lang.L("You will no longer see each other's presence. The messages stay."),
		yes:   lang.L("Remove contact"), no: lang.L("Keep contact"),
		run: func() { c.net(c.a.backend.RemoveContact) },
	})
}

// askBlock asks before everything from the contact is kept away.
func (c contactAct) askBlock() { c.a.askBlock(c.contact.Account, c.contact.JID) }

// subscription is the act that helps where the presence is not mutual; empty
// when there is none.
func (c contactAct) subscription() (text string, run func()) {
	switch {
	case c.contact.Ask:
		return lang.L("Ask again"), func() { c.net(c.a.backend.Resubscribe) }
	case c.contact.Subscription == storage.SubscriptionNone, c.contact.Subscription == storage.SubscriptionFrom:
		return lang.L("Ask to see their presence"), func() { c.net(c.a.backend.Resubscribe) }
	}
	return "", nil
}

// menu is the context menu of the contact.
func (c contactAct) menu(at fyne.Position) {
	items := []widgets.MenuItem{
		{Text: lang.L("Write"), Icon: assets.IconEdit, Do: c.message},
		{Text: lang.L("Details"), Icon: assets.IconInfo, Do: c.details},
		{Text: lang.L("Rename…"), Icon: assets.IconPerson, Do: c.askRename},
		{Text: lang.L("Copy address"), Icon: assets.IconCopy, Do: func() { c.a.copyAddress(c.contact.JID) }},
	}
	if text, run := c.subscription(); text != "" {
		items = append(items, widgets.MenuItem{Text: text, Icon: assets.IconEye, Do: run})
	}
	items = append(items,
		widgets.MenuItem{Separator: true},
		widgets.MenuItem{Text: lang.L("Block…"), Icon: assets.IconBlock, Danger: true, Do: c.askBlock},
		widgets.MenuItem{Text: lang.L("Remove contact…"), Icon: assets.IconTrash, Danger: true, Do: c.askRemove},
	)
	widgets.ShowMenu(c.a.win.Canvas(), at, items)
}
