package storage

import "math"

// Outgoing is an entry of the outbox: a message the server has not confirmed.
type Outgoing struct {
	Seq  uint64 // names the entry to Dequeue; grows in the order of Enqueue
	Chat ChatID
	Pos  Pos
}

// outgoingRecord is an Outgoing as stored; Seq is in the key.
type outgoingRecord struct {
	Chat ChatID `json:"c"`
	Time int64  `json:"t"`
	Seq  uint64 `json:"q"`
}

// Enqueue puts a stored message at the end of the outbox of an account. Store
// the message and enqueue it in one Update, so that neither is there alone.
func (t *Tx) Enqueue(acc AccountID, chat ChatID, p Pos) error {
	if err := t.needAccount(acc); err != nil {
		return err
	}
	if err := t.mustHave(bucketMessages, messageKey(chat, p)); err != nil {
		return err
	}
	seq, err := t.next(bucketOutbox)
	if err != nil {
		return err
	}
	return t.put(bucketOutbox, outboxKey(acc, seq), outgoingRecord{Chat: chat, Time: p.Time, Seq: p.Seq})
}

// Outbox returns the first n entries of the outbox of an account, oldest first.
func (t *Tx) Outbox(acc AccountID, n int) ([]Outgoing, error) {
	return list(t, bucketOutbox, key4(uint32(acc)), n, outgoing)
}

func outgoing(k []byte, r outgoingRecord) Outgoing {
	return Outgoing{Seq: number(k[4:]), Chat: r.Chat, Pos: Pos{Time: r.Time, Seq: r.Seq}}
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
