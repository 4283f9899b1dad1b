package stream

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"mellium.im/xmpp/jid"
)

const nsSASL2 = "urn:xmpp:sasl:2" // XEP-0388

// software is our name as servers show it to the user, and the start of the
// resource they make for us.
const software = "Linnet"

// modern is signing in as XEP-0388 has it: what follows signing in is asked for
// along with it, so that all is done in as many round trips as the mechanism
// takes.
type modern struct {
	*negotiation
	me     login
	offer  offer
	inline *element // what may be asked for along with it

	resume   bool     // the stream of the link before is
	bind     *bind2   // and a resource, unless nil
	upgrades []string // and these tasks, as long as they are not done
	tokens   string   // the mechanism a token is for; empty when none is kept
}

// signInModern takes the way of XEP-0388.
func (n *negotiation) signInModern(ctx context.Context, features *element) (jid.JID, error) {
	list := features.child(nsSASL2, "authentication")
	m := &modern{negotiation: n, me: n.login(), offer: newOffer(list, features), inline: list.child(nsSASL2, "inline")}
	if m.inline == nil {
		m.inline = new(element)
	}
	n.info.SASL2, n.offer = true, nil
	r := n.cfg.resume
	wished := r != nil && !r.refused
	m.resume = wished && m.inline.child(nsSM, "sm") != nil
	archived := n.cfg.Archived != nil && n.cfg.Archived()
	if archived && (m.resume || !wished) { // else the resource would come before the wish
		m.bind = newBind2(m.inline.child(nsBind2, "bind"), n.cfg.inactive)
	}
	success, err := m.signIn(ctx, list)
	if err != nil {
		if m.resume && n.step != StepToken {
			r.refused = isBroken(err)
		}
		return jid.JID{}, err
	}
	return m.enter(success)
}

// signIn gives the server's success: by token, or by password where there is no
// token or the server does not take it any more.
func (m *modern) signIn(ctx context.Context, list *element) (*element, error) {
	t := m.token
	if t.UserAgent == "" && m.cfg.Tokens != nil {
		t.UserAgent = newUUID()
		m.keep(t)
	}
	var binding string
	if m.cfg.Tokens != nil {
		m.tokens, binding = pickToken(m.inline.child(nsFAST, "fast"), m.offer, m.me.channel)
	}
	if !m.byPassword && m.token.usable(m.tokens, m.cfg.Now()) {
		success, err := m.signInByToken(ctx, binding)
		if success != nil || err != nil {
			return success, err
		}
	}
	c, err := choose(m.offer, m.me)
	if err != nil {
		return nil, err
	}
	extra := ""
	if m.tokens != "" {
		extra = "<request-token xmlns='" + nsFAST + "' mechanism='" + m.tokens + "'/>"
	}
	if c.binding != "" {
		m.upgrades = upgrades(list)
	}
	for _, task := range m.upgrades {
		extra += "<upgrade xmlns='" + nsUpgrade + "'>" + task + "</upgrade>"
	}
	end, err := m.exchange(ctx, StepAuth, c, m.profile(extra))
	for err == nil && end.is(nsSASL2, "continue") {
		end, err = m.upgrade(ctx, end)
	}
	if err != nil {
		return nil, c.blame(err)
	}
	m.signedIn(c)
	return end, nil
}

// signInByToken gives neither success nor error when the server refuses the
// token: it then listens on. A connection that ends instead is made anew by
// try.
func (m *modern) signInByToken(ctx context.Context, binding string) (*element, error) {
	m.byPassword = true // from here on, as long as this try to connect lasts
	t := m.token
	t.Count++
	m.keep(t)
	c := choice{
		name: t.Mechanism, binding: binding,
		exchange: &hashedToken{user: m.me.user, secret: t.Secret, binding: m.me.channel[binding]},
	}
	fast := fmt.Sprintf("<fast xmlns='%s' count='%d'/>", nsFAST, t.Count)
	end, err := m.exchange(ctx, StepToken, c, m.profile(fast))
	if auth := new(AuthError); errors.As(err, &auth) {
		t.forget()
		m.keep(t)
		if auth.Reason == AuthUntrusted {
			return nil, err
		}
		m.log.Debug("the token is refused", "target", m.target.String(), "condition", auth.Condition)
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if !end.is(nsSASL2, "success") { // tasks are not for tokens
		return nil, m.unexpected(end)
	}
	m.signedIn(c)
	return end, nil
}

// profile wraps the messages of a mechanism, and with the first all that is
// asked for.
func (m *modern) profile(extra string) *profile {
	return &profile{
		space: nsSASL2,
		first: func(mechanism string, response []byte) string {
			return "<authenticate xmlns='" + nsSASL2 + "' mechanism='" + mechanism + "'><initial-response>" +
				base64.StdEncoding.EncodeToString(response) + "</initial-response>" +
				m.userAgent() + extra + m.wishes() + "</authenticate>"
		},
		rest: func(end *element) string {
			if data := end.child(nsSASL2, "additional-data"); data != nil {
				return data.Text
			}
			return ""
		},
	}
}

func (m *modern) userAgent() string {
	id := ""
	if m.token.UserAgent != "" {
		id = " id='" + escape(m.token.UserAgent) + "'"
	}
	return "<user-agent" + id + "><software>" + software + "</software></user-agent>"
}

func (m *modern) wishes() string {
	text := ""
	if m.resume {
		text = m.cfg.resume.wish()
	}
	if m.bind != nil {
		text += m.bind.wish()
	}
	return text
}

// enter makes the stream one for stanzas, as far as the success has not.
func (m *modern) enter(success *element) (jid.JID, error) {
	self, err := m.identity(success)
	if err != nil {
		return jid.JID{}, m.strange(err)
	}
	t := m.token
	t.take(success.child(nsFAST, "token"), m.tokens)
	m.keep(t)
	if m.resume {
		resumed, err := m.resumedAlong(success, self)
		if err != nil || resumed {
			return m.cfg.resume.jid, err
		}
	}
	// What follows is the first thing said on the new stream, without a header.
	features, err := m.features(StepFeaturesAuth)
	if err != nil {
		return jid.JID{}, err
	}
	if bound := success.child(nsBind2, "bound"); bound != nil && m.bind != nil {
		return m.boundAlong(self, bound, features)
	}
	return m.negotiation.enter(features)
}

// identity gives who we are to the server.
func (m *modern) identity(success *element) (jid.JID, error) {
	id := success.child(nsSASL2, "authorization-identifier")
	if id == nil {
		return jid.JID{}, errors.New("the server does not say who we are")
	}
	self, err := jid.Parse(strings.TrimSpace(id.Text))
	if err != nil {
		return jid.JID{}, err
	}
	if !self.Bare().Equal(m.cfg.JID.Bare()) {
		return jid.JID{}, errors.New("the server takes us for somebody else: " + self.String())
	}
	return self, nil
}

// resumedAlong takes the answer to the wish for the stream of the link before.
func (m *modern) resumedAlong(success *element, self jid.JID) (bool, error) {
	r := m.cfg.resume
	for _, name := range []string{"resumed", "failed"} {
		answer := success.child(nsSM, name)
		if answer == nil {
			continue
		}
		err := m.resumedBy(answer)
		if err == nil && m.resumed != nil && self.Resourcepart() != "" && !self.Equal(r.jid) {
			err = m.strange(errors.New("the stream of another address goes on: " + self.String()))
		}
		r.refused = r.refused || err != nil
		return m.resumed != nil, err
	}
	// No answer; the resource of a new stream is one.
	r.refused = success.child(nsBind2, "bound") != nil
	return false, nil
}
