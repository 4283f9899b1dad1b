// Package rsm has result set management (XEP-0059): long results in pages.
package rsm

import "encoding/xml"

// NS is the namespace of the element and the feature.
const NS = "http://jabber.org/protocol/rsm"

// Set asks for a page or describes the one that came, as received.
type Set struct {
	XMLName xml.Name `xml:"http://jabber.org/protocol/rsm set"`

	// Of a request: how many items there may be, and the id that the page comes
	// directly before or after. nil leaves the element out; an empty Before
	// asks for the last page.
	Max    *int    `xml:"http://jabber.org/protocol/rsm max"`
	Before *string `xml:"http://jabber.org/protocol/rsm before"`
	After  *string `xml:"http://jabber.org/protocol/rsm after"`

	// Of an answer: the ids of the ends of the page, empty when it has none,
	// and how many items there are in all, as far as the server knows.
	First *First `xml:"http://jabber.org/protocol/rsm first"`
	Last  string `xml:"http://jabber.org/protocol/rsm last,omitempty"`
	Count *int   `xml:"http://jabber.org/protocol/rsm count"`
}

// First is the id of the first item of a page, and its number from the
// beginning of all.
type First struct {
	Index string `xml:"index,attr,omitempty"`
	ID    string `xml:",chardata"`
}
