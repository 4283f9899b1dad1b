package account

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"mellium.im/xmpp/jid"

	"linnet/account/stream"
	"linnet/storage"
)

// Account is one account of a profile. All its state belongs to the goroutine
// of run: others hand it functions through do and post, and read the snapshot
// in shown.
type Account struct {
	m   *Manager
	id  storage.AccountID
	own jid.JID // bare
	log *slog.Logger

	inbox chan func()
	acks  chan struct{} // poked when the link has heard a confirmation
	retry chan struct{} // poked by Manager.RetryNow
	gone  chan struct{} // closed when run has returned
	shown atomic.Pointer[snapshot]
	// latest is the last connection that was begun, for Report and SetActive.
	latest atomic.Pointer[stream.Client]

	ctx    context.Context // ends when the account is to stop
	cancel context.CancelFunc
	tasks  sync.WaitGroup // the goroutines started for this account

	stored storage.Account
	state  stream.State

	// link is the connection that runs; at most one at a time, since two would
	// throw each other off the server. fetching says that the password for
	// the next is being fetched, stale that another was set meanwhile.
	link     *link
	fetching bool
	stale    bool
	forget   bool // the token is of a password that was replaced
	// began says that there is a stream, which may be waiting for its next
	// link: from cameOnline to wentOffline.
	began bool

	roster   rosterState
	requests []storage.Request // by age
	presence presenceState
	caps     capsState
	server   serverState
	outbox   outboxState
	chats    chatState
	marks    markState
	receipts receiptState
	reads    readState
	typing   typingState
	people   peopleState
	blocked  blockState
	later    laterState
	clock    serverClock
	archive  archiveState

	uploads   uploadState
	downloads downloadState

	// What the next publish has to tell.
	infoChanged bool
	events      []Event
	unhurried   bool // nobody waits for them
}

// snapshot is what others see of an Account; it is never changed.
type snapshot struct {
	info     Info
	contacts []*Contact // sorted by JID
	requests []storage.Request
	features []string // serverState.account
	domain   []string // serverState.domain
	blocked  []string // blockState.list
}

func (s *snapshot) contact(address string) (Contact, bool) {
	i, ok := slices.BinarySearchFunc(s.contacts, address, func(c *Contact, j string) int {
		switch {
		case c.JID < j:
			return -1
		case c.JID > j:
			return 1
		}
		return 0
	})
	if !ok {
		return Contact{}, false
	}
	return *s.contacts[i], true
}

// loadAccount makes the Account of a stored one, with all it keeps on disk
// that is shown at once.
func loadAccount(m *Manager, tx *storage.Tx, stored storage.Account) (*Account, error) {
	own, err := jid.Parse(stored.Address)
	if err != nil {
		return nil, err
	}
	a := &Account{
		m:      m,
		id:     stored.ID,
		own:    own.Bare(),
		log:    m.log.With("account", stored.ID),
		inbox:  make(chan func()),
		acks:   make(chan struct{}, 1),
		retry:  make(chan struct{}, 1),
		gone:   make(chan struct{}),
		stored: stored,
	}
	a.ctx, a.cancel = context.WithCancel(context.Background())
	items, err := tx.Roster(stored.ID)
	if err != nil {
		return nil, err
	}
	a.roster.load(items)
	if a.requests, err = tx.Requests(stored.ID); err != nil {
		return nil, err
	}
	sortRequests(a.requests)
	if err := a.server.load(tx, stored.ID); err != nil {
		return nil, err
	}
	if err := a.clock.load(tx, stored.ID); err != nil {
		return nil, err
	}
	if err := a.archive.load(tx, stored.ID); err != nil {
		return nil, err
	}
	if err := a.reads.load(tx, stored.ID); err != nil {
		return nil, err
	}
	if err := a.outbox.load(tx, stored.ID); err != nil {
		return nil, err
	}
	if err := a.people.load(tx, stored.ID); err != nil {
		return nil, err
	}
	a.caps.init()
	a.presence.init()
	a.later.init()
	a.uploads.init()
	a.downloads.init()
	a.typing.init()
	a.infoChanged = true
	a.renew()
	a.events = nil // nobody knows this account yet
	return a, nil
}

// run is the goroutine of the account. It ends with ctx or remove, after the
// link has been closed politely and everything it still handed over is stored.
func (a *Account) run(ctx context.Context) {
	defer close(a.gone)
	defer a.cancel()
	stop := context.AfterFunc(ctx, a.cancel)
	defer stop()
	a.reconsider()
	a.publish()
	for a.ctx.Err() == nil {
		select {
		case <-a.ctx.Done():
		case f := <-a.inbox:
			f()
		case <-a.acks:
			a.confirmSent()
			a.confirmMarks()
		case <-a.retry:
			a.retryLink()
		}
		a.publish()
	}
	if a.link != nil {
		a.link.cancel()
	}
	for a.link != nil {
		select {
		case f := <-a.inbox:
			f()
		case <-a.acks:
			a.confirmSent()
			a.confirmMarks()
		}
	}
	a.tasks.Wait()
	if a.later.timer != nil {
		a.saveGathered()
	}
	a.outbox.stop()
	a.reads.stop()
	a.forgetTyping()
	a.publish()
}

