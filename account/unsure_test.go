package account

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"linnet/account/stream"
	"linnet/storage"

	"mellium.im/xmpp/jid"
)

// TestLostStreamLeavesItsQuestion has the stream end on which the archive was
// asked for messages that may have been sent: the next one has to ask, too,
// before it sends any of them again.
func TestLostStreamLeavesItsQuestion(t *testing.T) {
	_, r, _, id, _ := outgoing(t)
	var a *Account
	r.inAccount(id, func(in *Account) {
		a = in
		a.outbox.held, a.outbox.doubt = true, true
	})
	ended := stream.New(stream.Config{JID: jid.MustParse(testAddress)}, &trial{})
	a.releaseOutbox(t.Context(), ended)
	r.inAccount(id, func(a *Account) {
		if !a.outbox.held || !a.outbox.doubt {
			t.Error("what the archive was not asked for is sent again")
		}
	})
}

// keepAs has the archive keep a message of ours as it was sent.
func (f *fakeArchive) keepAs(id string, c *fakeConn, at time.Time, m element) {
	f.list = append(f.list, kept{id: id, stamp: at, with: ann, xml: fmt.Sprintf(
		"<message xmlns='jabber:client' type='chat' from='%s' to='%s' id='%s'>%s</message>", c.full, ann, m.attr("id"), m.Inner,
	)})
}

// sentAgain fails for each message that has come.
func (c *fakeConn) sentAgain() {
	c.s.t.Helper()
	c.barrier()
	for _, e := range c.missed {
		if e.XMLName.Local == "message" {
			c.s.t.Errorf("sent again: %v", e)
		}
	}
}

// TestRetriedIsFoundInArchive cuts the line when the server, which tells whole
// seconds, has what was tried again. Of the try before it has a copy, too.
func TestRetriedIsFoundInArchive(t *testing.T) {
	p, f := withArchive(t)
	f.seconds = true
	r, c, id := p.online()
	r.synced(id)
	chat := r.chat(ann)
	if err := r.Send(t.Context(), chat.ID, Text{Body: "hello"}); err != nil {
		t.Fatal(err)
	}
	refused := c.message()
	p.server.set(func() { f.keepAs("refused", c, time.Now(), refused) })
	refuse := func(c *fakeConn) {
		c.send("<message type='error' from='%s' id='%s'><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>", ann, refused.attr("id"))
	}
	refuse(c)
	retry := func(c *fakeConn) element {
		msg := r.state(chat.ID, storage.StateFailed)
		p.server.set(func() { p.server.silent = true })
		if err := r.Retry(t.Context(), chat.ID, msg.Pos); err != nil {
			t.Fatal(err)
		}
		return c.message()
	}
	retry(c) // this one the server does not get
	c.cut()
	c = p.server.next()
	again := c.message()
	p.server.set(func() { f.keepAs("again", c, time.Now(), again) })
	refuse(c)
	third := retry(c)
	p.server.set(func() {
		p.server.silent = false
		f.keepAs("third", c, time.Now(), third)
	})
	c.cut()
	c = p.server.next()
	r.state(chat.ID, storage.StateSent)
	r.synced(id)
	c.sentAgain()
}

// TestFullDiskHoldsTheOutbox has no room for what the archive says about
// messages that may have been sent.
func TestFullDiskHoldsTheOutbox(t *testing.T) {
	p, f := withArchive(t)
	r, c, id := p.online()
	r.synced(id)
	chat := r.chat(ann)
	p.server.set(func() { p.server.silent = true })
	if err := r.Send(t.Context(), chat.ID, Text{Body: "hello"}); err != nil {
		t.Fatal(err)
	}
	m := c.message()
	asked := 0
	p.server.set(func() {
		p.server.silent = false
		f.keepAs("taken", c, time.Now(), m)
		asked = len(f.queries)
	})
	full := r.fill()
	full.Store(true)
	c.cut()
	c = p.server.next()
	r.eventually("asked again", func() (again bool) {
		p.server.set(func() { again = len(f.queries) >= asked+2 })
		return again
	})
	full.Store(false)
	r.state(chat.ID, storage.StateSent)
	c.sentAgain()
}

// TestSentLongAgoIsFound has the other side say much after a message of which
// the program that was killed does not know whether it was sent. The line is cut
// while the archive is asked for another one, which goes on where it was.
func TestSentLongAgoIsFound(t *testing.T) {
	p, f := withArchive(t)
	r, c, id := p.online()
	r.synced(id)
	chat := r.chat(ann)
	p.server.set(func() { p.server.silent = true })
	for _, body := range []string{"taken", "lost"} {
		if err := r.Send(t.Context(), chat.ID, Text{Body: body}); err != nil {
			t.Fatal(err)
		}
	}
	taken := c.message()
	killed := p.asKilled()
	r.stop()
	const page, later = 50, 60
	count, cut := 0, make(chan struct{})
	var goesOn asked
	p.server.set(func() {
		p.server.silent = false
		f.most = page
		f.keepAs("taken", c, time.Now(), taken)
		for i := range page * later {
			f.keep(fmt.Sprint("l", i), time.Now().Add(time.Duration(i)*time.Millisecond), fmt.Sprint("later ", i))
		}
		f.script = func(_ *fakeConn, _ string, q asked) bool {
			if q.field("with") == "" {
				return false
			}
			switch count++; count {
			case 3:
				close(cut)
				return true
			case 4:
				goesOn = q
			}
			return false
		}
	})
	r = killed.run()
	c = p.server.next()
	<-cut
	c.cut()
	c = p.server.next()
	if m := c.message(); !contains(m.Inner, "lost") {
		t.Errorf("sent %v", m)
	}
	r.eventually("both sent", func() bool {
		first, err := r.After(chat.ID, storage.Pos{}, 5)
		return err == nil && !slices.ContainsFunc(first.Messages, func(m storage.Message) bool { return m.State == storage.StateWaiting })
	})
	c.sentAgain()
	p.server.set(func() {
		if a := goesOn.Set.After; a == nil || *a == "" {
			t.Errorf("the second link asked for %+v", goesOn)
		}
	})
}
