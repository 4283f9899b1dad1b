package account

import (
	"strings"

	"linnet/storage"
)

const (
	// maxNick bounds the name somebody gives himself, in bytes.
	maxNick = 256
	// maxEarlyNews is how much is kept of what people show before the roster
	// says who they are: a new device hears of all contacts at once.
	maxEarlyNews = 2048
)

// peopleState is what contacts, and our own account, show of themselves.
type peopleState struct {
	known map[string]storage.Person // by bare JID
	early []personNews              // that came before the roster did

	avatars avatarState
}

// personNews is one thing somebody shows of himself.
type personNews struct {
	who    string // bare JID
	nick   *string
	avatar *string // the hash; empty for none
	byCard bool    // the picture is in the vCard
}

func (p *peopleState) load(tx *storage.Tx, id storage.AccountID) error {
	list, err := tx.People(id)
	p.known = make(map[string]storage.Person, len(list))
	for _, person := range list {
		p.known[person.JID] = person
	}
	p.avatars.init()
	return err
}

// takeNick is for the node of XEP-0172.
func (in *intake) takeNick(who string, items []pepItem) {
	name := ""
	for _, i := range items {
		if i.Nick != nil {
			name = cut(strings.TrimSpace(clean(i.Nick.Name)), maxNick)
		}
	}
	in.takeNews(personNews{who: who, nick: &name})
}

func (in *intake) takeNews(n personNews) {
	in.after = append(in.after, func() { in.a.hearNews(n) })
}

// hearNews takes over what somebody shows, of contacts and ourselves alone. As
// long as the roster is under way it waits for that.
func (a *Account) hearNews(n personNews) {
	if a.roster.entries[n.who] == nil && n.who != a.own.String() {
		if a.roster.fetching && len(a.people.early) < maxEarlyNews {
			a.people.early = append(a.people.early, n)
		}
		return
	}
	if n.nick != nil {
		p := a.person(n.who)
		p.Nick = *n.nick
		a.setPerson(p)
	}
	if n.avatar != nil {
		a.hearAvatar(n.who, *n.avatar, n.byCard)
	}
}

// hearEarly takes over what waited for the roster.
func (a *Account) hearEarly() {
	early := a.people.early
	a.people.early = nil
	for _, n := range early {
		a.hearNews(n)
	}
}

// person gives what is known of somebody.
func (a *Account) person(who string) storage.Person {
	p := a.people.known[who]
	p.JID = who
	return p
}

// setPerson changes what is known of somebody, and has it stored soon.
func (a *Account) setPerson(p storage.Person) {
	was := a.person(p.JID)
	if p == was {
		return
	}
	if p.IsZero() {
		delete(a.people.known, p.JID)
	} else {
		a.people.known[p.JID] = p
	}
	a.later.people[p.JID] = struct{}{}
	a.saveLater()
	if e := a.roster.entries[p.JID]; e != nil {
		a.touch(e)
		a.roster.changed = a.roster.changed || p.Nick != was.Nick // which sorts them
	} else if p.JID == a.own.String() {
		a.infoChanged = true
	}
	if p.Avatar != was.Avatar {
		a.note(AvatarChanged{Account: a.id, JID: p.JID})
	}
}
