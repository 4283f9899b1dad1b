package app

import (
	"errors"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"linnet/account"
	"linnet/account/stream"
	"linnet/storage"
	"linnet/widgets"
)

// banner is a line over the messages that says how things stand and what can
// be done about it.
type banner struct {
	id      string // the same as long as only the text changes
	kind    widgets.BannerKind
	text    string
	buttons []bannerButton
}

type bannerButton struct {
	text string
	run  func()
}

// banners are those of a chat, the most urgent first.
func (a *App) banners(c storage.Chat) []banner {
	var out []banner
	if a.model.full.Full {
		out = append(out, banner{
			id: "full", kind: widgets.BannerDanger,
			text: lang.L("The disk is full. Messages wait until there is room") + ". " + retryText(a.model.full.RetryAt, a.now()),
		})
	}
	if info := a.model.account(c.Account); info != nil {
		if b, ok := a.accountBanner(*info); ok {
			out = append(out, b)
		}
	}
	if a.backend.IsBlocked(c.Account, c.JID) {
		return append(out, banner{
			id: "blocked " + c.JID, kind: widgets.BannerInfo,
			text:    lang.L("You have blocked {{.Name}}", map[string]any{"Name": a.model.name(c.Account, c.JID)}),
			buttons: []bannerButton{{lang.L("Unblock"), func() { a.unblock(c.Account, c.JID, nil) }}},
		})
	}
	if q, ok := a.model.inquiry(c); ok {
		return append(out, a.inquiryBanner(q))
	}
	if _, ok := a.model.contact(c.Account, c.JID); !ok && a.model.online(c.Account) && !a.model.isOwn(contactKey{c.Account, c.JID}) {
		out = append(out, banner{
			id: "stranger " + c.JID, kind: widgets.BannerInfo,
			text: lang.L("{{.Address}} is not in your contacts", map[string]any{"Address": widgets.Harmless(c.JID)}),
			buttons: []bannerButton{{lang.L("Add contact"), func() {
				a.showAddContact(addContact{account: c.Account, address: c.JID})
			}}},
		})
	}
	return out
}

// accountBanner says why an account cannot send now; ok is false when it can.
func (a *App) accountBanner(info account.Info) (b banner, ok bool) {
	text, bad := accountState(info, a.now())
	b = banner{id: "account " + text, kind: widgets.BannerWarning, text: text}
	switch {
	case info.State.Phase == stream.Online, info.State.Phase == stream.Connecting && !a.model.slow(info.ID, a.now()):
		return b, false
	case info.State.Phase == stream.Connecting:
		b.text = lang.L("Connecting. Messages wait until the server answers")
		b.buttons = []bannerButton{a.detailsButton(info)}
	case info.State.Phase == stream.Waiting:
		b.id = "waiting" // the countdown changes the text only
		b.buttons = []bannerButton{{lang.L("Try now"), func() { a.reconnect(info.ID) }}, a.detailsButton(info)}
	case bad:
		b.kind = widgets.BannerDanger
		b.text = strings.TrimSuffix(text, ". "+lang.L("Sign in again"))
		if curable(info.State.Err) {
			b.buttons = append(b.buttons, bannerButton{cureText(info), func() { a.cure(info) }})
		}
		b.buttons = append(b.buttons, a.detailsButton(info))
	case !info.Enabled:
		b.text = lang.L("This account is switched off")
		b.buttons = []bannerButton{{lang.L("Switch on"), func() { a.enable(info.ID) }}}
	default:
		b.text = lang.L("You are offline. Messages wait until you go online")
		b.buttons = []bannerButton{{lang.L("Go online"), func() { a.setShow(info, storage.ShowOnline) }}}
	}
	return b, true
}

// detailsButton leads to why an account is not connected.
func (a *App) detailsButton(info account.Info) bannerButton {
	return bannerButton{lang.L("Details"), func() { a.showConnection(info.ID) }}
}

// curable reports whether the user can do something about a failed connection
// at once.
func curable(err error) bool {
	return signInHelps(err) || errors.As(err, new(*stream.CertificateError))
}

// cureText names what that is.
func cureText(info account.Info) string {
	if signInHelps(info.State.Err) {
		return lang.L("Sign in again")
	}
	return lang.L("Certificate")
}

func (a *App) reconnect(id storage.AccountID) {
	a.backend.RetryNow(id)
}

// inquiryBanner asks about somebody unknown in the chat with them.
func (a *App) inquiryBanner(q inquiry) banner {
	b := banner{id: "request " + q.key.jid, kind: widgets.BannerInfo}
	name := map[string]any{"Name": a.model.name(q.key.account, q.key.jid)}
	b.text = lang.L("{{.Name}} is not in your contacts", name)
	if q.asks() {
		b.text = lang.L("{{.Name}} wants to see when you are online", name)
	}
	for _, answer := range a.answers(q) {
		b.buttons = append(b.buttons, bannerButton{answer.text, answer.run})
	}
	return b
}

// bannerStack shows banners below one another.
type bannerStack struct {
	box   *fyne.Container
	ids   []string
	shown []*widgets.Banner
}

func newBannerStack() *bannerStack { return &bannerStack{box: widgets.NewColumn(0)} }

// set shows these banners and reports whether the height may have changed.
func (s *bannerStack) set(banners []banner) (changed bool) {
	var ids []string
	for _, b := range banners {
		ids = append(ids, b.id)
	}
	if strings.Join(ids, "\x00") == strings.Join(s.ids, "\x00") {
		for i, b := range banners {
			if s.shown[i].Text() != b.text {
				s.shown[i].SetText(b.text)
				changed = true
			}
		}
		return changed
	}
	s.ids, s.shown = ids, nil
	s.box.RemoveAll()
	for _, b := range banners {
		var buttons []*widgets.Button
		for _, button := range b.buttons {
			buttons = append(buttons, widgets.NewButton(button.text, widgets.ButtonLink, button.run))
		}
		w := widgets.NewBanner(b.kind, b.text, buttons...)
		s.shown = append(s.shown, w)
		s.box.Add(w)
	}
	return true
}
