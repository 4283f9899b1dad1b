package account

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"linnet/account/stream"
	"linnet/account/xep/caps"
	"linnet/account/xep/delay"
	"linnet/account/xep/idle"
	"linnet/account/xep/vcard"
	"linnet/storage"
)

// Bounds of what others' presences may take.
const (
	// maxResources of one address: people have a handful of devices, the rest
	// is somebody playing.
	maxResources = 16
	// maxStrangers is how many addresses outside the roster are remembered:
	// contacts whose roster push is still on its way, no more. While the
	// roster is, it may be all who are there.
	maxStrangers      = 128
	maxEarlyStrangers = 2048
)

// presenceState is who is there.
type presenceState struct {
	touched map[string]struct{} // whose presence changed since the last event
	all     bool                // everybody's did

	strangers    map[string]*entry
	strangersAge []string // oldest first
	arrivals     uint64
}

func (p *presenceState) init() {
	p.touched = make(map[string]struct{})
	p.strangers = make(map[string]*entry)
}

func (p *presenceState) changed() bool { return p.all || len(p.touched) > 0 }

func (p *presenceState) takeEvent(id storage.AccountID) (Event, bool) {
	if !p.changed() {
		return nil, false
	}
	e := PresenceChanged{Account: id}
	if !p.all {
		for j := range p.touched {
			e.JIDs = append(e.JIDs, j)
		}
		slices.Sort(e.JIDs)
	}
	p.all = false
	clear(p.touched)
	return e, true
}

// presenceIn is all that is read of a presence. Everything is a string, since
// a value that cannot be read must not hide the rest.
type presenceIn struct {
	Show     string       `xml:"jabber:client show"`
	Status   []langText   `xml:"jabber:client status"`
	Priority string       `xml:"jabber:client priority"`
	Caps     *caps.C      `xml:"http://jabber.org/protocol/caps c"`
	Idle     *idle.Idle   `xml:"urn:xmpp:idle:1 idle"`
	Delay    *delay.Delay `xml:"urn:xmpp:delay delay"`

	Update *vcard.Update `xml:"vcard-temp:x:update x"`
}

// langText is an element that may come in several languages.
type langText struct {
	Lang string `xml:"http://www.w3.org/XML/1998/namespace lang,attr"`
	Text string `xml:",chardata"`
}

// pick chooses the text without a language, which is in that of the stream,
// else the first.
func pick(texts []langText) string {
	for _, t := range texts {
		if t.Lang == "" {
			return t.Text
		}
	}
	if len(texts) > 0 {
		return texts[0].Text
	}
	return ""
}

// takePresence handles a received presence.
func (in *intake) takePresence(st *stream.Stanza) {
	from := st.From.JID.Bare()
	if from.Domainpart() == "" || from.Equal(in.a.own) {
		return // our own other devices are not contacts
	}
	var p presenceIn
	if err := st.Decode(&p); err != nil {
		return
	}
	address := from.String()
	switch st.Type {
	case "", "unavailable":
		at := in.a.delayed(p.Delay, in.now)
		in.after = append(in.after, func() {
			in.a.seePresence(address, st.From.JID.Resourcepart(), st.Type == "", p, at)
		})
		if hash, ok := readUpdate(p.Update); ok && st.Type == "" {
			in.takeNews(personNews{who: address, avatar: &hash, byCard: true})
		}
	case "error":
		in.after = append(in.after, func() {
			if e := in.a.roster.entries[address]; e != nil && len(e.here) > 0 {
				in.a.leave(e, "", in.now, "")
			}
		})
	case "subscribe":
		in.takeRequest(address, pick(p.Status))
	case "unsubscribe":
		in.dropRequest(address)
	}
	// subscribed and unsubscribed say nothing that the roster push with them
	// does not say with authority; probes are the server's to answer.
}

// delayed gives the time a delay element of whomever says, kept in the past.
func (a *Account) delayed(d *delay.Delay, now time.Time) time.Time {
	if d != nil {
		if t, ok := d.Time(); ok && t.Before(now) {
			return t
		}
	}
	return now
}

// resource is one device of somebody who is there.
type resource struct {
	Presence
	arrival uint64
	said    caps.C // what its presence says about its program
	caps    string // the key under which what it can do is known
}

// seePresence takes over a presence of a contact, or keeps that of a stranger
// for the case that a roster push makes it a contact.
func (a *Account) seePresence(address, res string, available bool, p presenceIn, at time.Time) {
	e := a.roster.entries[address]
	contact := e != nil
	if !contact {
		if e = a.stranger(address, available); e == nil {
			return
		}
	}
	if !available {
		a.leave(e, res, at, cut(pick(p.Status), maxStatus))
		return
	}
	r := resource{Presence: Presence{
		Resource: res,
		Show:     readShow(p.Show),
		Status:   cut(strings.TrimSpace(pick(p.Status)), maxStatus),
		Priority: readPriority(p.Priority),
		Since:    at,
	}}
	if p.Idle != nil {
		if t, ok := p.Idle.Time(); ok && !t.After(at) {
			r.Idle = t
		}
	}
	if p.Caps != nil && usableCaps(*p.Caps) {
		r.said = *p.Caps
	}
	if contact {
		a.seeCaps(address, &r)
	}
	a.presence.arrivals++
	r.arrival = a.presence.arrivals
	e.put(r)
	a.touch(e)
}

