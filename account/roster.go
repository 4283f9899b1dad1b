package account

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"mellium.im/xmpp/jid"

	"linnet/account/stream"
	"linnet/account/xep/roster"
	"linnet/storage"
)

// Bounds of a roster, far above what people have, so that no server makes the
// window unusable.
const (
	maxRoster   = 20_000
	maxGroups   = 64   // of one contact
	maxNameSize = 1024 // bytes of a name or group
	maxVersion  = 1024 // bytes; a longer version is not kept, and all is fetched again
)

// entry is a contact with who is there of it.
type entry struct {
	item storage.RosterItem
	here []resource // best first
	gone string     // the status of the last unavailable presence
	view *Contact   // nil when it has to be made anew
}

// rosterState is the roster as it is on disk too.
type rosterState struct {
	entries map[string]*entry // by bare JID
	order   []string          // the keys, sorted; nil when they changed
	changed bool              // since the last snapshot

	// fetching is set from the request for the roster to its answer. Pushes
	// that come between are newer than the answer or already in it: they are
	// applied at once and once more after it.
	fetching bool
	pushed   []push

	// unsaved says that the disk could not take the whole roster. The next
	// push must not put its version on what is there without the rest.
	unsaved bool
}

// push is one change the server told.
type push struct {
	item      storage.RosterItem
	remove    bool
	version   string
	versioned bool // it has a version
}

func (r *rosterState) load(items []storage.RosterItem) {
	r.entries = make(map[string]*entry, len(items))
	for _, i := range items {
		r.entries[i.JID] = &entry{item: i}
	}
	r.changed, r.order = true, nil
}

func (r *rosterState) items() []storage.RosterItem {
	items := make([]storage.RosterItem, 0, len(r.entries))
	for _, e := range r.entries {
		items = append(items, e.item)
	}
	return items
}

// contactViews gives the contacts as others may see them, sorted by JID.
func (a *Account) contactViews() []*Contact {
	r := &a.roster
	if r.order == nil {
		r.order = slices.Sorted(maps.Keys(r.entries))
	}
	views := make([]*Contact, len(r.order))
	for i, key := range r.order {
		e := r.entries[key]
		if e.view == nil {
			e.view = e.contact(a.id, a.online(), a.server.left)
			p := a.people.known[key]
			e.view.Nick, e.view.Avatar = p.Nick, p.Avatar
		}
		views[i] = e.view
	}
	return views
}

// contact gives e as others may see it: with who was there until left, while
// there is no link.
func (e *entry) contact(id storage.AccountID, online bool, left time.Time) *Contact {
	c := &Contact{
		Account:      id,
		JID:          e.item.JID,
		Name:         e.item.Name,
		Groups:       e.item.Groups,
		Subscription: e.item.Subscription,
		Ask:          e.item.Ask,
	}
	if len(e.here) > 0 && !online {
		c.Best = Presence{Show: storage.ShowOffline}
		c.LastSeen = left
		return c
	}
	if len(e.here) == 0 {
		c.Best = Presence{Show: storage.ShowOffline, Status: e.gone}
		if e.item.LastSeen != 0 {
			c.LastSeen = storage.Pos{Time: e.item.LastSeen}.At()
		}
		return c
	}
	for _, r := range e.here {
		c.Resources = append(c.Resources, r.Presence)
	}
	c.Best = c.Resources[0]
	c.LastSeen = c.Best.Idle
	return c
}

// fetchRoster asks for what has changed since the stored version where the
// server has versions (RFC 6121 section 2.6), else for everything.
func (a *Account) fetchRoster() {
	a.roster.fetching = true
	var query roster.Query
	if a.state.Info.Has(roster.NSVersions) {
		query.Version = new(string)
		if len(a.roster.entries) > 0 { // an empty roster may as well be a lost one
			*query.Version = a.stored.RosterVersion
		}
	}
	var answer roster.Query
	a.iq(func(ctx context.Context, c *stream.Client) error {
		return c.IQ(ctx, jid.JID{}, "get", query, &answer)
	}, func(err error) {
		if err != nil {
			a.log.Warn("could not get the roster", "err", err)
		} else if answer.XMLName.Local != "" { // none means that nothing changed
			a.replaceRoster(answer)
		}
		a.roster.fetching, a.roster.pushed = false, nil
		a.hearEarly()
		a.presence.forgetStrangers(maxStrangers)
	})
}

// replaceRoster takes over a whole roster.
func (a *Account) replaceRoster(q roster.Query) {
	items := make(map[string]storage.RosterItem, len(q.Items))
	for _, i := range q.Items {
		item, ok := readItem(i)
		if ok && len(items) < maxRoster {
			items[item.JID] = a.keepSeen(item)
		}
	}
	version, _ := usableVersion(q)
	for _, p := range a.roster.pushed {
		if p.remove {
			delete(items, p.item.JID)
		} else {
			items[p.item.JID] = a.keepSeen(p.item)
		}
		if p.versioned {
			version = p.version
		}
	}
	err := a.m.update(func(tx *storage.Tx) error {
		if err := putRosterVersion(tx, a.id, version); err != nil {
			return err
		}
		return tx.ReplaceRoster(a.id, slices.Collect(maps.Values(items)))
	})
	if err != nil {
		// The version on disk is still the old one, so the next link gets the
		// same answer again; until then what is shown is right.
		a.log.Warn("could not store the roster", "err", err)
	} else {
		a.stored.RosterVersion = version
	}
	a.roster.unsaved = err != nil
	for j := range a.roster.entries {
		if _, ok := items[j]; !ok {
			a.removeEntry(j)
		}
	}
	for _, item := range items {
		a.putEntry(item)
	}
}

