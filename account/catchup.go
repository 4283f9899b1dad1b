package account

import (
	"context"
	"errors"
	"sync"
	"time"

	"mellium.im/xmpp/jid"

	"linnet/account/stream"
	"linnet/account/xep/carbons"
	"linnet/account/xep/mam"
	"linnet/storage"
)

const (
	// firstMessages is how many messages a new account gets by itself, so that
	// its conversations are there; older ones come when somebody looks.
	firstMessages = 1000
	// syncRetry is the wait before a server is asked again that could not answer.
	syncRetry = 30 * time.Second
	// lookAgain is how long after all was got the archive is looked at once more.
	// ejabberd may hand a message to the devices that are there some time before
	// it is in the archive, so that one that has just come would never get it.
	lookAgain = 10 * time.Second
)

// syncState is the goroutine that brings an account up to date, and what the
// window shows of it.
type syncState struct {
	cancel context.CancelFunc // nil before the first
	ended  chan struct{}
	again  *time.Timer // see lookAgain; nil before the first
	shown  HistoryState

	running bool // for all the account knows
}

// startSync begins to bring the account up to date on a stream that has just
// begun, or goes on.
func (a *Account) startSync(fresh bool) {
	s := &a.archive.sync
	before := s.ended
	if s.cancel != nil {
		s.cancel()
	}
	l := a.link
	ctx, cancel := context.WithCancel(l.ctx)
	ended := make(chan struct{})
	s.cancel, s.ended, s.running = cancel, ended, true
	a.tasks.Go(func() {
		defer close(ended)
		defer cancel()
		if before != nil {
			<-before
		}
		a.bringUpToDate(ctx, l.client, fresh)
		again := fresh && ctx.Err() == nil
		a.post(func() {
			a.showHistory(HistoryState{})
			if s.ended == ended {
				s.running = false
				a.tellHeldReads()
			}
			if again {
				a.lookAgain(l)
			}
		})
	})
}

// lookAgain has the archive looked at for what it got late.
func (a *Account) lookAgain(l *link) {
	a.archive.sync.again = time.AfterFunc(a.m.lookAgain, func() {
		a.post(func() {
			if a.link == l && a.online() && a.server.accountHas(mam.NS) {
				a.startSync(false)
			}
		})
	})
}

// endSync is for the end of a stream.
func (a *Account) endSync() {
	if a.archive.sync.cancel != nil {
		a.archive.sync.cancel()
	}
	if a.archive.sync.again != nil {
		a.archive.sync.again.Stop()
	}
}

// bringUpToDate asks a new stream for what it can, and then gets what this
// device missed: what came and went while it was away.
func (a *Account) bringUpToDate(ctx context.Context, c *stream.Client, fresh bool) {
	var all sync.WaitGroup
	all.Go(func() { a.askTime(ctx, c) })
	if fresh {
		// Before the archive: what other devices do from now on is copied.
		all.Go(func() { a.enableCarbons(ctx, c) })
		all.Go(func() { a.discoverServer(ctx, c) })
	}
	all.Wait()
	var reads sync.WaitGroup
	reads.Go(func() { a.syncReads(ctx, c) })
	defer reads.Wait()
	held, archive := false, false
	err := a.do(ctx, func() error {
		held, archive = a.outbox.held, a.server.accountHas(mam.NS)
		if !archive {
			return nil
		}
		return a.noteGap()
	})
	if held {
		a.releaseOutbox(ctx, c)
	}
	for archive {
		if err == nil {
			err = a.catchUp(ctx, c)
		}
		if err == nil || ctx.Err() != nil || errors.Is(err, stream.ErrOffline) {
			return
		}
		a.log.Info("could not get all that was missed", "err", err)
		a.post(func() { a.showHistory(HistoryState{}) })
		wait := syncRetry
		if errors.Is(err, storage.ErrDiskFull) {
			wait = a.m.fullRetry
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return
		}
		err = a.do(ctx, a.noteGap)
	}
}

