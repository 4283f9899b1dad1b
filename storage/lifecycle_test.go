package storage

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

func TestFailedUpdateChangesNothing(t *testing.T) {
	s := newStore(t)
	no := errors.New("no")
	err := s.Update(func(tx *Tx) error {
		if err := tx.PutSetting("a", []byte("1")); err != nil {
			return err
		}
		return no
	})
	if err != no {
		t.Errorf("got %v", err)
	}
	if n := keys(t, s); n != 0 {
		t.Errorf("%d keys", n)
	}
	if err := s.View(func(tx *Tx) error { return tx.PutSetting("a", []byte("1")) }); err == nil {
		t.Error("View changed something")
	}
}

// TestPanicOfTheCallerGoesOn: a mistake in the program is not taken for damage,
// and does not hold the archive.
func TestPanicOfTheCallerGoesOn(t *testing.T) {
	s := newStore(t)
	for _, call := range []func(func(*Tx) error) error{s.Update, s.View} {
		func() {
			defer func() {
				if r := recover(); r != "mistake" {
					t.Errorf("recovered %v", r)
				}
			}()
			_ = call(func(*Tx) error { panic("mistake") })
		}()
	}
	update(t, s, func(tx *Tx) error { return tx.PutSetting("a", []byte("1")) })
}

func TestClosed(t *testing.T) {
	s, err := Open(filepath.Join(t.TempDir(), "archive"), testKey, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := s.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	}
	nothing := func(*Tx) error { return nil }
	if err := s.Update(nothing); !errors.Is(err, ErrClosed) {
		t.Errorf("Update: %v", err)
	}
	if err := s.View(nothing); !errors.Is(err, ErrClosed) {
		t.Errorf("View: %v", err)
	}
}

func TestOpenWithoutDirectory(t *testing.T) {
	_, err := Open(filepath.Join(t.TempDir(), "none", "archive"), testKey, Options{})
	var damaged *DamagedError
	if !errors.Is(err, os.ErrNotExist) || errors.As(err, &damaged) {
		t.Errorf("got %v", err)
	}
}

// TestFileCutWhileOpen takes the pages away under the memory map.
func TestFileCutWhileOpen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "archive")
	s := openTest(t, path)
	_, c := newChat(t, s)
	update(t, s, func(tx *Tx) error {
		for range 500 {
			if err := tx.AddMessage(&Message{Chat: c.ID, Body: strings.Repeat("x", 200)}); err != nil {
				return err
			}
		}
		return nil
	})
	if err := os.Truncate(path, int64(2*os.Getpagesize())); err != nil {
		t.Fatal(err)
	}
	var damaged *DamagedError
	err := s.View(func(tx *Tx) error { _, err := tx.MessagesAfter(c.ID, Pos{}, 1000); return err })
	if !errors.As(err, &damaged) || damaged.MovedTo != "" {
		t.Fatalf("View: %v", err)
	}
	err = s.Update(func(tx *Tx) error { return tx.AddMessage(&Message{Chat: c.ID}) })
	if !errors.As(err, &damaged) || damaged.MovedTo == "" {
		t.Fatalf("Update: %v", err)
	}
	if _, err := os.Stat(damaged.MovedTo); err != nil {
		t.Error(err)
	}
	if again := s.View(func(*Tx) error { return nil }); again != err {
		t.Errorf("afterwards: %v", again)
	}
	if err := s.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
	newChat(t, openTest(t, path))
}

func TestManyGoroutines(t *testing.T) {
	s := newStore(t)
	_, c := newChat(t, s)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 10 {
				update(t, s, func(tx *Tx) error { return tx.AddMessage(&Message{Chat: c.ID}) })
			}
		})
		wg.Go(func() {
			for range 20 {
				view(t, s, func(tx *Tx) error {
					page, err := tx.MessagesBefore(c.ID, Pos{}, 100)
					for i := 1; i < len(page); i++ {
						if !page[i-1].Pos.Before(page[i].Pos) {
							t.Errorf("%v before %v", page[i-1].Pos, page[i].Pos)
						}
					}
					return err
				})
			}
		})
	}
	wg.Wait()
	view(t, s, func(tx *Tx) error {
		if n, err := tx.CountAfter(c.ID, Pos{}, 100); n != 40 || err != nil {
			t.Errorf("%d messages, %v", n, err)
		}
		return nil
	})
}
