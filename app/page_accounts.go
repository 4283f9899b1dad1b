package app

import (
	"context"
	"crypto/tls"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"linnet/account"
	"linnet/account/stream"
	"linnet/storage"
	"linnet/widgets"
)

// accountsSection lists the own accounts with their states, and the common
// status.
type accountsSection struct {
	p      *settingsPage
	box    *fyne.Container
	cards  *fyne.Container
	rows   map[storage.AccountID]*accountCard
	shown  []storage.AccountID
	status *statusRow
}

type accountCard struct {
	card *widgets.FaceCard
	on   *widgets.Switch
}

func newAccountsSection(p *settingsPage) *accountsSection {
	a := p.a
	s := &accountsSection{p: p, rows: map[storage.AccountID]*accountCard{}, cards: widgets.NewColumn(10)}
	s.status = newStatusRow(a, func(status storage.Status) {
		a.act(laneNet, func(ctx context.Context) error { return a.backend.SetStatus(ctx, status) })
	})
	s.box = widgets.NewColumn(16,
		s.cards,
		widgets.NewInline(0, widgets.NewButton(lang.L("Add account"), widgets.ButtonFilled, a.showAddAccount)),
		widgets.NewGap(4),
		widgets.NewHeading(lang.L("Status"), 15),
		s.status.box,
	)
	s.refresh(everything)
	return s
}

func (s *accountsSection) object() fyne.CanvasObject { return s.box }

func (s *accountsSection) refresh(c changes) {
	if !c.accounts && !c.states && !c.roster && !c.faces {
		return
	}
	a := s.p.a
	var ids []storage.AccountID
	for _, info := range a.model.accounts {
		ids = append(ids, info.ID)
		row := s.rows[info.ID]
		if row == nil {
			row = s.newCard(info)
			s.rows[info.ID] = row
		}
		note, wrong := accountNote(info, a)
		row.card.Set(a.model.accountFace(info), accountName(info), note, wrong)
		row.on.Set(info.Enabled)
	}
	if !equal(ids, s.shown) {
		s.shown = ids
		s.cards.RemoveAll()
		for _, id := range ids {
			s.cards.Add(s.rows[id].card)
		}
		s.p.fit()
	}
	s.status.show(a.model.status)
}

func (s *accountsSection) newCard(info account.Info) *accountCard {
	a, id := s.p.a, info.ID
	row := &accountCard{}
	row.on = widgets.NewSwitch(lang.L("Signed in"), info.Enabled, func(on bool) {
		a.act(laneNet, func(ctx context.Context) error { return a.backend.SetEnabled(ctx, id, on) })
	})
	row.card = widgets.NewFaceCard(row.on, func() { s.p.openAccount(id) })
	return row
}

// accountNote is an account's state with how it is connected.
func accountNote(info account.Info, a *App) (note string, wrong bool) {
	note, wrong = accountState(info, a.now())
	if info.State.Phase == stream.Online {
		note += " · " + tlsText(info.State.Info) + " · " + contactCount(info.Contacts)
	}
	return note, wrong
}

// tlsText says how a connection is encrypted.
func tlsText(info stream.Info) string {
	version := strings.TrimPrefix(tls.VersionName(info.TLS), "TLS ")
	if info.DirectTLS {
		return lang.L("direct TLS {{.Version}}", map[string]any{"Version": version})
	}
	return lang.L("TLS {{.Version}}", map[string]any{"Version": version})
}

// contactCount says how many contacts there are.
func contactCount(n int) string {
	if n == 1 {
		return lang.L("1 contact")
	}
	return lang.L("{{.N}} contacts", count(n))
}

// statusRow chooses a show and the words that go with it.
type statusRow struct {
	a       *App
	box     *fyne.Container
	buttons []*widgets.Button
	message *widgets.Field
	now     storage.Status
}

func newStatusRow(a *App, set func(storage.Status)) *statusRow {
	r := &statusRow{a: a, message: widgets.NewField(lang.L("Status message"))}
	choices := widgets.NewFlow(8)
	for _, choice := range shows {
		b := widgets.NewButton(showText(choice), widgets.ButtonOutlined, func() {
			set(storage.Status{Show: choice, Message: r.message.Text()})
		})
		b.SetPresence(presenceOf(true, choice))
		r.buttons = append(r.buttons, b)
		choices.Add(b)
	}
	r.message.SetPlaceholder(lang.L("What your contacts read beside your name"))
	r.message.OnShortcut = a.typedShortcut
	save := func() {
		if text := r.message.Text(); text != r.now.Message {
			set(storage.Status{Show: r.now.Show, Message: text})
		}
	}
	r.message.OnSubmitted = func(string) { save() }
	r.message.OnFocus = func(on bool) {
		if !on {
			save()
		}
	}
	r.box = widgets.NewColumn(14, choices, r.message)
	return r
}

// show marks the status that holds.
func (r *statusRow) show(s storage.Status) {
	if s.Message != r.now.Message || r.message.Text() == "" {
		r.message.SetText(s.Message)
	}
	r.now = s
	for i, b := range r.buttons {
		b.SetActive(shows[i] == s.Show)
	}
}
