package storage

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// keys counts what is in the file, without the meta bucket.
func keys(t *testing.T, s *Store) int {
	t.Helper()
	n := 0
	view(t, s, func(tx *Tx) error {
		for _, b := range allBuckets[1:] {
			if err := tx.each(b, nil, func(_, _ []byte) error { n++; return nil }); err != nil {
				return err
			}
		}
		return nil
	})
	return n
}

func TestAccountsComeBackWholeAndIDsAreNotUsedAgain(t *testing.T) {
	s := newStore(t)
	a := Account{
		Address: "romeo@example.org", Name: "Home", Color: 0x12ab34, Enabled: true, Host: "h", Port: 5223,
		Trusted: []byte{9}, OwnStatus: true, Status: Status{Show: ShowBusy, Message: "not now"}, RosterVersion: "v7",
	}
	update(t, s, func(tx *Tx) error { return tx.PutAccount(&a) })
	first := a.ID
	view(t, s, func(tx *Tx) error {
		if got, err := tx.Account(first); err != nil || !reflect.DeepEqual(got, a) {
			t.Errorf("got %+v, %v, want %+v", got, err, a)
		}
		return nil
	})
	update(t, s, func(tx *Tx) error { return tx.DeleteAccount(first) })
	update(t, s, func(tx *Tx) error {
		if err := tx.PutAccount(&a); !errors.Is(err, ErrNotFound) {
			t.Errorf("a late write of a removed account: %v", err)
		}
		if _, err := tx.Account(first); !errors.Is(err, ErrNotFound) {
			t.Errorf("Account: %v", err)
		}
		a.ID = 0
		return tx.PutAccount(&a)
	})
	if a.ID == first || a.ID == 0 {
		t.Errorf("id %d after %d", a.ID, first)
	}
}

func TestNothingIsStoredForWhatIsGone(t *testing.T) {
	s := newStore(t)
	update(t, s, func(tx *Tx) error {
		for what, err := range map[string]error{
			"PutChat":          tx.PutChat(&Chat{Account: 9, JID: "x@example.org"}),
			"AddMessage":       tx.AddMessage(&Message{Chat: 9}),
			"PutMessage":       tx.PutMessage(&Message{Chat: 9, Pos: Pos{1, 1}}),
			"Enqueue":          tx.Enqueue(9, 9, Pos{1, 1}),
			"PutRosterItem":    tx.PutRosterItem(9, RosterItem{JID: "x@example.org"}),
			"PutRequest":       tx.PutRequest(9, Request{JID: "x@example.org"}),
			"DeleteAccount":    tx.DeleteAccount(9),
			"DeleteChat":       tx.DeleteChat(9),
			"PutAccount":       tx.PutAccount(&Account{ID: 9}),
			"account's outbox": func() error { _, err := tx.Chat(9); return err }(),
		} {
			if !errors.Is(err, ErrNotFound) {
				t.Errorf("%s: %v", what, err)
			}
		}
		for what, err := range map[string]error{
			"Dequeue": tx.Dequeue(9, 9), "DeleteRosterItem": tx.DeleteRosterItem(9, "x"), "DeleteRequest": tx.DeleteRequest(9, "x"),
		} {
			if err != nil {
				t.Errorf("%s of nothing: %v", what, err)
			}
		}
		return nil
	})
	if n := keys(t, s); n != 0 {
		t.Errorf("%d keys", n)
	}
}

func TestChatNames(t *testing.T) {
	s := newStore(t)
	a, c := newChat(t, s)
	find := func(jid string) ChatID {
		var got Chat
		view(t, s, func(tx *Tx) (err error) {
			got, _, err = tx.FindChat(a.ID, jid)
			return err
		})
		return got.ID
	}
	if got := find(c.JID); got != c.ID {
		t.Errorf("found %d, want %d", got, c.ID)
	}
	update(t, s, func(tx *Tx) error {
		if err := tx.PutChat(&Chat{Account: a.ID, JID: c.JID}); !errors.Is(err, ErrExists) {
			t.Errorf("a second conversation: %v", err)
		}
		return nil
	})
	old := c.JID
	c.JID, c.Kind, c.MutedUntil = "juliet@example.net", ChatRoom, time.UnixMilli(5)
	update(t, s, func(tx *Tx) error { return tx.PutChat(&c) })
	if got := find(old); got != 0 {
		t.Errorf("the old name leads to %d", got)
	}
	if got := find(c.JID); got != c.ID {
		t.Errorf("the new name leads to %d", got)
	}
}

