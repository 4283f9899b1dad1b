package app

import (
	"context"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2/lang"

	"linnet/account"
)

// localTimes is where in the world the contact of the details is, as far as their
// devices have told.
type localTimes struct {
	key   contactKey
	asked string                    // the devices that were asked
	zones map[string]*time.Location // by resource
}

// askTime asks what time it is where a contact is, once for each time their
// details are opened, and again when they come with another device.
func (p *detailsPane) askTime(contact account.Contact) {
	key := contactKey{contact.Account, contact.JID}
	names := make([]string, len(contact.Resources))
	for i, r := range contact.Resources {
		names[i] = r.Resource
	}
	slices.Sort(names)
	devices := strings.Join(names, "\x00")
	if p.times.key == key && p.times.asked == devices || len(names) == 0 || !p.a.shell.detailsShown() || !p.a.model.online(key.account) {
		return
	}
	if p.times.key != key {
		p.times = localTimes{key: key}
	}
	p.times.asked = devices
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
