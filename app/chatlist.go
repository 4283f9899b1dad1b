package app

import (
	"slices"
	"time"

	"fyne.io/fyne/v2/lang"

	"linnet/storage"
)

// chatRow is a conversation as the list shows it.
type chatRow struct {
	ID      storage.ChatID
	Account storage.AccountID
	JID     string
	Name    string
	Line    string // the last message, or the draft
	Draft   bool   // Line is the draft
	Out     bool   // Line is an own message, and State tells where it is
	State   storage.MessageState
	Time    string
	Show    storage.Show
	HasShow bool // the presence is known
	Stripe  uint32
	Unread  int
	Marked  bool // as unread, by the user
	Muted   bool
	Pinned  bool
	Typing  bool
}

// chatRows lists the conversations for the window: pinned ones first, then the
// newest. An empty one is left out unless it is the open one, and so are those
// that are archived and those of strangers that were not accepted.
func chatRows(m *model, open storage.ChatID, now time.Time) []chatRow {
	return m.chatRows(open, now, func(c storage.Chat) bool {
		empty := c.Last.Pos.IsZero() && c.Draft == "" && c.Recording == ""
		return !c.Archived && !c.Request && (!empty || c.ID == open || c.Pinned)
	})
}

// archivedRows lists the archived conversations.
func archivedRows(m *model, open storage.ChatID, now time.Time) []chatRow {
	return m.chatRows(open, now, func(c storage.Chat) bool { return c.Archived && !c.Request })
}

func (m *model) chatRows(open storage.ChatID, now time.Time, in func(storage.Chat) bool) []chatRow {
	var chats []storage.Chat
	for _, c := range m.chats {
		if m.account(c.Account) != nil && in(c) {
			chats = append(chats, c)
		}
	}
	slices.SortFunc(chats, compareChats)
	rows := make([]chatRow, len(chats))
	for i, c := range chats {
		if c.ID == open {
			c.Draft, c.Recording = "", "" // they are in the composer, and in its place
		}
		rows[i] = m.chatRow(c, now)
	}
	return rows
}

// compareChats puts pinned ones first, then conversations that have just been
// begun, then the newest message.
func compareChats(a, b storage.Chat) int {
	switch {
	case a.Pinned != b.Pinned:
		return less(a.Pinned)
	case a.Last.Pos.IsZero() != b.Last.Pos.IsZero():
		return less(a.Last.Pos.IsZero())
	case b.Last.Pos.Before(a.Last.Pos):
		return -1
	case a.Last.Pos.Before(b.Last.Pos):
		return 1
	}
	return less(a.ID > b.ID)
}

func less(yes bool) int {
	if yes {
		return -1
	}
	return 1
}

func (m *model) chatRow(c storage.Chat, now time.Time) chatRow {
	r := chatRow{
		ID: c.ID, Account: c.Account, JID: c.JID, Name: m.name(c.Account, c.JID),
		Line: summaryText(c.Last, m.shortName(c.Account, c.JID)), Out: c.Last.Out, State: c.Last.State,
		Stripe: m.stripe(c.Account), Unread: c.Unread, Marked: c.MarkedUnread, Muted: muted(c, now), Pinned: c.Pinned,
		Typing: m.typing[c.ID],
	}
	if !c.Last.Pos.IsZero() {
		r.Time = rowTime(c.Last.Pos.At(), now)
	}
	if c.Draft != "" {
		r.Line, r.Draft, r.Out = firstLine(c.Draft), true, false
	} else if c.Recording != "" {
		r.Line, r.Draft, r.Out = lang.L("Voice message"), true, false
	}
	if contact, ok := m.contact(c.Account, c.JID); ok {
		r.Show, r.HasShow = contact.Best.Show, seesPresence(contact)
	}
	return r
}
