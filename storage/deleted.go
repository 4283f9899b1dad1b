package storage

// Deleted is what is kept of a message that the user deleted on this device, so
// that it is known when it comes again.
type Deleted struct {
	Pos     Pos    `json:"p"` // where it stood
	Out     bool   `json:"o,omitempty"`
	From    string `json:"f,omitempty"` // bare JID
	Partial bool   `json:"pa,omitempty"`
	SentAt  int64  `json:"st,omitempty"`

	ID       string `json:"i,omitempty"`
	OriginID string `json:"oi,omitempty"`
	StanzaID string `json:"si,omitempty"`

	// Said is a digest of what it said first; empty when that is not known.
	Said []byte `json:"s,omitempty"`
}

// deletedOf is the name under which the deleted messages of a conversation are:
// no JID.
func deletedOf(jid string) string { return "deleted " + jid }

// PutDeleted keeps a deleted message of a conversation, named by the bare JID of
// the other, to be found by each of ids. The account must exist (ErrNotFound).
// There are as many as the user deletes by hand.
func (t *Tx) PutDeleted(acc AccountID, jid string, d *Deleted, ids []string) error {
	if err := t.needAccount(acc); err != nil {
		return err
	}
	for _, id := range ids {
		if id == "" {
			continue
		}
		if err := t.put(bucketErased, append(t.deletedKey(acc, jid, id), key8(d.Pos.Seq)...), d); err != nil {
			return err
		}
	}
	return nil
}

// Deleted returns the deleted messages of a conversation that have an id.
func (t *Tx) Deleted(acc AccountID, jid, id string) ([]Deleted, error) {
	if id == "" {
		return nil, nil
	}
	return list(t, bucketErased, t.deletedKey(acc, jid, id), maxDeletedAlike, func(_ []byte, d Deleted) Deleted { return d })
}

// HasDeleted reports whether there are any of a conversation.
func (t *Tx) HasDeleted(acc AccountID, jid string) bool {
	return t.has(bucketErased, t.deletedPrefix(acc, jid))
}

// maxDeletedAlike bounds the deleted messages of one id: a program that counts
// from 1 has as many as it had starts.
const maxDeletedAlike = 64

// DropDeleted forgets the deleted messages of a conversation, and tells the place
// of the newest.
func (t *Tx) DropDeleted(acc AccountID, jid string) (newest Pos, err error) {
	prefix := t.deletedPrefix(acc, jid)
	err = t.each(bucketErased, prefix, func(k, v []byte) error {
		var d Deleted
		if err := t.decode(bucketErased, k, v, &d); err != nil && !t.skip(err) {
			return err
		}
		if newest.Before(d.Pos) {
			newest = d.Pos
		}
		return nil
	})
	if err != nil {
		return newest, err
	}
	return newest, t.deleteAll(bucketErased, prefix)
}

// deletedPrefix begins the keys of the deleted messages of a conversation.
func (t *Tx) deletedPrefix(acc AccountID, jid string) []byte {
	return t.name(bucketErased, key4(uint32(acc)), deletedOf(jid))
}

func (t *Tx) deletedKey(acc AccountID, jid, id string) []byte {
	return t.name(bucketErased, t.deletedPrefix(acc, jid), id)
}
