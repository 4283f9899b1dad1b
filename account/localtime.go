package account

import (
	"context"
	"errors"
	"fmt"
	"time"

	"linnet/account/xep/entitytime"
	"linnet/storage"
)

// ErrNoTime says that it is not known what time it is where somebody is.
var ErrNoTime = errors.New("the contact does not tell its time")

// LocalTime asks a device of a contact what time it is there (XEP-0202): the
// best one that is online. Only those are asked who may see us, since the
// question tells that we are here. Errors: ErrNoTime, also of who may not see us
// or is away; stream.ErrOffline, *stream.StanzaError.
func (m *Manager) LocalTime(ctx context.Context, id storage.AccountID, address string) (time.Time, error) {
	c, a, err := m.connection(ctx, id)
	if err != nil {
		return time.Time{}, err
	}
	resource := ""
	err = a.do(ctx, func() error {
		if e := a.roster.entries[address]; e.seesUs() && len(e.here) > 0 {
			resource = e.here[0].Resource
		}
		return nil
	})
	if err != nil {
		return time.Time{}, err
	}
	to, err := deviceJID(address, resource)
	if err != nil || resource == "" {
		return time.Time{}, ErrNoTime
	}
	var answer entitytime.Query
	if err := c.IQ(ctx, to, "get", entitytime.Query{}, &answer); err != nil {
		return time.Time{}, fmt.Errorf("ask for the time: %w", err)
	}
	at, ok := answer.Time()
	zone, known := answer.Offset()
	if !ok || !known {
		return time.Time{}, ErrNoTime
	}
	return at.In(zone), nil
}
