package account

import (
	"context"
	"slices"

	"mellium.im/xmpp/jid"

	"linnet/account/stream"
	"linnet/account/xep/avatar"
	"linnet/account/xep/nick"
	"linnet/account/xep/pubsub"
	"linnet/account/xep/vcard"
	"linnet/storage"
)

// Audience is who can see something an account shows of itself.
type Audience uint8

// The audiences.
const (
	AudienceUnknown  Audience = iota // nothing is there, or the server does not say
	AudienceContacts                 // no more than those who see our presence
	AudienceMaybeAll                 // those, but the server keeps a copy that everybody may be able to see
	AudienceAll                      // everybody who knows the address
)

// Audiences is who can see what an account shows of itself.
type Audiences struct{ Picture, Name, Card Audience }

// Audiences asks the server of an account who can see its picture (XEP-0084), the
// name it gives itself (XEP-0172) and its profile. The older vCard (XEP-0054),
// which has no access model, counts, too. Errors: stream.ErrOffline; a server that
// refuses says nothing.
func (m *Manager) Audiences(ctx context.Context, id storage.AccountID) (s Audiences, err error) {
	c, a, err := m.connection(ctx, id)
	if err != nil {
		return s, err
	}
	for node, to := range map[string]*Audience{avatar.NSMetadata: &s.Picture, nick.NS: &s.Name, vcard.Node4: &s.Card} {
		if *to, err = audienceOf(ctx, c, node); err != nil {
			return s, err
		}
	}
	// A server that knows vCard4 by itself makes the older card of that and of the
	// nodes, for each who asks as they may see those.
	if a.announces(vcard.NS4) {
		return s, nil
	}
	card, err := fetchTemp(ctx, c, jid.JID{})
	if err != nil {
		return s, ignoreRefusal(err)
	}
	said := readCard(card)
	if said.Nick != "" {
		s.Name = AudienceAll
	}
	if said != (Profile{}) {
		s.Card = AudienceAll
	}
	switch {
	case s.Picture == AudienceAll || card.Get(photoPath) == "":
	case a.converts():
		s.Picture = AudienceMaybeAll
	default:
		s.Picture = AudienceAll
	}
	return s, nil
}

// audienceOf asks who may read a node of our own.
func audienceOf(ctx context.Context, c *stream.Client, node string) (Audience, error) {
	model, err := accessTo(ctx, c, node)
	switch {
	case err != nil || model == "":
		return AudienceUnknown, ignoreRefusal(err)
	case model == accessAll:
		return AudienceAll, nil
	}
	return AudienceContacts, nil
}

// accessTo asks who may read a node of our own.
func accessTo(ctx context.Context, c *stream.Client, node string) (access, error) {
	var answer pubsub.Owner
	err := c.IQ(ctx, jid.JID{}, "get", pubsub.Owner{Configure: &pubsub.Configure{Node: node}}, &answer)
	if err != nil || answer.Configure == nil || answer.Configure.Form == nil {
		return "", err
	}
	return access(answer.Configure.Form.Value("pubsub#access_model")), nil
}

// announces tells whether the server says of the account that it has a feature.
func (a *Account) announces(feature string) bool {
	_, ok := slices.BinarySearch(a.shown.Load().features, feature)
	return ok
}

// converts tells whether the server makes a vCard of what is published.
func (a *Account) converts() bool { return a.announces(avatar.FeatureConversion) }
