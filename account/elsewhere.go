package account

import (
	"context"
	"errors"

	"mellium.im/xmpp/jid"

	"linnet/account/stream"
	"linnet/account/xep/mam"
	"linnet/account/xep/mds"
	"linnet/storage"
)

// syncReads asks a new stream what our other devices have read, once it is known
// whether the server keeps that, and then tells what was read here. It is for a
// task.
func (a *Account) syncReads(ctx context.Context, c *stream.Client) {
	known := false
	err := a.do(ctx, func() error {
		known = a.reads.synced || !a.hasNodes()
		return nil
	})
	var items []pepItem
	if err == nil && !known {
		in, cancel := context.WithTimeout(ctx, tellTime)
		items, err = fetchItems(in, c, jid.JID{}, mds.NS, "", maxItems)
		cancel()
	}
	if err != nil {
		a.log.Info("could not ask what other devices have read", "err", err)
	}
	if ctx.Err() != nil || errors.Is(err, stream.ErrOffline) {
		return
	}
	a.post(func() {
		marks := a.displayed(items)
		a.takeDisplayed(marks)
		if err == nil && !known {
			a.reads.elsewhere, a.reads.asked = marks, true
		}
		a.reads.synced = true
		a.leaveUnread()
		a.tellReads()
	})
}

// leaveUnread makes unread what no device of ours has read, when a new device
// has the first messages of the archive: all of them counted as read. It waits
// until it is known what the others have read.
func (a *Account) leaveUnread() {
	if !a.archive.first || !a.reads.asked {
		return
	}
	a.archive.first = false
	done := newChatChanges(FromHistory)
	err := a.m.update(func(tx *storage.Tx) error {
		done = newChatChanges(FromHistory)
		for _, m := range a.reads.elsewhere {
			if err := a.leaveUnreadAfter(tx, m, &done); err != nil {
				return err
			}
		}
		if len(done.read) == 0 {
			return errUnchanged
		}
		return done.readRows(tx)
	})
	if ignoreUnchanged(err) != nil {
		a.log.Warn("could not store what is unread", "err", err)
	} else if err == nil {
		a.tellChats(done)
	}
}

// leaveUnreadAfter is leaveUnread for what came after a mark of another device,
// and after the last message our devices wrote.
func (a *Account) leaveUnreadAfter(tx *storage.Tx, m mark, done *chatChanges) error {
	chat, ok, err := tx.FindChat(a.id, m.peer)
	if !ok || err != nil {
		return ignoreLost(err)
	}
	last, ok, err := tx.FindMessage(chat.ID, storage.ByStanza, m.stanzaID)
	if !ok || err != nil {
		return ignoreLost(err)
	}
	later, err := tx.MessagesAfter(chat.ID, last.Pos, firstMessages)
	if err != nil {
		return err
	}
	for i := range later {
		if later[i].Out {
			last = later[i]
		}
	}
	if here := a.reads.here[chat.ID]; last.Pos.Before(here) {
		last.Pos = here
	}
	if !last.Pos.Before(chat.ReadUpTo) {
		return nil
	}
	chat.ReadUpTo = last.Pos
	if chat.Unread, err = tx.CountAfter(chat.ID, last.Pos, maxUnread); err != nil || chat.Unread == 0 {
		return err
	}
	done.read = append(done.read, chat.ID)
	return tx.PutChat(&chat)
}

// displayed gives what items say about chats with people.
func (a *Account) displayed(items []pepItem) []mark {
	var marks []mark
	for _, i := range items {
		if i.Displayed == nil || i.Displayed.StanzaID.By != a.own.String() {
			continue // a room's
		}
		id := usableID(i.Displayed.StanzaID.ID)
		if peer, err := contactJID(i.ID); err == nil && id != "" {
			marks = append(marks, mark{peer: peer.Bare().String(), stanzaID: id, state: storage.StateRead, own: true})
		}
	}
	return marks
}

// takeDisplayed takes over what our other devices have read. Of a conversation
// where they are at a message that is not here although nothing is missing, they
// have read more than was read here before.
func (a *Account) takeDisplayed(marks []mark) {
	if len(marks) == 0 {
		return
	}
	in := &intake{a: a, now: a.serverNow(), marks: marks}
	done, err := in.write()
	if err != nil {
		a.log.Warn("could not store what was read elsewhere", "err", err)
		return
	}
	a.tellChats(done)
	ahead := make(map[string]struct{}, len(done.unknown))
	for _, m := range done.unknown {
		ahead[m.peer] = struct{}{}
	}
	if a.archive.sync.running && a.server.accountHas(mam.NS) {
		a.reads.held = ahead
		return
	}
	for id := range a.reads.due {
		if chat, err := a.m.Chat(id); err == nil {
			if _, ok := ahead[chat.JID]; ok {
				delete(a.reads.due, id)
			}
		}
	}
}

// tellHeldReads tells what was read here when all that was missed has come. Of
// a conversation where another device is at a message that did not, it is at an
// older one.
func (a *Account) tellHeldReads() {
	a.reads.held = nil
	a.tellReads()
}
