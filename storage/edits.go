package storage

import "math"

// Edits returns what the message at a place said before, oldest first; what it
// says now is not among them.
func (t *Tx) Edits(chat ChatID, p Pos) ([]Edit, error) {
	return list(t, bucketEdits, editsKey(chat, p), math.MaxInt, func(_ []byte, e Edit) Edit { return e })
}

// PutEdits replaces what Edits returns for a message, which must be there
// (ErrNotFound). nil erases it.
func (t *Tx) PutEdits(chat ChatID, p Pos, edits []Edit) error {
	if err := t.mustHave(bucketMessages, messageKey(chat, p)); err != nil {
		return err
	}
	prefix := editsKey(chat, p)
	if err := t.deleteAll(bucketEdits, prefix); err != nil {
		return err
	}
	m := Message{Chat: chat, Pos: p}
	for i, e := range edits {
		if err := t.addID(&m, ByEdit, e.ID); err != nil {
			return err
		}
		if err := t.put(bucketEdits, append(editsKey(chat, p), key8(uint64(i))...), e); err != nil {
			return err
		}
	}
	return nil
}

// editsKey has no time, so that what a message said stays with it when it is
// moved.
func editsKey(chat ChatID, p Pos) []byte { return append(key4(uint32(chat)), key8(p.Seq)...) }
