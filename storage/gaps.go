package storage

import (
	"cmp"
	"math"
	"slices"
)

// gapRecord is a Gap as stored; account and ID are in the key.
type gapRecord struct {
	From Edge `json:"f,omitzero"`
	To   Edge `json:"t,omitzero"`
}

// Gaps returns the gaps of an account, the newest first.
func (t *Tx) Gaps(acc AccountID) ([]Gap, error) {
	all, err := list(t, bucketGaps, key4(uint32(acc)), math.MaxInt, func(k []byte, r gapRecord) Gap {
		return Gap{ID: number(k[4:]), From: r.From, To: r.To}
	})
	slices.SortFunc(all, func(a, b Gap) int {
		return cmp.Or(cmp.Compare(b.To.Time, a.To.Time), cmp.Compare(b.ID, a.ID))
	})
	return all, err
}

// PutGap stores a gap of an account, which must exist (ErrNotFound). With ID 0
// it is a new one and gets its ID.
func (t *Tx) PutGap(acc AccountID, g *Gap) error {
	if err := t.needAccount(acc); err != nil {
		return err
	}
	id := g.ID
	if id == 0 {
		var err error
		if id, err = t.next(bucketGaps); err != nil {
			return err
		}
	}
	if err := t.put(bucketGaps, gapKey(uint32(acc), id), gapRecord{From: g.From, To: g.To}); err != nil {
		return err
	}
	g.ID = id
	return nil
}

// DeleteGap removes a gap and what conversations have of it. One that is gone
// already is no error.
func (t *Tx) DeleteGap(acc AccountID, id uint64) error {
	chats, err := t.chatIDs(acc)
	if err != nil {
		return err
	}
	for _, c := range chats {
		if err := t.delete(bucketChatGaps, gapKey(uint32(c), id)); err != nil {
			return err
		}
	}
	return t.delete(bucketGaps, gapKey(uint32(acc), id))
}

// ChatGap returns what a conversation has of a gap; the zero ChatGap is no more
// than the account has.
func (t *Tx) ChatGap(chat ChatID, gap uint64) (ChatGap, error) {
	var g ChatGap
	_, err := t.find(bucketChatGaps, gapKey(uint32(chat), gap), &g)
	return g, err
}

// PutChatGap stores what a conversation, which must exist (ErrNotFound), has of
// a gap.
func (t *Tx) PutChatGap(chat ChatID, gap uint64, g ChatGap) error {
	if err := t.mustHave(bucketChats, key4(uint32(chat))); err != nil {
		return err
	}
	return t.put(bucketChatGaps, gapKey(uint32(chat), gap), g)
}

// erasedRecord is when a conversation was erased, under account and sealed JID.
type erasedRecord struct {
	Time int64 `json:"t"`
}

// Erased returns until when messages with a bare JID were erased, in Unix
// milliseconds by the clock of the server; 0 means never.
func (t *Tx) Erased(acc AccountID, jid string) (int64, error) {
	var r erasedRecord
	_, err := t.find(bucketErased, t.name(bucketErased, key4(uint32(acc)), jid), &r)
	return r.Time, err
}

// PutErased notes that messages with a bare JID were erased until a time, so
// that the archive of the server does not bring them back. The account must
// exist (ErrNotFound).
func (t *Tx) PutErased(acc AccountID, jid string, time int64) error {
	if err := t.needAccount(acc); err != nil {
		return err
	}
	return t.put(bucketErased, t.name(bucketErased, key4(uint32(acc)), jid), erasedRecord{Time: time})
}

func gapKey(owner uint32, gap uint64) []byte { return append(key4(owner), key8(gap)...) }
