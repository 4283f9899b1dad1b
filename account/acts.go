package account

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"math"
	"slices"
	"strings"

	"linnet/account/xep/reactions"
	"linnet/storage"
)

// actNote is what the outbox and storage.Act keep of what the user did to a
// message: what doing it again or undoing it takes.
type actNote struct {
	ID    string            `json:"i"` // of the message that says it
	At    int64             `json:"t"` // Unix milliseconds, by the server's clock
	Body  string            `json:"b,omitempty"`
	Links []storage.Link    `json:"l,omitempty"`
	Emoji []string          `json:"e,omitempty"`
	Was   *storage.Reaction `json:"w,omitempty"` // our reaction before
}

func noteOf(raw []byte) (n actNote) {
	_ = json.Unmarshal(raw, &n) // we wrote it; of one that is damaged nothing can be done
	return n
}

// Correct gives an own message other words (XEP-0308), at once here, and sends
// them like a message, when the contact is away too. One that was never on its
// way, or failed, just changes. Errors: ErrNotOwn, ErrRetracted, ErrNoID, ErrEmpty and
// ErrTooLong as Send.
func (m *Manager) Correct(ctx context.Context, chat storage.ChatID, pos storage.Pos, body string) error {
	text := clean(body)
	switch {
	case strings.TrimSpace(text) == "":
		return ErrEmpty
	case len(text) > maxSent:
		return ErrTooLong
	}
	return m.act(ctx, chat, pos, func(a *Account, tx *storage.Tx, msg *storage.Message) error {
		switch {
		case !msg.Out:
			return ErrNotOwn
		case msg.RetractedAt != 0:
			return ErrRetracted
		case msg.Body == text:
			return errUnchanged
		}
		unsent, err := a.unsent(tx, msg)
		if err != nil {
			return err
		}
		if unsent || msg.State == storage.StateFailed {
			msg.Body, msg.Links = text, linksStill(msg.Links, text)
			return tx.PutMessage(msg)
		}
		if msg.ID == "" {
			return ErrNoID
		}
		return a.beginAct(tx, msg, storage.ActCorrect, actNote{Body: text, Links: linksStill(toldAlong(msg.Links), text)})
	})
}

// Retract takes an own message back (XEP-0424). It stays as it is, with its Act,
// until the server has that; then its words are erased here. One that was never
// on its way is removed. Errors: ErrNotOwn, ErrNoID.
func (m *Manager) Retract(ctx context.Context, chat storage.ChatID, pos storage.Pos) error {
	return m.act(ctx, chat, pos, func(a *Account, tx *storage.Tx, msg *storage.Message) error {
		switch {
		case !msg.Out:
			return ErrNotOwn
		case msg.RetractedAt != 0 || msg.Act.Kind == storage.ActRetract && msg.Act.State == storage.StateWaiting:
			return errUnchanged
		}
		unsent, err := a.unsent(tx, msg)
		if err != nil {
			return err
		}
		if unsent || msg.State == storage.StateFailed && msg.StanzaID == "" {
			return a.removeUnsent(tx, msg)
		}
		if msg.ID == "" {
			return ErrNoID
		}
		return a.beginAct(tx, msg, storage.ActRetract, actNote{})
	})
}

// React sets all that the user thinks of a message (XEP-0444), at once here; nil
// takes it back. What is not a single emoji, or more than reactions.MaxEmoji, is
// left out. Errors: ErrRetracted; ErrEmpty if no emoji is left; ErrNoID for a
// message that cannot be named.
func (m *Manager) React(ctx context.Context, chat storage.ChatID, pos storage.Pos, emoji []string) error {
	list := reactions.Clean(emoji)
	if len(list) == 0 && len(emoji) > 0 {
		return ErrEmpty
	}
	return m.act(ctx, chat, pos, func(a *Account, tx *storage.Tx, msg *storage.Message) error {
		was := a.ownReaction(msg)
		switch {
		case msg.RetractedAt != 0:
			return ErrRetracted
		case nameOfMessage(msg) == "":
			return ErrNoID
		case was != nil && slices.Equal(was.Emoji, list) || was == nil && len(list) == 0:
			return errUnchanged
		}
		return a.beginAct(tx, msg, storage.ActReact, actNote{Emoji: list})
	})
}

// DropAct gives up what the user did to a message and failed
// (storage.Message.FailedAct): the message is as it was before. Without such a
// thing the error is ErrNotFailed.
func (m *Manager) DropAct(ctx context.Context, chat storage.ChatID, pos storage.Pos) error {
	return m.act(ctx, chat, pos, func(a *Account, tx *storage.Tx, msg *storage.Message) error {
		act, ok := msg.FailedAct()
		if !ok {
			return ErrNotFailed
		}
		return a.undoAct(tx, msg, act.Kind, noteOf(act.Note))
	})
}

