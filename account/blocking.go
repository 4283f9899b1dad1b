package account

import (
	"context"
	"errors"
	"slices"
	"strings"

	"mellium.im/xmpp/jid"

	"linnet/account/stream"
	"linnet/account/xep/blocking"
	"linnet/account/xep/stanzaid"
	"linnet/storage"
)

const (
	// maxBlocked bounds what is remembered of the list of a server.
	maxBlocked = 10_000
	// maxReported is how many messages a report names, and maxReportText how
	// much it says, in bytes: enough to judge by.
	maxReported   = 10
	maxReportText = 2048
)

// Blocking (XEP-0191) is the server's: it keeps everything from a blocked
// address away, and shows it nothing of us. An address may be a domain, which
// stands for all of it. The calls below return when the server has answered;
// one that cannot block is ErrNoBlocking, and then nothing has changed. Without
// a connection they are stream.ErrOffline, with a refusal *stream.StanzaError.

// blockState is who is blocked, as the server has told on this stream.
type blockState struct {
	list    []string // sorted
	changed bool     // since the last snapshot
}

// ReportReason says why somebody is reported.
type ReportReason string

// The reasons of XEP-0377.
const (
	ReportSpam  ReportReason = blocking.Spam
	ReportAbuse ReportReason = blocking.Abuse
)

// Block blocks an address, and refuses its request if there is one.
func (m *Manager) Block(ctx context.Context, id storage.AccountID, address string) error {
	return m.block(ctx, id, blocking.Item{JID: address})
}

// BlockAndReport blocks an address and tells the server why, where it takes
// reports (CanReport); elsewhere it is Block. messages are what they wrote, those of it
// that the server can find; text is the user's own words and may be empty.
func (m *Manager) BlockAndReport(ctx context.Context, id storage.AccountID, address string, reason ReportReason, messages []storage.Message, text string) error {
	item := blocking.Item{JID: address}
	if m.CanReport(id) {
		item.Report = &blocking.Report{Reason: string(reason), Text: cut(strings.TrimSpace(clean(text)), maxReportText)}
		own := m.address(id)
		for _, msg := range messages {
			if msg.StanzaID != "" && !msg.Out && len(item.Report.Messages) < maxReported {
				item.Report.Messages = append(item.Report.Messages, stanzaid.StanzaID{ID: msg.StanzaID, By: own})
			}
		}
	}
	return m.block(ctx, id, item)
}

// CanReport tells whether the server of an account takes reports (XEP-0377). It
// asks nobody.
func (m *Manager) CanReport(id storage.AccountID) bool {
	a, err := m.account(id)
	if err != nil {
		return false
	}
	_, ok := slices.BinarySearch(a.shown.Load().domain, blocking.NSReport)
	return ok
}

func (m *Manager) block(ctx context.Context, id storage.AccountID, item blocking.Item) error {
	if err := m.blocking(ctx, id, "set", blocking.Block{Items: []blocking.Item{item}}, nil); err != nil {
		return err
	}
	if err := m.Decline(ctx, id, item.JID); !errors.Is(err, ErrNoRequest) {
		return err
	}
	return nil
}

// Unblock lets an address reach us again.
func (m *Manager) Unblock(ctx context.Context, id storage.AccountID, address string) error {
	return m.blocking(ctx, id, "set", blocking.Unblock{Items: []blocking.Item{{JID: address}}}, nil)
}

// Blocked asks the server which addresses are blocked. They may also be domains
// and are as the server has them, sorted.
func (m *Manager) Blocked(ctx context.Context, id storage.AccountID) ([]string, error) {
	var list blocking.List
	if err := m.blocking(ctx, id, "get", blocking.List{}, &list); err != nil {
		return nil, err
	}
	return addressesOf(list.Items), nil
}

// addressesOf sorts the addresses of a list.
func addressesOf(items []blocking.Item) []string {
	var addresses []string
	for _, item := range items[:min(len(items), maxBlocked)] {
		if item.JID != "" {
			addresses = append(addresses, item.JID)
		}
	}
	slices.Sort(addresses)
	return slices.Compact(addresses)
}

// BlockedHere gives the addresses that are blocked as far as the server has told
// since we signed in, sorted; other clients of the account count, too.
// BlockedChanged tells when it changes. It reads no disk and asks nobody.
func (m *Manager) BlockedHere(id storage.AccountID) []string {
	a, err := m.account(id)
	if err != nil {
		return nil
	}
	return slices.Clone(a.shown.Load().blocked)
}

// IsBlocked tells whether an address, or its domain, is among BlockedHere.
func (m *Manager) IsBlocked(id storage.AccountID, address string) bool {
	a, err := m.account(id)
	if err != nil {
		return false
	}
	list := a.shown.Load().blocked
	_, found := slices.BinarySearch(list, address)
	if _, domain, ok := strings.Cut(address, "@"); ok && !found {
		_, found = slices.BinarySearch(list, domain)
	}
	return found
}

// learnBlocked gets the list for a new stream. The server tells what changes to
// those who have asked.
func (a *Account) learnBlocked(ctx context.Context, c *stream.Client) {
	can := false
	err := a.do(ctx, func() error {
		_, can = slices.BinarySearch(a.server.domain, blocking.NS)
		return nil
	})
	if err != nil || !can {
		return
	}
	var list blocking.List
	if err := c.IQ(ctx, jid.JID{}, "get", blocking.List{}, &list); err != nil {
		a.log.Info("could not ask who is blocked", "err", err)
		return
	}
	a.post(func() { a.setBlocked(addressesOf(list.Items)) })
}

func (a *Account) setBlocked(list []string) {
	if !slices.Equal(list, a.blocked.list) {
		a.blocked.list, a.blocked.changed = list, true
	}
}

// takeBlocking handles what the server tells of changes. Only our own account
// may; to others it is as if we did not know what blocking is.
func (in *intake) takeBlocking(st *stream.Stanza) {
	if st.From.Raw != "" && st.From.JID.String() != in.a.own.String() {
		in.a.log.Debug("ignored what somebody else says about blocking")
		return
	}
	var q struct {
		Block   *blocking.Block   `xml:"urn:xmpp:blocking block"`
		Unblock *blocking.Unblock `xml:"urn:xmpp:blocking unblock"`
	}
	if st.Decode(&q) != nil {
		return
	}
	in.answers = append(in.answers, func() { in.reply(st, nil) })
	in.after = append(in.after, func() {
		list := in.a.blocked.list
		switch {
		case q.Block != nil:
			items := q.Block.Items
			for _, address := range list {
				items = append(items, blocking.Item{JID: address})
			}
			list = addressesOf(items)
		case len(q.Unblock.Items) == 0:
			list = nil
		default:
			gone := addressesOf(q.Unblock.Items)
			list = slices.DeleteFunc(slices.Clone(list), func(address string) bool { return slices.Contains(gone, address) })
		}
		in.a.setBlocked(list)
	})
}

// address gives the bare JID of an account.
func (m *Manager) address(id storage.AccountID) string {
	a, err := m.account(id)
	if err != nil {
		return ""
	}
	return a.own.String()
}

// blocking asks the server something about blocking, if it knows about that.
func (m *Manager) blocking(ctx context.Context, id storage.AccountID, typ string, payload, result any) error {
	c, a, err := m.connection(ctx, id)
	if err != nil {
		return err
	}
	ok, err := a.serverHas(ctx, c, blocking.NS)
	if err != nil {
		return err
	}
	if !ok {
		return ErrNoBlocking
	}
	return c.IQ(ctx, jid.JID{}, typ, payload, result)
}
