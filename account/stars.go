package account

import (
	"context"

	"linnet/storage"
)

// SetStarred puts a star on a message, for this user alone, or takes it off.
func (m *Manager) SetStarred(chat storage.ChatID, pos storage.Pos, on bool) error {
	return m.act(context.Background(), chat, pos, func(_ *Account, tx *storage.Tx, msg *storage.Message) error {
		switch {
		case msg.Starred == on:
			return errUnchanged
		case msg.RetractedAt != 0:
			return ErrRetracted
		}
		return tx.SetStarred(chat, pos, on)
	})
}

// Starred gives the newest n messages with a star, of all conversations, the
// newest first.
func (m *Manager) Starred(n int) (list []storage.Message, err error) {
	err = m.cfg.Store.View(func(tx *storage.Tx) error {
		list, err = tx.Starred(storage.Pos{}, n)
		return err
	})
	return list, err
}
