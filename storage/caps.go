package storage

import "bytes"

const (
	// MaxCaps is how many answers the caps cache keeps. A user with some
	// hundred contacts meets a few dozen different clients; the rest is room
	// for large rooms, and a bound on what strangers can make us store.
	MaxCaps = 2000
	// MaxCapsBytes is the longest answer kept. Real ones have a few kilobytes.
	MaxCapsBytes = 16 << 10
)

// capsRecord is an answer as stored, under its sealed hash.
type capsRecord struct {
	Disco []byte `json:"d"`
}

// Caps returns what PutCaps stored for a hash (XEP-0115), for all accounts.
func (t *Tx) Caps(hash string) ([]byte, bool, error) {
	var r capsRecord
	ok, err := t.find(bucketCaps, t.name(bucketCaps, nil, hash), &r)
	return r.Disco, ok, err
}

// PutCaps keeps the answer to a disco#info query under the hash the caller has
// verified. It is a cache: an answer over MaxCapsBytes is not kept, and beyond
// MaxCaps the one stored first goes.
func (t *Tx) PutCaps(hash string, disco []byte) error {
	if len(disco) > MaxCapsBytes {
		return nil
	}
	key := t.name(bucketCaps, nil, hash)
	if t.get(bucketCaps, key) == nil {
		if err := t.addCapsAge(key); err != nil {
			return err
		}
	}
	return t.put(bucketCaps, key, capsRecord{Disco: disco})
}

// addCapsAge notes a new key in the order of arrival and drops the oldest when
// there are too many. Keys leave only from the front, so the numbers have no
// holes and their difference is the count.
func (t *Tx) addCapsAge(key []byte) error {
	seq, err := t.next(bucketCapsAge)
	if err != nil {
		return err
	}
	if err := t.putRaw(bucketCapsAge, key8(seq), key); err != nil {
		return err
	}
	k, v := t.cursor(bucketCapsAge).First()
	if seq-number(k) < MaxCaps {
		return nil
	}
	k, v = bytes.Clone(k), bytes.Clone(v)
	if err := t.delete(bucketCaps, v); err != nil {
		return err
	}
	return t.delete(bucketCapsAge, k)
}