// actOf gives where a message says what was done to it: what the user thinks of
// it stands beside what was done to its words, and hides nothing of that.
func actOf(m *storage.Message, kind storage.ActKind) *storage.Act {
	if kind == storage.ActReact {
		return &m.Reacted
	}
	return &m.Act
}

// retryAct does again what failed.
func (a *Account) retryAct(tx *storage.Tx, msg *storage.Message, act storage.Act) error {
	n := noteOf(act.Note)
	return a.beginAct(tx, msg, act.Kind, actNote{Body: n.Body, Links: n.Links, Emoji: n.Emoji})
}

// act does something to a message, in one transaction in the goroutine of its
// account, and sends what follows from it.
func (m *Manager) act(ctx context.Context, chat storage.ChatID, pos storage.Pos, f func(*Account, *storage.Tx, *storage.Message) error) error {
	return m.doChat(ctx, chat, func(a *Account) error {
		var done chatChanges
		removed := false
		err := a.m.update(func(tx *storage.Tx) error {
			done = newChatChanges(Live)
			msg, err := tx.Message(chat, pos)
			if err != nil {
				return err
			}
			files := msg.Files
			if err := f(a, tx, &msg); err != nil {
				return err
			}
			msg, err = tx.Message(chat, pos)
			if removed = isLost(err); removed {
				done.files, done.read = files, append(done.read, chat) // the row is another
			} else if err != nil {
				return err
			} else {
				done.again = append(done.again, msg)
			}
			return done.readRows(tx)
		})
		if err != nil {
			return ignoreUnchanged(err)
		}
		a.tellChats(done)
		if removed {
			a.note(ChatReload{chat})
		}
		a.flushOutbox()
		return nil
	})
}

// beginAct does something to a message here and puts it into the outbox.
func (a *Account) beginAct(tx *storage.Tx, m *storage.Message, kind storage.ActKind, n actNote) error {
	if err := a.dropUnsentActs(tx, m, kind); err != nil {
		return err
	}
	n.ID, n.At = rand.Text(), max(a.serverNow().UnixMilli(), m.EditedAt+1)
	if was := a.ownReaction(m); was != nil && kind == storage.ActReact {
		n.Was, n.At = was, max(n.At, was.At+1)
	}
	if kind != storage.ActRetract {
		note := storage.Note{Kind: kind, Out: true, From: a.own.String(), At: n.At, ID: n.ID, Body: n.Body, Links: n.Links, Emoji: n.Emoji, Unstyled: m.Unstyled}
		if _, err := applyNote(tx, m, &note, false); err != nil {
			return err
		}
	}
	raw, err := json.Marshal(n)
	if err != nil {
		return err
	}
	*actOf(m, kind) = storage.Act{Kind: kind, State: storage.StateWaiting, ID: n.ID, Note: raw}
	if err := tx.PutMessage(m); err != nil {
		return err
	}
	return a.enqueue(tx, &storage.Outgoing{Chat: m.Chat, Pos: m.Pos, Kind: kind, Note: raw})
}

// dropUnsentActs undoes what failed, and what another act of a kind makes
// needless before it was on its way.
func (a *Account) dropUnsentActs(tx *storage.Tx, m *storage.Message, kind storage.ActKind) error {
	for _, failed := range []storage.Act{m.Act, m.Reacted} {
		if failed.State != storage.StateFailed || kind != storage.ActRetract && actOf(m, kind).ID != failed.ID {
			continue
		}
		if err := a.undoAct(tx, m, failed.Kind, noteOf(failed.Note)); err != nil {
			return err
		}
	}
	entries, err := a.entriesOf(tx, m)
	if err != nil {
		return err
	}
	for _, e := range slices.Backward(entries) {
		if e.Kind == storage.ActNone || e.Seq <= a.outbox.posted || e.Kind != kind && kind != storage.ActRetract {
			continue
		}
		if err := a.undoAct(tx, m, e.Kind, noteOf(e.Note)); err != nil {
			return err
		}
		if err := tx.Dequeue(a.id, e.Seq); err != nil {
			return err
		}
	}
	return nil
}

