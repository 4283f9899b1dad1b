package storage

import "math"

// accountRecord is an Account as stored; the ID is in the key.
type accountRecord struct {
	Address       string `json:"a"`
	Name          string `json:"n,omitempty"`
	Color         uint32 `json:"c,omitempty"`
	Enabled       bool   `json:"e,omitempty"`
	Host          string `json:"h,omitempty"`
	Port          uint16 `json:"p,omitempty"`
	Trusted       []byte `json:"t,omitempty"`
	OwnStatus     bool   `json:"os,omitempty"`
	Show          Show   `json:"s,omitempty"`
	StatusMessage string `json:"sm,omitempty"`
	RosterVersion string `json:"rv,omitempty"`
	NoReceipts    bool   `json:"nr,omitempty"`
	NoMarkers     bool   `json:"nm,omitempty"`
	NoTyping      bool   `json:"nt,omitempty"`
	Previews      bool   `json:"lp,omitempty"`
}

func (r accountRecord) account(id AccountID) Account {
	return Account{
		ID: id, Address: r.Address, Name: r.Name, Color: r.Color, Enabled: r.Enabled,
		Host: r.Host, Port: r.Port, Trusted: r.Trusted,
		OwnStatus: r.OwnStatus, Status: Status{Show: r.Show, Message: r.StatusMessage},
		RosterVersion: r.RosterVersion, NoReceipts: r.NoReceipts, NoMarkers: r.NoMarkers, NoTyping: r.NoTyping, Previews: r.Previews,
	}
}

func recordOfAccount(a *Account) accountRecord {
	return accountRecord{
		Address: a.Address, Name: a.Name, Color: a.Color, Enabled: a.Enabled,
		Host: a.Host, Port: a.Port, Trusted: a.Trusted,
		OwnStatus: a.OwnStatus, Show: a.Status.Show, StatusMessage: a.Status.Message,
		RosterVersion: a.RosterVersion, NoReceipts: a.NoReceipts, NoMarkers: a.NoMarkers, NoTyping: a.NoTyping, Previews: a.Previews,
	}
}

// Accounts returns all accounts in the order they were added.
func (t *Tx) Accounts() ([]Account, error) {
	return list(t, bucketAccounts, nil, math.MaxInt, func(k []byte, r accountRecord) Account {
		return r.account(AccountID(number(k)))
	})
}

// Account returns one account, or ErrNotFound.
func (t *Tx) Account(id AccountID) (Account, error) {
	var r accountRecord
	if err := t.need(bucketAccounts, key4(uint32(id)), &r); err != nil {
		return Account{}, err
	}
	return r.account(id), nil
}

// PutAccount stores a. With ID 0 it is a new account and gets its ID; another
// ID must be there already, else the error is ErrNotFound, so that a removed
// account does not come back through a late write.
func (t *Tx) PutAccount(a *Account) error {
	if a.ID == 0 {
		id, err := t.nextID(bucketAccounts)
		if err != nil {
			return err
		}
		if err := t.put(bucketAccounts, key4(id), recordOfAccount(a)); err != nil {
			return err
		}
		a.ID = AccountID(id)
		return nil
	}
	if err := t.needAccount(a.ID); err != nil {
		return err
	}
	return t.put(bucketAccounts, key4(uint32(a.ID)), recordOfAccount(a))
}

// DeleteAccount removes the account with its conversations, messages, outbox,
// roster and requests. What it occupied is used again by later writes; until
// then the sealed bytes may stay on the disk.
func (t *Tx) DeleteAccount(id AccountID) error {
	if err := t.needAccount(id); err != nil {
		return err
	}
	chats, err := t.chatIDs(id)
	if err != nil {
		return err
	}
	for _, c := range chats {
		if err := t.eraseChat(c); err != nil {
			return err
		}
	}
	prefix := key4(uint32(id))
	for _, b := range []bucket{bucketChatNames, bucketOutbox, bucketRoster, bucketRequests, bucketGaps, bucketErased, bucketNotes, bucketPeople, bucketAccounts} {
		if err := t.deleteAll(b, prefix); err != nil {
			return err
		}
	}
	return nil
}

// needAccount keeps data from being stored for an account that is gone.
func (t *Tx) needAccount(id AccountID) error {
	return t.mustHave(bucketAccounts, key4(uint32(id)))
}
