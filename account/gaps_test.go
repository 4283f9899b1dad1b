package account

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"linnet/storage"
)

// TestFirstSignInStopsAndGoesOn gets the first part of a long archive, then a
// page of it at a time by looking back, over a restart, with messages that were
// removed meanwhile, and at last the rest.
func TestFirstSignInStopsAndGoesOn(t *testing.T) {
	p, f := withArchive(t)
	f.list, f.most, f.seconds = nil, 100, true
	const all = firstMessages + 350
	var want []string
	for i := range all {
		want = append(want, fmt.Sprint("message ", i))
		f.keep(fmt.Sprint("n", i), time.Now().Add(time.Duration(i/30-3600)*time.Second), want[i])
	}
	r, _, id := p.online()
	r.synced(id)
	chat := r.chat(ann)
	read := func() (bodies []string, gaps []storage.Pos) {
		page, err := r.Before(chat.ID, storage.Pos{}, 2*all)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range page.Messages {
			bodies = append(bodies, m.Body)
		}
		return bodies, page.Gaps
	}
	got, gaps := read()
	if !slices.Equal(got, want[all-firstMessages:]) || len(gaps) != 1 || chat.Unread != 0 {
		t.Fatalf("first %d messages, gaps at %v, %d unread", len(got), gaps, chat.Unread)
	}
	look := func(more int) {
		t.Helper()
		closed, err := r.FetchGap(t.Context(), chat.ID, gaps[0])
		if got, gaps = read(); closed || err != nil || !slices.Equal(got, want[all-len(got):]) || len(gaps) != 1 {
			i := firstDifference(got, want[all-len(got):])
			t.Fatalf("looked back: %v, %v, %d messages, gaps at %v, the first other one %d", closed, err, len(got), gaps, i)
		}
		if len(got) < more {
			t.Errorf("%d messages, want %d", len(got), more)
		}
	}
	look(firstMessages + 60)
	r.stop()
	r, _, _ = p.online()
	r.synced(id)
	before := len(got)
	p.server.set(func() { // the message the next page begins at, as it will be asked for
		i := all - before
		f.list = slices.Delete(f.list, i, i+1)
	})
	look(before + 60)
	full := r.fill()
	full.Store(true)
	if err := r.LoadAll(t.Context(), chat.ID, nil); !errors.Is(err, storage.ErrDiskFull) {
		t.Errorf("on a full disk: %v", err)
	}
	full.Store(false)
	if err := r.LoadAll(t.Context(), chat.ID, nil); err != nil {
		t.Fatal(err)
	}
	if got, gaps = read(); !slices.Equal(got, want) || len(gaps) != 0 {
		t.Errorf("all %d messages, gaps at %v", len(got), gaps)
	}
	if closed, err := r.FetchGap(t.Context(), chat.ID, storage.Pos{}); !closed || err != nil {
		t.Errorf("with everything here: %v, %v", closed, err)
	}
	if err := r.DeleteChat(chat.ID); err != nil {
		t.Fatal(err)
	}
	if err := r.LoadAllOf(t.Context(), id, nil); err != nil {
		t.Errorf("all of the account: %v", err)
	}
	if chats, err := r.Chats(); err != nil || len(chats) != 0 {
		t.Errorf("what was deleted came back: %+v, %v", chats, err)
	}
}

// TestGapsDoNotPileUp has a line that fails again and again before anything of
// what was missed is here: what is missing stays one gap.
func TestGapsDoNotPileUp(t *testing.T) {
	p, f := withArchive(t)
	r, c, id := p.online()
	r.synced(id)
	pages := 0
	p.server.set(func() {
		f.most = 1
		for i := range 9 {
			f.keep(fmt.Sprint("b", i), time.Now().Add(time.Duration(i)*time.Millisecond), fmt.Sprint("missed ", i))
		}
		f.script = func(*fakeConn, string, asked) bool {
			pages++
			return pages%3 == 0 // two pages, and then no more on this link
		}
	})
	for i := range 3 {
		c.cut()
		c = p.server.next()
		r.eventually("two pages", func() (came bool) {
			p.server.set(func() { came = pages >= 3*(i+1) })
			return came
		})
	}
	var gaps []storage.Gap
	p.update(func(tx *storage.Tx) (err error) {
		gaps, err = tx.Gaps(id)
		return err
	})
	if len(gaps) != 1 {
		t.Errorf("%d gaps: %+v", len(gaps), gaps)
	}
	p.server.set(func() { f.script = nil })
	c.cut()
	p.server.next()
	r.eventually("all of it", func() bool { return len(r.bodies(ann)) == 12 })
	r.synced(id)
	p.update(func(tx *storage.Tx) (err error) {
		if gaps, err = tx.Gaps(id); len(gaps) != 0 {
			t.Errorf("left: %+v", gaps)
		}
		return err
	})
}

// firstDifference gives the place where two lists begin to differ, -1 where
// they do not.
func firstDifference(got, want []string) int {
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || got[i] != want[i] {
			return i
		}
	}
	return -1
}
