package account

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"slices"

	"linnet/storage"
)

// DeleteMessages erases messages of a conversation on this device, with all that
// belongs to them. What is at the server, on other devices and with the contact
// stays, and does not come back from there. One that waits to be sent is not sent
// any more, unless it was on its way already. Those that are gone are left out;
// those that wait to be taken back stay, with ErrRetracting.
func (m *Manager) DeleteMessages(ctx context.Context, chat storage.ChatID, pos []storage.Pos) error {
	return m.doChat(ctx, chat, func(a *Account) error { return a.deleteMessages(chat, pos) })
}

func (a *Account) deleteMessages(id storage.ChatID, pos []storage.Pos) error {
	var row storage.Chat
	var gone []place
	var kept error
	err := a.m.update(func(tx *storage.Tx) error {
		gone, kept = nil, nil
		chat, err := tx.Chat(id)
		if err != nil {
			return err
		}
		for _, p := range pos {
			switch err := a.deleteMessage(tx, &chat, p); {
			case errors.Is(err, ErrRetracting):
				kept = err
			case isLost(err):
			case err != nil:
				return err
			default:
				gone = append(gone, place{id, p})
			}
		}
		if len(gone) == 0 {
			return errUnchanged
		}
		if chat.Unread, err = tx.CountAfter(id, chat.ReadUpTo, maxUnread); err != nil {
			return err
		}
		if err := tx.PutChat(&chat); err != nil {
			return err
		}
		row, err = tx.Chat(id)
		return err
	})
	if err != nil {
		return errors.Join(ignoreUnchanged(err), kept)
	}
	for _, at := range gone {
		a.endTransfers(at)
	}
	a.chats.recount()
	a.note(ChatChanged{row}, ChatReload{id})
	a.flushOutbox()
	return kept
}

// deleteMessage erases one message, and keeps what it is known by.
func (a *Account) deleteMessage(tx *storage.Tx, chat *storage.Chat, p storage.Pos) error {
	msg, err := tx.Message(chat.ID, p)
	if err != nil {
		return err
	}
	entries, err := a.entriesOf(tx, &msg)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(entries, func(e storage.Outgoing) bool { return e.Kind == storage.ActRetract }) {
		return ErrRetracting
	}
	d := storage.Deleted{
		Pos: p, Out: msg.Out, From: bareOf(msg.From), Partial: msg.Partial, SentAt: msg.SentAt,
		ID: msg.ID, OriginID: msg.OriginID, StanzaID: msg.StanzaID,
	}
	if msg.RetractedAt == 0 && !msg.Partial {
		said := msg
		if said.Body, err = firstWords(tx, &msg); err != nil {
			return err
		}
		d.Said = digestOf(&said)
	}
	ids := []string{msg.ID, msg.OriginID, msg.StanzaID, msg.EditID}
	edits, err := tx.Edits(chat.ID, p)
	if err != nil {
		return err
	}
	for _, e := range edits {
		ids = append(ids, e.ID)
	}
	if err := tx.PutDeleted(a.id, chat.JID, &d, ids); err != nil {
		return err
	}
	return a.removeUnsent(tx, &msg)
}

// digestOf tells messages with the same id apart by what they say.
func digestOf(m *storage.Message) []byte {
	sum := sha256.New()
	sum.Write([]byte(m.Body))
	for i := range m.Files {
		sum.Write([]byte("\x00" + m.Files[i].URL))
	}
	return sum.Sum(nil)
}

// endTransfers ends what goes on with the files of a message that is gone.
func (a *Account) endTransfers(at place) {
	a.dropUpload(at)
	of := func(d *download) bool { return d.at.chat == at.chat && d.at.seq == at.pos.Seq }
	a.downloads.wanted = slices.DeleteFunc(a.downloads.wanted, of)
	for _, d := range a.downloads.running {
		if of(d) {
			d.cancel(nil)
		}
	}
}

// isDeleted tells whether a message is one that the user deleted here.
func (m *merging) isDeleted(msg *incoming) (bool, error) {
	return m.anyDeleted(msg.peer, []string{msg.m.StanzaID, msg.m.OriginID, msg.m.ID}, func(d *storage.Deleted) bool {
		return isSameDeleted(d, &msg.m)
	})
}

// isDeletedTarget tells whether something is said about such a message.
func (m *merging) isDeletedTarget(n *noted) (bool, error) {
	return m.anyDeleted(n.peer, []string{n.Target}, func(d *storage.Deleted) bool {
		return mayNote(&storage.Message{Pos: d.Pos, Out: d.Out, From: d.From}, &n.Note)
	})
}

// anyDeleted looks for one among the deleted messages with one of some ids.
func (m *merging) anyDeleted(peer string, ids []string, is func(*storage.Deleted) bool) (bool, error) {
	has, looked := m.deleted[peer]
	if !looked {
		has = m.tx.HasDeleted(m.in.a.id, peer)
		m.deleted[peer] = has
	}
	if !has {
		return false, nil
	}
	for _, id := range ids {
		list, err := m.tx.Deleted(m.in.a.id, peer, id)
		if err != nil {
			return false, err
		}
		for i := range list {
			if is(&list[i]) {
				return true, nil
			}
		}
	}
	return false, nil
}

// isSameDeleted is isSame for a message that was deleted here. Where an id says
// little, it has to say the same, so that nothing new is lost.
func isSameDeleted(d *storage.Deleted, msg *storage.Message) bool {
	switch {
	case d.Out != msg.Out:
		return false
	case d.StanzaID != "" && d.StanzaID == msg.StanzaID:
		return true
	case d.From != bareOf(msg.From):
		return false
	case d.Partial:
		return (d.ID == msg.ID || d.ID == msg.OriginID) && msg.Pos.Time <= d.Pos.Time+maxClockStep.Milliseconds()
	case d.OriginID != msg.OriginID:
		return false
	case d.OriginID != "":
		return true
	case len(d.Said) > 0 && msg.RetractedAt == 0 && !bytes.Equal(d.Said, digestOf(msg)):
		return false
	}
	return d.ID != "" && d.ID == msg.ID && d.Pos.At().Sub(msg.Pos.At()).Abs() < repeatTime
}

// applyToDeleted does what a mark about a message that was deleted here says of
// those before it; false when it is about no such message.
func (a *Account) applyToDeleted(tx *storage.Tx, chat storage.ChatID, m mark, done *chatChanges) (found bool, err error) {
	id := m.id
	if m.stanzaID != "" {
		id = m.stanzaID
	}
	list, err := tx.Deleted(a.id, m.peer, id)
	if err != nil {
		return false, err
	}
	i := slices.IndexFunc(list, func(d storage.Deleted) bool {
		return (m.stanzaID == "" || m.stanzaID == d.StanzaID) && (m.own || d.Out)
	})
	switch {
	case i < 0:
		return false, nil
	case m.own:
		return true, done.readTo(tx, chat, list[i].Pos)
	case m.state != storage.StateRead:
		return true, nil
	}
	d := &list[i]
	return true, a.raiseEarlier(tx, storage.Message{Chat: chat, Pos: d.Pos, SentAt: d.SentAt, ReadAt: m.at.UnixMilli()}, done)
}
