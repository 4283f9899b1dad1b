package app

import (
	"bytes"
	"errors"
	"net"
	"net/netip"
	"strings"
	"syscall"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"mellium.im/xmpp/jid"

	"linnet/account"
	"linnet/account/stream"
	"linnet/storage"
	"linnet/widgets"
)

// goodReport is of a connection to a server that lacks a few things.
func goodReport() account.Report {
	const at = "xmpp.montague.example:5222"
	ms := func(n int) time.Duration { return time.Duration(n) * time.Millisecond }
	step := func(s stream.Step, n int) stream.StepReport {
		return stream.StepReport{Target: at, Step: s, Took: ms(n)}
	}
	return account.Report{
		Address: "romeo@montague.example",
		AccountFeatures: []string{
			"http://jabber.org/protocol/pubsub#publish", "urn:xmpp:mam:2",
		},
		ServerFeatures: []string{"urn:xmpp:blocking"},
		Report: stream.Report{
			Began: testNow.Add(-12 * time.Minute), Took: ms(187), Done: true, OnlineSince: testNow.Add(-12 * time.Minute),
			RoundTrip: ms(23), Managed: true, Resumable: true, ResumeMax: 5 * time.Minute,
			Features: []string{"urn:xmpp:csi:0", "urn:xmpp:sm:3"},
			Lookups: []stream.Lookup{
				{Name: "_xmpps-client._tcp.montague.example", Err: &net.DNSError{Err: "no such host", IsNotFound: true}, Took: ms(9)},
				{Name: "_xmpp-client._tcp.montague.example", Services: []net.SRV{{Target: "xmpp.montague.example.", Port: 5222}}, Took: ms(12)},
				{Name: "xmpp.montague.example", Addresses: []netip.Addr{netip.MustParseAddr("2001:db8::7"), netip.MustParseAddr("192.0.2.7")}, Took: ms(8)},
			},
			Tried: []stream.Attempt{
				{Target: at, Address: "[2001:db8::7]:5222", Err: &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}, Took: ms(4)},
				{Target: at, Address: "192.0.2.7:5222", Took: ms(21)},
			},
			Steps: []stream.StepReport{
				step(stream.StepConnect, 33), step(stream.StepHeader, 20), step(stream.StepFeatures, 1), step(stream.StepStartTLS, 22),
				step(stream.StepTLS, 41), step(stream.StepHeaderTLS, 20), step(stream.StepFeaturesTLS, 1), step(stream.StepAuth, 24),
				step(stream.StepBind, 13),
			},
			TLS: &stream.TLSReport{Version: "TLS 1.3", Suite: "TLS_AES_128_GCM_SHA256", Trust: stream.TrustRoots, Chain: []stream.Certificate{{
				Subject: "CN=montague.example", Issuer: `CN=R11,O=Friar\, Laurence & Sons,C=IT`, Names: []string{"montague.example", "xmpp.montague.example"},
				NotBefore: testNow.AddDate(0, -1, 0), NotAfter: testNow.AddDate(0, 2, 0), SHA256: bytes.Repeat([]byte{0xA7, 0x1C}, 16),
			}}},
			Info: stream.Info{
				JID: jid.MustParse("romeo@montague.example/linnet.7Hx2"), Address: at, TLS: 0x0304,
				Mechanism: "SCRAM-SHA-256-PLUS", Binding: "tls-exporter",
			},
		},
	}
}

// badReport is of a try that failed in a step.
func badReport(err error, at stream.Step) account.Report {
	r := goodReport()
	r.Err, r.OnlineSince, r.RoundTrip, r.Features, r.Info = err, time.Time{}, 0, nil, stream.Info{}
	for i, s := range r.Steps {
		if s.Step == at {
			r.Steps = r.Steps[:i+1]
			r.Steps[i].Err = err
		}
	}
	return r
}

func accountIn(phase stream.Phase, err error) account.Info {
	return account.Info{
		Account: storage.Account{ID: 1, Address: "romeo@montague.example", Enabled: true},
		State:   stream.State{Phase: phase, Err: err, RetryAt: testNow.Add(12 * time.Second), Info: goodReport().Info},
	}
}

