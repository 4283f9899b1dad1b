package account

import (
	"context"
	"time"

	"mellium.im/xmpp/jid"

	"linnet/account/stream"
	"linnet/account/xep/mam"
	"linnet/storage"
)

// Page is a stretch of a conversation as it is on disk, with the places where
// the server may have messages that are not.
type Page struct {
	Messages []storage.Message // oldest first

	// Gaps are the places of the messages that have a gap directly before
	// them. Of an empty page it is the place that was asked for: the zero Pos
	// is the end of the conversation. See Manager.FetchGap.
	Gaps []storage.Pos
}

// HistoryState tells how far the messages are that an account is getting from
// its server's archive. While they come in the background Active is true.
type HistoryState struct {
	Active bool
	Loaded int // messages so far
	Total  int // of them in all; 0 means not known
}

// ArchivePolicy says whose messages the server keeps (XEP-0441).
type ArchivePolicy string

// The policies of XEP-0441.
const (
	ArchiveAlways   ArchivePolicy = mam.Always // of everybody
	ArchiveContacts ArchivePolicy = mam.Roster // of those in the contact list
	ArchiveNever    ArchivePolicy = mam.Never
)

// Before gives up to n messages before a place; the zero Pos is the end of the
// conversation. A gap may also be before the first message of the page.
func (m *Manager) Before(chat storage.ChatID, before storage.Pos, n int) (page Page, err error) {
	err = m.readPage(chat, func(tx *storage.Tx, c *storage.Chat) error {
		if page.Messages, err = tx.MessagesBefore(chat, before, n); err != nil {
			return err
		}
		page.Gaps, err = gapsIn(tx, c, page.Messages, before)
		return err
	})
	return page, err
}

// After gives up to n messages after a place; the zero Pos is the beginning of
// what is on disk. A gap may also be before the first message of the page, and
// of an empty page there is none.
func (m *Manager) After(chat storage.ChatID, after storage.Pos, n int) (page Page, err error) {
	err = m.readPage(chat, func(tx *storage.Tx, c *storage.Chat) error {
		page.Messages, err = tx.MessagesAfter(chat, after, n)
		if err != nil || len(page.Messages) == 0 {
			return err
		}
		page.Gaps, err = gapsIn(tx, c, page.Messages, after)
		return err
	})
	return page, err
}

// HasMessages tells for each of the stretches between times, which are in order,
// whether there are messages of a conversation on disk.
func (m *Manager) HasMessages(chat storage.ChatID, between []time.Time) (has []bool, err error) {
	err = m.readPage(chat, func(tx *storage.Tx, _ *storage.Chat) error {
		for i := 1; i < len(between); i++ {
			has = append(has, tx.HasBetween(chat, between[i-1].UnixMilli(), between[i].UnixMilli()))
		}
		return nil
	})
	return has, err
}

// readPage reads of a conversation; one that is gone has nothing.
func (m *Manager) readPage(chat storage.ChatID, f func(*storage.Tx, *storage.Chat) error) error {
	return m.cfg.Store.View(func(tx *storage.Tx) error {
		c, err := tx.Chat(chat)
		if err != nil {
			return ignoreLost(err)
		}
		return f(tx, &c)
	})
}

// FetchGap gets a page of messages from the server that belong directly before
// a place with a gap before it (see Page). What is new comes as MessagesAdded
// before FetchGap returns, with Source FromCatchUp if it was missed while away,
// else FromHistory. closed says that nothing is
// missing there any more. Errors: ErrNoArchive when the server keeps no
// messages, stream.ErrOffline, those of the server and of ctx.
func (m *Manager) FetchGap(ctx context.Context, chat storage.ChatID, before storage.Pos) (closed bool, err error) {
	return m.fetch(ctx, chat, false, func(tx *storage.Tx, c *storage.Chat) (stretch, bool, error) {
		return missingBefore(tx, c, before)
	})
}

// FetchGapAfter is FetchGap from the other side: the messages directly after
// one that has a gap behind it.
func (m *Manager) FetchGapAfter(ctx context.Context, chat storage.ChatID, after storage.Pos) (closed bool, err error) {
	return m.fetch(ctx, chat, true, func(tx *storage.Tx, c *storage.Chat) (stretch, bool, error) {
		return missingAfter(tx, c, after)
	})
}

// sourceOf tells what the messages of a gap are: missed, or from before this
// device knew the account.
func sourceOf(g *storage.Gap) Source {
	if g.From.IsZero() {
		return FromHistory
	}
	return FromCatchUp
}

type findStretch func(*storage.Tx, *storage.Chat) (stretch, bool, error)

