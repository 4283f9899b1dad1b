package account

import (
	"encoding/xml"
	"errors"
	"slices"
	"strconv"
	"time"

	"linnet/account/stream"
	"linnet/account/xep/chatstates"
	"linnet/account/xep/fallback"
	"linnet/account/xep/links"
	"linnet/account/xep/markers"
	"linnet/account/xep/oob"
	"linnet/account/xep/receipts"
	"linnet/account/xep/retry"
	"linnet/account/xep/sfs"
	"linnet/account/xep/stanzaid"
	"linnet/account/xep/styling"
	"linnet/storage"
)

const (
	// maxSent is the longest body in bytes that is sent. Servers take stanzas
	// of 256 kB and more; 64 kB leaves room for what escaping adds.
	maxSent = 64 << 10
	// maxInFlight is how many messages are with the server unconfirmed.
	maxInFlight = 256
	// busyRetry is the wait before a full connection is tried again.
	busyRetry = time.Second
)

// outboxState is where the messages of the outbox on disk are on their way.
//
// A message leaves the outbox when our server has confirmed it or refused it.
// If the link drops before, it goes on with the stream on the next link, once
// (XEP-0198). Where that is not possible it is sent again with the same id and
// origin-id. The server may have taken the first copy without having told: its
// archive is asked before, and where it keeps none the equal ids let the other
// side see that the two are one.
type outboxState struct {
	inFlight []posted // in the order they were sent
	timer    *time.Timer

	// doubt says that the server may have messages of the outbox, since they
	// were on their way when a stream ended, or the program; held that nothing
	// is sent until its archive has been asked. See unsure.go.
	doubt, held bool
	// posted is the newest entry that was given to a link, on this run or before.
	posted uint64
	// looked is up to which message the archive was asked, by bare JID. It
	// belongs to the goroutine that asks; see unsure.go.
	looked map[string]string

	// places finds a message by its id when our own server refuses it, which
	// does not say whose conversation it belongs to.
	places recently[string, place]
	// acts finds what was done to a message by its id when anybody refuses it.
	acts recently[string, storage.Outgoing]
}

// posted is a message that was given to the link.
type posted struct {
	entry     storage.Outgoing
	token     uint64
	confirmed bool // by the server, but not on disk yet
}

// place is where a message is stored.
type place struct {
	chat storage.ChatID
	pos  storage.Pos
}

// messageOut is a message as it is sent.
type messageOut struct {
	XMLName      xml.Name `xml:"message"`
	To           string   `xml:"to,attr"`
	Type         string   `xml:"type,attr"`
	ID           string   `xml:"id,attr"`
	Body         string   `xml:"body,omitempty"`
	OriginID     stanzaid.OriginID
	Request      *receipts.Request
	Markable     *markers.Markable
	State        *chatstates.State
	Unstyled     *styling.Unstyled
	Retry        *retry.Retry
	Sharing      []sfs.Sharing
	Descriptions []links.Description
	OOB          *oob.X
	Fallback     []fallback.Fallback
	notesOut
}

// waiting is a message of the outbox with what is needed to send it.
type waiting struct {
	entry storage.Outgoing
	chat  storage.Chat
	m     storage.Message
	gone  bool // there is nothing to send any more
}

// flushOutbox gives what waits in the outbox to the link, in order, as far as
// maxInFlight allows.
func (a *Account) flushOutbox() {
	c, err := a.client()
	if err != nil || a.outbox.held || len(a.outbox.inFlight) >= maxInFlight {
		return
	}
	under := make(map[uint64]struct{}, len(a.outbox.inFlight))
	for _, p := range a.outbox.inFlight {
		under[p.entry.Seq] = struct{}{}
	}
	list, err := a.readOutbox(under)
	if err != nil {
		a.log.Error("could not read the outbox", "err", err)
		return
	}
	a.startUpload(list)
	gone := false
	for _, w := range list {
		if !w.gone && toUpload(&w.m) >= 0 {
			continue // others do not wait for it
		}
		p := posted{entry: w.entry, confirmed: w.gone}
		if !w.gone {
			p.token, err = c.Post(a.messageOut(&w))
			switch {
			case errors.Is(err, stream.ErrBusy):
				a.outboxLater(busyRetry)
				return
			case errors.Is(err, stream.ErrOffline):
				return
			case err != nil:
				// It will not be better the next time.
				a.failUnsent(w, err)
				continue
			}
			a.outbox.posted = max(a.outbox.posted, w.entry.Seq)
			if w.entry.Kind == storage.ActNone {
				a.outbox.places.put(w.m.ID, place{w.entry.Chat, w.entry.Pos})
				a.saidInBody(&w.chat)
			} else {
				a.outbox.acts.put(noteOf(w.entry.Note).ID, w.entry)
			}
		}
		gone = gone || w.gone
		a.outbox.inFlight = append(a.outbox.inFlight, p)
	}
	if gone { // nothing will confirm those
		a.confirmSent()
	}
}

