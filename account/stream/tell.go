package stream

import (
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
)

// use opens a stream to Send, Post and IQ, just before the Handler is told of
// it, unless it has ended already.
func (c *Client) use(s *session) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if s != nil && c.session == s {
		c.told = s
	}
}

// tell calls the Handler.
func (c *Client) tell(run []event) {
	switch e := run[0]; {
	case e.state != nil:
		c.use(e.session)
		c.guard(func() error { c.h.StateChanged(*e.state); return nil })
	case e.acked != 0:
		c.guard(func() error { c.h.Acknowledged(e.acked); return nil })
	case e.behind != nil:
		e.behind()
	default:
		batch := make([]*Stanza, len(run))
		for i, e := range run {
			batch[i] = e.stanza
		}
		c.handOver(batch)
	}
}

// handOver gives stanzas to the Handler until they are handled, dropped, or to
// come again.
func (c *Client) handOver(batch []*Stanza) {
	for len(batch) > 0 {
		s := batch[0].managed
		if s != nil && s.v.came.stale(batch[0].turn) {
			return
		}
		err := c.guard(func() error { return c.h.Stanzas(batch) })
		panicked := errors.Is(err, errPanic)
		n, known := handledOf(err, len(batch))
		c.settle(batch[:n])
		batch = batch[n:]
		switch {
		case len(batch) == 0:
		case s != nil && !panicked && s.refused(batch):
			c.log.Error("stanzas were not handled and come again", "count", len(batch), "err", err)
			return
		case known:
			c.drop(batch[:1], err)
			batch = batch[1:]
		case len(batch) > 1 && (panicked || s != nil):
			for i := range batch {
				c.handOver(batch[i : i+1 : i+1])
			}
			return
		default:
			c.drop(batch, err)
			return
		}
	}
}

// handledOf gives how many of all stanzas the Handler took that returned err.
// Unless it is known, which of them the Handler stumbled over is not known.
func handledOf(err error, all int) (n int, known bool) {
	if part := new(PartError); errors.As(err, &part) {
		return min(max(part.Handled, 0), all), true
	}
	if err != nil {
		return 0, false
	}
	return all, true
}

func (c *Client) drop(batch []*Stanza, err error) {
	c.log.Error("stanzas were not handled", "count", len(batch), "err", err)
	c.settle(batch)
}

// settle is for stanzas nothing more happens to: requests nobody answered are,
// and the server may hear that all of them are handled.
func (c *Client) settle(batch []*Stanza) {
	if len(batch) == 0 {
		return
	}
	for _, st := range batch {
		if st.due != nil && st.due.state.Load() == dueNow {
			st.due.session.answerNow(st, nil, &StanzaError{Type: "cancel", Condition: "service-unavailable"})
		}
	}
	if s := batch[0].managed; s != nil {
		s.handled(batch)
	}
}

var errPanic = errors.New("handler panicked")

// guard calls f and makes an error of a panic. What a panic says may hold
// what a stanza says, so only the runtime's own words are logged.
func (c *Client) guard(f func() error) (err error) {
	defer func() {
		p := recover()
		if p == nil {
			return
		}
		what := fmt.Sprintf("%T", p)
		if e, ok := p.(runtime.Error); ok {
			what = e.Error()
		}
		c.log.Error("handler panicked", "panic", what, "stack", string(debug.Stack()))
		err = errPanic
	}()
	return f()
}
