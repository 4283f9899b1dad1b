// Package eme has what a message says of how it is encrypted (XEP-0380, Explicit
// Message Encryption).
package eme

import "encoding/xml"

// NS is the namespace of the element.
const NS = "urn:xmpp:eme:0"

// Encryption in a message says that its text is for programs which cannot decrypt
// it. Nothing proves that.
type Encryption struct {
	XMLName   xml.Name `xml:"urn:xmpp:eme:0 encryption"`
	Namespace string   `xml:"namespace,attr"`
	Name      string   `xml:"name,attr,omitempty"`
}
