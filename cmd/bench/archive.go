//go:build linux

package main

import (
	"fmt"
	"time"

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
// program does not run.
func (b *bench) writeChat(with string, n int, every time.Duration) error {
	last := time.Now().Add(-archiveAge)
	for from := 0; from < n; from += oneWrite {
		err := b.user.Update(func(tx *storage.Tx, accounts map[string]storage.AccountID) error {
			chat, ok, err := tx.FindChat(accounts[romeo], with)
			if err != nil {
				return err
			}
			if !ok {
				chat = storage.Chat{Account: accounts[romeo], JID: with}
				if err := tx.PutChat(&chat); err != nil {
					return err
				}
			}
			for i := from; i < min(from+oneWrite, n); i++ {
				if err := addMessage(tx, chat, i, last.Add(-time.Duration(n-i)*every)); err != nil {
					return err
				}
			}
			if chat, err = tx.Chat(chat.ID); err != nil {
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

func addMessage(tx *storage.Tx, chat storage.Chat, i int, at time.Time) error {
	id := fmt.Sprintf("%s-%d", chat.JID, i)
	m := storage.Message{
		Chat: chat.ID, From: chat.JID + "/bench", ID: id, OriginID: id, StanzaID: id,
		Body: fmt.Sprintf("Message %d of those that were there before, of a usual length", i),
		Pos:  storage.Pos{Time: at.UnixMilli()},
	}
	if i%3 == 0 {
		m.Out, m.State, m.From = true, storage.StateSent, romeo
	}
	return tx.AddMessage(&m)
}
