package account

import (
	"errors"
	"slices"
	"strconv"
	"testing"

	"linnet/account/stream"
	"linnet/storage"
)

// TestResumedLinkGoesOn loses a link under a stream that goes on: what was with
// the server is not sent again, what was written meanwhile is sent once, and who
// was there is there again without a word.
func TestResumedLinkGoesOn(t *testing.T) {
	p := newProfile(t)
	p.server.set(func() {
		p.server.managed, p.server.silent = true, true
		p.server.roster = func(string) string { return rosterOfTwo }
	})
	id := p.addStored()
	r := p.run()
	c := p.server.next()
	r.eventually("the roster", func() bool { return len(r.Contacts(id)) == 2 })
	c.send("<presence from='ann@example.org/x'/>")
	r.is("there", id, ann, func(c Contact) bool { return c.Best.Show == storage.ShowOnline })
	chat, err := r.OpenChat(id, ann)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Send(t.Context(), chat.ID, Text{Body: "before"}); err != nil {
		t.Fatal(err)
	}
	before := c.message()
	held := make(chan struct{})
	p.server.set(func() { p.server.held = held; p.server.counted-- })
	c.cut()
	r.eventually("offline", func() bool { return r.phase(id).Phase != stream.Online })
	r.is("hidden", id, ann, func(c Contact) bool { return c.Best.Show == storage.ShowOffline && !c.LastSeen.IsZero() })
	if err := r.Send(t.Context(), chat.ID, Text{Body: "meanwhile"}); err != nil {
		t.Fatal(err)
	}
	close(held)
	c = p.server.next()
	if !c.resumed {
		t.Fatal("a new stream")
	}
	if m := c.message(); m.attr("id") != before.attr("id") { // the server has said that it does not have it
		t.Errorf("first came %v", m)
	}
	if m := c.message(); !contains(m.Inner, "meanwhile") {
		t.Errorf("then came %v", m)
	}
	r.is("there again", id, ann, func(c Contact) bool { return c.Best.Show == storage.ShowOnline })
	p.server.set(func() { c.send("<a xmlns='urn:xmpp:sm:3' h='%d'/>", p.server.counted) })
	r.eventually("all sent", func() bool {
		for _, m := range r.messages(chat.ID) {
			if m.State != storage.StateSent {
				return false
			}
		}
		return true
	})
	c.barrier()
	for _, e := range c.missed {
		if e.XMLName.Local == "message" {
			t.Errorf("sent again: %v", e)
		}
	}
}

// withManaged is withRoster on a stream that can be resumed. Nothing is under
// way any more: base is what the client has handled.
func withManaged(t *testing.T) (p *profile, r *running, c *fakeConn, base int) {
	t.Helper()
	p = newProfile(t)
	p.server.set(func() {
		p.server.managed = true
		p.server.roster = func(string) string { return rosterOfTwo }
	})
	r, c, id := p.online()
	r.eventually("the roster", func() bool { return len(r.Contacts(id)) == 2 })
	r.synced(id)
	c.barrier()
	p.server.set(func() { base = p.server.given + 1 })
	// The answer to the barrier leaves before the barrier counts as handled.
	r.eventually("all handled", func() bool { return c.handled() == base })
	return p, r, c, base
}

// onResume is how many answers come on a stream that goes on: the server's time.
const onResume = 1

func fromAnn(body string) string {
	return "<message type='chat' from='ann@example.org/x' id='id " + body + "'><body>" + body + "</body></message>"
}

// bodies gives what is stored of a conversation.
func (r *running) bodies(address string) (all []string) {
	r.t.Helper()
	chats, err := r.Chats()
	if err != nil {
		r.t.Fatal(err)
	}
	for _, c := range chats {
		if c.JID == address {
			for _, m := range r.messages(c.ID) {
				all = append(all, m.Body)
			}
		}
	}
	return all
}

