package account

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"linnet/account/xep/mam"
	"linnet/account/xep/stanzaid"
	"linnet/storage"
)

// deleted deletes the messages of a conversation that say something.
func (r *running) deleted(chat storage.ChatID, bodies ...string) error {
	r.t.Helper()
	var at []storage.Pos
	for _, m := range r.messages(chat) {
		if slices.Contains(bodies, m.Body) {
			at = append(at, m.Pos)
		}
	}
	if len(at) != len(bodies) {
		r.t.Fatalf("found %d of %q", len(at), bodies)
	}
	return r.DeleteMessages(r.t.Context(), chat, at)
}

func TestDeleteMessages(t *testing.T) {
	p, f := withArchive(t)
	r, c, id := p.online()
	r.synced(id)
	chat := r.chat(ann)
	c.send("<message type='chat' from='ann@example.org/x' id='n1'><body>news</body></message>")
	c.send("<message type='chat' from='ann@example.org/x' id='n2'><body>more news</body></message>")
	c.barrier()
	if err := r.SetStarred(chat.ID, r.messages(chat.ID)[1].Pos, true); err != nil {
		t.Fatal(err)
	}
	unread := r.chat(ann).Unread
	if err := r.deleted(chat.ID, "kept 1", "more news"); err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	has, err := r.HasMessages(chat.ID, []time.Time{now.Add(-2 * time.Hour), now.Add(-time.Hour), now, now.Add(time.Hour)})
	if err != nil || !slices.Equal(has[:2], []bool{false, true}) {
		t.Errorf("has messages: %v, %v", has, err)
	}
	if got, want := r.bodies(ann), []string{"kept 0", "kept 2", "news"}; !slices.Equal(got, want) {
		t.Errorf("left are %q, want %q", got, want)
	}
	if row := r.chat(ann); row.Unread != unread-1 || row.Last.Text != "news" {
		t.Errorf("%d unread of %d, the last is %q", row.Unread, unread, row.Last.Text)
	}
	if list, err := r.Starred(9); err != nil || len(list) != 0 {
		t.Errorf("starred: %v, %v", list, err)
	}
	if err := r.DeleteMessages(t.Context(), chat.ID, []storage.Pos{{Time: 1, Seq: 1}}); err != nil {
		t.Errorf("one that is gone: %v", err)
	}
	// Said again, live and from the archive, with something about them.
	c.send("<message type='chat' from='ann@example.org/x' id='n2'><body>more news</body></message>")
	c.send("<message type='chat' from='ann@example.org/x' id='n3'><body>other news</body><replace xmlns='urn:xmpp:message-correct:0' id='n2'/></message>")
	c.send("<message type='chat' from='ann@example.org/x' id='n4'><reactions xmlns='urn:xmpp:reactions:0' id='n2'><reaction>👍</reaction></reactions></message>")
	c.barrier()
	c.send("<message type='chat' from='ann@example.org/x' id='n2'><body>another with that id</body></message>")
	c.barrier()
	p.server.set(func() { f.keep("late", time.Now(), "more news") })
	p.update(func(tx *storage.Tx) error {
		return tx.PutGap(id, &storage.Gap{To: storage.Edge{Time: time.Now().Add(time.Minute).UnixMilli()}})
	})
	p.server.set(func() {
		f.list[len(f.list)-1].xml = fmt.Sprintf("<message xmlns='jabber:client' type='chat' from='ann@example.org/x' to='%s' id='n2'><body>more news</body></message>", testAddress)
	})
	if err := r.LoadAll(t.Context(), chat.ID, nil); err != nil {
		t.Fatal(err)
	}
	if got, want := r.bodies(ann), []string{"kept 0", "kept 2", "news", "another with that id"}; !slices.Equal(got, want) {
		t.Errorf("later there are %q, want %q", got, want)
	}
	if row := r.chat(ann); row.Unread != unread {
		t.Errorf("%d unread, want %d", row.Unread, unread)
	}
	// The whole conversation, after its newest.
	if err := r.deleted(chat.ID, "another with that id"); err != nil {
		t.Fatal(err)
	}
	if err := r.DeleteChat(chat.ID); err != nil {
		t.Fatal(err)
	}
	if err := r.LoadAllOf(t.Context(), id, nil); err != nil {
		t.Fatal(err)
	}
	if chats, err := r.Chats(); err != nil || len(chats) != 0 {
		t.Errorf("came back: %+v, %v", chats, err)
	}
}

// TestDeleteWhatWaits deletes messages on their way out.
func TestDeleteWhatWaits(t *testing.T) {
	p, r, c, _ := withRoster(t)
	p.server.set(func() { p.server.silent = true })
	chat, err := r.OpenChat(1, ann)
	if err != nil {
		t.Fatal(err)
	}
	say := func(body string) {
		t.Helper()
		if err := r.Send(t.Context(), chat.ID, Text{Body: body}); err != nil {
			t.Fatal(err)
		}
	}
	say("on its way")
	sent := c.message()
	if err := r.deleted(chat.ID, "on its way"); err != nil {
		t.Fatal(err)
	}
	say("to be taken back")
	c.message()
	if err := r.Retract(t.Context(), chat.ID, r.messages(chat.ID)[0].Pos); err != nil {
		t.Fatal(err)
	}
	c.message()
	if err := r.deleted(chat.ID, "to be taken back"); !errors.Is(err, ErrRetracting) {
		t.Errorf("one that is to be taken back: %v", err)
	}
	if got := r.bodies(ann); !slices.Equal(got, []string{"to be taken back"}) {
		t.Errorf("left are %q", got)
	}
	// The copy of it that another device hands on, and that it was read.
	c.send("<message from='%s'><sent xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' type='chat' from='%s' to='%s' id='%s'>%s</message></forwarded></sent></message>",
		testAddress, c.full, ann, sent.attr("id"), sent.Inner)
	c.send("<message type='chat' from='ann@example.org/x' id='r1'><displayed xmlns='urn:xmpp:chat-markers:0' id='%s'/></message>", sent.attr("id"))
	c.barrier()
	r.stop()
	r = p.run()
	c = p.server.next()
	c.presence("")
	c.barrier()
	if got := r.bodies(ann); !slices.Equal(got, []string{"to be taken back"}) {
		t.Errorf("after a restart there are %q", got)
	}
	for _, e := range c.missed {
		if e.XMLName.Local == "message" && contains(e.Inner, "on its way") {
			t.Errorf("sent all the same: %v", e)
		}
	}
}

