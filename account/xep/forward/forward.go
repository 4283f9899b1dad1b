// Package forward has forwarded messages (XEP-0297).
package forward

import (
	"encoding/xml"

	"linnet/account/xep/delay"
)

// NS is the namespace of the element.
const NS = "urn:xmpp:forward:0"

// Forwarded is a message inside another. T is what is read of the inner one,
// its attributes included. Whoever uses it has to ask whether the sender of
// the outer message may speak for that of the inner one (section 5.2).
type Forwarded[T any] struct {
	XMLName xml.Name     `xml:"urn:xmpp:forward:0 forwarded"`
	Delay   *delay.Delay `xml:"urn:xmpp:delay delay"` // when it was first sent; nil: not told
	Message *T           `xml:"jabber:client message"`
}
