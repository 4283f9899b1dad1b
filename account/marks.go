package account

import (
	"math"
	"time"

	"linnet/account/xep/markers"
	"linnet/account/xep/receipts"
	"linnet/storage"
)

// marksIn is what of a message is about messages before it.
type marksIn struct {
	Receipt   *receipts.Received `xml:"urn:xmpp:receipts received"`
	Asked     *receipts.Request  `xml:"urn:xmpp:receipts request"`
	Displayed *markers.Displayed `xml:"urn:xmpp:chat-markers:0 displayed"`
	Markable  *markers.Markable  `xml:"urn:xmpp:chat-markers:0 markable"`
}

// mark is what somebody says about a message: the contact that one of ours has
// come, was read or was refused, or another device of ours that theirs was read here.
type mark struct {
	peer     string // bare JID of the conversation
	id       string // of the message; or
	stanzaID string // the one our own archive gave it
	state    storage.MessageState
	reason   string // for StateFailed
	own      bool   // another device of ours says so
	at       time.Time
}

// over tells whether a mark says more about its message than another. Who has
// got a message may still have another device that refuses it.
func (m *mark) over(o *mark) bool {
	return o.state == storage.StateFailed || m.state != storage.StateFailed && m.state > o.state
}

// markState is what was said about messages that are not here (yet): copies and
// archives do not come in the order in which things happened. What contacts say
// has no way to push out what our own devices do.
type markState struct {
	theirs, ours recently[markKey, mark]
}

type markKey struct{ peer, id, stanzaID string }

func (s *markState) of(own bool) *recently[markKey, mark] {
	if own {
		return &s.ours
	}
	return &s.theirs
}

// takeMarks notes what a message says about others. The caller has made sure
// that peer, or another device of ours when own, has sent it.
func (in *intake) takeMarks(x *marksIn, peer string, own bool, at time.Time) {
	note := func(id string, state storage.MessageState) {
		if id = usableID(id); id != "" {
			in.marks = append(in.marks, mark{peer: peer, id: id, state: state, own: own, at: at})
		}
	}
	switch {
	case x.Receipt == nil:
	case own:
		in.a.receipts.answered.put(markKey{peer: peer, id: usableID(x.Receipt.ID)}, struct{}{})
	default:
		note(x.Receipt.ID, storage.StateDelivered)
	}
	if x.Displayed != nil {
		note(x.Displayed.ID, storage.StateRead)
	}
}

// settle writes what was said about messages, when those of the batch are
// stored: what is in marks, and what was said before about those that are new.
func (a *Account) settle(tx *storage.Tx, marks []mark, done *chatChanges) error {
	for id, added := range done.added {
		if err := a.settleAdded(tx, id, added, done); err != nil {
			return err
		}
	}
	if err := a.settleOlder(tx, done.moved, done); err != nil {
		return err
	}
	for _, m := range marks {
		found, err := a.applyMark(tx, m, done)
		if err != nil {
			return err
		}
		if !found && (m.own || a.isContact(m.peer)) {
			done.unknown = append(done.unknown, m)
		}
	}
	return nil
}

// applyMark writes what a mark says; false when its message is not here.
func (a *Account) applyMark(tx *storage.Tx, m mark, done *chatChanges) (found bool, err error) {
	chat, ok, err := tx.FindChat(a.id, m.peer)
	if !ok || err != nil {
		return false, ignoreLost(err)
	}
	msg, ok, err := findMarked(tx, chat.ID, m)
	switch {
	case err != nil:
		return false, ignoreLost(err)
	case !ok:
		return a.applyToDeleted(tx, chat.ID, m, done)
	}
	if m.own {
		return true, done.readTo(tx, chat.ID, msg.Pos)
	}
	if m.state == storage.StateFailed {
		return true, a.fail(tx, &msg, m.reason, m.at, done)
	}
	was := msg.State
	if err := a.raiseTo(tx, &msg, m.state, m.at.UnixMilli(), done); err != nil {
		return true, err
	}
	switch {
	case m.state == storage.StateRead && was != storage.StateRead:
		if err = a.raiseEarlier(tx, msg, done); err == nil {
			err = a.raiseOvertaking(tx, msg, done)
		}
	case was == storage.StateWaiting:
		err = a.readWithNext(tx, msg, done)
	}
	return true, err
}

// raiseTo raises a message of ours to Delivered or Read, never the other way.
// One that was waiting need not be sent any more, since it has come.
func (a *Account) raiseTo(tx *storage.Tx, msg *storage.Message, state storage.MessageState, at int64, done *chatChanges) error {
	if !msg.Out || msg.State == state || msg.State == storage.StateRead {
		return nil
	}
	if msg.State == storage.StateWaiting {
		if err := done.dequeue(tx, a.id, place{msg.Chat, msg.Pos}); err != nil {
			return err
		}
	}
	msg.State, msg.Reason = state, ""
	if state == storage.StateRead {
		msg.ReadAt = at
	} else {
		msg.DeliveredAt = at
	}
	done.again = append(done.again, *msg)
	return tx.PutMessage(msg)
}

