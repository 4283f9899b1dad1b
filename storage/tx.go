package storage

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"math"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"
)

// Tx is one transaction. It belongs to the function Update or View gave it to:
// not to another goroutine, and not beyond that function's return. What its
// methods return is the caller's own. The methods that change something need
// Update.
type Tx struct {
	tx    *bbolt.Tx
	store *Store
	namer hash.Hash
	// skipped is set once a damaged value was left out, which is logged once.
	skipped bool
	// dropped are the files that go when the transaction is on the disk; chats
	// those of whole conversations.
	dropped []string
	chats   []ChatID
}

var (
	// errIndex says that an index leads to something else than it should.
	errIndex = errors.New("an index does not fit what it points to")
	// errStop ends each early.
	errStop = errors.New("stop")
)

// damaged is the error for data that does not fit. The file stays in use: only
// the one value is lost.
func (t *Tx) damaged(err error) error {
	return &DamagedError{Path: t.store.path, Err: err}
}

func (t *Tx) bucket(b bucket) *bbolt.Bucket { return t.tx.Bucket([]byte{byte(b)}) }

func (t *Tx) cursor(b bucket) *bbolt.Cursor { return t.bucket(b).Cursor() }

func (t *Tx) name(b bucket, prefix []byte, s string) []byte {
	if t.namer == nil {
		t.namer = t.store.seal.newNamer()
	}
	return name(t.namer, b, prefix, s)
}

// get returns the bytes at a key, nil when there are none. They are valid until
// the next change only.
func (t *Tx) get(b bucket, key []byte) []byte { return t.bucket(b).Get(key) }

func (t *Tx) putRaw(b bucket, key, value []byte) error {
	return t.changed(t.bucket(b).Put(key, value))
}

func (t *Tx) delete(b bucket, key []byte) error { return t.changed(t.bucket(b).Delete(key)) }

// changed sees damage in the one error by which bbolt reports it: an entry
// marked as a bucket, which we never make inside of one.
func (t *Tx) changed(err error) error {
	if errors.Is(err, berrors.ErrIncompatibleValue) {
		return t.damaged(err)
	}
	return err
}

// put seals v under a key.
func (t *Tx) put(b bucket, key []byte, v any) error {
	plain, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("storage: %w", err)
	}
	sealed, err := t.store.seal.seal(b, key, plain)
	if err != nil {
		return err
	}
	return t.putRaw(b, key, sealed)
}

// find opens the value at a key into v; false means there is none.
func (t *Tx) find(b bucket, key []byte, v any) (bool, error) {
	sealed := t.get(b, key)
	if sealed == nil {
		return false, nil
	}
	return true, t.decode(b, key, sealed, v)
}

// need is find for what must be there, else ErrNotFound.
func (t *Tx) need(b bucket, key []byte, v any) error {
	ok, err := t.find(b, key, v)
	if err == nil && !ok {
		return ErrNotFound
	}
	return err
}

func (t *Tx) mustHave(b bucket, key []byte) error {
	if t.get(b, key) == nil {
		return ErrNotFound
	}
	return nil
}

func (t *Tx) decode(b bucket, key, sealed []byte, v any) error {
	plain, err := t.store.seal.open(b, key, sealed)
	if err == nil {
		err = json.Unmarshal(plain, v)
	}
	if err != nil {
		return t.damaged(err)
	}
	return nil
}

// skip reports whether err is about one damaged value, which a list leaves out:
// what else it has stays readable, and a conversation stays usable.
func (t *Tx) skip(err error) bool {
	var damaged *DamagedError
	if !errors.As(err, &damaged) {
		return false
	}
	if !t.skipped {
		t.skipped = true
		t.store.log.Warn("archive: a damaged value was left out", "err", damaged.Err)
	}
	return true
}

