package storage

import "errors"

// Notes returns what was said about a message of a conversation that is not
// here, by our own account (out) or by the other, in the order it was put. The
// conversation, named by the bare JID of the other, need not be there either.
func (t *Tx) Notes(acc AccountID, jid string, out bool, target string) ([]Note, error) {
	prefix := t.notesKey(acc, jid, out, target)
	return list(t, bucketNotes, prefix, MaxNotes, func(k []byte, n Note) Note {
		n.Seq, n.Out, n.Target = number(k[len(prefix):]), out, target
		return n
	})
}

// HasNotes reports whether Notes returns any for a conversation.
func (t *Tx) HasNotes(acc AccountID, jid string) bool {
	return t.has(bucketNotes, t.name(bucketNotes, key4(uint32(acc)), jid))
}

// MaxNotes bounds the notes of a conversation from each side. So many wait only
// where many of the messages they are about are missing; the oldest go first.
const MaxNotes = 256

// PutNote keeps a note about the message n.Target of a conversation, of which
// n.Out says who made it, and sets n.Seq. The account must exist (ErrNotFound).
func (t *Tx) PutNote(acc AccountID, jid string, n *Note) error {
	if err := t.needAccount(acc); err != nil {
		return err
	}
	if err := t.dropOldNote(acc, jid, n.Out); err != nil {
		return err
	}
	seq, err := t.next(bucketNotes)
	if err != nil {
		return err
	}
	n.Seq = seq
	return t.put(bucketNotes, append(t.notesKey(acc, jid, n.Out, n.Target), key8(seq)...), n)
}

// dropOldNote makes room for one more note.
func (t *Tx) dropOldNote(acc AccountID, jid string, out bool) error {
	var oldest []byte
	count := 0
	prefix := append(t.name(bucketNotes, key4(uint32(acc)), jid), side(out))
	err := t.each(bucketNotes, prefix, func(k, _ []byte) error {
		if count++; oldest == nil || noteSeq(k) < noteSeq(oldest) {
			oldest = k
		}
		return nil
	})
	if err != nil || count < MaxNotes {
		return err
	}
	return t.delete(bucketNotes, oldest)
}

// DropNote removes a note that Notes gave. One that is gone already is no error.
func (t *Tx) DropNote(acc AccountID, jid string, n *Note) error {
	return t.delete(bucketNotes, append(t.notesKey(acc, jid, n.Out, n.Target), key8(n.Seq)...))
}

func (t *Tx) dropNotes(acc AccountID, jid string) error {
	return errors.Join(
		t.deleteAll(bucketNotes, t.name(bucketNotes, key4(uint32(acc)), jid)),
		t.deleteAll(bucketNotes, t.name(bucketNotes, key4(uint32(acc)), marksOf(jid))),
	)
}

func (t *Tx) notesKey(acc AccountID, jid string, out bool, target string) []byte {
	return t.name(bucketNotes, append(t.name(bucketNotes, key4(uint32(acc)), jid), side(out)), target)
}

func side(out bool) byte {
	if out {
		return 1
	}
	return 0
}

func noteSeq(k []byte) uint64 { return number(k[max(0, len(k)-8):]) }
