package storage

import (
	"bytes"
	"encoding/binary"
	"math"
)

const (
	// MaxAvatarBytes is the largest picture kept. Those for lists have some
	// kilobytes; the rest is for people who publish what the camera made.
	MaxAvatarBytes = 1 << 20
	// MaxAvatars is how many bytes of pictures are kept: those of thousands of
	// people, and a bound on what contacts can make us store.
	MaxAvatars = 64 << 20
)

// Person is what somebody shows of himself, as far as an account was told.
type Person struct {
	JID    string // bare
	Nick   string // the name they gave themselves (XEP-0172); may be empty
	Avatar string // SHA-1 of the picture in lower-case hex; empty: none
	ByCard bool   // the picture is in their vCard (XEP-0153), not in a node of theirs (XEP-0084)
}

// IsZero reports whether nothing is known but who it is.
func (p Person) IsZero() bool { return p == Person{JID: p.JID} }

// personRecord is a Person as stored, under account and sealed JID.
type personRecord struct {
	JID    string `json:"j"`
	Nick   string `json:"n,omitempty"`
	Avatar string `json:"a,omitempty"`
	ByCard bool   `json:"c,omitempty"`
}

// People returns what is known of the people an account knows, in no
// particular order.
func (t *Tx) People(acc AccountID) ([]Person, error) {
	return list(t, bucketPeople, key4(uint32(acc)), math.MaxInt, func(_ []byte, r personRecord) Person {
		return Person(r)
	})
}

// PutPerson stores what is known of somebody in place of what was; a person of
// whom nothing is known is removed. The account must exist (ErrNotFound).
func (t *Tx) PutPerson(acc AccountID, p Person) error {
	if err := t.needAccount(acc); err != nil {
		return err
	}
	key := t.name(bucketPeople, key4(uint32(acc)), p.JID)
	if p.IsZero() {
		return t.delete(bucketPeople, key)
	}
	return t.put(bucketPeople, key, personRecord(p))
}

// avatarRecord is a picture as stored, under its sealed hash.
type avatarRecord struct {
	Data []byte `json:"d"`
}

// Avatar returns what PutAvatar stored under a hash, for all accounts.
func (t *Tx) Avatar(hash string) ([]byte, bool, error) {
	var r avatarRecord
	ok, err := t.find(bucketAvatars, t.name(bucketAvatars, nil, hash), &r)
	return r.Data, ok, err
}

// HasAvatar tells whether there is something under a hash, without reading it.
func (t *Tx) HasAvatar(hash string) bool {
	return t.get(bucketAvatars, t.name(bucketAvatars, nil, hash)) != nil
}

// PutAvatar keeps a picture under the hash the caller has verified. It is a
// cache: one over MaxAvatarBytes is not kept, and beyond MaxAvatars those go
// that were not stored or named by UseAvatars for the longest time.
func (t *Tx) PutAvatar(hash string, data []byte) error {
	if len(data) > MaxAvatarBytes {
		return nil
	}
	key := t.name(bucketAvatars, nil, hash)
	if err := t.put(bucketAvatars, key, avatarRecord{Data: data}); err != nil {
		return err
	}
	if err := t.useAvatars([][]byte{key}, len(data)); err != nil {
		return err
	}
	return t.trimAvatars()
}

// UseAvatars says that the pictures with these hashes are in use. Those that
// are not here are no error.
func (t *Tx) UseAvatars(hashes ...string) error {
	var keys [][]byte
	for _, hash := range hashes {
		keys = append(keys, t.name(bucketAvatars, nil, hash))
	}
	return t.useAvatars(keys, 0)
}

// useAvatars makes pictures the latest ones. One that has no age yet gets one
// if its size is given.
func (t *Tx) useAvatars(keys [][]byte, size int) error {
	old := make([][]byte, len(keys)) // keys in bucketAvatarAge
	values := make([][]byte, len(keys))
	err := t.each(bucketAvatarAge, nil, func(k, v []byte) error {
		for i, key := range keys {
			if bytes.HasPrefix(v, key) {
				old[i], values[i] = bytes.Clone(k), bytes.Clone(v)
			}
		}
		return nil
	})
	for i, key := range keys {
		if err == nil && old[i] != nil {
			err = t.delete(bucketAvatarAge, old[i])
		}
		if size > 0 {
			values[i] = binary.BigEndian.AppendUint32(bytes.Clone(key), uint32(size))
		}
		if err != nil || values[i] == nil {
			continue
		}
		var seq uint64
		if seq, err = t.next(bucketAvatarAge); err == nil {
			err = t.putRaw(bucketAvatarAge, key8(seq), values[i])
		}
	}
	return err
}

// trimAvatars takes away the pictures that were not used for the longest time
// until the rest is within bounds.
func (t *Tx) trimAvatars() error {
	var ages, keys [][]byte
	total, over := 0, 0
	sizeOf := func(v []byte) int { return int(number(v[max(0, len(v)-4):])) }
	if err := t.each(bucketAvatarAge, nil, func(_, v []byte) error { total += sizeOf(v); return nil }); err != nil {
		return err
	}
	over = total - MaxAvatars
	err := t.each(bucketAvatarAge, nil, func(k, v []byte) error {
		if over <= 0 {
			return errStop
		}
		over -= sizeOf(v)
		ages, keys = append(ages, bytes.Clone(k)), append(keys, bytes.Clone(v[:max(0, len(v)-4)]))
		return nil
	})
	for i := range ages {
		if err == nil {
			err = t.delete(bucketAvatars, keys[i])
		}
		if err == nil {
			err = t.delete(bucketAvatarAge, ages[i])
		}
	}
	return err
}
