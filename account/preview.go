package account

import (
	"context"
	"errors"
	"slices"

	"linnet/storage"
)

// SetPreviews says whether the pages of links that contacts of an account send
// are fetched when a message comes. Whoever runs the site learns the address of
// this machine by that, and that the link was received.
func (m *Manager) SetPreviews(ctx context.Context, id storage.AccountID, on bool) error {
	return m.do(ctx, id, func(a *Account) error {
		return a.change(func(s *storage.Account) { s.Previews = on })
	})
}

// Preview fetches what the page of a link in a message says of itself, because
// the user asked for it, and keeps it with the message, as MessageChanged tells.
// It waits for the page. Errors are those of LookUp, and storage.ErrNotFound for a link
// that is not in the message.
func (m *Manager) Preview(ctx context.Context, chat storage.ChatID, pos storage.Pos, link string) error {
	return m.preview(ctx, chat, pos, link, true)
}

// WantPreview is Preview for a message that has come and nobody asked for: it
// does nothing but for contacts where SetPreviews allows it, for https, for what
// is not around us, and once. That it was not to be is no error; others are for
// a log alone.
func (m *Manager) WantPreview(ctx context.Context, chat storage.ChatID, pos storage.Pos, link string) error {
	err := m.preview(ctx, chat, pos, link, false)
	if errors.Is(err, errUnwanted) {
		return nil
	}
	return err
}

// LookUp gives what the page of a link says of itself, for a message that is
// being written. Errors: ErrNoPreview, ErrNotPage, ErrPageGone, ErrPageRefused,
// ErrPageCertificate, ErrPageUnsafe, and those of reaching it.
func (m *Manager) LookUp(ctx context.Context, id storage.AccountID, link string) (storage.Link, error) {
	var stored storage.Account
	if err := m.do(ctx, id, func(a *Account) error { stored = a.stored; return nil }); err != nil {
		return storage.Link{}, err
	}
	l, _, err := m.fetchPage(ctx, &stored, link, true)
	return l, err
}

// errUnwanted says that a page is not to be fetched unasked.
var errUnwanted = errors.New("this preview is not wanted")

func (m *Manager) preview(ctx context.Context, chat storage.ChatID, pos storage.Pos, link string, asked bool) error {
	var stored storage.Account
	var msg storage.Message
	err := m.doChat(ctx, chat, func(a *Account) (err error) {
		if msg, err = a.messageAt(chat, pos); err != nil {
			return err
		}
		stored = a.stored
		if !standsIn(msg.Body, link) {
			return storage.ErrNotFound
		}
		if !asked && !a.mayPreview(&msg, link) {
			return errUnwanted
		}
		return nil
	})
	if err != nil {
		return err
	}
	l, moved, err := m.fetchPage(ctx, &stored, link, asked)
	keep := err == nil || !asked && isLastingPage(err)
	return errors.Join(err, m.doChat(ctx, chat, func(a *Account) error {
		if !asked {
			a.downloads.unasked[chat] += moved
		}
		if !keep {
			return nil
		}
		return a.keepPreview(&msg, l)
	}))
}

// isLastingPage tells whether asking a page again would end the same way.
func isLastingPage(err error) bool {
	var answer *httpError
	if errors.As(err, &answer) {
		return answer.lasting()
	}
	return errors.Is(err, ErrNoPreview) || errors.Is(err, ErrNotPage) || errors.Is(err, ErrPageUnsafe)
}

// mayPreview tells whether the page of a link may be fetched unasked.
func (a *Account) mayPreview(m *storage.Message, link string) bool {
	if !a.stored.Previews || m.Out || linkAt(m.Links, link) >= 0 || a.downloads.isSpent(m.Chat, a.now()) {
		return false
	}
	c, err := a.m.Chat(m.Chat)
	return err == nil && !c.Request && a.roster.entries[c.JID] != nil
}

// keepPreview stores what a page says with the message that leads there.
func (a *Account) keepPreview(was *storage.Message, l storage.Link) error {
	var m storage.Message
	err := a.m.update(func(tx *storage.Tx) error {
		var ok bool
		var err error
		if m, ok, err = messageAgain(tx, was); err != nil {
			return err
		}
		if !ok || !standsIn(m.Body, l.URL) {
			return errUnchanged // it was changed or taken back meanwhile
		}
		m.Links = slices.Clone(m.Links)
		if i := linkAt(m.Links, l.URL); i >= 0 {
			m.Links[i] = l
		} else {
			m.Links = append(m.Links, l)
		}
		if over := len(m.Links) - 2*maxLinks; over > 0 {
			m.Links = m.Links[over:]
		}
		return tx.PutMessage(&m)
	})
	if err != nil {
		return ignoreUnchanged(err)
	}
	a.note(MessageChanged{m})
	return nil
}
