// Package upload has HTTP file upload (XEP-0363).
package upload

import (
	"encoding/xml"
	"net/http"
	"strconv"
	"strings"
	"time"

	"linnet/account/xep/delay"
	"linnet/account/xep/disco"
)

const (
	// NS is the namespace of the elements, the feature of a service, and the
	// FORM_TYPE of what it says of its limits.
	NS = "urn:xmpp:http:upload:0"
	// FeatureMessage says that a service knows what files of messages are.
	FeatureMessage = "urn:xmpp:http:upload:purpose:0#message"
)

// Request asks for a place for a file.
type Request struct {
	XMLName     xml.Name `xml:"urn:xmpp:http:upload:0 request"`
	Filename    string   `xml:"filename,attr"`
	Size        int64    `xml:"size,attr"` // bytes
	ContentType string   `xml:"content-type,attr,omitempty"`
	Message     *Message // only for a service with FeatureMessage
}

// Message says that the file is for a message.
type Message struct {
	XMLName xml.Name `xml:"urn:xmpp:http:upload:purpose:0 message"`
}

// Slot is the place: where to put the file, and where it is then found.
type Slot struct {
	XMLName xml.Name `xml:"urn:xmpp:http:upload:0 slot"`
	Put     Put
	Get     Get
}

// Put is where the file goes.
type Put struct {
	XMLName xml.Name `xml:"urn:xmpp:http:upload:0 put"`
	URL     string   `xml:"url,attr"`
	Headers []Header `xml:"urn:xmpp:http:upload:0 header"`
}

// Get is where others find it.
type Get struct {
	XMLName xml.Name `xml:"urn:xmpp:http:upload:0 get"`
	URL     string   `xml:"url,attr"`
}

// Header is a header for putting it there, as received.
type Header struct {
	Name  string `xml:"name,attr"`
	Value string `xml:",chardata"`
}

// Header gives the headers that have to be sent: those that a service may ask
// for, and no line ends in them (sections 5 and 11.2).
func (p *Put) Header() http.Header {
	lines := strings.NewReplacer("\r", "", "\n", "")
	h := make(http.Header)
	for _, x := range p.Headers {
		name := http.CanonicalHeaderKey(strings.TrimSpace(lines.Replace(x.Name)))
		switch name {
		case "Authorization", "Cookie", "Expires":
			h.Add(name, strings.TrimSpace(lines.Replace(x.Value)))
		}
	}
	return h
}

// MaxSize gives the largest file in bytes that a service says it takes; 0 means
// that it does not say.
func MaxSize(info *disco.Info) int64 {
	for _, f := range info.Forms {
		ours, limit := false, ""
		for _, field := range f.Fields {
			if len(field.Values) != 1 {
				continue
			}
			switch field.Var {
			case "FORM_TYPE":
				ours = field.Values[0] == NS
			case "max-file-size":
				limit = field.Values[0]
			}
		}
		if ours {
			return size(limit)
		}
	}
	return 0
}

// Refusal is what the error of a service may say beyond its condition.
type Refusal struct {
	TooLarge *TooLarge
	Retry    *Retry
}

// TooLarge says how large a file may be.
type TooLarge struct {
	XMLName xml.Name `xml:"urn:xmpp:http:upload:0 file-too-large"`
	Max     string   `xml:"urn:xmpp:http:upload:0 max-file-size"`
}

// Retry says when the service may be asked again.
type Retry struct {
	XMLName xml.Name `xml:"urn:xmpp:http:upload:0 retry"`
	Stamp   string   `xml:"stamp,attr"`
}

// MaxSize gives the limit in bytes; 0 if it is not told.
func (t *TooLarge) MaxSize() int64 { return size(t.Max) }

// Time gives when to ask again; false if that is not told.
func (r *Retry) Time() (time.Time, bool) { return delay.ParseTime(r.Stamp) }

func size(s string) int64 {
	n, err := strconv.ParseInt(strings.TrimSpace(s), 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}
