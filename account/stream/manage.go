package stream

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"strconv"
	"time"

	"mellium.im/xmpp/jid"
)

const nsSM = "urn:xmpp:sm:3" // XEP-0198

const enableSM = "<enable xmlns='" + nsSM + "' resume='true'/>"

// maxEarly bounds the stanzas a server may send between the wish for stream
// management and its answer: what waits for a client that has said nothing yet.
const maxEarly = 64

// managed is what a server has said of a stream it manages.
type managed struct {
	id       string        // to resume it by; empty when that is not possible
	location string        // where to resume it, as host or host:port; may be empty
	max      time.Duration // how long after a loss it may be; 0 when the server does not say
}

// resumption is the wish to go on with a stream, and what became of it.
type resumption struct {
	managed
	jid      jid.JID
	features map[xml.Name][]byte // of the stream
	enabled  string              // see Info.enabled
	handled  func() uint32       // called when the wish is sent: the server goes on behind that

	// For the one who had the wish, once there is a link or an error.
	refused bool
	taken   *uint32 // how many of our stanzas the server has, said with the refusal
}

// resume asks for the stream of the link before. Being refused is no error.
func (n *negotiation) resume() (bool, error) {
	r := n.cfg.resume
	if r == nil || r.refused {
		return false, nil
	}
	if err := n.begin(StepResume, r.wish()); err != nil {
		return false, err
	}
	answer, err := n.read()
	if err == nil {
		err = n.resumedBy(answer)
	}
	r.refused = r.refused || isBroken(err)
	return n.resumed != nil, err
}

func (r *resumption) wish() string {
	return fmt.Sprintf("<resume xmlns='%s' previd='%s' h='%d'/>", nsSM, escape(r.id), r.handled())
}

// resumedBy takes the answer to the wish.
func (n *negotiation) resumedBy(answer *element) error {
	r := n.cfg.resume
	taken, known := parseCount(answer.attr("h"))
	switch {
	case answer.is(nsSM, "resumed") && answer.attr("previd") == r.id && known:
		n.resumed = &taken
		n.info.Resumed, n.info.enabled = true, r.enabled
	case answer.is(nsSM, "failed"):
		r.refused = true
		if known {
			r.taken = &taken
		}
	default:
		return n.unexpected(answer)
	}
	return nil
}

// enable asks for stream management. A server that refuses goes without.
func (n *negotiation) enable() error {
	if err := n.begin(StepEnable, enableSM); err != nil {
		return err
	}
	for {
		e, err := n.read()
		if err != nil {
			return err
		}
		switch {
		case e.is(nsSM, "enabled"):
			n.managed = newManaged(e)
			return nil
		case e.is(nsSM, "failed"):
			return nil
		case e.XMLName.Space == nsClient && isStanza(e.XMLName.Local) && len(n.early) < maxEarly:
			n.early = append(n.early, bytes.Clone(n.last))
		default:
			return n.unexpected(e)
		}
	}
}

// newManaged takes what an <enabled/> says. A max that is no number is as good
// as none.
func newManaged(e *element) *managed {
	m := &managed{location: e.attr("location")}
	if yes := e.attr("resume"); yes == "true" || yes == "1" {
		m.id = e.attr("id")
	}
	if seconds, err := strconv.ParseUint(e.attr("max"), 10, 31); err == nil {
		m.max = time.Duration(seconds) * time.Second
	}
	return m
}

// parseCount reads an h.
func parseCount(s string) (uint32, bool) {
	n, err := strconv.ParseUint(s, 10, 32)
	return uint32(n), err == nil
}

// isStanza tells whether elements of that name are counted.
func isStanza(local string) bool {
	return local == "message" || local == "presence" || local == "iq"
}

// isBroken tells that a server does not understand us, or we it: more than the
// link is lost.
func isBroken(err error) bool {
	if errors.As(err, new(*StreamError)) {
		return true
	}
	proto := new(ProtocolError)
	return errors.As(err, &proto) && (proto.Reason == Garbage || proto.Reason == Unexpected)
}
