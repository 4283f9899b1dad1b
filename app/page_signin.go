package app

import (
	"context"
	"errors"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"linnet/account"
	"linnet/account/stream"
	"linnet/assets"
	"linnet/storage"
	"linnet/widgets"
)

// signIn is the page that takes an address and a password, tries them and
// keeps the account when the server took them.
type signIn struct {
	*cardPage
	a *App

	address, password *widgets.Field
	server, port      *widgets.Field
	fold              *widgets.Button
	byHand            *fyne.Container
	submit            *widgets.Button
	problem           *widgets.Paragraph

	keep    func(context.Context, account.NewAccount) error
	fixed   bool               // the page is for one account
	trusted []byte             // a certificate the user chose to trust on this page
	cancel  context.CancelFunc // ends the try that runs; nil when none does
}

// showFirstRun asks for the first account.
func (a *App) showFirstRun() {
	s := a.newSignIn(lang.L("Sign in"), lang.L("Any XMPP account, on any server"))
	s.rootage = len(a.model.accounts) == 0
	a.pages.push(s)
}

// showAddAccount asks for one more account.
func (a *App) showAddAccount() {
	s := a.newSignIn(lang.L("Add account"), lang.L("Any XMPP account, on any server"))
	a.pages.push(s)
}

// showSignInAgain asks for the password of an account that has none that
// works.
func (a *App) showSignInAgain(info account.Info) {
	s := a.newSignIn(lang.L("Sign in again"), failureText(info.State.Err))
	s.address.SetText(info.Address)
	s.address.Disable()
	s.fixed = true
	s.server.SetText(info.Host)
	if info.Port != 0 {
		s.port.SetText(portText(info.Port))
	}
	s.trusted = info.Trusted
	s.first = s.password.Focus
	s.keep = func(ctx context.Context, n account.NewAccount) error {
		edit := account.Edit{Name: info.Name, Color: info.Color, Host: n.Host, Port: n.Port}
		if edit.Host != info.Host || edit.Port != info.Port {
			if err := a.backend.EditAccount(ctx, info.ID, edit); err != nil {
				return err
			}
		}
		if n.Trusted != nil {
			if err := a.backend.TrustCertificate(ctx, info.ID, n.Trusted); err != nil {
				return err
			}
		}
		return a.backend.SetPassword(ctx, info.ID, n.Password)
	}
	a.pages.push(s)
}

func (a *App) newSignIn(title, sentence string) *signIn {
	s := &signIn{
		a:        a,
		address:  widgets.NewField(lang.L("Address")),
		password: widgets.NewPasswordField(lang.L("Password")),
		server:   widgets.NewField(lang.L("Server")),
		port:     widgets.NewField(lang.L("Port")),
		problem:  widgets.NewParagraph("", widgets.TextSecondary, widgets.ColorDanger),
	}
	s.keep = func(ctx context.Context, n account.NewAccount) error {
		_, err := a.backend.AddAccount(ctx, n)
		return err
	}
	s.address.SetPlaceholder("romeo@montague.example")
	s.server.SetPlaceholder(lang.L("Found by itself"))
	s.port.SetPlaceholder("5222")
	s.fold = widgets.NewButton("", widgets.ButtonQuiet, s.toggleServer)
	s.byHand = widgets.NewColumn(pageGap, s.server, s.port)
	s.byHand.Hide()
	s.nameFold()
	s.submit = widgets.NewButton(lang.L("Sign in"), widgets.ButtonFilled, s.try)
	s.problem.Hide()
	for _, f := range s.fields() {
		f.OnSubmitted = func(string) { s.try() }
		f.OnShortcut = a.typedShortcut
	}
	s.cardPage = newCardPage(formWidth,
		widgets.NewCenterRow(0, widgets.NewIcon(assets.IconBird, birdSize, widgets.ColorAccentFill)),
		widgets.NewHeading(title, pageTitleSize).Centered(),
		widgets.NewParagraph(sentence, widgets.TextBody, widgets.ColorSecondary).Centered(),
		widgets.NewGap(2),
		s.address, s.password,
		widgets.NewInline(0, s.fold), s.byHand,
		s.submit, s.problem,
	)
	s.first = s.address.Focus
	s.leave = s.stop
	s.left = func() { s.stop() }
	return s
}

// Sizes of the sign-in page in dp.
const (
	birdSize      = 56
	pageTitleSize = 22
)

func (s *signIn) fields() []*widgets.Field {
	return []*widgets.Field{s.address, s.password, s.server, s.port}
}

// nameFold shows on its button whether the part for the server is open.
func (s *signIn) nameFold() {
	icon := assets.IconChevronRight
	if s.byHand.Visible() {
		icon = assets.IconChevronDown
	}
	s.fold.SetIcon(icon)
	s.fold.SetText(lang.L("Server and port"))
}

