// Package oob has the address that goes with a message (XEP-0066 section 3).
package oob

import "encoding/xml"

// NS is the namespace of the element and the feature.
const NS = "jabber:x:oob"

// X says that an address belongs to a message. By common use the message is a
// file when its body is the same address.
type X struct {
	XMLName xml.Name `xml:"jabber:x:oob x"`
	URL     string   `xml:"jabber:x:oob url"`
	Desc    string   `xml:"jabber:x:oob desc,omitempty"`
}
