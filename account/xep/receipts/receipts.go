// Package receipts has message delivery receipts (XEP-0184).
package receipts

import "encoding/xml"

// NS is the namespace of the elements and the feature.
const NS = "urn:xmpp:receipts"

// Request in a message asks for a receipt.
type Request struct {
	XMLName xml.Name `xml:"urn:xmpp:receipts request"`
}

// Received is the receipt for the message with an id.
type Received struct {
	XMLName xml.Name `xml:"urn:xmpp:receipts received"`
	ID      string   `xml:"id,attr"`
}