// list decodes the values with a prefix, at most n, into records R and makes
// of each what convert returns.
func list[R, T any](t *Tx, b bucket, prefix []byte, n int, convert func(k []byte, r R) T) ([]T, error) {
	var out []T
	err := t.each(b, prefix, func(k, v []byte) error {
		if len(out) >= n {
			return errStop
		}
		var r R
		if err := t.decode(b, k, v, &r); t.skip(err) {
			return nil
		} else if err != nil {
			return err
		}
		out = append(out, convert(k, r))
		return nil
	})
	return out, err
}

// each calls fn for the keys with a prefix, in order, until errStop. fn must
// not change the bucket.
func (t *Tx) each(b bucket, prefix []byte, fn func(k, v []byte) error) error {
	c := t.cursor(b)
	for k, v := c.Seek(prefix); k != nil && bytes.HasPrefix(k, prefix); k, v = c.Next() {
		if err := fn(k, v); err == errStop {
			return nil
		} else if err != nil {
			return err
		}
	}
	return nil
}

// has tells whether there are keys with a prefix.
func (t *Tx) has(b bucket, prefix []byte) bool {
	k, _ := t.cursor(b).Seek(prefix)
	return bytes.HasPrefix(k, prefix)
}

// back calls fn for the keys with a prefix that come before one, the last one
// first, until errStop. fn must not change the bucket.
func (t *Tx) back(b bucket, prefix, before []byte, fn func(k, v []byte) error) error {
	c := t.cursor(b)
	var k, v []byte
	if k, _ = c.Seek(before); k == nil {
		k, v = c.Last()
	} else {
		k, v = t.prev(b, c, prefix, before)
	}
	for ; k != nil && bytes.HasPrefix(k, prefix); k, v = t.prev(b, c, prefix, k) {
		if err := fn(k, v); err == errStop {
			return nil
		} else if err != nil {
			return err
		}
	}
	return nil
}

// maxEmptyPages bounds how many pages prev goes over: a transaction that
// deletes as many keys as they held is not one of ours.
const maxEmptyPages = 1024

// prev moves a cursor back from a key. A page that was emptied in this
// transaction looks like the beginning to bbolt.
func (t *Tx) prev(b bucket, c *bbolt.Cursor, prefix, from []byte) (k, v []byte) {
	k, v = c.Prev()
	for n := 0; k == nil && n < maxEmptyPages; n++ {
		first, _ := t.cursor(b).Seek(prefix)
		if first == nil || bytes.Compare(first, from) >= 0 {
			break
		}
		k, v = c.Prev()
	}
	return k, v
}

// deleteAll removes the keys with a prefix. It looks for the first one anew
// each time: a cursor that goes on after a deletion can miss a key. In a damaged
// tree a key that was just deleted can be found again, for ever.
func (t *Tx) deleteAll(b bucket, prefix []byte) error {
	c := t.cursor(b)
	var before []byte
	for k, _ := c.Seek(prefix); k != nil && bytes.HasPrefix(k, prefix); k, _ = c.Seek(prefix) {
		if before != nil && bytes.Compare(k, before) <= 0 {
			return t.damaged(errors.New("keys out of order"))
		}
		before = append(before[:0], k...)
		if err := t.changed(c.Delete()); err != nil {
			return err
		}
	}
	return nil
}

// next returns a number of a bucket that was never given out before.
func (t *Tx) next(b bucket) (uint64, error) { return t.bucket(b).NextSequence() }

func (t *Tx) nextID(b bucket) (uint32, error) {
	n, err := t.next(b)
	if err == nil && n > math.MaxUint32 {
		return 0, errors.New("storage: no more ids")
	}
	return uint32(n), err
}

func key4(n uint32) []byte {
	return binary.BigEndian.AppendUint32(make([]byte, 0, messageKeySize+nameSize), n)
}

func key8(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

// number is the inverse of key4 and key8; bytes of another length give 0,
// which names nothing.
func number(k []byte) uint64 {
	switch len(k) {
	case 4:
		return uint64(binary.BigEndian.Uint32(k))
	case 8:
		return binary.BigEndian.Uint64(k)
	}
	return 0
}
