package stream

import (
	"context"
	"encoding/base64"
	"errors"
)

// authenticate signs in with the strongest mechanism both sides have
// (RFC 6120, section 6) and gives its name.
func (n *negotiation) authenticate(ctx context.Context, features *element) (string, error) {
	n.at(StepAuth)
	list := features.child(nsSASL, "mechanisms")
	if list == nil {
		return "", &AuthError{Reason: AuthNoMechanism, Text: "the server offers no way to sign in"}
	}
	var o offer
	for _, m := range list.Children {
		if m.is(nsSASL, "mechanism") {
			o.mechanisms = append(o.mechanisms, m.Text)
		}
	}
	if types := features.child(nsBinding, "sasl-channel-binding"); types != nil {
		o.bindings = []string{}
		for _, t := range types.Children {
			o.bindings = append(o.bindings, t.attr("type"))
		}
	}
	m, x, err := choose(o, n.cfg.JID.Localpart(), n.cfg.Password, newChannel(n.tls))
	if err != nil {
		return "", err
	}
	if err := n.exchange(ctx, m.name, x); err != nil {
		if auth := new(AuthError); errors.As(err, &auth) {
			auth.Mechanism = m.name
		}
		return "", err
	}
	n.log.Debug("signed in", "target", n.target.String(), "mechanism", m.name)
	return m.name, nil
}

// exchange runs a mechanism in the elements of RFC 6120.
func (n *negotiation) exchange(ctx context.Context, name string, x exchange) error {
	reply, err := x.start()
	if err != nil {
		return n.judged(err)
	}
	text := "<auth xmlns='" + nsSASL + "' mechanism='" + name + "'>" + encodeSASL(reply) + "</auth>"
	for {
		if err := n.begin(StepAuth, text); err != nil {
			return err
		}
		e, err := n.read()
		if err != nil {
			return err
		}
		switch {
		case e.is(nsSASL, "challenge"):
			data, err := decodeSASL(e.Text)
			if err == nil {
				reply, err = x.next(ctx, data)
			}
			if err != nil {
				return n.judged(err)
			}
			text = "<response xmlns='" + nsSASL + "'>" + base64.StdEncoding.EncodeToString(reply) + "</response>"
		case e.is(nsSASL, "success"):
			data, err := decodeSASL(e.Text)
			if err == nil {
				err = x.done(data)
			}
			return n.judged(err)
		case e.is(nsSASL, "failure"):
			return newAuthError(e.condition(nsSASL))
		default:
			return n.unexpected(e)
		}
	}
}

// judged keeps what a mechanism has judged; anything else it says is about
// messages that are none of the mechanism's.
func (n *negotiation) judged(err error) error {
	if err == nil || errors.As(err, new(*AuthError)) {
		return err
	}
	return &ProtocolError{Step: n.step, Reason: Garbage, Err: err}
}

// newAuthError sorts the conditions of RFC 6120, section 6.5.
func newAuthError(condition, text string) *AuthError {
	e := &AuthError{Reason: AuthOther, Condition: condition, Text: text}
	switch condition {
	case "not-authorized":
		e.Reason = AuthWrongPassword
	case "account-disabled":
		e.Reason = AuthDisabled
	case "credentials-expired":
		e.Reason = AuthExpired
	case "invalid-mechanism", "mechanism-too-weak", "encryption-required":
		e.Reason = AuthNoMechanism
	case "temporary-auth-failure":
		e.Reason = AuthTemporary
	}
	return e
}

// encodeSASL writes data as RFC 6120, section 6.4.2 asks: empty data, which
// is not the same as none, is a "=".
func encodeSASL(data []byte) string {
	if len(data) == 0 {
		return "="
	}
	return base64.StdEncoding.EncodeToString(data)
}

// decodeSASL gives nil for no data.
func decodeSASL(text string) ([]byte, error) {
	switch text {
	case "":
		return nil, nil
	case "=":
		return []byte{}, nil
	}
	return base64.StdEncoding.Strict().DecodeString(text)
}
