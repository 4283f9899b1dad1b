package account

import "linnet/storage"

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

// leaveErased takes out of a stretch what the user erased.
func (s *stretch) leaveErased(tx *storage.Tx, c *storage.Chat) error {
	until, err := tx.Erased(c.Account, c.JID)
	if s.gap.From.Time < until {
		s.gap.From = storage.Edge{Time: until}
	}
	return err
}
