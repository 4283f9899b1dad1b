// Package fallback has fallback indications (XEP-0428): which part of a body is
// only for programs that do not know something.
package fallback

import (
	"cmp"
	"encoding/xml"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// NS is the namespace of the elements and the feature.
const NS = "urn:xmpp:fallback:0"

// Fallback says what of a message stands for something else.
type Fallback struct {
	XMLName xml.Name `xml:"urn:xmpp:fallback:0 fallback"`
	For     string   `xml:"for,attr,omitempty"` // the namespace of what it stands for
	Body    []Range  `xml:"urn:xmpp:fallback:0 body"`
	Subject []Range  `xml:"urn:xmpp:fallback:0 subject"`
}

// Range is a part of a text, in characters (XEP-0426: code points) from its
// beginning. Both empty mean all of it.
type Range struct {
	Start string `xml:"start,attr,omitempty"`
	End   string `xml:"end,attr,omitempty"` // the first character behind it
}

// Part gives the range of a text from start up to end.
func Part(start, end int) Range {
	return Range{Start: strconv.Itoa(start), End: strconv.Itoa(end)}
}

// Strip takes out of a body what the fallbacks for a namespace name, and gives
// both. Of a fallback with a range that is not one of the body, or that meets
// another, nothing is believed.
func Strip(body string, all []Fallback, namespace string) (rest, stripped string) {
	var parts []part
	size := -1
	for i := range all {
		f := &all[i]
		if f.For != namespace {
			continue
		}
		if len(f.Body) == 0 && len(f.Subject) == 0 {
			return "", body
		}
		if size < 0 {
			size = utf8.RuneCountInString(body)
		}
		ours, ok := f.parts(size)
		if !ok {
			return body, ""
		}
		parts = append(parts, ours...)
	}
	slices.SortFunc(parts, func(a, b part) int { return cmp.Compare(a.start, b.start) })
	for i := 1; i < len(parts); i++ {
		if parts[i].start < parts[i-1].end {
			return body, ""
		}
	}
	return split(body, parts)
}

// part is a Range that was read.
type part struct{ start, end int }

// parts reads the ranges of a body with a size.
func (f *Fallback) parts(size int) ([]part, bool) {
	out := make([]part, 0, len(f.Body))
	for _, r := range f.Body {
		if r == (Range{}) {
			out = append(out, part{0, size})
			continue
		}
		start, err := strconv.ParseUint(r.Start, 10, 31)
		end, err2 := strconv.ParseUint(r.End, 10, 31)
		if err != nil || err2 != nil || start > end || end > uint64(size) {
			return nil, false
		}
		out = append(out, part{int(start), int(end)})
	}
	return out, true
}

// split takes parts, which are in order and inside of it, out of a body.
func split(body string, parts []part) (rest, stripped string) {
	if len(parts) == 0 {
		return body, ""
	}
	var keep, drop strings.Builder
	n := 0
	for at := 0; at < len(body); n++ {
		_, w := utf8.DecodeRuneInString(body[at:])
		for len(parts) > 0 && n >= parts[0].end {
			parts = parts[1:]
		}
		if len(parts) > 0 && n >= parts[0].start {
			drop.WriteString(body[at : at+w])
		} else {
			keep.WriteString(body[at : at+w])
		}
		at += w
	}
	return keep.String(), drop.String()
}
