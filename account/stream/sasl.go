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
	sasl2      bool     // as XEP-0388 has it
}

// newOffer reads a list of mechanisms and the features it is one of.
func newOffer(list, features *element) offer {
	space := list.XMLName.Space
	o := offer{mechanisms: list.texts(space, "mechanism"), sasl2: space == nsSASL2}
	if types := features.child(nsBinding, "sasl-channel-binding"); types != nil {
		o.bindings = []string{}
		for _, t := range types.Children {
			o.bindings = append(o.bindings, t.attr("type"))
		}
	}
	return o
}

// login is who signs in, and over what. The channel is that of the TLS
// connection, whose certificate has been accepted: without one there is no
// password to give.
type login struct {
	user, password string
	channel        channel
	version        uint16 // of TLS
	noPlain        bool   // see Token.NoPlain
}

// choice is a mechanism that was chosen, ready to run once.
type choice struct {
	exchange
	name    string
	binding string // channel-binding type; empty without
}

// choose picks the strongest mechanism of an offer and prepares its exchange.
// An offer that lacks what it has to have is believed only when the server
// shows, with the password, that it has made it so (XEP-0474, section 6).
func choose(o offer, l login) (choice, error) {
	binding := l.channel.pick(o.bindings)
	stripped := o.stripped(l.channel)
	for _, m := range mechanisms {
		switch {
		case !slices.Contains(o.mechanisms, m.name), m.bind && binding == "":
			continue
		case m.hash == nil && stripped:
			return choice{}, untrusted("the server's offer lacks the means against a man in the middle")
		case m.hash == nil && l.noPlain:
			return choice{}, tampered("the server wants to be told the password, which it did not need before")
		case m.hash == nil:
			return choice{name: m.name, exchange: &plain{user: saslprep(l.user), password: saslprep(l.password)}}, nil
		}
		s := newSCRAM(m.hash, l.user, l.password)
		s.protection = protection{offer: o, version: l.version, required: stripped && !m.bind}
		c := choice{name: m.name, exchange: s}
		switch {
		case m.bind:
			c.binding = binding
			s.flag, s.binding = "p="+binding, l.channel[binding]
		case len(l.channel) > 0 && !slices.ContainsFunc(o.mechanisms, isPlus):
			s.flag = "y" // we could; if the server could too, somebody hid it
		}
		return c, nil
	}
	if stripped {
		return choice{}, untrusted("the server lists no channel binding this connection has")
	}
	return choice{}, &AuthError{
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
