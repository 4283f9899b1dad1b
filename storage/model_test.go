package storage

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
	"time"
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
	return Summary{Pos: x.Pos, From: x.From, Out: x.Out, Text: summarize(x.Body), State: x.State}
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

// words come with what is hard on an encoding.
var words = []string{"", "a", "<&>\u2028\u202e", "line\none\ttwo", "\x00\x01", "木漏れ日 😀", `"quoted\"`, "long " + string(make([]byte, 3000))}

func randomMessage(r *rand.Rand, chat ChatID) Message {
	word := func() string { return words[r.IntN(len(words))] }
	id := func() string {
		if r.IntN(3) == 0 {
			return ""
		}
		return fmt.Sprintf("id%d", r.IntN(40)) // meets others
	}
	return Message{
		Pos: Pos{Time: int64(r.IntN(60)) - 20}, Chat: chat, Out: r.IntN(3) == 0, From: word(), Body: word(),
		State: MessageState(r.IntN(6)), Reason: word(), ID: id(), OriginID: id(), StanzaID: id(),
		SentAt: int64(r.IntN(3)), DeliveredAt: int64(r.IntN(3)), ReadAt: int64(r.IntN(3)), Markable: r.IntN(2) == 0,
	}
}

// step makes one random change to both.
func (m *model) step(r *rand.Rand, t *Tx) error {
	acc, haveAcc := anyOf(r, m.accounts)
	chat, haveChat := anyOf(r, m.chats)
	switch n := r.IntN(100); {
	case n < 3 || !haveAcc:
		a := Account{Address: fmt.Sprintf("a%d@example.org", n), Trusted: []byte{1, 2}, Port: 5222, NoMarkers: true, Status: Status{Show: ShowAway, Message: "x"}}
		if err := t.PutAccount(&a); err != nil {
			return err
		}
		m.accounts[a.ID] = a
		m.roster[a.ID] = map[string]RosterItem{}
	case n < 4:
		m.deleteAccount(acc)
		return t.DeleteAccount(acc)
	case n < 10 || !haveChat:
		c := Chat{Account: acc, JID: fmt.Sprintf("c%d@example.org", len(m.chats)*100+n), Draft: "so", MutedUntil: time.UnixMilli(77)}
		if _, ok, err := t.FindChat(acc, c.JID); ok || err != nil {
			return err
		}
		if err := t.PutChat(&c); err != nil {
			return err
		}
		m.chats[c.ID] = c
	case n < 11:
		m.deleteChat(chat)
		return t.DeleteChat(chat)
	case n < 15:
		c := m.chats[chat]
		c.Receipts, c.Markers = Choice(r.IntN(3)), Choice(r.IntN(3))
		c.Unread, c.ReadUpTo, c.Pinned, c.Draft = n, Pos{Time: int64(n), Seq: 4}, !c.Pinned, words[r.IntN(len(words))]
		m.chats[chat] = c
		return t.PutChat(&c)
	case n < 70:
		x := randomMessage(r, chat)
		if err := t.AddMessage(&x); err != nil {
			return err
		}
		m.add(x)
		if x.Out {
			m.outbox[m.chats[chat].Account] = append(m.outbox[m.chats[chat].Account], Outgoing{Chat: chat, Pos: x.Pos})
			return t.Enqueue(m.chats[chat].Account, chat, x.Pos)
		}
	case n < 75:
		if all := m.messages[chat]; len(all) > 0 && !all[len(all)/2].Out {
			x := all[len(all)/2]
			time := int64(r.IntN(60)) - 20
			m.move(x, time)
			return t.MoveMessage(&x, time)
		}
	case n < 85:
		if all := m.messages[chat]; len(all) > 0 {
			x := randomMessage(r, chat)
			x.Pos = all[r.IntN(len(all))].Pos
			m.put(x)
			return t.PutMessage(&x)
		}
	case n < 90:
		out, err := t.Outbox(acc, 1)
		if err != nil || len(out) == 0 {
			return err
		}
		m.outbox[acc] = m.outbox[acc][1:]
		return t.Dequeue(acc, out[0].Seq)
	case n < 95:
		item := RosterItem{JID: fmt.Sprintf("r%d@example.org", n), Name: words[r.IntN(len(words))], Groups: []string{"g", "h"}, Ask: true, LastSeen: int64(n)}
		m.roster[acc][item.JID] = item
		return t.PutRosterItem(acc, item)
	case n < 97:
		jid := fmt.Sprintf("r%d@example.org", 90+r.IntN(5))
		delete(m.roster[acc], jid)
		return t.DeleteRosterItem(acc, jid)
	default:
		name := fmt.Sprint("s", n)
		m.settings[name] = words[r.IntN(len(words))]
		return t.PutSetting(name, []byte(m.settings[name]))
	}
	return nil
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
		if err != nil || !slices.Equal(out, m.outbox[a.ID]) {
			t.Fatalf("outbox %v, %v, want %v", out, err, m.outbox[a.ID])
		}
	}
	if total != len(m.chats) {
		t.Fatalf("%d chats, want %d", total, len(m.chats))
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
		if err != nil || !slices.Equal(got, want) {
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
			if !x.Out {
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
		if err != nil || ok != held || x.Pos != p || ok && x != all[m.at(chat, p)] {
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
