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

// Item is one blocked address.
type Item struct {
	XMLName xml.Name `xml:"urn:xmpp:blocking item"`
	JID     string   `xml:"jid,attr"`
}
