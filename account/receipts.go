package account

import (
	"context"
	"crypto/rand"
	"encoding/xml"

	"linnet/account/xep/hints"
	"linnet/account/xep/markers"
	"linnet/account/xep/receipts"
	"linnet/storage"
)

// maxLateReceipts is how many receipts go out on one stream for messages that
// came while nothing was connected. More would be a storm at signing in, and
// say little: that the newest have come says so of the others.
const maxLateReceipts = 256

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
	if c.Kind != storage.ChatDirect || !a.roster.entries[c.JID].seesUs() {
		return false
	}
	return choice == storage.ChoiceYes || choice == storage.ChoiceDefault && usually
}

// answerReceipts sends receipts for messages that are on disk now and asked for
// one. Old ones, which nobody waits for, have none.
func (a *Account) answerReceipts(asked []storage.Message, source Source) {
	if len(asked) == 0 || source == FromHistory {
		return
	}
	var due []storage.Message
	err := a.m.cfg.Store.View(func(tx *storage.Tx) error {
		for _, m := range asked {
			chat, err := tx.Chat(m.Chat)
			if err != nil {
				return err
			}
			if m.ID != "" && !m.Out && a.tellsReceipts(&chat) {
				due = append(due, m)
			}
		}
		return nil
	})
	if err != nil {
		a.log.Warn("could not read whether to send receipts", "err", err)
	}
	for _, m := range due {
		if source == FromCatchUp {
			if a.marks.late >= maxLateReceipts {
				return
			}
			a.marks.late++
		}
		a.send(markOut{To: m.From, Type: "chat", ID: rand.Text(), Receipt: &receipts.Received{ID: m.ID}})
	}
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
