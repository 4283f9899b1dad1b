package stream

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
)

// Namespaces of signing in.
const (
	nsStream      = "http://etherx.jabber.org/streams"
	nsStreamError = "urn:ietf:params:xml:ns:xmpp-streams"
	nsTLS         = "urn:ietf:params:xml:ns:xmpp-tls"
	nsSASL        = "urn:ietf:params:xml:ns:xmpp-sasl"
	nsBinding     = "urn:xmpp:sasl-cb:0" // XEP-0440
	nsBind        = "urn:ietf:params:xml:ns:xmpp-bind"
	nsSession     = "urn:ietf:params:xml:ns:xmpp-session"
)

// element is any element of the negotiation. The framer has bounded its size
// and depth.
type element struct {
	XMLName  xml.Name
	Attrs    []xml.Attr `xml:",any,attr"`
	Text     string     `xml:",chardata"`
	Children []element  `xml:",any"`
}

// child gives the first child of that name, or nil.
func (e *element) child(space, local string) *element {
	for i := range e.Children {
		if e.Children[i].is(space, local) {
			return &e.Children[i]
		}
	}
	return nil
}

// texts gives the texts of all children of that name.
func (e *element) texts(space, local string) []string {
	var all []string
	for i := range e.Children {
		if e.Children[i].is(space, local) {
			all = append(all, e.Children[i].Text)
		}
	}
	return all
}

func (e *element) is(space, local string) bool {
	return e.XMLName == xml.Name{Space: space, Local: local}
}

func (e *element) attr(local string) string {
	for _, a := range e.Attrs {
		if a.Name == (xml.Name{Local: local}) {
			return a.Value
		}
	}
	return ""
}

// condition gives the defined condition and the text of an error, both of
// which are children in the namespace and are cut to what is fit to be shown.
func (e *element) condition(space string) (condition, text string) {
	for i := range e.Children {
		switch c := &e.Children[i]; {
		case c.XMLName.Space != space:
		case c.XMLName.Local == "text":
			text = short(c.Text)
		case condition == "":
			condition = short(c.XMLName.Local)
		}
	}
	return condition, text
}

// parseElement parses an element in the namespaces its stream header declares.
func parseElement(header, raw []byte) (*element, error) {
	d, err := decoderBelow(header, raw)
	if err != nil {
		return nil, err
	}
	e := new(element)
	if err := d.Decode(e); err != nil {
		return nil, err
	}
	return e, nil
}

// decoderBelow gives a decoder that stands behind the header, before raw.
func decoderBelow(header, raw []byte) (*xml.Decoder, error) {
	d := xml.NewDecoder(io.MultiReader(bytes.NewReader(header), bytes.NewReader(raw)))
	if _, err := d.Token(); err != nil {
		return nil, err
	}
	return d, nil
}

// parseHeader checks that a start tag opens a stream of ours. It tells
// whether the server speaks XMPP 1.0, without which there are no features.
func parseHeader(raw []byte) (modern bool, err error) {
	t, err := xml.NewDecoder(bytes.NewReader(raw)).Token()
	if err != nil {
		return false, err
	}
	start, ok := t.(xml.StartElement)
	if !ok || start.Name != (xml.Name{Space: nsStream, Local: "stream"}) {
		return false, errNotStream
	}
	var content string
	for _, a := range start.Attr {
		switch a.Name {
		case xml.Name{Local: "xmlns"}:
			content = a.Value
		case xml.Name{Local: "version"}:
			modern = a.Value != "" && a.Value[0] != '0'
		}
	}
	if content != nsClient {
		return false, fmt.Errorf("stream for %q, not for clients", content)
	}
	return modern, nil
}

// parseFeatures gives the children of a features element by name, each as
// received.
func parseFeatures(header, raw []byte) (map[xml.Name][]byte, error) {
	d, err := decoderBelow(header, raw)
	if err != nil {
		return nil, err
	}
	if _, err := d.Token(); err != nil {
		return nil, err
	}
	features := make(map[xml.Name][]byte)
	for {
		from := d.InputOffset()
		t, err := d.Token()
		if err != nil {
			return nil, err
		}
		switch t := t.(type) {
		case xml.StartElement:
			if err := d.Skip(); err != nil {
				return nil, err
			}
			base := int64(len(header))
			features[t.Name] = bytes.Clone(raw[from-base : d.InputOffset()-base])
		case xml.EndElement:
			return features, nil
		}
	}
}

// escape makes text safe in attribute values and character data.
func escape(s string) string {
	var b bytes.Buffer
	if err := xml.EscapeText(&b, []byte(s)); err != nil {
		panic(errors.Join(errors.New("writing to memory failed"), err))
	}
	return b.String()
}
