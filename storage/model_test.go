package storage

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
)

// model does what an archive should, in memory and by looking at everything.
type model struct {
	accounts map[AccountID]Account
	chats    map[ChatID]Chat
	messages map[ChatID][]Message // in the order of Pos
	holders  map[modelID]Pos
	outbox   map[AccountID][]Outgoing
	roster   map[AccountID]map[string]RosterItem
	settings map[string]string
}

type modelID struct {
	chat ChatID
	kind IDKind
	id   string
}

func newModel() *model {
	return &model{
		accounts: map[AccountID]Account{}, chats: map[ChatID]Chat{}, messages: map[ChatID][]Message{},
		holders: map[modelID]Pos{}, outbox: map[AccountID][]Outgoing{},
		roster: map[AccountID]map[string]RosterItem{}, settings: map[string]string{},
	}
}

// equal is reflect.DeepEqual, but an empty list is an empty list.
func equal[T any](a, b []T) bool {
	return len(a) == 0 && len(b) == 0 || reflect.DeepEqual(a, b)
}

func (m *model) at(chat ChatID, p Pos) int {
	return slices.IndexFunc(m.messages[chat], func(x Message) bool { return x.Pos == p })
}

func (m *model) add(x Message) {
	m.messages[x.Chat] = append(m.messages[x.Chat], x)
	m.sort(x.Chat)
	for _, i := range x.ids() {
		m.hold(x, i)
	}
}

func (m *model) sort(chat ChatID) {
	slices.SortFunc(m.messages[chat], func(a, b Message) int {
		return cmp.Or(cmp.Compare(a.Pos.Time, b.Pos.Time), cmp.Compare(a.Pos.Seq, b.Pos.Seq))
	})
}

func (m *model) hold(x Message, i idOf) {
	key := modelID{x.Chat, i.kind, i.id}
	p, held := m.holders[key]
	if i.id == "" || held && !x.Out && m.messages[x.Chat][m.at(x.Chat, p)].Out {
		return
	}
	m.holders[key] = x.Pos
}

func (m *model) put(x Message) {
	at := m.at(x.Chat, x.Pos)
	old := m.messages[x.Chat][at]
	x.Starred = old.Starred
	m.messages[x.Chat][at] = x
	before := old.ids()
	for n, i := range x.ids() {
		if before[n] == i {
			continue
		}
		if key := (modelID{x.Chat, i.kind, before[n].id}); m.holders[key] == x.Pos {
			delete(m.holders, key)
		}
		m.hold(x, i)
	}
}

func (m *model) move(x Message, time int64) {
	at, was := m.at(x.Chat, x.Pos), x.Pos
	x.Pos.Time = time
	m.messages[x.Chat][at] = x
	m.sort(x.Chat)
	for key, p := range m.holders {
		if key.chat == x.Chat && p == was {
			m.holders[key] = x.Pos
		}
	}
}

func (m *model) deleteMessage(x Message) {
	m.messages[x.Chat] = slices.Delete(m.messages[x.Chat], m.at(x.Chat, x.Pos), m.at(x.Chat, x.Pos)+1)
	for key, p := range m.holders {
		if key.chat == x.Chat && p == x.Pos {
			delete(m.holders, key)
		}
	}
}

// starred gives all messages with a star, the newest first.
func (m *model) starred() (all []Message) {
	for _, list := range m.messages {
		for _, x := range list {
			if x.Starred {
				all = append(all, x)
			}
		}
	}
	slices.SortFunc(all, func(a, b Message) int {
		return cmp.Or(cmp.Compare(b.Pos.Time, a.Pos.Time), cmp.Compare(b.Pos.Seq, a.Pos.Seq))
	})
	return all
}

func (m *model) deleteChat(id ChatID) {
	acc := m.chats[id].Account
	delete(m.chats, id)
	delete(m.messages, id)
	for k := range m.holders {
		if k.chat == id {
			delete(m.holders, k)
		}
	}
	m.outbox[acc] = slices.DeleteFunc(m.outbox[acc], func(o Outgoing) bool { return o.Chat == id })
}

func (m *model) deleteAccount(id AccountID) {
	for c, chat := range m.chats {
		if chat.Account == id {
			m.deleteChat(c)
		}
	}
	delete(m.outbox, id)
	delete(m.roster, id)
	delete(m.accounts, id)
}

// last is the newest message of a conversation as its row shows it.
func (m *model) last(id ChatID) Summary {
	all := m.messages[id]
	if len(all) == 0 {
		return Summary{}
	}
	x := all[len(all)-1]
	s := Summary{
		Pos: x.Pos, From: x.From, Out: x.Out, Text: summarize(x.Body), State: x.State,
		Unstyled: x.Unstyled, Encrypted: x.Encryption != "", Retracted: x.RetractedAt != 0, Files: len(x.Files),
	}
	if len(x.Files) > 0 {
		s.FileType, s.Voice = x.Files[0].Type, x.Files[0].Voice
	}
	return s
}

