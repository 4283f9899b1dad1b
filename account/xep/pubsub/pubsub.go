// Package pubsub has what is needed of publish-subscribe (XEP-0060) to use the
// nodes of an account (XEP-0163). The item type I is the caller's own struct:
// an id attribute and a field for each payload it knows.
package pubsub

import (
	"encoding/xml"

	"linnet/account/xep/form"
)

// NS is the namespace of requests; those of the owner and events have it with
// more behind.
const NS = "http://jabber.org/protocol/pubsub"

// The values of FORM_TYPE in Options and Configure.
const (
	FormOptions = "http://jabber.org/protocol/pubsub#publish-options"
	FormConfig  = "http://jabber.org/protocol/pubsub#node_config"
)

// FeatureOptions is the feature of an account that takes Options.
const FeatureOptions = "http://jabber.org/protocol/pubsub#publish-options"

// PubSub is a request and its answer. One of Publish and Items is set.
type PubSub[I any] struct {
	XMLName xml.Name  `xml:"http://jabber.org/protocol/pubsub pubsub"`
	Publish *Items[I] `xml:"http://jabber.org/protocol/pubsub publish"`
	Options *Options  // with Publish
	Items   *Items[I] `xml:"http://jabber.org/protocol/pubsub items"`
}

// Items are items of a node. Without any, in a request, it asks for all; with
// some, for those with their ids.
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

// Owner is a request of the owner of a node.
type Owner struct {
	XMLName   xml.Name   `xml:"http://jabber.org/protocol/pubsub#owner pubsub"`
	Configure *Configure `xml:"http://jabber.org/protocol/pubsub#owner configure"`
}

// Configure sets a node up, or without a form asks how it is.
type Configure struct {
	Node string `xml:"node,attr"`
	Form *form.Form
}

// Event is what a node's owner is told in a message, as received: it holds for
// the address the message is from.
type Event[I any] struct {
	XMLName xml.Name       `xml:"http://jabber.org/protocol/pubsub#event event"`
	Items   *EventItems[I] `xml:"http://jabber.org/protocol/pubsub#event items"`
	Purge   *Emptied       `xml:"http://jabber.org/protocol/pubsub#event purge"`
	Delete  *Emptied       `xml:"http://jabber.org/protocol/pubsub#event delete"`
}

// Emptied names a node on which nothing is any more.
type Emptied struct {
	Node string `xml:"node,attr"`
}

// EventItems are items that are new.
type EventItems[I any] struct {
	Node  string `xml:"node,attr"`
	Items []I    `xml:"http://jabber.org/protocol/pubsub#event item"`
}
