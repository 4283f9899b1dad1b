// Package chatstates has what a message says about its sender in the
// conversation (XEP-0085): whether somebody is typing, or has left.
package chatstates

import "encoding/xml"

// NS is the namespace of the elements and the feature.
const NS = "http://jabber.org/protocol/chatstates"

// The names of the elements.
const (
	Active    = "active"
	Composing = "composing"
	Paused    = "paused"
	Inactive  = "inactive"
	Gone      = "gone"
)

// State is one of the elements, to be sent.
type State struct{ XMLName xml.Name }

// New makes the element of a name.
func New(name string) *State { return &State{xml.Name{Space: NS, Local: name}} }

// Received is for embedding into what is read of a message.
type Received struct {
	Active    *struct{} `xml:"http://jabber.org/protocol/chatstates active"`
	Composing *struct{} `xml:"http://jabber.org/protocol/chatstates composing"`
	Paused    *struct{} `xml:"http://jabber.org/protocol/chatstates paused"`
	Inactive  *struct{} `xml:"http://jabber.org/protocol/chatstates inactive"`
	Gone      *struct{} `xml:"http://jabber.org/protocol/chatstates gone"`
}

// ChatState gives the name of the element that is there; empty when there is
// none. A message has one at most: of several the first of the constants holds.
func (r *Received) ChatState() string {
	switch {
	case r.Active != nil:
		return Active
	case r.Composing != nil:
		return Composing
	case r.Paused != nil:
		return Paused
	case r.Inactive != nil:
		return Inactive
	case r.Gone != nil:
		return Gone
	}
	return ""
}
