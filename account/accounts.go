package account

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"linnet/account/stream"
	"linnet/storage"
)

// settingRemoved names the setting that lists accounts which were removed but
// whose conversations were kept.
const settingRemoved = "account/removed"

// PasswordName is the name under which Secrets has the password of the account
// with this bare JID.
func PasswordName(address string) string { return "password " + address }

// removedAccounts says which accounts were removed, and of each whether its
// data are to be erased. An entry goes away once they are, so that an erasure
// which was cut off goes on at the next start.
type removedAccounts map[storage.AccountID]bool

func loadRemoved(tx *storage.Tx) (removedAccounts, error) {
	removed := make(removedAccounts)
	raw, ok, err := tx.Setting(settingRemoved)
	if err != nil || !ok {
		return removed, err
	}
	if err := json.Unmarshal(raw, &removed); err != nil {
		return nil, fmt.Errorf("read the removed accounts: %w", err)
	}
	return removed, nil
}

func (r removedAccounts) save(tx *storage.Tx) error {
	raw, err := json.Marshal(r)
	if err != nil {
		return err
	}
	return tx.PutSetting(settingRemoved, raw)
}

// check puts the address and host of n into the form that is stored.
func (n *NewAccount) check() error {
	own, err := ValidateAddress(n.Address)
	if err != nil {
		return err
	}
	n.Address = own.String()
	if n.Host, err = ValidateHost(n.Host); err != nil {
		return err
	}
	if n.Password == "" {
		return ErrNoPassword
	}
	return nil
}

// CheckSignIn signs in once with n and leaves again; nothing is stored and the
// account need not be new. A nil error means that the server took it. Others
// are the ErrAddress and ErrHost values, ErrNoPassword, the typed errors of
// package stream, and ctx's when that ends first: without a deadline in ctx it
// goes on as long as a first connection may take.
func (m *Manager) CheckSignIn(ctx context.Context, n NewAccount) error {
	if err := n.check(); err != nil {
		return err
	}
	cfg, err := m.streamConfig(&storage.Account{
		Address: n.Address, Host: n.Host, Port: n.Port, Trusted: n.Trusted,
	}, n.Password)
	if err != nil {
		return err
	}
	cfg.Resource += ".check" // must not throw off a link of the same account
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	try := &trial{outcome: make(chan error, 1)}
	client := stream.New(cfg, try)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		client.Run(ctx)
	}()
	select {
	case err = <-try.outcome:
	case <-ctx.Done():
		err = ctx.Err()
	}
	cancel()
	<-ended
	return err
}

// trial is the Handler of CheckSignIn: the first outcome is all it wants.
type trial struct{ outcome chan error }

// StateChanged implements stream.Handler.
func (t *trial) StateChanged(s stream.State) {
	var err error
	switch s.Phase {
	case stream.Online:
	case stream.Waiting, stream.Failed:
		err = s.Err
	default:
		return
	}
	select {
	case t.outcome <- err:
	default:
	}
}

// Stanzas implements stream.Handler. Without presence the server sends no
// messages; what comes is not ours to take.
func (t *trial) Stanzas([]*stream.Stanza) error { return nil }

// Acknowledged implements stream.Handler.
func (t *trial) Acknowledged(uint64) {}

// AddAccount stores an account and its password and starts to sign in; how
// that goes comes as StateChanged. An address that was removed with its data
// kept comes back with them. Errors: as CheckSignIn before any network, and
// ErrAccountExists, those of Secrets and of the store.
func (m *Manager) AddAccount(ctx context.Context, n NewAccount) (storage.AccountID, error) {
	if err := n.check(); err != nil {
		return 0, err
	}
	if err := m.wait(ctx); err != nil {
		return 0, err
	}
	m.changing.Lock()
	defer m.changing.Unlock()
	var a *Account
	err := keepAccount(m.cfg.Store, m.update, m.cfg.Secrets, n, func(tx *storage.Tx, stored storage.Account) (err error) {
		a, err = loadAccount(m, tx, stored)
		return err
	})
	if err != nil {
		return 0, err
	}
	m.mu.Lock()
	started := m.start(a)
	m.mu.Unlock()
	if !started {
		return 0, ErrStopped
	}
	m.emit(AccountsChanged{})
	return a.id, nil
}

