package storage

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"go.etcd.io/bbolt"
)

// filled makes an archive with enough in it to have several levels of pages and
// a list of free ones, and returns its bytes.
func filled(t *testing.T) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "archive")
	s, err := Open(path, testKey, Options{})
	if err != nil {
		t.Fatal(err)
	}
	a, c := newChat(t, s)
	gone := Chat{Account: a.ID, JID: "tybalt@example.org"}
	update(t, s, func(tx *Tx) error { return tx.PutChat(&gone) })
	for _, chat := range []ChatID{c.ID, gone.ID} {
		update(t, s, func(tx *Tx) error {
			for i := range 600 {
				m := Message{Chat: chat, Pos: Pos{Time: int64(i)}, Body: strings.Repeat("word ", i%20), ID: fmt.Sprint(i)}
				if err := tx.AddMessage(&m); err != nil {
					return err
				}
			}
			return nil
		})
	}
	update(t, s, func(tx *Tx) error { return tx.DeleteChat(gone.ID) })
	update(t, s, func(tx *Tx) error { return tx.PutSetting("x", []byte("y")) })
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// useAll reads and changes what it can reach, and returns the first error.
func useAll(s *Store) error {
	read := func(tx *Tx) error {
		accounts, err := tx.Accounts()
		for _, a := range accounts {
			chats, cerr := tx.Chats(a.ID)
			err = errors.Join(err, cerr)
			for _, c := range chats {
				_, merr := tx.MessagesAfter(c.ID, Pos{}, 5000)
				_, _, ferr := tx.FindMessage(c.ID, ByID, "77")
				err = errors.Join(err, merr, ferr)
			}
		}
		return err
	}
	change := func(tx *Tx) error {
		accounts, err := tx.Accounts()
		for _, a := range accounts {
			c := Chat{Account: a.ID, JID: "mercutio@example.org"}
			err = errors.Join(err, tx.PutChat(&c), tx.AddMessage(&Message{Chat: c.ID, ID: "n"}), tx.PutCaps("h", nil))
		}
		return err
	}
	erase := func(tx *Tx) error {
		accounts, err := tx.Accounts()
		for _, a := range accounts {
			err = errors.Join(err, tx.DeleteAccount(a.ID))
		}
		return err
	}
	return errors.Join(s.View(read), s.Update(change), s.View(read), s.Update(erase))
}

// typed reports whether err, and every part of it, is an error a caller of a
// damaged archive is prepared for.
func typed(err error) bool {
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range many.Unwrap() {
			if !typed(e) {
				return false
			}
		}
		return true
	}
	var damaged *DamagedError
	var newer *NewerError
	return err == nil || errors.As(err, &damaged) || errors.As(err, &newer) || errors.Is(err, ErrWrongKey) || errors.Is(err, ErrNotFound)
}

func TestDamageAnywhereNeitherCrashesNorIsWrittenOver(t *testing.T) {
	data := filled(t)
	damage := map[string]func(r *rand.Rand, b []byte) []byte{
		"bit": func(r *rand.Rand, b []byte) []byte { b[r.IntN(len(b))] ^= 1 << r.IntN(8); return b },
		"bytes": func(r *rand.Rand, b []byte) []byte {
			for range 20 {
				b[r.IntN(len(b))] = byte(r.Uint32())
			}
			return b
		},
		"page of ones":  func(r *rand.Rand, b []byte) []byte { return fillPage(r, b, 0xff) },
		"page of zeros": func(r *rand.Rand, b []byte) []byte { return fillPage(r, b, 0) },
		"pages swapped": func(r *rand.Rand, b []byte) []byte {
			p, q := randomPage(r, b), randomPage(r, b)
			held := bytes.Clone(p)
			copy(p, q)
			copy(q, held)
			return b
		},
		"page head": func(r *rand.Rand, b []byte) []byte {
			randomPage(r, b)[r.IntN(32)] = byte(r.Uint32())
			return b
		},
		"cut":   func(r *rand.Rand, b []byte) []byte { return b[:r.IntN(len(b))] },
		"noise": func(r *rand.Rand, b []byte) []byte { return noise(r, len(b)) },
	}
	for name, do := range damage {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(1, 2))
			dir := t.TempDir()
			aside := 0
			for i := range 25 {
				path := filepath.Join(dir, fmt.Sprint(i))
				bad := do(r, bytes.Clone(data))
				if err := os.WriteFile(path, bad, 0o600); err != nil {
					t.Fatal(err)
				}
				if useDamaged(t, path, bad) {
					aside++
				}
			}
			t.Logf("%d of 25 put aside at once", aside)
		})
	}
}

