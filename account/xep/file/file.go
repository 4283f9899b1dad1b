// Package file has what is told of a file (XEP-0446).
package file

import (
	"encoding/xml"
	"strconv"
	"strings"

	"linnet/account/xep/hash"
	"linnet/account/xep/thumb"
)

// File describes a file, as received: each field may be missing, or be nonsense.
// Numbers are read by Number, so that a bad one costs nothing but itself.
type File struct {
	XMLName    xml.Name          `xml:"urn:xmpp:file:metadata:0 file"`
	MediaType  string            `xml:"urn:xmpp:file:metadata:0 media-type,omitempty"`
	Name       string            `xml:"urn:xmpp:file:metadata:0 name,omitempty"`
	Size       string            `xml:"urn:xmpp:file:metadata:0 size,omitempty"`   // bytes
	Width      string            `xml:"urn:xmpp:file:metadata:0 width,omitempty"`  // pixels
	Height     string            `xml:"urn:xmpp:file:metadata:0 height,omitempty"` // pixels
	Length     string            `xml:"urn:xmpp:file:metadata:0 length,omitempty"` // milliseconds
	Desc       string            `xml:"urn:xmpp:file:metadata:0 desc,omitempty"`
	Hashes     []hash.Hash       `xml:"urn:xmpp:hashes:2 hash"`
	Thumbnails []thumb.Thumbnail `xml:"urn:xmpp:thumbs:1 thumbnail"`
}

// Number reads a number from 0 to most; anything else is 0, not known.
func Number(s string, most int64) int64 {
	n, err := strconv.ParseInt(strings.TrimSpace(s), 10, 64)
	if err != nil || n < 0 || n > most {
		return 0
	}
	return n
}

// Format writes a number; 0, not known, is the empty text that is left out.
func Format(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}
