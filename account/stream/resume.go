package stream

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"time"
)

// maxRefusals is how often the Handler may refuse to take the same stanza
// before it is dropped. A disk that fails gets another chance; a stanza nobody
// can handle must not keep us from ever being online again.
const maxRefusals = 3

// errRefused ends a link over which a stanza came that the Handler did not
// take, so that the server sends it again.
var errRefused = errors.New("what was received could not be handled")

// refusals counts how often the Handler refused a stanza. It is for the
// goroutine that calls the Handler.
type refusals struct {
	number uint32
	count  int
}

// hold keeps a stream whose link is lost.
func (c *Client) hold(s *session) {
	s.lost = c.cfg.Now()
	c.held = s
}

// release gives up the stream that could have been resumed.
func (c *Client) release() {
	if c.held != nil {
		c.held.finish()
		c.held = nil
	}
}

// expire gives up a stream the server keeps no longer. That time is by the wall
// clock: the machine may have slept.
func (c *Client) expire() {
	if left, ends := c.heldLeft(); ends && left <= 0 {
		c.release()
	}
}

// heldLeft tells how long the server still keeps the stream, if that ends.
func (c *Client) heldLeft() (left time.Duration, ends bool) {
	if c.held == nil || c.held.managed.max == 0 {
		return 0, false
	}
	return c.held.managed.max - c.cfg.Now().Round(0).Sub(c.held.lost.Round(0)), true
}

// heldFor gives a channel on which something comes when the server keeps the
// stream no longer.
func (c *Client) heldFor() (expired <-chan time.Time, stop func()) {
	left, ends := c.heldLeft()
	if !ends {
		return nil, func() {}
	}
	timer := time.NewTimer(left)
	return timer.C, func() { timer.Stop() }
}

// part takes leave of a server that keeps a stream for us, and with it our
// presence, although its link is lost: contacts would see us there for minutes,
// and what they write would wait. It is tried once; the server knows in the end.
func (c *Client) part(net *netwatch) {
	defer c.release()
	if c.held == nil || c.State().Phase == Failed { // what failed for good fails again
		return
	}
	soon, cancel := context.WithTimeout(context.Background(), goodbyeTime)
	defer cancel()
	s, err := c.open(soon, c.connect)
	if err != nil {
		return
	}
	cancel()
	_ = s.run(soon, net) // it has ended, so this takes leave
	c.trace.lost(0, nil)
	s.finish()
}

// resumable tells whether to ask for the stream again once its link is lost
// because of err. A resumed stream that broke at once would do so again and
// again.
func (s *session) resumable(err error) bool {
	return s.managed.id != "" && s.rejection() == nil && !permanent(err) &&
		!(s.link.resumed != nil && isBroken(err))
}

// resumption is the wish to resume the stream.
func (s *session) resumption() *resumption {
	return &resumption{
		managed: s.managed, jid: s.self, handled: s.v.came.rewind,
		features: s.link.features, enabled: s.link.info.enabled,
	}
}

// resume puts the stream on a link on which the server goes on with it.
func (s *session) resume(l *link, a *activity) {
	s.attach(l, a)
	s.v.came.begin()
	if err := s.acknowledged(*l.resumed); err != nil {
		s.reject(*l.resumed, err)
		return
	}
	s.v.out.again()
	s.askAnew()
}

// taken is for a server that says, when it refuses to resume the stream, how
// many of our stanzas it has.
func (s *session) taken(h *uint32) {
	if h == nil {
		return
	}
	if err := s.acknowledged(*h); err != nil {
		s.log.Warn("the server says it has what it was not sent", "h", *h)
	}
}

// acknowledged takes note that the server has h of our stanzas.
func (s *session) acknowledged(h uint32) error {
	token, err := s.v.out.acknowledge(h)
	if token > 0 {
		s.inbox.add(event{acked: token})
	}
	return err
}

// reject ends a stream on which the server does not count as we do, telling it
// so. It cannot be resumed.
func (s *session) reject(h uint32, err error) {
	s.mu.Lock()
	s.rejected = &ProtocolError{Step: StepOnline, Reason: Unexpected, Err: err}
	s.mu.Unlock()
	s.v.out.finish(fmt.Sprintf("<stream:error><undefined-condition xmlns='%s'/>"+
		"<handled-count-too-high xmlns='%s' h='%d' send-count='%d'/></stream:error></stream:stream>",
		nsStreamError, nsSM, h, s.v.out.sent()))
}

func (s *session) rejection() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.rejected
}

// manage takes an element of stream management. Those that have no place after
// negotiation are ignored. It fails when the server counts as we cannot.
func (s *session) manage(e xml.StartElement) error {
	switch {
	case s.v.came == nil:
	case e.Name.Local == "r":
		s.v.came.ask()
		s.v.out.report()
	case e.Name.Local == "a":
		h, ok := countOf(e)
		if !ok {
			return &ProtocolError{Step: StepOnline, Reason: Garbage, Err: errNoCount}
		}
		if err := s.acknowledged(h); err != nil {
			s.reject(h, err)
			return nil
		}
		s.heard()
	}
	return nil
}

var errNoCount = errors.New("acknowledgement without a count")

func countOf(e xml.StartElement) (uint32, bool) {
	for _, a := range e.Attr {
		if a.Name == (xml.Name{Local: "h"}) {
			return parseCount(a.Value)
		}
	}
	return 0, false
}

// handled notes what the Handler did with stanzas of this stream: it took them,
// or they are dropped.
func (s *session) handled(batch []*Stanza) {
	tell := false
	for _, st := range batch {
		tell = s.v.came.settle(st.number) || tell
	}
	if tell {
		s.v.out.report()
	}
}

// refused is for stanzas the Handler did not take. It is true when they come
// again; otherwise that has happened often enough.
func (s *session) refused(batch []*Stanza) bool {
	r := &s.refusals
	if first := batch[0].number; r.count == 0 || r.number != first {
		*r = refusals{number: first}
	}
	if r.count++; r.count > maxRefusals {
		return false
	}
	s.v.came.refuse()
	s.fail(&ProtocolError{Step: StepOnline, Reason: Closed, Err: errRefused})
	return true
}
