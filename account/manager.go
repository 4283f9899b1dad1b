// Package account keeps the accounts of a profile signed in and tells the
// window what happens on them. A Manager holds one Account for each stored
// account; each owns its state in one goroutine. The window reads snapshots,
// gives orders and listens to events; it never sees a stanza.
package account

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"linnet/account/stream"
	"linnet/storage"
)

// Config is what a Manager works with. Store, Secrets and Resource must be
// given.
type Config struct {
	Store    *storage.Store
	Secrets  storage.Secrets
	Log      *slog.Logger // nil: none; never sees bodies or passwords
	Version  string       // told to who may ask (XEP-0092)
	Resource string       // "linnet." and a tail that is kept per profile

	// Now is the clock; nil means time.Now.
	Now func() time.Time

	// Stream may change how connections are made (roots, dialer) before each
	// is used; nil changes nothing. It is called from several goroutines.
	Stream func(*stream.Config)
}

// Manager holds the accounts of a profile. Its methods are safe for concurrent
// use. Those that take a context or return an error use disk or network and
// belong on no goroutine that draws.
type Manager struct {
	cfg    Config
	log    *slog.Logger
	queue  *eventQueue
	status atomic.Pointer[storage.Status]
	full   fullGauge

	decoding sync.Mutex // one picture at a time: it takes memory

	viewing atomic.Uint32 // the conversation the user looks at
	typing  typingOrders

	// What tests replace: Store.Update, and the constants of the names.
	commit    func(func(*storage.Tx) error) error
	fullRetry time.Duration
	lookAgain time.Duration
	httpWait  time.Duration

	unaskedTime time.Duration
	pageTime    time.Duration

	ready chan struct{} // closed when Run has loaded the accounts
	done  chan struct{} // closed when Run returns

	changing sync.Mutex // held while accounts are added, removed or edited
	mu       sync.Mutex // guards what follows, never held for long
	ctx      context.Context
	stopped  bool // nothing is started any more
	idle     bool // nobody looks: see SetActive
	accounts map[storage.AccountID]*Account
	running  sync.WaitGroup
}

// NewManager makes a Manager; nothing happens before Run.
func NewManager(cfg Config) *Manager {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	m := &Manager{
		cfg:      cfg,
		log:      cfg.Log,
		queue:    newEventQueue(),
		ready:    make(chan struct{}),
		done:     make(chan struct{}),
		accounts: make(map[storage.AccountID]*Account),
		typing:   typingOrders{wake: make(chan struct{}, 1), states: make(map[storage.ChatID]ChatState)},
		commit:   cfg.Store.Update,

		fullRetry: fullRetry,
		lookAgain: lookAgain,
		httpWait:  httpWait,

		unaskedTime: unaskedTime,
		pageTime:    pageTime,
	}
	m.status.Store(new(storage.Status))
	return m
}

// Run loads the accounts, signs the enabled ones in and keeps them so until
// ctx ends; it returns after the last goroutine has ended. It is called once.
// Its error means that the storage could not be read.
func (m *Manager) Run(ctx context.Context) error {
	defer close(m.done)
	defer close(m.queue.out)
	stored, removed, err := m.load()
	if err != nil {
		return err
	}
	for id, erase := range removed {
		if !erase {
			continue
		}
		if err := m.erase(id); err != nil {
			m.log.Warn("could not go on erasing a removed account", "account", id, "err", err)
		}
	}
	m.mu.Lock()
	m.ctx = ctx
	for _, a := range stored {
		m.start(a)
	}
	m.mu.Unlock()
	m.running.Go(func() { m.tellTyping(ctx) })
	if err := m.cfg.Store.SweepFiles(); err != nil {
		m.log.Warn("could not clear away old files", "err", err)
	}
	close(m.ready)
	m.emit(Reset{})
	m.queue.pump(ctx)
	m.mu.Lock()
	m.stopped = true
	m.mu.Unlock()
	m.running.Wait()
	return nil
}

// load reads the accounts, with all an Account needs to begin, those that are
// removed, and the common status.
func (m *Manager) load() (list []*Account, removed removedAccounts, err error) {
	err = m.cfg.Store.View(func(tx *storage.Tx) error {
		status, err := loadStatus(tx)
		if err != nil {
			return err
		}
		m.status.Store(&status)
		if removed, err = loadRemoved(tx); err != nil {
			return err
		}
		stored, err := tx.Accounts()
		if err != nil {
			return err
		}
		for _, s := range stored {
			if _, gone := removed[s.ID]; gone {
				continue
			}
			a, err := loadAccount(m, tx, s)
			if err != nil {
				return err
			}
			list = append(list, a)
		}
		return nil
	})
	if err != nil {
		return nil, nil, fmt.Errorf("load accounts: %w", err)
	}
	return list, removed, nil
}

