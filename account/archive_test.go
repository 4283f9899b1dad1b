package account

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"linnet/account/xep/mam"
	"linnet/account/xep/stanzaid"
	"linnet/storage"
)

// withArchive is a profile on a server that keeps three messages of Ann.
func withArchive(t *testing.T) (*profile, *fakeArchive) {
	p := newProfile(t)
	f := &fakeArchive{}
	for i := range 3 {
		f.keep(fmt.Sprint("a", i), time.Now().Add(time.Duration(i-10)*time.Minute), fmt.Sprint("kept ", i))
	}
	p.server.set(func() {
		p.server.features = []string{mam.NS, stanzaid.NS}
		p.server.archive = f
		p.server.roster = func(string) string { return rosterOfTwo }
	})
	return p, f
}

// TestOnlyOwnArchiveIsBelieved sends with each page what nobody may have taken
// for a part of it.
func TestOnlyOwnArchiveIsBelieved(t *testing.T) {
	p, f := withArchive(t)
	now := time.Now().UTC().Format(time.RFC3339)
	said := func(from, to, typ, body string) string {
		return fmt.Sprintf("<message xmlns='jabber:client' type='%s' from='%s' to='%s' id='%s'><body>%s</body></message>", typ, from, to, body, body)
	}
	good := said(ann+"/x", testAddress, "chat", "forged")
	long := strings.Repeat("x", 1<<20)
	f.script = func(c *fakeConn, id string, q asked) bool {
		for _, x := range []string{
			resultOf(ann, q.QueryID, "f1", now, good),
			resultOf(ann+"/x", q.QueryID, "f2", now, good),
			resultOf(testAddress+"/phone", q.QueryID, "f3", now, good),
			resultOf(c.full, q.QueryID, "f4", now, good),
			resultOf(testDomain, q.QueryID, "f5", now, good),
			resultOf(testAddress, "another", "f6", now, good),
			resultOf(testAddress, "", "f7", now, good),
			resultOf(testAddress, q.QueryID, "", now, good),
			resultOf(testAddress, q.QueryID, long, now, good),
			resultOf(testAddress, q.QueryID, "f8", "noon", good),
			resultOf(testAddress, q.QueryID, "f9", now, said(ann+"/x", "bob@example.org", "chat", "of others")),
			resultOf(testAddress, q.QueryID, "f10", now, said(ann+"/x", testAddress, "groupchat", "of a room")),
			resultOf(testAddress, q.QueryID, "f11", now, said(ann+"/x", testAddress, "headline", "of a headline")),
			resultOf(testAddress, q.QueryID, "f12", now, said("@@@", testAddress, "chat", "of nobody")),
			resultOf(testAddress, q.QueryID, "f13", now, "<message xmlns='jabber:client' from='"+ann+"/x' to='"+testAddress+"'><received xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>"+good+"</forwarded></received></message>"),
			resultOf(testAddress, q.QueryID, "f14", now, "<message xmlns='jabber:client' from='"+ann+"/x' to='"+testAddress+"'><result xmlns='urn:xmpp:mam:2' queryid='"+q.QueryID+"' id='f15'><forwarded xmlns='urn:xmpp:forward:0'>"+good+"</forwarded></result></message>"),
		} {
			c.send("%s", x)
		}
		return false
	}
	r, _, id := p.online()
	r.synced(id)
	if got, want := r.bodies(ann), []string{"kept 0", "kept 1", "kept 2"}; !slices.Equal(got, want) {
		t.Errorf("stored %q, want %q", got, want)
	}
	if chats, err := r.Chats(); err != nil || len(chats) != 1 {
		t.Errorf("conversations: %+v, %v", chats, err)
	}
}

// TestPageEndsInWhatNobodyCanRead has a page whose last message, which anybody
// can have written so, does not get through our stream.
func TestPageEndsInWhatNobodyCanRead(t *testing.T) {
	p, f := withArchive(t)
	f.list = append(f.list, kept{id: "bad", stamp: time.Now(), with: ann, xml: "<message xmlns='jabber:client' type='chat' from='" + ann + "/x' to='" + testAddress + "'><error xmlns='http://etherx.jabber.org/streams'><reset xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></error></message>"})
	r, _, id := p.online()
	r.synced(id)
	if got := r.bodies(ann); len(got) != 3 {
		t.Errorf("stored %q", got)
	}
}

