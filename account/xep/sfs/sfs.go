// Package sfs has stateless file sharing (XEP-0447), with the addresses of
// XEP-0103.
package sfs

import (
	"encoding/xml"
	"strings"

	"linnet/account/xep/file"
)

// NS is the namespace of the elements, and what a fallback is for that stands
// in the body for one of them.
const NS = "urn:xmpp:sfs:0"

// The dispositions: shown where it stands, or only offered.
const (
	Inline     = "inline"
	Attachment = "attachment"
)

// Sharing is a file somebody shares.
type Sharing struct {
	XMLName     xml.Name `xml:"urn:xmpp:sfs:0 file-sharing"`
	Disposition string   `xml:"disposition,attr,omitempty"`
	ID          string   `xml:"id,attr,omitempty"` // where a message has several
	File        file.File
	Sources     *Sources
}

// Sources is where a file is.
type Sources struct {
	XMLName xml.Name  `xml:"urn:xmpp:sfs:0 sources"`
	URLs    []URLData `xml:"http://jabber.org/protocol/url-data url-data"`
}

// URLData is an address (XEP-0103).
type URLData struct {
	XMLName xml.Name `xml:"http://jabber.org/protocol/url-data url-data"`
	Target  string   `xml:"target,attr"`
}

// URL gives the first address that is https; empty without one.
func (s *Sharing) URL() string {
	if s.Sources == nil {
		return ""
	}
	for _, u := range s.Sources.URLs {
		if len(u.Target) > 8 && strings.EqualFold(u.Target[:8], "https://") {
			return u.Target
		}
	}
	return ""
}
