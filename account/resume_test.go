package account

import (
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
	if err := r.Send(t.Context(), chat.ID, "before"); err != nil {
		t.Fatal(err)
	}
	before := c.message()
	held := make(chan struct{})
	p.server.set(func() { p.server.held = held; p.server.counted-- })
	c.cut()
	r.eventually("offline", func() bool { return r.phase(id).Phase != stream.Online })
	r.is("hidden", id, ann, func(c Contact) bool { return c.Best.Show == storage.ShowOffline && !c.LastSeen.IsZero() })
	if err := r.Send(t.Context(), chat.ID, "meanwhile"); err != nil {
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
