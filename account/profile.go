package account

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"mellium.im/xmpp/jid"

	"linnet/account/stream"
	"linnet/account/xep/nick"
	"linnet/account/xep/vcard"
	"linnet/storage"
)

const (
	// maxProfileField and maxProfileNote bound what is read and written of a
	// profile, in bytes.
	maxProfileField = 1024
	maxProfileNote  = 8 << 10
)

// Profile is what somebody says of himself. Fields may be empty, and none of
// them says who somebody is.
type Profile struct {
	Name         string // the full name
	Nick         string // how they want to be called
	Email, Phone string
	URL          string
	Organization string
	Title        string // what they are there
	Birthday     string // as written; mostly 2000-12-31
	Note         string // may have several lines

	// Open says, of our own profile, that everybody may read it: else those who
	// see our presence.
	Open bool
}

// profileField is one field of a Profile and where it lies in the two kinds of
// vCards. The first path is the one to write.
type profileField struct {
	of    func(*Profile) *string
	most  int
	card  [][]string // XEP-0292
	plain [][]string // XEP-0054
}

var profileFields = []profileField{
	{func(p *Profile) *string { return &p.Name }, maxProfileField, [][]string{{"fn", "text"}}, [][]string{{"FN"}}},
	{func(p *Profile) *string { return &p.Nick }, maxNick, [][]string{{"nickname", "text"}}, [][]string{{"NICKNAME"}}},
	{func(p *Profile) *string { return &p.Email }, maxProfileField, [][]string{{"email", "text"}}, [][]string{{"EMAIL", "USERID"}, {"EMAIL"}}},
	{func(p *Profile) *string { return &p.Phone }, maxProfileField, [][]string{{"tel", "text"}, {"tel", "uri"}}, [][]string{{"TEL", "NUMBER"}, {"TEL"}}},
	{func(p *Profile) *string { return &p.URL }, maxProfileField, [][]string{{"url", "uri"}, {"url", "text"}}, [][]string{{"URL"}}},
	{func(p *Profile) *string { return &p.Organization }, maxProfileField, [][]string{{"org", "text"}}, [][]string{{"ORG", "ORGNAME"}, {"ORG"}}},
	{func(p *Profile) *string { return &p.Title }, maxProfileField, [][]string{{"title", "text"}}, [][]string{{"TITLE"}}},
	{func(p *Profile) *string { return &p.Birthday }, maxProfileField, [][]string{{"bday", "date"}, {"bday", "text"}, {"bday", "date-time"}}, [][]string{{"BDAY"}}},
	{func(p *Profile) *string { return &p.Note }, maxProfileNote, [][]string{{"note", "text"}}, [][]string{{"DESC"}, {"NOTE"}}},
}

// readCard gives what a vCard of either kind says.
func readCard(e *vcard.Element) (p Profile) {
	for _, f := range profileFields {
		paths := f.card
		if e.XMLName.Space == vcard.NSTemp {
			paths = f.plain
		}
		*f.of(&p) = cut(clean(strings.TrimPrefix(e.Get(paths...), "tel:")), f.most)
	}
	return p
}

// writeCard changes in a vCard what p says otherwise, and leaves the rest.
func writeCard(e *vcard.Element, p Profile) {
	was := readCard(e)
	for _, f := range profileFields {
		value := *f.of(&p)
		if value == *f.of(&was) {
			continue
		}
		paths := f.card
		if e.XMLName.Space == vcard.NSTemp {
			paths = f.plain
		} else if _, err := time.Parse(time.DateOnly, value); paths[0][0] == "bday" && err != nil {
			paths = [][]string{paths[1], paths[0], paths[2]} // no date, but perhaps words
		}
		e.Set(value, paths...)
	}
}

// Profile asks what somebody says of himself: a contact, anybody else by their
// bare address, or our own account. They learn nothing of it; their server may.
// Nothing said is an empty Profile. Errors: stream.ErrOffline, ErrNoContact of
// somebody unknown who has not been accepted, and what ctx says; a server that
// refuses has nothing to say.
func (m *Manager) Profile(ctx context.Context, id storage.AccountID, address string) (p Profile, err error) {
	c, a, err := m.connection(ctx, id)
	if err != nil {
		return p, err
	}
	of, err := contactJID(address)
	if err != nil {
		return p, err
	}
	if err := m.mustBeAccepted(id, of.Bare().String()); err != nil {
		return p, err
	}
	card, err := fetchCard(ctx, c, of)
	if err != nil {
		return p, err
	}
	older := card == nil
	if older {
		if card, err = fetchTemp(ctx, c, of); ignoreRefusal(err) != nil {
			return p, err
		}
	}
	if card != nil {
		p = readCard(card)
	}
	if err := a.do(ctx, func() error {
		if known := a.person(address).Nick; known != "" {
			p.Nick = known
		}
		return nil
	}); err != nil {
		return p, err
	}
	if of.Bare().Equal(a.own) {
		p.Open, err = isOpen(ctx, c, vcard.Node4)
		p.Open = p.Open || older && readCard(card) != (Profile{}) // as another client left it
	}
	return p, ignoreRefusal(err)
}