// fetch gets pages of a gap of a conversation until one has something new.
func (m *Manager) fetch(ctx context.Context, chat storage.ChatID, up bool, next findStretch) (closed bool, err error) {
	a, c, err := m.archiveOf(ctx, chat)
	if err != nil {
		return false, err
	}
	var w *sweep
	for {
		s, ok, err := a.find(chat, next)
		if !ok || err != nil {
			return true, err
		}
		w = w.through(&s.raw, up)
		part, added, err := a.fill(ctx, c, &s, w)
		if added > 0 || err != nil {
			return part.complete && err == nil, err
		}
		// Nothing new: the next page, or the next gap at the same place.
	}
}

// find looks for a gap of a conversation.
func (a *Account) find(chat storage.ChatID, next findStretch) (s stretch, ok bool, err error) {
	err = a.m.readPage(chat, func(tx *storage.Tx, c *storage.Chat) error {
		s, ok, err = next(tx, c)
		return err
	})
	return s, ok, err
}

// archiveOf gives the account of a conversation and its connection.
func (m *Manager) archiveOf(ctx context.Context, chat storage.ChatID) (*Account, *stream.Client, error) {
	c, err := m.Chat(chat)
	if err != nil {
		return nil, nil, err
	}
	return m.archive(ctx, c.Account)
}

// archive gives an account, whose server keeps messages, and its connection.
func (m *Manager) archive(ctx context.Context, id storage.AccountID) (a *Account, c *stream.Client, err error) {
	err = m.do(ctx, id, func(of *Account) error {
		a = of
		if c, err = a.client(); err == nil && !a.server.accountHas(mam.NS) {
			err = ErrNoArchive
		}
		return err
	})
	return a, c, err
}

// LoadAll gets all messages of a conversation that the server has and we have
// not, newest first, until ctx ends; what came stays. progress, which may be
// nil, is called from the caller's goroutine with the number of messages so
// far. The errors are those of FetchGap.
func (m *Manager) LoadAll(ctx context.Context, chat storage.ChatID, progress func(loaded int)) error {
	a, c, err := m.archiveOf(ctx, chat)
	if err != nil {
		return err
	}
	return a.loadAll(ctx, c, progress, func() (stretch, bool, error) {
		return a.find(chat, func(tx *storage.Tx, row *storage.Chat) (stretch, bool, error) {
			return missingBefore(tx, row, storage.Pos{})
		})
	})
}

// LoadAllOf is LoadAll for all conversations of an account.
func (m *Manager) LoadAllOf(ctx context.Context, id storage.AccountID, progress func(loaded int)) error {
	a, c, err := m.archive(ctx, id)
	if err != nil {
		return err
	}
	return a.loadAll(ctx, c, progress, a.newestGap)
}

// loadAll fills one stretch after the other.
func (a *Account) loadAll(ctx context.Context, c *stream.Client, progress func(int), next func() (stretch, bool, error)) error {
	loaded := 0
	var w *sweep
	defer func() { w.leave() }()
	for {
		s, ok, err := next()
		if !ok || err != nil {
			return err
		}
		w = w.through(&s.raw, false)
		w.eager = true
		part, _, err := a.fill(ctx, c, &s, w)
		if err != nil {
			return err
		}
		if loaded += len(part.results); progress != nil {
			progress(loaded)
		}
	}
}

// View tells which conversation the user looks at, 0 for none: what it lacks is
// fetched first. It does not wait.
func (m *Manager) View(chat storage.ChatID) {
	m.viewing.Store(uint32(chat))
}

// ArchivePolicy asks the server whose messages it keeps. ErrNoArchive says that
// it keeps none.
func (m *Manager) ArchivePolicy(ctx context.Context, id storage.AccountID) (ArchivePolicy, error) {
	prefs, _, _, err := m.archivePrefs(ctx, id)
	return ArchivePolicy(prefs.Default), err
}

// SetArchivePolicy has the server keep messages of others from now on, but for
// those people another client made an exception of. What it keeps already
// stays.
func (m *Manager) SetArchivePolicy(ctx context.Context, id storage.AccountID, p ArchivePolicy) error {
	prefs, a, c, err := m.archivePrefs(ctx, id)
	if err != nil {
		return err
	}
	a.server.policy.Lock()
	defer a.server.policy.Unlock()
	prefs.Default = string(p)
	// Until it is known what the server made of it nothing may rely on the archive.
	if err := a.do(ctx, func() error { return a.keepArchived(false) }); err != nil {
		return err
	}
	if err := c.IQ(ctx, jid.JID{}, "set", prefs, nil); err != nil {
		return err
	}
	return a.do(ctx, func() error { return a.keepArchived(archivesAll(prefs)) })
}

func (m *Manager) archivePrefs(ctx context.Context, id storage.AccountID) (prefs mam.Prefs, a *Account, c *stream.Client, err error) {
	if a, c, err = m.archive(ctx, id); err == nil {
		err = c.IQ(ctx, jid.JID{}, "get", mam.GetPrefs{}, &prefs)
	}
	return prefs, a, c, err
}
