// Package links has what a message tells of the links in it (XEP-0511).
package links

import (
	"encoding/xml"

	"linnet/account/xep/thumb"
)

// NS is the namespace of a description and of its attribute, OpenGraph that of
// what it says.
const (
	NS        = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
	OpenGraph = "https://ogp.me/ns#"
)

// Description tells of one link. Whoever writes it may tell anything of any
// link, in texts of any length. What does not fit a field is left out; of what
// stands there more than once the last counts, but for Images.
type Description struct {
	XMLName xml.Name `xml:"http://www.w3.org/1999/02/22-rdf-syntax-ns# Description"`
	About   string   `xml:"http://www.w3.org/1999/02/22-rdf-syntax-ns# about,attr"`
	Title   string   `xml:"https://ogp.me/ns# title,omitempty"`
	Text    string   `xml:"https://ogp.me/ns# description,omitempty"`
	Images  []string `xml:"https://ogp.me/ns# image"` // addresses of the same picture
}

// New tells of a link, with a picture that is carried along if there is one.
func New(about, title, text, mediaType string, picture []byte) Description {
	d := Description{About: about, Title: title, Text: text}
	if len(picture) > 0 {
		d.Images = []string{thumb.New(mediaType, picture, 0, 0).URI}
	}
	return d
}

// Image gives the first picture that is carried along and has at most limit
// bytes, else nil: those that lie elsewhere are not fetched.
func (d *Description) Image(limit int) []byte {
	for _, uri := range d.Images {
		t := thumb.Thumbnail{URI: uri}
		if data := t.Data(limit); len(data) > 0 {
			return data
		}
	}
	return nil
}
