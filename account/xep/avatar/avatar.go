// Package avatar has the payloads of user avatars (XEP-0084).
package avatar

import "encoding/xml"

// The namespaces, which are the names of the nodes, too. The id of an item is
// the SHA-1 of the picture in hex.
const (
	NSData     = "urn:xmpp:avatar:data"
	NSMetadata = "urn:xmpp:avatar:metadata"
)

// FeatureConversion is the feature of an account whose server makes a vCard of
// what is published here, and the other way round (XEP-0398).
const FeatureConversion = "urn:xmpp:pep-vcard-conversion:0"

// Data is a picture.
type Data struct {
	XMLName xml.Name `xml:"urn:xmpp:avatar:data data"`
	Base64  string   `xml:",chardata"`
}

// Metadata tells of a picture, in several forms perhaps; without any there is
// none.
type Metadata struct {
	XMLName xml.Name `xml:"urn:xmpp:avatar:metadata metadata"`
	Infos   []Info   `xml:"urn:xmpp:avatar:metadata info"`
}

// Info tells of one form of a picture. Everything is a string, since a number
// that cannot be read must not hide the rest.
type Info struct {
	ID     string `xml:"id,attr"` // SHA-1 in hex
	Type   string `xml:"type,attr"`
	Bytes  string `xml:"bytes,attr"`
	Width  string `xml:"width,attr,omitempty"`
	Height string `xml:"height,attr,omitempty"`
	URL    string `xml:"url,attr,omitempty"` // where it lies if not on the node
}
