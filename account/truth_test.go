package account

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"linnet/account/stream"
	"linnet/storage"
)

const refusal = "<message type='error' from='%s' id='%s'><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>"

func isPing(e element) bool { return contains(e.Inner, "urn:xmpp:ping") }

// inAccount runs f where nothing else happens to the account.
func (r *running) inAccount(id storage.AccountID, f func(a *Account)) {
	r.t.Helper()
	a, err := r.account(id)
	if err == nil {
		err = a.do(r.t.Context(), func() error { f(a); return nil })
	}
	if err != nil {
		r.t.Fatal(err)
	}
}

// outgoing sends a message to Ann that nothing confirms.
func outgoing(t *testing.T) (*profile, *running, *fakeConn, storage.AccountID, storage.Chat) {
	t.Helper()
	p, r, c, id := withRoster(t)
	p.server.set(func() { p.server.silent = true })
	chat, err := r.OpenChat(id, ann)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Send(t.Context(), chat.ID, Text{Body: "hello"}); err != nil {
		t.Fatal(err)
	}
	return p, r, c, id, chat
}

func (c *fakeConn) confirm(ping element) { c.send("<iq type='result' id='%s'/>", ping.attr("id")) }

func TestEarlierConfirmationDoesNotCountForRetry(t *testing.T) {
	_, r, c, id, chat := outgoing(t)
	m := c.message()
	first := c.find("the ping behind it", isPing)
	c.send(refusal, ann, m.attr("id"))
	failed := r.state(chat.ID, storage.StateFailed)
	if err := r.Retry(t.Context(), chat.ID, failed.Pos); err != nil {
		t.Fatal(err)
	}
	if again := c.message(); again.attr("id") != m.attr("id") {
		t.Errorf("retried as %v", again)
	}
	c.confirm(first)
	second := c.find("the ping behind the retry", isPing)
	c.barrier()
	r.inAccount(id, func(a *Account) { a.confirmSent() })
	if got := r.messages(chat.ID)[0]; got.State != storage.StateWaiting {
		t.Fatalf("the confirmation of the first try made the second %+v", got)
	}
	c.confirm(second)
	r.state(chat.ID, storage.StateSent)
}

