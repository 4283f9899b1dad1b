package account

import (
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"

	"linnet/account/xep/mam"
	"linnet/storage"
)

// TestClockOutlivesTheProgram begins anew on a server that does not answer yet.
func TestClockOutlivesTheProgram(t *testing.T) {
	p := newProfile(t)
	p.server.set(func() { p.server.ahead = 20 * time.Minute })
	r, _, id := p.online()
	r.synced(id)
	r.stop()
	p.server.set(func() { p.server.mute = true })
	r = p.run()
	r.inAccount(id, func(a *Account) {
		if ahead := a.clock.offset; (ahead-20*time.Minute).Abs() > time.Minute || a.clock.sure(a.now()) {
			t.Errorf("the server's clock is %v ahead, sure %v", ahead, a.clock.sure(a.now()))
		}
	})
	if err := r.RemoveAccount(t.Context(), id, true); err != nil {
		t.Fatal(err)
	}
	p.update(func(tx *storage.Tx) error {
		raw, ok, err := tx.Setting(clockSetting(id))
		if ok && len(raw) > 0 {
			t.Errorf("left of an account: %q", raw)
		}
		return err
	})
}

// TestOlderMarkHoldsNothingUp has another device be at a message from before
// what is here: what was read here is more, and is told when that is known.
func TestOlderMarkHoldsNothingUp(t *testing.T) {
	p := readProfile(t)
	p.server.set(func() {
		p.server.features = append(p.server.features, mam.NS)
		p.server.archive = &fakeArchive{}
	})
	r, c, id := p.online()
	c.answerItems("")
	r.synced(id)
	c.hello("0")
	c.hello("1")
	c.barrier()
	enable := func(on bool) {
		if err := r.SetEnabled(t.Context(), id, on); err != nil {
			t.Fatal(err)
		}
	}
	enable(false)
	chat := r.chat(ann)
	if err := r.MarkRead(chat.ID, chat.Last.Pos); err != nil {
		t.Fatal(err)
	}
	enable(true)
	c = p.server.next()
	c.answerItems(fmt.Sprintf(displayedItem, ann, "of long ago", testAddress))
	if q := c.set("publish"); !contains(q.Inner, "archived-1") {
		t.Errorf("published %v", q)
	}
}

// TestNothingIsLoadedBetweenTries has a server refuse the second page.
func TestNothingIsLoadedBetweenTries(t *testing.T) {
	p, f := withArchive(t)
	r, _, id := p.online()
	r.synced(id)
	r.stop()
	p.update(func(tx *storage.Tx) error {
		return tx.PutSetting(markSetting(id), strconv.AppendInt(nil, time.Now().Add(-time.Hour).UnixMilli(), 10))
	})
	p.server.set(func() {
		f.most = 1
		f.keep("b", time.Now(), "missed")
		n := 0
		f.script = func(c *fakeConn, id string, _ asked) bool {
			if n++; n > 1 {
				c.send("<iq type='error' id='%s'><error type='wait'><resource-constraint xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>", id)
			}
			return n > 1
		}
	})
	r = p.run()
	p.server.next()
	was := false
	r.eventually("it is loaded, and then not", func() bool {
		now := slices.ContainsFunc(r.Accounts(), func(i Info) bool { return i.History.Active })
		was = was || len(r.bodies(ann)) == 4
		return was && !now
	})
	r.inAccount(id, func(a *Account) {
		if !a.archive.sync.running {
			t.Error("it is not tried again")
		}
	})
}
