package account

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"linnet/account/stream"
	"linnet/storage"
)

const (
	// maxReason bounds the stored reason of a refusal in bytes.
	maxReason = 1024
	// maxCondition bounds the condition in it; the longest that is defined
	// (RFC 6120 section 8.3.3) has 23 bytes.
	maxCondition = 64

	undefinedCondition = "undefined-condition"
)

// reasonOf gives storage.Message.Reason for a refusal: the condition, and if
// there is a text ": " and the text, which are the words of whoever refused.
func reasonOf(e stream.StanzaError) string {
	if e.Condition == "" || len(e.Condition) > maxCondition || strings.ContainsAny(e.Condition, ": ") {
		e.Condition = undefinedCondition
	}
	return cut(e.Error(), maxReason)
}

// SplitReason takes storage.Message.Reason apart: the condition of RFC 6120
// section 8.3.3, and the text of whoever refused, which may be empty and is
// not to be trusted.
func SplitReason(reason string) (condition, text string) {
	condition, text, _ = strings.Cut(reason, ": ")
	return condition, text
}

// failure is a message of ours that came back.
type failure struct {
	peer   string // bare JID whose conversation it may concern; empty for our own server
	id     string
	reason string
	at     time.Time
}

// takeError notes that a message was refused. Who says so decides which
// message it may concern: the contact it went to, or our own server.
func (in *intake) takeError(h *heard) {
	if usableID(h.id) == "" {
		return
	}
	f := failure{id: h.id, reason: reasonOf(stream.StanzaError{Condition: undefinedCondition}), at: h.at}
	if h.Error != nil {
		f.reason = reasonOf(*h.Error)
	}
	// Our other devices may refuse, too: what goes to ourselves.
	if !h.from.Equal(in.a.own) && !h.from.Equal(in.a.own.Domain()) {
		f.peer = h.from.Bare().String()
	}
	in.failures = append(in.failures, f)
}

// storeFailures marks the refused messages.
func (in *intake) storeFailures(tx *storage.Tx, done *chatChanges) error {
	for _, f := range in.failures {
		if e, ok, err := in.findAct(tx, f); err != nil {
			return err
		} else if ok {
			if err := in.a.failAct(tx, e, f.reason, done); err != nil {
				return err
			}
			continue
		}
		m, ok, err := in.find(tx, f)
		if err != nil {
			return err
		}
		if !ok {
			if f.peer != "" && in.a.isContact(f.peer) {
				done.unknown = append(done.unknown, mark{peer: f.peer, id: f.id, state: storage.StateFailed, reason: f.reason, at: f.at})
			}
			continue
		}
		if err := in.a.fail(tx, &m, f.reason, f.at, done); err != nil {
			return err
		}
	}
	return nil
}

// fail marks a message of ours as refused, unless it was sent again since.
func (a *Account) fail(tx *storage.Tx, m *storage.Message, reason string, at time.Time, done *chatChanges) error {
	if !m.Out || m.State != storage.StateWaiting && m.State != storage.StateSent {
		return nil
	}
	before := at.UnixMilli()+stampStep.Milliseconds() < m.SentAt
	if before && (m.From == a.fullName() || a.clock.sure(a.now())) { // else the two times may be of two clocks
		return nil
	}
	if m.State == storage.StateWaiting {
		if err := done.dequeue(tx, a.id, place{m.Chat, m.Pos}); err != nil {
			return err
		}
	}
	m.State, m.Reason = storage.StateFailed, reason
	done.again = append(done.again, *m)
	return tx.PutMessage(m)
}

// find gives the message a failure concerns.
func (in *intake) find(tx *storage.Tx, f failure) (storage.Message, bool, error) {
	if f.peer == "" {
		p, ok := in.a.outbox.places.get(f.id)
		if !ok {
			return storage.Message{}, false, nil
		}
		m, err := tx.Message(p.chat, p.pos)
		return m, err == nil, ignoreLost(err)
	}
	chat, ok, err := tx.FindChat(in.a.id, f.peer)
	if !ok || err != nil {
		return storage.Message{}, false, ignoreLost(err)
	}
	m, ok, err := tx.FindMessage(chat.ID, storage.ByID, f.id)
	return m, ok, ignoreLost(err)
}

// findAct gives what was done to a message, if that is what was refused: by our
// own server, or by the contact it went to.
func (in *intake) findAct(tx *storage.Tx, f failure) (*storage.Outgoing, bool, error) {
	e, ok := in.a.outbox.acts.get(f.id)
	if f.peer == "" {
		return &e, ok, nil
	}
	chat, known, err := tx.FindChat(in.a.id, f.peer)
	if !known || err != nil {
		return nil, false, ignoreLost(err)
	}
	if ok {
		return &e, e.Chat == chat.ID, nil
	}
	return findDone(tx, chat.ID, f.id)
}

// findDone gives what was done to a message on a run before: it is refused when a
// server could not reach another for long.
func findDone(tx *storage.Tx, chat storage.ChatID, id string) (*storage.Outgoing, bool, error) {
	for _, by := range []storage.IDKind{storage.ByEdit, storage.ByReact} {
		m, ok, err := tx.FindMessage(chat, by, id)
		if err != nil {
			return nil, false, ignoreLost(err)
		}
		if !ok || by == storage.ByEdit && !m.Out {
			continue
		}
		kind, n := storage.ActReact, actNote{ID: id}
		switch {
		case by == storage.ByReact:
			i := slices.IndexFunc(m.Reactions, func(r storage.Reaction) bool { return r.ID == id })
			n.Emoji = m.Reactions[i].Emoji
		case m.RetractedAt != 0:
			kind = storage.ActRetract
		default:
			kind, n.Body = storage.ActCorrect, m.Body
		}
		raw, err := json.Marshal(n)
		return &storage.Outgoing{Chat: chat, Pos: m.Pos, Kind: kind, Note: raw}, true, err
	}
	return nil, false, nil
}

// failUnsent marks a message that cannot be written as XML, so that those
// behind it go out.
func (a *Account) failUnsent(w waiting, cause error) {
	var done chatChanges
	err := a.m.update(func(tx *storage.Tx) error {
		done = chatChanges{}
		reason := reasonOf(stream.StanzaError{Condition: undefinedCondition, Text: cause.Error()})
		if w.entry.Kind != storage.ActNone {
			if err := a.failAct(tx, &w.entry, reason, &done); err != nil {
				return err
			}
			return done.readRows(tx)
		}
		w.m.State, w.m.Reason = storage.StateFailed, reason
		if err := tx.PutMessage(&w.m); err != nil {
			return err
		}
		done.again = append(done.again, w.m)
		if err := tx.Dequeue(a.id, w.entry.Seq); err != nil {
			return err
		}
		return done.readRows(tx)
	})
	if err != nil {
		a.log.Error("could not store that a message cannot be sent", "err", err)
		return
	}
	a.tellChats(done)
}
