package account

import (
	"errors"
	"testing"
	"time"

	"linnet/storage"
)

// TestErasedUpToWhatCame erases a conversation whose last message is old: what
// was said since, and has not come yet, is not erased.
func TestErasedUpToWhatCame(t *testing.T) {
	p, r, _, id := withRoster(t)
	chat, err := r.OpenChat(id, ann)
	if err != nil {
		t.Fatal(err)
	}
	last := time.Now().Add(-time.Hour).UnixMilli()
	p.update(func(tx *storage.Tx) error {
		return tx.AddMessage(&storage.Message{Chat: chat.ID, Pos: storage.Pos{Time: last}, From: ann, Body: "old"})
	})
	if err := r.DeleteChat(chat.ID); err != nil {
		t.Fatal(err)
	}
	if err := p.store.View(func(tx *storage.Tx) error {
		until, err := tx.Erased(id, ann)
		if until < last || until > last+markLag.Milliseconds() {
			t.Errorf("erased until %d, the last message was at %d", until, last)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// TestWhatCouldNotBeStoredIsStoredLater has the disk refuse a change once: what
// is in memory must not pass for what is on disk.
func TestWhatCouldNotBeStoredIsStoredLater(t *testing.T) {
	p, r, c, id := withRoster(t)
	r.synced(id)
	c.send("%s", fromAnn("one"))
	c.barrier()
	chat := r.chat(ann)
	broken := errors.New("no room")
	r.inAccount(id, func(a *Account) {
		if err := a.keepArchived(true); err != nil {
			t.Error(err)
		}
		works := a.m.commit
		a.m.commit = func(func(*storage.Tx) error) error { return broken }
		if err := a.keepArchived(false); !errors.Is(err, broken) {
			t.Errorf("keepArchived: %v", err)
		}
		a.m.commit = func(f func(*storage.Tx) error) error {
			return works(func(tx *storage.Tx) error { return errors.Join(f(tx), broken) })
		}
		if err := a.markRead(chat.ID, chat.Last.Pos); !errors.Is(err, broken) {
			t.Errorf("markRead: %v", err)
		}
		if len(a.reads.due) != 0 || a.reads.stored != nil {
			t.Errorf("due although it was not read: %+v", a.reads)
		}
		a.m.commit = works
		if err := a.keepArchived(false); err != nil {
			t.Error(err)
		}
		if err := a.markRead(chat.ID, chat.Last.Pos); err != nil {
			t.Error(err)
		}
		if len(a.reads.due) != 1 || a.reads.stored == nil {
			t.Errorf("not due: %+v", a.reads)
		}
	})
	if err := p.store.View(func(tx *storage.Tx) error {
		_, archived, err := tx.Setting(archivedSetting(id))
		_, due, gone := tx.Setting(dueSetting(id))
		if archived || !due {
			t.Errorf("on disk: archived %v, due %v", archived, due)
		}
		return errors.Join(err, gone)
	}); err != nil {
		t.Fatal(err)
	}
}
