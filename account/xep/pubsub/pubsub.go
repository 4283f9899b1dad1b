// Package pubsub has what is needed of publish-subscribe (XEP-0060) to use the
// nodes of an account (XEP-0163). The item type I is the caller's own struct:
// an id attribute and a field for each payload it knows.
package pubsub

import (
	"encoding/xml"

	"linnet/account/xep/form"
	"linnet/account/xep/rsm"
)

// The namespaces: of requests, of those only the owner makes, and of events.
const (
	NS      = "http://jabber.org/protocol/pubsub"
	NSOwner = "http://jabber.org/protocol/pubsub#owner"
	NSEvent = "http://jabber.org/protocol/pubsub#event"
)

// The values of FORM_TYPE in Options and Configure.
const (
	FormOptions = "http://jabber.org/protocol/pubsub#publish-options"
	FormConfig  = "http://jabber.org/protocol/pubsub#node_config"
)

// FeatureOptions is the feature of an account that takes Options.
const FeatureOptions = "http://jabber.org/protocol/pubsub#publish-options"

// PubSub is a request and its answer. One of Publish, Items and Retract is set.
type PubSub[I any] struct {
	XMLName xml.Name  `xml:"http://jabber.org/protocol/pubsub pubsub"`
	Publish *Items[I] `xml:"http://jabber.org/protocol/pubsub publish"`
	Options *Options  // with Publish
	Items   *Items[I] `xml:"http://jabber.org/protocol/pubsub items"`
	Retract *Retract  `xml:"http://jabber.org/protocol/pubsub retract"`
	Set     *rsm.Set  // with Items
}

// Items are items of a node. Without any, in a request, it asks for all.
type Items[I any] struct {
	Node  string `xml:"node,attr"`
	Max   int    `xml:"max_items,attr,omitempty"` // of a request: the newest so many
	Items []I    `xml:"http://jabber.org/protocol/pubsub item"`
}

// Options is what the node must be like for a publication to succeed; one that
// does not exist is made so.
type Options struct {
	XMLName xml.Name `xml:"http://jabber.org/protocol/pubsub publish-options"`
	Form    *form.Form
}

// Retract takes items away.
type Retract struct {
	Node   string  `xml:"node,attr"`
	Notify bool    `xml:"notify,attr,omitempty"` // tell the other devices
	Items  []Named `xml:"http://jabber.org/protocol/pubsub item"`
}

// Named is an item by its id alone.
type Named struct {
	ID string `xml:"id,attr"`
}

// Owner is a request of the owner of a node.
type Owner struct {
	XMLName   xml.Name   `xml:"http://jabber.org/protocol/pubsub#owner pubsub"`
	Configure *Configure `xml:"http://jabber.org/protocol/pubsub#owner configure"`
	Delete    *Node      `xml:"http://jabber.org/protocol/pubsub#owner delete"`
}

// Configure asks how a node is set up, or sets it up.
type Configure struct {
	Node string `xml:"node,attr"`
	Form *form.Form
}

// Node names a node.
type Node struct {
	Node string `xml:"node,attr"`
}

// Event is what a node's owner is told in a message, as received: it holds for
// the address the message is from.
type Event[I any] struct {
	XMLName xml.Name       `xml:"http://jabber.org/protocol/pubsub#event event"`
	Items   *EventItems[I] `xml:"http://jabber.org/protocol/pubsub#event items"`
	Purge   *Node          `xml:"http://jabber.org/protocol/pubsub#event purge"`
	Delete  *Node          `xml:"http://jabber.org/protocol/pubsub#event delete"`
}

// EventItems are items that are new, and those that were taken away.
type EventItems[I any] struct {
	Node      string  `xml:"node,attr"`
	Items     []I     `xml:"http://jabber.org/protocol/pubsub#event item"`
	Retracted []Named `xml:"http://jabber.org/protocol/pubsub#event retract"`
}