// words is a diagnosis as lines of text, the marks in front.
func words(d diagnosis) string {
	var b strings.Builder
	writeStep(&b, d.headline)
	for _, s := range d.steps {
		writeStep(&b, s)
	}
	b.WriteString(d.lost + "\n")
	return b.String()
}

func wantWords(t *testing.T, d diagnosis, lines ...string) {
	t.Helper()
	all := words(d)
	for _, l := range lines {
		if !strings.Contains(all, l) {
			t.Errorf("%q is missing in:\n%s", l, all)
		}
	}
}

func TestDiagnosisOfAGoodConnection(t *testing.T) {
	d := diagnose(goodReport(), accountIn(stream.Online, nil), testNow)
	wantWords(t, d,
		"+ Connected since 14:", "TLS 1.3 · the server answers within 23 ms",
		"+ Finding the server (12 ms)", "The domain names xmpp.montague.example:5222\n", "xmpp.montague.example: 2001:db8::7, 192.0.2.7",
		"+ Reaching the server (54 ms)", "[2001:db8::7]:5222: The server does not take connections", "192.0.2.7:5222: answered, 21 ms",
		"+ Encryption (63 ms)", "TLS 1.3 (TLS_AES_128_GCM_SHA256)", "Certificate for montague.example, xmpp.montague.example",
		"Issued by Friar, Laurence & Sons, valid until", "An authority this computer trusts vouches for it", "A71C A71C",
		"+ Signing in (45 ms)", "The password was not sent, only a proof of it", "Tied to this TLS connection", "SCRAM-SHA-256-PLUS, tls-exporter",
		"+ Session (13 ms)", "A new one\n", "It outlives a break of 5 min", "romeo@montague.example/linnet.7Hx2",
	)
}

func TestDiagnosisOfVariants(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(*account.Report)
		says   []string
	}{
		"resumed": {func(r *account.Report) { r.Resume = stream.ResumeDone }, []string{"goes on: nothing was lost"}},
		"refused": {func(r *account.Report) { r.Resume = stream.ResumeRefused }, []string{"A new one, because the server has ended the one before"}},
		"unbound": {func(r *account.Report) { r.Info.Mechanism, r.Info.Binding = "SCRAM-SHA-1", "" }, []string{"only a proof of it", "Not tied to this TLS connection", "SCRAM-SHA-1\n"}},
		"plain":   {func(r *account.Report) { r.Info.Mechanism, r.Info.Binding = "PLAIN", "" }, []string{"The password was sent inside the encrypted connection\n    PLAIN"}},
		"token":   {func(r *account.Report) { r.Info.Mechanism = "HT-SHA-256-EXPR" }, []string{"this device has a key of its own"}},
		"trusted": {func(r *account.Report) {
			r.TLS.Trust, r.TLS.Chain[0].Issuer = stream.TrustHand, r.TLS.Chain[0].Subject
		}, []string{"You chose to trust this certificate", "Issued by itself"}},
		"direct": {func(r *account.Report) {
			r.Lookups[0].Services = []net.SRV{{Target: "xmpp.montague.example.", Port: 5223}}
			r.Tried[1].Direct = true
		}, []string{"xmpp.montague.example:5223 (direct TLS)", "192.0.2.7:5222 (direct TLS): answered"}},
		"overtaken":   {func(r *account.Report) { r.Tried[0].Err = stream.ErrOvertaken }, []string{"[2001:db8::7]:5222: another one was faster"}},
		"no services": {func(r *account.Report) { r.Lookups[1].Services = nil }, []string{"The domain names no server, so it is one itself"}},
		"other target": {func(r *account.Report) {
			bad := stream.StepReport{Target: "old.example:5222", Step: stream.StepHeader, Err: &stream.ProtocolError{Reason: stream.Garbage}}
			r.Steps = append([]stream.StepReport{{Target: "old.example:5222", Step: stream.StepConnect}, bad}, r.Steps...)
		}, []string{"old.example:5222: The server does not speak XMPP as expected", "+ Reaching the server (54 ms)"}},
		"lost": {func(r *account.Report) {
			r.Lost = &stream.Loss{At: testNow.AddDate(0, 0, -1), Lasted: 2 * time.Hour, Err: &stream.ProtocolError{Reason: stream.Silent}}
		}, []string{"The last connection broke after 2 h (", ": The server does not answer"}},
		"harmless": {func(r *account.Report) { r.TLS.Chain[0].Names = []string{"a\u202Eb\nc"} }, []string{"Certificate for ab c\n"}},
	} {
		t.Run(name, func(t *testing.T) {
			r := goodReport()
			tt.change(&r)
			wantWords(t, diagnose(r, accountIn(stream.Online, nil), testNow), tt.says...)
		})
	}
}

