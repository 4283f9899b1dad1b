package app

import (
	"slices"
	"time"

	"linnet/account"
	"linnet/storage"
)

// rosterGroup is a heading of the contact list with those under it.
type rosterGroup struct {
	Group    string // what folding it is remembered by
	Title    string
	Folded   bool
	Contacts []rosterContact
}

// rosterContact is a contact in the list.
type rosterContact struct {
	Key     contactKey
	Name    string
	sort    string // the key of Name
	Line    string // the second line
	Waiting bool   // Line is about a subscription that is not mutual
	Show    storage.Show
	HasShow bool // the presence is known
	Stripe  uint32
}

// Groups that are not the user's. A group's name from the server cannot begin
// with a zero byte: it is not allowed in XML.
const (
	groupNone    = "\x00none"
	groupOffline = "\x00offline"
)

// rosterGroups lists the contacts of all accounts: the groups by name, those in
// no group, and at the end, whatever their group, those that are not available.
// folded says which groups show their heading only.
func rosterGroups(m *model, folded func(group string) bool, now time.Time) []rosterGroup {
	members := map[string][]account.Contact{}
	for _, c := range m.contacts {
		for _, g := range groupsOf(c) {
			members[g] = append(members[g], c)
		}
	}
	var groups []rosterGroup
	for _, g := range sortedGroups(members) {
		group := rosterGroup{Group: g, Title: groupTitle(g), Folded: folded(g)}
		for _, c := range members[g] {
			group.Contacts = append(group.Contacts, m.rosterContact(c, now))
		}
		slices.SortFunc(group.Contacts, func(a, b rosterContact) int { return compareNames(a.sort, b.sort, a.Key, b.Key) })
		groups = append(groups, group)
	}
	return groups
}

func (m *model) rosterContact(c account.Contact, now time.Time) rosterContact {
	name := m.name(c.Account, c.JID)
	return rosterContact{
		Key: contactKey{c.Account, c.JID}, Name: name, sort: sortKey(name),
		Line: contactLine(c, now), Waiting: c.Ask,
		Show: c.Best.Show, HasShow: seesPresence(c), Stripe: m.stripe(c.Account),
	}
}

// groupsOf is where a contact is listed.
func groupsOf(c account.Contact) []string {
	switch {
	case c.Best.Show == storage.ShowOffline:
		return []string{groupOffline}
	case len(c.Groups) == 0:
		return []string{groupNone}
	}
	return c.Groups
}

// sortedGroups puts the user's groups by name, then "No group", then
// "Offline".
func sortedGroups(groups map[string][]account.Contact) []string {
	order := func(g string) int {
		switch g {
		case groupNone:
			return 1
		case groupOffline:
			return 2
		}
		return 0
	}
	var names []string
	for g := range groups {
		names = append(names, g)
	}
	slices.SortFunc(names, func(a, b string) int {
		if n := order(a) - order(b); n != 0 {
			return n
		}
		return compareNames(sortKey(a), sortKey(b), contactKey{jid: a}, contactKey{jid: b})
	})
	return names
}

// seesPresence reports whether the server tells us this contact's presence.
func seesPresence(c account.Contact) bool {
	return c.Subscription == storage.SubscriptionTo || c.Subscription == storage.SubscriptionBoth ||
		len(c.Resources) > 0
}

// allGroups are the names of the user's groups on an account, sorted.
func allGroups(m *model, id storage.AccountID) []string {
	groups := map[string][]account.Contact{}
	for k, c := range m.contacts {
		if k.account != id {
			continue
		}
		for _, g := range c.Groups {
			groups[g] = nil
		}
	}
	return sortedGroups(groups)
}
