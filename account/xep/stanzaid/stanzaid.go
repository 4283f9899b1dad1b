// Package stanzaid has unique and stable stanza ids (XEP-0359).
package stanzaid

import "encoding/xml"

// NS is the namespace of the elements and the feature of an account whose
// server removes forged ones.
const NS = "urn:xmpp:sid:0"

// OriginID is the id the sender gave.
type OriginID struct {
	XMLName xml.Name `xml:"urn:xmpp:sid:0 origin-id"`
	ID      string   `xml:"id,attr"`
}

// StanzaID is the id an archive gave, as received. It holds only if By may
// say so and announces NS (section 5).
type StanzaID struct {
	XMLName xml.Name `xml:"urn:xmpp:sid:0 stanza-id"`
	ID      string   `xml:"id,attr"`
	By      string   `xml:"by,attr"`
}
