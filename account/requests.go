package account

import (
	"cmp"
	"context"
	"slices"

	"linnet/account/stream"
	"linnet/storage"
)

// maxRequests bounds the subscription requests that are kept for an account.
// The server keeps those it could not deliver an answer for and sends them
// again with every presence, so none is lost for good.
const maxRequests = 256

func sortRequests(r []storage.Request) {
	slices.SortFunc(r, func(x, y storage.Request) int {
		return cmp.Or(cmp.Compare(x.Time, y.Time), cmp.Compare(x.JID, y.JID))
	})
}

// takeRequest keeps a request for the user to answer. One from somebody who
// sees our presence already is granted again (RFC 6121 section 3.1.3).
func (in *intake) takeRequest(address, message string) {
	a := in.a
	if a.roster.entries[address].seesUs() {
		in.after = append(in.after, func() { a.send(presenceOut{To: address, Type: "subscribed"}) })
		return
	}
	if a.roster.entries[address] == nil && isDeceptive(address) {
		return
	}
	r := storage.Request{JID: address, Message: cut(message, maxStatus), Time: in.now.UnixMilli()}
	i := slices.IndexFunc(a.requests, func(r storage.Request) bool { return r.JID == address })
	if i >= 0 {
		if r.Time = a.requests[i].Time; r == a.requests[i] {
			return
		}
	} else if len(a.requests)+in.newRequests >= maxRequests {
		return
	} else {
		in.newRequests++
	}
	in.writes = append(in.writes, func(tx *storage.Tx) error { return tx.PutRequest(a.id, r) })
	in.after = append(in.after, func() {
		a.requests = slices.DeleteFunc(a.requests, func(o storage.Request) bool { return o.JID == address })
		a.requests = append(a.requests, r)
		sortRequests(a.requests)
	})
}

// dropRequest forgets a request that was taken back or answered elsewhere.
func (in *intake) dropRequest(address string) {
	a := in.a
	if in.newRequests == 0 && !slices.ContainsFunc(a.requests, func(r storage.Request) bool { return r.JID == address }) {
		return // the usual case, which must not cost a transaction
	}
	in.writes = append(in.writes, func(tx *storage.Tx) error { return tx.DeleteRequest(a.id, address) })
	in.after = append(in.after, func() { a.forgetRequest(address) })
}

func (a *Account) forgetRequest(address string) {
	a.requests = slices.DeleteFunc(a.requests, func(r storage.Request) bool { return r.JID == address })
}

// Accept lets the sender of a request see our presence and, unless we see
// theirs already or have asked, asks to see theirs. Errors of this and the next:
// stream.ErrOffline, ErrNoRequest.
func (m *Manager) Accept(ctx context.Context, id storage.AccountID, address string) error {
	return m.answer(ctx, id, address, func(a *Account, c *stream.Client) error {
		if err := c.Send(presenceOut{To: address, Type: "subscribed"}); err != nil {
			return err
		}
		e := a.roster.entries[address]
		if e != nil && (e.item.Ask || e.item.Subscription == storage.SubscriptionTo) {
			return nil
		}
		return c.Send(presenceOut{To: address, Type: "subscribe"})
	})
}

// Decline refuses a request. The sender may ask again.
func (m *Manager) Decline(ctx context.Context, id storage.AccountID, address string) error {
	return m.answer(ctx, id, address, func(_ *Account, c *stream.Client) error {
		return c.Send(presenceOut{To: address, Type: "unsubscribed"})
	})
}

// answer sends what f does about a request and forgets it.
func (m *Manager) answer(ctx context.Context, id storage.AccountID, address string, f func(*Account, *stream.Client) error) error {
	return m.do(ctx, id, func(a *Account) error {
		c, err := a.client()
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(a.requests, func(r storage.Request) bool { return r.JID == address }) {
			return ErrNoRequest
		}
		if err := f(a, c); err != nil {
			return err
		}
		err = a.m.update(func(tx *storage.Tx) error { return tx.DeleteRequest(a.id, address) })
		if err == nil {
			a.forgetRequest(address)
		}
		return err
	})
}
