package account

import (
	"context"
	"errors"

	"mellium.im/xmpp/jid"

	"linnet/account/stream"
	"linnet/account/xep/avatar"
	"linnet/account/xep/form"
	"linnet/account/xep/mds"
	"linnet/account/xep/nick"
	"linnet/account/xep/pubsub"
	"linnet/account/xep/vcard"
)

const (
	// maxItems is how many items of a node are asked for and looked at: more
	// chats than anybody reads.
	maxItems = 1000
	// fewItems is how many items a node is to keep where the server does not
	// know "as many as you can": a number that servers usually allow.
	fewItems = "128"
)

// pepItem is an item of a node of an account (XEP-0163); each kind of payload
// has its field.
type pepItem struct {
	ID        string           `xml:"id,attr,omitempty"`
	Displayed *mds.Displayed   `xml:"urn:xmpp:mds:displayed:0 displayed"`
	Metadata  *avatar.Metadata `xml:"urn:xmpp:avatar:metadata metadata"`
	Data      *avatar.Data     `xml:"urn:xmpp:avatar:data data"`
	Nick      *nick.Nick       `xml:"http://jabber.org/protocol/nick nick"`
	Card      *vcard.Element   `xml:"urn:ietf:params:xml:ns:vcard-4.0 vcard"`
}

// pepNode is a node that is followed. ownInfo asks for its news.
type pepNode struct {
	private bool // only our own account's
	// take is given what is new on the node of somebody; nothing when the node
	// was emptied.
	take func(in *intake, who string, items []pepItem)
}

// pepNodes are the nodes that are followed.
var pepNodes = map[string]pepNode{
	mds.NS:            {private: true, take: (*intake).takeDisplayedItems},
	avatar.NSMetadata: {take: (*intake).takeAvatar},
	nick.NS:           {take: (*intake).takeNick},
}

// takeEvent hands on what a node tells. Whoever sends an event speaks for the
// nodes of that address alone: a person, by the bare address.
func (in *intake) takeEvent(from jid.JID, e *pubsub.Event[pepItem]) {
	var name string
	var items []pepItem
	switch {
	case e.Items != nil && len(e.Items.Items) > 0:
		name, items = e.Items.Node, e.Items.Items[:min(len(e.Items.Items), maxItems)]
	case e.Purge != nil:
		name = e.Purge.Node
	case e.Delete != nil:
		name = e.Delete.Node
	}
	node, ok := pepNodes[name]
	if !ok || from.Resourcepart() != "" || node.private && !from.Equal(in.a.own) {
		return
	}
	node.take(in, from.String(), items)
}

func (in *intake) takeDisplayedItems(_ string, items []pepItem) {
	in.marks = append(in.marks, in.a.displayed(items)...)
}

// hasNodes tells whether the account has nodes that can be kept private.
func (a *Account) hasNodes() bool { return a.server.accountHas(pubsub.FeatureOptions) }

// fetchItems gives the items of a node, that with an id or, when it is empty,
// the newest up to a number; a node that is not there has none. The zero JID is
// our own account.
func fetchItems(ctx context.Context, c *stream.Client, of jid.JID, node, id string, most int) ([]pepItem, error) {
	var answer pubsub.PubSub[pepItem]
	query := &pubsub.Items[pepItem]{Node: node, Max: most}
	if id != "" {
		query = &pubsub.Items[pepItem]{Node: node, Items: []pepItem{{ID: id}}}
	}
	err := c.IQ(ctx, of, "get", pubsub.PubSub[pepItem]{Items: query}, &answer)
	if isNotFound(err) {
		return nil, nil
	}
	if err != nil || answer.Items == nil {
		return nil, err
	}
	return answer.Items.Items[:min(len(answer.Items.Items), most)], nil
}

// access is who may read a node.
type access string

// The access models of XEP-0060 that are used.
const (
	accessNobody   access = "whitelist" // but our own devices
	accessContacts access = "presence"  // who see our presence
	accessAll      access = "open"
)

func accessOf(open bool) access {
	if open {
		return accessAll
	}
	return accessContacts
}

// nodeSetup is how a node of our own is to be.
type nodeSetup struct {
	name   string
	access access
	many   bool // it keeps what is on it; else the newest item alone
}

// form says it for the server; most is how many items are kept, empty as the
// server likes.
func (n nodeSetup) form(formType, most string) *form.Form {
	f := form.NewSubmit(formType)
	f.Add("pubsub#access_model", string(n.access))
	f.Add("pubsub#persist_items", "true")
	f.Add("pubsub#max_items", most)
	if n.access == accessNobody && most != "" {
		f.Add("pubsub#send_last_published_item", "never")
	}
	return f
}

// publishTo puts an item on a node of our own. One that is there and set up
// otherwise, by another client, is set up anew. Servers differ in what they let
// be said of a node; that nobody else reads it is never left out.
func publishTo(ctx context.Context, c *stream.Client, n nodeSetup, item pepItem) error {
	sizes := []string{"1", ""}
	if n.many {
		sizes = []string{"max", fewItems, ""}
	}
	var err error
	for _, most := range sizes {
		err = publish(ctx, c, n.name, item, n.form(pubsub.FormOptions, most))
		refusal := (*stream.StanzaError)(nil)
		if !errors.As(err, &refusal) {
			return err
		}
		if refusal.Condition == "conflict" {
			owner := pubsub.Owner{Configure: &pubsub.Configure{Node: n.name, Form: n.form(pubsub.FormConfig, most)}}
			if err = c.IQ(ctx, jid.JID{}, "set", owner, nil); err == nil {
				err = publish(ctx, c, n.name, item, n.form(pubsub.FormOptions, most))
			}
			if err == nil {
				return nil
			}
		}
	}
	if n.access != accessNobody { // at worst those see it who see our presence
		err = publish(ctx, c, n.name, item, nil)
	}
	return err
}

func publish(ctx context.Context, c *stream.Client, node string, item pepItem, options *form.Form) error {
	request := pubsub.PubSub[pepItem]{Publish: &pubsub.Items[pepItem]{Node: node, Items: []pepItem{item}}}
	if options != nil {
		request.Options = &pubsub.Options{Form: options}
	}
	return c.IQ(ctx, jid.JID{}, "set", request, nil)
}

// isOpen asks whether everybody may read a node of our own.
func isOpen(ctx context.Context, c *stream.Client, node string) (bool, error) {
	model, err := accessTo(ctx, c, node)
	return model == accessAll, err
}
