// Package markers has displayed markers (XEP-0333).
package markers

import "encoding/xml"

// NS is the namespace of the elements and the feature.
const NS = "urn:xmpp:chat-markers:0"

// Markable in a message says that its sender wants to know when it was shown.
type Markable struct {
	XMLName xml.Name `xml:"urn:xmpp:chat-markers:0 markable"`
}

// Displayed says that the message with an id was shown, and those before it.
type Displayed struct {
	XMLName xml.Name `xml:"urn:xmpp:chat-markers:0 displayed"`
	ID      string   `xml:"id,attr"`
}