// start runs a; m.mu is held.
func (m *Manager) start(a *Account) bool {
	if m.stopped {
		return false
	}
	m.accounts[a.id] = a
	m.running.Go(func() { a.run(m.ctx) })
	return true
}

// wait returns when the accounts are loaded.
func (m *Manager) wait(ctx context.Context) error {
	select {
	case <-m.ready:
		return nil
	case <-m.done:
		return ErrStopped
	case <-ctx.Done():
		return ctx.Err()
	}
}

// account gives a running account.
func (m *Manager) account(id storage.AccountID) (*Account, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if a := m.accounts[id]; a != nil {
		return a, nil
	}
	return nil, ErrNoAccount
}

// list gives all running accounts by id.
func (m *Manager) list() []*Account {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.SortedFunc(maps.Values(m.accounts), func(a, b *Account) int { return cmp.Compare(a.id, b.id) })
}

// do runs f in the goroutine of the account and returns its error.
func (m *Manager) do(ctx context.Context, id storage.AccountID, f func(*Account) error) error {
	if err := m.wait(ctx); err != nil {
		return err
	}
	a, err := m.account(id)
	if err != nil {
		return err
	}
	return a.do(ctx, func() error { return f(a) })
}

func (m *Manager) emit(events ...Event) { m.queue.add(events...) }

// Events is where the changes come from, in batches, for one consumer. It is
// closed when Run returns. The first batch after Run began holds Reset.
func (m *Manager) Events() <-chan []Event { return m.queue.out }

// Accounts gives all accounts in the order they were added. It reads no disk.
func (m *Manager) Accounts() []Info {
	list := m.list()
	infos := make([]Info, len(list))
	for i, a := range list {
		infos[i] = a.shown.Load().info
	}
	return infos
}

// Contacts gives the roster of an account sorted by JID; nil for an account
// that does not exist. It reads no disk.
func (m *Manager) Contacts(id storage.AccountID) []Contact {
	a, err := m.account(id)
	if err != nil {
		return nil
	}
	s := a.shown.Load()
	contacts := make([]Contact, len(s.contacts))
	for i, c := range s.contacts {
		contacts[i] = *c
	}
	return contacts
}

// Contact gives the roster entry of one bare JID. It reads no disk.
func (m *Manager) Contact(id storage.AccountID, jid string) (Contact, bool) {
	a, err := m.account(id)
	if err != nil {
		return Contact{}, false
	}
	return a.shown.Load().contact(jid)
}

// Requests gives the subscription requests that wait for an answer, by account
// and age. It reads no disk.
func (m *Manager) Requests() []Request {
	var all []Request
	for _, a := range m.list() {
		for _, r := range a.shown.Load().requests {
			all = append(all, Request{Account: a.id, Request: r})
		}
	}
	return all
}

// Status gives the common status. It reads no disk.
func (m *Manager) Status() storage.Status { return *m.status.Load() }

// RetryNow makes an account connect at once instead of waiting for its next
// try. One that is connected checks its link. It does not wait.
func (m *Manager) RetryNow(id storage.AccountID) {
	a, err := m.account(id)
	if err != nil {
		return
	}
	select {
	case a.retry <- struct{}{}:
	default: // it is about to
	}
}

// fullGauge remembers whether the disk is full, so that its end is told once.
type fullGauge struct {
	mu   sync.Mutex
	full bool
}

// update is one transaction of the store. It tells when the disk is full and
// when it no longer is.
func (m *Manager) update(f func(*storage.Tx) error) error {
	err := m.commit(f)
	m.tellFull(err)
	return err
}

// tellFull takes the outcome of every transaction.
func (m *Manager) tellFull(err error) {
	full := errors.Is(err, storage.ErrDiskFull)
	if err != nil && !full {
		return
	}
	m.full.mu.Lock()
	defer m.full.mu.Unlock()
	switch {
	case full:
		m.emit(StorageFull{Full: true, RetryAt: m.cfg.Now().Add(m.fullRetry)})
	case m.full.full:
		m.emit(StorageFull{})
	}
	m.full.full = full
}
