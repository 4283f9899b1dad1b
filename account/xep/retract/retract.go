// Package retract has message retraction (XEP-0424).
package retract

import (
	"encoding/xml"
	"time"
)

// NS is the namespace of the elements and the feature.
const NS = "urn:xmpp:message-retract:1"

// Retract in a message takes an earlier one back. Between two people ID is the
// id attribute of that.
type Retract struct {
	XMLName xml.Name `xml:"urn:xmpp:message-retract:1 retract"`
	ID      string   `xml:"id,attr"`
}

// Retracted is what an archive has left of a message that was taken back: a
// tombstone.
type Retracted struct {
	XMLName xml.Name `xml:"urn:xmpp:message-retract:1 retracted"`
	ID      string   `xml:"id,attr,omitempty"`    // of the message that took it back
	Stamp   string   `xml:"stamp,attr,omitempty"` // when (XEP-0082)
}

// Time gives when the message was taken back, if that is said.
func (r *Retracted) Time() (time.Time, bool) {
	t, err := time.Parse(time.RFC3339Nano, r.Stamp)
	return t, err == nil
}