// messageOut gives a message as it is sent.
func (a *Account) messageOut(w *waiting) messageOut {
	if w.entry.Kind != storage.ActNone {
		return a.actOut(w)
	}
	out := messageOut{
		To: w.chat.JID, Type: "chat", ID: w.m.ID, Body: w.m.Body,
		OriginID: stanzaid.OriginID{ID: w.m.OriginID},
	}
	if a.tellsReceipts(&w.chat) {
		out.Request = new(receipts.Request)
	}
	if a.tellsMarkers(&w.chat) {
		out.Markable = new(markers.Markable)
	}
	if try := tryOf(&w.m); try != "" {
		out.Retry = &retry.Retry{ID: try}
	}
	out.State = a.stateOfBody(&w.chat)
	out.words(&w.m)
	out.tell(w.m.Links)
	return out
}

// words adds what goes with the words of a message, also when they are corrected.
func (out *messageOut) words(m *storage.Message) {
	if m.Unstyled {
		out.Unstyled = new(styling.Unstyled)
	}
	out.attach(m)
	out.answer(&m.Reply)
}

// tryOf names the try of a message that waits; empty for the first one.
func tryOf(m *storage.Message) string {
	if m.SentAt == 0 {
		return ""
	}
	return strconv.FormatInt(m.SentAt, 10)
}

// forgetRefused is for a message that was refused while it was with the
// server: when it is tried again, only the confirmation of that counts.
func (o *outboxState) forgetRefused(m *storage.Message) {
	o.inFlight = slices.DeleteFunc(o.inFlight, func(p posted) bool {
		return p.entry.Kind == storage.ActNone && p.entry.Chat == m.Chat && p.entry.Pos == m.Pos
	})
}

// readOutbox gives what is in the outbox and not under way.
func (a *Account) readOutbox(under map[uint64]struct{}) (list []waiting, err error) {
	err = a.m.cfg.Store.View(func(tx *storage.Tx) error {
		entries, err := tx.Outbox(a.id, maxInFlight)
		if err != nil {
			return err
		}
		for _, e := range entries {
			if _, ok := under[e.Seq]; ok {
				continue
			}
			w := waiting{entry: e}
			if w.chat, err = tx.Chat(e.Chat); err == nil {
				w.m, err = tx.Message(e.Chat, e.Pos)
			}
			if ignoreLost(err) != nil {
				return err
			}
			w.gone = err != nil || w.isDone()
			list = append(list, w)
		}
		return nil
	})
	return list, err
}

// isDone tells whether nothing of an entry is to be sent any more.
func (w *waiting) isDone() bool {
	switch w.entry.Kind {
	case storage.ActNone:
		return w.m.State != storage.StateWaiting
	case storage.ActRetract:
		return false
	}
	return w.m.RetractedAt != 0
}

// confirmSent writes down what the server has confirmed, all in one
// transaction, and sends what waited for room.
func (a *Account) confirmSent() {
	var acked uint64
	if a.link != nil {
		acked = a.link.acked.Load()
	}
	confirmed := 0
	for i := range a.outbox.inFlight {
		p := &a.outbox.inFlight[i]
		p.confirmed = p.confirmed || p.token != 0 && p.token <= acked
		if p.confirmed {
			confirmed++
		}
	}
	if confirmed == 0 {
		return
	}
	var done chatChanges
	err := a.m.update(func(tx *storage.Tx) error {
		done = chatChanges{}
		for _, p := range a.outbox.inFlight {
			if !p.confirmed {
				continue
			}
			if err := tx.Dequeue(a.id, p.entry.Seq); err != nil {
				return err
			}
			if err := a.raise(tx, p.entry, &done); err != nil {
				return err
			}
		}
		return done.readRows(tx)
	})
	if err != nil {
		a.log.Error("could not store that messages were sent", "messages", confirmed, "err", err)
		a.outboxLater(a.m.fullRetry)
		return
	}
	a.outbox.inFlight = slices.DeleteFunc(a.outbox.inFlight, func(p posted) bool { return p.confirmed })
	a.tellChats(done)
	a.flushOutbox()
}

// raise makes a waiting message a sent one. One that was refused meanwhile
// stays so.
func (a *Account) raise(tx *storage.Tx, e storage.Outgoing, done *chatChanges) error {
	if e.Kind != storage.ActNone {
		return a.finishAct(tx, &e, done)
	}
	m, err := tx.Message(e.Chat, e.Pos)
	if isLost(err) {
		return nil // as when its conversation was deleted
	}
	if err != nil || m.State != storage.StateWaiting {
		return err
	}
	m.State, m.SentAt = storage.StateSent, a.serverNow().UnixMilli()
	done.again = append(done.again, m)
	return tx.PutMessage(&m)
}

// outboxLater has the outbox looked at again after d.
func (a *Account) outboxLater(d time.Duration) {
	a.outbox.stop()
	a.outbox.timer = time.AfterFunc(d, func() {
		a.post(func() {
			a.confirmSent()
			a.flushOutbox()
		})
	})
}

func (o *outboxState) stop() {
	if o.timer != nil {
		o.timer.Stop()
	}
}

// forgetInFlight is for the end of a stream: what was not confirmed will not be.
// What was and could not be stored stays, so that it is not sent twice.
func (a *Account) forgetInFlight() {
	a.confirmSent()
	on := len(a.outbox.inFlight)
	a.outbox.inFlight = slices.DeleteFunc(a.outbox.inFlight, func(p posted) bool { return !p.confirmed })
	a.outbox.doubt = a.outbox.doubt || len(a.outbox.inFlight) < on
}
