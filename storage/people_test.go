package storage

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
)

func TestPeople(t *testing.T) {
	s := openTest(t, filepath.Join(t.TempDir(), "archive"))
	a, _ := newChat(t, s)
	ann := Person{JID: "ann@example.org", Nick: "Ann", Avatar: "aa", ByCard: true}
	bob := Person{JID: "bob@example.org", Nick: "Bob"}
	people := func() (list []Person) {
		t.Helper()
		view(t, s, func(tx *Tx) (err error) { list, err = tx.People(a.ID); return err })
		slices.SortFunc(list, func(x, y Person) int { return bytes.Compare([]byte(x.JID), []byte(y.JID)) })
		return list
	}
	update(t, s, func(tx *Tx) error {
		if err := tx.PutPerson(a.ID, ann); err != nil {
			return err
		}
		return tx.PutPerson(a.ID, bob)
	})
	if got := people(); !slices.Equal(got, []Person{ann, bob}) {
		t.Errorf("stored %+v", got)
	}
	update(t, s, func(tx *Tx) error { return tx.PutPerson(a.ID, Person{JID: ann.JID}) })
	if got := people(); !slices.Equal(got, []Person{bob}) {
		t.Errorf("left are %+v", got)
	}
	if err := s.Update(func(tx *Tx) error { return tx.PutPerson(a.ID+1, bob) }); err != ErrNotFound {
		t.Errorf("of an account that is not there: %v", err)
	}
	update(t, s, func(tx *Tx) error { return tx.DeleteAccount(a.ID) })
	if got := people(); len(got) != 0 {
		t.Errorf("of a removed account %+v", got)
	}
}

// TestAvatarsAreBounded fills the cache: what was used last stays.
func TestAvatarsAreBounded(t *testing.T) {
	s := openTest(t, filepath.Join(t.TempDir(), "archive"))
	has := func(hash string) (ok bool) {
		t.Helper()
		view(t, s, func(tx *Tx) error { ok = tx.HasAvatar(hash); return nil })
		return ok
	}
	const each = MaxAvatarBytes / 2
	const fit = MaxAvatars / each
	data := bytes.Repeat([]byte{1}, each)
	update(t, s, func(tx *Tx) error {
		if err := tx.PutAvatar("large", make([]byte, MaxAvatarBytes+1)); err != nil {
			return err
		}
		for i := range fit {
			if err := tx.PutAvatar(fmt.Sprint(i), data); err != nil {
				return err
			}
		}
		return tx.UseAvatars("0", "not there")
	})
	if has("large") || !has("0") || !has("1") {
		t.Error("the wrong ones are kept")
	}
	update(t, s, func(tx *Tx) error {
		if err := tx.PutAvatar("2", data); err != nil { // it is there
			return err
		}
		return tx.PutAvatar("new", data[:1])
	})
	if has("1") || !has("0") || !has("2") || !has("3") || !has("new") {
		t.Error("the one that was not used went not first")
	}
	view(t, s, func(tx *Tx) error {
		got, ok, err := tx.Avatar("0")
		if !ok || !bytes.Equal(got, data) {
			t.Errorf("read %d bytes, %v", len(got), ok)
		}
		if _, ok, _ := tx.Avatar("1"); ok {
			t.Error("read what is gone")
		}
		return err
	})
}
