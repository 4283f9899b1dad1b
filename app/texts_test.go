package app

import (
	"errors"
	"fmt"
	"net"
	"strings"
	"syscall"
	"testing"
	"time"

	"linnet/account"
	"linnet/account/stream"
	"linnet/storage"
)

// TestEveryErrorHasASentence goes through the typed errors of the layers
// below, wrapped as they come.
func TestEveryErrorHasASentence(t *testing.T) {
	errs := []error{
		stream.ErrNoTLS, stream.ErrNotOffered, stream.ErrOffline,
		&stream.DialError{Err: errors.New("lookup")},
		&stream.DialError{Tried: []stream.Attempt{{Err: syscall.ENETUNREACH}}},
		&stream.DialError{Tried: []stream.Attempt{{Err: syscall.ECONNREFUSED}}},
		&stream.DialError{Err: &net.DNSError{IsNotFound: true}},
		&stream.DialError{Err: &net.DNSError{IsTimeout: true}},
		account.ErrNoPassword, account.ErrAccountExists, account.ErrNoAccount, account.ErrNoContact,
		account.ErrOwnAddress, account.ErrNoRequest, account.ErrNoBlocking, account.ErrNoPicture, account.ErrPictureLarge, account.ErrEmpty, account.ErrTooLong,
		account.ErrAddressEmpty, account.ErrAddressNoAt, account.ErrAddressManyAt, account.ErrAddressSpace,
		account.ErrAddressNoUser, account.ErrAddressNoDomain, account.ErrAddressResource,
		account.ErrAddressLocalChars, account.ErrAddressDomain, account.ErrAddressTooLong,
		account.ErrHostInvalid, account.ErrPortInvalid,
		storage.ErrDiskFull, storage.ErrWrongPassphrase, storage.ErrNoKeyring, storage.ErrWrongKey, storage.ErrLocked,
		&storage.DamagedError{}, &storage.NewerError{},
		&stream.StanzaError{Condition: "item-not-found"}, &stream.StanzaError{Condition: "forbidden"},
	}
	for r := stream.CertOther; r <= stream.CertUnknownIssuer; r++ {
		errs = append(errs, &stream.CertificateError{Reason: r, Err: errors.New("x509")})
	}
	for r := stream.AuthOther; r <= stream.AuthMore; r++ {
		errs = append(errs, &stream.AuthError{Reason: r})
	}
	for r := stream.Unexpected; r <= stream.Closed; r++ {
		errs = append(errs, &stream.ProtocolError{Step: stream.StepBind, Reason: r})
	}
	for _, c := range []string{"conflict", "host-unknown", "system-shutdown", "policy-violation", "see-other-host"} {
		errs = append(errs, &stream.StreamError{Condition: c})
	}
	for _, err := range errs {
		text := failureText(fmt.Errorf("sign in: %w", err))
		if strings.HasPrefix(text, "Something went wrong") {
			t.Errorf("%T %v has no sentence of its own", err, err)
		}
		if strings.HasSuffix(text, ".") || text != strings.TrimSpace(text) {
			t.Errorf("%q ends wrongly", text)
		}
	}
	if got := failureText(errors.New("odd")); got != "Something went wrong: odd" {
		t.Errorf("an unknown error: %q", got)
	}
}

func TestAccountState(t *testing.T) {
	state := func(s stream.State) account.Info {
		return account.Info{Account: storage.Account{Enabled: true}, State: s}
	}
	for _, c := range []struct {
		info account.Info
		want string
		bad  bool
	}{
		{state(stream.State{Phase: stream.Connecting}), "Connecting", false},
		{state(stream.State{Phase: stream.Online}), "Online", false},
		{account.Info{State: stream.State{Phase: stream.Online}, Effective: storage.Status{Show: storage.ShowBusy}}, "Do not disturb", false},
		{state(stream.State{
			Phase: stream.Waiting, RetryAt: testNow.Add(11500 * time.Millisecond),
			Err: &stream.DialError{Tried: []stream.Attempt{{Err: syscall.ENETUNREACH}}},
		}), "No network. Trying again in 12 s", false},
		{state(stream.State{Phase: stream.Waiting, Err: stream.ErrOffline, RetryAt: testNow.Add(5 * time.Minute)}), "Not connected. Trying again in 5 min", false},
		{state(stream.State{Phase: stream.Waiting, Err: stream.ErrOffline, RetryAt: testNow}), "Not connected. Trying again", false},
		{state(stream.State{Phase: stream.Failed, Err: &stream.AuthError{Reason: stream.AuthWrongPassword}}), "Wrong password. Sign in again", true},
		{state(stream.State{Phase: stream.Failed, Err: stream.ErrNoTLS}), "The server offers no encryption", true},
		{state(stream.State{}), "Offline", false},
		{account.Info{}, "Switched off", false},
	} {
		if got, bad := accountState(c.info, testNow); got != c.want || bad != c.bad {
			t.Errorf("accountState(%+v) = %q, %v, want %q, %v", c.info.State, got, bad, c.want, c.bad)
		}
	}
}

func TestSummaryText(t *testing.T) {
	pos := storage.Pos{Time: 1, Seq: 1}
	for _, c := range []struct {
		summary storage.Summary
		want    string
	}{
		{storage.Summary{}, "No messages yet"},
		{storage.Summary{Pos: pos, Text: "Hello"}, "Hello"},
		{storage.Summary{Pos: pos, Text: "Hello", Out: true}, "You: Hello"},
		{storage.Summary{Pos: pos, Text: "/me waves"}, "Juliet waves"},
		{storage.Summary{Pos: pos, Text: "/me waves", Out: true}, "You waves"},
		{storage.Summary{Pos: pos, Text: "a\u202Eb"}, "ab"},
		{storage.Summary{Pos: pos, Text: "> said\n*so* `it` is", Out: true}, "You: so it is"},
		{storage.Summary{Pos: pos, Text: "```go\nfunc main()\n```"}, "func main()"},
		{storage.Summary{Pos: pos, Text: "/me _waves_"}, "Juliet waves"},
		{storage.Summary{Pos: pos, Text: "2 *3* 4", Unstyled: true}, "2 *3* 4"},
		{storage.Summary{Pos: pos, Text: "For others", Encrypted: true}, "A message for another program"},
		{storage.Summary{Pos: pos, Text: "?OTR:AAMC", Out: true}, "You: A message for another program"},
		{storage.Summary{Pos: pos, Files: 1, FileType: "image/png", Out: true}, "You: Picture"},
		{storage.Summary{Pos: pos, Files: 2, FileType: "audio/ogg", Voice: true}, "Voice message"},
		{storage.Summary{Pos: pos, Files: 1, Text: "Look"}, "Look"},
	} {
		if got := summaryText(c.summary, "Juliet"); got != c.want {
			t.Errorf("summaryText(%+v) = %q, want %q", c.summary, got, c.want)
		}
	}
}
