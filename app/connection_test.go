package app

import (
	"strings"
	"syscall"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"linnet/account"
	"linnet/account/stream"
	"linnet/storage"
)

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
