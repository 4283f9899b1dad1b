package storage

import "math"

// Outgoing is an entry of the outbox: a message the server has not confirmed,
// or something done to one.
type Outgoing struct {
	Seq  uint64 // names the entry to Dequeue; grows in the order of Enqueue
	Chat ChatID
	Pos  Pos
	Kind ActKind // ActNone: the message itself
	Note []byte  // what is done to it

	// Since is a time before which the server cannot have it, by the server's
	// clock, in Unix milliseconds; 0 means not known.
	Since int64
}

// outgoingRecord is an Outgoing as stored; Seq is in the key.
type outgoingRecord struct {
	Chat ChatID `json:"c"`
	Time int64  `json:"t"`
	Seq  uint64 `json:"q"`

	Kind ActKind `json:"k,omitempty"`
	Note []byte  `json:"n,omitempty"`

	Since int64 `json:"s,omitempty"`
}

// Enqueue puts a stored message at the end of the outbox of an account. Store
// the message and enqueue it in one Update, so that neither is there alone.
func (t *Tx) Enqueue(acc AccountID, chat ChatID, p Pos) error {
	return t.EnqueueAct(acc, &Outgoing{Chat: chat, Pos: p})
}

// EnqueueAct is Enqueue for something done to a stored message; it sets o.Seq.
func (t *Tx) EnqueueAct(acc AccountID, o *Outgoing) error {
	if err := t.needAccount(acc); err != nil {
		return err
	}
	if err := t.mustHave(bucketMessages, messageKey(o.Chat, o.Pos)); err != nil {
		return err
	}
	seq, err := t.next(bucketOutbox)
	if err != nil {
		return err
	}
	o.Seq = seq
	return t.put(bucketOutbox, outboxKey(acc, seq), outgoingRecord{
		Chat: o.Chat, Time: o.Pos.Time, Seq: o.Pos.Seq, Kind: o.Kind, Note: o.Note, Since: o.Since,
	})
}

// Outbox returns the first n entries of the outbox of an account, oldest first.
func (t *Tx) Outbox(acc AccountID, n int) ([]Outgoing, error) {
	return list(t, bucketOutbox, key4(uint32(acc)), n, outgoing)
}

func outgoing(k []byte, r outgoingRecord) Outgoing {
	return Outgoing{
		Seq: number(k[4:]), Chat: r.Chat, Pos: Pos{Time: r.Time, Seq: r.Seq},
		Kind: r.Kind, Note: r.Note, Since: r.Since,
	}
}

// Dequeue removes an entry of the outbox. One that is gone already is no error.
func (t *Tx) Dequeue(acc AccountID, seq uint64) error {
	return t.delete(bucketOutbox, outboxKey(acc, seq))
}

// dequeueChat removes what waits for a conversation. It walks the whole outbox
// of the account, which is short, instead of keeping one more index.
func (t *Tx) dequeueChat(acc AccountID, id ChatID) error {
	waiting, err := t.Outbox(acc, math.MaxInt)
	if err != nil {
		return err
	}
	for _, o := range waiting {
		if o.Chat != id {
			continue
		}
		if err := t.Dequeue(acc, o.Seq); err != nil {
			return err
		}
	}
	return nil
}

func outboxKey(acc AccountID, seq uint64) []byte {
	return append(key4(uint32(acc)), key8(seq)...)
}
