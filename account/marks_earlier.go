package account

import (
	"cmp"
	"slices"
	"time"

	"linnet/storage"
)

const (
	// maxEarlier is how many messages before one that was read are looked at
	// for those which must have been read with it, earlierPage at a time.
	maxEarlier  = 8192
	earlierPage = 64
	// sentError is how late it may be that we learn that a message was sent.
	sentError = 10 * time.Second
	// sentApart is how long before another a message must have been sent for that
	// to be sure: archives tell whole seconds, and the server's clock is measured
	// anew with each stream.
	sentApart = 2 * time.Second
)

// readWithNext makes a message that has just been found to have come a read one,
// and those before it, where the next was read while this one still waited.
func (a *Account) readWithNext(tx *storage.Tx, msg storage.Message, done *chatChanges) error {
	next, err := nextOut(tx, &msg)
	if err != nil || next.State != storage.StateRead || !wasRead(&msg, &next) {
		return err
	}
	if err := a.raiseTo(tx, &msg, storage.StateRead, next.ReadAt, done); err != nil {
		return err
	}
	return a.raiseEarlier(tx, msg, done)
}

// raiseEarlier makes those before a message that was read read ones, too, up to
// one that is (XEP-0333), and a few before that, which may have gone out after
// it. What waits or failed cannot have been read, nor what stands before it
// because it was typed then, and went out later.
func (a *Account) raiseEarlier(tx *storage.Tx, read storage.Message, done *chatChanges) error {
	before, met := read.Pos, false
	for range maxEarlier / earlierPage {
		page, err := tx.MessagesBefore(read.Chat, before, earlierPage)
		if err != nil || len(page) == 0 {
			return err
		}
		for i := len(page) - 1; i >= 0; i-- {
			m := &page[i]
			met = met || m.Out && m.State == storage.StateRead
			if !wasRead(m, &read) {
				continue
			}
			if err := a.raiseTo(tx, m, storage.StateRead, read.ReadAt, done); err != nil {
				return err
			}
		}
		if met {
			return nil
		}
		before = page[0].Pos
	}
	return nil
}

// raiseOvertaking makes those behind a message that was read read ones that went
// out before it: it stands where it was chosen, and took its time to be uploaded.
// Only of what one device sent is the order known.
func (a *Account) raiseOvertaking(tx *storage.Tx, read storage.Message, done *chatChanges) error {
	last := read.SentAt - sentApart.Milliseconds()
	after := read.Pos
	for range maxEarlier / earlierPage {
		if after.Time > last { // what follows had not been written then
			return nil
		}
		page, err := tx.MessagesAfter(read.Chat, after, earlierPage)
		if err != nil || len(page) == 0 {
			return err
		}
		for i := range page {
			m := &page[i]
			if m.From != read.From || m.SentAt == 0 || m.SentAt > last || !wasRead(m, &read) {
				continue
			}
			if err := a.raiseTo(tx, m, storage.StateRead, read.ReadAt, done); err != nil {
				return err
			}
		}
		after = page[len(page)-1].Pos
	}
	return nil
}

// wasRead tells whether a message was read with one that stands behind it.
func wasRead(m, later *storage.Message) bool {
	return (m.State == storage.StateSent || m.State == storage.StateDelivered) &&
		(later.SentAt == 0 || m.SentAt <= later.SentAt+sentError.Milliseconds())
}

// settleOlder makes new messages of ours read ones where the next of ours, which
// came before, was read.
func (a *Account) settleOlder(tx *storage.Tx, added []storage.Message, done *chatChanges) error {
	newestFirst := func(a, b storage.Message) int {
		return cmp.Or(cmp.Compare(b.Pos.Time, a.Pos.Time), cmp.Compare(b.Pos.Seq, a.Pos.Seq))
	}
	for _, m := range slices.SortedFunc(slices.Values(added), newestFirst) {
		if !m.Out {
			continue
		}
		m, err := tx.Message(m.Chat, m.Pos)
		if err != nil {
			return err
		}
		next, err := nextOut(tx, &m)
		if err != nil {
			return err
		}
		if next.State != storage.StateRead || !wasRead(&m, &next) {
			continue
		}
		if err := a.raiseTo(tx, &m, storage.StateRead, next.ReadAt, done); err != nil {
			return err
		}
	}
	return nil
}

// nextOut gives the message of ours that follows one, if it is not far.
func nextOut(tx *storage.Tx, m *storage.Message) (storage.Message, error) {
	at := m.Pos
	for _, n := range []int{1, earlierPage} { // mostly it is the first
		later, err := tx.MessagesAfter(m.Chat, at, n)
		if err != nil || len(later) == 0 {
			return storage.Message{}, err
		}
		if i := slices.IndexFunc(later, func(m storage.Message) bool { return m.Out }); i >= 0 {
			return later[i], nil
		}
		at = later[len(later)-1].Pos
	}
	return storage.Message{}, nil
}