// put adds or replaces a resource. When there are too many the oldest goes.
func (e *entry) put(r resource) {
	e.here = slices.DeleteFunc(e.here, func(o resource) bool { return o.Resource == r.Resource })
	if len(e.here) >= maxResources {
		oldest := slices.MinFunc(e.here, func(x, y resource) int { return cmp.Compare(x.arrival, y.arrival) })
		e.here = slices.DeleteFunc(e.here, func(o resource) bool { return o.arrival == oldest.arrival })
	}
	e.here = append(e.here, r)
	slices.SortFunc(e.here, compareResources)
}

// compareResources puts the best first: priority, then show, then the latest.
func compareResources(x, y resource) int {
	return cmp.Or(
		cmp.Compare(y.Priority, x.Priority),
		cmp.Compare(x.Show, y.Show),
		cmp.Compare(y.arrival, x.arrival),
	)
}

// leave takes a resource of e away; an empty one means all.
func (a *Account) leave(e *entry, res string, at time.Time, status string) {
	was := len(e.here)
	if t := a.typing.theirs[e.item.JID]; t != nil && t.resource == res {
		a.endTyping(e.item.JID, Active)
	}
	e.here = slices.DeleteFunc(e.here, func(o resource) bool { return res == "" || o.Resource == res })
	if len(e.here) > 0 || was == 0 && e.gone == status && at.UnixMilli() <= e.item.LastSeen {
		if len(e.here) != was {
			a.touch(e)
		}
		return
	}
	a.endTyping(e.item.JID, Active)
	e.gone = status
	e.item.LastSeen = max(e.item.LastSeen, at.UnixMilli())
	a.touch(e)
	a.seenLater(e.item.JID)
}

// touch says that the presence of e changed.
func (a *Account) touch(e *entry) {
	e.view = nil
	if a.roster.entries[e.item.JID] == e {
		a.presence.touched[e.item.JID] = struct{}{}
	}
}

// seenLater has the last-seen time of a contact written soon.
func (a *Account) seenLater(address string) {
	if _, ok := a.roster.entries[address]; ok {
		a.later.seen[address] = struct{}{}
		a.saveLater()
	}
}

// stranger gives the place for presences of somebody who is not in the roster.
func (a *Account) stranger(address string, create bool) *entry {
	p := &a.presence
	e := p.strangers[address]
	if e != nil || !create {
		return e
	}
	bound := maxStrangers
	if a.roster.fetching {
		bound = maxEarlyStrangers
	}
	p.forgetStrangers(bound - 1)
	e = &entry{item: storage.RosterItem{JID: address}}
	p.strangers[address] = e
	p.strangersAge = append(p.strangersAge, address)
	return e
}

// forgetStrangers keeps no more than n, the latest.
func (p *presenceState) forgetStrangers(n int) {
	gone := max(0, len(p.strangersAge)-n)
	for _, address := range p.strangersAge[:gone] {
		delete(p.strangers, address)
	}
	p.strangersAge = slices.Delete(p.strangersAge, 0, gone)
}

// adopt gives a new contact the presences it sent as a stranger.
func (a *Account) adopt(e *entry) {
	p := &a.presence
	s := p.strangers[e.item.JID]
	if s == nil {
		return
	}
	delete(p.strangers, e.item.JID)
	p.strangersAge = slices.DeleteFunc(p.strangersAge, func(j string) bool { return j == e.item.JID })
	e.here = s.here
	for i := range e.here {
		a.seeCaps(e.item.JID, &e.here[i])
	}
	a.touch(e)
}

// showPresences has the presences of all looked at anew.
func (a *Account) showPresences() {
	for _, e := range a.roster.entries {
		if len(e.here) > 0 {
			e.view = nil
			a.presence.all = true
		}
	}
}

// forgetPresences is for the end of a stream: nobody is known to be there, and
// those who were have been seen until it lost its link.
func (a *Account) forgetPresences() {
	for _, e := range a.roster.entries {
		if len(e.here) > 0 {
			a.leave(e, "", a.server.left, "")
		}
	}
	a.presence.forgetStrangers(0)
	a.presence.all = true
}

// readShow takes what is no show for online, as it is when none is given.
func readShow(s string) storage.Show {
	s = strings.TrimSpace(s)
	for show, name := range showNames {
		if name == s {
			return show
		}
	}
	return storage.ShowOnline
}

// readPriority takes what is no priority for none, which means 0.
func readPriority(s string) int8 {
	n, err := strconv.ParseInt(strings.TrimSpace(s), 10, 8)
	if err != nil {
		return 0
	}
	return int8(n)
}
