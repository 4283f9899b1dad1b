package account

import (
	"context"
	"errors"
	"slices"
	"time"

	"linnet/account/stream"
	"linnet/account/xep/mam"
	"linnet/storage"
)

// unsurePages is how many pages are looked at for one conversation. Some servers
// give 50 messages at most, and what was said meanwhile is among them, with the
// receipts for all of it: four for each that was on its way.
const unsurePages = 4*maxInFlight/50 + 20

// holdOutbox keeps messages that the server may have already from being sent
// again, until its archive was asked. It is for a new stream.
func (a *Account) holdOutbox() {
	a.outbox.held = a.outbox.doubt && a.server.accountHas(mam.NS)
}

// unsure is a conversation with messages that may have been sent.
type unsure struct {
	with  string
	since int64 // Unix milliseconds
}

// releaseOutbox asks the archive for what is held back: what is found there is
// sent. Then the rest goes out, also when the server refuses to answer or takes
// longer than archivePatience; a server that is silent altogether takes nothing
// either. While there is no room to store the answer, all of it waits.
func (a *Account) releaseOutbox(ctx context.Context, c *stream.Client) {
	err := a.lookForAll(ctx, c)
	for errors.Is(err, storage.ErrDiskFull) && ctx.Err() == nil {
		select {
		case <-time.After(a.m.fullRetry):
			err = a.lookForAll(ctx, c)
		case <-ctx.Done():
		}
	}
	if err != nil {
		a.log.Info("could not ask whether messages were sent before", "err", err)
	}
	a.post(func() {
		// A stream that has ended leaves the question to the next one. Its end
		// may be known here before it is known to the account.
		if ctx.Err() == nil && !errors.Is(err, stream.ErrOffline) {
			a.outbox.held, a.outbox.doubt = false, false
			a.flushOutbox()
		}
	})
}

// lookForAll gets what was said in the conversations of the outbox.
func (a *Account) lookForAll(ctx context.Context, c *stream.Client) error {
	list, err := a.unsureChats()
	for _, u := range list {
		if err == nil {
			err = a.lookFor(ctx, c, u)
		}
	}
	return err
}

// lookFor gets what was said in a conversation since it has messages that wait.
func (a *Account) lookFor(ctx context.Context, c *stream.Client, u unsure) error {
	w := newSweep(FromCatchUp, false)
	q := archiveQuery{with: u.with, start: u.since}
	for range unsurePages {
		part, err := a.ask(ctx, c, q)
		if err != nil {
			return err
		}
		err = a.do(ctx, func() error {
			_, err := a.keep(part, w, func(*storage.Tx) error { return nil })
			return err
		})
		if err != nil || part.complete {
			return err
		}
		left, err := a.unsureChats()
		if err != nil || !slices.ContainsFunc(left, func(l unsure) bool { return l.with == u.with }) {
			return err
		}
		q.before = part.first.ID
	}
	return nil
}

// unsureChats gives the conversations of the outbox.
func (a *Account) unsureChats() (list []unsure, err error) {
	known := make(map[storage.ChatID]bool)
	err = a.m.cfg.Store.View(func(tx *storage.Tx) error {
		entries, err := tx.Outbox(a.id, maxInFlight)
		if err != nil {
			return err
		}
		for _, e := range entries {
			if known[e.Chat] {
				continue
			}
			known[e.Chat] = true
			chat, err := tx.Chat(e.Chat)
			if isLost(err) {
				continue
			} else if err != nil {
				return err
			}
			list = append(list, unsure{with: chat.JID, since: e.Pos.At().Add(-roughLag).UnixMilli()})
		}
		return nil
	})
	return list, err
}
