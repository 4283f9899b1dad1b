//go:build linux

package main

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"math"
	"os"
	"slices"
	"strconv"
	"time"

	"mellium.im/xmpp/jid"

	"linnet/account/servertest"
	"linnet/account/xep/mam"
	"linnet/account/xep/rsm"
	"linnet/cmd/internal/desktop"
	"linnet/storage"
)

const (
	// catchUpTries is how often a small archive is caught up with, and
	// smallArchive what that is; others are once.
	catchUpTries = 3
	smallArchive = 20_000
	// missedEvery is how long after the last the next message was missed: the
	// longest absence begins after archiveAge.
	missedEvery = time.Second
	// pageWish is how many messages a page shall have, as the program asks for;
	// the server gives fewer.
	pageWish = 200
	// lookEvery is how often the program is looked at meanwhile.
	lookEvery = 20 * time.Millisecond
	// written is how long nothing is written when all is that was read.
	written = time.Second
	// catchUpPatience is for the longest archives.
	catchUpPatience = 15 * time.Minute
)

// The part of the screen that has the last message of the first chat of the
// list, without how many are unread.
const lastX, lastY, lastWidth, lastHeight = 106, 200, 180, 44

// absence is what romeo has missed: half of it is from Juliet, the rest from
// some other contacts, and a third he wrote on another device.
type absence struct {
	n     int
	begin time.Time
}

func newAbsence(n int) absence {
	return absence{n, time.Now().Add(-time.Hour - time.Duration(n)*missedEvery).Truncate(time.Second)}
}

// end is before anything else came.
func (a absence) end() time.Time { return a.begin.Add(time.Duration(a.n) * missedEvery) }

func (a absence) messages() iter.Seq[servertest.Archived] {
	const others = 30
	return func(yield func(servertest.Archived) bool) {
		for i := range a.n {
			m := servertest.Archived{
				With: juliet, Out: i%3 == 0, At: a.begin.Add(time.Duration(i) * missedEvery), ID: fmt.Sprintf("missed-%016d", i),
				Body: fmt.Sprintf("Message %d of those that came meanwhile, of a usual length", i),
			}
			if i%2 == 1 {
				m.With = fmt.Sprintf("contact%03d@%s", i/2%others+2, domain)
			}
			if !yield(m) {
				return
			}
		}
	}
}

// catchUps measures getting what was missed, with the chat open that most of it
// is in, and how fast the server gives it to a client that does nothing with it.
func (b *bench) catchUps(ctx context.Context, missed absence) error {
	// It has been here before, but for what is missed now.
	if err := b.leaveAt(time.Now()); err != nil {
		return err
	}
	if err := b.with(ctx); err != nil { // knows the contacts then
		return err
	}
	if err := b.leaveAt(missed.begin); err != nil {
		return err
	}
	if err := b.user.Keep(); err != nil {
		return err
	}
	tries := 1
	if missed.n <= smallArchive {
		tries = catchUpTries
	}
	var all []caughtUp
	raw := time.Duration(math.MaxInt64)
	for range tries {
		took, err := b.readArchive(ctx, missed)
		if err != nil {
			return err
		}
		raw = min(raw, took)
		if err := b.user.Restore(); err != nil {
			return err
		}
		c, err := b.catchUp(ctx, missed)
		if err != nil {
			return err
		}
		all = append(all, c)
	}
	best := slices.MinFunc(all, func(a, b caughtUp) int { return int(a.took - b.took) })
	rate := func(d time.Duration) float64 { return float64(missed.n) / d.Seconds() }
	b.add(fmt.Sprintf("catching up with %d messages, from signing in to the disk", missed.n), "half the server's", "%.0f /s (%.2f s)", rate(best.took), best.took.Seconds())
	b.add("  the server's rate with a client that only counts them", "", "%.0f /s (%.2f s)", rate(raw), raw.Seconds())
	b.add("  until the list of chats shows the newest", "1 s", "%.2f s", best.first.Seconds())
	b.add("  the processor time of that", "", "%.2f s (%.0f µs each)", best.cpu.Seconds(), float64(best.cpu.Microseconds())/float64(missed.n))
	b.add("  longest the window did not answer meanwhile", "100 ms", "%.0f ms", millis(best.pause))
	b.add("  PSS at its highest", "200 MiB", "%.0f MiB", float64(best.pss)/1024)
	return nil
}

// leaveAt makes the program believe that it has everything up to a time, as if
// it had run until then.
func (b *bench) leaveAt(at time.Time) error {
	return b.user.Update(func(tx *storage.Tx, accounts map[string]storage.AccountID) error {
		id := accounts[romeo]
		gaps, err := tx.Gaps(id)
		if err != nil {
			return err
		}
		for _, g := range gaps {
			if err := tx.DeleteGap(id, g.ID); err != nil {
				return err
			}
		}
		return tx.PutSetting(fmt.Sprintf("account/%d/mark", id), strconv.AppendInt(nil, at.UnixMilli(), 10))
	})
}

