package app

import (
	"context"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"math/big"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"linnet/account/stream"
	"linnet/storage"
)

func TestEveryPageFits(t *testing.T) {
	everywhere(t, func(t *testing.T, h *harness, name string) {
		look := func(what string) {
			h.settle()
			h.checkLayout(what)
			h.shoot(what + "-" + name)
		}
		h.a.showFirstRun()
		look("signin")
		top := h.a.pages.top().(*signIn)
		top.toggleServer()
		h.press(fyne.KeyReturn, 0)
		look("signin-wrong")
		h.a.pages.remove(top)
		h.a.showCertificate(certificateError(stream.CertUnknownIssuer), func([]byte) {})
		look("certificate")
		h.a.pages.pop()
		for _, section := range []string{"", sectionAccounts, sectionAppearance, sectionNotifications, sectionAbout} {
			h.a.showSettings(section)
			look("settings-" + section)
		}
		h.a.showAccount(1)
		look("account")
		h.a.pages.pop()
		for _, state := range []SecretsState{SecretsLocked, SecretsChoice, SecretsNoKeyring} {
			h.a.askSecrets(state)
			look("secrets-" + string('0'+rune(state)))
			h.a.pages.pop()
		}
	})
}

func certificateError(reason stream.CertReason) *stream.CertificateError {
	leaf := &x509.Certificate{
		Raw: []byte("a leaf"), SerialNumber: big.NewInt(1),
		Subject: pkix.Name{CommonName: "montague.example"}, Issuer: pkix.Name{CommonName: "montague.example"},
		DNSNames:  []string{"montague.example"},
		NotBefore: testNow.AddDate(0, -1, 0), NotAfter: testNow.AddDate(1, 0, 0),
	}
	return &stream.CertificateError{Reason: reason, Domain: "montague.example", Chain: []*x509.Certificate{leaf}}
}

// firstRun opens a window that has no account yet.
func firstRun(t *testing.T) *harness {
	t.Helper()
	h := open(t, newFakeBackend(), wide)
	h.wantText("Sign in", "Address", "Password")
	return h
}

func TestSignInByKeyboard(t *testing.T) {
	h := firstRun(t)
	h.write("Romeo@Montague.example ")
	h.press(fyne.KeyTab, 0)
	h.write("secret")
	h.press(fyne.KeyReturn, 0)
	if !h.back.asked("check romeo@montague.example") || !h.back.asked("add account romeo@montague.example") {
		t.Fatalf("asked was %q", h.back.said)
	}
	h.wantNoText("Password")
}

func TestServerAndPortByKeyboard(t *testing.T) {
	h := firstRun(t)
	s := h.a.pages.top().(*signIn)
	h.a.win.Canvas().Focus(s.fold)
	h.press(fyne.KeySpace, 0)
	h.a.win.Canvas().Focused().TypedRune(' ') // of the same key
	h.write("xmpp.montague.example")
	h.press(fyne.KeyTab, 0)
	h.write("5223")
	if s.server.Text() != "xmpp.montague.example" || s.port.Text() != "5223" {
		t.Errorf("the server is %q, the port %q", s.server.Text(), s.port.Text())
	}
}

func TestSignInSaysWhatIsWrongBeforeTheNetwork(t *testing.T) {
	for _, tt := range []struct{ address, password, server, port, says string }{
		{"", "x", "", "", "Enter an address, like juliet@capulet.example"},
		{"romeo", "x", "", "", "An address has an @ in it"},
		{"romeo@a@b", "x", "", "", "An address has only one @"},
		{"ro meo@montague.example", "x", "", "", "An address has no spaces"},
		{"@montague.example", "x", "", "", "The name before the @ is missing"},
		{"romeo@", "x", "", "", "The server after the @ is missing"},
		{"romeo@montague.example/orchard", "x", "", "", "Leave out the part after the /"},
		{"romeo@montague.example", "", "", "", "Enter the password"},
		{"romeo@montague.example", "x", "not a host", "", "This is not a server name or an IP address"},
		{"romeo@montague.example", "x", "host.example", "0", "A port is a number from 1 to 65535"},
		{"romeo@montague.example", "x", "host.example", "65536", "A port is a number from 1 to 65535"},
		{"romeo@montague.example", "x", "host.example", "http", "A port is a number from 1 to 65535"},
		{"romeo@montague.example", "x", "", "5222", "Enter the server this port is on"},
	} {
		t.Run(tt.says, func(t *testing.T) {
			h := firstRun(t)
			s := h.a.pages.top().(*signIn)
			s.toggleServer()
			s.address.SetText(tt.address)
			s.password.SetText(tt.password)
			s.server.SetText(tt.server)
			s.port.SetText(tt.port)
			h.tap("Sign in")
			h.wantText(tt.says)
			if len(h.back.said) > 0 {
				t.Errorf("the network was asked: %q", h.back.said)
			}
		})
	}
}

