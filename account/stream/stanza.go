package stream

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
)

// Namespaces of the stanza layer (RFC 6120).
const (
	nsClient  = "jabber:client"
	nsStanzas = "urn:ietf:params:xml:ns:xmpp-stanzas"
)

// Decode fills v from the stanza as xml.Unmarshal would from its text: v is a
// pointer to a struct with the children it wants to know of. It may be called
// any number of times, from any goroutine.
func (s *Stanza) Decode(v any) error {
	if len(s.tokens) == 0 {
		return fmt.Errorf("decode stanza: %w", io.ErrUnexpectedEOF)
	}
	if err := xml.NewTokenDecoder(&tokenSlice{s.tokens}).Decode(v); err != nil {
		return fmt.Errorf("decode stanza: %w", err)
	}
	return nil
}

// Child tells whether the stanza has a direct child of that name. An empty
// Space or Local matches any.
func (s *Stanza) Child(name xml.Name) bool {
	depth := 0
	for _, t := range s.tokens {
		switch t := t.(type) {
		case xml.StartElement:
			depth++
			if depth == 2 && (name.Space == "" || name.Space == t.Name.Space) &&
				(name.Local == "" || name.Local == t.Name.Local) {
				return true
			}
		case xml.EndElement:
			depth--
		}
	}
	return false
}

// Error gives the error of a stanza of type error (RFC 6120 section 8.3). A
// stanza of that type without a usable error element gives undefined-condition;
// any other stanza gives false.
func (s *Stanza) Error() (StanzaError, bool) {
	if s.Type != "error" {
		return StanzaError{}, false
	}
	var v struct {
		Error *StanzaError `xml:"jabber:client error"`
	}
	if err := s.Decode(&v); err != nil || v.Error == nil {
		return StanzaError{Type: "cancel", Condition: "undefined-condition"}, true
	}
	return *v.Error, true
}

// payload returns the tokens of the first child element, nil without one.
func (s *Stanza) payload() []xml.Token {
	depth, start := 0, 0
	for i, t := range s.tokens {
		switch t.(type) {
		case xml.StartElement:
			depth++
			if depth == 2 {
				start = i
			}
		case xml.EndElement:
			depth--
			if depth == 1 {
				return s.tokens[start : i+1]
			}
		}
	}
	return nil
}

// result fills into from the answer of a request, or gives its error. A *Stanza
// is filled in both cases: errors may say more than is known here.
func (st *Stanza) result(into any) error {
	if e, ok := st.Error(); ok {
		if whole, asked := into.(*Stanza); asked {
			*whole = *st
		}
		return &e
	}
	switch into := into.(type) {
	case nil:
		return nil
	case *Stanza:
		*into = *st
		return nil
	}
	payload := st.payload()
	if len(payload) == 0 {
		return nil
	}
	if err := xml.NewTokenDecoder(&tokenSlice{payload}).Decode(into); err != nil {
		return fmt.Errorf("decode answer: %w", err)
	}
	return nil
}

// tokenSlice reads the tokens of one element again.
type tokenSlice struct{ rest []xml.Token }

// Token implements xml.TokenReader.
func (r *tokenSlice) Token() (xml.Token, error) {
	if len(r.rest) == 0 {
		return nil, io.EOF
	}
	t := r.rest[0]
	r.rest = r.rest[1:]
	return t, nil
}

// StanzaError is the error of a stanza (RFC 6120 section 8.3). As a payload it
// is written as the error element; as a Go error it comes from Client.IQ.
type StanzaError struct {
	Type      string // auth, cancel, continue, modify or wait
	Condition string // the defined condition, such as item-not-found
	Text      string // for people, in whatever language the sender chose, cut to 500 bytes; may be empty
	By        string // the address that says so, as received; may be empty
}

// Error implements error.
func (e *StanzaError) Error() string {
	if e.Text != "" {
		return e.Condition + ": " + e.Text
	}
	return e.Condition
}

// UnmarshalXML implements xml.Unmarshaler.
func (e *StanzaError) UnmarshalXML(d *xml.Decoder, start xml.StartElement) error {
	var v struct {
		Type  string `xml:"type,attr"`
		By    string `xml:"by,attr"`
		Text  string `xml:"urn:ietf:params:xml:ns:xmpp-stanzas text"`
		Other []struct {
			XMLName xml.Name
		} `xml:",any"`
	}
	if err := d.DecodeElement(&v, &start); err != nil {
		return err
	}
	*e = StanzaError{Type: short(v.Type), Condition: "undefined-condition", Text: short(v.Text), By: short(v.By)}
	if e.Type == "" {
		e.Type = "cancel"
	}
	for _, o := range v.Other {
		if o.XMLName.Space == nsStanzas {
			e.Condition = short(o.XMLName.Local)
			break
		}
	}
	return nil
}

// MarshalXML implements xml.Marshaler.
func (e StanzaError) MarshalXML(enc *xml.Encoder, _ xml.StartElement) error {
	if e.Type == "" || e.Condition == "" {
		return errors.New("stanza error without type or condition")
	}
	return enc.EncodeElement(struct {
		Type      string `xml:"type,attr"`
		By        string `xml:"by,attr,omitempty"`
		Condition struct{ XMLName xml.Name }
		Text      *errorText
	}{
		Type:      e.Type,
		By:        e.By,
		Condition: struct{ XMLName xml.Name }{xml.Name{Space: nsStanzas, Local: e.Condition}},
		Text:      newErrorText(e.Text),
	}, xml.StartElement{Name: xml.Name{Local: "error"}})
}

type errorText struct {
	XMLName xml.Name `xml:"urn:ietf:params:xml:ns:xmpp-stanzas text"`
	Text    string   `xml:",chardata"`
}

func newErrorText(s string) *errorText {
	if s == "" {
		return nil
	}
	return &errorText{Text: s}
}
