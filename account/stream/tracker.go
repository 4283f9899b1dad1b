package stream

import (
	"crypto/rand"
	"sync"

	"mellium.im/xmpp/jid"
)

// tracker matches answers to the IQ requests of one stream.
type tracker struct {
	self jid.JID // our full JID

	mu      sync.Mutex
	pending map[string]request
	closed  bool
}

type request struct {
	to   jid.JID
	done func(*Stanza) // called once; nil when the stream has ended
}

func newTracker(self jid.JID) *tracker {
	return &tracker{self: self, pending: make(map[string]request)}
}

// add gives the id for a request to an address, the zero JID meaning our own
// account. The answer goes to done, on the goroutine that reads the stream.
func (t *tracker) add(to jid.JID, done func(*Stanza)) (id string, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return "", ErrOffline
	}
	// Nobody who has not seen the request can guess the id.
	id = rand.Text()
	t.pending[id] = request{to, done}
	return id, nil
}

// drop forgets a request nobody waits for any more.
func (t *tracker) drop(id string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.pending, id)
}

// deliver hands an IQ of type result or error to whoever asked. It is false
// when nobody asked, or somebody else was asked.
func (t *tracker) deliver(st *Stanza) bool {
	t.mu.Lock()
	r, ok := t.pending[st.ID]
	ok = ok && t.mayAnswer(r.to, st.From)
	if ok {
		delete(t.pending, st.ID)
	}
	t.mu.Unlock()
	if ok {
		r.done(st)
	}
	return ok
}

// mayAnswer holds RFC 6120, section 8.1.2.1: the answer comes from the address
// that was asked. What was asked of our own account or server may also come
// without an address or from another one of these: servers differ, and all of
// them are ours.
func (t *tracker) mayAnswer(asked jid.JID, from Address) bool {
	switch {
	case from.Raw == "":
		return t.own(asked)
	case isZero(from.JID): // no address at all
		return false
	case t.own(from.JID):
		return t.own(asked)
	}
	return from.JID.Equal(asked)
}

// own tells whether an address is that of our account, of this client or of
// our server. The zero JID is that of our account.
func (t *tracker) own(a jid.JID) bool {
	return isZero(a) || a.Equal(t.self) || a.Equal(t.self.Bare()) || a.Equal(t.self.Domain())
}

// isOurs tells whether a stanza comes from our account, this client or our
// server. An address that cannot be read is nobody's.
func (t *tracker) isOurs(from Address) bool {
	return from.Raw == "" || !isZero(from.JID) && t.own(from.JID)
}

// fail ends all requests, and those to come.
func (t *tracker) fail() {
	t.mu.Lock()
	pending := t.pending
	t.pending, t.closed = nil, true
	t.mu.Unlock()
	for _, r := range pending {
		r.done(nil)
	}
}

func isZero(a jid.JID) bool { return a.Equal(jid.JID{}) }