// StoreAccount keeps an account and its password in a profile no Manager runs
// on; the next one signs it in. Errors are those of Manager.AddAccount.
func StoreAccount(store *storage.Store, secrets storage.Secrets, n NewAccount) error {
	if err := n.check(); err != nil {
		return err
	}
	return keepAccount(store, store.Update, secrets, n, func(*storage.Tx, storage.Account) error { return nil })
}

// keepAccount stores n and its password, both or none. update is one
// transaction of store, in which then runs too.
func keepAccount(store *storage.Store, update func(func(*storage.Tx) error) error, secrets storage.Secrets, n NewAccount, then func(*storage.Tx, storage.Account) error) error {
	if err := store.View(func(tx *storage.Tx) error { return mustBeNew(tx, n.Address) }); err != nil {
		return err
	}
	if err := secrets.Set(PasswordName(n.Address), []byte(n.Password)); err != nil {
		return fmt.Errorf("keep the password: %w", err)
	}
	err := update(func(tx *storage.Tx) error {
		stored, err := putNew(tx, n)
		if err != nil {
			return err
		}
		return then(tx, stored)
	})
	if err != nil {
		return errors.Join(err, secrets.Delete(PasswordName(n.Address)))
	}
	return nil
}

// mustBeNew returns ErrAccountExists for the address of an account that is not
// removed.
func mustBeNew(tx *storage.Tx, address string) error {
	all, err := tx.Accounts()
	if err != nil {
		return err
	}
	removed, err := loadRemoved(tx)
	if err != nil {
		return err
	}
	for _, s := range all {
		if _, gone := removed[s.ID]; s.Address == address && !gone {
			return ErrAccountExists
		}
	}
	return nil
}

// putNew stores n, over the kept account of the same address if there is one.
func putNew(tx *storage.Tx, n NewAccount) (storage.Account, error) {
	stored := storage.Account{
		Address: n.Address, Enabled: true,
		Host: n.Host, Port: n.Port, Trusted: n.Trusted,
	}
	all, err := tx.Accounts()
	if err != nil {
		return stored, err
	}
	if i := slices.IndexFunc(all, func(s storage.Account) bool { return s.Address == n.Address }); i >= 0 {
		kept := all[i]
		kept.Enabled, kept.Host, kept.Port, kept.Trusted = true, n.Host, n.Port, n.Trusted
		stored = kept
		removed, err := loadRemoved(tx)
		if err != nil {
			return stored, err
		}
		delete(removed, kept.ID)
		if err := removed.save(tx); err != nil {
			return stored, err
		}
	} else {
		stored.Color = Colors[len(all)%len(Colors)]
	}
	return stored, tx.PutAccount(&stored)
}

// Colors (0xRRGGBB) are given to accounts in turn until the user chooses others.
// They keep 3:1 against both backgrounds.
var Colors = [...]uint32{0x2D7DD2, 0xC2571A, 0x2E8B57, 0x9B59B6, 0xC0396B, 0x6B7A1F, 0x1A8A99, 0x8A6239}

// change stores a change to the account.
func (a *Account) change(f func(*storage.Account)) error {
	var stored storage.Account
	err := a.m.update(func(tx *storage.Tx) error {
		var err error
		if stored, err = tx.Account(a.id); err != nil {
			return err
		}
		f(&stored)
		return tx.PutAccount(&stored)
	})
	if err != nil {
		return err
	}
	a.stored = stored
	a.infoChanged = true
	a.note(AccountsChanged{})
	return nil
}

// EditAccount changes name, colour and where to connect. A connection is made
// anew if the server was changed.
func (m *Manager) EditAccount(ctx context.Context, id storage.AccountID, e Edit) error {
	host, err := ValidateHost(e.Host)
	if err != nil {
		return err
	}
	return m.do(ctx, id, func(a *Account) error {
		moved := a.stored.Host != host || a.stored.Port != e.Port
		err := a.change(func(s *storage.Account) {
			s.Name, s.Color, s.Host, s.Port = e.Name, e.Color, host, e.Port
		})
		if err == nil && moved {
			a.relink()
		}
		return err
	})
}

