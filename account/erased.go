package account

import (
	"time"

	"linnet/storage"
)

// noteErased notes up to where a conversation is erased: its last message, also one
// that was deleted before, and what the time of that may be wrong by. What comes
// after has not been seen.
func (a *Account) noteErased(tx *storage.Tx, c *storage.Chat) error {
	until := a.serverNow().UnixMilli()
	deleted, err := tx.DropDeleted(a.id, c.JID)
	if err != nil {
		return err
	}
	if last := max(c.Last.Pos.Time, deleted.Time); last != 0 {
		until = min(until, last+markLag.Milliseconds())
	}
	before, err := tx.Erased(a.id, c.JID)
	if err != nil {
		return err
	}
	return tx.PutErased(a.id, c.JID, max(until, before))
}

// isErased tells whether what the archive has of a time is of what the user erased
// here.
func (m *merging) isErased(peer string, at time.Time) (bool, error) {
	until, looked := m.erased[peer]
	if !looked {
		var err error
		if until, err = m.tx.Erased(m.in.a.id, peer); err != nil {
			return false, err
		}
		m.erased[peer] = until
	}
	return at.UnixMilli() <= until, nil
}
