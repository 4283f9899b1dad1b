package app

import (
	"context"
	"errors"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"linnet/account"
	"linnet/account/stream"
	"linnet/storage"
	"linnet/widgets"
)

// blockedSection lists whom an account has blocked: people, and whole servers.
type blockedSection struct {
	p  *settingsPage
	id storage.AccountID

	box     *fyne.Container
	address *widgets.Field
	block   *widgets.Button
	note    *widgets.Paragraph // in place of the list
	again   *fyne.Container    // holds the button to try again
	rows    *fyne.Container

	shown []string
	asked bool // since it is online
}

// openBlocked shows whom an account has blocked in place of its settings.
func (p *settingsPage) openBlocked(id storage.AccountID) {
	p.openBelow(id, lang.L("Blocked addresses"), func() section { return newBlockedSection(p, id) })
}

func newBlockedSection(p *settingsPage, id storage.AccountID) *blockedSection {
	s := &blockedSection{p: p, id: id, rows: widgets.NewColumn(4)}
	s.address = widgets.NewField(lang.L("Address or server"))
	s.address.SetPlaceholder("spam.example")
	s.address.SetHelp(lang.L("A server blocks everybody on it"))
	s.address.OnShortcut = p.a.typedShortcut
	s.address.OnSubmitted = func(string) { s.add() }
	s.block = widgets.NewButton(lang.L("Block"), widgets.ButtonOutlined, s.add)
	s.note = widgets.NewParagraph("", widgets.TextBody, widgets.ColorSecondary)
	s.again = widgets.NewInline(0, widgets.NewButton(lang.L("Try again"), widgets.ButtonOutlined, s.ask))
	s.again.Hide()
	s.box = widgets.NewColumn(14,
		widgets.NewParagraph(lang.L("Nothing they send reaches you, and to them you are offline. They are not told."), widgets.TextBody, widgets.ColorSecondary),
		s.address, widgets.NewInline(0, s.block),
		widgets.NewGap(2),
		widgets.NewHeading(lang.L("Blocked"), 15),
		s.note, s.again, s.rows,
	)
	s.say(lang.L("Known when this account is connected"), false)
	s.refresh(changes{states: true})
	return s
}

func (s *blockedSection) object() fyne.CanvasObject { return s.box }

// refresh asks the server once it can be asked.
func (s *blockedSection) refresh(c changes) {
	info := s.p.a.model.account(s.id)
	online := info != nil && info.State.Phase == stream.Online
	switch {
	case online && !s.asked:
		s.ask()
	case online && c.blocked:
		s.set(s.p.a.backend.BlockedHere(s.id)) // as another program of the user may have changed it
	}
	s.asked = online
}

// say shows a sentence in place of the list.
func (s *blockedSection) say(text string, again bool) {
	s.note.SetText(text)
	show(s.note, text != "")
	show(s.again, again)
	s.p.fit()
}

// ask asks the server for the list.
func (s *blockedSection) ask() {
	a := s.p.a
	if s.shown == nil {
		s.say(lang.L("Asking the server"), false)
	}
	a.on(laneNet, func(ctx context.Context) func() {
		addresses, err := a.backend.Blocked(ctx, s.id)
		return func() {
			if err != nil {
				s.set(nil)
				s.say(failureText(err), !errors.Is(err, account.ErrNoBlocking))
				return
			}
			s.set(addresses)
		}
	})
}

// set shows the list, servers first.
func (s *blockedSection) set(addresses []string) {
	addresses = slices.Clone(addresses)
	slices.SortFunc(addresses, func(x, y string) int {
		if xs, ys := strings.Contains(x, "@"), strings.Contains(y, "@"); xs != ys {
			return less(ys)
		}
		return strings.Compare(x, y)
	})
	s.shown = addresses
	s.rows.RemoveAll()
	for _, jid := range addresses {
		what := ""
		if !strings.Contains(jid, "@") {
			what = lang.L("Everybody on this server")
		}
		s.rows.Add(widgets.NewSettingRow(widgets.Harmless(jid), what, widgets.NewButton(lang.L("Unblock"), widgets.ButtonOutlined, func() {
			s.p.a.unblock(s.id, jid, s.ask)
		})))
	}
	text := ""
	if len(addresses) == 0 {
		text = lang.L("Nobody is blocked")
	}
	s.say(text, false)
}

// add blocks what is typed.
func (s *blockedSection) add() {
	a := s.p.a
	jid, err := blockable(s.address.Text())
	if info := a.model.account(s.id); err == nil && info != nil && jid == info.Address {
		err = account.ErrOwnAddress
	}
	if err != nil {
		s.address.SetError(failureText(err))
		s.p.fit()
		s.address.Focus()
		return
	}
	a.on(laneNet, func(ctx context.Context) func() {
		err := a.backend.Block(ctx, s.id, jid)
		return func() {
			if err != nil {
				s.address.SetError(failureText(err))
				s.p.fit()
				return
			}
			s.address.SetText("")
			s.ask()
		}
	})
}

// blockable reads an address, or the name of a server.
func blockable(text string) (string, error) {
	text = strings.TrimSpace(text)
	if text == "" || strings.Contains(text, "@") {
		address, err := account.ValidateAddress(text)
		return address.String(), err
	}
	address, err := account.ValidateAddress("anybody@" + text)
	return address.Domainpart(), err
}
