package storage

import (
	"errors"
	"path/filepath"
	"slices"
	"testing"
)

func TestGapsAndWhatConversationsHaveOfThem(t *testing.T) {
	s := newStore(t)
	a, c := newChat(t, s)
	old := Gap{To: Edge{Time: 5, ID: "b"}}
	recent := Gap{From: Edge{Time: 7}, To: Edge{Time: 9, ID: "d"}}
	part := ChatGap{From: Edge{Time: 7, ID: "x"}, To: Edge{Time: 8}, Closed: true}
	update(t, s, func(tx *Tx) error {
		return errors.Join(tx.PutGap(a.ID, &old), tx.PutGap(a.ID, &recent), tx.PutChatGap(c.ID, recent.ID, part))
	})
	recent.To.Time = 8
	update(t, s, func(tx *Tx) error { return tx.PutGap(a.ID, &recent) })
	view(t, s, func(tx *Tx) error {
		if all, err := tx.Gaps(a.ID); err != nil || !slices.Equal(all, []Gap{recent, old}) {
			t.Errorf("%+v, %v", all, err)
		}
		if got, err := tx.ChatGap(c.ID, recent.ID); err != nil || got != part {
			t.Errorf("of the conversation: %+v, %v", got, err)
		}
		if got, err := tx.ChatGap(c.ID, old.ID); err != nil || got != (ChatGap{}) {
			t.Errorf("of the other gap: %+v, %v", got, err)
		}
		return nil
	})
	before := keys(t, s)
	update(t, s, func(tx *Tx) error { return tx.DeleteGap(a.ID, recent.ID) })
	if n := keys(t, s); n != before-2 {
		t.Errorf("%d keys after a gap was closed, want %d", n, before-2)
	}
	update(t, s, func(tx *Tx) error { return tx.PutChatGap(c.ID, old.ID, part) })
	update(t, s, func(tx *Tx) error { return tx.PutErased(a.ID, "juliet@example.org", 7) })
	view(t, s, func(tx *Tx) error {
		if at, err := tx.Erased(a.ID, "juliet@example.org"); at != 7 || err != nil {
			t.Errorf("erased until %d, %v", at, err)
		}
		if at, err := tx.Erased(a.ID, "romeo@example.org"); at != 0 || err != nil {
			t.Errorf("of another: %d, %v", at, err)
		}
		return nil
	})
	update(t, s, func(tx *Tx) error { return tx.DeleteAccount(a.ID) })
	if n := keys(t, s); n != 0 {
		t.Errorf("%d keys are left", n)
	}
	err := s.Update(func(tx *Tx) error { return tx.PutGap(a.ID, &old) })
	if !errors.Is(err, ErrNotFound) {
		t.Errorf("a gap of no account: %v", err)
	}
	err = s.Update(func(tx *Tx) error { return tx.PutErased(a.ID, "x", 1) })
	if !errors.Is(err, ErrNotFound) {
		t.Errorf("an erased conversation of no account: %v", err)
	}
	err = s.Update(func(tx *Tx) error { return tx.PutChatGap(c.ID, old.ID, part) })
	if !errors.Is(err, ErrNotFound) {
		t.Errorf("a gap of no conversation: %v", err)
	}
}

func TestOlderArchivesAreBroughtUpToDate(t *testing.T) {
	for version, lacks := range map[uint64][]bucket{
		1: {bucketGaps, bucketChatGaps, bucketErased},
		2: {bucketErased},
	} {
		path := filepath.Join(t.TempDir(), "archive")
		s, err := openSchema(path, testKey, Options{}, schema{version: version})
		if err != nil {
			t.Fatal(err)
		}
		update(t, s, func(tx *Tx) error {
			for _, b := range lacks {
				if err := tx.tx.DeleteBucket([]byte{byte(b)}); err != nil {
					return err
				}
			}
			return nil
		})
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if s, err = Open(path, testKey, Options{}); err != nil {
			t.Fatalf("version %d: %v", version, err)
		}
		a := Account{Address: "a@example.org"}
		update(t, s, func(tx *Tx) error {
			return errors.Join(tx.PutAccount(&a), tx.PutGap(a.ID, &Gap{To: Edge{Time: 1}}), tx.PutErased(a.ID, "x", 1))
		})
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
