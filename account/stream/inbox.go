package stream

import "sync"

const (
	// maxBatch bounds one call of Handler.Stanzas: a transaction that large
	// still takes well under 100 ms.
	maxBatch = 256
	// maxWaiting and maxWaitingBytes bound what was read while the Handler is
	// at work; reading stops beyond. A token takes about tokenSize beside what
	// it says.
	maxWaiting      = 2048
	maxWaitingBytes = 40 << 20
	tokenSize       = 100
)

// event is one thing the Handler is to be told; one field is set.
type event struct {
	stanza *Stanza
	state  *State
	acked  uint64
	behind func() // runs when everything before it is handled

	session *session // that state is Online on
}

// inbox holds events in order for the goroutine that calls the Handler.
type inbox struct {
	mu      sync.Mutex
	events  []event
	stanzas int
	bytes   int
	closed  bool
	filled  chan struct{} // there is something to take, or it is closed; holds one signal
	drained chan struct{} // there is room again; holds one signal
}

func newInbox() *inbox {
	return &inbox{filled: make(chan struct{}, 1), drained: make(chan struct{}, 1)}
}

func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// add appends an event that is not a stanza. It never waits.
func (b *inbox) add(e event) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if n := len(b.events); n > 0 && e.acked != 0 && b.events[n-1].acked != 0 {
		b.events[n-1] = e // the later token covers the earlier
	} else {
		b.events = append(b.events, e)
	}
	signal(b.filled)
}

// offer appends a stanza unless there is no room.
func (b *inbox) offer(st *Stanza) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.stanzas >= maxWaiting || b.stanzas > 0 && b.bytes+st.size > maxWaitingBytes {
		return false
	}
	b.events = append(b.events, event{stanza: st})
	b.stanzas++
	b.bytes += st.size
	signal(b.filled)
	return true
}

// close makes take end once everything is taken.
func (b *inbox) close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	signal(b.filled)
}

// take waits for events and removes the first: a run of stanzas, or one of
// another kind. It is false when the inbox is closed and empty.
func (b *inbox) take() (run []event, ok bool) {
	for {
		b.mu.Lock()
		run, ok = b.first(), !b.closed
		b.mu.Unlock()
		if len(run) > 0 {
			return run, true
		}
		if !ok {
			return nil, false
		}
		<-b.filled
	}
}

func (b *inbox) first() []event {
	n := 0
	for n < len(b.events) && n < maxBatch && b.events[n].stanza != nil {
		if b.events[n].stanza.managed != b.events[0].stanza.managed {
			break // those before stream management began are not counted
		}
		b.bytes -= b.events[n].stanza.size
		n++
	}
	if b.stanzas -= n; n > 0 {
		signal(b.drained)
	} else if len(b.events) > 0 {
		n = 1
	}
	run := b.events[:n:n]
	if b.events = b.events[n:]; len(b.events) == 0 {
		b.events = nil
	}
	return run
}
