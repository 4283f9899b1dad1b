package storage

import (
	"bytes"
	"path/filepath"
	"reflect"
	"testing"
)

var testKey = bytes.Repeat([]byte{7}, KeySize)

func openTest(t testing.TB, path string) *Store {
	t.Helper()
	s, err := Open(path, testKey, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func newStore(t testing.TB) *Store { return openTest(t, filepath.Join(t.TempDir(), "archive")) }

func update(t testing.TB, s *Store, fn func(*Tx) error) {
	t.Helper()
	if err := s.Update(fn); err != nil {
		t.Fatal(err)
	}
}

func view(t testing.TB, s *Store, fn func(*Tx) error) {
	t.Helper()
	if err := s.View(fn); err != nil {
		t.Fatal(err)
	}
}

// newChat adds an account and a conversation.
func newChat(t testing.TB, s *Store) (Account, Chat) {
	t.Helper()
	a := Account{Address: "romeo@example.org", Enabled: true}
	c := Chat{JID: "juliet@example.org"}
	update(t, s, func(tx *Tx) error {
		if err := tx.PutAccount(&a); err != nil {
			return err
		}
		c.Account = a.ID
		return tx.PutChat(&c)
	})
	return a, c
}

func TestMessageSurvivesReopening(t *testing.T) {
	path := filepath.Join(t.TempDir(), "archive")
	s, err := Open(path, testKey, Options{})
	if err != nil {
		t.Fatal(err)
	}
	_, c := newChat(t, s)
	m := Message{Chat: c.ID, Pos: Pos{Time: 5}, From: "juliet@example.org/balcony", Body: "Ay me", ID: "x1", StanzaID: "s1"}
	update(t, s, func(tx *Tx) error { return tx.AddMessage(&m) })
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = openTest(t, path)
	view(t, s, func(tx *Tx) error {
		got, ok, err := tx.FindMessage(c.ID, ByStanza, "s1")
		if err != nil || !ok || !reflect.DeepEqual(got, m) {
			t.Errorf("FindMessage: %+v, %v, %v, want %+v", got, ok, err, m)
		}
		chats, err := tx.Chats(c.Account)
		if err != nil || len(chats) != 1 || chats[0].Last.Pos != m.Pos || chats[0].Last.Text != "Ay me" {
			t.Errorf("Chats: %+v, %v", chats, err)
		}
		return nil
	})
}
