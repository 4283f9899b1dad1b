package app

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"linnet/account"
	"linnet/assets"
	"linnet/storage"
	"linnet/widgets"
)

// detailsPane tells about the open chat and its contact, and changes them.
type detailsPane struct {
	a     *App
	box   *fyne.Container
	close *widgets.IconButton
	body  *fyne.Container
	notes *widgets.Switch
	pin   *widgets.Switch
	told  map[*storage.Choice]*widgets.Tabs // by the part of shown they change
	shown detailsContent
}

// detailsContent is what the pane shows; when it is the same as before, the
// widgets stay, and with them the keyboard focus.
type detailsContent struct {
	chat                    storage.ChatID
	key                     contactKey
	name, state, sub        string
	account, accountAddress string
	groups                  string
	devices                 string
	muted, pinned, known    bool
	receipts, markers       storage.Choice
	noReceipts, noMarkers   bool // of the account
	show                    storage.Show
	hasShow                 bool
}

func newDetailsPane(a *App) *detailsPane {
	p := &detailsPane{a: a, body: widgets.NewColumn(4)}
	p.close = widgets.NewIconButton(assets.IconClose, lang.L("Close details"), func() { a.shell.showDetails(false) })
	title := widgets.NewHeading(lang.L("Details"), widgets.TextBody)
	scroll := container.NewVScroll(container.New(margin(widgets.PagePadding), p.body))
	p.box = container.New(free(func(o []fyne.CanvasObject, size fyne.Size) {
		const button = widgets.IconButtonSize
		place(o[0], 0, 0, size.Width, size.Height)
		place(title, widgets.PagePadding, (widgets.HeaderHeight-20)/2, size.Width-2*widgets.PagePadding-button, 20)
		place(p.close, size.Width-button-10, (widgets.HeaderHeight-button)/2, button, button)
		place(o[3], 0, widgets.HeaderHeight-1, size.Width, 1)
		place(scroll, 0, widgets.HeaderHeight, size.Width, size.Height-widgets.HeaderHeight)
	}), widgets.NewGround(widgets.ColorSide), title, p.close, widgets.NewLine(), scroll)
	return p
}

// focus puts the keyboard into the pane.
func (p *detailsPane) focus() { p.a.win.Canvas().Focus(p.close) }

// show takes another chat.
func (p *detailsPane) show(storage.Chat) { p.refresh(everything) }

// refresh shows what changed in the model.
func (p *detailsPane) refresh(changes) {
	chat := p.a.shell.chat
	if !chat.open() {
		return
	}
	c := chat.chat
	contact, known := p.a.model.contact(c.Account, c.JID)
	next := p.content(c, contact, known)
	receipts, markers := next.receipts, next.markers
	next.receipts, next.markers = p.shown.receipts, p.shown.markers
	if next == p.shown {
		p.mark(receipts, markers)
		return
	}
	next.receipts, next.markers = receipts, markers
	p.shown = next
	p.fill(c, contact, known)
}

func (p *detailsPane) content(c storage.Chat, contact account.Contact, known bool) detailsContent {
	m, now := p.a.model, p.a.now()
	d := detailsContent{
		chat: c.ID, key: contactKey{c.Account, c.JID}, name: m.name(c.Account, c.JID), state: lang.L("not in your contacts"),
		muted: muted(c, now), pinned: c.Pinned, known: known, receipts: c.Receipts, markers: c.Markers,
	}
	if info := m.account(c.Account); info != nil {
		d.noReceipts, d.noMarkers = info.NoReceipts, info.NoMarkers
		if len(m.accounts) > 1 {
			d.account, d.accountAddress = accountName(*info), info.Address
		}
	}
	if !known {
		return d
	}
	d.state, d.show, d.hasShow = headerText(contact, now), contact.Best.Show, seesPresence(contact)
	d.groups = strings.Join(contact.Groups, "\x00")
	d.sub = subscriptionText(contact)
	for _, r := range contact.Resources {
		d.devices += deviceName(r) + "\x00" + presenceText(r, now) + "\x00"
	}
	return d
}

