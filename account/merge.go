package account

import (
	"time"

	"linnet/storage"
)

const (
	// repeatTime is how long the same words under the same id are the same
	// message, where the sender gives no id that is unique for good: a program
	// that counts from 1 at every start means each of its words.
	repeatTime = 10 * time.Minute
	// maxUnread is where counting stops; nobody reads a higher number.
	maxUnread = 9999
)

// incoming is a message that is to be in the archive: one our account received,
// or sent from somewhere.
type incoming struct {
	*heard
	m     storage.Message
	asked bool // for a receipt of this device
}

// merging is the work on one transaction of messages. One message is one entry
// however often and by whatever way it comes: live, as a carbon, from the
// server's archive, sent again on a new stream.
type merging struct {
	in    *intake
	tx    *storage.Tx
	done  *chatChanges
	chats map[string]*merged // by bare JID; nil for those who may not begin one

	erased  map[string]int64 // until when, by bare JID; see isErased
	deleted map[string]bool  // whether single messages were, by bare JID
}

// merged is a conversation on the way.
type merged struct {
	storage.Chat
	read   storage.Pos // ReadUpTo as it was
	unread int         // Unread as it was
	asked  bool        // Request as it was
	away   bool        // Archived as it was
	wrote  storage.Pos // the newest place a message of another device of ours has moved to
}

// store writes the messages of the batch, and what follows from the rest of it.
func (in *intake) store(tx *storage.Tx) (chatChanges, error) {
	done := newChatChanges(in.source)
	m := merging{in: in, tx: tx, done: &done, chats: make(map[string]*merged), erased: make(map[string]int64), deleted: make(map[string]bool)}
	add := m.addAll
	if in.sweep != nil {
		add = m.addPage
	}
	err := add()
	if err == nil {
		err = m.annotate()
	}
	if err == nil {
		err = m.putChats()
	}
	if err == nil {
		err = in.storeFailures(tx, &done)
	}
	if err == nil {
		err = in.a.settle(tx, in.marks, &done)
	}
	if err == nil && in.sweep != nil {
		err = in.a.keepMarks(tx, done.unknown)
	}
	if err != nil {
		return done, err
	}
	return done, done.readRows(tx)
}

