package account

import (
	"context"

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
	ArchiveAlways   ArchivePolicy = "always" // of everybody
	ArchiveContacts ArchivePolicy = "roster" // of those in the contact list
	ArchiveNever    ArchivePolicy = "never"
)

// Before gives up to n messages before a place; the zero Pos is the end of the
// conversation. A gap may also be before the first message of the page.
func (m *Manager) Before(chat storage.ChatID, before storage.Pos, n int) (page Page, err error) {
	err = m.cfg.Store.View(func(tx *storage.Tx) error {
		page.Messages, err = tx.MessagesBefore(chat, before, n)
		return err
	})
	return page, err
}

// After gives up to n messages after a place; the zero Pos is the beginning of
// what is on disk. A gap may also be before the first message of the page, and
// of an empty page there is none.
func (m *Manager) After(chat storage.ChatID, after storage.Pos, n int) (page Page, err error) {
	err = m.cfg.Store.View(func(tx *storage.Tx) error {
		page.Messages, err = tx.MessagesAfter(chat, after, n)
		return err
	})
	return page, err
}

// FetchGap gets a page of messages from the server that belong directly before
// a place with a gap before it (see Page). What is new comes as MessagesAdded
// with Source FromHistory before FetchGap returns. closed says that nothing is
// missing there any more. Errors: ErrNoArchive when the server keeps no
// messages, stream.ErrOffline, those of the server and of ctx.
func (m *Manager) FetchGap(ctx context.Context, chat storage.ChatID, before storage.Pos) (closed bool, err error) {
	return false, ErrNoArchive
}

// FetchGapAfter is FetchGap from the other side: the messages directly after
// one that has a gap behind it.
func (m *Manager) FetchGapAfter(ctx context.Context, chat storage.ChatID, after storage.Pos) (closed bool, err error) {
	return false, ErrNoArchive
}

// LoadAll gets all messages of a conversation that the server has and we have
// not, newest first, until ctx ends; what came stays. progress, which may be
// nil, is called from another goroutine with the number of messages so far.
// The errors are those of FetchGap.
func (m *Manager) LoadAll(ctx context.Context, chat storage.ChatID, progress func(loaded int)) error {
	return ErrNoArchive
}

// LoadAllOf is LoadAll for all conversations of an account.
func (m *Manager) LoadAllOf(ctx context.Context, id storage.AccountID, progress func(loaded int)) error {
	return ErrNoArchive
}

// View tells which conversation the user looks at, 0 for none: what it lacks is
// fetched first. It does not wait.
func (m *Manager) View(chat storage.ChatID) {
	m.viewing.Store(uint32(chat))
}

// ArchivePolicy asks the server whose messages it keeps. ErrNoArchive says that
// it keeps none or does not let us choose.
func (m *Manager) ArchivePolicy(ctx context.Context, id storage.AccountID) (ArchivePolicy, error) {
	return "", ErrNoArchive
}

// SetArchivePolicy has the server keep messages of others from now on. What it
// keeps already stays.
func (m *Manager) SetArchivePolicy(ctx context.Context, id storage.AccountID, p ArchivePolicy) error {
	return ErrNoArchive
}
