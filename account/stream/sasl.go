package stream

import (
	"context"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"errors"
	"hash"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// exchange is the client's side of one run of a SASL mechanism (RFC 4422).
// How its messages are wrapped is for the caller: RFC 6120 and XEP-0388 do it
// differently.
type exchange interface {
	// start gives the initial response.
	start() ([]byte, error)
	// next answers a challenge, or ends with ctx.
	next(ctx context.Context, challenge []byte) ([]byte, error)
	// done takes the additional data of a success, nil when it has none. An
	// error means that the server has not proved itself and must not be used.
	done(data []byte) error
}

// mechanism is a way to sign in.
type mechanism struct {
	name string
	hash func() hash.Hash // of SCRAM; nil for PLAIN
	bind bool             // with channel binding
}

// mechanisms are those we know, the strongest first. Channel binding comes
// before the strength of the hash: it is what stops a man in the middle.
var mechanisms = []mechanism{
	{"SCRAM-SHA-512-PLUS", sha512.New, true},
	{"SCRAM-SHA-256-PLUS", sha256.New, true},
	{"SCRAM-SHA-1-PLUS", sha1.New, true},
	{"SCRAM-SHA-512", sha512.New, false},
	{"SCRAM-SHA-256", sha256.New, false},
	{"SCRAM-SHA-1", sha1.New, false},
	{"PLAIN", nil, false},
}

// offer is what a server announces about signing in.
type offer struct {
	mechanisms []string
	bindings   []string // channel-binding types (XEP-0440); nil when it lists none
}

// choose picks the strongest mechanism of an offer and prepares its exchange.
// The channel is that of the TLS connection, whose certificate has been
// accepted: without one there is no password to give.
func choose(o offer, user, password string, ch channel) (mechanism, exchange, error) {
	binding := ch.pick(o.bindings)
	if binding == "" && len(ch) > 0 && o.bindings != nil && slices.ContainsFunc(o.mechanisms, isPlus) &&
		!slices.Contains(o.bindings, bindEndPoint) {
		// A server that lists types has to have that one, so somebody may have
		// taken it off the list (XEP-0440, section 3, rule 6).
		return mechanism{}, nil, untrusted("the server lists no channel binding this connection has")
	}
	for _, m := range mechanisms {
		if !slices.Contains(o.mechanisms, m.name) || m.bind && binding == "" {
			continue
		}
		if m.hash == nil {
			return m, &plain{user: saslprep(user), password: saslprep(password)}, nil
		}
		s := newSCRAM(m.hash, user, password)
		switch {
		case m.bind:
			s.flag, s.binding = "p="+binding, ch[binding]
		case len(ch) > 0 && !slices.ContainsFunc(o.mechanisms, isPlus):
			s.flag = "y" // we could; if the server could too, somebody hid it
		}
		return m, s, nil
	}
	return mechanism{}, nil, &AuthError{
		Reason: AuthNoMechanism,
		Text:   "the server offers " + short(strings.Join(o.mechanisms, ", ")),
	}
}

func isPlus(name string) bool { return strings.HasSuffix(name, "-PLUS") }

// plain is RFC 4616: the password itself.
type plain struct{ user, password string }

func (p *plain) start() ([]byte, error) {
	if strings.ContainsRune(p.user+p.password, 0) {
		return nil, errors.New("NUL in user name or password")
	}
	return []byte("\x00" + p.user + "\x00" + p.password), nil
}

func (p *plain) next(context.Context, []byte) ([]byte, error) {
	return nil, errors.New("challenge to PLAIN")
}

func (p *plain) done([]byte) error { return nil }

// saslprep prepares a user name or password as RFC 4013 does, which is what
// servers derive their keys with: the newer profiles of RFC 8265 would give
// other bytes for some. Its prohibitions are left to the server, which then
// never took such a password.
func saslprep(s string) string {
	if isASCII(s) {
		return s
	}
	return norm.NFKC.String(strings.Map(func(r rune) rune {
		switch {
		case mappedToNothing(r):
			return -1
		case r == '\u200B' || unicode.Is(unicode.Zs, r):
			return ' '
		}
		return r
	}, s))
}

// mappedToNothing is table B.1 of RFC 3454.
func mappedToNothing(r rune) bool {
	switch r {
	case 0x00AD, 0x034F, 0x1806, 0x200C, 0x200D, 0x2060, 0xFEFF:
		return true
	}
	return 0x180B <= r && r <= 0x180D || 0xFE00 <= r && r <= 0xFE0F
}
