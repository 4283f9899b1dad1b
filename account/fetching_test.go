package account

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"linnet/storage"
)

// TestGapsOfPages holds where a page says that something is missing.
func TestGapsOfPages(t *testing.T) {
	p := newProfile(t)
	id := p.addStored()
	begin := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC).UnixMilli()
	at := func(n int64) int64 { return begin + n*time.Minute.Milliseconds() }
	chat := storage.Chat{Account: id, JID: ann}
	var places []storage.Pos // of the messages of the minutes 10, 20 ... 50
	p.update(func(tx *storage.Tx) error {
		if err := tx.PutChat(&chat); err != nil {
			return err
		}
		for i := range int64(5) {
			m := storage.Message{Chat: chat.ID, From: ann, Body: fmt.Sprint(i), Pos: storage.Pos{Time: at(10 * (i + 1))}}
			if err := tx.AddMessage(&m); err != nil {
				return err
			}
			places = append(places, m.Pos)
		}
		return nil
	})
	r := p.run()
	type gap struct{ from, to int64 }
	for _, row := range []struct {
		name      string
		gaps      []gap
		before, n int // of Before, the index of the message and how many
		want      []int
	}{
		{name: "none", before: -1, n: 9},
		{name: "between two", gaps: []gap{{21, 29}}, before: -1, n: 9, want: []int{2}},
		{name: "at the edges of two", gaps: []gap{{20, 30}}, before: -1, n: 9, want: []int{2}},
		{name: "two of them", gaps: []gap{{11, 19}, {41, 49}}, before: -1, n: 9, want: []int{1, 4}},
		{name: "two in one place", gaps: []gap{{21, 23}, {25, 29}}, before: -1, n: 9, want: []int{2}},
		{name: "from the beginning", gaps: []gap{{0, 10}}, before: -1, n: 9, want: []int{0}},
		{name: "after the last", gaps: []gap{{51, 60}}, before: -1, n: 9},
		{name: "before the first of a page", gaps: []gap{{21, 29}}, before: -1, n: 3, want: []int{2}},
		{name: "further up than a page", gaps: []gap{{11, 19}}, before: -1, n: 3},
		{name: "in another page", gaps: []gap{{41, 49}}, before: 2, n: 9},
		{name: "over messages that are here", gaps: []gap{{11, 39}}, before: -1, n: 9, want: []int{3}},
	} {
		t.Run(row.name, func(t *testing.T) {
			p.update(func(tx *storage.Tx) error {
				old, err := tx.Gaps(id)
				for _, g := range old {
					err = errors.Join(err, tx.DeleteGap(id, g.ID))
				}
				for _, g := range row.gaps {
					x := storage.Gap{To: storage.Edge{Time: at(g.to)}}
					if g.from != 0 {
						x.From.Time = at(g.from)
					}
					err = errors.Join(err, tx.PutGap(id, &x))
				}
				return err
			})
			var before storage.Pos
			if row.before >= 0 {
				before = places[row.before]
			}
			page, err := r.Before(chat.ID, before, row.n)
			if err != nil {
				t.Fatal(err)
			}
			var got []int
			for _, g := range page.Gaps {
				got = append(got, slices.Index(places, g))
			}
			if !slices.Equal(got, row.want) {
				t.Errorf("gaps before the messages %v, want %v", got, row.want)
			}
		})
	}
}

// TestCatchUpGoesOnAfterKill kills the program between two pages of what was
// missed.
func TestCatchUpGoesOnAfterKill(t *testing.T) {
	p, f := withArchive(t)
	r, _, id := p.online()
	r.synced(id)
	r.stop()
	want := []string{"kept 0", "kept 1", "kept 2"}
	stopped := make(chan struct{})
	p.server.set(func() {
		f.most = 2
		for i := range 9 {
			body := fmt.Sprint("missed ", i)
			f.keep(fmt.Sprint("b", i), time.Now().Add(time.Duration(i)*time.Second), body)
			want = append(want, body)
		}
		pages := 0
		f.script = func(*fakeConn, string, asked) bool {
			if pages++; pages == 3 {
				close(stopped)
			}
			return pages >= 3
		}
	})
	r = p.run()
	p.server.next()
	<-stopped
	r.eventually("two pages", func() bool { return len(r.bodies(ann)) == len(want)-5 })
	killed := p.asKilled()
	r.stop()
	if page, err := r.Before(r.chat(ann).ID, storage.Pos{}, 100); err != nil || len(page.Gaps) != 1 {
		t.Errorf("gaps at %v, %v", page.Gaps, err)
	}
	p.server.set(func() { f.script = nil })
	r = killed.run()
	p.server.next()
	r.eventually("all of it", func() bool { return len(r.bodies(ann)) == len(want) })
	r.synced(id)
	if got := r.bodies(ann); !slices.Equal(got, want) {
		t.Errorf("stored %q, want %q", got, want)
	}
	if c := r.chat(ann); c.Unread != 9 {
		t.Errorf("%d unread, want 9", c.Unread)
	}
}

