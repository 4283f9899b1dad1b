//go:build linux

package main

import (
	"fmt"
	"time"

	"linnet/cmd/internal/profile"
	"linnet/storage"
)

const (
	// archiveAge is how long ago the last message was: the list then says a
	// day, which does not change from one start to the next.
	archiveAge = 36 * time.Hour
	// oneWrite is how many messages are written at a time.
	oneWrite = 5_000
)

// writeChat puts n messages with somebody into romeo's archive, while the
// program does not run. Of a rich chat each richEvery-th is more than a line.
func (b *bench) writeChat(with string, n int, every time.Duration, rich bool) error {
	var w chatWriter
	last := time.Now().Add(-archiveAge)
	for from := 0; from < n; from += oneWrite {
		err := b.user.Update(func(tx *storage.Tx, accounts map[string]storage.AccountID) error {
			if from == 0 {
				if err := w.begin(tx, b.user, accounts[romeo], with, rich); err != nil {
					return err
				}
			}
			for i := from; i < min(from+oneWrite, n); i++ {
				if err := w.add(tx, i, last.Add(-time.Duration(n-i)*every)); err != nil {
					return err
				}
			}
			chat, err := tx.Chat(w.chat.ID)
			if err != nil {
				return err
			}
			chat.ReadUpTo = chat.Last.Pos
			return tx.PutChat(&chat)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// chatWriter writes the messages of a chat.
type chatWriter struct {
	chat   storage.Chat
	rich   *richness // nil: all are lines of text
	before storage.Message
}

// begin finds the chat, or makes it.
func (w *chatWriter) begin(tx *storage.Tx, user *profile.Profile, account storage.AccountID, with string, rich bool) error {
	chat, ok, err := tx.FindChat(account, with)
	if err == nil && !ok {
		chat = storage.Chat{Account: account, JID: with}
		err = tx.PutChat(&chat)
	}
	w.chat = chat
	if err == nil && rich {
		w.rich, err = newRichness(user, chat)
	}
	return err
}

func (w *chatWriter) add(tx *storage.Tx, i int, at time.Time) error {
	id := fmt.Sprintf("%s-%d", w.chat.JID, i)
	m := storage.Message{
		Chat: w.chat.ID, From: w.chat.JID + "/bench", ID: id, OriginID: id, StanzaID: id,
		Body: fmt.Sprintf("Message %d of those that were there before, of a usual length", i),
		Pos:  storage.Pos{Time: at.UnixMilli()},
	}
	if i%3 == 0 {
		m.Out, m.State, m.From = true, storage.StateSent, romeo
	}
	var edits []storage.Edit
	if w.rich != nil && i%richEvery == 0 {
		edits = w.rich.enrich(&m, i, &w.before)
	}
	if err := tx.AddMessage(&m); err != nil {
		return err
	}
	w.before = m
	if edits != nil {
		return tx.PutEdits(m.Chat, m.Pos, edits)
	}
	return nil
}
