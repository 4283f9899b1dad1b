// Package carbons has message carbons (XEP-0280).
package carbons

import (
	"encoding/xml"

	"linnet/account/xep/forward"
)

// NS is the namespace of the payloads and the feature.
const NS = "urn:xmpp:carbons:2"

// Enable asks the server for copies of what the other devices send and receive.
type Enable struct {
	XMLName xml.Name `xml:"urn:xmpp:carbons:2 enable"`
}

// Received is a copy of what another device received. T is what is read of the
// copied message. Anybody can write one and the next: they hold only from the
// own bare JID (section 11).
type Received[T any] struct {
	XMLName   xml.Name             `xml:"urn:xmpp:carbons:2 received"`
	Forwarded forward.Forwarded[T] `xml:"urn:xmpp:forward:0 forwarded"`
}

// Sent is a copy of what another device sent.
type Sent[T any] struct {
	XMLName   xml.Name             `xml:"urn:xmpp:carbons:2 sent"`
	Forwarded forward.Forwarded[T] `xml:"urn:xmpp:forward:0 forwarded"`
}