// do runs f in the account's goroutine and returns its error. Once f has begun
// ctx no longer matters: what f does ends by itself.
func (a *Account) do(ctx context.Context, f func() error) error {
	reply := make(chan error, 1)
	select {
	case a.inbox <- func() { err := f(); a.publish(); reply <- err }:
		return <-reply
	case <-ctx.Done():
		return ctx.Err()
	case <-a.gone:
		return ErrStopped
	}
}

// post hands f to the account's goroutine from one of its tasks; it is dropped
// when the account stops.
func (a *Account) post(f func()) {
	select {
	case a.inbox <- f:
	case <-a.ctx.Done():
	}
}

// note keeps events until publish; the snapshot has to be there first.
func (a *Account) note(events ...Event) { a.events = append(a.events, events...) }

// publish makes a new snapshot of what has changed and sends the events.
func (a *Account) publish() {
	a.renew()
	switch {
	case len(a.events) == 0:
	case a.unhurried:
		a.m.queue.addLater(a.events...)
	default:
		a.m.emit(a.events...)
	}
	a.events, a.unhurried = nil, false
}

// renew makes a new snapshot if anything has changed, and notes the events.
func (a *Account) renew() {
	old := a.shown.Load()
	next := &snapshot{}
	if old != nil {
		*next = *old
	}
	changed := old == nil
	if a.roster.changed || a.presence.changed() {
		next.contacts = a.contactViews()
		if a.roster.changed {
			a.infoChanged = a.infoChanged || old == nil || len(next.contacts) != old.info.Contacts
			a.note(RosterChanged{a.id})
			a.roster.changed = false
		}
		if e, ok := a.presence.takeEvent(a.id); ok {
			a.note(e)
		}
		changed = true
	}
	if old == nil || !slices.Equal(old.requests, a.requests) {
		next.requests = slices.Clone(a.requests)
		if old != nil {
			a.note(RequestsChanged{})
		}
		a.infoChanged, changed = true, true
	}
	if a.infoChanged {
		next.info = Info{
			Account:   a.stored,
			State:     a.state,
			Effective: a.effective(),
			Contacts:  len(a.roster.entries),
			Requests:  len(a.requests),
			History:   a.archive.sync.shown,
			Nick:      a.person(a.own.String()).Nick,
			Avatar:    a.person(a.own.String()).Avatar,
		}
		next.features, next.domain = a.server.account, a.server.domain
		a.note(StateChanged{next.info})
		a.infoChanged, changed = false, true
	}
	if a.blocked.changed {
		next.blocked, a.blocked.changed = a.blocked.list, false
		a.note(BlockedChanged{a.id})
		changed = true
	}
	if changed {
		a.shown.Store(next)
	}
}

// setState takes over what the link or the account itself says.
func (a *Account) setState(s stream.State) {
	a.state = s
	a.infoChanged = true
}

// online tells whether stanzas go both ways.
func (a *Account) online() bool { return a.link != nil && a.state.Phase == stream.Online }

// client gives the connection, or stream.ErrOffline.
func (a *Account) client() (*stream.Client, error) {
	if !a.online() {
		return nil, stream.ErrOffline
	}
	return a.link.client, nil
}

// wants tells whether the account is to be connected.
func (a *Account) wants() bool {
	return a.ctx.Err() == nil && a.stored.Enabled && a.effective().Show != storage.ShowOffline
}

// reconsider starts or ends the link after anything it depends on changed.
func (a *Account) reconsider() {
	switch {
	case !a.wants() && a.link != nil:
		a.link.cancel()
	case !a.wants():
		a.setState(stream.State{})
	case a.link == nil && !a.fetching:
		a.fetching = true
		a.setState(stream.State{Phase: stream.Connecting})
		forget := a.forget
		a.forget = false
		a.tasks.Go(func() { a.fetchPassword(forget) })
	}
}

// relink ends the link, if there is one, so that the next one uses what was
// changed.
func (a *Account) relink() {
	a.stale = a.fetching
	if a.link != nil {
		a.link.cancel()
	}
	a.reconsider()
}

// fetchPassword asks the secrets, which may take seconds, and goes on. forget
// has it take the token away instead of using it.
func (a *Account) fetchPassword(forget bool) {
	secrets, address := a.m.cfg.Secrets, a.own.String()
	password, err := secrets.Get(PasswordName(address))
	if errors.Is(err, storage.ErrNoSecret) || err == nil && len(password) == 0 {
		err = ErrNoPassword
	}
	get := loadTokens
	if forget {
		get = newTokens
	}
	tokens := get(secrets, tokenName(address), a.log)
	a.post(func() {
		a.fetching = false
		switch {
		case a.stale, !a.wants():
			a.stale = false
			a.reconsider()
		case err != nil:
			a.setState(stream.State{Phase: stream.Failed, Err: err})
		default:
			a.connect(string(password), tokens)
		}
	})
}

// retryLink is Manager.RetryNow.
func (a *Account) retryLink() {
	if a.link != nil {
		a.link.client.Retry()
		return
	}
	a.reconsider()
}

// fullName is the address this device uses; the server may have bound another.
func (a *Account) fullName() string { return a.own.String() + "/" + a.m.cfg.Resource }

// now is the time of the profile's clock.
func (a *Account) now() time.Time { return a.m.cfg.Now() }
