// Package reactions has message reactions (XEP-0444).
package reactions

import "encoding/xml"

// NS is the namespace of the elements and the feature.
const NS = "urn:xmpp:reactions:0"

// Reactions in a message are all that its sender now thinks of an earlier one;
// none means that earlier reactions are taken back. Between two people ID is
// the origin-id of that message, else its id attribute.
type Reactions struct {
	XMLName xml.Name `xml:"urn:xmpp:reactions:0 reactions"`
	ID      string   `xml:"id,attr"`
	Emoji   []string `xml:"urn:xmpp:reactions:0 reaction"` // as received: may be anything
}
