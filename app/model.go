package app

import (
	"cmp"
	"strings"
	"time"

	"linnet/account"
	"linnet/account/stream"
	"linnet/storage"
	"linnet/widgets"
)

// contactKey names a contact: the same address on two accounts is two.
type contactKey struct {
	account storage.AccountID
	jid     string // bare
}

// model is what the window knows of the layers below: snapshots, changed only
// on the UI goroutine.
type model struct {
	accounts []account.Info
	status   storage.Status
	contacts map[contactKey]account.Contact
	requests []account.Request
	chats    map[storage.ChatID]storage.Chat
	typing   map[storage.ChatID]bool                                       // whose contact is typing
	portrait func(key contactKey, hash string, side int) *widgets.Portrait // nil for no pictures
	full     account.StorageFull
	files    *fileDesk
	links    *linkDesk
	away     map[storage.AccountID]time.Time // since when an account is on its way online
}

func newModel() *model {
	return &model{
		contacts: map[contactKey]account.Contact{}, chats: map[storage.ChatID]storage.Chat{}, typing: map[storage.ChatID]bool{},
		away: map[storage.AccountID]time.Time{},
	}
}

// account finds an account; nil when it is gone.
func (m *model) account(id storage.AccountID) *account.Info {
	for i := range m.accounts {
		if m.accounts[i].ID == id {
			return &m.accounts[i]
		}
	}
	return nil
}

// setAccount replaces an account that is known.
func (m *model) setAccount(info account.Info) {
	if a := m.account(info.ID); a != nil {
		*a = info
	}
}

// follow notes since when accounts are on their way online.
func (m *model) follow(now time.Time) {
	away := map[storage.AccountID]time.Time{}
	for _, a := range m.accounts {
		if p := a.State.Phase; p == stream.Connecting || p == stream.Waiting {
			away[a.ID] = now
			if since, ok := m.away[a.ID]; ok {
				away[a.ID] = since
			}
		}
	}
	m.away = away
}

// connectingLong is how long a connection may take until the window says so:
// most are there sooner, and a line that comes and goes is only restless.
const connectingLong = 5 * time.Second

// slow reports whether an account has been on its way online for long.
func (m *model) slow(id storage.AccountID, now time.Time) bool {
	since, ok := m.away[id]
	return ok && now.Sub(since) >= connectingLong
}

// setTyping notes what the contact of a chat does in it.
func (m *model) setTyping(id storage.ChatID, state account.ChatState) {
	if state == account.Composing {
		m.typing[id] = true
		return
	}
	delete(m.typing, id)
}

// enabled are the accounts in use.
func (m *model) enabled() []account.Info {
	var out []account.Info
	for _, a := range m.accounts {
		if a.Enabled {
			out = append(out, a)
		}
	}
	return out
}

// setContacts replaces the contacts of one account.
func (m *model) setContacts(id storage.AccountID, contacts []account.Contact) {
	for k := range m.contacts {
		if k.account == id {
			delete(m.contacts, k)
		}
	}
	for _, c := range contacts {
		m.contacts[contactKey{id, c.JID}] = c
	}
}

// contact finds the contact behind a chat.
func (m *model) contact(id storage.AccountID, jid string) (account.Contact, bool) {
	c, ok := m.contacts[contactKey{id, jid}]
	return c, ok
}

// stripe is the colour that marks an account in lists; 0 while there is only
// one account and nothing to tell apart.
func (m *model) stripe(id storage.AccountID) uint32 {
	if a := m.account(id); a != nil && len(m.accounts) > 1 {
		return a.Color
	}
	return 0
}

// name is what a contact is called: as the user named it, else by the address.
func (m *model) name(id storage.AccountID, jid string) string {
	if m.isOwn(contactKey{id, jid}) {
		return ownNotesName()
	}
	if c, ok := m.contact(id, jid); ok {
		for _, name := range []string{c.Name, c.Nick} { // the user's word first
			if name := widgets.Harmless(name); name != "" {
				return name
			}
		}
	}
	return widgets.Harmless(jid)
}

// shortName is how a line of text speaks of a contact: "Juliet" of "Juliet
// Capulet", "juliet" of "juliet@capulet.example".
func (m *model) shortName(id storage.AccountID, jid string) string {
	name := m.name(id, jid)
	if name == widgets.Harmless(jid) {
		name, _, _ = strings.Cut(name, "@")
	}
	first, _, _ := strings.Cut(name, " ")
	return first
}

// phase is where the connection of an account is.
func (m *model) phase(id storage.AccountID) stream.Phase {
	if a := m.account(id); a != nil {
		return a.State.Phase
	}
	return stream.Stopped
}

// online reports whether an account has a connection.
func (m *model) online(id storage.AccountID) bool { return m.phase(id) == stream.Online }

// unread counts the conversations' unread messages that ask for attention. One
// that is only marked as unread counts once; those of strangers do not count.
func (m *model) unread(now time.Time) int {
	n := 0
	for _, c := range m.chats {
		switch {
		case m.account(c.Account) == nil, muted(c, now), c.Request:
		case c.Unread == 0 && c.MarkedUnread:
			n++
		default:
			n += c.Unread
		}
	}
	return n
}

// findChat finds the conversation with an address, without making one.
func (m *model) findChat(id storage.AccountID, jid string) (storage.Chat, bool) {
	for _, c := range m.chats {
		if c.Account == id && c.JID == jid {
			return c, true
		}
	}
	return storage.Chat{}, false
}

// accountFor chooses the account to talk to an address with: the one that has
// it as a contact and is connected, else one that has it, else the first that
// is enabled. several says that more than one has the contact, so that the
// choice is the user's.
func (m *model) accountFor(jid string) (id storage.AccountID, several, ok bool) {
	var having []account.Info
	enabled := m.enabled()
	for _, a := range enabled {
		if _, has := m.contact(a.ID, jid); has {
			having = append(having, a)
		}
	}
	several = len(having) > 1
	if len(having) == 0 {
		having = enabled
	}
	if len(having) == 0 {
		return 0, false, false
	}
	for _, a := range having {
		if a.State.Phase == stream.Online {
			return a.ID, several, true
		}
	}
	return having[0].ID, several, true
}

// muted reports whether a chat makes no noise now.
func muted(c storage.Chat, now time.Time) bool { return now.Before(c.MutedUntil) }

// contactLine is the second line of a contact: what is special about it, then
// its own words, then when it was there.
func contactLine(c account.Contact, now time.Time) string {
	switch {
	case c.Ask:
		return askText()
	case c.Subscription == storage.SubscriptionFrom:
		return oneWayText()
	case c.Subscription == storage.SubscriptionNone:
		return noSubscriptionText()
	case c.Best.Status != "":
		return widgets.Harmless(c.Best.Status)
	case c.Best.Show == storage.ShowOffline:
		return lastSeen(c.LastSeen, now)
	case c.Best.Show != storage.ShowOnline && c.Best.Show != storage.ShowChat:
		return awayText(c.Best, now)
	}
	return ""
}

// sortKey is a name without case and accents, for sorting.
func sortKey(name string) string { return string(widgets.Fold(name).Runes) }

// compareNames sorts by name as sortKey gives it, then by address and account,
// so that the order never depends on chance.
func compareNames(aName, bName string, a, b contactKey) int {
	if n := cmp.Compare(aName, bName); n != 0 {
		return n
	}
	if n := cmp.Compare(a.jid, b.jid); n != 0 {
		return n
	}
	return cmp.Compare(a.account, b.account)
}
