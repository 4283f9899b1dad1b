package stream

import (
	"bytes"
	"errors"
	"fmt"
	"sync"
)

const (
	// maxQueued and maxQueuedBytes bound what waits for a server that does
	// not read or, with stream management, does not say what it has: some
	// seconds of the busiest client, and a roster of thousands of presences at
	// signing in.
	maxQueued      = 4096
	maxQueuedBytes = 4 << 20
	// answersPart is the part of the queue, a quarter, that answers may fill.
	// Anybody can ask, and is not to keep out what the user sends.
	answersPart = 4
	// burst is how many stanzas may be on their way before the server is asked
	// what it has: few enough to leave most of the queue free.
	burst = 64
)

// errTooHigh is a server that has more stanzas than it was sent.
var errTooHigh = errors.New("more stanzas acknowledged than sent")

// outbound is the queue of what is written to a stream. With stream management
// (XEP-0198) a stanza stays until the server says that it has it, and is
// written again on the next link if it does not.
type outbound struct {
	came    *arrivals     // nil without stream management
	arrived chan struct{} // there is something to write; holds one signal
	crowded chan struct{} // a burst has been written; holds one signal

	mu      sync.Mutex
	items   []outItem
	bytes   int    // in items
	written int    // how many items were, on this link
	asked   int    // how many of them the server was asked about
	acked   uint32 // how many stanzas before items the server has
	tell    bool   // the server is to be told what is handled
	ask     bool   // the server is to be asked what it has
	note    string // an element beside the stanzas, which are all that counts
	ended   bool   // nothing is taken any more
	last    string // what is written at the end
}

// outItem is one element in the queue.
type outItem struct {
	raw   []byte
	token uint64 // of Client.Post, or 0
}

// put queues one element, or the end of the stream, as long as less than a
// part of the queue is full: 1 is all of it, 4 a quarter. It never waits. The
// error is ErrBusy when the queue is full and ErrOffline when the stream has
// ended. The token, if any, is drawn while the queue is locked, so that tokens
// are in its order.
func (o *outbound) put(p []byte, part int, token func() uint64) (uint64, error) {
	name, err := wholeElement(p)
	if err != nil {
		return 0, err
	}
	if o.came != nil && !isStanza(name) {
		return 0, fmt.Errorf("write to stream: <%s/> is no stanza", name)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.ended {
		return 0, ErrOffline
	}
	if len(o.items) >= maxQueued/part || o.bytes+len(p) > maxQueuedBytes/part {
		return 0, ErrBusy
	}
	item := outItem{raw: bytes.Clone(p)}
	if token != nil {
		item.token = token()
	}
	o.items = append(o.items, item)
	o.bytes += len(p)
	signal(o.arrived)
	return item.token, nil
}

// wholeElement gives the name of the one element p is, with nothing else, and
// not larger than what we would accept ourselves.
func wholeElement(p []byte) (name string, err error) {
	f := framer{lim: afterBind, buf: p, opened: true}
	f.lim.skip = 0
	done, err := f.scan()
	if err != nil {
		return "", fmt.Errorf("write to stream: %w", err)
	}
	if !done || f.pos != len(p) {
		return "", fmt.Errorf("write to stream: not one whole element: %w", errMalformed)
	}
	e := f.take()
	if e.kind != frameElement {
		return "", fmt.Errorf("write to stream: not an element: %w", errMalformed)
	}
	return e.name, nil
}

// take appends to buf what is to be written, oldest first, and tells whether
// that is the last.
func (o *outbound) take(buf []byte) (all []byte, last bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	buf = append(buf, o.note...)
	for _, item := range o.items[o.written:] {
		buf = append(buf, item.raw...)
	}
	if o.came == nil {
		o.items, o.bytes = nil, 0
	} else {
		o.written = len(o.items)
		if o.tell {
			buf = fmt.Appendf(buf, "<a xmlns='%s' h='%d'/>", nsSM, o.came.count())
		}
		if o.ask {
			buf = append(buf, "<r xmlns='"+nsSM+"'/>"...)
			o.asked = o.written
		}
		o.tell, o.ask = false, false
		if o.written-o.asked >= burst {
			signal(o.crowded)
		}
	}
	buf = append(buf, o.last...)
	last = o.ended
	o.note, o.last = "", ""
	return buf, last
}

// question has the server asked what it has, behind all that is queued. It is
// false without stream management.
func (o *outbound) question() bool {
	if o.came == nil {
		return false
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.ask = true
	signal(o.arrived)
	return true
}

// report has the server told what is handled.
func (o *outbound) report() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.tell = true
	signal(o.arrived)
}

// say has an element that is no stanza written before all that is queued, in
// place of one that waits. It is not written again on the next link.
//
// With stream management a question comes behind it. Prosody, told in one breath
// what it has to confirm and that nobody looks, holds back even the confirmation,
// and the link looks dead; the answer to what is asked after that frees it.
func (o *outbound) say(element string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.ended {
		o.note, o.ask = element, o.came != nil
		signal(o.arrived)
	}
}

// unasked tells how many stanzas were written without asking about them.
func (o *outbound) unasked() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.written - o.asked
}

// acknowledge takes note that the server has h stanzas, and gives the last
// token among them that it was not known to have. A count that is behind the
// one before says nothing.
func (o *outbound) acknowledge(h uint32) (token uint64, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	n := int32(h - o.acked)
	switch {
	case n <= 0:
		return 0, nil
	case int(n) > o.written:
		return 0, errTooHigh
	}
	for _, item := range o.items[:n] {
		token = max(token, item.token)
		o.bytes -= len(item.raw)
	}
	clear(o.items[:n])
	o.items = o.items[n:]
	o.written -= int(n)
	o.asked = max(0, o.asked-int(n))
	o.acked = h
	return token, nil
}

// sent tells how many stanzas the server may have.
func (o *outbound) sent() uint32 {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.acked + uint32(o.written)
}

// again has everything written on a new link that the server is not known to
// have.
func (o *outbound) again() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.written, o.asked = 0, 0
	o.tell, o.ask, o.note = false, false, ""
	signal(o.arrived)
}

// finish refuses what is put from now on, and writes text at the end.
func (o *outbound) finish(text string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.ended {
		o.ended, o.last = true, text
		o.tell = o.came != nil
		signal(o.arrived)
	}
}
