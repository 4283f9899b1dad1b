package stream

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"sync/atomic"

	"mellium.im/xmpp"
	mellium "mellium.im/xmpp/stream"
)

const (
	// maxQueued and maxQueuedBytes bound what waits for a server that does
	// not read: some seconds of the busiest client, and a roster of thousands
	// of presences at signing in.
	maxQueued      = 4096
	maxQueuedBytes = 4 << 20
	// answersPart is the part of the queue, a quarter, that answers may fill.
	// Anybody can ask, and is not to keep out what the user sends.
	answersPart = 4
)

// vconn is what the XML session reads from and writes to in place of a
// socket. Reading takes whole elements from the link one at a time, so a
// parser never holds a part of the next one, and nothing is taken before it is
// asked for. Writing takes whole elements and never waits: a queue lies
// between it and the link. This is the place where stanzas can be counted and
// kept until they are acknowledged (XEP-0198).
type vconn struct {
	// For the one goroutine that reads.
	log    *slog.Logger
	header []byte // the namespaces elements are read in
	in     *framer
	rest   []byte // of the element that is being read
	size   int    // of that element
	err    error  // why there is nothing more to read

	elements atomic.Uint64 // that have arrived

	mu      sync.Mutex
	queue   [][]byte
	queued  int           // bytes in queue
	ended   bool          // the end tag is queued, or there is no link any more
	arrived chan struct{} // something is in queue; holds one signal
}

func newVconn(l *link, log *slog.Logger) *vconn {
	return &vconn{log: log, header: l.header, in: l.in, arrived: make(chan struct{}, 1)}
}

// Read implements io.Reader. One call gives bytes of one element only.
func (v *vconn) Read(p []byte) (int, error) {
	if len(v.rest) == 0 {
		if err := v.advance(); err != nil {
			return 0, err
		}
	}
	n := copy(p, v.rest)
	v.rest = v.rest[n:]
	return n, nil
}

// advance takes the next element from the link.
func (v *vconn) advance() error {
	if v.err != nil {
		return v.err
	}
	f, err := v.in.next()
	v.elements.Add(1)
	for err == nil && f.over {
		v.log.Debug("dropped an element beyond the limits", "name", short(f.name))
		f, err = v.in.next()
		v.elements.Add(1)
	}
	switch {
	case err != nil:
		v.err = readError(err)
	case f.kind != frameElement:
		v.err = &ProtocolError{Step: StepOnline, Reason: Closed}
	default:
		v.rest, v.size = f.raw, len(f.raw)
	}
	return v.err
}

// readError says how a server left the protocol when reading failed.
func readError(err error) error {
	reason := Closed
	for _, refused := range []error{errTooLong, errTooDeep, errTooMany, errRestricted, errMalformed, errNotStream} {
		if errors.Is(err, refused) {
			reason = Garbage
		}
	}
	return &ProtocolError{Step: StepOnline, Reason: reason, Err: err}
}

// Write implements io.Writer: it queues one element, or the end of the stream.
// It never waits. The error is ErrBusy when the queue is full and ErrOffline
// when the stream has ended.
func (v *vconn) Write(p []byte) (int, error) {
	if err := v.put(p, 1); err != nil {
		return 0, err
	}
	return len(p), nil
}

// put does the work of Write as long as less than a part of the queue is full:
// 1 is all of it, 4 a quarter.
func (v *vconn) put(p []byte, part int) error {
	kind, err := wholeFrame(p)
	if err != nil {
		return err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.ended {
		return ErrOffline
	}
	if len(v.queue) >= maxQueued/part || v.queued+len(p) > maxQueuedBytes/part {
		return ErrBusy
	}
	v.ended = kind == frameEnd
	v.queue = append(v.queue, bytes.Clone(p))
	v.queued += len(p)
	signal(v.arrived)
	return nil
}

// wholeFrame checks that p is one element or the end tag and nothing else, and
// not larger than what we would accept ourselves.
func wholeFrame(p []byte) (frameKind, error) {
	f := framer{lim: afterBind, buf: p, opened: true}
	f.lim.skip = 0
	done, err := f.scan()
	if err != nil {
		return 0, fmt.Errorf("write to stream: %w", err)
	}
	if !done || f.pos != len(p) {
		return 0, fmt.Errorf("write to stream: not one whole element: %w", errMalformed)
	}
	return f.take().kind, nil
}

// take removes and returns what is queued, oldest first, and whether the
// stream ends behind it.
func (v *vconn) take() (queue [][]byte, last bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	queue = v.queue
	v.queue, v.queued = nil, 0
	return queue, v.ended
}

// end refuses everything that is written from now on.
func (v *vconn) end() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.ended = true
}

// session puts an XML session on the connection. The last one must not be
// used any more; what is left of the element it was reading is skipped.
func (v *vconn) session(info Info) (*xmpp.Session, error) {
	v.rest = v.header
	local := info.JID
	// Deadlines stay below, with the link: a Session with a context that ends
	// breaks writes of others, and one that does not is never stuck, since
	// neither Read of a closed link nor Write waits.
	return xmpp.NewSession(context.Background(), local.Domain(), local, v, 0, negotiated)
}

// negotiated is an xmpp.Negotiator for a stream that is negotiated already.
func negotiated(_ context.Context, in, out *mellium.Info, s *xmpp.Session, _ any) (xmpp.SessionState, io.ReadWriter, any, error) {
	in.XMLNS, out.XMLNS = nsClient, nsClient
	r := s.TokenReader()
	defer r.Close()
	if _, err := r.Token(); err != nil {
		return 0, nil, nil, fmt.Errorf("read stream header: %w", err)
	}
	return xmpp.Ready | xmpp.Authn | xmpp.Secure, nil, nil, nil
}
