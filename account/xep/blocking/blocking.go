// Package blocking has the payloads of the blocking command (XEP-0191).
package blocking

import "encoding/xml"

// NS is the namespace of the command and the feature of a server that has it.
const NS = "urn:xmpp:blocking"

// Block asks the server to block addresses.
type Block struct {
	XMLName xml.Name `xml:"urn:xmpp:blocking block"`
	Items   []Item   `xml:"urn:xmpp:blocking item"`
}

// Unblock asks the server to let addresses through again.
type Unblock struct {
	XMLName xml.Name `xml:"urn:xmpp:blocking unblock"`
	Items   []Item   `xml:"urn:xmpp:blocking item"`
}

// List asks for the blocked addresses, and is the answer with them.
type List struct {
	XMLName xml.Name `xml:"urn:xmpp:blocking blocklist"`
	Items   []Item   `xml:"urn:xmpp:blocking item"`
}

// Item is one blocked address.
type Item struct {
	XMLName xml.Name `xml:"urn:xmpp:blocking item"`
	JID     string   `xml:"jid,attr"`
}
