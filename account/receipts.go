package account

import (
	"context"
	"crypto/rand"
	"encoding/xml"
	"errors"

	"linnet/account/stream"
	"linnet/account/xep/hints"
	"linnet/account/xep/markers"
	"linnet/account/xep/receipts"
	"linnet/storage"
)

// maxLateReceipts is how many receipts go out on one stream for messages that
// came while nothing was connected. More would be a storm at signing in, and
// say little: that the newest have come says so of the others.
const maxLateReceipts = 256

// maxOwed bounds the receipts that wait for a link.
const maxOwed = 1024

// receiptState is what is remembered of receipts on this run.
type receiptState struct {
	late int        // went out on this stream for what was missed
	owed []markOut  // oldest first; could not go out yet
	sent []sentMark // oldest first; the server has not confirmed them yet

	// answered are messages that another of our devices has given a receipt.
	answered recently[markKey, struct{}]
}

// sentMark is a receipt, or a marker that tells up to where a conversation was
// read, on its way to the server.
type sentMark struct {
	out   markOut
	token uint64
	chat  storage.ChatID
	upTo  storage.Pos
}

// markOut tells a contact, who asked for it, what became of a message.
type markOut struct {
	XMLName   xml.Name `xml:"message"`
	To        string   `xml:"to,attr"`
	Type      string   `xml:"type,attr"`
	ID        string   `xml:"id,attr"`
	Receipt   *receipts.Received
	Displayed *markers.Displayed
	Store     hints.Store // so that it also reaches who is away now
}

// seesUs tells whether a contact may know that we are here.
func (e *entry) seesUs() bool {
	return e != nil && (e.item.Subscription == storage.SubscriptionFrom || e.item.Subscription == storage.SubscriptionBoth)
}

// tellsReceipts and tellsMarkers say whether the contact of a conversation is
// told when messages arrive and when they were read, and is asked for the same.
func (a *Account) tellsReceipts(c *storage.Chat) bool {
	return a.tells(c, c.Receipts, !a.stored.NoReceipts)
}

func (a *Account) tellsMarkers(c *storage.Chat) bool {
	return a.tells(c, c.Markers, !a.stored.NoMarkers)
}

func (a *Account) tells(c *storage.Chat, choice storage.Choice, usually bool) bool {
	if c.Request || c.Kind != storage.ChatDirect || !a.roster.entries[c.JID].seesUs() {
		return false
	}
	return choice == storage.ChoiceYes || choice == storage.ChoiceDefault && usually
}

// answerReceipts sends receipts for messages that are on disk now and asked for
// one. Old ones, which nobody waits for, have none.
func (a *Account) answerReceipts(asked []storage.Message, source Source) {
	if source == FromHistory {
		return
	}
	if len(asked) == 0 {
		a.sendReceipts()
		return
	}
	var due []storage.Message
	var unread error
	err := a.m.cfg.Store.View(func(tx *storage.Tx) error {
		for _, m := range asked {
			chat, err := tx.Chat(m.Chat)
			if err != nil {
				unread = errors.Join(unread, err)
			} else if m.ID != "" && !m.Out && a.tellsReceipts(&chat) {
				due = append(due, m)
			}
		}
		return unread
	})
	if err != nil { // of those the rest have no part in
		a.log.Warn("could not read whether to send receipts", "err", err)
	}
	r := &a.receipts
	for _, m := range due {
		if source == FromCatchUp {
			chat := bareOf(m.From)
			if _, done := r.answered.get(markKey{peer: chat, id: m.ID}); done {
				continue
			}
			if r.late >= maxLateReceipts {
				break
			}
			r.late++
		}
		if len(r.owed) < maxOwed {
			r.owed = append(r.owed, markOut{To: m.From, Type: "chat", ID: rand.Text(), Receipt: &receipts.Received{ID: m.ID}})
		}
	}
	a.sendReceipts()
}

// sendReceipts sends what is owed, as far as that goes now.
func (a *Account) sendReceipts() {
	r := &a.receipts
	for len(r.owed) > 0 && a.sendMark(sentMark{out: r.owed[0]}) {
		r.answered.put(markKey{peer: bareOf(r.owed[0].To), id: r.owed[0].Receipt.ID}, struct{}{})
		r.owed = r.owed[1:]
	}
}

// sendMark tells a contact something; false when it cannot go out now.
func (a *Account) sendMark(m sentMark) bool {
	c, err := a.client()
	if err == nil {
		m.token, err = c.Post(m.out)
	}
	if errors.Is(err, stream.ErrOffline) || errors.Is(err, stream.ErrBusy) {
		return false
	}
	if err != nil { // it will not be better the next time
		a.log.Warn("could not say what became of a message", "err", err)
	} else {
		a.receipts.sent = append(a.receipts.sent, m)
	}
	return true
}

// confirmMarks takes note of what the server has, and sends what waited for room.
func (a *Account) confirmMarks() {
	if a.link == nil {
		return
	}
	acked, r := a.link.acked.Load(), &a.receipts
	for len(r.sent) > 0 && r.sent[0].token <= acked {
		if m := r.sent[0]; m.out.Displayed != nil {
			a.markedReads(m.chat, m.upTo)
		}
		r.sent = r.sent[1:]
	}
	a.sendReceipts()
	if len(r.sent) == 0 && len(a.reads.due) > 0 {
		a.tellReadsLater()
	}
}

// forgetMarks is for the end of a stream: what was not confirmed is to be told
// again. Which markers that are is known of what was read.
func (a *Account) forgetMarks() {
	a.confirmMarks()
	var again []markOut
	for _, m := range a.receipts.sent {
		if m.out.Receipt != nil {
			again = append(again, m.out)
		}
	}
	again = append(again, a.receipts.owed...)
	a.receipts.owed, a.receipts.sent = again[:min(len(again), maxOwed)], nil
}

// SetReceipts says whether contacts of an account are told when their messages
// arrive (XEP-0184) and when they were read (XEP-0333), and are asked for the
// same. A conversation may have it otherwise.
func (m *Manager) SetReceipts(ctx context.Context, id storage.AccountID, receipts, markers bool) error {
	return m.do(ctx, id, func(a *Account) error {
		return a.change(func(s *storage.Account) { s.NoReceipts, s.NoMarkers = !receipts, !markers })
	})
}

// SetChatReceipts is SetReceipts for one conversation.
func (m *Manager) SetChatReceipts(chat storage.ChatID, receipts, markers storage.Choice) error {
	return m.editChat(chat, func(_ *storage.Tx, c *storage.Chat) (bool, error) {
		changed := c.Receipts != receipts || c.Markers != markers
		c.Receipts, c.Markers = receipts, markers
		return changed, nil
	})
}
