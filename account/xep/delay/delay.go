// Package delay has delayed delivery (XEP-0203) and the time format of
// XEP-0082. It reads what it can and never makes a stanza fail.
package delay

import (
	"encoding/xml"
	"strings"
	"time"
)

// NS is the namespace of the element.
const NS = "urn:xmpp:delay"

// Delay says who held a stanza back and since when, as received. Anybody can
// write it: whoever uses it has to ask whether From may say so.
type Delay struct {
	XMLName xml.Name `xml:"urn:xmpp:delay delay"`
	From    string   `xml:"from,attr"`
	Stamp   string   `xml:"stamp,attr"`
}

// Time reads Stamp; false when it is not a time.
func (d Delay) Time() (time.Time, bool) { return ParseTime(d.Stamp) }

// ParseTime reads a DateTime of XEP-0082.
func ParseTime(s string) (time.Time, bool) {
	t, err := time.Parse(time.RFC3339Nano, strings.TrimSpace(s))
	return t, err == nil
}

// FormatTime writes a DateTime of XEP-0082 in UTC with milliseconds.
func FormatTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