func TestPutChatLeavesLastAlone(t *testing.T) {
	s := newStore(t)
	_, c := newChat(t, s)
	m := Message{Chat: c.ID, Pos: Pos{Time: 9}, Body: "first"}
	update(t, s, func(tx *Tx) error { return tx.AddMessage(&m) })
	update(t, s, func(tx *Tx) error { return tx.PutChat(&c) }) // knows nothing of m
	late := Message{Chat: c.ID, Pos: Pos{Time: 3}, Body: "older, from the archive"}
	update(t, s, func(tx *Tx) error { return tx.AddMessage(&late) })
	last := func() Summary {
		var got Chat
		view(t, s, func(tx *Tx) (err error) { got, err = tx.Chat(c.ID); return err })
		return got.Last
	}
	if got := last(); got.Pos != m.Pos || got.Text != "first" {
		t.Errorf("Last is %+v", got)
	}
	m.Body, m.State = "changed", StateFailed
	late.Body = "changed too"
	update(t, s, func(tx *Tx) error { return errors.Join(tx.PutMessage(&m), tx.PutMessage(&late)) })
	if got := last(); got.Text != "changed" || got.State != StateFailed {
		t.Errorf("Last is %+v", got)
	}
}

// TestContactCannotTakeOverAnID: receipts and errors find our own message by
// its id, whatever ids others send.
func TestContactCannotTakeOverAnID(t *testing.T) {
	s := newStore(t)
	_, c := newChat(t, s)
	own := Message{Chat: c.ID, Pos: Pos{Time: 1}, Out: true, ID: "same"}
	theirs := Message{Chat: c.ID, Pos: Pos{Time: 2}, ID: "same"}
	next := Message{Chat: c.ID, Pos: Pos{Time: 3}, Out: true, ID: "same"}
	for _, step := range []struct{ add, found *Message }{{&theirs, &theirs}, {&own, &own}, {&theirs, &own}, {&next, &next}} {
		update(t, s, func(tx *Tx) error {
			if err := tx.AddMessage(step.add); err != nil {
				return err
			}
			if got, ok, err := tx.FindMessage(c.ID, ByID, "same"); !ok || err != nil || got.Pos != step.found.Pos {
				t.Errorf("found %+v, %v, %v, want %+v", got, ok, err, step.found)
			}
			if _, ok, err := tx.FindMessage(c.ID, ByOrigin, "same"); ok || err != nil {
				t.Errorf("found by another kind: %v", err)
			}
			if _, ok, err := tx.FindMessage(c.ID, ByOrigin, ""); ok || err != nil {
				t.Errorf("found by nothing: %v", err)
			}
			return nil
		})
	}
}

func TestDeletionLeavesNothing(t *testing.T) {
	s := newStore(t)
	fill := func(address string) (Account, Chat) {
		a := Account{Address: address}
		c := Chat{JID: "juliet@example.org"}
		update(t, s, func(tx *Tx) error {
			if err := tx.PutAccount(&a); err != nil {
				return err
			}
			c.Account = a.ID
			if err := tx.PutChat(&c); err != nil {
				return err
			}
			for i := range 300 {
				m := Message{Chat: c.ID, Pos: Pos{Time: int64(i % 7)}, ID: fmt.Sprint(i), OriginID: fmt.Sprint("o", i), Body: strings.Repeat("x", 100)}
				n := Note{Target: "later", Out: i%2 == 0}
				if err := errors.Join(
					tx.AddMessage(&m), tx.Enqueue(a.ID, c.ID, m.Pos), tx.SetStarred(c.ID, m.Pos, true),
					tx.PutEdits(c.ID, m.Pos, []Edit{{Body: "y"}}), tx.PutNote(a.ID, c.JID, &n),
				); err != nil {
					return err
				}
			}
			return errors.Join(tx.PutRosterItem(a.ID, RosterItem{JID: "r@example.org"}), tx.PutRequest(a.ID, Request{JID: "q@example.org"}))
		})
		return a, c
	}
	a, _ := fill("a@example.org")
	each := keys(t, s)
	b, chat := fill("b@example.org")
	update(t, s, func(tx *Tx) error { return tx.DeleteAccount(a.ID) })
	if n := keys(t, s); n != each {
		t.Errorf("%d keys after one of two accounts was removed, want %d", n, each)
	}
	view(t, s, func(tx *Tx) error {
		if page, err := tx.MessagesAfter(chat.ID, Pos{}, 1000); err != nil || len(page) != 300 {
			t.Errorf("%d messages of the other account, %v", len(page), err)
		}
		return nil
	})
	update(t, s, func(tx *Tx) error { return tx.DeleteChat(chat.ID) })
	if n := keys(t, s); n != 3 { // account, contact, request
		t.Errorf("%d keys after its conversation was removed", n)
	}
	update(t, s, func(tx *Tx) error { return tx.DeleteAccount(b.ID) })
	if n := keys(t, s); n != 0 {
		t.Errorf("%d keys at the end", n)
	}
}

