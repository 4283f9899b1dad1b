package stream

import (
	"context"
	"encoding/xml"
	"errors"
	"log/slog"
	"math/rand/v2"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"mellium.im/xmpp/jid"
)

// Client keeps one account connected: it connects, hands up what arrives, and
// connects again when the link is lost. All methods are safe for concurrent
// use and, Run and IQ apart, never wait for the network.
type Client struct {
	cfg     Config
	h       Handler
	log     *slog.Logger
	connect connectFunc
	addrs   func() ([]localAddr, error) // of this machine, for netwatch
	notify  notifier

	inbox *inbox
	trace *trace
	wake  chan struct{} // Retry was called; holds one signal
	token atomic.Uint64 // the last one given out

	mu      sync.Mutex
	state   State
	session *session // while Online
	held    *session // lost its link and may be resumed; for Run's goroutine
	known   bool     // it has been Online; for Run's goroutine. A server that starts may not have TLS yet
	told    *session // session, once the Handler is told of it
	idle    bool     // nobody looks: see SetActive
}

// New makes a Client that tells h what it hears. Nothing happens before Run.
func New(cfg Config, h Handler) *Client {
	if cfg.Dial == nil {
		cfg.Dial = (&net.Dialer{}).DialContext
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Jitter == nil {
		cfg.Jitter = rand.Float64
	}
	return &Client{
		cfg: cfg, h: h, log: cfg.Log, connect: connect, addrs: localAddrs, notify: systemNews,
		inbox: newInbox(), trace: newTrace(cfg.Now), wake: make(chan struct{}, 1),
	}
}

// Run connects, serves and reconnects until ctx ends; then it closes the
// stream politely (unavailable presence, </stream:stream>) within a few
// seconds and returns, after the last call of the Handler. Run is called once.
func (c *Client) Run(ctx context.Context) {
	told := make(chan struct{})
	go func() {
		defer close(told)
		for {
			run, ok := c.inbox.take()
			if !ok {
				return
			}
			c.tell(run)
		}
	}()
	delays := backoff{jitter: c.cfg.Jitter}
	net := newNetwatch(c.cfg.Now, c.addrs)
	watching, unwatch := context.WithCancel(context.Background())
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		err := net.run(watching, c.notify)
		c.log.Debug("the system tells no more of the network", "err", err)
	}()
	for ctx.Err() == nil {
		c.expire()
		c.setState(State{Phase: Connecting}, nil)
		err := c.try(ctx, net, delays.reset)
		if ctx.Err() != nil {
			break
		}
		c.log.Info("not connected", "err", err)
		c.wait(ctx, err, &delays, net)
	}
	c.part(net)
	unwatch()
	<-watched
	c.setState(State{}, nil)
	c.inbox.close()
	<-told
}

// try connects and serves, and says why that ended.
func (c *Client) try(ctx context.Context, net *netwatch, stable func()) error {
	s, err := c.open(ctx, func(ctx context.Context, cfg *Config) (*link, error) {
		return c.connectWatching(ctx, cfg, net)
	})
	if err != nil {
		return err
	}
	start := time.Now()
	c.setState(State{Phase: Online, Info: s.link.info}, s)
	err = s.run(ctx, net)
	lasted := time.Since(start)
	if ctx.Err() != nil {
		c.trace.lost(lasted, nil)
		s.finish()
		return err
	}
	c.trace.lost(lasted, err)
	if lasted >= stableAfter {
		stable()
	}
	if s.resumable(err) {
		c.hold(s)
	} else {
		s.finish()
	}
	return err
}

// open connects and gives the stream: the one that was held, if the server goes
// on with it, or a new one.
func (c *Client) open(ctx context.Context, connect connectFunc) (*session, error) {
	active := newActivity()
	cfg := c.cfg
	cfg.Dial = watched(c.cfg.Dial, active)
	cfg.trace, cfg.inactive = c.trace, c.inactive()
	if c.held != nil {
		cfg.resume = c.held.resumption()
	}
	c.trace.begin()
	l, err := connect(ctx, &cfg)
	resume := ResumeNone
	if r := cfg.resume; r != nil && (r.refused || err == nil && l.resumed == nil) {
		c.held.taken(r.taken)
		c.release()
		resume = ResumeRefused
	}
	if err != nil {
		c.trace.failed(err)
		return nil, err
	}
	l.info.features = namespaces(l.features)
	c.known = true
	s := c.held
	if c.held = nil; s == nil {
		s = newSession(l, c.inbox, active, c.log)
	} else {
		s.resume(l, active)
		resume = ResumeDone
	}
	c.trace.connected(l.info, s, resume)
	return s, nil
}

// connectFunc is the function connect, or takes its place.
type connectFunc = func(context.Context, *Config) (*link, error)

// connectWatching begins anew when the network changes: the one it looked for
// the server on may be gone, and only time would tell. It does so once, since
// on a network that keeps changing it would never get through.
func (c *Client) connectWatching(ctx context.Context, cfg *Config, net *netwatch) (*link, error) {
	here, cancel := context.WithCancelCause(ctx)
	var all sync.WaitGroup
	all.Go(func() {
		if net.wait(here) {
			cancel(errMoved)
		}
	})
	l, err := c.connect(here, cfg)
	cancel(nil)
	all.Wait()
	if errors.Is(err, errMoved) {
		return c.connect(ctx, cfg)
	}
	return l, err
}

var errMoved = errors.New("the network changed")

