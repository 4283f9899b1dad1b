package stream

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"
)

const (
	nsFAST = "urn:xmpp:fast:0" // XEP-0484

	// maxToken bounds what a server may have us keep, in bytes. Tokens have
	// some 50 characters; keyrings take a few kilobytes.
	maxToken = 1 << 10
	// maxCount is where the schema of XEP-0484 ends.
	maxCount = math.MaxInt32
)

// tokenMechanisms are those for tokens, the safest first: one that is bound to
// the TLS session cannot be used again by whoever saw it.
var tokenMechanisms = []struct{ name, binding string }{
	{"HT-SHA-256-EXPR", bindExporter},
	{"HT-SHA-256-ENDP", bindEndPoint},
	{"HT-SHA-256-UNIQ", bindUnique},
	{"HT-SHA-256-NONE", ""},
}

// pickToken gives the best mechanism for tokens both sides have, and what it is
// bound by; the empty name is for none.
func pickToken(fast *element, o offer, ch channel) (name, binding string) {
	if fast == nil || o.stripped(ch) {
		return "", ""
	}
	offered := fast.texts(nsFAST, "mechanism")
	for _, m := range tokenMechanisms {
		usable := m.binding == "" || ch[m.binding] != nil && slices.Contains(o.bindings, m.binding)
		if usable && slices.Contains(offered, m.name) {
			return m.name, m.binding
		}
	}
	return "", ""
}

// usable tells whether a token can be tried with that mechanism. A token is for
// the one it was asked for; when a safer one has become possible the password
// gets a token for that.
func (t *Token) usable(mechanism string, now time.Time) bool {
	return mechanism != "" && t.Secret != "" && t.Mechanism == mechanism &&
		t.UserAgent != "" && t.Count < maxCount && now.Before(t.Expiry)
}

// forget takes the secret away.
func (t *Token) forget() { t.Mechanism, t.Secret, t.Expiry, t.Count = "", "", time.Time{}, 0 }

// take keeps the token a server gives for that mechanism. One that is of no use
// is passed over.
func (t *Token) take(given *element, mechanism string) {
	if given == nil || mechanism == "" {
		return
	}
	secret := given.attr("token")
	expiry, err := time.Parse(time.RFC3339, given.attr("expiry"))
	if err != nil || secret == "" || len(secret) > maxToken {
		return
	}
	t.Mechanism, t.Secret, t.Expiry, t.Count = mechanism, secret, expiry.UTC(), 0
}

// hashedToken is the HT-SHA-256 family of mechanisms
// (draft-schmaus-kitten-sasl-ht-09).
type hashedToken struct {
	user, secret string
	binding      []byte // the channel-binding data; empty without
}

func (t *hashedToken) mac(role string) []byte {
	m := hmac.New(sha256.New, []byte(t.secret))
	m.Write([]byte(role))
	m.Write(t.binding)
	return m.Sum(nil)
}

func (t *hashedToken) start() ([]byte, error) {
	return append([]byte(t.user+"\x00"), t.mac("Initiator")...), nil
}

func (t *hashedToken) next(context.Context, []byte) ([]byte, error) {
	return nil, errors.New("challenge to a token")
}

func (t *hashedToken) done(data []byte) error {
	if !hmac.Equal(data, t.mac("Responder")) {
		return untrusted("the server did not prove that it knows the token")
	}
	return nil
}

// newUUID makes a random UUID (RFC 9562, section 5.4).
func newUUID() string {
	var b [16]byte
	rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0F|0x40, b[8]&0x3F|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
