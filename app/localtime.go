package app

import (
	"context"
	"time"

	"fyne.io/fyne/v2/lang"

	"linnet/account"
)

// localTime is where in the world the contact of the details is, as far as one
// of their devices has told.
type localTime struct {
	key  contactKey
	zone *time.Location // nil while not known
}

// askTime asks what time it is where a contact is, once for each time their
// details are opened.
func (p *detailsPane) askTime(contact account.Contact) {
	key := contactKey{contact.Account, contact.JID}
	if p.time.key == key || len(contact.Resources) == 0 || !p.a.shell.detailsShown() || !p.a.model.online(key.account) {
		return
	}
	p.time = localTime{key: key}
	p.a.on(laneNet, func(ctx context.Context) func() {
		at, err := p.a.backend.LocalTime(ctx, key.account, key.jid)
		if err != nil {
			return nil // many do not tell, which is no news
		}
		return func() {
			if p.time.key == key {
				p.time.zone = at.Location()
				p.refresh(everything)
			}
		}
	})
}

// there is what time it is where a contact is; "" when that is not known.
func (p *detailsPane) there(key contactKey) string {
	if p.time.key != key || p.time.zone == nil {
		return ""
	}
	return lang.L("{{.Time}} there", map[string]any{"Time": clock(p.a.now().In(p.time.zone))})
}
