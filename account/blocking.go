package account

import (
	"context"
	"errors"
	"slices"

	"mellium.im/xmpp/jid"

	"linnet/account/xep/blocking"
	"linnet/storage"
)

// Blocking (XEP-0191) is the server's: it keeps everything from a blocked
// address away, and shows it nothing of us. The calls below return when the
// server has answered; one that cannot block is ErrNoBlocking, and then nothing
// has changed. Without a connection they are stream.ErrOffline, with a refusal
// *stream.StanzaError.

// Block blocks an address, and refuses its request if there is one.
func (m *Manager) Block(ctx context.Context, id storage.AccountID, address string) error {
	block := blocking.Block{Items: []blocking.Item{{JID: address}}}
	if err := m.blocking(ctx, id, "set", block, nil); err != nil {
		return err
	}
	if err := m.Decline(ctx, id, address); !errors.Is(err, ErrNoRequest) {
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
	var addresses []string
	for _, item := range list.Items {
		addresses = append(addresses, item.JID)
	}
	slices.Sort(addresses)
	return slices.Compact(addresses), nil
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
