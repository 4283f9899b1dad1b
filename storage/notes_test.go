package storage

import (
	"errors"
	"fmt"
	"reflect"
	"testing"
)

func TestEditsStayWithTheirMessage(t *testing.T) {
	s := newStore(t)
	_, c := newChat(t, s)
	a, b := Message{Chat: c.ID, Pos: Pos{Time: 1}}, Message{Chat: c.ID, Pos: Pos{Time: 1}}
	want := []Edit{{Body: "one"}, {At: 7, ID: "x", Body: "two"}}
	edits := func(m Message) (got []Edit) {
		view(t, s, func(tx *Tx) (err error) { got, err = tx.Edits(c.ID, m.Pos); return err })
		return got
	}
	update(t, s, func(tx *Tx) error {
		if err := tx.PutEdits(c.ID, Pos{Time: 1, Seq: 99}, want); !errors.Is(err, ErrNotFound) {
			t.Errorf("edits of nothing: %v", err)
		}
		return errors.Join(
			tx.AddMessage(&a), tx.AddMessage(&b), tx.PutEdits(c.ID, b.Pos, want[:1]),
			tx.PutEdits(c.ID, a.Pos, []Edit{{}, {}, {}}), tx.PutEdits(c.ID, a.Pos, want), tx.MoveMessage(&a, 50),
		)
	})
	if got := edits(a); !reflect.DeepEqual(got, want) {
		t.Errorf("edits %v, want %v", got, want)
	}
	by := func(id string) (m Message, ok bool) {
		view(t, s, func(tx *Tx) (err error) { m, ok, err = tx.FindMessage(c.ID, ByEdit, id); return err })
		return m, ok
	}
	if m, ok := by("x"); !ok || m.Pos != a.Pos {
		t.Errorf("found by the id of an edit: %+v, %v", m, ok)
	}
	a.EditID = "y"
	update(t, s, func(tx *Tx) error {
		return errors.Join(tx.PutMessage(&a), tx.PutEdits(c.ID, b.Pos, []Edit{{ID: "gone"}}), tx.PutEdits(c.ID, b.Pos, want[:1]))
	})
	if m, ok := by("y"); !ok || m.Pos != a.Pos {
		t.Errorf("found by the id of the last edit: %+v, %v", m, ok)
	}
	if m, ok := by("gone"); ok {
		t.Errorf("found by the id of an edit that was undone: %+v", m)
	}
	update(t, s, func(tx *Tx) error { return tx.DeleteMessage(c.ID, a.Pos) })
	if m, ok := by("x"); ok {
		t.Errorf("found by the id of an edit of a message that is gone: %+v", m)
	}
	if got := edits(a); len(got) != 0 {
		t.Errorf("edits of a message that is gone: %v", got)
	}
	if got := edits(b); len(got) != 1 {
		t.Errorf("edits of the other message: %v", got)
	}
	update(t, s, func(tx *Tx) error { return tx.PutEdits(c.ID, b.Pos, nil) })
	if got := edits(b); len(got) != 0 {
		t.Errorf("edits after they were erased: %v", got)
	}
}

func TestNotesWaitForTheirMessage(t *testing.T) {
	s := newStore(t)
	a, c := newChat(t, s)
	n := Note{
		Target: "m1", Kind: ActCorrect, From: "juliet@example.org/balcony", At: 5, ID: "c1",
		Body: "Good night", Emoji: []string{"🌹"},
	}
	others := []Note{{Target: "m2"}, {Target: "m1", Out: true}}
	update(t, s, func(tx *Tx) error {
		if err := tx.PutNote(99, c.JID, &n); !errors.Is(err, ErrNotFound) {
			t.Errorf("a note for no account: %v", err)
		}
		return errors.Join(tx.PutNote(a.ID, c.JID, &n), tx.PutNote(a.ID, c.JID, &others[0]), tx.PutNote(a.ID, c.JID, &others[1]))
	})
	notes := func(jid string, out bool, target string) (got []Note) {
		view(t, s, func(tx *Tx) (err error) { got, err = tx.Notes(a.ID, jid, out, target); return err })
		return got
	}
	if got := notes(c.JID, false, "m1"); !reflect.DeepEqual(got, []Note{n}) {
		t.Errorf("notes %+v, want %+v", got, n)
	}
	view(t, s, func(tx *Tx) error {
		if !tx.HasNotes(a.ID, c.JID) || tx.HasNotes(a.ID, "nurse@example.org") || tx.HasNotes(99, c.JID) {
			t.Error("there are other notes than were put")
		}
		return nil
	})
	if got := notes("nurse@example.org", false, "m1"); len(got) != 0 {
		t.Errorf("notes of another conversation: %v", got)
	}
	update(t, s, func(tx *Tx) error { return tx.DropNote(a.ID, c.JID, &n) })
	if got := notes(c.JID, false, "m1"); len(got) != 0 {
		t.Errorf("notes after they were dropped: %v", got)
	}
	if got := notes(c.JID, true, "m1"); len(got) != 1 {
		t.Errorf("our own: %v", got)
	}
}

func TestNotesAreBounded(t *testing.T) {
	s := newStore(t)
	a, c := newChat(t, s)
	own := Note{Target: "t", Out: true}
	update(t, s, func(tx *Tx) error {
		if err := tx.PutNote(a.ID, c.JID, &own); err != nil {
			return err
		}
		for i := range MaxNotes + 2 {
			if err := tx.PutNote(a.ID, c.JID, &Note{Target: fmt.Sprint(i)}); err != nil {
				return err
			}
		}
		return nil
	})
	if n := keys(t, s); n != 2+1+MaxNotes+1 { // account, conversation and its name, notes, ours
		t.Errorf("%d keys", n)
	}
	view(t, s, func(tx *Tx) error {
		for target, want := range map[string]int{"0": 0, "1": 0, "2": 1, fmt.Sprint(MaxNotes + 1): 1} {
			if got, err := tx.Notes(a.ID, c.JID, false, target); err != nil || len(got) != want {
				t.Errorf("%s: %v, %v, want %d", target, got, err, want)
			}
		}
		return nil
	})
}
