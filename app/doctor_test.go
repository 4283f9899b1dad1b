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
