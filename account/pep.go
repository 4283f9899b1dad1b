package account

import (
	"context"
	"errors"

	"mellium.im/xmpp/jid"

	"linnet/account/stream"
	"linnet/account/xep/form"
	"linnet/account/xep/mds"
	"linnet/account/xep/pubsub"
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
	ID        string         `xml:"id,attr,omitempty"`
	Displayed *mds.Displayed `xml:"urn:xmpp:mds:displayed:0 displayed"`
}

// takeEvent hands on what a node tells. Whoever sends an event speaks for the
// nodes of that address alone.
func (in *intake) takeEvent(from jid.JID, e *pubsub.Event[pepItem]) {
	if e.Items == nil {
		return
	}
	items := e.Items.Items[:min(len(e.Items.Items), maxItems)]
	if e.Items.Node == mds.NS && from.Equal(in.a.own) {
		in.marks = append(in.marks, in.a.displayed(items)...)
	}
}

// hasNodes tells whether the account has nodes that can be kept private.
func (a *Account) hasNodes() bool { return a.server.accountHas(pubsub.FeatureOptions) }

// fetchItems gives the items of a node of our own; one that is not there has
// none.
func fetchItems(ctx context.Context, c *stream.Client, node string) ([]pepItem, error) {
	var answer pubsub.PubSub[pepItem]
	query := pubsub.PubSub[pepItem]{Items: &pubsub.Items[pepItem]{Node: node, Max: maxItems}}
	err := c.IQ(ctx, jid.JID{}, "get", query, &answer)
	if isNotFound(err) {
		return nil, nil
	}
	if err != nil || answer.Items == nil {
		return nil, err
	}
	return answer.Items.Items[:min(len(answer.Items.Items), maxItems)], nil
}

// publishPrivate puts an item on a node of our own that nobody else may read
// and that keeps what is on it. A node that is there and set up otherwise, by
// another client, is set up anew. Servers differ in what they let be said of a
// node; that nobody else reads it is never left out.
func publishPrivate(ctx context.Context, c *stream.Client, node string, item pepItem) error {
	var err error
	for _, most := range []string{"max", fewItems, ""} {
		err = publish(ctx, c, node, item, privateNode(pubsub.FormOptions, most))
		refusal := (*stream.StanzaError)(nil)
		if !errors.As(err, &refusal) {
			return err
		}
		if refusal.Condition == "conflict" {
			owner := pubsub.Owner{Configure: &pubsub.Configure{Node: node, Form: privateNode(pubsub.FormConfig, most)}}
			if err = c.IQ(ctx, jid.JID{}, "set", owner, nil); err == nil {
				err = publish(ctx, c, node, item, privateNode(pubsub.FormOptions, most))
			}
			if err == nil {
				return nil
			}
		}
	}
	return err
}

// privateNode says how a node is to be; most is how many items it keeps, empty
// as the server likes.
func privateNode(formType, most string) *form.Form {
	f := form.NewSubmit(formType)
	f.Add("pubsub#access_model", "whitelist")
	f.Add("pubsub#persist_items", "true")
	f.Add("pubsub#max_items", most)
	if most != "" {
		f.Add("pubsub#send_last_published_item", "never")
	}
	return f
}

func publish(ctx context.Context, c *stream.Client, node string, item pepItem, options *form.Form) error {
	return c.IQ(ctx, jid.JID{}, "set", pubsub.PubSub[pepItem]{
		Publish: &pubsub.Items[pepItem]{Node: node, Items: []pepItem{item}},
		Options: &pubsub.Options{Form: options},
	}, nil)
}
