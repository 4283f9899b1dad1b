package stream

import (
	"context"
	"encoding/base64"
	"errors"
	"strings"

	"mellium.im/xmpp/jid"
)

// signInClassic is RFC 6120: the server begins a new stream once it knows us.
func (n *negotiation) signInClassic(ctx context.Context, features *element) (jid.JID, error) {
	n.at(StepAuth)
	list := features.child(nsSASL, "mechanisms")
	if list == nil {
		return jid.JID{}, &AuthError{Reason: AuthNoMechanism, Text: "the server offers no way to sign in"}
	}
	c, err := choose(newOffer(list, features), n.login())
	if err != nil {
		return jid.JID{}, err
	}
	if _, err := n.exchange(ctx, StepAuth, c, &sasl1); err != nil {
		return jid.JID{}, err
	}
	n.signedIn(c)
	n.in.restart()
	if features, err = n.open(StepHeaderAuth, StepFeaturesAuth); err != nil {
		return jid.JID{}, err
	}
	return n.enter(features)
}

// login is who signs in and what is known of the server.
func (n *negotiation) login() login {
	return login{
		user: n.cfg.JID.Localpart(), password: n.cfg.Password,
		channel: newChannel(n.tls), version: n.tls.Version, noPlain: n.token.NoPlain,
	}
}

// signedIn notes how the server got to know us, and we it.
func (n *negotiation) signedIn(c choice) {
	n.info.Mechanism, n.info.Binding = c.name, c.binding
	n.log.Debug("signed in", "target", n.target.String(), "mechanism", c.name)
	if _, ok := c.exchange.(*scram); ok {
		t := n.token
		t.NoPlain = true
		n.keep(t)
	}
}

// profile is how the messages of a mechanism are wrapped.
type profile struct {
	space string
	// first gives the element that holds the initial response.
	first func(mechanism string, response []byte) string
	// rest gives the additional data of the element that ends the exchange.
	rest func(end *element) string
}

// sasl1 is the profile of RFC 6120, section 6.
var sasl1 = profile{
	space: nsSASL,
	first: func(mechanism string, response []byte) string {
		return "<auth xmlns='" + nsSASL + "' mechanism='" + mechanism + "'>" + encodeSASL(response) + "</auth>"
	},
	rest: func(end *element) string { return end.Text },
}

// exchange runs a mechanism up to the end the server sets: success or, with
// XEP-0388, a task that is left to do.
func (n *negotiation) exchange(ctx context.Context, step Step, c choice, p *profile) (*element, error) {
	end, err := n.converse(ctx, step, c, p)
	return end, c.blame(err)
}

// blame names the mechanism in what the server or we have judged.
func (c choice) blame(err error) error {
	if auth := new(AuthError); errors.As(err, &auth) {
		auth.Mechanism = c.name
	}
	return err
}

func (n *negotiation) converse(ctx context.Context, step Step, c choice, p *profile) (*element, error) {
	n.at(step)
	reply, err := c.start()
	if err != nil {
		return nil, n.judged(err)
	}
	text := p.first(c.name, reply)
	for {
		if err := n.begin(step, text); err != nil {
			return nil, err
		}
		e, err := n.read()
		if err != nil {
			return nil, err
		}
		switch {
		case e.is(p.space, "challenge"):
			data, err := decodeSASL(e.Text)
			if err == nil {
				reply, err = c.next(ctx, data)
			}
			if err != nil {
				return nil, n.judged(err)
			}
			text = "<response xmlns='" + p.space + "'>" + base64.StdEncoding.EncodeToString(reply) + "</response>"
		case e.is(p.space, "success"), p.space == nsSASL2 && e.is(nsSASL2, "continue"):
			data, err := decodeSASL(p.rest(e))
			if err == nil {
				err = c.done(data)
			}
			return e, n.judged(err)
		case e.is(p.space, "failure"):
			return nil, newAuthError(e)
		default:
			return nil, n.unexpected(e)
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
func newAuthError(failure *element) *AuthError {
	e := &AuthError{Reason: AuthOther}
	e.Condition, e.Text = failure.condition(nsSASL)
	if text := failure.child(nsSASL2, "text"); text != nil {
		e.Text = short(text.Text)
	}
	switch e.Condition {
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
	text = strings.TrimSpace(text)
	switch text {
	case "":
		return nil, nil
	case "=":
		return []byte{}, nil
	}
	return base64.StdEncoding.Strict().DecodeString(text)
}