// keepSeen gives an item from the server the last-seen time that only we know.
func (a *Account) keepSeen(item storage.RosterItem) storage.RosterItem {
	if e := a.roster.entries[item.JID]; e != nil {
		item.LastSeen = e.item.LastSeen
	}
	return item
}

func putRosterVersion(tx *storage.Tx, id storage.AccountID, version string) error {
	stored, err := tx.Account(id)
	if err != nil || stored.RosterVersion == version {
		return err
	}
	stored.RosterVersion = version
	return tx.PutAccount(&stored)
}

// takePush handles a roster push. Only our own account may send one (RFC 6121
// section 2.1.6); to others it is as if we knew no rosters.
func (in *intake) takePush(st *stream.Stanza) {
	if st.From.Raw != "" && st.From.JID.String() != in.a.own.String() {
		in.a.log.Debug("ignored a roster push from somebody else")
		return
	}
	var q struct {
		Query roster.Query `xml:"jabber:iq:roster query"`
	}
	if st.Decode(&q) != nil || len(q.Query.Items) != 1 {
		in.answers = append(in.answers, func() { in.replyError(st, "modify", "bad-request") })
		return
	}
	in.answers = append(in.answers, func() { in.reply(st, nil) })
	item, ok := readItem(q.Query.Items[0])
	if !ok {
		return
	}
	p := push{item: item, remove: q.Query.Items[0].Subscription == roster.Remove}
	p.version, p.versioned = usableVersion(q.Query)
	a := in.a
	known := a.roster.entries[item.JID] != nil
	if !p.remove && !known && len(a.roster.entries) >= maxRoster {
		return
	}
	in.writes = append(in.writes, func(tx *storage.Tx) error { return a.storePush(tx, p) })
	in.after = append(in.after, func() { a.applyPush(p) })
	if item.Subscription == storage.SubscriptionFrom || item.Subscription == storage.SubscriptionBoth {
		in.dropRequest(item.JID) // answered on another device
	}
}

// storePush writes a push down, with its version if it has one.
func (a *Account) storePush(tx *storage.Tx, p push) error {
	if p.versioned {
		if err := putRosterVersion(tx, a.id, p.version); err != nil {
			return err
		}
	}
	if a.roster.unsaved {
		if err := tx.ReplaceRoster(a.id, a.roster.items()); err != nil {
			return err
		}
	}
	if p.remove {
		return tx.DeleteRosterItem(a.id, p.item.JID)
	}
	return tx.PutRosterItem(a.id, a.keepSeen(p.item))
}

// applyPush takes a push over that is on disk.
func (a *Account) applyPush(p push) {
	a.roster.unsaved = false
	if p.versioned {
		a.stored.RosterVersion = p.version
	}
	if a.roster.fetching && len(a.roster.pushed) < maxRoster {
		a.roster.pushed = append(a.roster.pushed, p)
	}
	if p.remove {
		a.removeEntry(p.item.JID)
	} else {
		a.putEntry(a.keepSeen(p.item))
	}
}

// usableVersion gives the version of a roster, empty for one that is too long
// to keep; false when there is none.
func usableVersion(q roster.Query) (string, bool) {
	if q.Version == nil {
		return "", false
	}
	if len(*q.Version) > maxVersion {
		return "", true
	}
	return *q.Version, true
}

// putEntry adds or changes a contact in memory.
func (a *Account) putEntry(item storage.RosterItem) {
	e := a.roster.entries[item.JID]
	if e == nil {
		e = &entry{item: item}
		a.roster.entries[item.JID] = e
		a.roster.order = nil
		a.adopt(e)
		a.acceptContact(item.JID)
	} else if sameItem(e.item, item) {
		return
	}
	e.item, e.view = item, nil
	a.roster.changed = true
}

func sameItem(a, b storage.RosterItem) bool {
	return a.Name == b.Name && a.Subscription == b.Subscription && a.Ask == b.Ask &&
		a.LastSeen == b.LastSeen && slices.Equal(a.Groups, b.Groups)
}

func (a *Account) removeEntry(address string) {
	if a.roster.entries[address] == nil {
		return
	}
	delete(a.roster.entries, address)
	delete(a.later.seen, address)
	a.setPerson(storage.Person{JID: address})
	a.roster.order = nil
	a.roster.changed = true
}

// readItem reads an item from the server; false when it cannot be a contact.
func readItem(i roster.Item) (storage.RosterItem, bool) {
	j, err := contactJID(i.JID)
	if err != nil || j.Domainpart() == "" {
		return storage.RosterItem{}, false
	}
	item := storage.RosterItem{
		JID:  j.Bare().String(),
		Name: cut(i.Name, maxNameSize),
		Ask:  i.Ask == roster.AskSubscribe,
	}
	switch i.Subscription {
	case roster.To:
		item.Subscription = storage.SubscriptionTo
	case roster.From:
		item.Subscription = storage.SubscriptionFrom
	case roster.Both:
		item.Subscription = storage.SubscriptionBoth
	}
	item.Groups = cleanGroups(i.Groups)
	return item, true
}

// cleanGroups leaves out empty and double names and sorts the rest.
func cleanGroups(groups []string) []string {
	var clean []string
	for _, g := range groups {
		g = strings.TrimSpace(cut(g, maxNameSize))
		if g != "" && !slices.Contains(clean, g) && len(clean) < maxGroups {
			clean = append(clean, g)
		}
	}
	slices.Sort(clean)
	return clean
}
