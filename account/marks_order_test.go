package account

import (
	"encoding/xml"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"linnet/storage"
)

// story is what an archive has of one conversation, and what has to follow.
type story struct {
	results []result
	states  map[string]storage.MessageState // of what we sent, by id
	unread  int
}

// makeStory makes up a story of n messages with somebody. Marks follow what they are
// about, as they do in an archive.
func makeStory(t *testing.T, rnd *rand.Rand, peer string, n int) story {
	s := story{states: make(map[string]storage.MessageState)}
	var ours, theirs []string // ids
	var read string           // the last that was said to be read, of ours or theirs
	order := make(map[string]int)
	add := func(from, to, id, inner string) {
		var c copied
		text := fmt.Sprintf("<message xmlns='jabber:client' type='chat' from='%s/x' to='%s' id='%s'>%s</message>", from, to, id, inner)
		if err := xml.Unmarshal([]byte(text), &c); err != nil {
			t.Fatal(err)
		}
		order[id] = len(s.results)
		at := time.Now().Add(time.Duration(len(s.results)-2*n) * time.Second)
		s.results = append(s.results, result{id: fmt.Sprint("archived-", len(s.results)), stamp: at, msg: &c})
	}
	mark := func(ns, name, id string) string { return fmt.Sprintf("<%s xmlns='%s' id='%s'/>", name, ns, id) }
	for i := range n {
		id := fmt.Sprint("m", i)
		switch kind := rnd.IntN(6); {
		case kind == 0 || len(ours) == 0:
			add(testAddress, peer, id, "<body>ours</body>")
			ours, read = append(ours, id), id
			s.states[id] = storage.StateSent
		case kind == 1 || len(theirs) == 0:
			add(peer, testAddress, id, "<body>theirs</body>")
			theirs = append(theirs, id)
		case kind == 2 || kind == 3:
			of := ours[rnd.IntN(len(ours))]
			add(peer, testAddress, id, mark("urn:xmpp:receipts", "received", of))
			s.states[of] = max(s.states[of], storage.StateDelivered)
		case kind == 4:
			of := rnd.IntN(len(ours))
			add(peer, testAddress, id, mark("urn:xmpp:chat-markers:0", "displayed", ours[of]))
			for _, earlier := range ours[:of+1] {
				s.states[earlier] = storage.StateRead
			}
		default:
			of := theirs[rnd.IntN(len(theirs))]
			add(testAddress, peer, id, mark("urn:xmpp:chat-markers:0", "displayed", of))
			if order[read] < order[of] {
				read = of
			}
		}
	}
	for _, id := range theirs {
		if order[read] < order[id] {
			s.unread++
		}
	}
	return s
}

// TestMarksInPagesOfAnySize holds that an archive that comes newest first says
// the same of every message, wherever its pages end.
func TestMarksInPagesOfAnySize(t *testing.T) {
	sizes := []int{1, 2, 7, 25, 100}
	const seeds, n = 6, 100
	p := newProfile(t)
	p.server.roster = func(string) string {
		var b strings.Builder
		for i := range seeds * len(sizes) {
			fmt.Fprintf(&b, "<item jid='p%d@example.org' subscription='both'/>", i)
		}
		return "<query xmlns='jabber:iq:roster'>" + b.String() + "</query>"
	}
	r, _, id := p.online()
	r.eventually("the roster", func() bool { return len(r.Contacts(id)) == seeds*len(sizes) })
	for seed := range seeds {
		for i, size := range sizes {
			peer := fmt.Sprintf("p%d@example.org", seed*len(sizes)+i)
			s := makeStory(t, rand.New(rand.NewPCG(uint64(seed), 0)), peer, n)
			r.inAccount(id, func(a *Account) {
				sweep := newSweep(FromCatchUp, false)
				for end := n; end > 0; end -= size {
					part := archivePart{results: s.results[max(0, end-size):end]}
					if _, err := a.keep(part, sweep, func(*storage.Tx) error { return nil }); err != nil {
						t.Fatal(err)
					}
				}
			})
			chat := r.chat(peer)
			if chat.Unread != s.unread {
				t.Errorf("seed %d, pages of %d: %d unread, want %d", seed, size, chat.Unread, s.unread)
			}
			for _, m := range r.messages(chat.ID) {
				if want := s.states[m.ID]; m.State != want {
					t.Errorf("seed %d, pages of %d: %s (out %v) is in state %d, want %d", seed, size, m.ID, m.Out, m.State, want)
				}
			}
		}
	}
}

// TestMarksBeforeTheirMessages holds that what is said about a message that is
// not here yet counts when it comes, and not for another.
func TestMarksBeforeTheirMessages(t *testing.T) {
	_, r, c, _ := withRoster(t)
	c.send(receiptXML, "ann@example.org/x", "a")
	c.send(receiptXML, "bob@example.org/x", "b")
	c.send(displayedXML, "ann@example.org/x", "c")
	c.send(sentCarbon, testAddress, "x", "<displayed xmlns='urn:xmpp:chat-markers:0' id='theirs'/>")
	c.barrier()
	for _, id := range []string{"a", "b", "c"} {
		c.send(sentCarbon, testAddress, id, "<body>from the phone</body>")
		c.barrier()
	}
	c.send("<message type='chat' from='ann@example.org/x' id='theirs'><body>hello</body></message>")
	c.send("<message type='chat' from='ann@example.org/x' id='more'><body>hello</body></message>")
	c.barrier()
	chat := r.chat(ann)
	if a, b := r.at(chat.ID, "a"), r.at(chat.ID, "b"); a.State != storage.StateRead || a.DeliveredAt == 0 || b.State != storage.StateRead {
		t.Errorf("a and b are %+v and %+v", a, b)
	}
	if c := r.at(chat.ID, "c"); c.State != storage.StateRead || c.DeliveredAt != 0 || c.ReadAt == 0 {
		t.Errorf("c is %+v", c)
	}
	if chat.Unread != 1 || chat.ReadUpTo != r.at(chat.ID, "theirs").Pos {
		t.Errorf("%+v", chat)
	}
}

// TestForeignMarksAreBounded holds that a contact who speaks of thousands of
// messages takes no more than so much memory, and pushes out nothing of ours.
func TestForeignMarksAreBounded(t *testing.T) {
	_, r, c, id := withRoster(t)
	c.send(sentCarbon, testAddress, "x", "<displayed xmlns='urn:xmpp:chat-markers:0' id='theirs'/>")
	var b strings.Builder
	for i := range maxRecent + 100 {
		fmt.Fprintf(&b, receiptXML, "ann@example.org/x", fmt.Sprint("none", i))
	}
	for i := range 100 {
		fmt.Fprintf(&b, receiptXML, "stranger@example.org/x", fmt.Sprint("none", i))
	}
	c.send("%s", b.String())
	c.barrier()
	r.inAccount(id, func(a *Account) {
		if n := len(a.marks.theirs.values); n != maxRecent {
			t.Errorf("%d are kept", n)
		}
		for key := range a.marks.theirs.values {
			if key.peer != ann {
				t.Errorf("kept of a stranger: %v", key)
			}
		}
		if n := len(a.marks.ours.values); n != 1 {
			t.Errorf("%d of our own are kept", n)
		}
	})
}
