// Package entitytime has the payload of entity time (XEP-0202).
package entitytime

import (
	"encoding/xml"
	"strings"
	"time"

	"linnet/account/xep/delay"
)

// NS is the namespace of the query and the feature.
const NS = "urn:xmpp:time"

// Query asks for somebody's time when it is empty, and tells it.
type Query struct {
	XMLName xml.Name `xml:"urn:xmpp:time time"`
	Zone    string   `xml:"urn:xmpp:time tzo,omitempty"` // offset from UTC, as +01:00
	UTC     string   `xml:"urn:xmpp:time utc,omitempty"`
}

// Time reads UTC; false when it is not a time. Zone is no part of it.
func (q Query) Time() (time.Time, bool) { return delay.ParseTime(q.UTC) }

// Offset reads Zone; false when it is none.
func (q Query) Offset() (*time.Location, bool) {
	t, err := time.Parse("Z07:00", strings.TrimSpace(q.Zone))
	if err != nil {
		return nil, false
	}
	_, seconds := t.Zone()
	return time.FixedZone("", seconds), true
}
