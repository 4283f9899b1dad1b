// Package webpage reads what a web page says of itself: a title, a sentence and
// a picture. Pages are written by anybody and are not believed. It is pure: no
// network.
package webpage

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/charset"
)

const (
	// MaxBytes is how much of a page is looked at. What it says of itself stands
	// at its beginning; some have that much of scripts before.
	MaxBytes = 512 << 10
	// maxValue bounds in bytes each thing a page says.
	maxValue = 4 << 10
	// chunk is how much is read at once.
	chunk = 16 << 10
)

// Page is what a page says of itself, in its own words and valid UTF-8. Any of
// it may be empty.
type Page struct {
	Title, Text string
	Image       string // the address of a picture; may be relative to that of the page
}

// Head reads a page up to where what it says of itself ends, at most MaxBytes.
// What came before an error is given along with it; a page that was cut is none.
func Head(r io.Reader) ([]byte, error) {
	var data []byte
	part := make([]byte, chunk)
	for len(data) < MaxBytes {
		n, err := io.ReadFull(r, part[:min(chunk, MaxBytes-len(data))])
		from := max(0, len(data)-len(headEnd))
		data = append(data, part[:n]...)
		if i := indexHeadEnd(data[from:]); i >= 0 {
			return data[:from+i], nil
		}
		switch {
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			return data, nil
		case err != nil:
			return data, err
		}
	}
	return data, nil
}

// headEnd ends what a page says of itself.
const headEnd = "</head"

// indexHeadEnd gives where headEnd stands, in letters of any size, or -1.
func indexHeadEnd(data []byte) int {
	for i := 0; ; i += len("<") {
		k := bytes.IndexByte(data[i:], '<')
		if k < 0 || i+k+len(headEnd) > len(data) {
			return -1
		}
		if i += k; strings.EqualFold(string(data[i:i+len(headEnd)]), headEnd) {
			return i
		}
	}
}

// Read gives what a page says of itself. contentType is that of HTTP, which may
// name the character set.
func Read(data []byte, contentType string) Page {
	var p found
	z := html.NewTokenizer(bytes.NewReader(asUTF8(data, contentType)))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return p.page()
		case html.StartTagToken, html.SelfClosingTagToken:
			switch name, more := z.TagName(); string(name) {
			case "title":
				if z.Next() == html.TextToken {
					set(&p.title, string(z.Text()))
				}
			case "meta":
				if more {
					p.meta(z)
				}
			}
		}
	}
}

// asUTF8 gives a page in UTF-8. One that is that already is so whatever it says.
func asUTF8(data []byte, contentType string) []byte {
	whole := data
	for range utf8.UTFMax { // the end may have been cut in a character
		if utf8.Valid(whole) {
			return whole
		}
		whole = whole[:max(0, len(whole)-1)]
	}
	e, _, _ := charset.DetermineEncoding(data, contentType)
	out, err := e.NewDecoder().Bytes(data)
	if err != nil {
		return nil
	}
	return out
}

// found is what was found of each way to say a thing.
type found struct {
	title                             string
	graphTitle, graphText, graphImage string // OpenGraph
	cardTitle, cardText, cardImage    string // of Twitter
	text                              string
}

// page chooses the best of each.
func (f *found) page() Page {
	first := func(values ...string) string {
		for _, v := range values {
			if v != "" {
				return v
			}
		}
		return ""
	}
	return Page{
		Title: first(f.graphTitle, f.cardTitle, f.title),
		Text:  first(f.graphText, f.cardText, f.text),
		Image: first(f.graphImage, f.cardImage),
	}
}

// meta takes the attributes of a meta element.
func (f *found) meta(z *html.Tokenizer) {
	var name, value string
	for more := true; more; {
		var k, v []byte
		k, v, more = z.TagAttr()
		switch string(k) {
		case "property", "name":
			if name == "" || len(v) > 0 && string(k) == "property" {
				name = strings.ToLower(shorten(string(v)))
			}
		case "content":
			value = string(v)
		}
	}
	for _, x := range []struct {
		to   *string
		name string
	}{
		{&f.graphTitle, "og:title"},
		{&f.graphText, "og:description"},
		{&f.graphImage, "og:image:secure_url"},
		{&f.graphImage, "og:image"},
		{&f.graphImage, "og:image:url"},
		{&f.cardTitle, "twitter:title"},
		{&f.cardText, "twitter:description"},
		{&f.cardImage, "twitter:image"},
		{&f.cardImage, "twitter:image:src"},
		{&f.text, "description"},
	} {
		if x.name == strings.TrimSpace(name) {
			set(x.to, value)
		}
	}
}

// set keeps the first that is said.
func set(to *string, value string) {
	if *to == "" {
		*to = strings.TrimSpace(shorten(value))
	}
}

// shorten bounds a value, without breaking a character.
func shorten(s string) string {
	if len(s) <= maxValue {
		return strings.ToValidUTF8(s, "")
	}
	return strings.Clone(strings.ToValidUTF8(s[:maxValue], ""))
}