// mustBeAccepted gives ErrNoContact for somebody whose server is not to be told
// that we are here.
func (m *Manager) mustBeAccepted(id storage.AccountID, address string) error {
	return m.cfg.Store.View(func(tx *storage.Tx) error {
		chat, _, err := tx.FindChat(id, address)
		if err == nil && chat.Request {
			err = ErrNoContact
		}
		return err
	})
}

// ignoreRefusal takes what somebody's server refuses for an answer.
func ignoreRefusal(err error) error {
	if refusal := (*stream.StanzaError)(nil); errors.As(err, &refusal) {
		return nil
	}
	return err
}

// fetchCard gives somebody's vCard4; nil where there is none.
func fetchCard(ctx context.Context, c *stream.Client, of jid.JID) (*vcard.Element, error) {
	items, err := fetchItems(ctx, c, of, vcard.Node4, "", 1)
	if err = ignoreRefusal(err); err != nil || len(items) == 0 {
		return nil, err
	}
	return items[len(items)-1].Card, nil
}

// fetchTemp gives somebody's vcard-temp, which is empty where there is none.
func fetchTemp(ctx context.Context, c *stream.Client, of jid.JID) (*vcard.Element, error) {
	card := vcard.NewTemp()
	err := c.IQ(ctx, of, "get", vcard.NewTemp(), card)
	if isNotFound(err) {
		err = nil
	}
	return card, err
}

// SetProfile says of an account what p says, and keeps in its vCards what other
// clients put there. Both kinds are written, and the name to be called by
// (XEP-0172). What everybody can read anyway, the older vCard, has the profile
// only when it is open. Fields that are too long are cut. Errors:
// stream.ErrOffline, *stream.StanzaError.
func (m *Manager) SetProfile(ctx context.Context, id storage.AccountID, p Profile) error {
	c, a, err := m.connection(ctx, id)
	if err != nil {
		return err
	}
	for _, f := range profileFields {
		*f.of(&p) = cut(strings.TrimSpace(clean(*f.of(&p))), f.most)
	}
	card, err := fetchCard(ctx, c, jid.JID{})
	if err != nil {
		return err
	}
	if card == nil {
		card = vcard.New4()
	}
	// The older one comes first: some servers make the other of it, and would
	// leave out what it has no place for.
	if err := setTemp(ctx, c, p); ignoreRefusal(err) != nil {
		return err
	} else if err != nil {
		a.log.Info("the server keeps no vcard-temp", "err", err)
	}
	writeCard(card, p)
	if err := publishTo(ctx, c, nodeSetup{name: vcard.Node4, access: accessOf(p.Open)}, pepItem{ID: "current", Card: card}); err != nil {
		return fmt.Errorf("publish the profile: %w", err)
	}
	item := pepItem{ID: "current", Nick: &nick.Nick{Name: p.Nick}}
	if err := publishTo(ctx, c, nodeSetup{name: nick.NS, access: accessOf(p.Open)}, item); err != nil {
		return fmt.Errorf("publish the name: %w", err)
	}
	return a.do(context.WithoutCancel(ctx), func() error {
		own := a.person(a.own.String())
		own.Nick = p.Nick
		a.setPerson(own)
		return nil
	})
}

// setTemp writes the vcard-temp of our account, if that changes anything.
func setTemp(ctx context.Context, c *stream.Client, p Profile) error {
	card, err := fetchTemp(ctx, c, jid.JID{})
	if err != nil {
		return err
	}
	open := p.Open
	if p.Open = false; !open {
		p = Profile{}
	}
	if readCard(card) == p {
		return nil
	}
	writeCard(card, p)
	if err := c.IQ(ctx, jid.JID{}, "set", card, nil); err != nil {
		return fmt.Errorf("set the vcard-temp: %w", err)
	}
	return nil
}
