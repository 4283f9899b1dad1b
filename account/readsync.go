package account

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"linnet/account/stream"
	"linnet/account/xep/markers"
	"linnet/account/xep/mds"
	"linnet/account/xep/stanzaid"
	"linnet/storage"
)

const (
	// tellAfter gathers what is read: whoever looks at a chat while messages
	// come reads several in a row.
	tellAfter = 500 * time.Millisecond
	// tellTime bounds telling a server what was read.
	tellTime = time.Minute
	// maxTold is how many chats that is at a time.
	maxTold = 32
	// maxReadBack is how many messages before the last one that was read are
	// looked at for one that can be named.
	maxReadBack = 256
)

// readNode is where our devices tell each other what was read (XEP-0223).
var readNode = nodeSetup{name: mds.NS, access: accessNobody, many: true}

// readState is what was read here and not told yet: to the contacts who asked
// (XEP-0333) and to our other devices (XEP-0490). It is kept on disk over the
// time without a connection.
type readState struct {
	due    map[storage.ChatID]dueRead
	stored []byte // due as it is on disk

	timer   *time.Timer
	telling bool // a task is at it
	synced  bool // what our other devices have read is known, on this stream

	refused bool // the server takes none, on this stream

	// held are conversations, by bare JID, of which another device has read up to
	// a message that is not here. Whether that is more than was read here shows
	// when all that was missed has come.
	held map[string]struct{}
	// here is up to where was read on this run, by the user.
	here map[storage.ChatID]storage.Pos

	elsewhere []mark // what our other devices had read when a stream began
	asked     bool   // elsewhere is known
}

// dueRead is up to where a conversation was read, and up to where our other
// devices and the contact know.
type dueRead struct {
	UpTo, Told, Marked storage.Pos
}

func dueSetting(id storage.AccountID) string { return fmt.Sprintf("account/%d/read", id) }

func (r *readState) load(tx *storage.Tx, id storage.AccountID) error {
	raw, _, err := tx.Setting(dueSetting(id))
	r.stored, r.here = raw, make(map[storage.ChatID]storage.Pos)
	if json.Unmarshal(raw, &r.due) != nil || r.due == nil {
		r.due = make(map[storage.ChatID]dueRead)
	}
	return err
}

// save writes due if it is not on disk so, and gives what is stored with that.
func (r *readState) save(tx *storage.Tx, id storage.AccountID) (raw []byte, err error) {
	if len(r.due) > 0 {
		if raw, err = json.Marshal(r.due); err != nil {
			return nil, err
		}
	}
	if bytes.Equal(raw, r.stored) {
		return raw, nil
	}
	return raw, tx.PutSetting(dueSetting(id), raw)
}

func (r *readState) stop() {
	if r.timer != nil {
		r.timer.Stop()
		r.timer = nil
	}
}

// MarkRead tells that the user has seen a conversation up to and including a
// message. It never goes back. Our other devices hear of it, and the contact if
// the message asks for that and SetReceipts allows it.
func (m *Manager) MarkRead(chat storage.ChatID, upTo storage.Pos) error {
	return m.doChat(context.Background(), chat, func(a *Account) error { return a.markRead(chat, upTo) })
}

func (a *Account) markRead(id storage.ChatID, upTo storage.Pos) error {
	var chat storage.Chat
	var was storage.Pos
	var stored []byte
	due, had := a.reads.due[id]
	err := a.m.update(func(tx *storage.Tx) (err error) {
		if chat, err = tx.Chat(id); err != nil {
			return err
		}
		was = chat.ReadUpTo
		changed, err := readTo(tx, &chat, upTo)
		if err != nil {
			return err
		}
		if !changed {
			return errUnchanged
		}
		if was.Before(chat.ReadUpTo) {
			a.dueRead(id, was, chat.ReadUpTo)
		}
		if stored, err = a.reads.save(tx, a.id); err != nil {
			return err
		}
		return tx.PutChat(&chat)
	})
	switch {
	case err != nil && had:
		a.reads.due[id] = due
	case err != nil:
		delete(a.reads.due, id)
	}
	if err != nil {
		return ignoreUnchanged(err)
	}
	a.reads.stored = stored
	a.reads.here[id] = chat.ReadUpTo
	a.chats.recount()
	a.note(ChatChanged{chat})
	if was.Before(chat.ReadUpTo) {
		a.tellReadsLater()
	}
	return nil
}

// dueRead notes that a conversation was read further, to be told.
func (a *Account) dueRead(id storage.ChatID, was, upTo storage.Pos) {
	due, ok := a.reads.due[id]
	if !ok {
		due.Told, due.Marked = was, was
	}
	due.UpTo = upTo
	a.reads.due[id] = due
}

// tellReadsLater has what was read told soon, or kept until there is a stream.
func (a *Account) tellReadsLater() {
	switch {
	case !a.online():
		a.saveLater()
	case a.reads.timer == nil:
		a.reads.timer = time.AfterFunc(tellAfter, func() { a.post(a.tellReads) })
	}
}

// told is what of a conversation can be told.
type told struct {
	chat   storage.Chat
	due    dueRead
	item   string // the archive id of the last message that was read, if new to our other devices
	marker string // the id of the last message whose sender wants to know, if it is not told
}

