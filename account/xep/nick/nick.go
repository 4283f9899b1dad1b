// Package nick has the payload of user nicknames (XEP-0172).
package nick

import "encoding/xml"

// NS is the namespace of the payload and the name of the node.
const NS = "http://jabber.org/protocol/nick"

// Nick is the name somebody wants to be called.
type Nick struct {
	XMLName xml.Name `xml:"http://jabber.org/protocol/nick nick"`
	Name    string   `xml:",chardata"`
}
