package app

import (
	"context"
	"image/color"
	"slices"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"linnet/account"
	"linnet/account/stream"
	"linnet/storage"
	"linnet/widgets"
)

// accountSection is what can be set for one account.
type accountSection struct {
	p    *settingsPage
	id   storage.AccountID
	box  *fyne.Container
	card *widgets.FaceCard
	on   *widgets.Switch

	name, server, port *widgets.Field
	own                *widgets.Switch
	status             *statusRow
	receipts, markers  *widgets.Switch
	typing, previews   *widgets.Switch
	archive            *archiveRows
	cure               *widgets.Button
}

func newAccountSection(p *settingsPage, info account.Info) *accountSection {
	a := p.a
	s := &accountSection{
		p: p, id: info.ID,
		name:   widgets.NewField(lang.L("Name in this window")),
		server: widgets.NewField(lang.L("Server")),
		port:   widgets.NewField(lang.L("Port")),
	}
	s.on = widgets.NewSwitch(lang.L("Signed in"), info.Enabled, func(on bool) {
		a.act(laneNet, func(ctx context.Context) error { return a.backend.SetEnabled(ctx, s.id, on) })
	})
	s.card = widgets.NewFaceCard(s.on, nil)
	s.cure = widgets.NewButton("", widgets.ButtonFilled, func() {
		if now := a.model.account(s.id); now != nil {
			a.cure(*now)
		}
	})
	s.fillFields(info)
	s.own = widgets.NewSwitch(lang.L("A status of its own"), info.OwnStatus, s.setOwn)
	s.status = newStatusRow(a, func(status storage.Status) {
		a.act(laneNet, func(ctx context.Context) error { return a.backend.SetAccountStatus(ctx, s.id, &status) })
	})
	s.receipts = widgets.NewSwitch(lang.L("Tell contacts when their messages arrive"), !info.NoReceipts, func(bool) { s.setReceipts() })
	s.markers = widgets.NewSwitch(lang.L("Tell contacts when you have read their messages"), !info.NoMarkers, func(bool) { s.setReceipts() })
	s.typing = widgets.NewSwitch(lang.L("Tell contacts when you are typing"), !info.NoTyping, func(on bool) {
		a.act(laneNet, func(ctx context.Context) error { return a.backend.SetTypingSwitch(ctx, s.id, on) })
	})
	s.previews = widgets.NewSwitch(lang.L("Show previews of links from contacts"), info.Previews, func(on bool) {
		a.act(laneNet, func(ctx context.Context) error { return a.backend.SetPreviews(ctx, s.id, on) })
	})
	s.archive = newArchiveRows(p, info.ID)
	s.box = widgets.NewColumn(14,
		s.card, widgets.NewInline(0, s.cure),
		widgets.NewSettingRow(lang.L("Profile"), lang.L("Your picture, and what others can read about you"),
			widgets.NewButton(lang.L("Edit"), widgets.ButtonOutlined, func() { p.openProfile(s.id) })),
		widgets.NewGap(2),
		widgets.NewHeading(lang.L("Name and colour"), 15),
		s.name, s.colors(info.Color),
		widgets.NewGap(2),
		widgets.NewHeading(lang.L("Status"), 15),
		widgets.NewSettingRow(lang.L("A status of its own"), lang.L("Otherwise the common status holds"), s.own),
		s.status.box,
		widgets.NewGap(2),
		widgets.NewHeading(lang.L("Privacy"), 15),
		widgets.NewColumn(4,
			widgets.NewSettingRow(lang.L("Tell contacts when their messages arrive"), lang.L("And ask them to tell you the same"), s.receipts),
			widgets.NewSettingRow(lang.L("Tell contacts when you have read their messages"), lang.L("And ask them to tell you the same"), s.markers),
			widgets.NewSettingRow(lang.L("Tell contacts when you are typing"), lang.L("If their program shows it"), s.typing),
			widgets.NewSettingRow(lang.L("Show previews of links from contacts"),
				lang.L("Linnet then opens each link when it arrives. Whoever runs the site learns the address of this computer, and that you got the link."), s.previews),
		),
		widgets.NewGap(2),
		s.archive.box,
		widgets.NewGap(2),
		widgets.NewHeading(lang.L("Connection"), 15),
		widgets.NewSettingRow(lang.L("Connection details"), lang.L("How this account is connected, and what its server can do"),
			widgets.NewButton(lang.L("Show"), widgets.ButtonOutlined, func() { p.openConnection(s.id) })),
		s.server, s.port,
		widgets.NewFlow(10,
			widgets.NewButton(lang.L("Blocked addresses"), widgets.ButtonOutlined, func() { p.openBlocked(s.id) }),
			widgets.NewButton(lang.L("Change password"), widgets.ButtonOutlined, s.changePassword),
			widgets.NewButton(lang.L("Remove account"), widgets.ButtonOutlined, s.remove),
		),
	)
	s.refresh(everything)
	return s
}

// fillFields puts what is stored into the fields and keeps what is typed into
// them when they are left.
func (s *accountSection) fillFields(info account.Info) {
	s.name.SetPlaceholder(info.Address)
	s.name.SetText(info.Name)
	s.server.SetPlaceholder(lang.L("Found by itself"))
	s.server.SetText(info.Host)
	s.port.SetPlaceholder("5222")
	s.port.SetText(portText(info.Port))
	for _, f := range []*widgets.Field{s.name, s.server, s.port} {
		f.OnShortcut = s.p.a.typedShortcut
		f.OnSubmitted = func(string) { s.save() }
		f.OnFocus = func(on bool) {
			if !on {
				s.save()
			}
		}
	}
}

