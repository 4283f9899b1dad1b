// Package idle has the last user interaction in presence (XEP-0319).
package idle

import (
	"encoding/xml"
	"time"

	"linnet/account/xep/delay"
)

// NS is the namespace of the element.
const NS = "urn:xmpp:idle:1"

// Idle says since when a person is away from the keyboard, as received.
type Idle struct {
	XMLName xml.Name `xml:"urn:xmpp:idle:1 idle"`
	Since   string   `xml:"since,attr"`
}

// Time reads Since; false when it is not a time.
func (i Idle) Time() (time.Time, bool) { return delay.ParseTime(i.Since) }
