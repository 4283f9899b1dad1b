package account

import (
	"context"
	"encoding/base64"
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"linnet/account/stream"
	"linnet/storage"
)

var base64Std = base64.StdEncoding

// profile is what a Manager stands on; it outlives the Manager.
type profile struct {
	t       testing.TB
	path    string // of the archive
	store   *storage.Store
	secrets storage.Secrets
	server  *fakeServer // nil with newProfileOn
	stream  func(*stream.Config)
	change  func(*Manager) // before it runs
}

// running is a Manager that runs, with its events.
type running struct {
	*Manager
	t      testing.TB
	stop   func()
	events []Event
}

// newProfile is a profile whose accounts live on a server of its own.
func newProfile(t testing.TB) *profile {
	t.Helper()
	server := newFakeServer(t)
	p := newProfileOn(t, server.config)
	p.server = server
	return p
}

func newProfileOn(t testing.TB, config func(*stream.Config)) *profile {
	t.Helper()
	return openProfile(t, filepath.Join(t.TempDir(), "archive"), config)
}

func openProfile(t testing.TB, path string, config func(*stream.Config)) *profile {
	t.Helper()
	store, err := storage.Open(path, make([]byte, 32), storage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	return &profile{t: t, path: path, store: store, secrets: storage.Forgetful(), stream: config}
}

// addStored puts the test's account in place as an earlier run would have.
func (p *profile) addStored() storage.AccountID {
	p.t.Helper()
	stored := storage.Account{Address: testAddress, Enabled: true}
	p.update(func(tx *storage.Tx) error { return tx.PutAccount(&stored) })
	if err := p.secrets.Set(PasswordName(testAddress), []byte("secret")); err != nil {
		p.t.Fatal(err)
	}
	return stored.ID
}

func (p *profile) update(f func(*storage.Tx) error) {
	p.t.Helper()
	if err := p.store.Update(f); err != nil {
		p.t.Fatal(err)
	}
}

// run starts a Manager and stops it at the end of the test, if stop was not
// called before.
func (p *profile) run() *running {
	p.t.Helper()
	m := NewManager(Config{
		Store: p.store, Secrets: p.secrets, Version: "1.2.3", Resource: "linnet.test",
		Stream: p.stream,
		Log:    slog.New(slog.NewTextHandler(p.t.Output(), &slog.HandlerOptions{Level: slog.LevelInfo})),
	})
	m.fullRetry, m.httpWait = 50*time.Millisecond, time.Millisecond
	if p.change != nil {
		p.change(m)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- m.Run(ctx) }()
	stopped := false
	r := &running{Manager: m, t: p.t, stop: func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		select {
		case err := <-ended:
			if err != nil {
				p.t.Errorf("Run: %v", err)
			}
		case <-time.After(testPatient):
			p.t.Error("Run does not end")
		}
	}}
	p.t.Cleanup(r.stop)
	if err := m.wait(ctx); err != nil {
		p.t.Fatal(err)
	}
	return r
}

// online runs a Manager with the stored account and gives the server's side,
// once the initial presence is out and the roster is there.
func (p *profile) online() (*running, *fakeConn, storage.AccountID) {
	p.t.Helper()
	id, ok := storage.AccountID(0), false
	if p.store.View(func(tx *storage.Tx) error {
		all, err := tx.Accounts()
		if ok = len(all) > 0; ok {
			id = all[0].ID
		}
		return err
	}); !ok {
		id = p.addStored()
	}
	r := p.run()
	c := p.server.next()
	c.presence("")
	return r, c, id
}

// synced waits until an account knows what its server can do, and has what its
// archive has.
func (r *running) synced(id storage.AccountID) {
	r.t.Helper()
	r.eventually("up to date", func() bool {
		var ended chan struct{}
		r.inAccount(id, func(a *Account) { ended = a.archive.sync.ended })
		select {
		case <-ended:
			return true
		default:
			return false
		}
	})
}

// eventually waits for a condition that events may bring about.
func (r *running) eventually(what string, f func() bool) {
	r.t.Helper()
	deadline := time.After(testPatient)
	for !f() {
		select {
		case batch := <-r.Events():
			r.events = append(r.events, batch...)
		case <-time.After(5 * time.Millisecond): // not everything has an event
		case <-deadline:
			r.t.Fatalf("did not happen: %s", what)
		}
	}
}

// chat gives the conversation with an address, which must be there.
func (r *running) chat(address string) storage.Chat {
	r.t.Helper()
	chats, err := r.Chats()
	if err != nil {
		r.t.Fatal(err)
	}
	for _, c := range chats {
		if c.JID == address {
			return c
		}
	}
	r.t.Fatalf("no conversation with %s", address)
	return storage.Chat{}
}

func (r *running) messages(chat storage.ChatID) []storage.Message {
	r.t.Helper()
	page, err := r.Before(chat, storage.Pos{}, 1000)
	if err != nil {
		r.t.Fatal(err)
	}
	return page.Messages
}

func (r *running) phase(id storage.AccountID) stream.State {
	for _, i := range r.Accounts() {
		if i.ID == id {
			return i.State
		}
	}
	return stream.State{}
}