// undoAct makes a message what it was before something was done to it.
func (a *Account) undoAct(tx *storage.Tx, m *storage.Message, kind storage.ActKind, n actNote) error {
	if act := actOf(m, kind); act.ID == n.ID {
		*act = storage.Act{}
	}
	switch kind {
	case storage.ActCorrect:
		all, err := versions(tx, m)
		if err != nil {
			return err
		}
		all = slices.DeleteFunc(all, func(e storage.Edit) bool { return e.ID == n.ID })
		if len(all) > 0 && m.RetractedAt == 0 {
			return putVersions(tx, m, all)
		}
	case storage.ActReact:
		if i := a.ownReactionAt(m); i >= 0 && m.Reactions[i].ID == n.ID {
			m.Reactions = slices.Delete(slices.Clone(m.Reactions), i, i+1)
			if n.Was != nil {
				m.Reactions = append(m.Reactions, *n.Was)
				sortReactions(m.Reactions)
			}
		}
	}
	return tx.PutMessage(m)
}

// finishAct is for what the server has: nothing is left to be done.
func (a *Account) finishAct(tx *storage.Tx, e *storage.Outgoing, done *chatChanges) error {
	m, err := tx.Message(e.Chat, e.Pos)
	if err != nil {
		return ignoreLost(err) // as when its conversation was deleted
	}
	n := noteOf(e.Note)
	if e.Kind == storage.ActRetract && m.RetractedAt == 0 {
		done.files = append(done.files, m.Files...)
		_, err = takeBack(tx, &m, &storage.Note{Out: true, ID: n.ID, At: n.At}, false)
	} else if act := actOf(&m, e.Kind); act.ID == n.ID && act.State == storage.StateWaiting {
		*act = storage.Act{}
		err = tx.PutMessage(&m)
	}
	done.again = append(done.again, m)
	return err
}

// failAct is for what was refused. What was replaced by another meanwhile just
// goes. Reactions that somebody does not take must not be shown (XEP-0444 section
// 4.3).
func (a *Account) failAct(tx *storage.Tx, e *storage.Outgoing, reason string, done *chatChanges) error {
	done.changed = true
	if err := tx.Dequeue(a.id, e.Seq); err != nil {
		return err
	}
	m, err := tx.Message(e.Chat, e.Pos)
	if err != nil {
		return ignoreLost(err)
	}
	n, act := noteOf(e.Note), actOf(&m, e.Kind)
	replaced := act.State == storage.StateWaiting && act.ID != n.ID
	switch e.Kind {
	case storage.ActCorrect:
		replaced = replaced || m.EditID != n.ID
	case storage.ActReact:
		i := a.ownReactionAt(&m)
		replaced = replaced || i < 0 || m.Reactions[i].ID != n.ID
	}
	if replaced || e.Kind == storage.ActReact {
		if err := a.undoAct(tx, &m, e.Kind, n); err != nil || replaced {
			return err
		}
	}
	*act = storage.Act{Kind: e.Kind, State: storage.StateFailed, Reason: reason, ID: n.ID, Note: e.Note}
	done.again = append(done.again, m)
	return tx.PutMessage(&m)
}

// unsent tells whether a message waits and was never on its way.
func (a *Account) unsent(tx *storage.Tx, m *storage.Message) (bool, error) {
	if m.State != storage.StateWaiting {
		return false, nil
	}
	entries, err := a.entriesOf(tx, m)
	for i := range entries {
		if e := &entries[i]; e.Kind == storage.ActNone {
			return e.Seq > a.outbox.posted, err
		}
	}
	return false, err
}

// removeUnsent removes a message that nobody else has, with its entries of the
// outbox.
func (a *Account) removeUnsent(tx *storage.Tx, m *storage.Message) error {
	entries, err := a.entriesOf(tx, m)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if err := tx.Dequeue(a.id, e.Seq); err != nil {
			return err
		}
	}
	return tx.DeleteMessage(m.Chat, m.Pos)
}

// entriesOf gives what the outbox has of a message, oldest first.
func (a *Account) entriesOf(tx *storage.Tx, m *storage.Message) ([]storage.Outgoing, error) {
	all, err := tx.Outbox(a.id, math.MaxInt)
	return slices.DeleteFunc(all, func(e storage.Outgoing) bool { return e.Chat != m.Chat || e.Pos != m.Pos }), err
}

// ownReaction gives a copy of what we think of a message; nil for nothing.
func (a *Account) ownReaction(m *storage.Message) *storage.Reaction {
	i := a.ownReactionAt(m)
	if i < 0 {
		return nil
	}
	r := m.Reactions[i]
	return &r
}

func (a *Account) ownReactionAt(m *storage.Message) int {
	return slices.IndexFunc(m.Reactions, func(r storage.Reaction) bool { return r.Out })
}

// nameOfMessage gives the id by which others speak of a message.
func nameOfMessage(m *storage.Message) string {
	if m.OriginID != "" {
		return m.OriginID
	}
	return m.ID
}
