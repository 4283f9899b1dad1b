package stream

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"mellium.im/xmpp/jid"
)

const (
	// requestTimeout ends a request whose caller has set no earlier deadline.
	requestTimeout = 30 * time.Second
	// goodbyeTime is how long leaving politely may take. A user who quits
	// does not wait longer.
	goodbyeTime = 2 * time.Second

	// writeTimeout is for one piece of writeSize: a server that reads slower
	// is not usable.
	writeTimeout = 30 * time.Second
	writeSize    = 16 << 10 // one TLS record
	// writeBuffer is how much the system may take over from us to be sent. A
	// ping waits behind it: it has to get through well within answerTime on the
	// slowest usable link.
	writeBuffer = 64 << 10
)

// session is one bound stream: what is sent, asked and confirmed on it. With
// stream management it may have one link after the other.
type session struct {
	log   *slog.Logger
	self  jid.JID // our full JID
	v     *vconn
	inbox *inbox
	track *tracker
	parse parser // for the goroutine that reads
	probe prober

	managed  managed   // what it may be resumed by
	lost     time.Time // when its link was, by Config.Now; see Client.hold
	rejected error     // why it may not be
	refusals refusals  // of the Handler

	// Of the link; changed by attach only, while no link is served.
	link    *link
	active  *activity
	stalled atomic.Bool // reading waits for the Handler

	mu    sync.Mutex
	err   error
	ended chan struct{}
}

func newSession(l *link, b *inbox, a *activity, log *slog.Logger) *session {
	s := &session{
		log: log, self: l.info.JID, v: newVconn(l.managed != nil, log), inbox: b,
		track: newTracker(l.info.JID),
		probe: prober{changed: make(chan struct{}, 1)},
	}
	s.v.out.crowded = s.probe.changed
	if l.managed != nil {
		s.managed = *l.managed
	}
	s.attach(l, a)
	return s
}

// attach puts the stream on its first link, or on the next.
func (s *session) attach(l *link, a *activity) {
	a.touch()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.link, s.active = l, a
	s.err, s.ended = nil, make(chan struct{})
	s.v.attach(l)
}

// run serves the stream until it ends, or ctx does, and says why it ended.
func (s *session) run(ctx context.Context, net *netwatch) error {
	var all sync.WaitGroup
	all.Go(func() { s.fail(s.read()) })
	all.Go(s.write)
	all.Go(func() { s.watch(net) })
	select {
	case <-s.ended:
	case <-ctx.Done():
		s.leave()
	}
	all.Wait()
	return s.err
}

// fail ends the link once. Closing it frees the goroutines that read and
// write. What waits for the stream is told by finish.
func (s *session) fail(err error) {
	s.mu.Lock()
	if s.err != nil {
		s.mu.Unlock()
		return
	}
	s.err = err
	close(s.ended)
	l := s.link
	s.mu.Unlock()
	l.close()
}

// finish ends the stream for good, and tells what waits for it.
func (s *session) finish() {
	s.v.out.finish("")
	s.track.fail()
}

// leave says goodbye and waits a little for the server to do the same.
func (s *session) leave() {
	limit := time.AfterFunc(goodbyeTime, func() { s.fail(ErrOffline) })
	defer limit.Stop()
	err := s.send(struct {
		XMLName xml.Name `xml:"presence"`
		Type    string   `xml:"type,attr"`
	}{Type: "unavailable"})
	s.v.out.finish("</stream:stream>")
	if err != nil {
		s.fail(err)
	}
	<-s.ended
}

// write moves what is queued to the link.
func (s *session) write() {
	var buf []byte
	for {
		select {
		case <-s.ended:
			return
		case <-s.v.out.arrived:
		}
		var last bool
		buf, last = s.v.out.take(buf[:0])
		if err := s.writeLink(buf); err != nil {
			reason := Closed
			if errors.Is(err, os.ErrDeadlineExceeded) {
				reason = Silent
			}
			s.fail(&ProtocolError{Step: StepOnline, Reason: reason, Err: err})
			return
		}
		if last {
			if err := s.rejection(); err != nil {
				s.fail(err)
			}
			return
		}
		if cap(buf) > maxQueuedBytes/16 {
			buf = nil
		}
	}
}

// writeLink writes in pieces, each of which has its time.
func (s *session) writeLink(b []byte) error {
	for len(b) > 0 {
		piece := b[:min(len(b), writeSize)]
		b = b[len(piece):]
		if err := s.link.conn.SetWriteDeadline(time.Now().Add(writeTimeout)); err != nil {
			return err
		}
		if _, err := s.link.conn.Write(piece); err != nil {
			return err
		}
		if len(piece) == writeSize {
			s.wrote()
		}
	}
	return nil
}

// encode gives the bytes of one element. What XML cannot carry is replaced.
func encode(v any) ([]byte, error) {
	b, err := xml.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("encode stanza: %w", err)
	}
	return b, nil
}

func (s *session) send(v any) error {
	b, err := encode(v)
	if err != nil {
		return err
	}
	_, err = s.v.Write(b)
	return err
}

// request sends an IQ and waits for its answer.
func (s *session) request(ctx context.Context, to jid.JID, typ string, payload any) (*Stanza, error) {
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	answer := make(chan *Stanza, 1)
	return s.await(ctx, to, typ, payload, answer, func(st *Stanza) { answer <- st })
}

// requestBehind is request for Client.IQBehind.
func (s *session) requestBehind(ctx context.Context, to jid.JID, typ string, payload any) (*Stanza, error) {
	if _, bounded := ctx.Deadline(); !bounded {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, requestTimeout)
		defer cancel()
	}
	answer := make(chan *Stanza, 1)
	return s.await(ctx, to, typ, payload, answer, func(st *Stanza) {
		if st == nil {
			answer <- nil
			return
		}
		var turn uint
		if s.v.came != nil {
			turn = s.v.came.current()
		}
		s.inbox.add(event{behind: func() {
			if s.v.came != nil && s.v.came.stale(turn) {
				st = nil // what was before it comes again
			}
			answer <- st
		}})
	})
}

// await sends an IQ, whose answer goes to done, and waits for what done makes
// of it.
func (s *session) await(ctx context.Context, to jid.JID, typ string, payload any, answer <-chan *Stanza, done func(*Stanza)) (*Stanza, error) {
	if typ != "get" && typ != "set" {
		return nil, fmt.Errorf("an iq request is of type get or set, not %q", typ)
	}
	id, err := s.track.add(to, done)
	if err != nil {
		return nil, err
	}
	defer s.track.drop(id)
	if err := s.send(iqOut{Type: typ, ID: id, To: to.String(), Payload: payload}); err != nil {
		return nil, err
	}
	select {
	case st := <-answer:
		if st == nil {
			return nil, ErrOffline
		}
		return st, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
