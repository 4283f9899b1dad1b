package storage

// Mark is what was said about the state of a message that is not here. For the
// conversation it is what a Note is, and kept apart from those, so that neither
// takes the room of the other.
type Mark struct {
	Seq    uint64       `json:"-"` // names it to DropMark
	Target string       `json:"-"` // id of the message it is about
	Out    bool         `json:"-"` // said by our own account
	State  MessageState `json:"s"`
	Reason string       `json:"r,omitempty"` // for StateFailed
	At     int64        `json:"t"`           // Unix milliseconds
}

// marksOf is the name under which the marks of a conversation are: no JID.
func marksOf(jid string) string { return "marks " + jid }

// FindMark returns what was put last about a message, by our own account (out) or
// by the other; false when there is nothing.
func (t *Tx) FindMark(acc AccountID, jid string, out bool, target string) (Mark, bool, error) {
	prefix := t.notesKey(acc, marksOf(jid), out, target)
	all, err := list(t, bucketNotes, prefix, MaxNotes, func(k []byte, m Mark) Mark {
		m.Seq, m.Out, m.Target = number(k[len(prefix):]), out, target
		return m
	})
	if err != nil || len(all) == 0 {
		return Mark{}, false, err
	}
	return all[len(all)-1], true, nil
}

// HasMarks reports whether there are any of a conversation.
func (t *Tx) HasMarks(acc AccountID, jid string) bool {
	return t.HasNotes(acc, marksOf(jid))
}

// PutMark keeps a mark about the message m.Target of a conversation, of which
// m.Out says who made it, and sets m.Seq. MaxNotes of each side are kept, the
// newest. The account must exist (ErrNotFound).
func (t *Tx) PutMark(acc AccountID, jid string, m *Mark) error {
	if err := t.needAccount(acc); err != nil {
		return err
	}
	if err := t.dropOldNote(acc, marksOf(jid), m.Out); err != nil {
		return err
	}
	seq, err := t.next(bucketNotes)
	if err != nil {
		return err
	}
	m.Seq = seq
	return t.put(bucketNotes, append(t.notesKey(acc, marksOf(jid), m.Out, m.Target), key8(seq)...), m)
}

// DropMark removes a mark that FindMark gave. One that is gone already is no
// error.
func (t *Tx) DropMark(acc AccountID, jid string, m *Mark) error {
	return t.delete(bucketNotes, append(t.notesKey(acc, marksOf(jid), m.Out, m.Target), key8(m.Seq)...))
}