// fetching has a page of the archive asked for, and gives what sends it.
func fetching(t *testing.T) (r *running, id storage.AccountID, chat storage.Chat, ended chan error, answer func()) {
	t.Helper()
	p, f := withArchive(t)
	r, _, id = p.online()
	r.synced(id)
	chat = r.chat(ann)
	came, release := make(chan struct{}, 1), make(chan struct{})
	p.server.set(func() {
		f.keep("old", time.Now().Add(-time.Hour), "old")
		slices.Reverse(f.list)
		f.script = func(c *fakeConn, id string, q asked) bool {
			came <- struct{}{}
			go func() {
				<-release
				page := f.list[:1]
				c.send("%s", f.results(q.QueryID, page))
				f.finish(c, id, page, false)
			}()
			return true
		}
	})
	p.update(func(tx *storage.Tx) error {
		return tx.PutGap(id, &storage.Gap{To: storage.Edge{Time: time.Now().Add(-20 * time.Minute).UnixMilli()}})
	})
	ended = make(chan error, 1)
	go func() {
		_, err := r.FetchGap(t.Context(), chat.ID, storage.Pos{})
		ended <- err
	}()
	<-came
	return r, id, chat, ended, func() { close(release) }
}

// TestChatDeletedWhileFetching deletes a conversation of which a page is on its
// way.
func TestChatDeletedWhileFetching(t *testing.T) {
	r, _, chat, ended, answer := fetching(t)
	if err := r.DeleteChat(chat.ID); err != nil {
		t.Fatal(err)
	}
	answer()
	if err := <-ended; err != nil && !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("fetching: %v", err)
	}
	if chats, err := r.Chats(); err != nil || len(chats) != 0 {
		t.Errorf("what was deleted came back: %+v, %v", chats, err)
	}
}

// TestAccountRemovedWhileFetching removes the account meanwhile.
func TestAccountRemovedWhileFetching(t *testing.T) {
	r, id, chat, ended, answer := fetching(t)
	if err := r.RemoveAccount(t.Context(), id, true); err != nil {
		t.Fatal(err)
	}
	answer()
	if err := <-ended; err == nil {
		t.Error("fetched for an account that is gone")
	}
	if _, err := r.Chat(chat.ID); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("the conversation: %v", err)
	}
}

// TestLoadAllIsCancelled stops loading after some pages; what came stays, and
// the rest comes with the next try.
func TestLoadAllIsCancelled(t *testing.T) {
	p, f := withArchive(t)
	f.most = 2
	r, _, id := p.online()
	r.synced(id)
	want := r.bodies(ann)
	p.server.set(func() {
		var old []kept
		list := f.list
		f.list = nil
		for i := range 8 {
			body := fmt.Sprint("old ", i)
			f.keep(fmt.Sprint("o", i), time.Now().Add(time.Duration(i-100)*time.Minute), body)
			want = slices.Insert(want, i, body)
		}
		old, f.list = f.list, list
		f.list = slices.Concat(old, f.list)
	})
	p.update(func(tx *storage.Tx) error {
		return tx.PutGap(id, &storage.Gap{To: storage.Edge{Time: time.Now().Add(-30 * time.Minute).UnixMilli()}})
	})
	ctx, cancel := context.WithCancel(t.Context())
	err := r.LoadAllOf(ctx, id, func(loaded int) {
		if loaded > 4 { // the archive begins with what is here already
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	r.eventually("what came", func() bool {
		got := r.bodies(ann)
		return len(got) > 3 && len(got) < len(want) && slices.Equal(got, want[len(want)-len(got):])
	})
	if err := r.LoadAllOf(t.Context(), id, nil); err != nil {
		t.Fatal(err)
	}
	if got := r.bodies(ann); !slices.Equal(got, want) {
		t.Errorf("stored %q, want %q", got, want)
	}
}
