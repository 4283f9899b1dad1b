// Package hints has the hints a message carries for servers (XEP-0334).
package hints

import "encoding/xml"

// NS is the namespace of the elements.
const NS = "urn:xmpp:hints"

// Store asks to archive a message that would not be by itself.
type Store struct {
	XMLName xml.Name `xml:"urn:xmpp:hints store"`
}

// NoStore asks not to archive a message, nor to keep it for later.
type NoStore struct {
	XMLName xml.Name `xml:"urn:xmpp:hints no-store"`
}