// TestFullDiskOnManagedStream holds that what a full disk refuses counts as not
// handled, also when the link is lost meanwhile.
func TestFullDiskOnManagedStream(t *testing.T) {
	p, r, c, base := withManaged(t)
	full := r.fill()
	full.Store(true)
	flood := fromAnn("one") + fromAnn("two") + fromAnn("three")
	c.send("%s", flood)
	r.eventually("StorageFull", r.heard(StorageFull{Full: true}))
	if n := c.handled(); n != base {
		t.Errorf("%d stanzas count as handled", n-base)
	}
	c.cut()
	c = p.server.next()
	if c.since != strconv.Itoa(base) {
		t.Errorf("resumed behind %s, not %d", c.since, base)
	}
	c.send("%s", flood)
	if n := c.handled(); n != base {
		t.Errorf("%d stanzas count as handled on the next link", n-base)
	}
	full.Store(false)
	want := []string{"one", "two", "three"}
	r.eventually("the messages", func() bool { return slices.Equal(r.bodies(ann), want) })
	r.synced(r.Accounts()[0].ID)
	r.eventually("what was handled", func() bool { return c.handled() == base+3+onResume })
	if got := r.chat(ann); got.Unread != 3 {
		t.Errorf("row: %+v", got)
	}
	c.barrier()
	if got := r.bodies(ann); !slices.Equal(got, want) {
		t.Errorf("stored %q", got)
	}
}

// TestBatchFailsHalfWay has the disk refuse one message of several: those before
// it do not come again, those behind it are not lost.
func TestBatchFailsHalfWay(t *testing.T) {
	p, r, c, base := withManaged(t)
	full := r.fill()
	refusals := 0
	id := r.Accounts()[0].ID
	r.inAccount(id, func(*Account) {
		commit := r.commit
		r.Manager.commit = func(f func(*storage.Tx) error) error {
			return commit(func(tx *storage.Tx) error {
				err := f(tx)
				chat, _, _ := tx.FindChat(id, ann)
				if _, odd, _ := tx.FindMessage(chat.ID, storage.ByID, "id odd"); odd && refusals < 2 {
					refusals++ // the batch, and then this one alone
					return errors.New("test: a page that cannot be read")
				}
				return err
			})
		}
	})
	full.Store(true)
	c.send("%s", fromAnn("first"))
	r.eventually("StorageFull", r.heard(StorageFull{Full: true}))
	c.send("%s", fromAnn("even")+fromAnn("odd")+fromAnn("last"))
	c.handled() // and so all of them wait for the disk
	full.Store(false)
	c = p.server.next()
	if c.since != strconv.Itoa(base+2) {
		t.Errorf("resumed behind %s, not %d", c.since, base+2)
	}
	c.send("%s", fromAnn("odd")+fromAnn("last"))
	want := []string{"first", "even", "odd", "last"}
	r.eventually("the messages", func() bool { return slices.Equal(r.bodies(ann), want) })
	r.synced(id)
	r.eventually("what was handled", func() bool { return c.handled() == base+4+onResume })
}

// A stanza that breaks the account breaks it each time: it neither comes again
// nor ends the link.
func TestPanicOnManagedStream(t *testing.T) {
	_, r, c, base := withManaged(t)
	id := r.Accounts()[0].ID
	r.inAccount(id, func(*Account) {
		commit := r.commit
		r.Manager.commit = func(f func(*storage.Tx) error) error {
			return commit(func(tx *storage.Tx) error {
				err := f(tx)
				chat, _, _ := tx.FindChat(id, ann)
				if _, bad, _ := tx.FindMessage(chat.ID, storage.ByID, "id bad"); bad {
					panic("test")
				}
				return err
			})
		}
	})
	c.send("%s", fromAnn("bad")+fromAnn("good"))
	r.eventually("the good one", func() bool { return slices.Equal(r.bodies(ann), []string{"good"}) })
	r.eventually("what was handled", func() bool { return c.handled() == base+2 })
}

// is waits until a contact is as f wants.
func (r *running) is(what string, id storage.AccountID, jid string, f func(Contact) bool) {
	r.t.Helper()
	r.eventually(jid+" "+what, func() bool {
		c, ok := r.Contact(id, jid)
		return ok && f(c)
	})
}
