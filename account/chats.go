package account

import (
	"context"
	"errors"
	"time"

	"linnet/storage"
)

// maxDraft bounds a stored draft in bytes: what can be sent, and then some.
const maxDraft = 4 * maxSent

// Chats gives the conversations of all accounts in no particular order. An
// account that is disabled shows its conversations, a removed one does not.
func (m *Manager) Chats() ([]storage.Chat, error) {
	var all []storage.Chat
	err := m.cfg.Store.View(func(tx *storage.Tx) error {
		for _, a := range m.list() {
			chats, err := tx.Chats(a.id)
			if err != nil {
				return err
			}
			all = append(all, chats...)
		}
		return nil
	})
	return all, err
}

// Chat gives one conversation, or storage.ErrNotFound.
func (m *Manager) Chat(id storage.ChatID) (chat storage.Chat, err error) {
	err = m.cfg.Store.View(func(tx *storage.Tx) error {
		chat, err = tx.Chat(id)
		return err
	})
	return chat, err
}

// OpenChat finds the conversation of an account with an address, or begins one.
// The address is checked as ValidateAddress does; a resource is left off.
func (m *Manager) OpenChat(id storage.AccountID, address string) (storage.Chat, error) {
	j, err := ValidateAddress(address)
	if errors.Is(err, ErrAddressResource) {
		err = nil
	}
	if err != nil {
		known, ok := m.Contact(id, address) // may be one that nobody could type
		if !ok {
			return storage.Chat{}, err
		}
		address = known.JID
	} else {
		address = j.String()
	}
	var chat storage.Chat
	err = m.do(context.Background(), id, func(a *Account) error {
		var found bool
		err := a.m.cfg.Store.View(func(tx *storage.Tx) (err error) {
			chat, found, err = tx.FindChat(id, address)
			return err
		})
		if found || err != nil {
			return err
		}
		err = a.m.update(func(tx *storage.Tx) (err error) {
			chat = storage.Chat{Account: id, JID: address}
			return tx.PutChat(&chat)
		})
		if err == nil {
			a.note(ChatChanged{chat})
		}
		return err
	})
	return chat, err
}

// SetDraft keeps the text of the composer and which message it answers; the
// zero place means none. Sending the draft ends both.
func (m *Manager) SetDraft(chat storage.ChatID, text string, reply storage.Pos) error {
	text = cut(text, maxDraft)
	return m.editChat(chat, func(_ *storage.Tx, c *storage.Chat) (bool, error) {
		changed := c.Draft != text || c.DraftReply != reply
		c.Draft, c.DraftReply = text, reply
		return changed, nil
	})
}

// SetPinned keeps a conversation on top of the list, or no longer.
func (m *Manager) SetPinned(chat storage.ChatID, pinned bool) error {
	return m.editChat(chat, func(_ *storage.Tx, c *storage.Chat) (bool, error) {
		changed := c.Pinned != pinned
		c.Pinned = pinned
		return changed, nil
	})
}

// SetMuted keeps a conversation quiet until a time; the zero time ends that.
func (m *Manager) SetMuted(chat storage.ChatID, until time.Time) error {
	return m.editChat(chat, func(_ *storage.Tx, c *storage.Chat) (bool, error) {
		changed := !c.MutedUntil.Equal(until)
		c.MutedUntil = until
		return changed, nil
	})
}

// SetArchived puts a conversation away from the list, or back into it. It comes
// back by itself with the next message of the contact, unless it is muted.
func (m *Manager) SetArchived(chat storage.ChatID, archived bool) error {
	return m.editChat(chat, func(_ *storage.Tx, c *storage.Chat) (bool, error) {
		changed := c.Archived != archived
		c.Archived = archived
		return changed, nil
	})
}

// SetMarkedUnread marks a conversation to come back to, or takes the mark away.
// It has nothing to do with what was read.
func (m *Manager) SetMarkedUnread(chat storage.ChatID, marked bool) error {
	return m.editChat(chat, func(_ *storage.Tx, c *storage.Chat) (bool, error) {
		changed := c.MarkedUnread != marked
		c.MarkedUnread = marked
		return changed, nil
	})
}

// AcceptChat makes the conversation of somebody unknown one like any other. As
// long as its Chat.Request is set they are told nothing, not even that we are
// here, and nothing of theirs is loaded. Writing to them and taking them into
// the roster do the same; DeleteChat declines.
func (m *Manager) AcceptChat(chat storage.ChatID) error {
	return m.doChat(context.Background(), chat, func(a *Account) error { return a.acceptChat(chat) })
}

// DeleteChat erases a conversation with its messages here. What is at the
// server and with the contact stays, and does not come back from there. What
// has not come yet still does.
func (m *Manager) DeleteChat(chat storage.ChatID) error {
	return m.doChat(context.Background(), chat, func(a *Account) error {
		err := a.m.update(func(tx *storage.Tx) error {
			c, err := tx.Chat(chat)
			if err != nil {
				return err
			}
			if err := a.noteErased(tx, &c); err != nil {
				return err
			}
			return tx.DeleteChat(chat)
		})
		if err == nil {
			a.chats.recount()
			a.note(ChatRemoved{chat})
		}
		return err
	})
}

// editChat changes a row; f tells whether it did.
func (m *Manager) editChat(id storage.ChatID, f func(*storage.Tx, *storage.Chat) (bool, error)) error {
	return m.doChat(context.Background(), id, func(a *Account) error { return a.editChat(id, f) })
}

// editChat is Manager.editChat in the account's goroutine.
func (a *Account) editChat(id storage.ChatID, f func(*storage.Tx, *storage.Chat) (bool, error)) error {
	var c storage.Chat
	err := a.m.update(func(tx *storage.Tx) (err error) {
		if c, err = tx.Chat(id); err != nil {
			return err
		}
		changed, err := f(tx, &c)
		if err != nil {
			return err
		}
		if !changed {
			return errUnchanged
		}
		return tx.PutChat(&c)
	})
	if err == nil {
		a.chats.recount()
		a.note(ChatChanged{c})
	}
	return ignoreUnchanged(err)
}

// errUnchanged ends a transaction that has nothing to write without a write.
var errUnchanged = errors.New("nothing to change")

func ignoreUnchanged(err error) error {
	if errors.Is(err, errUnchanged) {
		return nil
	}
	return err
}

// doChat runs f in the goroutine of the account a conversation belongs to.
func (m *Manager) doChat(ctx context.Context, chat storage.ChatID, f func(*Account) error) error {
	c, err := m.Chat(chat)
	if err != nil {
		return err
	}
	return m.do(ctx, c.Account, f)
}

// isLost tells whether err says that one value is not there any more, or
// cannot be read. What goes on without it must not wait for it.
func isLost(err error) bool {
	var damaged *storage.DamagedError
	return errors.Is(err, storage.ErrNotFound) || errors.As(err, &damaged)
}

func ignoreLost(err error) error {
	if isLost(err) {
		return nil
	}
	return err
}

// Setting gives a small value that the window keeps in the profile under a name
// of its own.
func (m *Manager) Setting(name string) (value []byte, ok bool, err error) {
	err = m.cfg.Store.View(func(tx *storage.Tx) error {
		value, ok, err = tx.Setting(settingWindow + name)
		return err
	})
	return value, ok, err
}

// PutSetting keeps such a value; nil removes it.
func (m *Manager) PutSetting(name string, value []byte) error {
	return m.update(func(tx *storage.Tx) error { return tx.PutSetting(settingWindow+name, value) })
}

// settingWindow comes before the names of the window's settings, so that they
// never are ours.
const settingWindow = "window/"
