//go:build unix

package main

import (
	"fmt"
	"strings"
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
		var said []storage.Message
		for i, l := range h.lines {
			m, err := l.message(chat.ID, chat.JID+"/stage", own, last)
			if err != nil {
				return err
			}
			m.ID = fmt.Sprintf("past-%s-%d", h.with, i+1)
			if n := l.since.answers; n > 0 {
				asked := said[n-1]
				m.Reply = storage.Reply{ID: asked.ID, From: bare(asked.From), Quote: asked.Body}
			}
			said = append(said, m)
			if err := tx.AddMessage(&m); err != nil {
				return err
			}
			if l.since.starred {
				if err := tx.SetStarred(chat.ID, m.Pos, true); err != nil {
					return err
				}
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

// bare is an address without its resource.
func bare(jid string) string {
	jid, _, _ = strings.Cut(jid, "/")
	return jid
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