// addAll takes the messages in, in their order.
func (m *merging) addAll() error {
	for i := range m.in.messages {
		msg := &m.in.messages[i]
		chat, err := m.chat(msg.peer, msg.own)
		if err != nil {
			return err
		}
		if chat == nil {
			continue
		}
		have, known, err := find(m.tx, chat.ID, &msg.m)
		if err != nil {
			return err
		}
		deleted := false
		if !known {
			if deleted, err = m.isDeleted(msg); err != nil {
				return err
			}
		}
		switch {
		case known:
			err = m.merge(&have, msg)
		case !deleted:
			msg.m.Pos.Time = placeAfter(chat.Last.Pos, msg.at, msg.slack)
			err = m.add(chat, msg)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// chat gives a conversation; nil when a stranger may not begin it.
func (m *merging) chat(peer string, own bool) (*merged, error) {
	if c, looked := m.chats[peer]; looked {
		return c, nil
	}
	c, err := m.in.chatFor(m.tx, peer, own, m.done)
	if err != nil || c == nil {
		m.chats[peer] = nil
		return nil, err
	}
	m.chats[peer] = &merged{Chat: *c, read: c.ReadUpTo, unread: c.Unread, asked: c.Request, away: c.Archived}
	return m.chats[peer], nil
}

// find gives the entry of a conversation that is the same message.
func find(tx *storage.Tx, chat storage.ChatID, msg *storage.Message) (have storage.Message, ok bool, err error) {
	for _, by := range []struct {
		kind storage.IDKind
		id   string
	}{{storage.ByStanza, msg.StanzaID}, {storage.ByOrigin, msg.OriginID}, {storage.ByID, msg.ID}} {
		have, ok, err = tx.FindMessage(chat, by.kind, by.id)
		if ignoreLost(err) != nil {
			return have, false, err
		}
		if !ok || err != nil {
			continue
		}
		said := have
		if said.Body, err = firstWords(tx, &have); err != nil {
			return have, false, err
		}
		if isSame(&said, msg) {
			return have, true, nil
		}
	}
	return storage.Message{}, false, nil
}

// isSame tells whether two messages of a conversation that share an id are one.
// The id of our own archive says so; the others are chosen by the sender, who
// can speak for messages of their own alone, and must have said the same.
func isSame(have, msg *storage.Message) bool {
	switch {
	case have.Out != msg.Out:
		return false
	case have.StanzaID != "" && have.StanzaID == msg.StanzaID:
		return true
	case bareOf(have.From) != bareOf(msg.From):
		return false
	case have.Partial:
		return (have.ID == msg.ID || have.ID == msg.OriginID) && msg.Pos.Time <= have.Pos.Time+maxClockStep.Milliseconds()
	case have.RetractedAt != 0 || msg.RetractedAt != 0: // nobody knows what it said
	case have.Body != msg.Body, !sameFiles(have.Files, msg.Files):
		return false
	}
	switch {
	case have.OriginID != msg.OriginID:
		return false
	case have.OriginID != "":
		return true
	}
	apart := have.Pos.At().Sub(msg.Pos.At())
	return have.ID != "" && have.ID == msg.ID && apart.Abs() < repeatTime
}

// add stores a message that is new, at its place.
func (m *merging) add(chat *merged, msg *incoming) error {
	msg.m.Chat = chat.ID
	if err := m.tx.AddMessage(&msg.m); err != nil {
		return err
	}
	if chat.Last.Pos.Before(msg.m.Pos) {
		chat.Last.Pos = msg.m.Pos
	}
	if err := m.applyWaiting(msg.peer, &msg.m); err != nil {
		return err
	}
	m.done.added[chat.ID] = append(m.done.added[chat.ID], msg.m)
	chat.Request = chat.Request && !msg.m.Out // whoever answers accepts
	if msg.asked {
		m.done.asked = append(m.done.asked, msg.m)
	}
	return m.count(chat, &msg.m)
}

// count keeps what is unread: the incoming messages after ReadUpTo. What was
// said long ago is no news, unless it was said after what is.
func (m *merging) count(chat *merged, msg *storage.Message) error {
	if msg.Out || msg.RetractedAt != 0 || !chat.ReadUpTo.Before(msg.Pos) {
		return nil
	}
	news := m.done.source != FromHistory
	for at := chat.ReadUpTo; !news && chat.Unread > 0; {
		next, err := m.tx.MessagesAfter(chat.ID, at, 1)
		if err != nil {
			return err
		}
		if next[0].Pos == msg.Pos {
			break
		}
		at, news = next[0].Pos, !next[0].Out
	}
	if news {
		chat.Unread = min(chat.Unread+1, maxUnread)
		chat.Archived = chat.Archived && chat.MutedUntil.After(m.in.now)
	} else {
		chat.ReadUpTo = msg.Pos
	}
	return nil
}

// merge adds to an entry what another copy of its message tells.
func (m *merging) merge(have *storage.Message, msg *incoming) error {
	if msg.asked && m.done.source == FromCatchUp {
		m.done.asked = append(m.done.asked, *have) // the receipt may not have gone out
	}
	if have.Partial {
		return m.complete(have, msg)
	}
	if at := msg.m.RetractedAt; at != 0 {
		files := have.Files
		changed, err := takeBack(m.tx, have, &storage.Note{At: at}, true)
		if err != nil {
			return err
		}
		if changed {
			m.done.again = append(m.done.again, *have)
			m.done.files = append(m.done.files, files...)
		}
	}
	changed := false
	if have.StanzaID == "" && msg.stanzaID != "" {
		have.StanzaID, changed = msg.stanzaID, true
	}
	// A copy of what waits here says that the server has it.
	if have.State == storage.StateWaiting && msg.try() == tryOf(have) {
		if err := m.done.dequeue(m.tx, m.in.a.id, place{have.Chat, have.Pos}); err != nil {
			return err
		}
		have.State, have.SentAt, changed = storage.StateSent, msg.at.UnixMilli(), true
		m.done.again = append(m.done.again, *have)
	}
	if !changed {
		return nil
	}
	m.done.changed = true
	return m.tx.PutMessage(have)
}

// try names the try of which the message is a copy. Those of the tries before
// are no sign that the server has the last one.
func (msg *incoming) try() string {
	if msg.Retry == nil {
		return ""
	}
	return msg.Retry.ID
}

// putChats writes the rows that have changed.
func (m *merging) putChats() error {
	for _, c := range m.chats {
		if c == nil || c.ReadUpTo == c.read && c.Unread == c.unread && c.Request == c.asked && c.Archived == c.away {
			continue
		}
		m.done.read = append(m.done.read, c.ID)
		if err := m.tx.PutChat(&c.Chat); err != nil {
			return err
		}
	}
	return nil
}