// TestReadUpToDeleted has a contact, and another device of ours, say that they
// have read up to a message that is deleted here.
func TestReadUpToDeleted(t *testing.T) {
	p := newProfile(t)
	p.server.features = []string{mam.NS, stanzaid.NS}
	p.server.roster = func(string) string { return rosterOfTwo }
	r, c, id := p.online()
	r.eventually("the features", func() (ok bool) {
		r.inAccount(id, func(a *Account) { ok = a.server.accountHas(stanzaid.NS) })
		return ok
	})
	chat, err := r.OpenChat(id, ann)
	if err != nil {
		t.Fatal(err)
	}
	for _, body := range []string{"one", "two"} {
		if err := r.Send(t.Context(), chat.ID, Text{Body: body}); err != nil {
			t.Fatal(err)
		}
	}
	c.message()
	two := c.message()
	r.eventually("sent", func() bool {
		return !slices.ContainsFunc(r.messages(chat.ID), func(m storage.Message) bool { return m.State != storage.StateSent })
	})
	if err := r.deleted(chat.ID, "two"); err != nil {
		t.Fatal(err)
	}
	c.send("<message type='chat' from='ann@example.org/x' id='r1'><displayed xmlns='urn:xmpp:chat-markers:0' id='%s'/></message>", two.attr("id"))
	c.barrier()
	if list := r.messages(chat.ID); len(list) != 1 || list[0].State != storage.StateRead {
		t.Errorf("what was said before: %+v", list)
	}
	for i, body := range []string{"theirs", "last"} {
		c.send("<message type='chat' from='ann@example.org/x' id='m%d'><body>%s</body><stanza-id xmlns='urn:xmpp:sid:0' by='%s' id='s%d'/></message>", i, body, testAddress, i)
	}
	c.barrier()
	if err := r.deleted(chat.ID, "last"); err != nil {
		t.Fatal(err)
	}
	c.send("<message from='%s'><sent xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' type='chat' from='%s/phone' to='%s' id='r2'><displayed xmlns='urn:xmpp:chat-markers:0' id='m1'/></message></forwarded></sent></message>", testAddress, testAddress, ann)
	c.barrier()
	if row := r.chat(ann); row.Unread != 0 || row.Last.Text != "theirs" {
		t.Errorf("%d unread, the last is %q", row.Unread, row.Last.Text)
	}
}

// TestDeletedStaysAway tells many stories in which messages are deleted here at
// any moment, and brings all of the archive in the end.
func TestDeletedStaysAway(t *testing.T) {
	const stories = uint64(100)
	dir := t.TempDir()
	for seed := range stories {
		store, err := storage.Open(filepath.Join(dir, fmt.Sprint(seed)), make([]byte, 32), storage.Options{})
		if err != nil {
			t.Fatal(err)
		}
		s := newTelling(t, 1000+seed, store)
		gone := make(map[string]bool)
		for range 60 {
			s.step()
			if s.chance(20) {
				s.deleteHere(gone)
			}
		}
		s.finish()
		chat, ok := s.chat()
		if !ok {
			continue
		}
		page, err := s.m.Before(chat.ID, storage.Pos{}, 1000)
		s.must(err)
		here := make(map[string]int)
		for _, m := range page.Messages {
			here[m.Body]++
		}
		for _, m := range s.all {
			want := 1
			if gone[m.body] {
				want = 0
			}
			if here[m.body] != want {
				s.failf("%q is there %d times, want %d", m.body, here[m.body], want)
			}
			delete(here, m.body)
		}
		if len(here) > 0 {
			s.failf("and also %v", here)
		}
		if n := len(page.Messages); n > 0 && chat.Last.Pos != page.Messages[n-1].Pos || n == 0 && !chat.Last.Pos.IsZero() {
			s.failf("the last is said to be %+v", chat.Last)
		}
		unread := 0
		for _, m := range page.Messages {
			if !m.Out && chat.ReadUpTo.Before(m.Pos) {
				unread++
			}
		}
		if chat.Unread != unread {
			s.failf("%d are said to be unread, and %d are", chat.Unread, unread)
		}
		s.a.cancel()
		s.must(store.Close())
	}
}

// deleteHere deletes one of the messages that are here.
func (s *telling) deleteHere(gone map[string]bool) {
	chat, ok := s.chat()
	if !ok {
		return
	}
	page, err := s.m.Before(chat.ID, storage.Pos{}, 1000)
	s.must(err)
	if len(page.Messages) == 0 {
		return
	}
	m := page.Messages[s.rng.IntN(len(page.Messages))]
	gone[m.Body] = true
	s.logf("deleted %s", m.Body)
	s.must(s.a.deleteMessages(chat.ID, []storage.Pos{m.Pos}))
}
