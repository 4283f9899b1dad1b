// Package version has the payload of software version (XEP-0092).
package version

import "encoding/xml"

// NS is the namespace of the query and the feature.
const NS = "jabber:iq:version"

// Query asks for or tells the software that is used. The operating system is
// left out on purpose: it is nobody's business.
type Query struct {
	XMLName xml.Name `xml:"jabber:iq:version query"`
	Name    string   `xml:"jabber:iq:version name,omitempty"`
	Version string   `xml:"jabber:iq:version version,omitempty"`
}
