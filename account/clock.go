package account

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"linnet/account/stream"
	"linnet/account/xep/entitytime"
	"linnet/storage"
)

// clockStep is how far the wall clock and the one that only runs may differ
// after a while: more means that somebody set the clock or the machine slept.
const clockStep = 5 * time.Second

// smallOffset is what a measurement may be wrong by: some servers tell whole
// seconds. Less is no difference.
const smallOffset = 2 * time.Second

// serverClock is what is known of the clock of the server. The messages of an
// account are in the time of its server: only so can those that came live be
// told apart, by before and after, from those its archive dates.
type serverClock struct {
	offset time.Duration // to be added to ours
	asked  time.Time     // when it was measured, by both of our clocks; zero: never
}

func clockSetting(id storage.AccountID) string { return fmt.Sprintf("account/%d/clock", id) }

// load takes over what was measured last, until it is again: what is typed
// without a connection stands where it would with one.
func (c *serverClock) load(tx *storage.Tx, id storage.AccountID) error {
	raw, _, err := tx.Setting(clockSetting(id))
	if ms, bad := strconv.ParseInt(string(raw), 10, 64); bad == nil {
		c.offset = time.Duration(ms) * time.Millisecond
	}
	return err
}

// setClock takes over what was measured, and keeps it if it is something else.
func (a *Account) setClock(offset time.Duration, asked time.Time) {
	was := a.clock.offset
	a.clock = serverClock{offset: offset, asked: asked}
	if (offset - was).Abs() < smallOffset {
		return
	}
	err := a.m.update(func(tx *storage.Tx) error {
		return tx.PutSetting(clockSetting(a.id), strconv.AppendInt(nil, offset.Milliseconds(), 10))
	})
	if err != nil {
		a.log.Warn("could not store by how much the clock is wrong", "err", err)
	}
}

// serverNow is the time of the server, as far as it is known.
func (a *Account) serverNow() time.Time { return a.now().Add(a.clock.offset) }

// sure tells whether serverNow can be relied on.
func (c *serverClock) sure(now time.Time) bool {
	return !c.asked.IsZero() && !c.stepped(now)
}

// stepped tells whether somebody set our clock, or the machine slept, since it
// was compared with the server's: then serverNow may be wrong by years.
func (c *serverClock) stepped(now time.Time) bool {
	if c.asked.IsZero() {
		return false
	}
	wall := now.Round(0).Sub(c.asked.Round(0))
	return (wall - now.Sub(c.asked)).Abs() >= clockStep
}

// askTime measures the clock of the server (XEP-0202). Before the answer, and
// from a server that gives none, ours is as good as any.
func (a *Account) askTime(ctx context.Context, c *stream.Client) {
	asked := a.now()
	var answer entitytime.Query
	err := c.IQ(ctx, a.own.Domain(), "get", entitytime.Query{}, &answer)
	now := a.now()
	theirs, ok := answer.Time()
	if err != nil || !ok {
		a.log.Info("the server does not tell its time", "err", err)
		a.post(func() {
			if a.clock.stepped(a.now()) || errors.As(err, new(*stream.StanzaError)) {
				a.clock = serverClock{}
			}
		})
		return
	}
	offset := theirs.Sub(asked.Add(now.Sub(asked) / 2)).Round(time.Millisecond)
	if offset.Abs() < smallOffset {
		offset = 0
	}
	a.post(func() { a.setClock(offset, now) })
}
