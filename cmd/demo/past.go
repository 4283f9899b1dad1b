//go:build unix

package main

import (
	"time"

	"linnet/storage"
)

// writePast stores the history, whose last day is given.
func writePast(tx *storage.Tx, accounts map[string]storage.AccountID, last time.Time) error {
	for _, o := range ours {
		a, err := tx.Account(accounts[o.name+"@"+domain])
		if err != nil {
			return err
		}
		a.Name = o.full
		if err := tx.PutAccount(&a); err != nil {
			return err
		}
	}
	for _, h := range history {
		own := owner(h.with) + "@" + domain
		chat := storage.Chat{Account: accounts[own], JID: h.with + "@" + domain}
		if err := tx.PutChat(&chat); err != nil {
			return err
		}
		var readUpTo storage.Pos
		for i, l := range h.lines {
			m, err := l.message(chat.ID, chat.JID+"/stage", own, last)
			if err != nil {
				return err
			}
			if err := tx.AddMessage(&m); err != nil {
				return err
			}
			if i < len(h.lines)-h.unread {
				readUpTo = m.Pos
			}
		}
		// The messages changed the row since it was written.
		chat, err := tx.Chat(chat.ID)
		if err != nil {
			return err
		}
		chat.ReadUpTo, chat.Unread = readUpTo, h.unread
		if err := tx.PutChat(&chat); err != nil {
			return err
		}
	}
	return nil
}

// owner is which of our accounts has a contact.
func owner(name string) string {
	for _, p := range people {
		if p.name == name {
			return p.owner
		}
	}
	return ""
}