func TestDiagnosisOfFailures(t *testing.T) {
	refused := &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}
	unknown := &net.DNSError{Err: "no such host", Name: "xmpp.montague.example", IsNotFound: true}
	for name, tt := range map[string]struct {
		err   error
		at    stream.Step
		tried []stream.Attempt // in place of what was tried
		says  []string
		not   string
	}{
		"no names": {
			&stream.DialError{Tried: []stream.Attempt{{Err: unknown}}}, stream.StepConnect,
			[]stream.Attempt{{Target: "montague.example:5222", Err: unknown}},
			[]string{"! Finding the server", "There is no server of this name", "Check the part of the address after the @", "\n  Reaching the server\n"},
			"so it is one itself",
		},
		"refused": {
			&stream.DialError{Tried: []stream.Attempt{{Address: "192.0.2.7:5222", Err: refused}}}, stream.StepConnect,
			[]stream.Attempt{{Address: "192.0.2.7:5222", Err: refused}},
			[]string{"+ Finding the server", "! Reaching the server", "    The server does not take connections", "a firewall is in the way", "\n  Encryption\n"},
			"A71C",
		},
		"unknown host": {
			&stream.StreamError{Step: stream.StepHeader, Condition: "host-unknown"}, stream.StepHeader, nil,
			[]string{"! Reaching the server", "This server does not serve this domain"},
			"A71C",
		},
		"no TLS": {
			stream.ErrNoTLS, stream.StepFeatures, nil,
			[]string{"+ Reaching the server", "! Encryption", "The server offers no encryption", "does not connect without encryption"},
			"goes on",
		},
		"certificate": {
			&stream.CertificateError{Reason: stream.CertExpired}, stream.StepTLS, nil,
			[]string{"! Encryption", "The server's certificate has expired", "has to renew its certificate", "A71C", "\n  Signing in\n"},
			"+ Signing in",
		},
		"wrong password": {
			&stream.AuthError{Reason: stream.AuthWrongPassword, Mechanism: "SCRAM-SHA-256"}, stream.StepAuth, nil,
			[]string{"+ Encryption", "! Signing in", "Wrong password", "Sign in again", "\n  Session\n"},
			"Not tied",
		},
		"full": {
			&stream.StreamError{Step: stream.StepBind, Condition: "resource-constraint"}, stream.StepBind, nil,
			[]string{"+ Signing in", "! Session", "The server is too busy"},
			"A new one",
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := badReport(tt.err, tt.at)
			if tt.tried != nil {
				r.Tried, r.TLS = tt.tried, nil
			}
			if errors.Is(tt.err, stream.ErrNoTLS) || tt.at == stream.StepHeader {
				r.TLS = nil
			}
			d := diagnose(r, accountIn(stream.Failed, tt.err), testNow)
			wantWords(t, d, append(tt.says, "! Not connected")...)
			if all := words(d); strings.Contains(all, tt.not) {
				t.Errorf("%q is in:\n%s", tt.not, all)
			}
			n := 0
			for _, s := range d.steps {
				if s.Mark == widgets.MarkFailed {
					n++
				}
			}
			if n != 1 {
				t.Errorf("%d steps failed:\n%s", n, words(d))
			}
		})
	}
}

func TestDiagnosisUnderWay(t *testing.T) {
	r := badReport(nil, stream.StepTLS)
	r.Done, r.TLS = false, nil
	d := diagnose(r, accountIn(stream.Connecting, nil), testNow)
	wantWords(t, d, "> Connecting", "+ Reaching the server", "> Encryption", "\n  Signing in\n")
	d = diagnose(account.Report{}, accountIn(stream.Stopped, nil), testNow)
	if len(d.steps) > 0 || !d.began.IsZero() || len(d.features) > 0 || !d.more {
		t.Errorf("before the first try: %+v", d)
	}
}

