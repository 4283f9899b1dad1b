package storage

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// oldArchive makes a file of version 0, in which a setting had no record around
// it, and returns its bytes.
func oldArchive(t *testing.T, path string) []byte {
	t.Helper()
	s, err := openSchema(path, testKey, Options{}, schema{version: 0})
	if err != nil {
		t.Fatal(err)
	}
	update(t, s, func(tx *Tx) error {
		return tx.put(bucketSettings, tx.name(bucketSettings, nil, "theme"), "dark")
	})
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// wrapSetting is the step from version 0 to 1.
func wrapSetting(tx *Tx) error {
	key := tx.name(bucketSettings, nil, "theme")
	var old string
	if err := tx.need(bucketSettings, key, &old); err != nil {
		return err
	}
	return tx.put(bucketSettings, key, settingRecord{Value: []byte(old)})
}

func addSetting(tx *Tx) error { return tx.PutSetting("size", []byte("1.5")) }

func at(t time.Time) Options { return Options{Now: func() time.Time { return t }} }

func TestMigrationStepByStepWithCopies(t *testing.T) {
	path := filepath.Join(t.TempDir(), "archive")
	before := oldArchive(t, path)
	want := schema{version: 2, steps: map[uint64]func(*Tx) error{0: wrapSetting, 1: addSetting}}
	s, err := openSchema(path, testKey, at(time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)), want)
	if err != nil {
		t.Fatal(err)
	}
	view(t, s, func(tx *Tx) error {
		for name, want := range map[string]string{"theme": "dark", "size": "1.5"} {
			if v, _, err := tx.Setting(name); err != nil || string(v) != want {
				t.Errorf("%s: %q, %v", name, v, err)
			}
		}
		return nil
	})
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path + ".v1-20300102T030405Z"); err != nil || info.Mode().Perm()&0o077 != 0 {
		t.Errorf("the copy of version 1: %v", err)
	}
	kept, err := openSchema(path+".v0-20300102T030405Z", testKey, Options{}, schema{version: 0})
	if err != nil {
		t.Fatalf("the copy of version 0: %v", err)
	}
	view(t, kept, func(tx *Tx) error {
		var old string
		if err := tx.need(bucketSettings, tx.name(bucketSettings, nil, "theme"), &old); err != nil || old != "dark" {
			t.Errorf("in the copy: %q, %v", old, err)
		}
		return nil
	})
	if err := kept.Close(); err != nil {
		t.Fatal(err)
	}
	if len(before) == 0 {
		t.Fatal("nothing was there before")
	}

	s, err = openSchema(path, testKey, Options{}, schema{version: 2}) // needs no step any more
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	_, err = openSchema(path, testKey, Options{}, schema{version: 1})
	var newer *NewerError
	if !errors.As(err, &newer) || *newer != (NewerError{Path: path, Version: 2, Supported: 1}) || newer.Error() == "" {
		t.Errorf("an older program: %v", err)
	}
}

// TestEveryVersionComesUpToDate takes from a new file the buckets that each
// older version did not have.
func TestEveryVersionComesUpToDate(t *testing.T) {
	missing := map[uint64][]bucket{3: {bucketEdits, bucketNotes, bucketStars, bucketPeople, bucketAvatars, bucketAvatarAge}, 2: {bucketErased}, 1: {bucketGaps, bucketChatGaps}}
	var gone []bucket
	for version := currentSchema.version - 1; version > 0; version-- {
		gone = append(gone, missing[version]...)
		path := filepath.Join(t.TempDir(), "archive")
		s := openTest(t, path)
		_, c := newChat(t, s)
		m := Message{Chat: c.ID, Pos: Pos{Time: 5}, Body: "from before", ID: "x"}
		update(t, s, func(tx *Tx) error {
			for _, b := range gone {
				if err := tx.tx.DeleteBucket([]byte{byte(b)}); err != nil {
					return err
				}
			}
			return errors.Join(tx.AddMessage(&m), tx.putRaw(bucketMeta, metaVersion, key8(version)))
		})
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		s = openTest(t, path)
		update(t, s, func(tx *Tx) error {
			if got, err := tx.Message(c.ID, m.Pos); err != nil || got.Body != m.Body {
				t.Errorf("from version %d: %+v, %v", version, got, err)
			}
			return errors.Join(tx.SetStarred(c.ID, m.Pos, true), tx.PutEdits(c.ID, m.Pos, []Edit{{}}), tx.PutErased(c.Account, "x", 5))
		})
	}
}

func TestFailedMigrationChangesNothing(t *testing.T) {
	for name, steps := range map[string]map[uint64]func(*Tx) error{
		"the step fails": {0: func(tx *Tx) error { return errors.Join(wrapSetting(tx), errors.New("no")) }},
		"no step":        {},
	} {
		path := filepath.Join(t.TempDir(), "archive")
		before := oldArchive(t, path)
		if _, err := openSchema(path, testKey, Options{}, schema{version: 1, steps: steps}); err == nil {
			t.Errorf("%s: opened", name)
		}
		if after, err := os.ReadFile(path); err != nil || !bytes.Equal(before, after) {
			t.Errorf("%s: the file was changed, %v", name, err)
		}
	}
}