// SetEnabled signs an account in, or out politely. A disabled account keeps
// everything and shows its conversations.
func (m *Manager) SetEnabled(ctx context.Context, id storage.AccountID, enabled bool) error {
	return m.do(ctx, id, func(a *Account) error {
		err := a.change(func(s *storage.Account) { s.Enabled = enabled })
		if err == nil {
			a.reconsider()
		}
		return err
	})
}

// SetPassword stores another password for an account and signs in with it. It
// does not change the password at the server.
func (m *Manager) SetPassword(ctx context.Context, id storage.AccountID, password string) error {
	if password == "" {
		return ErrNoPassword
	}
	if err := m.wait(ctx); err != nil {
		return err
	}
	a, err := m.account(id)
	if err != nil {
		return err
	}
	// The token was got with the password before. Should the program end in
	// between, the password must not seem to be right because of it.
	address := a.own.String()
	err = m.cfg.Secrets.Delete(tokenName(address))
	if err == nil {
		err = m.cfg.Secrets.Set(PasswordName(address), []byte(password))
	}
	if err != nil {
		return fmt.Errorf("keep the password: %w", err)
	}
	return a.do(ctx, func() error {
		a.forget = true // the link may have set another meanwhile
		a.relink()
		return nil
	})
}

// TrustCertificate accepts the one certificate with this SHA-256 for an account
// although it does not verify, and connects again. nil trusts none any more.
func (m *Manager) TrustCertificate(ctx context.Context, id storage.AccountID, sha256 []byte) error {
	return m.do(ctx, id, func(a *Account) error {
		err := a.change(func(s *storage.Account) { s.Trusted = slices.Clone(sha256) })
		if err == nil {
			a.relink()
		}
		return err
	})
}

// RemoveAccount signs an account out and takes it and its password away from
// this device; the account at the server stays. With erase its conversations,
// contacts and settings are erased here too, else they are kept out of sight
// and come back when the address is added again.
func (m *Manager) RemoveAccount(ctx context.Context, id storage.AccountID, erase bool) error {
	if err := m.wait(ctx); err != nil {
		return err
	}
	m.changing.Lock()
	defer m.changing.Unlock()
	a, err := m.account(id)
	if err != nil {
		return err
	}
	err = m.update(func(tx *storage.Tx) error {
		removed, err := loadRemoved(tx)
		if err != nil {
			return err
		}
		removed[id] = erase
		return removed.save(tx)
	})
	if err != nil {
		return err
	}
	m.mu.Lock()
	delete(m.accounts, id)
	m.mu.Unlock()
	a.cancel()
	m.emit(AccountsChanged{}, RequestsChanged{}, Reset{})
	select { // nothing may write to what is going to be erased
	case <-a.gone:
	case <-ctx.Done():
		return ctx.Err()
	}
	if err = m.deletePassword(a.own.String()); erase {
		err = errors.Join(err, m.erase(id))
	}
	m.emit(Reset{})
	return err
}

// deletePassword takes the password away, and what was got with it.
func (m *Manager) deletePassword(address string) error {
	err := errors.Join(m.cfg.Secrets.Delete(tokenName(address)), m.cfg.Secrets.Delete(PasswordName(address)))
	if err != nil {
		return fmt.Errorf("remove the password: %w", err)
	}
	return nil
}

// erase takes the data of a removed account away.
func (m *Manager) erase(id storage.AccountID) error {
	return m.update(func(tx *storage.Tx) error {
		removed, err := loadRemoved(tx)
		if err != nil {
			return err
		}
		delete(removed, id)
		if err := removed.save(tx); err != nil {
			return err
		}
		if err := eraseServer(tx, id); err != nil {
			return err
		}
		return tx.DeleteAccount(id)
	})
}