func TestAddAccountAndRemove(t *testing.T) {
	p := newProfile(t)
	r := p.run()
	ctx := t.Context()
	id, err := r.AddAccount(ctx, NewAccount{Address: " ME@Example.TEST ", Password: "secret"})
	if err != nil {
		t.Fatal(err)
	}
	c := p.server.next()
	c.presence("")
	r.eventually("online", func() bool { return r.phase(id).Phase == stream.Online })
	if _, err := r.AddAccount(ctx, NewAccount{Address: testAddress, Password: "x"}); !errors.Is(err, ErrAccountExists) {
		t.Errorf("added twice: %v", err)
	}
	chat, err := r.OpenChat(id, "friend@example.org")
	if err != nil {
		t.Fatal(err)
	}
	if err := r.RemoveAccount(ctx, id, false); err != nil {
		t.Fatal(err)
	}
	c.presence("unavailable")
	if n := len(r.Accounts()); n != 0 {
		t.Errorf("%d accounts after removal", n)
	}
	if chats, err := r.Chats(); err != nil || len(chats) != 0 {
		t.Errorf("conversations of a removed account: %v, %v", chats, err)
	}
	if _, err := p.secrets.Get(PasswordName(testAddress)); !errors.Is(err, storage.ErrNoSecret) {
		t.Errorf("the password is still there: %v", err)
	}
	again, err := r.AddAccount(ctx, NewAccount{Address: testAddress, Password: "secret"})
	if err != nil || again != id {
		t.Fatalf("added again as %d, %v; was %d", again, err, id)
	}
	if got := r.chat("friend@example.org"); got.ID != chat.ID {
		t.Errorf("conversation %d, want %d", got.ID, chat.ID)
	}
	if err := r.RemoveAccount(ctx, id, true); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Chat(chat.ID); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("conversation after erasing: %v", err)
	}
}

func TestEraseGoesOnAtStart(t *testing.T) {
	p := newProfile(t)
	id := p.addStored()
	p.update(func(tx *storage.Tx) error { return removedAccounts{id: true}.save(tx) })
	r := p.run()
	if n := len(r.Accounts()); n != 0 {
		t.Errorf("%d accounts", n)
	}
	err := p.store.View(func(tx *storage.Tx) error {
		_, err := tx.Account(id)
		return err
	})
	if !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("the account is still stored: %v", err)
	}
}

func TestCheckSignIn(t *testing.T) {
	p := newProfile(t)
	r := p.run()
	ctx := t.Context()
	if err := r.CheckSignIn(ctx, NewAccount{Address: testAddress, Password: "secret"}); err != nil {
		t.Errorf("right password: %v", err)
	}
	p.server.next()
	var auth *stream.AuthError
	err := r.CheckSignIn(ctx, NewAccount{Address: testAddress, Password: "wrong"})
	if !errors.As(err, &auth) || auth.Reason != stream.AuthWrongPassword {
		t.Errorf("wrong password: %v", err)
	}
	if err := r.CheckSignIn(ctx, NewAccount{Address: "nobody", Password: "x"}); !errors.Is(err, ErrAddressNoAt) {
		t.Errorf("bad address: %v", err)
	}
	if err := r.CheckSignIn(ctx, NewAccount{Address: testAddress}); !errors.Is(err, ErrNoPassword) {
		t.Errorf("no password: %v", err)
	}
	if n := len(r.Accounts()); n != 0 {
		t.Errorf("%d accounts stored", n)
	}
}

func TestPasswordMissingAndWrong(t *testing.T) {
	p := newProfile(t)
	id := p.addStored()
	if err := p.secrets.Delete(PasswordName(testAddress)); err != nil {
		t.Fatal(err)
	}
	r := p.run()
	r.eventually("failed without a password", func() bool {
		s := r.phase(id)
		return s.Phase == stream.Failed && errors.Is(s.Err, ErrNoPassword)
	})
	if err := r.SetPassword(t.Context(), id, "wrong"); err != nil {
		t.Fatal(err)
	}
	r.eventually("failed with the wrong one", func() bool {
		var auth *stream.AuthError
		s := r.phase(id)
		return s.Phase == stream.Failed && errors.As(s.Err, &auth)
	})
	if err := r.SetPassword(t.Context(), id, "secret"); err != nil {
		t.Fatal(err)
	}
	p.server.next().presence("")
	r.eventually("online", func() bool { return r.phase(id).Phase == stream.Online })
}

func TestDisable(t *testing.T) {
	p := newProfile(t)
	r, c, id := p.online()
	if err := r.SetEnabled(t.Context(), id, false); err != nil {
		t.Fatal(err)
	}
	c.presence("unavailable")
	r.eventually("stopped", func() bool { return r.phase(id).Phase == stream.Stopped })
	if err := r.SetEnabled(t.Context(), id, true); err != nil {
		t.Fatal(err)
	}
	p.server.next().presence("")
}

func TestCallsAfterStop(t *testing.T) {
	p := newProfile(t)
	r, _, id := p.online()
	r.stop()
	if err := r.SetEnabled(t.Context(), id, false); !errors.Is(err, ErrStopped) {
		t.Errorf("got %v", err)
	}
	for range r.Events() { // is closed
	}
}

func contains(s string, parts ...string) bool {
	for _, p := range parts {
		if !strings.Contains(s, p) {
			return false
		}
	}
	return true
}