// caughtUp is what catching up took.
type caughtUp struct {
	took  time.Duration // until the last was on disk
	first time.Duration // until the list of chats showed the newest
	cpu   time.Duration // until took
	pause time.Duration // the longest the window did not answer
	pss   int           // the most, in KiB
}

// catchUp starts the program and opens a chat while the server does not answer,
// and then lets it sign in.
func (b *bench) catchUp(ctx context.Context, missed absence) (c caughtUp, err error) {
	ctx, cancel := context.WithTimeout(ctx, catchUpPatience)
	defer cancel()
	b.server.Freeze()
	defer b.server.Thaw()
	r, err := b.start(ctx)
	if err != nil {
		return c, err
	}
	stop := r.p.Stop
	defer func() {
		if stop != nil {
			stop(patience)
		}
	}()
	if err := b.look(ctx, r); err != nil {
		return c, err
	}
	defer r.watch.Close()
	if err := b.openNth(ctx, r, desktop.Key1, "Juliet"); err != nil {
		return c, err
	}
	asking, enough := context.WithCancel(ctx)
	pause := make(chan time.Duration)
	go func() { pause <- longestPause(asking, r.watch) }()
	b.server.Thaw()
	err = b.follow(ctx, r, &c)
	enough()
	c.pause = <-pause
	if err != nil {
		return c, err
	}
	stop(patience)
	stop = nil
	return c, b.complete(missed)
}

// follow looks at the program until it writes no more.
func (b *bench) follow(ctx context.Context, r *run, c *caughtUp) error {
	begin := time.Now()
	cpuBefore, err := cpuTime(r.p.PID())
	if err != nil {
		return err
	}
	before, err := os.Stat(b.user.ArchiveFile())
	if err != nil {
		return err
	}
	last := before.ModTime()
	read := b.server.FirstRead("romeo")
	var shown []byte
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for i := 0; ; i++ {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		}
		now, err := os.Stat(b.user.ArchiveFile())
		if err != nil {
			return err
		}
		if now.ModTime() != last {
			last = now.ModTime()
			c.took = last.Sub(begin)
			cpu, err := cpuTime(r.p.PID())
			if err != nil {
				return err
			}
			c.cpu = cpu - cpuBefore
		} else if time.Since(last) > written && b.server.FirstRead("romeo") > read {
			return nil
		}
		end, err := b.screen.Image(lastX, lastY, lastWidth, lastHeight)
		if err != nil {
			return err
		}
		if shown == nil || !bytes.Equal(shown, end) {
			shown, c.first = end, time.Since(begin)
		}
		if i%10 == 0 {
			kib, err := pss(r.p.PID())
			if err != nil {
				return err
			}
			c.pss = max(c.pss, kib)
		}
	}
}

// complete says whether all that was missed is on disk now.
func (b *bench) complete(missed absence) error {
	return b.user.Update(func(tx *storage.Tx, accounts map[string]storage.AccountID) error {
		chats, err := tx.Chats(accounts[romeo])
		if err != nil {
			return err
		}
		n := 0
		for _, chat := range chats {
			at := storage.Pos{Time: missed.begin.UnixMilli() - 1}
			for {
				page, err := tx.MessagesAfter(chat.ID, at, oneWrite)
				if err != nil {
					return err
				}
				if len(page) == 0 {
					break
				}
				n += len(page)
				at = page[len(page)-1].Pos
			}
		}
		if n != missed.n {
			return fmt.Errorf("%d messages were missed, and %d are on disk", missed.n, n)
		}
		return nil
	})
}

// readArchive reads as the program does, page by page from the end, and only
// counts what comes.
func (b *bench) readArchive(ctx context.Context, missed absence) (time.Duration, error) {
	p, err := enter(ctx, b.server, "romeo")
	if err != nil {
		return 0, err
	}
	defer p.leave()
	most, before := pageWish, ""
	begin := time.Now()
	for {
		var fin mam.Fin
		q := mam.Query{QueryID: "count", Form: mam.Filter{Start: missed.begin, End: missed.end()}.Form(), Set: &rsm.Set{Max: &most, Before: &before}}
		if err := p.client.IQ(ctx, jid.JID{}, "set", q, &fin); err != nil {
			return 0, err
		}
		if fin.Complete {
			break
		}
		before = fin.Set.First.ID
	}
	// The answer overtakes the results.
	if err := p.ping(ctx, p.jid); err != nil {
		return 0, err
	}
	took := time.Since(begin)
	if n := int(p.results.Load()); n != missed.n {
		return 0, fmt.Errorf("the archive has %d messages, not %d", n, missed.n)
	}
	return took, nil
}
