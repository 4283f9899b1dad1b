package account

import (
	"context"
	"errors"
	"math"
	"slices"
	"time"

	"linnet/account/stream"
	"linnet/account/xep/mam"
	"linnet/storage"
)

// load has everything that waits as what may have been sent before.
func (o *outboxState) load(tx *storage.Tx, id storage.AccountID) error {
	waiting, err := tx.Outbox(id, math.MaxInt)
	o.looked = make(map[string]string)
	if n := len(waiting); n > 0 {
		o.doubt, o.posted = true, waiting[n-1].Seq
	}
	return err
}

// takenError is by how much the time at which the server takes a message may
// seem to be before the user wrote it, as long as its clock is known.
const takenError = 10 * time.Second

// enqueue puts into the outbox what is wanted now.
func (a *Account) enqueue(tx *storage.Tx, o *storage.Outgoing) error {
	wrong := roughLag
	if a.clock.sure(a.now()) {
		wrong = takenError
	}
	o.Since = a.serverNow().Add(-wrong).UnixMilli()
	return tx.EnqueueAct(a.id, o)
}

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
	var list []unsure
	err := a.do(ctx, func() (err error) {
		list, err = a.unsureChats()
		return err
	})
	for _, u := range list {
		if err == nil {
			err = a.lookFor(ctx, c, u)
		}
	}
	return err
}

// lookFor gets what was said in a conversation since it has messages that may
// have been sent, oldest first, until all of them are found. Where a question
// before came to an end, this one goes on: what was not there then can only have
// come behind it.
func (a *Account) lookFor(ctx context.Context, c *stream.Client, u unsure) error {
	w := newSweep(FromCatchUp, true)
	q := archiveQuery{with: u.with, start: u.since, after: a.outbox.looked[u.with], up: true}
	for {
		part, err := a.ask(ctx, c, q)
		if isNotFound(err) && q.after != "" {
			q.after = ""
			part, err = a.ask(ctx, c, q)
		}
		if err == nil {
			err = w.goesOn(&q, &part)
		}
		found := false
		if err == nil {
			err = a.do(ctx, func() error {
				found, err = a.keepUnsure(&part, w, u)
				return err
			})
		}
		if err != nil || found {
			return err
		}
		if part.last.ID != "" {
			q.after = part.last.ID
			a.outbox.looked[u.with] = q.after
		}
		if part.complete {
			return nil
		}
	}
}

// keepUnsure keeps a page, and tells whether nothing is in doubt any more.
func (a *Account) keepUnsure(part *archivePart, w *sweep, u unsure) (found bool, err error) {
	if _, err := a.keep(*part, w, func(*storage.Tx) error { return nil }); err != nil {
		return false, err
	}
	left, err := a.unsureChats()
	return !slices.ContainsFunc(left, func(l unsure) bool { return l.with == u.with }), err
}

// unsureChats gives the conversations of the outbox with messages that may have
// been sent.
func (a *Account) unsureChats() (list []unsure, err error) {
	known := make(map[storage.ChatID]bool)
	err = a.m.cfg.Store.View(func(tx *storage.Tx) error {
		entries, err := tx.Outbox(a.id, math.MaxInt)
		if err != nil {
			return err
		}
		for _, e := range entries {
			if known[e.Chat] || e.Seq > a.outbox.posted {
				continue
			}
			known[e.Chat] = true
			chat, err := tx.Chat(e.Chat)
			if isLost(err) {
				continue
			} else if err != nil {
				return err
			}
			if e.Since == 0 {
				e.Since = e.Pos.At().Add(-roughLag).UnixMilli()
			}
			list = append(list, unsure{with: chat.JID, since: e.Since})
		}
		return nil
	})
	return list, err
}
