package account

import (
	"encoding/xml"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"linnet/account/stream"
	"linnet/account/xep/mam"
	"linnet/account/xep/stanzaid"
	"linnet/storage"
)

// scene is an account that is given stanzas and pages by hand.
type scene struct {
	t     testing.TB
	at    time.Time
	store *storage.Store
	m     *Manager
	a     *Account
}

func newScene(t testing.TB) *scene {
	t.Helper()
	store, err := storage.Open(filepath.Join(t.TempDir(), "archive"), make([]byte, storage.KeySize), storage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := &scene{t: t, store: store, at: time.Unix(1_700_000_000, 0)}
	t.Cleanup(func() {
		if s.a != nil {
			s.a.cancel()
		}
		store.Close()
	})
	s.m = NewManager(Config{
		Store: store, Secrets: storage.Forgetful(), Resource: "linnet.test",
		Now: func() time.Time { return s.at },
	})
	stored := storage.Account{Address: testAddress, Enabled: true}
	s.must(store.Update(func(tx *storage.Tx) error {
		if err := tx.PutAccount(&stored); err != nil {
			return err
		}
		s.a, err = loadAccount(s.m, tx, stored)
		return err
	}))
	s.a.server.account = []string{mam.NS, stanzaid.NS}
	slices.Sort(s.a.server.account)
	s.a.roster.entries[ann] = &entry{item: storage.RosterItem{JID: ann, Subscription: storage.SubscriptionBoth}}
	return s
}

func (s *scene) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// live has stanzas come now.
func (s *scene) live(stanzas ...string) {
	s.t.Helper()
	in := &intake{a: s.a, now: s.at}
	for _, raw := range stanzas {
		var x wire
		s.must(xml.Unmarshal([]byte(raw), &x))
		h := heard{from: stream.ParseAddress(x.From).JID, typ: x.Type, id: x.ID}
		in.takeRead(&h, &x.messageIn)
	}
	s.must(in.finish())
}

// page has a page of the archive come.
func (s *scene) page(w *sweep, page []kept) {
	s.t.Helper()
	var part archivePart
	for _, k := range page {
		var x copied
		s.must(xml.Unmarshal([]byte(k.xml), &x))
		part.results = append(part.results, result{id: k.id, stamp: k.stamp, msg: &x})
	}
	_, err := s.a.keepPage(part, w, func(*storage.Tx) error { return nil })
	s.must(err)
}

func (s *scene) chat() (chat storage.Chat) {
	s.t.Helper()
	s.must(s.store.View(func(tx *storage.Tx) (err error) {
		chat, _, err = tx.FindChat(s.a.id, ann)
		return err
	}))
	return chat
}

// shows is what a conversation shows of a message, and what it showed before.
type shows struct {
	ID, Body    string
	Out         bool
	EditedAt    int64
	RetractedAt int64
	Partial     bool
	Reactions   []storage.Reaction
	Edits       []storage.Edit
}

func (s *scene) shown() (all []shows) {
	s.t.Helper()
	s.must(s.store.View(func(tx *storage.Tx) error {
		chat, ok, err := tx.FindChat(s.a.id, ann)
		if !ok || err != nil {
			return err
		}
		list, err := tx.MessagesAfter(chat.ID, storage.Pos{}, 1000)
		if err != nil {
			return err
		}
		for _, m := range list {
			x := shows{m.ID, m.Body, m.Out, m.EditedAt, m.RetractedAt, m.Partial, m.Reactions, nil}
			if x.Edits, err = tx.Edits(chat.ID, m.Pos); err != nil {
				return err
			}
			all = append(all, x)
		}
		return nil
	}))
	return all
}

const (
	annSends   = "<message xmlns='jabber:client' type='chat' from='ann@example.org/x' to='" + testAddress + "' id='%s'>%s</message>"
	phoneSends = "<message xmlns='jabber:client' type='chat' from='" + testAddress + "/phone' to='ann@example.org' id='%s'>%s</message>"
	replaced   = "<replace xmlns='urn:xmpp:message-correct:0' id='%s'/><body>%s</body>"
	takenXML   = "<retract xmlns='urn:xmpp:message-retract:1' id='%s'/><fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:message-retract:1'/><body>gone</body>"
	thinks     = "<reactions xmlns='urn:xmpp:reactions:0' id='%s'><reaction>%s</reaction></reactions>"
)

// annotated makes up a conversation with what was said about its messages, as the
// archive has it.
func annotated(rng *rand.Rand, at time.Time, step func() time.Duration) (all []kept) {
	type line struct {
		id  string
		own bool
	}
	var said []line
	for i := range 40 {
		at = at.Add(step())
		own := rng.IntN(2) == 0
		from, id := annSends, fmt.Sprint("m", i)
		if own {
			from = phoneSends
		}
		what := fmt.Sprintf("<body>words %d</body>", i)
		if len(said) > 0 && rng.IntN(3) > 0 {
			about := said[max(0, len(said)-1-rng.IntN(4))]
			switch rng.IntN(8) {
			case 0, 1, 2: // by its author, or not
				what = fmt.Sprintf(replaced, about.id, fmt.Sprint("better ", i))
			case 3:
				what = fmt.Sprintf(takenXML, about.id)
			default:
				what = fmt.Sprintf(thinks, about.id, []string{"👍", "❤️", "no"}[rng.IntN(3)])
			}
			// A correction of what somebody else has said is a message of its own.
			if strings.Contains(what, "<body") && about.own != own {
				what = fmt.Sprintf(thinks, about.id, "🎉")
			}
		} else {
			said = append(said, line{id, own})
		}
		all = append(all, kept{id: fmt.Sprint("a", i), stamp: at, with: ann, xml: fmt.Sprintf(from, id, what)})
	}
	return all
}

// TestAnyOrderGivesTheSame has what was said about messages come live, as
// copies, and in pages of the archive, in many orders, of contacts and strangers.
func TestAnyOrderGivesTheSame(t *testing.T) {
	for seed := range uint64(60) {
		rng := rand.New(rand.NewPCG(seed, 3))
		step := func() time.Duration { return time.Duration(1+rng.IntN(40_000)) * time.Millisecond }
		if seed%3 == 0 { // an archive that tells whole seconds
			step = func() time.Duration { return time.Duration(rng.IntN(2)) * time.Second }
		}
		start := time.Unix(1_700_000_000, 0)
		all := annotated(rng, start, step)
		plain, s := newScene(t), newScene(t)
		if seed%4 == 1 { // a stranger
			clear(plain.a.roster.entries)
			clear(s.a.roster.entries)
		}
		plain.page(newSweep(FromCatchUp, true), all)
		want := plain.shown()
		for at := 0; at < len(all); {
			n := 1 + rng.IntN(8)
			part := all[at:min(at+n, len(all))]
			at += len(part)
			switch rng.IntN(3) {
			case 0: // while this device was away
			case 1:
				for _, k := range part {
					s.at = k.stamp
					s.live(wrapped(k, rng.IntN(2) == 0))
					if rng.IntN(5) == 0 {
						s.live(wrapped(k, true))
					}
				}
			default:
				s.sweep(rng, all[:at], rng.IntN(at), 1+rng.IntN(7))
			}
		}
		s.sweep(rng, all, 0, 1+rng.IntN(7))
		s.sweep(rng, all, 0, len(all))
		got := s.shown()
		if seed%3 == 0 { // which of a second is not known
			forgetTimes(got)
			forgetTimes(want)
		}
		if !reflect.DeepEqual(got, want) {
			for i := range max(len(got), len(want)) {
				if i < len(got) && i < len(want) && reflect.DeepEqual(got[i], want[i]) {
					continue
				}
				if i < len(got) {
					t.Logf("got  %d %+v", i, got[i])
				}
				if i < len(want) {
					t.Logf("want %d %+v", i, want[i])
				}
			}
			for _, k := range all {
				t.Log(k.id, k.stamp.UnixMilli(), k.xml)
			}
			t.Fatalf("seed %d: another archive", seed)
		}
	}
}

// sweep fetches the archive from the end down to a place.
func (s *scene) sweep(rng *rand.Rand, all []kept, down, page int) {
	w := newSweep(FromCatchUp, false)
	for end := len(all); end > down; end -= page {
		s.page(w, all[max(down, end-page):end])
	}
}

func forgetTimes(all []shows) {
	for i := range all {
		x := &all[i]
		x.EditedAt, x.RetractedAt = min(x.EditedAt, 1), min(x.RetractedAt, 1)
		for j := range x.Reactions {
			x.Reactions[j].At = 0
		}
		slices.SortFunc(x.Reactions, func(a, b storage.Reaction) int { return strings.Compare(a.From, b.From) })
		for j := range x.Edits {
			x.Edits[j].At = 0
		}
	}
}

// wrapped is how a message of the archive came live: from Ann herself, or as a
// copy of what another device of ours has.
func wrapped(k kept, marked bool) string {
	x := k.xml
	if marked {
		x = strings.Replace(x, "</message>", fmt.Sprintf("<stanza-id xmlns='urn:xmpp:sid:0' by='%s' id='%s'/></message>", testAddress, k.id), 1)
	}
	if strings.Contains(x, testAddress+"/phone") {
		return carbonOf("sent")(x)
	}
	return x
}