// fill makes the content anew.
func (p *detailsPane) fill(c storage.Chat, contact account.Contact, known bool) {
	a, d := p.a, p.shown
	avatar := widgets.NewAvatar(widgets.AvatarLargeSize, widgets.ColorSide)
	avatar.Set(a.model.faceOf(d.key, d.hasShow, d.show))
	p.body.RemoveAll()
	p.add(
		widgets.NewCenterRow(0, avatar), widgets.NewGap(2),
		widgets.NewHeading(d.name, 17).Named().Centered(),
		widgets.NewParagraph(widgets.Harmless(c.JID), widgets.TextSecondary, widgets.ColorSecondary).Centered(),
		widgets.NewParagraph(d.state, widgets.TextSecondary, widgets.ColorText).Centered(),
	)
	if d.account != "" {
		p.section(lang.L("Account"))
		p.add(widgets.NewParagraph(d.account, widgets.TextSecondary, widgets.ColorText))
	}
	if len(contact.Resources) > 0 {
		p.section(lang.L("Devices"))
		for _, r := range contact.Resources {
			p.add(widgets.NewValueRow(deviceName(r), presenceText(r, a.now())))
		}
	}
	if known {
		p.groups(contact)
		p.subscription(contact)
	}
	p.section(lang.L("This chat"))
	p.notes = widgets.NewSwitch(lang.L("Notifications"), !d.muted, func(on bool) {
		a.withChat(c.ID, func(act chatAct) { act.setMuted(!on) })
	})
	p.pin = widgets.NewSwitch(lang.L("Pinned"), d.pinned, func(on bool) {
		a.withChat(c.ID, func(act chatAct) { act.setPinned(on) })
	})
	p.add(
		widgets.NewSettingRow(lang.L("Notifications"), "", p.notes),
		widgets.NewSettingRow(lang.L("Pinned"), "", p.pin),
		widgets.NewGap(8),
	)
	p.receipts(c)
	p.acts(c, known)
	p.body.Refresh()
}

func (p *detailsPane) add(objects ...fyne.CanvasObject) {
	for _, o := range objects {
		p.body.Add(o)
	}
}

func (p *detailsPane) section(title string) {
	p.add(widgets.NewGap(8), widgets.NewSectionLabel(title))
}

// groups shows the groups of the contact, and a way to add one.
func (p *detailsPane) groups(contact account.Contact) {
	p.section(lang.L("Groups"))
	chips := widgets.NewFlow(6)
	for _, g := range contact.Groups {
		var chip *widgets.ActionChip
		chip = widgets.NewActionChip(widgets.Harmless(g), func() { p.groupMenu(contact, g, chip) })
		chips.Add(chip)
	}
	var add *widgets.ActionChip
	add = widgets.NewActionChip(lang.L("Add"), func() { p.addGroup(contact, add) })
	chips.Add(add)
	p.add(chips)
}

// groupMenu is what can be done with one group of the contact.
func (p *detailsPane) groupMenu(contact account.Contact, group string, under fyne.CanvasObject) {
	widgets.ShowMenuUnder(under, []widgets.MenuItem{{
		Text: lang.L("Take out of {{.Group}}", map[string]any{"Group": widgets.Harmless(group)}), Icon: assets.IconClose,
		Do: func() {
			p.setGroups(contact, slices.DeleteFunc(slices.Clone(contact.Groups), func(o string) bool { return o == group }))
		},
	}})
}

// addGroup offers the groups of the account that the contact is not in, and a
// new one.
func (p *detailsPane) addGroup(contact account.Contact, under fyne.CanvasObject) {
	var items []widgets.MenuItem
	for _, g := range allGroups(p.a.model, contact.Account) {
		if !slices.Contains(contact.Groups, g) {
			items = append(items, widgets.MenuItem{Text: widgets.Harmless(g), Do: func() {
				p.setGroups(contact, append(slices.Clone(contact.Groups), g))
			}})
		}
	}
	if len(items) > 0 {
		items = append(items, widgets.MenuItem{Separator: true})
	}
	items = append(items, widgets.MenuItem{Text: lang.L("New group…"), Icon: assets.IconPlus, Do: func() { p.askGroup(contact) }})
	widgets.ShowMenuUnder(under, items)
}