// TestArchivesWithoutEnd has archives that go on for ever.
func TestArchivesWithoutEnd(t *testing.T) {
	for name, next := range map[string]func(f *fakeArchive, n int) []kept{
		"in circles": func(f *fakeArchive, n int) []kept { return f.list[n%2 : n%2+1] },
		"the same":   func(f *fakeArchive, _ int) []kept { return f.list },
		"reversed": func(f *fakeArchive, _ int) []kept {
			list := slices.Clone(f.list)
			slices.Reverse(list)
			return list
		},
	} {
		t.Run(name, func(t *testing.T) {
			p, f := withArchive(t)
			r, _, id := p.online()
			r.synced(id)
			chat := r.chat(ann)
			p.server.set(func() {
				n := 0
				f.script = func(c *fakeConn, id string, q asked) bool {
					page := next(f, n)
					n++
					c.send("%s", f.results(q.QueryID, page))
					f.finish(c, id, page, false)
					return true
				}
			})
			p.update(func(tx *storage.Tx) error {
				return tx.PutGap(id, &storage.Gap{To: storage.Edge{Time: time.Now().UnixMilli(), ID: "x"}})
			})
			for what, load := range map[string]func() error{
				"LoadAll":   func() error { return r.LoadAll(t.Context(), chat.ID, nil) },
				"LoadAllOf": func() error { return r.LoadAllOf(t.Context(), id, nil) },
				"FetchGap": func() error {
					_, err := r.FetchGap(t.Context(), chat.ID, storage.Pos{})
					return err
				},
			} {
				if err := load(); !errors.Is(err, errBadArchive) {
					t.Errorf("%s: %v", what, err)
				}
			}
			if got := r.bodies(ann); len(got) != 3 {
				t.Errorf("stored %q", got)
			}
		})
	}
}

// TestRefusedConversationHoldsNothingUp has a server that gives its archive page
// by page, but none of the conversation somebody looks at.
func TestRefusedConversationHoldsNothingUp(t *testing.T) {
	p, f := withArchive(t)
	r, _, id := p.online()
	r.synced(id)
	r.stop()
	p.update(func(tx *storage.Tx) error {
		return tx.PutSetting(markSetting(id), strconv.AppendInt(nil, time.Now().Add(-10*time.Minute).UnixMilli(), 10))
	})
	p.server.set(func() {
		f.most = 1
		for i := range 5 {
			f.keep(fmt.Sprint("b", i), time.Now().Add(time.Duration(i-6)*time.Minute), fmt.Sprint("missed ", i))
		}
		f.script = func(c *fakeConn, id string, q asked) bool {
			if q.field("with") != "" {
				c.send("<iq type='error' id='%s'><error type='cancel'><feature-not-implemented xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>", id)
			}
			return q.field("with") != ""
		}
	})
	r = p.run()
	r.View(r.chat(ann).ID)
	p.server.next()
	r.eventually("all that was missed", func() bool { return len(r.bodies(ann)) == 8 })
	p.server.set(func() {
		if !slices.ContainsFunc(f.queries, func(q asked) bool { return q.field("with") == ann }) {
			t.Error("the conversation was not asked for")
		}
	})
}

// TestFoundInArchiveIsNotSentAgain kills the program when the server has taken
// one message of two without having told.
func TestFoundInArchiveIsNotSentAgain(t *testing.T) {
	p, f := withArchive(t)
	p.server.set(func() { p.server.silent = true })
	r, c, id := p.online()
	r.synced(id)
	chat := r.chat(ann)
	for _, body := range []string{"taken", "lost"} {
		if err := r.Send(t.Context(), chat.ID, Text{Body: body}); err != nil {
			t.Fatal(err)
		}
	}
	m := c.message()
	killed := p.asKilled()
	r.stop()
	p.server.set(func() {
		p.server.silent = false
		f.list = append(f.list, kept{
			id: "taken", stamp: time.Now(), with: ann,
			xml: fmt.Sprintf("<message xmlns='jabber:client' type='chat' from='%s' to='%s' id='%s'>%s</message>", c.full, ann, m.attr("id"), m.Inner),
		})
	})
	r = killed.run()
	c = p.server.next()
	if again := c.message(); !contains(again.Inner, "lost") {
		t.Errorf("sent %v", again)
	}
	r.eventually("both sent", func() bool {
		list := r.messages(chat.ID)
		return !slices.ContainsFunc(list, func(m storage.Message) bool { return m.State == storage.StateWaiting })
	})
	r.synced(id)
	c.barrier()
	for _, e := range c.missed {
		if e.XMLName.Local == "message" {
			t.Errorf("sent too: %v", e)
		}
	}
	if got, want := r.bodies(ann), []string{"kept 0", "kept 1", "kept 2", "taken", "lost"}; !slices.Equal(got, want) {
		t.Errorf("stored %q, want %q", got, want)
	}
}

// TestArchivedLate has a message in the archive a while after a new device has
// asked for all. It was not there yet when the message came.
func TestArchivedLate(t *testing.T) {
	p, f := withArchive(t)
	p.change = func(m *Manager) { m.lookAgain = 300 * time.Millisecond }
	r, _, id := p.online()
	r.synced(id)
	p.server.set(func() { f.keep("late", time.Now().Add(-time.Second), "late") })
	want := []string{"kept 0", "kept 1", "kept 2", "late"}
	r.eventually("the message", func() bool { return slices.Equal(r.bodies(ann), want) })
	if c := r.chat(ann); c.Unread != 1 {
		t.Errorf("%d unread", c.Unread)
	}
}
