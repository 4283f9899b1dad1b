// Package reply has message replies (XEP-0461).
package reply

import "encoding/xml"

// NS is the namespace of the element and the feature.
const NS = "urn:xmpp:reply:0"

// Reply in a message says which one it answers. Between two people ID is the
// origin-id of that, else its id attribute.
type Reply struct {
	XMLName xml.Name `xml:"urn:xmpp:reply:0 reply"`
	To      string   `xml:"to,attr,omitempty"` // JID of the author of the message answered
	ID      string   `xml:"id,attr"`
}
