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

// seeCaps takes note of the caps in a contact's presence. It returns the key
// under which they are known and, if they are, the program's name.
func (a *Account) seeCaps(address, res string, c caps.C) (key, client string) {
	if !caps.Known(c.Hash) || c.Ver == "" || len(c.Ver) > maxCapsVer || res == "" {
		return "", ""
	}
	key = c.Hash + " " + c.Ver
	info, known := a.caps.known[key]
	if !known {
		if info = a.storedCaps(key); info != nil {
			a.rememberCaps(key, info)
			known = true
		}
	}
	if known {
		return key, clientOf(info)
	}
	bare, err := contactJID(address)
	if err != nil {
		return key, ""
	}
	to, err := bare.WithResource(res)
	if err != nil || len(a.caps.queue) >= maxCapsQueued {
		return key, ""
	}
	if _, asked := a.caps.asking[key]; !asked {
		a.caps.asking[key] = 0
		a.caps.queue = append(a.caps.queue, capsQuery{key, c, to})
		a.askCaps()
	}
	return key, ""
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

func (a *Account) storedCaps(key string) *disco.Info {
	var raw []byte
	err := a.m.cfg.Store.View(func(tx *storage.Tx) error {
		var err error
		raw, _, err = tx.Caps(key)
		return err
	})
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
	a.rememberCaps(q.key, info)
	if raw, err := xml.Marshal(info); err == nil {
		err = a.m.update(func(tx *storage.Tx) error { return tx.PutCaps(q.key, raw) })
		if err != nil {
			a.log.Warn("could not store caps", "err", err)
		}
	}
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
			if bare, err := contactJID(e.item.JID); err == nil {
				if to, err := bare.WithResource(r.Resource); err == nil {
					return to, true
				}
			}
		}
	}
	return jid.JID{}, false
}
