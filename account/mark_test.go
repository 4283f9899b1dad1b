package account

import (
	"errors"
	"strconv"
	"testing"
	"time"

	"linnet/account/stream"
	"linnet/storage"
)

// mark gives the mark of an account.
func (r *running) mark(id storage.AccountID) (mark int64) {
	r.t.Helper()
	r.inAccount(id, func(a *Account) { mark = a.archive.mark })
	return mark
}

// TestMarkFollowsAnswers has the server be slow: what has been handled says
// nothing about what it sent before and has not come yet.
func TestMarkFollowsAnswers(t *testing.T) {
	p, r, c, id := withRoster(t)
	r.synced(id)
	p.server.set(func() { p.server.mute = true })
	r.inAccount(id, func(a *Account) { a.archive.noted, a.archive.mark = true, 1 })
	c.send("%s", fromAnn("one"))
	question := c.find("a question", func(e element) bool { return contains(e.Inner, "urn:xmpp:time") })
	asked := time.Now()
	c.send("%s", fromAnn("two"))
	c.barrier()
	if at := r.mark(id); at != 1 {
		t.Errorf("before the answer the mark is at %d", at)
	}
	c.send("<iq type='error' id='%s' from='%s'><error type='cancel'/></iq>", question.attr("id"), testDomain)
	r.eventually("the mark", func() bool { return r.mark(id) > 1 })
	if at := time.UnixMilli(r.mark(id)); asked.Sub(at) < markLag {
		t.Errorf("the mark is at %v, asked was at %v", at, asked)
	}
}

// TestMarkStaysUntilGapIsNoted has what goes on for a link that was lost note a
// gap before the next link is there: that says nothing of what is missed after.
func TestMarkStaysUntilGapIsNoted(t *testing.T) {
	for _, managed := range []bool{false, true} {
		p := newProfile(t)
		p.server.set(func() {
			p.server.managed = managed
			p.server.roster = func(string) string { return rosterOfTwo }
		})
		r, c, id := p.online()
		r.synced(id)
		held := make(chan struct{})
		p.server.set(func() { p.server.held = held })
		c.cut()
		r.eventually("offline", func() bool { return r.phase(id).Phase != stream.Online })
		r.inAccount(id, func(a *Account) {
			if err := a.noteGap(); err != nil {
				t.Error(err)
			}
			a.archive.mark = 1
		})
		p.server.set(func() { p.server.mute = true }) // so that nothing is noted
		close(held)
		c = p.server.next()
		c.send("%s", fromAnn("one"))
		c.barrier()
		r.inAccount(id, func(a *Account) {
			if a.archive.noted || a.archive.asking || a.archive.mark != 1 {
				t.Errorf("managed %v: noted %v, asking %v, mark %d", managed, a.archive.noted, a.archive.asking, a.archive.mark)
			}
		})
		r.stop()
	}
}

// TestMarkOfWrongClock begins with a mark that a clock in the future has made:
// with it nothing would be missed for years.
func TestMarkOfWrongClock(t *testing.T) {
	p := newProfile(t)
	id := p.addStored()
	future := time.Now().AddDate(6, 0, 0).UnixMilli()
	p.update(func(tx *storage.Tx) error { return tx.PutSetting(markSetting(id), strconv.AppendInt(nil, future, 10)) })
	r, _, _ := p.online()
	r.synced(id)
	r.inAccount(id, func(a *Account) {
		if a.archive.mark != future {
			t.Errorf("the mark was %d", a.archive.mark)
		}
		if err := a.noteGap(); err != nil {
			t.Error(err)
		}
		a.saveGathered()
	})
	if err := p.store.View(func(tx *storage.Tx) error {
		raw, _, err := tx.Setting(markSetting(id))
		if ms, bad := strconv.ParseInt(string(raw), 10, 64); bad != nil || ms > time.Now().UnixMilli() {
			t.Errorf("the mark on disk is %s", raw)
		}
		gaps, gone := tx.Gaps(id)
		if len(gaps) != 1 || gaps[0].From.Time >= gaps[0].To.Time {
			t.Errorf("the gaps are %+v", gaps)
		}
		return errors.Join(err, gone)
	}); err != nil {
		t.Fatal(err)
	}
}
