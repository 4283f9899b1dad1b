// Package disco has the payloads of service discovery (XEP-0030), with the
// extended information of XEP-0128.
package disco

import (
	"encoding/xml"

	"linnet/account/xep/form"
)

// The namespaces of the two queries, which are features as well.
const (
	NSInfo  = "http://jabber.org/protocol/disco#info"
	NSItems = "http://jabber.org/protocol/disco#items"
)

// Info is the payload of disco#info requests and results.
type Info struct {
	XMLName    xml.Name    `xml:"http://jabber.org/protocol/disco#info query"`
	Node       string      `xml:"node,attr,omitempty"`
	Identities []Identity  `xml:"http://jabber.org/protocol/disco#info identity"`
	Features   []Feature   `xml:"http://jabber.org/protocol/disco#info feature"`
	Forms      []form.Form `xml:"jabber:x:data x"`
}

// Has tells whether a feature is among those of i.
func (i *Info) Has(feature string) bool {
	for _, f := range i.Features {
		if f.Var == feature {
			return true
		}
	}
	return false
}

// Identity says what kind of thing answers.
type Identity struct {
	Category string `xml:"category,attr"`
	Type     string `xml:"type,attr"`
	Lang     string `xml:"http://www.w3.org/XML/1998/namespace lang,attr,omitempty"`
	Name     string `xml:"name,attr,omitempty"`
}

// Feature is one protocol that is supported.
type Feature struct {
	Var string `xml:"var,attr"`
}

// Items is the payload of disco#items requests and results.
type Items struct {
	XMLName xml.Name `xml:"http://jabber.org/protocol/disco#items query"`
	Node    string   `xml:"node,attr,omitempty"`
	Items   []Item   `xml:"http://jabber.org/protocol/disco#items item"`
}

// Item is one thing an entity has, as received.
type Item struct {
	JID  string `xml:"jid,attr"`
	Node string `xml:"node,attr,omitempty"`
	Name string `xml:"name,attr,omitempty"`
}