func randomPage(r *rand.Rand, b []byte) []byte {
	size := os.Getpagesize()
	return b[r.IntN(len(b)/size)*size:][:size]
}

func fillPage(r *rand.Rand, b []byte, with byte) []byte {
	p := randomPage(r, b)
	copy(p, bytes.Repeat([]byte{with}, len(p)))
	return b
}

func noise(r *rand.Rand, n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

// useDamaged opens and uses a damaged file, and reports whether Open put it
// aside. What was put aside at once must be as it was, and a new archive must
// be possible.
func useDamaged(t *testing.T, path string, was []byte) bool {
	t.Helper()
	s, err := Open(path, testKey, Options{})
	if !typed(err) {
		t.Fatalf("Open: %v", err)
	}
	if err == nil {
		if err := useAll(s); !typed(err) {
			t.Fatalf("use: %v", err)
		}
		if err := s.Close(); err != nil {
			t.Fatalf("Close: %v", err)
		}
		return false
	}
	var damaged *DamagedError
	kept := path
	if errors.As(err, &damaged) {
		if kept = damaged.MovedTo; kept == "" {
			t.Fatalf("not put aside: %v", err)
		}
	}
	if now, err := os.ReadFile(kept); err != nil || !bytes.Equal(now, was) {
		t.Fatalf("the damaged file was changed: %v", err)
	}
	if kept != path {
		openTest(t, path)
	}
	return true
}

func TestForeignFilesArePutAside(t *testing.T) {
	files := map[string]func(path string) error{
		"text":  func(path string) error { return os.WriteFile(path, []byte("Dear diary"), 0o600) },
		"zeros": func(path string) error { return os.WriteFile(path, make([]byte, 1<<16), 0o600) },
		"another program's bbolt file": func(path string) error {
			db, err := bbolt.Open(path, 0o600, nil)
			if err != nil {
				return err
			}
			err = db.Update(func(tx *bbolt.Tx) error {
				_, err := tx.CreateBucket([]byte("photos"))
				return err
			})
			return errors.Join(err, db.Close())
		},
	}
	for name, write := range files {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "archive")
			now := time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)
			for round, want := range []string{path + ".damaged-20300102T030405Z", path + ".damaged-20300102T030405Z-2"} {
				if err := write(path); err != nil {
					t.Fatal(err)
				}
				before, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				_, err = Open(path, testKey, Options{Now: func() time.Time { return now }})
				var damaged *DamagedError
				if !errors.As(err, &damaged) || damaged.Path != path || damaged.MovedTo != want || !strings.Contains(err.Error(), want) {
					t.Fatalf("round %d: %v, want it moved to %s", round, err, want)
				}
				if after, err := os.ReadFile(want); err != nil || !bytes.Equal(before, after) {
					t.Fatalf("the file was changed: %v", err)
				}
			}
			openTest(t, path)
		})
	}
}

// TestEmptyFileIsNew: the file of a start that ended before the first
// transaction is nothing to put aside.
func TestEmptyFileIsNew(t *testing.T) {
	path := filepath.Join(t.TempDir(), "archive")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	openTest(t, path)

	path = filepath.Join(t.TempDir(), "archive")
	db, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	openTest(t, path)
}

func TestWrongKeyLeavesTheFileAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "archive")
	data := filled(t)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(path, bytes.Repeat([]byte{8}, KeySize), Options{}); !errors.Is(err, ErrWrongKey) {
		t.Fatalf("another key: %v", err)
	}
	if after, err := os.ReadFile(path); err != nil || !bytes.Equal(data, after) {
		t.Fatalf("the file was changed: %v", err)
	}
	if _, err := Open(path, testKey[:31], Options{}); err == nil {
		t.Fatal("a short key opened the archive")
	}
	openTest(t, path)
}

