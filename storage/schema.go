package storage

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// bucket is the id of a bucket in the file, and part of what every value in it
// is sealed with. An id is never used for something else.
type bucket byte

const (
	bucketMeta       bucket = 1  // plain: schema version and key check
	bucketAccounts   bucket = 2  // account(4) -> account
	bucketChats      bucket = 3  // chat(4) -> conversation
	bucketChatNames  bucket = 4  // account(4) name(16) -> chat(4), plain
	bucketLast       bucket = 5  // chat(4) -> summary of the newest message
	bucketMessages   bucket = 6  // chat(4) time(8) seq(8) -> message
	bucketMessageIDs bucket = 7  // chat(4) kind(1) name(16) -> time(8) seq(8), plain
	bucketOutbox     bucket = 8  // account(4) seq(8) -> outgoing
	bucketRoster     bucket = 9  // account(4) name(16) -> contact
	bucketRequests   bucket = 10 // account(4) name(16) -> request
	bucketCaps       bucket = 11 // name(16) -> answer
	bucketCapsAge    bucket = 12 // seq(8) -> key in bucketCaps, plain
	bucketSettings   bucket = 13 // name(16) -> setting
	bucketGaps       bucket = 14 // account(4) seq(8) -> gap
	bucketChatGaps   bucket = 15 // chat(4) seq(8) of the gap -> gap of the conversation
	bucketErased     bucket = 16 // account(4) name(16) -> when a conversation was erased; of a message: account(4) name(16) name(16) seq(8)
	bucketEdits      bucket = 17 // chat(4) seq(8) n(8) -> what the message with that seq said before
	bucketNotes      bucket = 18 // account(4) name(16) of the other, out(1) name(16) of the message, seq(8) -> note
	bucketStars      bucket = 19 // time(8) seq(8) chat(4) -> nothing, plain
	bucketPeople     bucket = 20 // account(4) name(16) -> person
	bucketAvatars    bucket = 21 // name(16) -> picture
	bucketAvatarAge  bucket = 22 // seq(8) -> key in bucketAvatars, size(4), plain
)

// allBuckets are the buckets of a file of the current version.
var allBuckets = []bucket{
	bucketMeta, bucketAccounts, bucketChats, bucketChatNames, bucketLast, bucketMessages, bucketMessageIDs,
	bucketOutbox, bucketRoster, bucketRequests, bucketCaps, bucketCapsAge, bucketSettings,
	bucketGaps, bucketChatGaps, bucketErased, bucketEdits, bucketNotes, bucketStars,
	bucketPeople, bucketAvatars, bucketAvatarAge,
}

// Keys in bucketMeta.
var (
	metaVersion = []byte("version")
	metaCheck   = []byte("check")
)

// schema is a version of the file and the way there from the versions before.
type schema struct {
	version uint64
	// steps[v] turns a file of version v into one of version v+1, in one
	// transaction. A step stays as it is once released.
	steps map[uint64]func(*Tx) error
}

// currentSchema is what this program writes.
var currentSchema = schema{version: 4, steps: map[uint64]func(*Tx) error{
	1: add(bucketGaps, bucketChatGaps), // version 1 knew no archive but its own
	2: add(bucketErased),               // version 2 took back from there what was erased here
	3: add(bucketEdits, bucketNotes, bucketStars, bucketPeople, bucketAvatars, bucketAvatarAge),
}}

// add is a step that makes buckets.
func add(buckets ...bucket) func(*Tx) error {
	return func(t *Tx) error {
		for _, b := range buckets {
			if _, err := t.tx.CreateBucketIfNotExists([]byte{byte(b)}); err != nil {
				return err
			}
		}
		return nil
	}
}

// prepare makes a new file ready for use or brings an old one up to date.
func (s *Store) prepare(want schema) error {
	fresh, err := s.isFresh()
	if err != nil {
		return err
	}
	if fresh {
		if err := s.run(true, func(t *Tx) error { return t.create(want.version) }); err != nil {
			return err
		}
		return syncDir(filepath.Dir(s.path)) // the name of the file lasts as well
	}
	version, err := s.checkMeta(want.version)
	if err != nil {
		return err
	}
	for ; version < want.version; version++ {
		if err := s.migrate(version, want.steps[version]); err != nil {
			return err
		}
	}
	return s.run(false, (*Tx).probe)
}

