package app

import (
	"context"
	"time"

	"fyne.io/fyne/v2/lang"

	"linnet/account"
)

// localTimes is where in the world the contact of the details is, as far as their
// devices have told.
type localTimes struct {
	key   contactKey
	zones map[string]*time.Location // by resource
}

// askTime asks what time it is where a contact is, once for each time their
// details are opened.
func (p *detailsPane) askTime(contact account.Contact) {
	key := contactKey{contact.Account, contact.JID}
	if p.times.key == key || len(contact.Resources) == 0 || !p.a.shell.detailsShown() || !p.a.model.online(key.account) {
		return
	}
	p.times = localTimes{key: key}
	p.a.on(laneNet, func(ctx context.Context) func() {
		zones, err := p.a.backend.LocalTimes(ctx, key.account, key.jid)
		if err != nil {
			return nil // many do not tell, which is no news
		}
		return func() {
			if p.times.key == key {
				p.times.zones = zones
				p.refresh(everything)
			}
		}
	})
}

// deviceState is how a device of a contact is, and what time it is there, if that
// is known.
func (p *detailsPane) deviceState(key contactKey, r account.Presence) string {
	state := presenceText(r, p.a.now())
	if zone := p.times.zones[r.Resource]; zone != nil && p.times.key == key {
		state += " · " + lang.L("{{.Time}} there", map[string]any{"Time": clock(p.a.now().In(zone))})
	}
	return state
}