func TestRefusedBeforeItsTurnIsRetriedOnce(t *testing.T) {
	p, r, _, id, chat := outgoing(t)
	ctx := t.Context()
	if err := r.SetEnabled(ctx, id, false); err != nil {
		t.Fatal(err)
	}
	for i := range maxInFlight {
		if err := r.Send(ctx, chat.ID, Text{Body: fmt.Sprint("message ", i)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.SetEnabled(ctx, id, true); err != nil {
		t.Fatal(err)
	}
	c := p.server.next()
	last := r.messages(chat.ID)[maxInFlight]
	// It went out on a link before, which the contact's server answers now.
	c.send(refusal, ann, last.ID)
	r.state(chat.ID, storage.StateFailed)
	if err := r.Retry(ctx, chat.ID, last.Pos); err != nil {
		t.Fatal(err)
	}
	p.server.set(func() { p.server.silent = false })
	c.confirm(c.find("a ping", isPing))
	r.state(chat.ID, storage.StateSent)
	c.barrier()
	copies := make(map[string]int)
	for _, e := range c.missed {
		copies[e.attr("id")]++
	}
	if n := copies[last.ID]; n != 1 {
		t.Errorf("sent %d times", n)
	}
}

func TestOutboxPassesWhatIsGone(t *testing.T) {
	p, r, _, id := withRoster(t)
	ctx := t.Context()
	chat, err := r.OpenChat(id, ann)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.SetEnabled(ctx, id, false); err != nil {
		t.Fatal(err)
	}
	for i := range maxInFlight + 1 {
		if err := r.Send(ctx, chat.ID, Text{Body: fmt.Sprint("message ", i)}); err != nil {
			t.Fatal(err)
		}
	}
	p.update(func(tx *storage.Tx) error {
		list, err := tx.MessagesAfter(chat.ID, storage.Pos{}, maxInFlight)
		for i := range list {
			list[i].State = storage.StateFailed
			err = errors.Join(err, tx.PutMessage(&list[i]))
		}
		return err
	})
	if err := r.SetEnabled(ctx, id, true); err != nil {
		t.Fatal(err)
	}
	if m := p.server.next().message(); !contains(m.Inner, fmt.Sprint("message ", maxInFlight)) {
		t.Errorf("sent %v", m)
	}
	r.state(chat.ID, storage.StateSent)
}

func TestDisabledAndRemovedWhileOnItsWay(t *testing.T) {
	p, r, c, id, chat := outgoing(t)
	ctx := t.Context()
	m := c.message()
	same := func(c *fakeConn) {
		t.Helper()
		if again := c.message(); again.attr("id") != m.attr("id") || again.Inner != m.Inner {
			t.Errorf("sent as %v, was %v", again, m)
		}
	}
	for _, on := range []bool{false, true} {
		if err := r.SetEnabled(ctx, id, on); err != nil {
			t.Fatal(err)
		}
		if got := r.messages(chat.ID)[0]; got.State != storage.StateWaiting {
			t.Fatalf("enabled %v: %+v", on, got)
		}
	}
	same(p.server.next())
	if err := r.RemoveAccount(ctx, id, false); err != nil {
		t.Fatal(err)
	}
	p.server.set(func() { p.server.silent = false })
	if _, err := r.AddAccount(ctx, NewAccount{Address: testAddress, Password: "secret"}); err != nil {
		t.Fatal(err)
	}
	same(p.server.next())
	r.state(chat.ID, storage.StateSent)
	r.state(chat.ID, storage.StateSent)
}

// TestFullDiskAtEachCommit has no room at each of the commits in the life of an
// outgoing message.
func TestFullDiskAtEachCommit(t *testing.T) {
	p, r, c, id := withRoster(t)
	ctx := t.Context()
	chat, err := r.OpenChat(id, ann)
	if err != nil {
		t.Fatal(err)
	}
	full := r.fill()
	during := func(what string, f func()) {
		t.Helper()
		r.events = nil
		full.Store(true)
		f()
		r.eventually(what+": StorageFull", r.heard(StorageFull{Full: true}))
		full.Store(false)
	}
	during("send", func() {
		if err := r.Send(ctx, chat.ID, Text{Body: "hello"}); !errors.Is(err, storage.ErrDiskFull) {
			t.Errorf("send: %v", err)
		}
	})
	if n := len(r.messages(chat.ID)); n != 0 {
		t.Fatalf("%d messages", n)
	}
	p.server.set(func() { p.server.silent = true })
	if err := r.Send(ctx, chat.ID, Text{Body: "hello"}); err != nil {
		t.Fatal(err)
	}
	m := c.message()
	during("confirm", func() { c.confirm(c.find("a ping", isPing)) })
	r.state(chat.ID, storage.StateSent)
	during("refuse", func() { c.send(refusal, ann, m.attr("id")) })
	failed := r.state(chat.ID, storage.StateFailed)
	during("retry", func() {
		if err := r.Retry(ctx, chat.ID, failed.Pos); !errors.Is(err, storage.ErrDiskFull) {
			t.Errorf("retry: %v", err)
		}
	})
	if got := r.messages(chat.ID)[0]; got.State != storage.StateFailed {
		t.Errorf("after a retry that failed: %+v", got)
	}
	if err := r.Retry(ctx, chat.ID, failed.Pos); err != nil {
		t.Fatal(err)
	}
	c.message()
	c.confirm(c.find("a ping", isPing))
	r.state(chat.ID, storage.StateSent)
	c.barrier()
	for _, e := range c.missed {
		if e.XMLName.Local == "message" {
			t.Errorf("sent too: %v", e)
		}
	}
}

func TestReasons(t *testing.T) {
	for _, x := range []struct {
		in              stream.StanzaError
		condition, text string
	}{
		{stream.StanzaError{Condition: "gone"}, "gone", ""},
		{stream.StanzaError{Condition: "gone", Text: "To: elsewhere"}, "gone", "To: elsewhere"},
		{stream.StanzaError{Text: "No"}, undefinedCondition, "No"},
		{stream.StanzaError{Condition: "a:b", Text: "c"}, undefinedCondition, "c"},
	} {
		if c, s := SplitReason(reasonOf(x.in)); c != x.condition || s != x.text {
			t.Errorf("%+v became %q, %q", x.in, c, s)
		}
	}
}

// counted counts the transactions that were written from now on.
func (r *running) counted(id storage.AccountID) *atomic.Int32 {
	n := new(atomic.Int32)
	r.inAccount(id, func(a *Account) {
		commit := r.commit
		r.Manager.commit = func(f func(*storage.Tx) error) error {
			err := commit(f)
			if err == nil {
				n.Add(1)
			}
			return err
		}
	})
	return n
}

func TestWhatChangesNothingIsNotWritten(t *testing.T) {
	_, r, c, id := withRoster(t)
	c.send("<message type='chat' from='ann@example.org/x' id='1'><body>hello</body></message>")
	c.barrier()
	writes := r.counted(id)
	for i := range 20 {
		c.send("<message type='chat' from='ann@example.org/x' id='1'><body>hello</body></message>")
		c.send(refusal, "evil@bad.example", fmt.Sprint(i))
		c.send(refusal, ann, fmt.Sprint(i))
		c.barrier()
	}
	if n := writes.Load(); n != 0 {
		t.Errorf("%d transactions", n)
	}
}

func TestSameWordsLater(t *testing.T) {
	_, r, c, id := withRoster(t)
	send := func(more string) {
		c.send("<message type='chat' from='ann@example.org/x' id='1'><body>Backup done</body>%s</message>", more)
		c.barrier()
	}
	const origin = "<origin-id xmlns='urn:xmpp:sid:0' id='unique'/>"
	send("")
	send("")
	send(origin)
	r.inAccount(id, func(a *Account) {
		r.cfg.Now = func() time.Time { return time.Now().Add(24 * time.Hour) }
	})
	send("")
	send(origin)
	if n := len(r.messages(r.chat(ann).ID)); n != 3 {
		t.Errorf("%d messages, want one a day and one with an id that is unique", n)
	}
}

func TestPanicCostsWhatCausedIt(t *testing.T) {
	_, r, c, id := withRoster(t)
	r.inAccount(id, func(a *Account) {
		commit := r.commit
		r.Manager.commit = func(f func(*storage.Tx) error) error {
			return commit(func(tx *storage.Tx) error {
				err := f(tx)
				if chat, ok, _ := tx.FindChat(id, ann); ok && chat.Last.Text == "bad" {
					panic("test")
				}
				return err
			})
		}
	})
	for i, body := range []string{"bad", "good"} {
		c.send("<message type='chat' from='ann@example.org/x' id='%d'><body>%s</body></message>", i, body)
		c.barrier()
	}
	if list := r.messages(r.chat(ann).ID); len(list) != 1 || list[0].Body != "good" {
		t.Errorf("stored: %+v", list)
	}
}

// asKilled is the profile as a process that is killed now would leave it: what
// is on the disk, and nothing of what was in memory.
func (p *profile) asKilled() *profile {
	p.t.Helper()
	path := filepath.Join(p.t.TempDir(), "archive")
	err := p.store.View(func(*storage.Tx) error { // nothing on the disk is used anew meanwhile
		b, err := os.ReadFile(p.path)
		if err != nil {
			return err
		}
		return os.WriteFile(path, b, 0o600)
	})
	if err != nil {
		p.t.Fatal(err)
	}
	next := openProfile(p.t, path, p.stream)
	next.server, next.secrets = p.server, p.secrets
	return next
}

func TestKilledOnTheWay(t *testing.T) {
	p, r, c, _, chat := outgoing(t)
	ctx := t.Context()
	first := c.message()
	for i := range 3 {
		if err := r.Send(ctx, chat.ID, Text{Body: fmt.Sprint("then ", i)}); err != nil {
			t.Fatal(err)
		}
	}
	unconfirmed := p.asKilled()
	sent := []element{first, c.message(), c.message(), c.message()}
	p.server.set(func() { p.server.silent = false })
	c.confirm(c.find("a ping", isPing))
	r.state(chat.ID, storage.StateSent)
	confirmed := p.asKilled()
	r.stop()

	again := unconfirmed.run()
	for _, m := range again.messages(chat.ID) {
		if m.State == storage.StateSent {
			t.Errorf("shown as sent before anybody said so: %+v", m)
		}
	}
	c = p.server.next()
	for i, was := range sent {
		if m := c.message(); m.attr("id") != was.attr("id") || m.Inner != was.Inner {
			t.Errorf("message %d is sent as %v, was %v", i, m, was)
		}
	}
	again.state(chat.ID, storage.StateSent)
	again.stop()

	again = confirmed.run()
	c = p.server.next()
	c.presence("")
	c.barrier()
	for _, e := range c.missed {
		if e.XMLName.Local == "message" {
			t.Errorf("sent although it was confirmed: %v", e)
		}
	}
	for _, m := range again.messages(chat.ID) {
		if m.State != storage.StateSent {
			t.Errorf("after the restart: %+v", m)
		}
	}
}