func TestEveryErrorHasAdvice(t *testing.T) {
	for _, err := range []error{
		&stream.CertificateError{}, &stream.CertificateError{Reason: stream.CertNotYet}, &stream.AuthError{Reason: stream.AuthTemporary},
		&stream.AuthError{Reason: stream.AuthUntrusted}, &stream.AuthError{Reason: stream.AuthDisabled}, account.ErrNoPassword,
		stream.ErrNotOffered, &stream.StreamError{Condition: "conflict"}, &stream.StreamError{Condition: "host-gone"}, &stream.StreamError{},
		&stream.ProtocolError{Reason: stream.Silent}, &stream.ProtocolError{Reason: stream.Garbage}, syscall.ENETUNREACH,
		&net.DNSError{}, &stream.DialError{},
	} {
		if advice(err) == "" {
			t.Errorf("no advice for %v", err)
		}
	}
	if advice(nil) != "" || advice(errors.New("odd")) != "" {
		t.Error("advice out of nothing")
	}
}

func TestFeaturesOfServers(t *testing.T) {
	want := func(what string, r account.Report, marks string, more bool) {
		t.Helper()
		steps, rest := featureSteps(r)
		got := ""
		for _, step := range steps {
			got += stepSigns[step.Mark]
			if (step.Mark == widgets.MarkDone) != (step.Text == "") {
				t.Errorf("%s: %+v", what, step)
			}
		}
		if got != marks || rest != more {
			t.Errorf("%s: %q, more %v; want %q, %v", what, got, rest, marks, more)
		}
	}
	want("good", goodReport(), "+-++++---", false)
	offline := goodReport()
	offline.Report = stream.Report{}
	want("not connected", offline, "+-++-", true)
	want("never connected", account.Report{}, "", true)
	bound := goodReport()
	bound.Features, bound.Info.SASL2, bound.Resumable = nil, true, false
	want("modern", bound, "+--++-+--", false)
}

func TestReportHasNoSecretsAndIsWhole(t *testing.T) {
	r := badReport(&stream.AuthError{Reason: stream.AuthWrongPassword, Condition: "not-authorized", Text: "go\u202Eaway"}, stream.StepAuth)
	text := reportText(r, accountIn(stream.Failed, r.Err), "1.2.3", testNow)
	for _, want := range []string{
		"Linnet 1.2.3, 2026-", "romeo@montague.example\n", "! Not connected", "! Signing in", "- Copies to all your devices (XEP-0280)",
		"xmpp.montague.example:5222 tls 41 ms\n", "authentication 24 ms: signing in failed: not-authorized: goaway\n",
		"_xmpp-client._tcp.montague.example 12 ms\n", "no such host",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in:\n%s", want, text)
		}
	}
	if strings.Contains(text, "\u202E") {
		t.Error("the report can deceive")
	}
}

// doctor is a window over an account with a report.
func doctor(t *testing.T, h *harness, r account.Report, info account.Info) {
	t.Helper()
	info.Account = h.back.accounts[0].Account
	h.back.accounts[0] = info
	h.back.reports = map[storage.AccountID]account.Report{1: r}
	h.a.apply([]account.Event{account.StateChanged{Account: info}})
}

func TestConnectionPageFits(t *testing.T) {
	bad := badReport(&stream.CertificateError{Reason: stream.CertUnknownIssuer}, stream.StepTLS)
	bad.TLS.Trust = stream.TrustNone
	refused := badReport(&stream.DialError{Tried: []stream.Attempt{{Address: "192.0.2.7:5222", Err: syscall.ECONNREFUSED}}}, stream.StepConnect)
	refused.Tried, refused.TLS = refused.Tried[:1], nil
	refused.Lost = &stream.Loss{At: testNow.Add(-time.Minute), Lasted: time.Hour, Err: &stream.ProtocolError{Reason: stream.Closed}}
	everywhere(t, func(t *testing.T, h *harness, name string) {
		for what, tt := range map[string]struct {
			report account.Report
			info   account.Info
		}{
			"good":    {goodReport(), accountIn(stream.Online, nil)},
			"bad":     {bad, accountIn(stream.Failed, bad.Err)},
			"refused": {refused, accountIn(stream.Waiting, refused.Err)},
			"never":   {account.Report{}, accountIn(stream.Stopped, nil)},
		} {
			doctor(t, h, tt.report, tt.info)
			h.a.showConnection(1)
			h.settle()
			h.checkLayout("connection " + what)
			h.checkSection("connection " + what)
			h.shoot("connection-" + what + "-" + name)
			p := h.a.pages.top().(*settingsPage)
			p.scroll.ScrollToBottom()
			h.shoot("connection-" + what + "-end-" + name)
			h.a.pages.pop()
		}
	})
}