func TestSignInTellsEveryFailureAndGoesOn(t *testing.T) {
	for name, tt := range map[string]struct {
		err  error
		says string
	}{
		"password":    {&stream.AuthError{Reason: stream.AuthWrongPassword}, "Wrong password"},
		"disabled":    {&stream.AuthError{Reason: stream.AuthDisabled}, "account"},
		"no TLS":      {stream.ErrNoTLS, "The server offers no encryption"},
		"silent":      {&stream.ProtocolError{Reason: stream.Silent}, "The server does not answer"},
		"closed":      {&stream.ProtocolError{Reason: stream.Closed}, "The server closed the connection"},
		"garbage":     {&stream.ProtocolError{}, "The server does not speak XMPP as expected"},
		"unreachable": {&stream.DialError{}, "server"},
		"full disk":   {storage.ErrDiskFull, "disk is full"},
		"unknown":     {errors.New("odd"), "Something went wrong: odd"},
	} {
		t.Run(name, func(t *testing.T) {
			h := firstRun(t)
			h.back.checks = []error{tt.err}
			h.write("romeo@montague.example")
			h.press(fyne.KeyTab, 0)
			h.write("secret")
			h.press(fyne.KeyReturn, 0)
			h.wantText(tt.says)
			h.checkLayout(name)
			// Nothing has to be typed again.
			h.tap("Sign in")
			if !h.back.asked("add account romeo@montague.example") {
				t.Errorf("asked was %q", h.back.said)
			}
		})
	}
}

func TestCertificateIsTrustedOnlyWhenSaidSo(t *testing.T) {
	for answer, trusts := range map[string]bool{"Do not connect": false, "Trust this certificate": true} {
		t.Run(answer, func(t *testing.T) {
			h := firstRun(t)
			h.back.checks = []error{certificateError(stream.CertUnknownIssuer)}
			s := h.a.pages.top().(*signIn)
			s.address.SetText("romeo@montague.example")
			s.password.SetText("secret")
			h.tap("Sign in")
			h.wantText("This may not be montague.example", "itself", "nobody your computer trusts")
			h.tap(answer)
			if got := h.back.asked("check romeo@montague.example trusting"); got != trusts {
				t.Errorf("tried with trust: %v, want %v", got, trusts)
			}
			if got := h.back.asked("add account romeo@montague.example"); got != trusts {
				t.Errorf("kept: %v, want %v", got, trusts)
			}
		})
	}
}

func TestRemoveAccountAsksWhatToKeep(t *testing.T) {
	for answer, asked := range map[string]string{
		"Remove and keep messages":  "remove account",
		"Remove and erase messages": "erase account",
		"Cancel":                    "",
	} {
		t.Run(answer, func(t *testing.T) {
			h := open(t, verona(), wide)
			h.a.showAccount(2)
			h.tap("Remove account")
			h.tap(answer)
			if asked != "" && !h.back.asked(asked) {
				t.Errorf("asked was %q", h.back.said)
			}
			if asked == "" && len(h.back.said) > 0 {
				t.Errorf("asked was %q after Cancel", h.back.said)
			}
			if asked != "" {
				h.wantNoText("m.escalus@verona.example")
			}
		})
	}
}

func TestAccountSettingsAreKeptWhenLeft(t *testing.T) {
	h := open(t, verona(), wide)
	h.a.showAccount(1)
	s := h.a.pages.top().(*settingsPage).open.(*accountSection)
	s.name.Focus()
	s.name.SetText("Montague")
	s.server.Focus()
	if !h.back.asked("edit account Montague ") {
		t.Errorf("asked was %q", h.back.said)
	}
	s.port.SetText("99999")
	s.name.Focus()
	h.wantText("A port is a number from 1 to 65535")
}

// TestSectionsKeepTheKeyboard presses another section with the mouse while the
// keyboard is in the one that goes.
func TestSectionsKeepTheKeyboard(t *testing.T) {
	h := open(t, verona(), wide)
	h.a.showSettings(sectionNotifications)
	h.press(fyne.KeyTab, 0)
	p := h.a.pages.top().(*settingsPage)
	if h.a.win.Canvas().Focused() == fyne.Focusable(p.nav) {
		t.Fatal("Tab does not leave the sections")
	}
	test.TapAt(p.nav, fyne.NewPos(20, p.nav.Size().Height-10))
	h.wantText("Linnet test")
	if h.a.win.Canvas().Focused() != fyne.Focusable(p.nav) {
		t.Error("the keyboard is nowhere")
	}
}

