package account

import "linnet/storage"

// noteErased notes up to where a conversation is erased: its last message, and
// what the time of that may be wrong by. What comes after has not been seen.
func (a *Account) noteErased(tx *storage.Tx, c *storage.Chat) error {
	until := a.serverNow().UnixMilli()
	if last := c.Last.Pos.Time; last != 0 {
		until = min(until, last+markLag.Milliseconds())
	}
	before, err := tx.Erased(a.id, c.JID)
	if err != nil {
		return err
	}
	return tx.PutErased(a.id, c.JID, max(until, before))
}

// isErased tells whether a message of the archive is of what the user erased
// here.
func (m *merging) isErased(msg *incoming) (bool, error) {
	until, looked := m.erased[msg.peer]
	if !looked {
		var err error
		if until, err = m.tx.Erased(m.in.a.id, msg.peer); err != nil {
			return false, err
		}
		m.erased[msg.peer] = until
	}
	return msg.at.UnixMilli() <= until, nil
}
