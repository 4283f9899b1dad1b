package stream

import (
	"crypto/x509"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Step is a point on the way to a usable connection. Errors say at which one
// a server failed.
type Step string

// The steps in their order. With direct TLS the way begins at StepTLS.
const (
	StepConnect      Step = "connect"
	StepHeader       Step = "stream header"
	StepFeatures     Step = "features"
	StepStartTLS     Step = "starttls" // waiting for <proceed/>
	StepTLS          Step = "tls"      // the handshake
	StepHeaderTLS    Step = "stream header after tls"
	StepFeaturesTLS  Step = "features after tls"
	StepToken        Step = "authentication by token" // XEP-0484
	StepAuth         Step = "authentication"
	StepUpgrade      Step = "password upgrade" // XEP-0480
	StepHeaderAuth   Step = "stream header after signing in"
	StepFeaturesAuth Step = "features after signing in"
	StepResume       Step = "resume" // the stream of the link before (XEP-0198)
	StepBind         Step = "bind"
	StepSession      Step = "session" // of RFC 3921, where a server requires it
	StepEnable       Step = "stream management"
	StepOnline       Step = "online" // everything after
)

// StepTime is how long a step took.
type StepTime struct {
	Step Step
	Took time.Duration
}

// ErrNoTLS means that the server offers no encryption. The password was not
// sent.
var ErrNoTLS = errors.New("the server offers no encryption")

// ErrNotOffered means that the domain says in DNS that it has no XMPP
// service for clients (RFC 2782: a target of ".").
var ErrNotOffered = errors.New("the domain offers no XMPP service")

// ErrOvertaken is the Attempt.Err of an address that had not answered yet when
// another did.
var ErrOvertaken = errors.New("another address answered first")

// CertReason says why a certificate was not accepted.
type CertReason uint8

// Reasons of a CertificateError.
const (
	CertOther         CertReason = iota // see CertificateError.Err
	CertWrongName                       // made for other domains
	CertExpired                         // no longer valid
	CertNotYet                          // not valid yet; or our clock is behind
	CertUnknownIssuer                   // self-signed, or of an issuer this system does not know
)

// CertificateError means that the server's certificate does not prove that
// it serves Domain. Config.Trusted can make an exception for Chain[0].
type CertificateError struct {
	Reason CertReason
	Chain  []*x509.Certificate // as the server sent it, the leaf first; empty when it cannot be read
	Domain string              // of the account, as the user knows it
	Err    error               // what crypto/x509 says
}

func (e *CertificateError) Error() string {
	return fmt.Sprintf("certificate for %s: %v", e.Domain, e.Err)
}

func (e *CertificateError) Unwrap() error { return e.Err }

// AuthReason says why signing in failed.
type AuthReason uint8

// Reasons of an AuthError.
const (
	AuthOther         AuthReason = iota // see AuthError.Condition
	AuthWrongPassword                   // not-authorized; servers do not tell a wrong password from an unknown user
	AuthDisabled                        // the account exists and may not be used
	AuthExpired                         // the password has to be renewed elsewhere
	AuthNoMechanism                     // no mechanism that both sides know and allow
	AuthTemporary                       // worth another try later
	AuthUntrusted                       // the server did not prove that it knows the password, or the two ends see different TLS sessions
	AuthTampered                        // what the server offers was made less safe, on the way to us or since the last time
	AuthMore                            // the password is right, and the server wants more than it, such as a second factor
)

// AuthError means that the server did not let us in, or that we did not
// believe it.
type AuthError struct {
	Reason    AuthReason
	Mechanism string // empty when none was begun
	Condition string // the SASL condition the server sent, if any (RFC 6120, section 6.5)
	Text      string // the server's own words, or ours; not for parsing
}

func (e *AuthError) Error() string {
	return joinText("signing in failed", e.Condition, e.Text)
}

// Attempt is one address that was tried and how it went.
type Attempt struct {
	Target  string // host:port as looked up or set by hand
	Address string // ip:port; empty when the lookup failed
	Direct  bool   // TLS from the first byte
	Err     error  // nil for the one that went well
	Took    time.Duration
}

// DialError means that no host of the domain could be reached at all, or
// that it could not be looked up.
type DialError struct {
	Tried []Attempt // in the order they ended; may be empty
	Err   error     // the lookup's failure where nothing could be tried
}

func (e *DialError) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("cannot reach the server: %v", e.Err)
	}
	var b strings.Builder
	b.WriteString("cannot reach the server")
	for i, a := range e.Tried {
		sep := "; "
		if i == 0 {
			sep = ": "
		}
		fmt.Fprintf(&b, "%s%s: %v", sep, a.Target, a.Err)
	}
	return b.String()
}

// Unwrap gives the errors of all attempts.
func (e *DialError) Unwrap() []error {
	var all []error
	if e.Err != nil {
		all = append(all, e.Err)
	}
	for _, a := range e.Tried {
		if a.Err != nil {
			all = append(all, a.Err)
		}
	}
	return all
}

// StreamError is a stream error the server sent (RFC 6120, section 4.9).
type StreamError struct {
	Step      Step
	Condition string // such as "host-unknown"
	Text      string // the server's own words
	Host      string // for see-other-host: where to go
}

func (e *StreamError) Error() string {
	return joinText("stream error", e.Condition, e.Text)
}

// ProtocolReason says how a server left the protocol.
type ProtocolReason uint8

// Reasons of a ProtocolError.
const (
	Unexpected ProtocolReason = iota // well-formed, but not what may come now
	Garbage                          // not an XMPP stream, or beyond our limits
	Silent                           // no answer in time
	Closed                           // the connection ended
)

// ProtocolError means that a server was reached and did not answer as an
// XMPP server does.
type ProtocolError struct {
	Step   Step
	Reason ProtocolReason
	Err    error // detail; may be nil
}

func (e *ProtocolError) Error() string {
	words := [...]string{"unexpected answer", "garbled answer", "no answer", "connection closed"}
	s := fmt.Sprintf("%s at %s", words[e.Reason], e.Step)
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

func (e *ProtocolError) Unwrap() error { return e.Err }

func joinText(parts ...string) string {
	kept := parts[:0]
	for _, p := range parts {
		if p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, ": ")
}

// permanent tells whether only the user can help: trying again by itself
// would fail the same way, or count as another wrong password.
func permanent(err error) bool {
	if cert := new(CertificateError); errors.As(err, &cert) || errors.Is(err, ErrNoTLS) {
		return true
	}
	if auth := new(AuthError); errors.As(err, &auth) {
		switch auth.Reason {
		case AuthWrongPassword, AuthDisabled, AuthExpired, AuthNoMechanism, AuthUntrusted, AuthTampered, AuthMore:
			return true
		}
	}
	if se := new(StreamError); errors.As(err, &se) {
		return se.Condition == "conflict" || se.Condition == "host-unknown"
	}
	return false
}

// ofNetwork tells whether a permanent error may be that of the network we are
// on: portals of hotels and trains answer in place of the server, and others
// read along. Nothing secret is sent before it.
func ofNetwork(err error) bool {
	if auth := new(AuthError); errors.As(err, &auth) {
		return auth.Reason == AuthTampered
	}
	return errors.As(err, new(*CertificateError)) || errors.Is(err, ErrNoTLS)
}
