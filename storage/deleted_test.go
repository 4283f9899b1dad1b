package storage

import (
	"errors"
	"reflect"
	"testing"
)

func TestDeleted(t *testing.T) {
	s := newStore(t)
	var a, other Account
	update(t, s, func(tx *Tx) error {
		a, other = Account{Address: "me@example.org"}, Account{Address: "too@example.org"}
		return errors.Join(tx.PutAccount(&a), tx.PutAccount(&other))
	})
	const jid = "juliet@example.org"
	one := Deleted{
		Pos: Pos{Time: 7, Seq: 3}, Out: true, From: "me@example.org", Partial: true, SentAt: 8,
		ID: "i", OriginID: "o", StanzaID: "s", Said: []byte{1, 2},
	}
	two := Deleted{Pos: Pos{Time: 9, Seq: 4}, ID: "i"}
	update(t, s, func(tx *Tx) error {
		return errors.Join(
			tx.PutErased(a.ID, jid, 5),
			tx.PutDeleted(a.ID, jid, &one, []string{"i", "o", "", "s"}), tx.PutDeleted(a.ID, jid, &two, []string{"i"}),
			tx.PutDeleted(other.ID, jid, &one, []string{"i"}), tx.PutDeleted(a.ID, "romeo@example.org", &one, []string{"i"}),
		)
	})
	has := func(acc AccountID, jid, id string, want ...Deleted) {
		t.Helper()
		view(t, s, func(tx *Tx) error {
			if got, err := tx.Deleted(acc, jid, id); err != nil || len(got)+len(want) > 0 && !reflect.DeepEqual(got, want) {
				t.Errorf("with id %q: %+v, %v", id, got, err)
			}
			return nil
		})
	}
	has(a.ID, jid, "i", one, two)
	has(a.ID, jid, "o", one)
	has(a.ID, jid, "s", one)
	has(a.ID, jid, "")
	has(a.ID, jid, "x")
	view(t, s, func(tx *Tx) error {
		if !tx.HasDeleted(a.ID, jid) || tx.HasDeleted(a.ID, "x") {
			t.Error("nobody knows which conversations have deleted messages")
		}
		return nil
	})
	update(t, s, func(tx *Tx) error {
		if newest, err := tx.DropDeleted(a.ID, jid); err != nil || newest != two.Pos {
			t.Errorf("dropped up to %v, %v", newest, err)
		}
		if until, err := tx.Erased(a.ID, jid); err != nil || until != 5 {
			t.Errorf("erased until %d, %v", until, err)
		}
		return nil
	})
	has(a.ID, jid, "i")
	has(a.ID, "romeo@example.org", "i", one)
	has(other.ID, jid, "i", one)
	update(t, s, func(tx *Tx) error { return tx.DeleteAccount(other.ID) })
	has(other.ID, jid, "i")
	if err := s.Update(func(tx *Tx) error { return tx.PutDeleted(other.ID, jid, &one, []string{"i"}) }); !errors.Is(err, ErrNotFound) {
		t.Errorf("for an account that is gone: %v", err)
	}
}
