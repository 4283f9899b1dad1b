// Package roster has the payloads of roster management (RFC 6121 section 2).
package roster

import "encoding/xml"

// NS is the namespace of roster queries and pushes.
const NS = "jabber:iq:roster"

// NSVersions is the namespace of the stream feature of a server that keeps
// versions (section 2.6.1).
const NSVersions = "urn:xmpp:features:rosterver"

// The values of Item.Subscription.
const (
	None   = "none"
	To     = "to"
	From   = "from"
	Both   = "both"
	Remove = "remove" // only in requests and pushes: the item goes away
)

// AskSubscribe is Item.Ask of an item whose contact has not answered our
// request yet.
const AskSubscribe = "subscribe"

// Query is the payload of roster gets, sets, results and pushes.
type Query struct {
	XMLName xml.Name `xml:"jabber:iq:roster query"`

	// Version is the version that is cached (get) or given (result, push).
	// nil leaves the attribute out, which is not the same as empty: an empty
	// one asks a server that has versioning for everything.
	Version *string `xml:"ver,attr"`
	Items   []Item  `xml:"jabber:iq:roster item"`
}

// Item is one entry of a roster, as received: the JID is not checked.
type Item struct {
	XMLName      xml.Name `xml:"jabber:iq:roster item"`
	JID          string   `xml:"jid,attr"`
	Name         string   `xml:"name,attr,omitempty"`
	Subscription string   `xml:"subscription,attr,omitempty"`
	Ask          string   `xml:"ask,attr,omitempty"`
	Groups       []string `xml:"jabber:iq:roster group"`
}