func (s *signIn) toggleServer() {
	if show(s.byHand, !s.byHand.Visible()); s.byHand.Visible() {
		s.server.Focus()
	}
	s.nameFold()
	s.box.Refresh()
}

// read takes the fields; what is wrong is said at them and focused.
func (s *signIn) read() (n account.NewAccount, ok bool) {
	n = account.NewAccount{Address: strings.TrimSpace(s.address.Text()), Password: s.password.Text(), Trusted: s.trusted}
	ok = true
	wrong := func(f *widgets.Field, text string) {
		f.SetError(text)
		if ok {
			f.Focus()
		}
		ok = false
	}
	own, err := account.ValidateAddress(n.Address)
	if err != nil {
		wrong(s.address, addressText(err))
	} else {
		n.Address = own.String()
		if s.address.Text() != n.Address {
			s.address.SetText(n.Address)
		}
	}
	if n.Password == "" {
		wrong(s.password, lang.L("Enter the password"))
	}
	if n.Host, err = account.ValidateHost(s.server.Text()); err != nil {
		wrong(s.server, addressText(err))
	}
	if n.Port, err = account.ValidatePort(s.port.Text()); err != nil {
		wrong(s.port, addressText(err))
	}
	if ok && n.Host == "" && n.Port != 0 {
		wrong(s.server, lang.L("Enter the server this port is on"))
	}
	return n, ok
}

// try signs in with what the fields hold.
func (s *signIn) try() {
	if s.cancel != nil {
		s.stop()
		return
	}
	n, ok := s.read()
	if !ok {
		s.box.Refresh()
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	s.cancel = cancel
	s.busy(true)
	s.a.on(laneSignIn, func(life context.Context) func() {
		defer context.AfterFunc(life, cancel)()
		err := s.a.backend.CheckSignIn(ctx, n)
		if err == nil {
			err = s.keep(ctx, n)
		}
		cancelled := ctx.Err() != nil
		cancel()
		return func() {
			s.cancel = nil
			s.busy(false)
			if !cancelled {
				s.done(n, err)
			}
		}
	})
}

// stop ends a try and reports whether there was one.
func (s *signIn) stop() bool {
	if s.cancel == nil {
		return false
	}
	s.cancel()
	return true
}

// busy shows that a try runs: the button now ends it.
func (s *signIn) busy(on bool) {
	for _, f := range s.fields() {
		if on {
			f.Disable()
		} else if f != s.address || !s.fixed {
			f.Enable()
		}
	}
	if on {
		s.submit.SetText(lang.L("Signing in. Press to cancel"))
		s.say("")
		s.a.win.Canvas().Focus(s.submit)
	} else {
		s.submit.SetText(lang.L("Sign in"))
	}
}

// say shows what went wrong with no field of its own.
func (s *signIn) say(text string) {
	s.problem.SetText(text)
	show(s.problem, text != "")
	s.box.Refresh()
}

// done takes the outcome of a try.
func (s *signIn) done(n account.NewAccount, err error) {
	var cert *stream.CertificateError
	var auth *stream.AuthError
	switch {
	case err == nil:
		s.a.pages.remove(s)
	case errors.As(err, &cert):
		s.a.showCertificate(cert, func(sum []byte) {
			s.trusted = sum
			s.try()
		})
	case errors.As(err, &auth) && auth.Reason == stream.AuthWrongPassword:
		s.password.SetError(failureText(err))
		s.password.Focus()
		s.box.Refresh()
	case errors.Is(err, account.ErrAccountExists):
		s.address.SetError(failureText(err))
		s.address.Focus()
		s.box.Refresh()
	default:
		s.say(failureText(err))
		// Where no server answered by itself, naming one by hand is the way on.
		var dial *stream.DialError
		if errors.As(err, &dial) && n.Host == "" && !s.byHand.Visible() {
			s.toggleServer()
		} else {
			s.a.win.Canvas().Focus(s.submit)
		}
	}
}

// cure leads to the page that can help an account that cannot come online by
// itself.
func (a *App) cure(info account.Info) {
	var cert *stream.CertificateError
	switch {
	case errors.As(info.State.Err, &cert):
		a.showCertificate(cert, func(sum []byte) { a.trust(info.ID, sum) })
	case signInHelps(info.State.Err):
		a.showSignInAgain(info)
	default:
		a.showConnection(info.ID)
	}
}

func (a *App) trust(id storage.AccountID, sum []byte) {
	a.act(laneNet, func(ctx context.Context) error { return a.backend.TrustCertificate(ctx, id, sum) })
}