// TestDamagedKeyCheckIsNotAWrongKey: the user is not asked for another key when
// it is the file that is wrong.
func TestDamagedKeyCheckIsNotAWrongKey(t *testing.T) {
	for _, change := range []func([]byte) []byte{
		func(b []byte) []byte { b[3] ^= 1; return b },
		func(b []byte) []byte { b[len(b)-1] ^= 1; return b },
		func(b []byte) []byte { return b[:10] },
		func([]byte) []byte { return nil },
	} {
		path := filepath.Join(t.TempDir(), "archive")
		s := openTest(t, path)
		update(t, s, func(tx *Tx) error {
			return tx.putRaw(bucketMeta, metaCheck, change(bytes.Clone(tx.get(bucketMeta, metaCheck))))
		})
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		_, err := Open(path, testKey, Options{})
		var damaged *DamagedError
		if !errors.As(err, &damaged) || damaged.MovedTo == "" || errors.Is(err, ErrWrongKey) {
			t.Errorf("got %v", err)
		}
	}
}

// TestValueOpensOnlyInItsPlace moves values about as someone without the key
// could.
func TestValueOpensOnlyInItsPlace(t *testing.T) {
	s := newStore(t)
	_, c := newChat(t, s)
	a := Message{Chat: c.ID, Pos: Pos{Time: 1}, Body: "yes", ID: "a"}
	b := Message{Chat: c.ID, Pos: Pos{Time: 2}, Body: "no", ID: "b"}
	update(t, s, func(tx *Tx) error {
		if err := errors.Join(tx.AddMessage(&a), tx.AddMessage(&b)); err != nil {
			return err
		}
		stolen := bytes.Clone(tx.get(bucketMessages, messageKey(c.ID, a.Pos)))
		return tx.putRaw(bucketMessages, messageKey(c.ID, b.Pos), stolen)
	})
	view(t, s, func(tx *Tx) error {
		var damaged *DamagedError
		if _, err := tx.Message(c.ID, b.Pos); !errors.As(err, &damaged) || damaged.MovedTo != "" {
			t.Errorf("a moved value: %v", err)
		}
		if page, err := tx.MessagesBefore(c.ID, Pos{}, 10); err != nil || len(page) != 1 || !reflect.DeepEqual(page[0], a) {
			t.Errorf("the page without it: %v, %v", page, err)
		}
		return nil
	})
	update(t, s, func(tx *Tx) error {
		return tx.putRaw(bucketMessageIDs, tx.idKey(c.ID, ByID, "b"), posKey(a.Pos))
	})
	view(t, s, func(tx *Tx) error {
		if m, ok, err := tx.FindMessage(c.ID, ByID, "b"); err == nil {
			t.Errorf("a turned index led to %+v, %v", m, ok)
		}
		return nil
	})
}

// TestNothingReadableOnDisk looks for what must not stand there in plain.
func TestNothingReadableOnDisk(t *testing.T) {
	path := filepath.Join(t.TempDir(), "archive")
	s := openTest(t, path)
	a := Account{Address: "hidden-self@example.org", Status: Status{Message: "hidden-status"}}
	update(t, s, func(tx *Tx) error {
		if err := tx.PutAccount(&a); err != nil {
			return err
		}
		c := Chat{Account: a.ID, JID: "hidden-peer@example.org", Draft: "hidden-draft"}
		if err := tx.PutChat(&c); err != nil {
			return err
		}
		m := Message{Chat: c.ID, From: "hidden-peer@example.org/x", Body: "hidden-body", ID: "hidden-id", OriginID: "hidden-origin", StanzaID: "hidden-stanza"}
		return errors.Join(tx.AddMessage(&m), tx.Enqueue(a.ID, c.ID, m.Pos),
			tx.PutRosterItem(a.ID, RosterItem{JID: "hidden-contact@example.org", Name: "hidden-name"}),
			tx.PutRequest(a.ID, Request{JID: "hidden-asker@example.org", Message: "hidden-words"}),
			tx.PutCaps("hidden-hash", []byte("hidden-disco")), tx.PutSetting("hidden-setting", []byte("hidden-value")))
	})
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if i := bytes.Index(data, []byte("hidden")); i >= 0 {
		t.Errorf("in plain on the disk: %.40q", data[i:])
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm()&0o077 != 0 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}
