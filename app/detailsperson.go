package app

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"linnet/account"
	"linnet/assets"
	"linnet/storage"
	"linnet/widgets"
)

// head shows who the contact is, with the most frequent acts under it.
func (p *detailsPane) head(c storage.Chat, contact account.Contact, known bool) {
	d := p.shown
	avatar := widgets.NewAvatar(widgets.AvatarLargeSize, widgets.ColorSide)
	avatar.Set(p.a.model.faceAt(widgets.PortraitLarge, d.key, d.hasShow, d.show))
	p.add(widgets.NewCenterRow(0, avatar), widgets.NewGap(2))
	if p.rename != nil {
		p.add(p.rename)
		return
	}
	p.add(
		widgets.NewHeading(d.name, 17).Named().Centered(),
		widgets.NewParagraph(widgets.Harmless(c.JID), widgets.TextSecondary, widgets.ColorSecondary).Centered(),
		widgets.NewParagraph(d.state, widgets.TextSecondary, widgets.ColorText).Centered(),
		widgets.NewGap(2),
	)
	acts := widgets.NewCenterRow(8)
	var mute *widgets.IconButton
	mute = widgets.NewIconButton(assets.IconBell, lang.L("Notifications of this chat"), func() {
		p.a.withChat(c.ID, func(act chatAct) { widgets.ShowMenuUnder(mute, act.muteItems()) })
	})
	if d.muted != "" {
		mute.SetIcon(assets.IconMute, d.muted)
	}
	acts.Add(mute)
	if known {
		acts.Add(widgets.NewIconButton(assets.IconEdit, lang.L("Rename"), func() { p.startRename(contact) }))
	}
	acts.Add(widgets.NewIconButton(assets.IconCopy, lang.L("Copy address"), func() { p.a.copyAddress(c.JID) }))
	p.add(acts)
}

// copyAddress puts an address onto the clipboard and says so.
func (a *App) copyAddress(jid string) {
	a.fyne.Clipboard().SetContent(jid)
	a.toast(lang.L("The address is copied"))
}

// startRename puts a field in the place of the name. Enter and leaving it keep
// what is typed, Esc does not.
func (p *detailsPane) startRename(contact account.Contact) {
	name := widgets.NewField(lang.L("Name"))
	name.SetText(contact.Name)
	name.SetPlaceholder(widgets.Harmless(contact.JID))
	name.SetHelp(lang.L("Only you see this name. Empty shows the address."))
	name.OnShortcut = p.a.typedShortcut
	end := func(keep bool) {
		if p.rename != name {
			return
		}
		p.rename = nil
		if text := name.Text(); keep && text != contact.Name {
			contactAct{p.a, contact}.rename(text)
		}
		p.again()
	}
	name.OnSubmitted = func(string) { end(true) }
	name.OnFocus = func(on bool) {
		if !on {
			end(true)
		}
	}
	name.OnKey = func(e *fyne.KeyEvent) bool {
		if e.Name != fyne.KeyEscape {
			return false
		}
		end(false)
		return true
	}
	p.rename = name
	p.again()
	name.Focus()
}

// again makes the content anew although the model has not changed.
func (p *detailsPane) again() {
	p.shown = detailsContent{chat: p.shown.chat}
	p.refresh(everything)
}

// about leads to what the contact says of themselves.
func (p *detailsPane) about() {
	key := p.shown.key
	p.add(widgets.NewGap(4), widgets.NewLinkRow(lang.L("Profile"), "", func() { p.open(newContactProfile(p.a, key)) }))
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
