package stream

import (
	"encoding/xml"
	"sync"
	"time"
)

const nsPing = "urn:xmpp:ping" // XEP-0199

// A dead link and a server that hangs are noticed after at most
// silence + answerTime, which stays under a minute.
const (
	// silence is how long nothing may be received before we ask. Routers
	// forget connections that are idle for longer than a minute or so.
	silence = 30 * time.Second
	// answerTime is how long nothing may be received after that. Mobile
	// networks have pauses of several seconds.
	answerTime = 20 * time.Second
	// soonTime takes the place of answerTime when there is a reason to
	// believe that the link is gone.
	soonTime = 6 * time.Second
	// confirmTime is how long the answer to a ping may take while other stanzas
	// arrive: those that were on their way before it, on a slow link.
	confirmTime = 5 * time.Minute
	// askTime is how long the server is not asked, with stream management,
	// whether it has the few stanzas that were sent since; a message is asked
	// about at once.
	askTime = 10 * time.Second
	// elementTime is the same where nothing whole arrives: an element of the
	// size we take, on the slowest link.
	elementTime = 30 * time.Minute
)

// prober sends pings, one at a time: to hear whether the server is there, and
// to hear that it has taken the messages sent before the ping. With stream
// management an acknowledgement that is asked for takes the place of the ping.
type prober struct {
	mu      sync.Mutex
	posted  uint64 // newest token of a message
	covered uint64 // newest token before the ping under way, or confirmed
	told    uint64 // newest token the Handler knows to be confirmed
	out     bool   // a ping is under way
	asked   time.Time
	trip    time.Duration // how long the last answer on this link took; 0 before the first
	before  uint64        // elements that had arrived when it was sent
	since   time.Time     // nothing was heard
	soon    bool          // a sign of life is wanted within soonTime

	changed chan struct{} // for the watchdog; holds one signal
}

type pingOut struct {
	XMLName xml.Name `xml:"urn:xmpp:ping ping"`
}

// post queues a message with a token and asks the server to confirm it.
func (s *session) post(v any, token func() uint64) (uint64, error) {
	b, err := encode(v)
	if err != nil {
		return 0, err
	}
	p := &s.probe
	p.mu.Lock()
	defer p.mu.Unlock()
	n, err := s.v.out.put(b, 1, token)
	if err != nil {
		return 0, err
	}
	p.posted = n
	s.ping()
	return n, nil
}

// ping sends a ping unless one is under way. Where the queue is full the
// watchdog tries again. The prober is locked.
func (s *session) ping() {
	p := &s.probe
	if p.out {
		return
	}
	covers := p.posted
	if !s.v.out.question() && !s.pingIQ() {
		return
	}
	now := time.Now()
	p.out, p.soon, p.since, p.covered = true, false, now, covers
	p.asked, p.before = now, s.v.elements.Load()
	signal(p.changed)
}

// pingIQ sends the ping of a stream that is not managed.
func (s *session) pingIQ() bool {
	domain := s.self.Domain()
	id, err := s.track.add(domain, s.pinged)
	if err != nil {
		return false
	}
	if err := s.send(iqOut{Type: "get", ID: id, To: domain.String(), Payload: pingOut{}}); err != nil {
		s.track.drop(id)
		return false
	}
	return true
}

// heard takes an acknowledgement for the answer to the question under way.
func (s *session) heard() {
	p := &s.probe
	p.mu.Lock()
	defer p.mu.Unlock()
	p.answered()
	if p.posted > p.covered {
		s.ping()
	}
}

// answered notes the answer to the question under way. The prober is locked.
func (p *prober) answered() {
	if p.out {
		p.trip = time.Since(p.asked)
	}
	p.out, p.soon = false, false
}

// roundTrip tells how long the last answer took; 0 when there was none yet.
func (s *session) roundTrip() time.Duration {
	s.probe.mu.Lock()
	defer s.probe.mu.Unlock()
	return s.probe.trip
}

// askAnew is for a link on which the stream goes on: the answer to what was
// asked on the one before does not come.
func (s *session) askAnew() {
	p := &s.probe
	p.mu.Lock()
	defer p.mu.Unlock()
	p.out, p.trip = false, 0
	s.ping()
}

// pinged takes the answer. An error is one too: the server was there, and had
// taken everything sent before.
func (s *session) pinged(answer *Stanza) {
	if answer == nil {
		return
	}
	p := &s.probe
	p.mu.Lock()
	defer p.mu.Unlock()
	p.answered()
	if p.covered > p.told {
		p.told = p.covered
		s.inbox.add(event{acked: p.covered})
	}
	if p.posted > p.covered {
		s.ping()
	}
}

// wrote notes that the link has taken a piece, which on a slow one it does
// when the server has taken one before. The answer to a ping behind it is not
// late yet.
func (s *session) wrote() {
	s.probe.mu.Lock()
	defer s.probe.mu.Unlock()
	s.probe.since = time.Now()
}

// check asks the server for a quick sign of life.
func (s *session) check() {
	p := &s.probe
	p.mu.Lock()
	defer p.mu.Unlock()
	s.ping()
	if !p.soon { // who asks again does not give it more time
		p.soon, p.since = true, time.Now()
	}
	signal(p.changed)
}

// pulse sends the ping that is due, and says when to look again. It is false
// when the server is gone.
func (s *session) pulse(now time.Time) (next time.Duration, alive bool) {
	p := &s.probe
	p.mu.Lock()
	defer p.mu.Unlock()
	if s.stalled.Load() {
		s.active.touch()
		p.asked = now
	}
	heard := s.active.when()
	unasked := s.v.out.unasked()
	if !p.out && (p.posted > p.covered || now.Sub(heard) >= silence ||
		unasked >= burst || unasked > 0 && now.Sub(p.asked) >= askTime) {
		s.ping()
	}
	left := silence - now.Sub(heard)
	if p.out || left <= 0 { // a ping that cannot even be queued counts as sent
		if p.since.Before(heard) {
			p.since = heard
		}
		wait := answerTime
		if p.soon {
			wait = soonTime
		}
		left = wait - now.Sub(p.since)
	}
	if p.out {
		limit := elementTime
		if s.v.elements.Load() > p.before+1 { // more than what was arriving then
			limit = confirmTime
		}
		left = min(left, limit-now.Sub(p.asked))
	}
	return left, left > 0
}

// watch looks after the link until the stream ends: it keeps it alive, notices
// when it is dead, and asks at once when the network changed. A link whose own
// address is gone is dead already.
func (s *session) watch(net *netwatch) {
	own := s.link.conn.LocalAddr()
	had := net.has(own)
	timer := time.NewTimer(0)
	defer timer.Stop()
	look := time.NewTicker(watchOnline)
	defer look.Stop()
	for {
		looks := false
		select {
		case <-s.ended:
			return
		case <-look.C:
			looks = true
		case <-net.told:
			looks = true
		case <-s.probe.changed:
		case <-timer.C:
		}
		if looks {
			changed, has := net.changed(), net.has(own)
			if had && !has {
				s.fail(&ProtocolError{Step: StepOnline, Reason: Closed, Err: errMoved})
				return
			}
			if had = has; changed {
				s.check()
			}
			continue
		}
		next, alive := s.pulse(time.Now())
		if !alive {
			s.fail(&ProtocolError{Step: StepOnline, Reason: Silent})
			return
		}
		timer.Reset(next)
	}
}