// askGroup opens a card with the name of a new group.
func (p *detailsPane) askGroup(contact account.Contact) {
	name := widgets.NewField(lang.L("Group"))
	name.OnShortcut = p.a.typedShortcut
	var open *card
	save := func() {
		group := strings.TrimSpace(name.Text())
		if group == "" {
			name.SetError(lang.L("Enter a name"))
			open.fit()
			return
		}
		open.close()
		if !slices.Contains(contact.Groups, group) {
			p.setGroups(contact, append(slices.Clone(contact.Groups), group))
		}
	}
	name.OnSubmitted = func(string) { save() }
	open = p.a.cards.show(widgets.NewColumn(14,
		widgets.NewHeading(lang.L("New group"), titleSize), name,
		widgets.NewButtonRow(cancelButton(&open), widgets.NewButton(lang.L("Add to group"), widgets.ButtonFilled, save)),
	), widgets.OverlayOptions{})
	name.Focus()
}

func (p *detailsPane) setGroups(contact account.Contact, groups []string) {
	p.a.act(laneNet, func(ctx context.Context) error {
		return p.a.backend.SetGroups(ctx, contact.Account, contact.JID, groups)
	})
}

// subscription says who sees whose presence, and what can be done about it.
func (p *detailsPane) subscription(contact account.Contact) {
	p.section(lang.L("Presence"))
	p.add(widgets.NewParagraph(subscriptionText(contact), widgets.TextSecondary, widgets.ColorText))
	act := contactAct{p.a, contact}
	if text, run := act.subscription(); text != "" {
		p.add(leading(widgets.NewButton(text, widgets.ButtonLink, run)))
	}
	if contact.Subscription == storage.SubscriptionBoth || contact.Subscription == storage.SubscriptionFrom {
		p.add(leading(widgets.NewButton(lang.L("Stop showing them mine"), widgets.ButtonLink, func() { act.net(p.a.backend.StopSharing) })))
	}
}

// acts are the things that end something, last.
func (p *detailsPane) acts(c storage.Chat, known bool) {
	a, key := p.a, contactKey{c.Account, c.JID}
	if known {
		p.add(
			leading(widgets.NewButton(lang.L("Rename…"), widgets.ButtonLink, func() { a.withContact(key, contactAct.askRename) })),
			leading(widgets.NewButton(lang.L("Remove contact…"), widgets.ButtonRemove, func() { a.withContact(key, contactAct.askRemove) })),
		)
	} else {
		p.add(leading(widgets.NewButton(lang.L("Add contact"), widgets.ButtonLink, func() {
			a.showAddContact(addContact{account: c.Account, address: c.JID})
		})))
	}
	p.add(leading(widgets.NewButton(lang.L("Block…"), widgets.ButtonRemove, func() { a.askBlock(c.Account, c.JID) })))
	p.add(leading(widgets.NewButton(lang.L("Delete chat…"), widgets.ButtonRemove, func() { a.withChat(c.ID, chatAct.askDelete) })))
}

// deviceName is what a device of a contact is called.
func deviceName(r account.Presence) string {
	if r.Client != "" {
		return widgets.Harmless(r.Client)
	}
	if name := widgets.Harmless(r.Resource); name != "" {
		return name
	}
	return lang.L("Device")
}

// subscriptionText says who sees whose presence.
func subscriptionText(c account.Contact) string {
	switch {
	case c.Ask:
		return lang.L("You have asked to see theirs. No answer yet")
	case c.Subscription == storage.SubscriptionBoth:
		return lang.L("You see each other's")
	case c.Subscription == storage.SubscriptionTo:
		return lang.L("You see theirs, they do not see yours")
	case c.Subscription == storage.SubscriptionFrom:
		return lang.L("They see yours, you do not see theirs")
	}
	return lang.L("You do not see each other's")
}
