package stream

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync/atomic"

	"mellium.im/xmpp"
	"mellium.im/xmpp/jid"
	mellium "mellium.im/xmpp/stream"
)

// vconn is what the XML session reads from and writes to in place of a
// socket. Reading takes whole elements from the link one at a time, so a
// parser never holds a part of the next one, and nothing is taken before it is
// asked for. Writing takes whole elements and never waits: a queue lies
// between it and the link. With stream management (XEP-0198) stanzas are
// counted here, and it outlives the link.
type vconn struct {
	out  *outbound
	came *arrivals // nil without stream management

	// For the one goroutine that reads. All but log are of the link.
	log    *slog.Logger
	header []byte // the namespaces elements are read in
	in     *framer
	early  [][]byte
	rest   []byte // of the element that is being read
	size   int    // of that element
	number uint32 // of that element, if it is a stanza that counts; see counts
	counts bool
	err    error // why there is nothing more to read

	elements atomic.Uint64 // that have arrived
}

func newVconn(managed bool, log *slog.Logger) *vconn {
	v := &vconn{log: log, out: &outbound{arrived: make(chan struct{}, 1), crowded: make(chan struct{}, 1)}}
	if managed {
		v.came = newArrivals()
		v.out.came = v.came
	}
	return v
}

// attach puts it on a link.
func (v *vconn) attach(l *link) {
	v.header, v.in, v.early = l.header, l.in, l.early
	v.rest, v.counts, v.err = nil, false, nil
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

// advance takes the next element that is to be read.
func (v *vconn) advance() error {
	v.counts = false
	for v.err == nil {
		if len(v.early) > 0 {
			v.rest, v.early = v.early[0], v.early[1:]
			v.size = len(v.rest)
			return nil
		}
		f, err := v.in.next()
		v.elements.Add(1)
		switch {
		case err != nil:
			v.err = readError(err)
			continue
		case f.kind != frameElement:
			v.err = &ProtocolError{Step: StepOnline, Reason: Closed}
			continue
		}
		isNew := true
		if v.came != nil && isStanza(f.name) {
			if v.number, isNew, err = v.came.come(); err != nil {
				v.err = readError(err)
				continue
			}
			v.counts = true
		}
		switch {
		case f.over:
			v.log.Debug("dropped an element beyond the limits", "name", short(f.name))
			v.settle()
		case isNew:
			v.rest, v.size = f.raw, len(f.raw)
			return nil
		}
	}
	return v.err
}

// settle notes that nothing more is to be done for the stanza that was read.
func (v *vconn) settle() {
	if v.counts && v.came.settle(v.number) {
		v.out.report()
	}
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

// Write implements io.Writer: it queues one element. It never waits.
func (v *vconn) Write(p []byte) (int, error) {
	if _, err := v.out.put(p, 1, nil); err != nil {
		return 0, err
	}
	return len(p), nil
}

// session puts an XML session on the connection. The last one must not be
// used any more; what is left of the element it was reading is skipped.
func (v *vconn) session(local jid.JID) (*xmpp.Session, error) {
	v.rest = v.header
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
