package account

import (
	"linnet/account/stream"
	"linnet/storage"
)

// maxReason bounds the stored reason of a refusal in bytes.
const maxReason = 1024

// failure is a message of ours that came back.
type failure struct {
	peer   string // bare JID whose conversation it may concern; empty for our own server
	id     string
	reason string
}

// takeError notes that a message was refused. Who says so decides which
// message it may concern: the contact it went to, or our own server.
func (in *intake) takeError(st *stream.Stanza) {
	e, ok := st.Error()
	if !ok || st.ID == "" {
		return
	}
	f := failure{id: st.ID, reason: cut(e.Error(), maxReason)}
	from := st.From.JID
	own := st.From.Raw == "" || from.Bare().Equal(in.a.own) || from.String() == in.a.own.Domainpart()
	if !own {
		if from.Domainpart() == "" {
			return
		}
		f.peer = from.Bare().String()
	}
	in.failures = append(in.failures, f)
}

// storeFailures marks the refused messages.
func (in *intake) storeFailures(tx *storage.Tx, done *chatChanges) error {
	for _, f := range in.failures {
		m, ok, err := in.find(tx, f)
		if err != nil {
			return err
		}
		if !ok || !m.Out || m.State != storage.StateWaiting && m.State != storage.StateSent {
			continue
		}
		m.State, m.Reason = storage.StateFailed, f.reason
		if err := tx.PutMessage(&m); err != nil {
			return err
		}
		for _, p := range in.a.outbox.inFlight {
			if p.entry.Chat == m.Chat && p.entry.Pos == m.Pos {
				if err := tx.Dequeue(in.a.id, p.entry.Seq); err != nil {
					return err
				}
			}
		}
		done.again = append(done.again, m)
	}
	return nil
}

// find gives the message a failure concerns.
func (in *intake) find(tx *storage.Tx, f failure) (storage.Message, bool, error) {
	if f.peer == "" {
		p, ok := in.a.outbox.places[f.id]
		if !ok {
			return storage.Message{}, false, nil
		}
		m, err := tx.Message(p.chat, p.pos)
		return m, err == nil, ignoreMissing(err)
	}
	chat, ok, err := tx.FindChat(in.a.id, f.peer)
	if !ok || err != nil {
		return storage.Message{}, false, err
	}
	return tx.FindMessage(chat.ID, storage.ByID, f.id)
}

// failUnsent marks a message that cannot be written as XML, so that those
// behind it go out.
func (a *Account) failUnsent(w waiting, cause error) {
	var done chatChanges
	err := a.m.update(func(tx *storage.Tx) error {
		done = chatChanges{}
		w.m.State, w.m.Reason = storage.StateFailed, cut(cause.Error(), maxReason)
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
