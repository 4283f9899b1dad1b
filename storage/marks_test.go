package storage

import (
	"errors"
	"fmt"
	"testing"
)

func TestMarksWaitForTheirMessage(t *testing.T) {
	s := newStore(t)
	a, c := newChat(t, s)
	m := Mark{Target: "m1", State: StateFailed, Reason: "gone", At: 5}
	own := Mark{Target: "m1", Out: true, State: StateRead}
	update(t, s, func(tx *Tx) error {
		if err := tx.PutMark(99, c.JID, &m); !errors.Is(err, ErrNotFound) {
			t.Errorf("a mark for no account: %v", err)
		}
		return errors.Join(tx.PutMark(a.ID, c.JID, &m), tx.PutMark(a.ID, c.JID, &own), tx.PutNote(a.ID, c.JID, &Note{Target: "m1"}))
	})
	find := func(out bool, target string) (m Mark, ok bool) {
		view(t, s, func(tx *Tx) (err error) { m, ok, err = tx.FindMark(a.ID, c.JID, out, target); return err })
		return m, ok
	}
	if got, ok := find(false, "m1"); !ok || got != m {
		t.Errorf("%+v, want %+v", got, m)
	}
	if got, ok := find(true, "m1"); !ok || got != own {
		t.Errorf("%+v, want %+v", got, own)
	}
	if got, ok := find(false, "m2"); ok {
		t.Errorf("of another message: %+v", got)
	}
	update(t, s, func(tx *Tx) error {
		for i := range MaxNotes {
			if err := tx.PutMark(a.ID, c.JID, &Mark{Target: fmt.Sprint(i)}); err != nil {
				return err
			}
		}
		return tx.DropMark(a.ID, c.JID, &own)
	})
	_, theirs := find(false, "m1")
	_, ours := find(true, "m1")
	if _, newest := find(false, fmt.Sprint(MaxNotes-1)); theirs || ours || !newest {
		t.Errorf("the oldest %v, dropped %v, the newest %v", theirs, ours, newest)
	}
	has := func() (has bool) {
		view(t, s, func(tx *Tx) error { has = tx.HasMarks(a.ID, c.JID); return nil })
		return has
	}
	before := has()
	update(t, s, func(tx *Tx) error { return tx.DeleteChat(c.ID) })
	if !before || has() {
		t.Errorf("marks before the conversation was deleted %v, after %v", before, has())
	}
}
