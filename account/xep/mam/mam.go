// Package mam has the payloads of message archive management (XEP-0313), with
// its preferences (XEP-0441).
package mam

import (
	"encoding/xml"
	"time"

	"linnet/account/xep/delay"
	"linnet/account/xep/form"
	"linnet/account/xep/forward"
	"linnet/account/xep/rsm"
)

// NS is the namespace of the payloads and the feature of an archive, Extended that
// of one that gives single messages by their ids.
const (
	NS       = "urn:xmpp:mam:2"
	Extended = "urn:xmpp:mam:2#extended"
)

// Query asks for messages of an archive.
type Query struct {
	XMLName xml.Name   `xml:"urn:xmpp:mam:2 query"`
	QueryID string     `xml:"queryid,attr,omitempty"`
	Form    *form.Form // nil: no condition
	Set     *rsm.Set
}

// Filter says which messages are asked for. Zero fields ask for all.
type Filter struct {
	With       string    // the other side: a bare JID means all its resources
	Start, End time.Time // both included
	ID         string    // of the one message that is asked for; needs Extended
}

// Form gives the form of a Filter; nil when it asks for all.
func (f Filter) Form() *form.Form {
	if f == (Filter{}) {
		return nil
	}
	x := form.NewSubmit(NS)
	x.Add("with", f.With)
	if !f.Start.IsZero() {
		x.Add("start", delay.FormatTime(f.Start))
	}
	if !f.End.IsZero() {
		x.Add("end", delay.FormatTime(f.End))
	}
	x.Add("ids", f.ID)
	return x
}

// Result is one message of an archive as it comes in a message of its own. T
// is what is read of the archived message. Anybody can write one: it holds
// only if it comes from the archive that was asked, with the id of the query.
type Result[T any] struct {
	XMLName   xml.Name             `xml:"urn:xmpp:mam:2 result"`
	QueryID   string               `xml:"queryid,attr,omitempty"`
	ID        string               `xml:"id,attr"` // in the archive
	Forwarded forward.Forwarded[T] `xml:"urn:xmpp:forward:0 forwarded"`
}

// Fin is the answer to a Query, after its results.
type Fin struct {
	XMLName  xml.Name `xml:"urn:xmpp:mam:2 fin"`
	Complete bool     `xml:"complete,attr,omitempty"` // there are no more in this direction
	Set      *rsm.Set
}

// The values of Prefs.Default: what is archived of those who are named in
// neither list.
const (
	Always = "always"
	Never  = "never"
	Roster = "roster" // contacts only
)

// GetPrefs asks what the server archives.
type GetPrefs struct {
	XMLName xml.Name `xml:"urn:xmpp:mam:2 prefs"`
}

// Prefs is what the server archives: the answer to GetPrefs, and the request
// that changes it, in which both lists count.
type Prefs struct {
	XMLName xml.Name `xml:"urn:xmpp:mam:2 prefs"`
	Default string   `xml:"default,attr"`
	Always  JIDs     `xml:"urn:xmpp:mam:2 always"`
	Never   JIDs     `xml:"urn:xmpp:mam:2 never"`
}

// JIDs is a list of addresses, as received.
type JIDs struct {
	JIDs []string `xml:"urn:xmpp:mam:2 jid"`
}
