package account

import (
	"context"
	"encoding/xml"

	"mellium.im/xmpp/jid"

	"linnet/account/stream"
	"linnet/account/xep/caps"
	"linnet/account/xep/disco"
	"linnet/storage"
)

// Bounds of what contacts can make us ask and remember.
const (
	maxCapsKnown   = 512 // answers in memory; the disk has its own bound
	maxCapsQueries = 4   // under way at once
	maxCapsQueued  = 256
	maxCapsTries   = 3   // devices asked about one hash before giving it up
	maxCapsVer     = 128 // bytes of a hash; the longest that is checked has 88
	maxCapsNode    = 512 // bytes of the address of a program
)

// capsState is what is known about programs by the hash in their presence.
// Nothing is believed before the hash was checked, for then the answer of one
// contact would speak for all others who use the same program.
type capsState struct {
	known   map[string]*disco.Info // nil: given up for this link
	asking  map[string]int         // hashes that are asked about, and how often
	queue   []capsQuery
	running int
}

// capsQuery asks one device what its hash stands for.
type capsQuery struct {
	key string
	c   caps.C
	to  jid.JID
}

func (s *capsState) init() {
	s.known = make(map[string]*disco.Info)
	s.asking = make(map[string]int)
}

// forget is for the end of a link. What is known stays.
func (s *capsState) forget() {
	for key, info := range s.known {
		if info == nil {
			delete(s.known, key)
		}
	}
	clear(s.asking)
	s.queue, s.running = nil, 0
}

// usableCaps tells whether it can ever be known what c stands for.
func usableCaps(c caps.C) bool {
	return caps.Known(c.Hash) && c.Ver != "" && len(c.Ver) <= maxCapsVer && len(c.Node) <= maxCapsNode
}

// seeCaps names the program of a contact's device if it is known by its hash,
// and asks the device otherwise.
func (a *Account) seeCaps(address string, r *resource) {
	if r.said.Ver == "" || r.Resource == "" {
		return
	}
	key := r.said.Hash + " " + r.said.Ver
	r.caps = key
	info := a.infoOf(key)
	if _, known := a.caps.known[key]; known {
		r.Client = clientOf(info)
		return
	}
	to, err := deviceJID(address, r.Resource)
	if err != nil || len(a.caps.queue) >= maxCapsQueued {
		return
	}
	if _, asked := a.caps.asking[key]; !asked {
		a.caps.asking[key] = 0
		a.caps.queue = append(a.caps.queue, capsQuery{key, r.said, to})
		a.askCaps()
	}
}

func deviceJID(address, resource string) (jid.JID, error) {
	bare, err := contactJID(address)
	if err != nil {
		return bare, err
	}
	return bare.WithResource(resource)
}

// clientOf gives the name a program has given itself.
func clientOf(info *disco.Info) string {
	if info == nil {
		return ""
	}
	for _, i := range info.Identities {
		if i.Category == "client" && i.Name != "" {
			return cut(i.Name, maxNameSize)
		}
	}
	return ""
}

// infoOf gives what a hash stands for; nil when that is not known.
func (a *Account) infoOf(key string) *disco.Info {
	info, known := a.caps.known[key]
	if !known && key != "" {
		if info = a.storedCaps(key); info != nil {
			a.rememberCaps(key, info)
		}
	}
	return info
}

func (a *Account) storedCaps(key string) *disco.Info {
	var raw []byte
	err := a.m.cfg.Store.View(func(tx *storage.Tx) error {
		var err error
		raw, _, err = tx.Caps(key)
		return err
	})
	if waiting, ok := a.later.caps[key]; ok {
		raw = waiting
	}
	if err != nil || raw == nil {
		return nil
	}
	info := new(disco.Info)
	if xml.Unmarshal(raw, info) != nil {
		return nil
	}
	return info
}

// rememberCaps keeps an answer, or with nil that there is none.
func (a *Account) rememberCaps(key string, info *disco.Info) {
	for k := range a.caps.known {
		if len(a.caps.known) < maxCapsKnown {
			break
		}
		delete(a.caps.known, k) // whichever: the disk has it
	}
	a.caps.known[key] = info
}

// askCaps sends queries as far as the bounds allow.
func (a *Account) askCaps() {
	for a.caps.running < maxCapsQueries && len(a.caps.queue) > 0 {
		q := a.caps.queue[0]
		a.caps.queue = a.caps.queue[1:]
		a.caps.running++
		var info disco.Info
		a.iq(func(ctx context.Context, c *stream.Client) error {
			return c.IQ(ctx, q.to, "get", disco.Info{Node: q.c.Node + "#" + q.c.Ver}, &info)
		}, func(err error) {
			a.caps.running--
			if err == nil {
				err = caps.Verify(q.c, &info)
			}
			a.heardCaps(q, &info, err)
			a.askCaps()
		})
	}
}

// heardCaps takes over an answer. One that does not fit says nothing about the
// hash, only about who gave it, so another device with the same is asked.
func (a *Account) heardCaps(q capsQuery, info *disco.Info, err error) {
	if err != nil {
		a.log.Debug("caps not believed", "err", err)
		tries := a.caps.asking[q.key] + 1
		next, ok := a.otherDevice(q)
		switch {
		case tries >= maxCapsTries:
			delete(a.caps.asking, q.key)
			a.rememberCaps(q.key, nil)
		case ok:
			a.caps.asking[q.key] = tries
			a.caps.queue = append(a.caps.queue, capsQuery{q.key, q.c, next})
		default: // whoever comes with this hash next is asked
			delete(a.caps.asking, q.key)
		}
		return
	}
	delete(a.caps.asking, q.key)
	raw, err := xml.Marshal(info)
	if err != nil || len(raw) > storage.MaxCapsBytes {
		a.rememberCaps(q.key, nil) // whoever is asked, the answer is as large
		return
	}
	a.rememberCaps(q.key, info)
	a.later.caps[q.key] = raw
	a.saveLater()
	a.nameClients(q.key, clientOf(info))
}

// nameClients shows the program's name at all devices that use it.
func (a *Account) nameClients(key, client string) {
	for _, e := range a.roster.entries {
		for i := range e.here {
			if e.here[i].caps == key && e.here[i].Client != client {
				e.here[i].Client = client
				a.touch(e)
			}
		}
	}
}

// otherDevice finds another contact's device with the same hash.
func (a *Account) otherDevice(q capsQuery) (jid.JID, bool) {
	for _, e := range a.roster.entries {
		if e.item.JID == q.to.Bare().String() {
			continue
		}
		for _, r := range e.here {
			if r.caps != q.key {
				continue
			}
			if to, err := deviceJID(e.item.JID, r.Resource); err == nil {
				return to, true
			}
		}
	}
	return jid.JID{}, false
}
