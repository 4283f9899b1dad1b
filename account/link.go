package account

import (
	"context"
	"errors"
	"runtime/debug"
	"sync/atomic"
	"time"

	"linnet/account/stream"
	"linnet/storage"
)

// fullRetry is how long an account waits before it tries again to store what a
// full disk refused: soon enough that messages come by themselves after the
// user made room, rarely enough not to keep the disk busy.
const fullRetry = 5 * time.Second

// link is one stream.Client with what the Account needs to hear it. It is the
// Client's Handler.
type link struct {
	a      *Account
	client *stream.Client
	ctx    context.Context // ends when the link is to be closed
	cancel context.CancelFunc
	acked  atomic.Uint64 // the highest token that was confirmed
}

// streamConfig is what connects as the given account.
func (m *Manager) streamConfig(a *storage.Account, password string) (stream.Config, error) {
	own, err := ValidateAddress(a.Address)
	if err != nil {
		return stream.Config{}, err
	}
	cfg := stream.Config{
		JID:      own,
		Resource: m.cfg.Resource,
		Password: password,
		Host:     a.Host,
		Port:     a.Port,
		Trusted:  a.Trusted,
		Log:      m.log.With("account", a.ID),
	}
	if m.cfg.Stream != nil {
		m.cfg.Stream(&cfg)
	}
	return cfg, nil
}

// connect starts a link.
func (a *Account) connect(password string, tokens *tokens) {
	cfg, err := a.m.streamConfig(&a.stored, password)
	if err != nil {
		a.setState(stream.State{Phase: stream.Failed, Err: err})
		return
	}
	cfg.Tokens, cfg.Archived = tokens, a.server.archived.Load
	l := &link{a: a}
	l.ctx, l.cancel = context.WithCancel(a.ctx)
	l.client = stream.New(cfg, l)
	a.introduce(l.client)
	a.link = l
	a.tasks.Go(func() {
		l.client.Run(l.ctx)
		tokens.wait() // the next link reads them
		l.cancel()
		// run takes from the inbox until every link has said this.
		a.inbox <- func() { a.unlinked() }
	})
}

// unlinked comes last of a link.
func (a *Account) unlinked() {
	if a.began {
		a.wentOffline()
	}
	a.link = nil
	a.setState(stream.State{})
	a.reconsider()
}

// ask runs f in the account's goroutine and waits for it. The account serves
// its inbox until its link has ended, so this does not wait for ever.
func (l *link) ask(f func()) {
	done := make(chan struct{})
	l.a.inbox <- func() { defer close(done); f(); l.a.publish() }
	<-done
}

// StateChanged implements stream.Handler.
func (l *link) StateChanged(s stream.State) {
	l.ask(func() {
		a := l.a
		was, is := a.online(), s.Phase == stream.Online
		if was && !is {
			a.lostLink()
		}
		if goesOn := s.Resumable || is && s.Info.Resumed; a.began && !goesOn {
			a.setState(stream.State{Phase: stream.Connecting}) // so that nothing is sent yet
			a.wentOffline()
		}
		a.setState(s)
		switch {
		case is && !a.began:
			a.cameOnline()
		case is && !was:
			a.wentOn()
		}
	})
}

// Acknowledged implements stream.Handler.
func (l *link) Acknowledged(token uint64) {
	l.acked.Store(token)
	select {
	case l.a.acks <- struct{}{}:
	default: // the account has not looked yet and will see this one too
	}
}

// Stanzas implements stream.Handler. It returns when the batch is stored: while
// the disk is full it holds the batch, and with it what comes behind, which
// then stays in the network and at the server.
func (l *link) Stanzas(batch []*stream.Stanza) error {
	for {
		err := l.deliver(batch)
		if err == nil {
			return nil
		}
		if errors.Is(err, storage.ErrDiskFull) {
			select {
			case <-time.After(l.a.m.fullRetry):
				continue
			case <-l.ctx.Done():
				return err
			}
		}
		if errors.Is(err, errBroken) && len(batch) == 1 {
			return nil // it would break again, however often it came
		}
		if errors.Is(err, storage.ErrClosed) || len(batch) == 1 {
			l.a.log.Error("could not store what was received", "stanzas", len(batch), "err", err)
			return err
		}
		break
	}
	// One stanza that the store refuses for good must not take the others with
	// it, and what is stored must not come again.
	for i := range batch {
		if err := l.Stanzas(batch[i : i+1]); err != nil {
			return &stream.PartError{Handled: i, Err: err}
		}
	}
	return nil
}

// deliver has one batch handled.
func (l *link) deliver(batch []*stream.Stanza) (err error) {
	l.ask(func() {
		err = l.a.unbroken("received stanzas broke their handler", func() error { return l.a.takeIn(l, batch) })
	})
	return err
}

// unbroken handles what others have sent. That must not end the program, so a
// panic is an error, which is logged with the given words.
func (a *Account) unbroken(words string, handle func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			// The stack says where; the value may say what was received.
			a.log.Error(words, "stack", string(debug.Stack()))
			err = errBroken
		}
	}()
	return handle()
}

var errBroken = errors.New("handling it broke")

// iq sends a request from its own goroutine and hands the outcome to done in
// the account's, unless the link has changed meanwhile.
func (a *Account) iq(f func(ctx context.Context, c *stream.Client) error, done func(error)) {
	l := a.link
	a.tasks.Go(func() {
		err := f(l.ctx, l.client)
		a.post(func() {
			if a.link == l {
				done(err)
			}
		})
	})
}