func anyOf[K cmp.Ordered, V any](r *rand.Rand, m map[K]V) (K, bool) {
	keys := make([]K, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	if len(keys) == 0 {
		var none K
		return none, false
	}
	slices.Sort(keys)
	return keys[r.IntN(len(keys))], true
}

// compare looks at everything in the archive.
func (m *model) compare(t *testing.T, r *rand.Rand, tx *Tx) {
	t.Helper()
	accounts, err := tx.Accounts()
	if err != nil || len(accounts) != len(m.accounts) {
		t.Fatalf("%d accounts, %v, want %d", len(accounts), err, len(m.accounts))
	}
	total := 0
	for _, a := range accounts {
		if !reflect.DeepEqual(a, m.accounts[a.ID]) {
			t.Fatalf("account %+v, want %+v", a, m.accounts[a.ID])
		}
		chats, err := tx.Chats(a.ID)
		if err != nil {
			t.Fatal(err)
		}
		total += len(chats)
		for _, c := range chats {
			want := m.chats[c.ID]
			want.Last = m.last(c.ID)
			if !reflect.DeepEqual(c, want) {
				t.Fatalf("chat %+v, want %+v", c, want)
			}
			m.comparePages(t, r, tx, c.ID)
		}
		items, err := tx.Roster(a.ID)
		if err != nil || len(items) != len(m.roster[a.ID]) {
			t.Fatalf("%d contacts, %v, want %d", len(items), err, len(m.roster[a.ID]))
		}
		for _, item := range items {
			if !reflect.DeepEqual(item, m.roster[a.ID][item.JID]) {
				t.Fatalf("contact %+v", item)
			}
		}
		out, err := tx.Outbox(a.ID, 1000)
		for i := range out {
			out[i].Seq = 0
		}
		if err != nil || !equal(out, m.outbox[a.ID]) {
			t.Fatalf("outbox %v, %v, want %v", out, err, m.outbox[a.ID])
		}
	}
	if total != len(m.chats) {
		t.Fatalf("%d chats, want %d", total, len(m.chats))
	}
	stars := m.starred()
	if got, err := tx.Starred(Pos{}, 1000); err != nil || !equal(got, stars) {
		t.Fatalf("starred %v, %v, want %v", got, err, stars)
	}
	if half := len(stars) / 2; half > 0 {
		if got, err := tx.Starred(stars[half-1].Pos, 2); err != nil || !equal(got, stars[half:min(half+2, len(stars))]) {
			t.Fatalf("starred %v, %v, want from %d of %v", got, err, half, stars)
		}
	}
	for name, want := range m.settings {
		if v, ok, err := tx.Setting(name); !ok || err != nil || string(v) != want {
			t.Fatalf("setting %q: %q, %v, %v", name, v, ok, err)
		}
	}
}

func (m *model) comparePages(t *testing.T, r *rand.Rand, tx *Tx, chat ChatID) {
	t.Helper()
	all := m.messages[chat]
	same := func(what string, got []Message, err error, want []Message) {
		t.Helper()
		if err != nil || !equal(got, want) {
			t.Fatalf("%s: %v, %v, want %v", what, got, err, want)
		}
	}
	n := 1 + r.IntN(len(all)+2)
	got, err := tx.MessagesBefore(chat, Pos{}, n)
	same("the end", got, err, all[max(0, len(all)-n):])
	got, err = tx.MessagesAfter(chat, Pos{}, n)
	same("the beginning", got, err, all[:min(n, len(all))])
	if len(all) > 0 {
		at := r.IntN(len(all))
		got, err = tx.MessagesBefore(chat, all[at].Pos, n)
		same("before", got, err, all[max(0, at-n):at])
		got, err = tx.MessagesAfter(chat, all[at].Pos, n)
		same("after", got, err, all[at+1:min(at+1+n, len(all))])
		in := 0
		for _, x := range all[at+1:] {
			if !x.Out && x.RetractedAt == 0 {
				in++
			}
		}
		if count, err := tx.CountAfter(chat, all[at].Pos, n); err != nil || count != min(in, n) {
			t.Fatalf("CountAfter %d, %v, want %d", count, err, min(in, n))
		}
	}
	for _, kind := range []IDKind{ByID, ByOrigin, ByStanza} {
		id := fmt.Sprintf("id%d", r.IntN(40))
		p, held := m.holders[modelID{chat, kind, id}]
		x, ok, err := tx.FindMessage(chat, kind, id)
		if err != nil || ok != held || x.Pos != p || ok && !reflect.DeepEqual(x, all[m.at(chat, p)]) {
			t.Fatalf("FindMessage(%d, %q): %+v, %v, %v, want %v", kind, id, x, ok, err, p)
		}
	}
}

func TestRandomChangesAgainstModel(t *testing.T) {
	for seed := range uint64(4) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(seed, 1))
			m, path := newModel(), filepath.Join(t.TempDir(), "archive")
			for range 3 {
				s, err := Open(path, testKey, Options{})
				if err != nil {
					t.Fatal(err)
				}
				for range 8 {
					update(t, s, func(tx *Tx) error {
						for range 20 {
							if err := m.step(r, tx); err != nil {
								return err
							}
						}
						return nil
					})
					view(t, s, func(tx *Tx) error { m.compare(t, r, tx); return nil })
				}
				if err := s.Close(); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}