// wait returns when it is time to connect again.
func (c *Client) wait(ctx context.Context, err error, delays *backoff, net *netwatch) {
	select {
	case <-c.wake: // meant for the wait before this one
	default:
	}
	var due, look <-chan time.Time
	var told <-chan struct{}
	state := State{Phase: Failed, Err: err}
	final := permanent(err) && !(c.known && errors.Is(err, ErrNoTLS))
	if !final {
		delay := delays.next(c.held != nil)
		state = State{Phase: Waiting, Err: err, RetryAt: c.cfg.Now().Add(delay)}
		timer := time.NewTimer(delay)
		defer timer.Stop()
		due = timer.C
	}
	c.setState(state, nil)
	expired, stop := c.heldFor()
	defer stop()
	if !final || ofNetwork(err) {
		ticker := time.NewTicker(watchWaiting)
		defer ticker.Stop()
		look, told = ticker.C, net.told
	}
	for {
		select {
		case <-ctx.Done():
			return
		case <-due:
			return
		case <-c.wake:
			delays.reset()
			return
		case <-expired:
			c.release()
			c.setState(state, nil)
			continue
		case <-look:
		case <-told:
		}
		if net.changed() {
			delays.reset()
			return
		}
	}
}

func (c *Client) setState(st State, s *session) {
	c.mu.Lock()
	defer c.mu.Unlock()
	st.Resumable = c.held != nil
	c.state, c.session, c.told = st, s, nil
	if s != nil {
		c.tellActive(s, st.Info)
	}
	c.inbox.add(event{state: &st, session: s})
}

// namespaces is Info.features of the features a server offered.
func namespaces(features map[xml.Name][]byte) string {
	list := " "
	for name := range features {
		list += name.Space + " "
	}
	return list
}

// State tells where the Client is now. It may be ahead of the calls of
// Handler.StateChanged, which come in order with what was received.
func (c *Client) State() State {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.state
}

// Retry makes a Client that is Waiting or Failed connect at once, with the
// shortest delay for the tries after this one. One that is Online checks
// within seconds whether its link works. Otherwise it does nothing.
func (c *Client) Retry() {
	c.mu.Lock()
	phase, s := c.state.Phase, c.session
	c.mu.Unlock()
	switch {
	case phase == Waiting || phase == Failed:
		signal(c.wake)
	case s != nil:
		s.check()
	}
}

// current returns the stream the Handler knows of. A Handler that is behind
// must not find what it meant for one stream on the next: it would send it
// there once more when it is told of that.
func (c *Client) current() (*session, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.told == nil {
		return nil, ErrOffline
	}
	return c.told, nil
}

// Send queues one stanza: v is a struct with xml tags or an xml.Marshaler that
// gives one message, presence or iq element (without a namespace of its own, or
// in jabber:client). It returns ErrOffline when there is no connection, or
// none the Handler has been told of, ErrBusy when the server has not taken what
// was sent before for so long that the queue is full, and the error of
// encoding/xml. Characters XML cannot carry are replaced by U+FFFD. Nothing
// tells whether the server got it: see Post and IQ.
func (c *Client) Send(v any) error {
	s, err := c.current()
	if err != nil {
		return err
	}
	return s.send(v)
}

// Post queues a message as Send does and asks for a confirmation: once our
// server has taken it, Handler.Acknowledged is called with this or a later
// token, possibly before Post has returned. Tokens grow. A server that confirms
// nothing for minutes is given up. Tokens that are not acknowledged when the
// link drops stay good as long as State.Resumable says so and when Info.Resumed
// does: the Client sends those messages again if that is needed. Otherwise they
// never will be acknowledged, and the caller sends the message again.
// A server that refuses the message still has taken it; the refusal comes as
// a stanza of type error.
func (c *Client) Post(v any) (token uint64, err error) {
	s, err := c.current()
	if err != nil {
		return 0, err
	}
	return s.post(v, c.nextToken)
}

func (c *Client) nextToken() uint64 { return c.token.Add(1) }

// IQ sends a request of typ get or set with the payload (struct with xml tags,
// xml.Marshaler) and waits for the answer. The zero JID as to asks the own
// account. A result fills the value result points to from its payload, the
// first child element; a nil result means the payload does not matter, and an
// answer without payload leaves the value as it is. A *Stanza as result
// gets the whole answer, also that of a refusal.
//
// The error is a *StanzaError when the other side refuses, ErrOffline at once
// when there is no link or it drops and the stream with it, or ctx's. Without an
// earlier deadline in ctx a request ends with context.DeadlineExceeded after
// 30 s.
//
// It may be called from within a Handler, where it holds up everything else
// that is to be handed over: when more than some thousand stanzas come before
// the answer, reading waits for the Handler, and the request fails by its
// deadline. Another goroutine is the better place.
func (c *Client) IQ(ctx context.Context, to jid.JID, typ string, payload, result any) error {
	s, err := c.current()
	if err != nil {
		return err
	}
	st, err := s.request(ctx, to, typ, payload)
	if err != nil {
		return err
	}
	return st.result(result)
}

// IQBehind is IQ for requests whose answer says that something else has come:
// it returns after Handler.Stanzas has returned for all that was received before
// the answer. When some of that was not handled and comes again it is
// ErrOffline. It must not be called from within a Handler. A deadline of ctx
// may be later than that of IQ.
func (c *Client) IQBehind(ctx context.Context, to jid.JID, typ string, payload, result any) error {
	s, err := c.current()
	if err != nil {
		return err
	}
	st, err := s.requestBehind(ctx, to, typ, payload)
	if err != nil {
		return err
	}
	return st.result(result)
}
