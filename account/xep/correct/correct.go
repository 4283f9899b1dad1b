// Package correct has last message correction (XEP-0308).
package correct

import "encoding/xml"

// NS is the namespace of the element and the feature.
const NS = "urn:xmpp:message-correct:0"

// Replace in a message says that it takes the place of an earlier one. ID is
// the id attribute of the first version, also when that was corrected before.
type Replace struct {
	XMLName xml.Name `xml:"urn:xmpp:message-correct:0 replace"`
	ID      string   `xml:"id,attr"`
}
