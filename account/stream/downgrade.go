package stream

import (
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"hash"
	"slices"
	"strings"
)

// protection is what a SCRAM exchange checks beside the password: that the
// server sees the offer (XEP-0474) and the TLS session (XEP-0515) we see.
type protection struct {
	offer    offer
	version  uint16 // of TLS
	required bool   // a server that does not show its offer is not believed
}

// verify takes the extensions of the server's first message. Nobody can change
// them on the way: both proofs are over them.
func (p *protection) verify(extensions []string, h func() hash.Hash) error {
	shown := false
	for _, ext := range extensions {
		switch name, value, _ := strings.Cut(ext, "="); name {
		case "h":
			if subtle.ConstantTimeCompare([]byte(value), []byte(p.offer.digest(h))) == 0 {
				return tampered("what the server offers was changed on the way")
			}
			shown = true
		case "t":
			if value != fmt.Sprintf("%04x", p.version) {
				return tampered("the server sees another version of TLS")
			}
		}
	}
	if p.required && !shown {
		return untrusted("the server's offer lacks the means against a man in the middle")
	}
	return nil
}

// digest is what XEP-0474, section 4.1, hashes an offer to.
func (o *offer) digest(h func() hash.Hash) string {
	text := join(o.mechanisms)
	if o.bindings != nil {
		text += "\x1f" + join(o.bindings)
	}
	sum := h()
	sum.Write([]byte(text))
	return base64.StdEncoding.EncodeToString(sum.Sum(nil))
}

func join(names []string) string {
	return strings.Join(slices.Sorted(slices.Values(names)), "\x1e")
}

// stripped tells that an offer lacks what XEP-0440, section 4, makes a server
// announce: somebody may have taken it out.
func (o *offer) stripped(ch channel) bool {
	plus := slices.ContainsFunc(o.mechanisms, isPlus)
	switch {
	case len(ch) == 0: // we bind to nothing, whatever is offered
		return false
	case o.bindings == nil: // usual, and allowed, before SASL2
		return plus && o.sasl2
	case !plus:
		return o.sasl2
	}
	return ch.pick(o.bindings) == "" && !slices.Contains(o.bindings, bindEndPoint)
}

func tampered(text string) error { return &AuthError{Reason: AuthTampered, Text: text} }
