package stream

import (
	"errors"

	"mellium.im/xmpp/jid"
)

// enter makes the stream one for stanzas: the one of the link before, or a new
// one.
func (n *negotiation) enter(features *element) (jid.JID, error) {
	manages := features.child(nsSM, "sm") != nil
	if manages {
		resumed, err := n.resume()
		if err != nil || resumed {
			return n.cfg.resume.jid, err
		}
	}
	bound, err := n.bind(features)
	if err == nil && manages {
		err = n.enable()
	}
	return bound, err
}

// bind asks for the resource, or for one of the server's choice when another
// client holds ours and may not be replaced.
func (n *negotiation) bind(features *element) (jid.JID, error) {
	resource := n.cfg.Resource
	for {
		want := ""
		if resource != "" {
			want = "<resource>" + escape(resource) + "</resource>"
		}
		answer, err := n.request(StepBind, "<bind xmlns='"+nsBind+"'>"+want+"</bind>")
		if conflict := new(StanzaError); errors.As(err, &conflict) && conflict.Condition == "conflict" && resource != "" {
			resource = ""
			continue
		}
		if err != nil {
			return jid.JID{}, err
		}
		bound, err := n.boundJID(answer)
		if err != nil {
			return jid.JID{}, n.strange(err)
		}
		// Servers of today list it as optional, for old clients.
		if s := features.child(nsSession, "session"); s != nil && s.child(nsSession, "optional") == nil {
			_, err = n.request(StepSession, "<session xmlns='"+nsSession+"'/>")
		}
		return bound, err
	}
}

func (n *negotiation) boundJID(answer *element) (jid.JID, error) {
	b := answer.child(nsBind, "bind")
	if b == nil || b.child(nsBind, "jid") == nil {
		return jid.JID{}, errors.New("no address was bound")
	}
	bound, err := jid.Parse(b.child(nsBind, "jid").Text)
	if err != nil {
		return jid.JID{}, err
	}
	// All that is checked later is checked against the account's address.
	if !bound.Bare().Equal(n.cfg.JID.Bare()) || bound.Resourcepart() == "" {
		return jid.JID{}, errors.New("an address was bound that is not ours: " + bound.String())
	}
	return bound, nil
}
