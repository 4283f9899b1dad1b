package account

import (
	"errors"
	"fmt"
	"sync/atomic"
	"testing"

	"linnet/storage"
)

// fill makes every transaction fail for lack of room while the value is true.
func (r *running) fill() *atomic.Bool {
	full := new(atomic.Bool)
	commit := r.commit
	a := r.list()[0]
	if err := a.do(r.t.Context(), func() error {
		r.Manager.commit = func(f func(*storage.Tx) error) error {
			if full.Load() {
				return fmt.Errorf("test: %w", storage.ErrDiskFull)
			}
			return commit(f)
		}
		return nil
	}); err != nil {
		r.t.Fatal(err)
	}
	return full
}

func (r *running) heard(want StorageFull) func() bool {
	return func() bool {
		for _, e := range r.events {
			if e, ok := e.(StorageFull); ok && e.Full == want.Full {
				return true
			}
		}
		return false
	}
}

func TestFullDiskLosesNothing(t *testing.T) {
	_, r, c, id := withRoster(t)
	chat, err := r.OpenChat(id, ann)
	if err != nil {
		t.Fatal(err)
	}
	full := r.fill()
	full.Store(true)
	for i := range 3 {
		c.send("<message type='chat' from='ann@example.org/x' id='f%d'><body>message %d</body></message>", i, i)
	}
	r.eventually("StorageFull", r.heard(StorageFull{Full: true}))
	if err := r.Send(t.Context(), chat.ID, Text{Body: "x"}); !errors.Is(err, storage.ErrDiskFull) {
		t.Errorf("Send on a full disk: %v", err)
	}
	if n := len(r.messages(chat.ID)); n != 0 {
		t.Errorf("%d messages stored on a full disk", n)
	}
	r.events = nil
	full.Store(false)
	r.eventually("the messages", func() bool { return len(r.messages(chat.ID)) == 3 })
	r.eventually("room again", r.heard(StorageFull{Full: false}))
	if got := r.chat(ann); got.Unread != 3 {
		t.Errorf("row: %+v", got)
	}
}

func TestConfirmationOnFullDiskIsNotSentTwice(t *testing.T) {
	p, r, c, id := withRoster(t)
	chat, err := r.OpenChat(id, ann)
	if err != nil {
		t.Fatal(err)
	}
	full := r.fill()
	p.server.set(func() { p.server.silent = true })
	if err := r.Send(t.Context(), chat.ID, Text{Body: "once"}); err != nil {
		t.Fatal(err)
	}
	c.message()
	ping := c.find("the ping behind it", func(e element) bool { return contains(e.Inner, "urn:xmpp:ping") })
	full.Store(true)
	c.send("<iq type='result' id='%s'/>", ping.attr("id"))
	r.eventually("StorageFull", r.heard(StorageFull{Full: true}))
	c.cut()
	c = p.server.next()
	c.presence("")
	full.Store(false)
	r.state(chat.ID, storage.StateSent)
	c.barrier()
	for _, e := range c.missed {
		if e.XMLName.Local == "message" {
			t.Errorf("sent again: %v", e)
		}
	}
}

func TestRosterOnFullDiskIsStoredLater(t *testing.T) {
	p := newProfile(t)
	id := p.addStored()
	release := make(chan struct{})
	p.server.roster = func(ver string) string {
		if ver == "8" {
			return "" // nothing has changed
		}
		<-release
		return rosterOfTwo
	}
	r := p.run()
	c := p.server.next()
	full := r.fill()
	full.Store(true)
	close(release)
	r.eventually("the roster", func() bool { return len(r.Contacts(id)) == 2 })
	c.presence("")
	full.Store(false)
	c.send("<iq type='set' id='p1'><query xmlns='jabber:iq:roster' ver='8'><item jid='cleo@example.org' subscription='to'/></query></iq>")
	c.barrier()
	r.stop()
	if got := p.run().Contacts(id); len(got) != 3 {
		t.Errorf("after a restart: %v", got)
	}
}