func TestOutboxKeepsOrder(t *testing.T) {
	s := newStore(t)
	a, c := newChat(t, s)
	var want []Pos
	update(t, s, func(tx *Tx) error {
		for i := range 5 {
			m := Message{Chat: c.ID, Out: true, Pos: Pos{Time: int64(10 - i)}}
			if err := errors.Join(tx.AddMessage(&m), tx.Enqueue(a.ID, c.ID, m.Pos)); err != nil {
				return err
			}
			want = append(want, m.Pos)
		}
		return nil
	})
	update(t, s, func(tx *Tx) error {
		out, err := tx.Outbox(a.ID, 3)
		if err != nil || len(out) != 3 || out[0].Pos != want[0] || out[2].Pos != want[2] || out[0].Chat != c.ID {
			t.Errorf("the first three: %v, %v", out, err)
		}
		return tx.Dequeue(a.ID, out[1].Seq)
	})
	view(t, s, func(tx *Tx) error {
		out, err := tx.Outbox(a.ID, 10)
		if err != nil || len(out) != 4 || out[1].Pos != want[2] {
			t.Errorf("without the second: %v, %v", out, err)
		}
		return nil
	})
}

func TestRosterAndRequests(t *testing.T) {
	s := newStore(t)
	a, _ := newChat(t, s)
	nurse := RosterItem{JID: "nurse@example.org", Name: "Nurse", Groups: []string{"House", "Verona"}, Subscription: SubscriptionBoth, LastSeen: 44}
	paris := RosterItem{JID: "paris@example.org", Ask: true}
	ask := Request{JID: "tybalt@example.org", Message: "en garde", Time: 5}
	update(t, s, func(tx *Tx) error {
		return errors.Join(tx.PutRosterItem(a.ID, paris), tx.ReplaceRoster(a.ID, []RosterItem{nurse}),
			tx.PutRequest(a.ID, Request{JID: ask.JID}), tx.PutRequest(a.ID, ask))
	})
	view(t, s, func(tx *Tx) error {
		if got, err := tx.Roster(a.ID); err != nil || !reflect.DeepEqual(got, []RosterItem{nurse}) {
			t.Errorf("roster %v, %v", got, err)
		}
		if got, err := tx.Requests(a.ID); err != nil || !slices.Equal(got, []Request{ask}) {
			t.Errorf("requests %v, %v", got, err)
		}
		return nil
	})
	update(t, s, func(tx *Tx) error {
		return errors.Join(tx.DeleteRequest(a.ID, ask.JID), tx.ReplaceRoster(a.ID, nil))
	})
	view(t, s, func(tx *Tx) error {
		items, err := tx.Roster(a.ID)
		asks, rerr := tx.Requests(a.ID)
		if err = errors.Join(err, rerr); err != nil || len(items)+len(asks) != 0 {
			t.Errorf("left: %v, %v, %v", items, asks, err)
		}
		return nil
	})
}

func TestCapsAreBounded(t *testing.T) {
	s := newStore(t)
	const more = 25
	update(t, s, func(tx *Tx) error {
		for i := range MaxCaps + more {
			if err := tx.PutCaps(fmt.Sprint(i), []byte{byte(i)}); err != nil {
				return err
			}
			if err := tx.PutCaps("0", []byte("again")); i < more && err != nil {
				return err
			}
		}
		return tx.PutCaps("large", make([]byte, MaxCapsBytes+1))
	})
	view(t, s, func(tx *Tx) error {
		kept := 0
		for i := range MaxCaps + more {
			v, ok, err := tx.Caps(fmt.Sprint(i))
			if err != nil || ok && i != 0 && !bytes.Equal(v, []byte{byte(i)}) {
				t.Errorf("%d: %v, %v", i, v, err)
			}
			if ok {
				kept++
			}
		}
		if _, ok, _ := tx.Caps(fmt.Sprint(MaxCaps + more - 1)); !ok {
			t.Error("the newest is not there")
		}
		if _, ok, _ := tx.Caps("large"); ok {
			t.Error("one over the limit was kept")
		}
		if kept != MaxCaps {
			t.Errorf("%d kept, want %d", kept, MaxCaps)
		}
		return nil
	})
	if n := keys(t, s); n != 2*MaxCaps {
		t.Errorf("%d keys", n)
	}
}

func TestSettings(t *testing.T) {
	s := newStore(t)
	for _, v := range [][]byte{[]byte("1"), {}, {0xff, 0}, nil} {
		update(t, s, func(tx *Tx) error { return tx.PutSetting("a", v) })
		view(t, s, func(tx *Tx) error {
			got, ok, err := tx.Setting("a")
			if err != nil || ok != (v != nil) || !bytes.Equal(got, v) {
				t.Errorf("got %q, %v, %v, want %q", got, ok, err, v)
			}
			return nil
		})
	}
}