// tellReads tells the contacts at once and our other devices in a task. It
// waits until it is known what those have read, since that may be more.
func (a *Account) tellReads() {
	a.reads.stop()
	if _, err := a.client(); err != nil || !a.reads.synced || a.reads.telling || len(a.reads.due) == 0 {
		return
	}
	list, err := a.readDue()
	if err != nil {
		a.log.Warn("could not read what was read", "err", err)
		return
	}
	var items []told
	for _, t := range list {
		if t.marker == "" {
			t.due.Marked = t.due.UpTo
		} else if !a.isMarking(t.chat.ID, t.due.UpTo) {
			a.sendMark(sentMark{chat: t.chat.ID, upTo: t.due.UpTo, out: markOut{
				To: t.chat.JID, Type: "chat", ID: rand.Text(),
				Displayed: &markers.Displayed{ID: t.marker},
			}})
		}
		if t.item == "" || a.reads.refused {
			t.due.Told = t.due.UpTo
		} else {
			items = append(items, t)
		}
		a.keepDue(t.chat.ID, t.due)
	}
	if len(items) > 0 {
		a.publishReads(items)
	} else if len(list) == maxTold {
		a.tellReadsLater()
	}
}

// isMarking tells whether a marker for a place is on its way.
func (a *Account) isMarking(chat storage.ChatID, upTo storage.Pos) bool {
	return slices.ContainsFunc(a.receipts.sent, func(m sentMark) bool { return m.chat == chat && !m.upTo.Before(upTo) })
}

// markedReads takes note that the server has the marker for a place.
func (a *Account) markedReads(chat storage.ChatID, upTo storage.Pos) {
	due, ok := a.reads.due[chat]
	if ok && due.Marked.Before(upTo) {
		due.Marked = upTo
		a.keepDue(chat, due)
	}
}

// keepDue keeps what is left to tell of a conversation.
func (a *Account) keepDue(id storage.ChatID, due dueRead) {
	if due.Told == due.UpTo && due.Marked == due.UpTo {
		delete(a.reads.due, id)
	} else {
		a.reads.due[id] = due
	}
	if a.reads.stored != nil {
		a.saveLater()
	}
}

// readDue gives what can be told of maxTold conversations.
func (a *Account) readDue() (list []told, err error) {
	err = a.m.cfg.Store.View(func(tx *storage.Tx) error {
		for id, due := range a.reads.due {
			if len(list) == maxTold {
				return nil
			}
			t := told{due: due}
			if t.chat, err = tx.Chat(id); isLost(err) {
				delete(a.reads.due, id)
				continue
			}
			if _, held := a.reads.held[t.chat.JID]; held && err == nil {
				continue
			}
			if err == nil {
				err = a.lookBack(tx, &t)
			}
			if err != nil {
				return err
			}
			list = append(list, t)
		}
		return nil
	})
	return list, err
}

// lookBack finds the messages to name, from the last that was read backwards.
func (a *Account) lookBack(tx *storage.Tx, t *told) error {
	wantItem, wantMarker := a.hasNodes(), a.tellsMarkers(&t.chat)
	behind := t.due.UpTo
	behind.Seq++ // so that the page ends with the message at UpTo
	page, err := tx.MessagesBefore(t.chat.ID, behind, maxReadBack)
	for i := len(page) - 1; i >= 0; i-- {
		m := &page[i]
		if wantItem && t.item == "" && t.due.Told.Before(m.Pos) && !m.Out {
			t.item = m.StanzaID
		}
		if wantMarker && t.marker == "" && t.due.Marked.Before(m.Pos) && m.Markable && !m.Out {
			t.marker = m.ID
		}
	}
	return err
}

// publishReads tells our other devices.
func (a *Account) publishReads(items []told) {
	a.reads.telling = true
	l := a.link
	by := a.own.String()
	a.tasks.Go(func() {
		ctx, cancel := context.WithTimeout(l.ctx, tellTime)
		defer cancel()
		done := 0
		var err error
		for ; done < len(items) && err == nil; done++ {
			err = publishTo(ctx, l.client, readNode, pepItem{
				ID:        items[done].chat.JID,
				Displayed: &mds.Displayed{StanzaID: stanzaid.StanzaID{ID: items[done].item, By: by}},
			})
		}
		if err != nil {
			done--
		}
		a.post(func() { a.publishedReads(items[:done], err) })
	})
}

// publishedReads takes note of what our other devices were told.
func (a *Account) publishedReads(items []told, err error) {
	a.reads.telling = false
	if refusal := (*stream.StanzaError)(nil); errors.As(err, &refusal) {
		a.log.Warn("the server does not keep what was read", "err", err)
		a.reads.refused = true
	} else if err != nil {
		a.log.Debug("could not tell what was read", "err", err)
	}
	for _, t := range items {
		if due, ok := a.reads.due[t.chat.ID]; ok {
			due.Told = t.due.UpTo
			a.keepDue(t.chat.ID, due)
		}
	}
	if slices.ContainsFunc(slices.Collect(maps.Values(a.reads.due)), func(d dueRead) bool { return d.Told != d.UpTo }) {
		a.tellReadsLater()
	}
}
