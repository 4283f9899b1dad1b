// Package styling has what a message says of its styles (XEP-0393, Message
// Styling). The styles themselves are in its text.
package styling

import "encoding/xml"

// NS is the namespace of the element and the feature.
const NS = "urn:xmpp:styling:0"

// Unstyled in a message says that its text has no styles, whatever it looks
// like.
type Unstyled struct {
	XMLName xml.Name `xml:"urn:xmpp:styling:0 unstyled"`
}
