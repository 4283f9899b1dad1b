package account

import (
	"context"
	"strings"

	"mellium.im/xmpp/jid"

	"linnet/account/stream"
	"linnet/account/xep/roster"
	"linnet/storage"
)

// The calls below change the roster at the server (RFC 6121 sections 2 and 3)
// and return when it has agreed; what that changes here comes back as a roster
// push and RosterChanged. Without a connection they are stream.ErrOffline, with
// a refusal *stream.StanzaError.

// AddContact puts an address into the roster of an account, with a name and
// groups that may be empty, and asks to see its presence; message goes with
// that request. The address is checked as ValidateAddress does, and may not be
// the account's own (ErrOwnAddress).
func (m *Manager) AddContact(ctx context.Context, id storage.AccountID, address, name string, groups []string, message string) error {
	to, err := ValidateAddress(address)
	if err != nil {
		return err
	}
	c, a, err := m.connection(ctx, id)
	if err != nil {
		return err
	}
	if to.Equal(a.own) {
		return ErrOwnAddress
	}
	if err := setItem(ctx, c, to, name, groups); err != nil {
		return err
	}
	return c.Send(presenceOut{To: to.String(), Type: "subscribe", Status: cut(message, maxStatus)})
}

// RenameContact gives a contact another name; empty takes the name away.
func (m *Manager) RenameContact(ctx context.Context, id storage.AccountID, address, name string) error {
	return m.editContact(ctx, id, address, func(i *storage.RosterItem) { i.Name = name })
}

// SetGroups puts a contact into these groups and no others.
func (m *Manager) SetGroups(ctx context.Context, id storage.AccountID, address string, groups []string) error {
	return m.editContact(ctx, id, address, func(i *storage.RosterItem) { i.Groups = groups })
}

// editContact sets the whole item, as the protocol wants, with one change. The
// push with it may come later than the answer; so that the next edit does not
// begin from the old item, the new one holds from the answer on, unless a push
// came before.
func (m *Manager) editContact(ctx context.Context, id storage.AccountID, address string, change func(*storage.RosterItem)) error {
	to, err := contactJID(address)
	if err != nil {
		return ErrNoContact
	}
	var old storage.RosterItem
	c, a, err := m.connection(ctx, id)
	if err != nil {
		return err
	}
	err = a.do(ctx, func() error {
		e := a.roster.entries[address]
		if e == nil {
			return ErrNoContact
		}
		old = e.item
		return nil
	})
	if err != nil {
		return err
	}
	item := old
	change(&item)
	item.Name, item.Groups = cut(clean(item.Name), maxNameSize), cleanGroups(item.Groups)
	if err := setItem(ctx, c, to, item.Name, item.Groups); err != nil {
		return err
	}
	return a.do(context.WithoutCancel(ctx), func() error {
		if e := a.roster.entries[address]; e != nil && sameItem(e.item, old) {
			a.putEntry(item)
		}
		return nil
	})
}

// RemoveContact takes a contact out of the roster, which ends both
// subscriptions. The conversation stays.
func (m *Manager) RemoveContact(ctx context.Context, id storage.AccountID, address string) error {
	c, a, err := m.connection(ctx, id)
	if err != nil {
		return err
	}
	if _, ok := a.shown.Load().contact(address); !ok {
		return ErrNoContact
	}
	item := roster.Item{JID: address, Subscription: roster.Remove}
	return c.IQ(ctx, jid.JID{}, "set", roster.Query{Items: []roster.Item{item}}, nil)
}

// CancelRequest takes back the request to see a contact's presence, or ends
// seeing it. The contact stays in the roster.
func (m *Manager) CancelRequest(ctx context.Context, id storage.AccountID, address string) error {
	return m.sendSubscription(ctx, id, address, "unsubscribe")
}

// Resubscribe asks a contact again to see its presence.
func (m *Manager) Resubscribe(ctx context.Context, id storage.AccountID, address string) error {
	return m.sendSubscription(ctx, id, address, "subscribe")
}

// StopSharing ends that a contact sees our presence.
func (m *Manager) StopSharing(ctx context.Context, id storage.AccountID, address string) error {
	return m.sendSubscription(ctx, id, address, "unsubscribed")
}

func (m *Manager) sendSubscription(ctx context.Context, id storage.AccountID, address, typ string) error {
	c, a, err := m.connection(ctx, id)
	if err != nil {
		return err
	}
	if _, ok := a.shown.Load().contact(address); !ok {
		return ErrNoContact
	}
	return c.Send(presenceOut{To: address, Type: typ})
}

// connection gives an account and its connection for calls that wait for the
// network outside the account's goroutine.
func (m *Manager) connection(ctx context.Context, id storage.AccountID) (c *stream.Client, a *Account, err error) {
	err = m.do(ctx, id, func(acc *Account) error {
		a = acc
		c, err = acc.client()
		return err
	})
	return c, a, err
}

func setItem(ctx context.Context, c *stream.Client, to jid.JID, name string, groups []string) error {
	item := roster.Item{JID: to.String(), Name: cut(clean(name), maxNameSize), Groups: cleanGroups(groups)}
	return c.IQ(ctx, jid.JID{}, "set", roster.Query{Items: []roster.Item{item}}, nil)
}

// contactJID reads an address as the roster has it, also one that our edition
// of the rules for addresses refuses.
func contactJID(address string) (jid.JID, error) {
	j, err := jid.Parse(address)
	if err == nil {
		return j, nil
	}
	unsafe, err := jid.ParseUnsafe(address)
	if err == nil && strings.ContainsAny(unsafe.Domainpart(), "@ ") {
		err = ErrAddressDomain
	}
	return unsafe.JID, err
}