// settleAdded is settle for messages that are new in a conversation.
func (a *Account) settleAdded(tx *storage.Tx, id storage.ChatID, added []storage.Message, done *chatChanges) error {
	chat, err := tx.Chat(id)
	if err != nil {
		return err
	}
	kept := tx.HasMarks(a.id, chat.JID)
	var newest storage.Pos // of what our devices wrote
	for i := range added {
		m := &added[i]
		if m.Out && newest.Before(m.Pos) {
			newest = m.Pos
		}
		for _, key := range []markKey{{chat.JID, m.ID, ""}, {chat.JID, m.OriginID, ""}, {chat.JID, "", m.StanzaID}} {
			for _, own := range []bool{false, true} {
				if kept && key.id != "" {
					if err := a.applyKept(tx, chat.JID, own, key.id, done); err != nil {
						return err
					}
				}
				waiting, ok := a.marks.of(own).get(key)
				if !ok {
					continue
				}
				if _, err := a.applyMark(tx, waiting, done); err != nil {
					return err
				}
			}
		}
	}
	if newest.IsZero() {
		return nil
	}
	// Whoever writes has read what was there.
	if err := done.readTo(tx, id, newest); err != nil {
		return err
	}
	return a.settleOlder(tx, added, done)
}

// toldMarks takes over in memory what settle has written.
func (a *Account) toldMarks(done *chatChanges) {
	for _, m := range done.unknown {
		key := markKey{m.peer, m.id, m.stanzaID}
		if before, ok := a.marks.of(m.own).get(key); !ok || m.over(&before) {
			a.marks.of(m.own).put(key, m)
		}
	}
	for _, id := range done.elsewhere {
		delete(a.reads.due, id) // which that device tells of
		a.chats.recount()
	}
	a.answerReceipts(done.asked, done.source)
}

// readTo is readTo for a place another device of ours has read up to.
func (d *chatChanges) readTo(tx *storage.Tx, id storage.ChatID, upTo storage.Pos) error {
	chat, err := tx.Chat(id)
	if err != nil {
		return err
	}
	if !chat.ReadUpTo.Before(upTo) {
		return nil
	}
	if _, err := readTo(tx, &chat, upTo); err != nil {
		return err
	}
	d.read = append(d.read, id)
	d.elsewhere = append(d.elsewhere, id)
	return tx.PutChat(&chat)
}

// readTo moves the place up to which a conversation was read, never back, and
// counts what is not.
func readTo(tx *storage.Tx, c *storage.Chat, upTo storage.Pos) (changed bool, err error) {
	was, read := c.Unread, c.ReadUpTo
	if !read.Before(upTo) && was == 0 {
		return false, nil
	}
	if read.Before(upTo) {
		c.ReadUpTo = upTo
	}
	if c.Unread = 0; c.ReadUpTo.Before(c.Last.Pos) {
		c.Unread, err = tx.CountAfter(c.ID, c.ReadUpTo, maxUnread)
	}
	return c.Unread != was || c.ReadUpTo != read, err
}

// dequeue takes a waiting message out of the outbox.
func (d *chatChanges) dequeue(tx *storage.Tx, id storage.AccountID, p place) error {
	if err := d.readOutbox(tx, id); err != nil {
		return err
	}
	seq, ok := d.outbox[p]
	if !ok {
		return nil
	}
	return tx.Dequeue(id, seq)
}

// readOutbox reads the outbox, once.
func (d *chatChanges) readOutbox(tx *storage.Tx, id storage.AccountID) error {
	if d.outbox != nil {
		return nil
	}
	entries, err := tx.Outbox(id, math.MaxInt)
	if err != nil {
		return err
	}
	d.outbox, d.acts = make(map[place]uint64, len(entries)), make(map[string]storage.Outgoing)
	for _, e := range entries {
		if e.Kind == storage.ActNone {
			d.outbox[place{e.Chat, e.Pos}] = e.Seq
		} else {
			d.acts[noteOf(e.Note).ID] = e
		}
	}
	return nil
}

// confirmAct takes out of the outbox what a copy says that the server has.
func (d *chatChanges) confirmAct(tx *storage.Tx, a *Account, id string) error {
	if err := d.readOutbox(tx, a.id); err != nil {
		return err
	}
	e, ok := d.acts[id]
	if !ok {
		return nil
	}
	d.changed = true
	if err := tx.Dequeue(a.id, e.Seq); err != nil {
		return err
	}
	return a.finishAct(tx, &e, d)
}
