// Package vcard has the two vCards of XMPP, vCard4 (XEP-0292) and vcard-temp
// (XEP-0054), and what presence tells of the picture in the second (XEP-0153).
//
// Both are read as they are, so that whoever changes a field writes back what
// others put there.
package vcard

import (
	"encoding/xml"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The namespaces. Node4 is the node vCard4 lies on.
const (
	NS4      = "urn:ietf:params:xml:ns:vcard-4.0"
	NSTemp   = "vcard-temp"
	NSUpdate = "vcard-temp:x:update"
	Node4    = "urn:xmpp:vcard4"
)

// Element is an element of a vCard with all it holds.
type Element struct {
	XMLName  xml.Name
	Attrs    []xml.Attr `xml:",any,attr"`
	Text     string     `xml:",chardata"`
	Children []Element  `xml:",any"`
}

// New4 and NewTemp make empty cards.
func New4() *Element    { return &Element{XMLName: xml.Name{Space: NS4, Local: "vcard"}} }
func NewTemp() *Element { return &Element{XMLName: xml.Name{Space: NSTemp, Local: "vCard"}} }

// MarshalXML writes e without the namespace declarations it was read with,
// which are written anew, and without children whose names are none: they are
// read where they stand behind a prefix, but cannot be written without.
func (e Element) MarshalXML(enc *xml.Encoder, _ xml.StartElement) error {
	if !e.isNamed() {
		return fmt.Errorf("no element can have the name %q", e.XMLName.Local)
	}
	type plain Element
	p := plain(e)
	p.Attrs = slices.DeleteFunc(slices.Clone(e.Attrs), func(a xml.Attr) bool {
		return a.Name.Space == "xmlns" || a.Name.Space == "" && a.Name.Local == "xmlns"
	})
	p.Children = slices.DeleteFunc(slices.Clone(e.Children), func(c Element) bool { return !c.isNamed() })
	if len(e.Children) > 0 {
		p.Text = strings.TrimSpace(p.Text) // what others indent with
	}
	return enc.EncodeElement(p, xml.StartElement{Name: e.XMLName})
}

func (e *Element) isNamed() bool {
	first, _ := utf8.DecodeRuneInString(e.XMLName.Local)
	return unicode.IsLetter(first) || first == '_'
}

// Get gives the text at the first path that is there; every path leads from
// names of children to names of theirs.
func (e *Element) Get(paths ...[]string) string {
	for _, path := range paths {
		if found := e.find(path); found != nil {
			if text := strings.TrimSpace(found.Text); text != "" {
				return text
			}
		}
	}
	return ""
}

func (e *Element) find(path []string) *Element {
	if len(path) == 0 {
		return e
	}
	for i := range e.Children {
		if c := &e.Children[i]; c.XMLName.Local == path[0] && c.XMLName.Space == e.XMLName.Space {
			if found := c.find(path[1:]); found != nil {
				return found
			}
		}
	}
	return nil
}

// Set makes text what Get gives for the same paths, by writing to the first of
// them. Without text the child of e it was in is taken away; another of its
// kind, as a second address, stays.
func (e *Element) Set(text string, paths ...[]string) {
	path := paths[0]
	at := slices.IndexFunc(e.Children, func(c Element) bool {
		return slices.ContainsFunc(paths, func(p []string) bool {
			return c.XMLName.Local == p[0] && c.XMLName.Space == e.XMLName.Space && c.find(p[1:]) != nil
		})
	})
	switch {
	case text == "" && at >= 0:
		e.Children = slices.Delete(e.Children, at, at+1)
	case text == "":
	case at < 0:
		e.grow(path).Text = text
	default:
		c := &e.Children[at]
		leaf := c.find(path[1:])
		if leaf == nil { // it is there in another form
			c.Children = nil
			leaf = c.grow(path[1:])
		}
		leaf.Text, leaf.Children = text, nil
	}
}

// Add puts a child at the end, with children of its own given as pairs of name
// and text.
func (e *Element) Add(name string, parts ...string) {
	c := Element{XMLName: xml.Name{Space: e.XMLName.Space, Local: name}}
	for pair := range slices.Chunk(parts, 2) {
		c.grow(pair[:1]).Text = pair[1]
	}
	e.Children = append(e.Children, c)
}

// grow makes what a path leads to.
func (e *Element) grow(path []string) *Element {
	if len(path) == 0 {
		return e
	}
	e.Children = append(e.Children, Element{XMLName: xml.Name{Space: e.XMLName.Space, Local: path[0]}})
	return e.Children[len(e.Children)-1].grow(path[1:])
}

// Update in a presence tells of the picture in the sender's vcard-temp. Without
// Photo it tells nothing; an empty one says that there is none.
type Update struct {
	XMLName xml.Name `xml:"vcard-temp:x:update x"`
	Photo   *string  `xml:"vcard-temp:x:update photo"` // SHA-1 in hex
}
