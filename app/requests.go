package app

import (
	"context"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2/lang"

	"linnet/account"
	"linnet/storage"
	"linnet/widgets"
)

// inquiry is somebody unknown who waits for an answer: who wrote, who wants to
// be a contact, or both.
type inquiry struct {
	key     contactKey
	chat    storage.Chat    // what they wrote; the zero ID when they did not
	request account.Request // the zero value when they do not want to be a contact
}

func (q inquiry) wrote() bool { return q.chat.ID != 0 }
func (q inquiry) asks() bool  { return q.request.JID != "" }

// at is when they were last heard of.
func (q inquiry) at() time.Time {
	var at time.Time
	if q.request.Time != 0 {
		at = time.UnixMilli(q.request.Time)
	}
	if q.wrote() && q.chat.Last.Pos.At().After(at) {
		return q.chat.Last.Pos.At()
	}
	return at
}

// inquiries lists them, the newest first.
func inquiries(m *model) []inquiry {
	found := map[contactKey]inquiry{}
	for _, c := range m.chats {
		if c.Request && m.account(c.Account) != nil {
			key := contactKey{c.Account, c.JID}
			found[key] = inquiry{key: key, chat: c}
		}
	}
	for _, r := range m.requests {
		key := contactKey{r.Account, r.JID}
		q := found[key]
		q.key, q.request = key, r
		found[key] = q
	}
	list := make([]inquiry, 0, len(found))
	for _, q := range found {
		list = append(list, q)
	}
	slices.SortFunc(list, func(a, b inquiry) int {
		if n := b.at().Compare(a.at()); n != 0 {
			return n
		}
		if n := strings.Compare(a.key.jid, b.key.jid); n != 0 {
			return n
		}
		return int(a.key.account) - int(b.key.account)
	})
	return list
}

// inquiry finds out whether the other side of a chat waits for an answer.
func (m *model) inquiry(c storage.Chat) (inquiry, bool) {
	q := inquiry{key: contactKey{c.Account, c.JID}}
	if c.Request {
		q.chat = c
	}
	for _, r := range m.requests {
		if r.Account == c.Account && r.JID == c.JID {
			q.request = r
		}
	}
	return q, q.wrote() || q.asks()
}

// answers are what can be said to one, the friendly one first.
func (a *App) answers(q inquiry) []bannerButton {
	no := lang.L("Decline")
	if q.wrote() {
		no = lang.L("Delete")
	}
	return []bannerButton{
		{lang.L("Accept"), func() { a.acceptInquiry(q) }},
		{no, func() { a.declineInquiry(q) }},
		{lang.L("Block…"), func() { a.blockInquiry(q, false) }},
	}
}

// acceptInquiry takes them in: what they wrote becomes a chat like any other,
// and they may see when the user is online if they asked for that.
func (a *App) acceptInquiry(q inquiry) {
	if q.wrote() {
		a.act(laneWrite, func(context.Context) error { return a.backend.AcceptChat(q.chat.ID) })
	}
	if q.asks() {
		a.act(laneNet, func(ctx context.Context) error { return a.backend.Accept(ctx, q.key.account, q.key.jid) })
	}
}

// declineInquiry erases what they wrote and refuses what they asked for. They
// may try again.
func (a *App) declineInquiry(q inquiry) {
	if q.asks() {
		a.act(laneNet, func(ctx context.Context) error { return a.backend.Decline(ctx, q.key.account, q.key.jid) })
	}
	if q.wrote() {
		a.act(laneWrite, func(context.Context) error { return a.backend.DeleteChat(q.chat.ID) })
	}
}

// blockInquiry asks whether to keep them away for good. What they wrote goes
// once the server has agreed.
func (a *App) blockInquiry(q inquiry, report bool) {
	b := blockCard{account: q.key.account, jid: q.key.jid, report: report}
	if q.wrote() {
		b.erase = func() {
			a.act(laneWrite, func(context.Context) error { return a.backend.DeleteChat(q.chat.ID) })
		}
	}
	a.showBlock(b)
}

// requestsText says how many there are.
func requestsText(n int) string {
	if n == 1 {
		return lang.L("1 request")
	}
	return lang.L("{{.N}} requests", count(n))
}

// wishText is what somebody who wants to be a contact says about it.
func wishText(r account.Request) string {
	if words := widgets.Harmless(r.Message); words != "" {
		return lang.L("Wants to see when you are online: “{{.Words}}”", map[string]any{"Words": words})
	}
	return lang.L("Wants to see when you are online")
}