// isFresh reports whether the file has no buckets at all, as after a crash
// between the making of the file and the first transaction.
func (s *Store) isFresh() (bool, error) {
	fresh := false
	err := s.run(false, func(t *Tx) error {
		k, _ := t.tx.Cursor().First()
		fresh = k == nil
		return nil
	})
	return fresh, err
}

func (t *Tx) create(version uint64) error {
	for _, b := range allBuckets {
		if _, err := t.tx.CreateBucket([]byte{byte(b)}); err != nil {
			return err
		}
	}
	if err := t.putRaw(bucketMeta, metaVersion, key8(version)); err != nil {
		return err
	}
	return t.putRaw(bucketMeta, metaCheck, t.store.seal.keyCheck())
}

// checkMeta returns the version of the file once version and key are such that
// the file may be used.
func (s *Store) checkMeta(newest uint64) (uint64, error) {
	var version uint64
	err := s.run(false, func(t *Tx) error {
		meta := t.bucket(bucketMeta)
		if meta == nil {
			return t.damaged(errors.New("not an archive of this program"))
		}
		v := meta.Get(metaVersion)
		if len(v) != 8 {
			return t.damaged(errors.New("the version is missing"))
		}
		if version = number(v); version > newest {
			return &NewerError{Path: s.path, Version: version, Supported: newest}
		}
		if err := s.seal.verify(meta.Get(metaCheck)); err == ErrWrongKey {
			return err
		} else if err != nil {
			return t.damaged(err)
		}
		return nil
	})
	return version, err
}

// probe walks the keys of the small buckets and looks at both ends of those
// that grow with the history, so that Open finds gross damage without reading
// the file.
func (t *Tx) probe() error {
	for _, b := range allBuckets {
		if t.bucket(b) == nil {
			return t.damaged(fmt.Errorf("bucket %d is missing", b))
		}
		switch b {
		case bucketMessages, bucketMessageIDs, bucketCaps, bucketCapsAge, bucketEdits, bucketAvatars:
			c := t.cursor(b)
			c.First()
			c.Last()
		default:
			if err := t.each(b, nil, func(_, _ []byte) error { return nil }); err != nil {
				return err
			}
		}
	}
	return nil
}

// migrate takes the file from one version to the next, after a copy was made.
func (s *Store) migrate(from uint64, step func(*Tx) error) error {
	if step == nil {
		return fmt.Errorf("storage: no way from version %d", from)
	}
	kept, err := s.keepCopy(from)
	if err != nil {
		return fmt.Errorf("storage: no copy before the change to version %d: %w", from+1, err)
	}
	s.log.Info("archive: changing the format", "from", from, "to", from+1, "copy", kept)
	err = s.run(true, func(t *Tx) error {
		if err := step(t); err != nil {
			return err
		}
		return t.putRaw(bucketMeta, metaVersion, key8(from+1))
	})
	if err != nil {
		return fmt.Errorf("storage: changing the archive to version %d: %w", from+1, err)
	}
	return nil
}

// keepCopy writes a copy of the file beside it, under a name that says the
// version and the time, and returns once the copy is on the disk.
func (s *Store) keepCopy(version uint64) (string, error) {
	name := unused(fmt.Sprintf("%s.v%d-%s", s.path, version, s.stamp()))
	err := s.run(false, func(t *Tx) error {
		return replaceFile(name, func(f *os.File) error {
			_, err := t.tx.WriteTo(f)
			return err
		})
	})
	return name, err
}

// replaceFile writes a file so that after a crash at any moment either the old
// one or the whole new one is there.
func replaceFile(name string, write func(*os.File) error) error {
	f, err := os.CreateTemp(filepath.Dir(name), filepath.Base(name)+".new-*")
	if err != nil {
		return diskFull(err)
	}
	defer os.Remove(f.Name()) // fails after the renaming, as it should
	err = write(f)
	if err == nil {
		err = f.Sync()
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err == nil {
		err = syncDir(filepath.Dir(name))
	}
	return diskFull(err)
}

// unused returns name, or name with a number when something is there.
func unused(name string) string {
	for i, try := 2, name; ; i++ {
		if _, err := os.Lstat(try); errors.Is(err, os.ErrNotExist) {
			return try
		}
		try = fmt.Sprintf("%s-%d", name, i)
	}
}
