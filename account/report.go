package account

import (
	"slices"

	"linnet/account/stream"
	"linnet/storage"
)

// Report is what is known of the connection of an account, for who wants to
// know why it does not work. Like stream.Report it holds no secrets.
type Report struct {
	stream.Report // zero when there was no try yet; its Info.JID is the full address

	Address string // bare

	// AccountFeatures and ServerFeatures are what the account and its server
	// announce (XEP-0030), sorted. They are kept from the last time it was asked.
	AccountFeatures, ServerFeatures []string
}

// Report tells how the last try to connect an account went, or goes. It uses
// neither disk nor network and never waits. Its error is ErrNoAccount.
func (m *Manager) Report(id storage.AccountID) (Report, error) {
	a, err := m.account(id)
	if err != nil {
		return Report{}, err
	}
	shown := a.shown.Load()
	r := Report{
		Address: shown.info.Address, AccountFeatures: slices.Clone(shown.features), ServerFeatures: slices.Clone(shown.domain),
	}
	if c := a.latest.Load(); c != nil {
		r.Report = c.Report()
	}
	return r, nil
}

// SetActive tells all accounts, and those to come, whether the user is looking:
// their servers may hold back what can wait while nobody does. At first somebody
// is. It never waits.
func (m *Manager) SetActive(active bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.idle = !active
	for _, a := range m.accounts {
		if c := a.latest.Load(); c != nil {
			c.SetActive(active)
		}
	}
}

// introduce makes a new connection known to Report and SetActive.
func (a *Account) introduce(c *stream.Client) {
	a.m.mu.Lock()
	defer a.m.mu.Unlock()
	c.SetActive(!a.m.idle)
	a.latest.Store(c)
}
