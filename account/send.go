package account

import (
	"context"
	"crypto/rand"
	"strings"
	"time"

	"linnet/storage"
)

// Text is a message the user has written.
type Text struct {
	Body  string
	Reply storage.Pos // the message it answers; zero means none

	// Links is what is told of links in it, as LookUp gave it.
	Links []storage.Link
}

// Send stores a message in a conversation and the outbox and returns once that
// is on disk: from then on it goes out by itself, after a restart too. A draft
// that is the same text is cleared with it. Errors: ErrEmpty for a body of
// white space; ErrTooLong for more than 64 kB; ErrRetracted and ErrNoID for a
// message that cannot be answered.
func (m *Manager) Send(ctx context.Context, chat storage.ChatID, t Text) error {
	text := clean(t.Body)
	switch {
	case strings.TrimSpace(text) == "":
		return ErrEmpty
	case len(text) > maxSent:
		return ErrTooLong
	}
	m.typing.take(chat)
	return m.doChat(ctx, chat, func(a *Account) error {
		return a.sendAll(chat, []storage.Message{{Body: text, Links: linksToSend(t.Links, text)}}, t.Body, t.Reply)
	})
}

// sendAll stores messages of ours that say what those of list do in a
// conversation and the outbox, and sends them. The first answers the message at
// reply; a draft that is the same as the one given is cleared.
func (a *Account) sendAll(id storage.ChatID, list []storage.Message, draft string, reply storage.Pos) error {
	var added []storage.Message
	var row storage.Chat
	err := a.m.update(func(tx *storage.Tx) error {
		added = nil
		chat, err := tx.Chat(id)
		if err != nil {
			return err
		}
		answered, err := replyTo(tx, id, reply)
		if err != nil {
			return err
		}
		at := placeAfter(chat.Last.Pos, a.serverNow(), maxClockStep)
		for _, msg := range list {
			msgID := rand.Text()
			msg.Chat, msg.Pos, msg.Out, msg.From = id, storage.Pos{Time: at}, true, a.fullName()
			msg.State, msg.ID, msg.OriginID = storage.StateWaiting, msgID, msgID
			msg.Reply, answered = answered, storage.Reply{}
			if err := tx.AddMessage(&msg); err != nil {
				return err
			}
			if err := a.enqueue(tx, &storage.Outgoing{Chat: id, Pos: msg.Pos}); err != nil {
				return err
			}
			added = append(added, msg)
		}
		row, err = a.wrote(tx, id, draft)
		return err
	})
	if err != nil {
		return err
	}
	a.note(ChatChanged{row}, MessagesAdded{Chat: id, Messages: added})
	a.flushOutbox()
	return nil
}

// wrote gives the row of a conversation the user has written in: without the
// draft, if that is what was sent, and accepted.
func (a *Account) wrote(tx *storage.Tx, id storage.ChatID, draft string) (storage.Chat, error) {
	row, err := tx.Chat(id)
	if err != nil {
		return row, err
	}
	sent := row.Draft != "" && row.Draft == draft
	if !sent && !row.Request {
		return row, nil
	}
	if sent {
		row.Draft, row.DraftReply = "", storage.Pos{}
	}
	row.Request = false // whoever writes accepts
	return row, tx.PutChat(&row)
}

// Retry sends a failed message again, in its place and with its id, or does
// again what was done to it and failed. Where nothing has failed the error is
// ErrNotFailed.
func (m *Manager) Retry(ctx context.Context, chat storage.ChatID, pos storage.Pos) error {
	return m.doChat(ctx, chat, func(a *Account) error {
		var msg storage.Message
		var row storage.Chat
		err := a.m.update(func(tx *storage.Tx) (err error) {
			if msg, err = tx.Message(chat, pos); err != nil {
				return err
			}
			if act, ok := msg.FailedAct(); ok {
				if err := a.retryAct(tx, &msg, act); err != nil {
					return err
				}
				row, err = tx.Chat(chat)
				return err
			}
			if !msg.Out || msg.State != storage.StateFailed {
				return ErrNotFailed
			}
			msg.State, msg.Reason, msg.SentAt = storage.StateWaiting, "", a.serverNow().UnixMilli()
			retryFiles(&msg)
			if err := tx.PutMessage(&msg); err != nil {
				return err
			}
			if err := a.enqueue(tx, &storage.Outgoing{Chat: chat, Pos: pos}); err != nil {
				return err
			}
			row, err = tx.Chat(chat)
			return err
		})
		if err != nil {
			return err
		}
		a.note(ChatChanged{row}, MessageChanged{msg})
		a.flushOutbox()
		return nil
	})
}

// placeAfter is the time under which a message of time t is stored. It does not
// come before the last one of its conversation for an error of the clock of up
// to slack.
func placeAfter(last storage.Pos, t time.Time, slack time.Duration) int64 {
	ms := t.UnixMilli()
	if ms < last.Time && last.Time-ms < slack.Milliseconds() {
		return last.Time
	}
	return ms
}