func TestAboutNamesTheVersion(t *testing.T) {
	h := open(t, verona(), wide)
	h.a.showSettings(sectionAbout)
	h.wantText("Linnet test") // on one line
}

func TestEscapeLeavesTheSettingsStepByStep(t *testing.T) {
	h := open(t, verona(), fyne.NewSize(400, 700))
	h.a.showAccount(1)
	h.wantText("Remove account")
	h.a.back()
	h.wantText("Add account")
	h.a.back()
	h.wantText("Appearance")
	h.a.back()
	h.wantText("Juliet Capulet")
}

// fakeProfile answers Unlock with what it is told to.
type fakeProfile struct {
	state SecretsState
	back  *fakeBackend
	errs  []error
	ways  []SecretsWay
	pass  string
	look  WindowLook
}

func (p *fakeProfile) Window() (look WindowLook, ok bool) { return p.look, p.look.Width > 0 }

func (p *fakeProfile) KeepWindow(look WindowLook) error {
	p.look = look
	return nil
}

func (p *fakeProfile) Secrets(context.Context) SecretsState { return p.state }

func (p *fakeProfile) Unlock(_ context.Context, way SecretsWay, pass []byte) (Backend, error) {
	p.ways, p.pass = append(p.ways, way), string(pass)
	if len(p.errs) > 0 {
		err := p.errs[0]
		p.errs = p.errs[1:]
		return nil, err
	}
	return p.back, nil
}

// locked opens a window over a profile that has to be unlocked first.
func locked(t *testing.T, p *fakeProfile) *harness {
	t.Helper()
	p.back = verona()
	h := &harness{TB: t, back: p.back, now: testNow, app: newToolkit(t)}
	cfg := h.config()
	cfg.Profile = p
	h.a = New(h.app, cfg)
	t.Cleanup(h.a.Close)
	h.a.win.Resize(wide)
	h.a.Show()
	return h
}

func TestPassphraseOpensTheProfile(t *testing.T) {
	p := &fakeProfile{state: SecretsLocked, errs: []error{storage.ErrWrongPassphrase}}
	h := locked(t, p)
	h.wantText("Unlock Linnet")
	h.press(fyne.KeyReturn, 0)
	h.wantText("Enter the passphrase")
	h.write("open sesame")
	h.press(fyne.KeyReturn, 0)
	h.wantText("This is not the passphrase")
	h.press(fyne.KeyReturn, 0)
	if p.pass != "open sesame" || p.ways[1] != WaySealed {
		t.Errorf("unlocked with %q, ways %v", p.pass, p.ways)
	}
	if h.a.backend == nil {
		t.Error("the profile is not open")
	}
	h.wantNoText("Unlock Linnet")
}

func TestSecretsChoice(t *testing.T) {
	p := &fakeProfile{state: SecretsChoice}
	h := locked(t, p)
	h.write("short")
	h.tap("Seal with this passphrase")
	h.wantText("A passphrase has at least 8 characters")
	h.write("er no more")
	h.press(fyne.KeyReturn, 0)
	h.write("something else")
	h.press(fyne.KeyReturn, 0)
	h.wantText("The two are not the same")
	if len(p.ways) > 0 {
		t.Fatalf("unlocked with %v", p.ways)
	}
	h.tap("Ask at every start")
	if len(p.ways) != 1 || p.ways[0] != WayForgetful {
		t.Errorf("ways %v, want the forgetful one", p.ways)
	}
}

func TestWhatStandsInTheWayOfStartingIsSaid(t *testing.T) {
	for name, tt := range map[string]struct {
		err       error
		says, act string
	}{
		"damaged":   {&storage.DamagedError{MovedTo: "linnet.db.damaged-1"}, "linnet.db.damaged-1", "Go on"},
		"newer":     {&storage.NewerError{}, "This needs a newer Linnet", "Quit"},
		"wrong key": {storage.ErrWrongKey, "The key does not fit", "Try again"},
		"full":      {storage.ErrDiskFull, "disk is full", "Try again"},
	} {
		t.Run(name, func(t *testing.T) {
			p := &fakeProfile{state: SecretsReady, errs: []error{tt.err}}
			h := locked(t, p)
			h.wantText(tt.says)
			h.checkLayout(name)
			h.tap(tt.act)
			if tt.act != "Quit" && h.a.backend == nil {
				t.Error("the way on does not open the profile")
			}
		})
	}
}
