package account

import (
	"time"

	"linnet/storage"
)

// keepMarks keeps on disk what a page of the archive says about messages that
// are not here: they are in the next one, before which the program may end. For
// what comes live, which anybody can send without end, nothing is written.
func (a *Account) keepMarks(tx *storage.Tx, unknown []mark) error {
	for _, m := range unknown {
		if m.id == "" {
			continue
		}
		had, ok, err := tx.FindMark(a.id, m.peer, m.own, m.id)
		if err != nil {
			return err
		}
		if before := markOf(m.peer, &had); ok && !m.over(&before) {
			continue
		}
		if ok {
			if err := tx.DropMark(a.id, m.peer, &had); err != nil {
				return err
			}
		}
		kept := storage.Mark{Target: m.id, Out: m.own, State: m.state, Reason: m.reason, At: m.at.UnixMilli()}
		if err := tx.PutMark(a.id, m.peer, &kept); err != nil {
			return err
		}
	}
	return nil
}

func markOf(peer string, m *storage.Mark) mark {
	return mark{peer: peer, id: m.Target, state: m.State, reason: m.Reason, own: m.Out, at: time.UnixMilli(m.At)}
}

// applyKept writes what was said, and kept, about a message that is new.
func (a *Account) applyKept(tx *storage.Tx, peer string, own bool, id string, done *chatChanges) error {
	kept, ok, err := tx.FindMark(a.id, peer, own, id)
	if !ok || err != nil {
		return err
	}
	if _, err := a.applyMark(tx, markOf(peer, &kept), done); err != nil {
		return err
	}
	return tx.DropMark(a.id, peer, &kept)
}

// findMarked gives the message a mark names. What a contact says can only be
// about what we sent.
func findMarked(tx *storage.Tx, chat storage.ChatID, m mark) (storage.Message, bool, error) {
	if m.stanzaID != "" {
		return tx.FindMessage(chat, storage.ByStanza, m.stanzaID)
	}
	for _, kind := range []storage.IDKind{storage.ByID, storage.ByOrigin, storage.ByEdit} {
		msg, ok, err := tx.FindMessage(chat, kind, m.id)
		if err != nil || ok && (m.own || msg.Out) {
			return msg, ok, err
		}
	}
	return storage.Message{}, false, nil
}