// save keeps the fields; what is wrong is said at them and not kept.
func (s *accountSection) save() {
	host, err := account.ValidateHost(s.server.Text())
	if err != nil {
		s.server.SetError(addressText(err))
	}
	port, portErr := account.ValidatePort(s.port.Text())
	if portErr != nil {
		s.port.SetError(addressText(portErr))
	}
	if err == nil && portErr == nil && host == "" && port != 0 {
		s.server.SetError(lang.L("Enter the server this port is on"))
		portErr = account.ErrHostInvalid
	}
	s.p.fit()
	if err != nil || portErr != nil {
		return
	}
	s.edit(func(e *account.Edit) { e.Name, e.Host, e.Port = s.name.Text(), host, port })
}

// edit changes the account when change makes a difference.
func (s *accountSection) edit(change func(*account.Edit)) {
	a := s.p.a
	info := a.model.account(s.id)
	if info == nil {
		return
	}
	old := account.Edit{Name: info.Name, Color: info.Color, Host: info.Host, Port: info.Port}
	edit := old
	if change(&edit); edit != old {
		a.act(laneNet, func(ctx context.Context) error { return a.backend.EditAccount(ctx, s.id, edit) })
	}
}

// colors chooses the colour of the account in lists.
func (s *accountSection) colors(now uint32) fyne.CanvasObject {
	var swatches []color.NRGBA
	for _, c := range account.Colors {
		swatches = append(swatches, rgb(c))
	}
	return widgets.NewSwatches(swatches, slices.Index(account.Colors[:], now), func(i int) {
		s.edit(func(e *account.Edit) { e.Color = account.Colors[i] })
	})
}

// setOwn gives the account a status of its own, beginning with the one that
// holds, or takes it away.
func (s *accountSection) setOwn(on bool) {
	a := s.p.a
	info := a.model.account(s.id)
	if info == nil {
		return
	}
	var own *storage.Status
	if on {
		status := info.Effective
		own = &status
	}
	a.act(laneNet, func(ctx context.Context) error { return a.backend.SetAccountStatus(ctx, s.id, own) })
}

func (s *accountSection) object() fyne.CanvasObject { return s.box }

func (s *accountSection) refresh(c changes) {
	info := s.p.a.model.account(s.id)
	if info == nil || !c.accounts && !c.states && !c.roster && !c.faces {
		return
	}
	note, wrong := accountNote(*info, s.p.a)
	s.card.Set(s.p.a.model.accountFace(*info), accountName(*info), note, wrong)
	s.on.Set(info.Enabled)
	s.own.Set(info.OwnStatus)
	s.receipts.Set(!info.NoReceipts)
	s.markers.Set(!info.NoMarkers)
	s.typing.Set(!info.NoTyping)
	s.previews.Set(info.Previews)
	s.status.show(info.Effective)
	cure := info.State.Phase == stream.Failed && curable(info.State.Err)
	if cure {
		s.cure.SetText(cureText(*info))
	}
	changed := show(s.status.box, info.OwnStatus)
	changed = s.archive.refresh() || changed
	if show(s.cure, cure) || changed {
		s.p.fit()
	}
}

// setReceipts keeps how the switches stand.
func (s *accountSection) setReceipts() {
	a, receipts, markers := s.p.a, s.receipts.On(), s.markers.On()
	a.act(laneNet, func(ctx context.Context) error { return a.backend.SetReceipts(ctx, s.id, receipts, markers) })
}

// changePassword asks for the password Linnet signs in with from now on.
func (s *accountSection) changePassword() {
	a := s.p.a
	field := widgets.NewPasswordField(lang.L("Password"))
	field.OnShortcut = a.typedShortcut
	var c *card
	save := func() {
		if field.Text() == "" {
			field.SetError(lang.L("Enter the password"))
			c.fit()
			return
		}
		password := field.Text()
		c.close()
		a.act(laneNet, func(ctx context.Context) error { return a.backend.SetPassword(ctx, s.id, password) })
	}
	field.OnSubmitted = func(string) { save() }
	c = a.cards.show(widgets.NewColumn(12,
		widgets.NewHeading(lang.L("Change password"), titleSize),
		widgets.NewParagraph(lang.L("The password that Linnet signs in with. It does not change the password on the server."), widgets.TextBody, widgets.ColorSecondary),
		field,
		widgets.NewButtonRow(cancelButton(&c), widgets.NewButton(lang.L("Save"), widgets.ButtonFilled, save)),
	), widgets.OverlayOptions{})
	field.Focus()
}

// remove asks what is to become of the messages, then removes the account from
// this computer.
func (s *accountSection) remove() {
	a := s.p.a
	info := a.model.account(s.id)
	if info == nil {
		return
	}
	var c *card
	run := func(erase bool) func() {
		return func() {
			c.close()
			a.act(laneNet, func(ctx context.Context) error { return a.backend.RemoveAccount(ctx, s.id, erase) })
		}
	}
	cancel := widgets.NewButton(lang.L("Cancel"), widgets.ButtonFilled, func() { c.close() })
	c = a.cards.show(widgets.NewColumn(12,
		widgets.NewHeading(lang.L("Remove {{.Name}}?", map[string]any{"Name": info.Address}), titleSize),
		widgets.NewParagraph(lang.L("The account stays on its server. Messages kept here come back when you add the account again; erased ones do not."), widgets.TextBody, widgets.ColorSecondary),
		widgets.NewGap(2),
		widgets.NewButton(lang.L("Remove and keep messages"), widgets.ButtonOutlined, run(false)),
		widgets.NewButton(lang.L("Remove and erase messages"), widgets.ButtonDanger, run(true)),
		cancel,
	), widgets.OverlayOptions{})
	a.win.Canvas().Focus(cancel)
}

// portText is a port in a field; none is the usual one.
func portText(port uint16) string {
	if port == 0 {
		return ""
	}
	return strconv.Itoa(int(port))
}
