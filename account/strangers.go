package account

import (
	"unicode"

	"mellium.im/xmpp/jid"

	"linnet/storage"
)

const (
	// maxStrangerChats bounds the conversations strangers have begun and the user
	// has not looked at: a domain has as many addresses as its owner wants. When
	// it is reached no further stranger can begin one; messages of contacts, and in
	// conversations that are there, come as ever.
	maxStrangerChats = 256
	// maxRequestChats bounds those the user has neither accepted nor deleted. What
	// comes from long ago counts as looked at, and an archive may be full of it.
	maxRequestChats = 1024
)

// chatState is what is remembered of conversations on this run.
type chatState struct {
	strangers strangerCount
}

// strangerCount is how many such conversations there are. It is counted when a
// stranger comes, since a start has better things to do.
type strangerCount struct {
	n     int // not looked at
	all   int // requests
	known bool
}

// recount has a full count made anew: the user did something to a conversation.
func (s *chatState) recount() {
	if s.strangers.isFull(0) {
		s.strangers.known = false
	}
}

// isContact tells whether an address needs no leave to write: it is in the
// roster, our own, or our server's.
func (a *Account) isContact(address string) bool {
	return a.roster.entries[address] != nil || address == a.own.String() || address == a.own.Domainpart()
}

// chatFor finds or begins the conversation a message belongs to; nil when its
// sender may not begin one. With people we write to ourselves there is no
// question.
func (in *intake) chatFor(tx *storage.Tx, address string, own bool, done *chatChanges) (*storage.Chat, error) {
	c, ok, err := tx.FindChat(in.a.id, address)
	if ok || err != nil {
		return &c, err
	}
	stranger := !own && !in.a.isContact(address)
	if stranger {
		full, err := in.a.chats.strangers.full(tx, in.a, done.begun)
		if err != nil {
			return nil, err
		}
		if full || isDeceptive(address) {
			in.a.log.Debug("refused a message of a stranger", "full", full)
			return nil, nil
		}
		done.begun++
	}
	c = storage.Chat{Account: in.a.id, JID: address, Request: stranger}
	return &c, tx.PutChat(&c)
}

// acceptContact makes the conversation of somebody who is in the roster now,
// here or on another device, one like any other. Messages may have come before
// the roster.
func (a *Account) acceptContact(address string) {
	var chat storage.Chat
	err := a.m.cfg.Store.View(func(tx *storage.Tx) (err error) {
		chat, _, err = tx.FindChat(a.id, address)
		return err
	})
	if err == nil && chat.Request {
		err = a.acceptChat(chat.ID)
	}
	if ignoreLost(err) != nil {
		a.log.Warn("could not store that a conversation was accepted", "err", err)
	}
}

// acceptChat is Manager.AcceptChat in the account's goroutine.
func (a *Account) acceptChat(id storage.ChatID) error {
	return a.editChat(id, func(_ *storage.Tx, c *storage.Chat) (bool, error) {
		changed := c.Request
		c.Request = false
		return changed, nil
	})
}

// full tells whether there is no room for another conversation; begun are
// those of the transaction that runs, which may yet fail.
func (s *strangerCount) full(tx *storage.Tx, a *Account, begun int) (bool, error) {
	if !s.known {
		chats, err := tx.Chats(a.id)
		if err != nil {
			return false, err
		}
		s.n, s.all, s.known = -begun, -begun, true
		for _, c := range chats {
			if c.Request {
				s.all++
			}
			if c.Kind == storage.ChatDirect && c.ReadUpTo.IsZero() && !c.Last.Out && !a.isContact(c.JID) {
				s.n++
			}
		}
	}
	return s.isFull(begun), nil
}

func (s *strangerCount) isFull(begun int) bool {
	return s.n+begun >= maxStrangerChats || s.all+begun >= maxRequestChats
}

// isDeceptive tells whether an address that the rules for addresses (RFC 7622)
// refuse holds what is not seen, so that it could pass for another. Servers
// with other editions of the rules may send such. Emoji of several parts, which
// are refused too, deceive nobody.
func isDeceptive(address string) bool {
	if _, err := jid.Parse(address); err == nil {
		return false
	}
	emoji := false
	for _, r := range address {
		switch {
		case r == 0x200D || r >= 0xFE00 && r <= 0xFE0F: // join and choose the look of emoji
			if !emoji {
				return true
			}
		case unicode.In(r, unicode.C, unicode.Z, unicode.Other_Default_Ignorable_Code_Point):
			return true
		default:
			emoji = unicode.In(r, unicode.So, unicode.Sk) || emoji && r >= 0x1F3FB && r <= 0x1F3FF
		}
	}
	return false
}
