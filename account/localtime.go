package account

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"linnet/account/stream"
	"linnet/account/xep/entitytime"
	"linnet/storage"
)

// ErrNoTime says that it is not known what time it is where somebody is.
var ErrNoTime = errors.New("the contact does not tell its time")

const (
	// maxTimes is how many devices of a contact are asked for their time: more are
	// hardly somebody's.
	maxTimes = 8
	// timesTime is how long they may take together: somebody looks, and other
	// questions to servers wait.
	timesTime = 5 * time.Second
)

// LocalTimes asks the devices of a contact that are online where in the world they
// are by their time (XEP-0202), and gives the zones of those that tell, by
// resource. Only contacts are asked who may see us, since the question tells that
// we are here. Errors: ErrNoTime when none tells, also of who may not see us or is
// away; stream.ErrOffline.
func (m *Manager) LocalTimes(ctx context.Context, id storage.AccountID, address string) (map[string]*time.Location, error) {
	c, a, err := m.connection(ctx, id)
	if err != nil {
		return nil, err
	}
	var resources []string
	err = a.do(ctx, func() error {
		if e := a.roster.entries[address]; e.seesUs() {
			for _, r := range e.here[:min(len(e.here), maxTimes)] {
				resources = append(resources, r.Resource)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, timesTime)
	defer cancel()
	var mu sync.Mutex
	var asked sync.WaitGroup
	zones := make(map[string]*time.Location)
	for _, resource := range resources {
		asked.Go(func() {
			zone, err := zoneOf(ctx, c, address, resource)
			if err != nil {
				a.log.Debug("a device does not tell its time", "err", err)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			zones[resource] = zone
		})
	}
	asked.Wait()
	if len(zones) == 0 {
		return nil, ErrNoTime
	}
	return zones, nil
}

// zoneOf asks one device.
func zoneOf(ctx context.Context, c *stream.Client, address, resource string) (*time.Location, error) {
	to, err := deviceJID(address, resource)
	if err != nil || resource == "" {
		return nil, ErrNoTime
	}
	var answer entitytime.Query
	if err := c.IQ(ctx, to, "get", entitytime.Query{}, &answer); err != nil {
		return nil, fmt.Errorf("ask for the time: %w", err)
	}
	_, ok := answer.Time()
	zone, known := answer.Offset()
	if !ok || !known {
		return nil, ErrNoTime
	}
	return zone, nil
}