func TestConnectionPageByHand(t *testing.T) {
	h := open(t, verona(), wide)
	bad := badReport(&stream.AuthError{Reason: stream.AuthWrongPassword}, stream.StepAuth)
	doctor(t, h, bad, accountIn(stream.Failed, bad.Err))
	h.press(fyne.Key1, fyne.KeyModifierAlt)
	h.tap("Details")
	h.wantText("Connection", "Not connected", "Wrong password", "Sign in again with the password of this account.", "What your server can do")
	h.tap("Check again")
	if !h.back.asked("retry now") {
		t.Error("nothing was asked of the account")
	}
	doctor(t, h, goodReport(), accountIn(stream.Online, nil))
	h.wantText("Connected since", "the server answers within 23 ms")
	r := goodReport()
	r.RoundTrip = 31 * time.Millisecond
	h.back.reports[1] = r
	h.pass(checkTime)
	h.wantText("the server answers within 31 ms")
	h.tap("Copy report")
	if text := h.app.Clipboard().Content(); !strings.Contains(text, "Linnet test, ") || !strings.Contains(text, "SCRAM-SHA-256-PLUS") {
		t.Errorf("copied was %q", text)
	}
	h.wantText("no password")
	h.a.back()
	h.wantText("Remove account")
	h.tap("Show")
	h.wantText("Step by step")
	h.a.back()
	h.a.back()
	h.wantText("Add account")
}

func TestConnectionDetailsFromThePalette(t *testing.T) {
	h := open(t, verona(), wide)
	h.back.reports = map[storage.AccountID]account.Report{1: goodReport(), 2: {}}
	h.press(fyne.KeyK, fyne.KeyModifierControl)
	h.write("connection det")
	h.press(fyne.KeyReturn, 0)
	h.wantText("Linnet has not tried to connect yet.", "Not connected") // the second account, which is in need
	h.back.accounts = h.back.accounts[:1]
	h.a.apply([]account.Event{account.AccountsChanged{}})
	h.wantText("Add account")
	h.a.showConnections()
	h.wantText("Encryption")
}

func TestDurations(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0.1 ms", 1300 * time.Microsecond: "1.3 ms", 12 * time.Millisecond: "12 ms", 3700 * time.Millisecond: "3.7 s", 45 * time.Second: "45 s",
	} {
		if got := duration(d); got != want {
			t.Errorf("%v took %q, want %q", d, got, want)
		}
	}
	for d, want := range map[time.Duration]string{0: "0 s", 40 * time.Second: "40 s", 5 * time.Minute: "5 min", 3 * time.Hour: "3 h", 72 * time.Hour: "3 d"} {
		if got := lasted(d); got != want {
			t.Errorf("%v lasted %q, want %q", d, got, want)
		}
	}
	if got := moment(testNow.AddDate(0, 0, -1), testNow); got != "17 Nov 2026 14:40" {
		t.Errorf("yesterday is %q", got)
	}
}

func TestBannerOfAFailureFits(t *testing.T) {
	everywhere(t, func(t *testing.T, h *harness, name string) {
		for what, info := range map[string]account.Info{
			"password": accountIn(stream.Failed, &stream.AuthError{Reason: stream.AuthWrongPassword}),
			"refused":  accountIn(stream.Waiting, &stream.DialError{Tried: []stream.Attempt{{Err: syscall.ECONNREFUSED}}}),
		} {
			doctor(t, h, account.Report{}, info)
			h.press(fyne.Key1, fyne.KeyModifierAlt)
			h.checkLayout("banner " + what)
			h.wantText("Details")
			h.shoot("banner-" + what + "-" + name)
		}
	})
}
