// Package thumb has the small pictures of XEP-0264.
package thumb

import (
	"encoding/base64"
	"encoding/xml"
	"strconv"
	"strings"
)

// Thumbnail is a small picture of something, as received. What its attributes
// say of size is not to be believed.
type Thumbnail struct {
	XMLName   xml.Name `xml:"urn:xmpp:thumbs:1 thumbnail"`
	URI       string   `xml:"uri,attr"`
	MediaType string   `xml:"media-type,attr,omitempty"`
	Width     string   `xml:"width,attr,omitempty"`
	Height    string   `xml:"height,attr,omitempty"`
}

// New gives a picture that is carried along.
func New(mediaType string, data []byte, width, height int) Thumbnail {
	return Thumbnail{
		URI:       "data:" + mediaType + ";base64," + base64.StdEncoding.EncodeToString(data),
		MediaType: mediaType,
		Width:     strconv.Itoa(width),
		Height:    strconv.Itoa(height),
	}
}

// Data gives the picture if it is carried along and has at most limit bytes,
// else nil: those that lie elsewhere are not fetched.
func (t *Thumbnail) Data(limit int) []byte {
	rest, ok := strings.CutPrefix(t.URI, "data:")
	if !ok {
		return nil
	}
	head, body, ok := strings.Cut(rest, ",")
	if !ok || !strings.HasSuffix(head, ";base64") || base64.StdEncoding.DecodedLen(len(body)) > limit+2 {
		return nil
	}
	data, err := base64.StdEncoding.DecodeString(body)
	if err != nil || len(data) > limit {
		return nil
	}
	return data
}
