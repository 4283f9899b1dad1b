package stream

import (
	"errors"
	"fmt"
	"testing"
)

func TestPermanent(t *testing.T) {
	for _, tt := range []struct {
		err  error
		want bool
	}{
		{&CertificateError{Err: errors.New("x")}, true},
		{ErrNoTLS, true},
		{&AuthError{Reason: AuthWrongPassword}, true},
		{&AuthError{Reason: AuthDisabled}, true},
		{&AuthError{Reason: AuthExpired}, true},
		{&AuthError{Reason: AuthNoMechanism}, true},
		{&AuthError{Reason: AuthUntrusted}, true},
		{&AuthError{Reason: AuthTampered}, true},
		{&AuthError{Reason: AuthMore}, true},
		{&AuthError{Reason: AuthTemporary}, false},
		{&AuthError{Reason: AuthOther}, false},
		{&StreamError{Condition: "conflict"}, true},
		{&StreamError{Condition: "host-unknown"}, true},
		{&StreamError{Condition: "system-shutdown"}, false},
		{&DialError{}, false},
		{&ProtocolError{}, false},
		{fmt.Errorf("wrapped: %w", ErrNoTLS), true},
	} {
		if got := permanent(tt.err); got != tt.want {
			t.Errorf("%v: %v", tt.err, got)
		}
	}
}

// What another network may cure is looked at again when the network changes.
func TestOfNetwork(t *testing.T) {
	for err, want := range map[error]bool{
		ErrNoTLS: true, &CertificateError{Err: ErrNoTLS}: true, &AuthError{Reason: AuthTampered}: true,
		&AuthError{Reason: AuthWrongPassword}: false, &AuthError{Reason: AuthUntrusted}: false, &DialError{}: false,
	} {
		if ofNetwork(err) != want {
			t.Errorf("%v: %v", err, !want)
		}
	}
}

func TestErrorTexts(t *testing.T) {
	refused := errors.New("refused")
	for _, tt := range []struct {
		err  error
		want string
	}{
		{&CertificateError{Domain: "d.test", Err: refused}, "certificate for d.test: refused"},
		{&AuthError{Condition: "not-authorized", Text: "no"}, "signing in failed: not-authorized: no"},
		{&AuthError{}, "signing in failed"},
		{&DialError{Err: ErrNotOffered}, "cannot reach the server: the domain offers no XMPP service"},
		{&DialError{Tried: []Attempt{{Target: "a:1", Err: refused}, {Target: "b:2", Err: refused}}}, "cannot reach the server: a:1: refused; b:2: refused"},
		{&StreamError{Condition: "conflict", Text: "again"}, "stream error: conflict: again"},
		{&ProtocolError{Step: StepBind, Reason: Silent}, "no answer at bind"},
		{&ProtocolError{Step: StepTLS, Reason: Garbage, Err: refused}, "garbled answer at tls: refused"},
	} {
		if got := tt.err.Error(); got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}