// enableCarbons asks for copies of what the other devices of the account send
// and receive (XEP-0280), unless that was done with binding.
func (a *Account) enableCarbons(ctx context.Context, c *stream.Client) {
	if c.State().Info.Enabled(carbons.NS) {
		return
	}
	if err := c.IQ(ctx, jid.JID{}, "set", carbons.Enable{}, nil); err != nil {
		a.log.Info("the server gives no copies of messages of other devices", "err", err)
	}
}

// catchUp fills the gaps of the account, the newest first. The conversation
// somebody looks at comes before the rest. What a new account never had is
// left after the first part of it.
func (a *Account) catchUp(ctx context.Context, c *stream.Client) error {
	for ctx.Err() == nil {
		s, ok, err := a.nextStretch()
		if !ok || err != nil {
			return err
		}
		source := sourceOf(&s.gap)
		if err := a.catchUpOn(ctx, c, s, source); err != nil {
			return err
		}
		if source == FromHistory {
			a.post(func() {
				a.archive.first = true
				a.leaveUnread()
			})
			return nil
		}
	}
	return ctx.Err()
}

// nextStretch gives the newest gap. The oldest, from the beginning of the
// archive, is wanted only until the first messages of it are here.
func (a *Account) nextStretch() (s stretch, ok bool, err error) {
	s, ok, err = a.newestGap()
	return s, ok && (!s.gap.From.IsZero() || a.archive.firstLeft.Load() > 0), err
}

// newestGap gives the newest gap of the account, if it has one.
func (a *Account) newestGap() (s stretch, ok bool, err error) {
	err = a.m.cfg.Store.View(func(tx *storage.Tx) error {
		gaps, err := tx.Gaps(a.id)
		if ok = len(gaps) > 0; ok {
			s = stretch{gap: gaps[0], raw: gaps[0]}
		}
		return err
	})
	return s, ok, err
}

// catchUpOn fills one gap.
func (a *Account) catchUpOn(ctx context.Context, c *stream.Client, s stretch, source Source) error {
	w := newSweep(source, false)
	w.eager = source == FromCatchUp
	defer w.leave()
	show := HistoryState{Active: true}
	looked := false
	for ctx.Err() == nil {
		part, _, err := a.fill(ctx, c, &s, w)
		if err != nil {
			return err
		}
		show.Loaded += len(part.results)
		show.Total = max(show.Total, part.count)
		if source == FromHistory && a.archive.firstLeft.Add(-int32(len(part.results))) <= 0 || part.complete {
			return nil
		}
		a.post(func() {
			a.unhurried = true
			a.showHistory(show)
		})
		s.gap.To, s.raw.To = part.first, part.first
		if !looked {
			looked, w.unhurried = true, true // the newest are told of at once
			if err := a.fillViewed(ctx, c, s.gap.ID, source); err != nil {
				return err
			}
		}
	}
	return ctx.Err()
}

// fillViewed gets a page of a gap for the conversation somebody looks at.
func (a *Account) fillViewed(ctx context.Context, c *stream.Client, gap uint64, source Source) error {
	id := storage.ChatID(a.m.viewing.Load())
	if id == 0 {
		return nil
	}
	var s stretch
	found := false
	err := a.m.cfg.Store.View(func(tx *storage.Tx) error {
		chat, err := tx.Chat(id)
		if err != nil || chat.Account != a.id {
			return ignoreLost(err)
		}
		list, err := stretchesOf(tx, &chat)
		for _, x := range list {
			if x.gap.ID == gap {
				s, found = x, true
			}
		}
		return err
	})
	if !found || err != nil {
		return err
	}
	_, _, err = a.fill(ctx, c, &s, newSweep(source, false))
	if errors.As(err, new(*stream.StanzaError)) || errors.Is(err, errBadArchive) {
		a.log.Info("could not get what was missed of the conversation somebody looks at", "err", err)
		return nil // which is no reason to hold up the rest
	}
	return ignoreLost(err) // it may have been deleted meanwhile
}

// showHistory tells the window how far the work is.
func (a *Account) showHistory(s HistoryState) {
	if a.archive.sync.shown != s {
		a.archive.sync.shown = s
		a.infoChanged = true
	}
}
