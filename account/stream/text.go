package stream

import (
	"encoding/xml"
	"fmt"
	"strings"
	"unicode"
)

const (
	// textIndent and maxIndent are how far elements of Text are indented, in
	// spaces: deeper ones would leave no room for what they hold.
	textIndent = 2
	maxIndent  = 32
	// textCut ends what was too long.
	textCut = "\n[…]"
)

// Text writes elements as XML to be read by people: indented, with namespaces
// where they change, and with whatever would not be seen as what it is (marks of
// direction, characters without width) written as its number. What is longer than
// most bytes, about, is cut.
func Text(r xml.TokenReader, most int) string {
	w := textWriter{most: most}
	for !w.full() {
		t, err := r.Token()
		w.token(t)
		if err != nil {
			break
		}
	}
	if w.full() {
		w.out.WriteString(textCut)
	}
	return w.out.String()
}

// Text gives the element at the end of a path of children as Text does; false
// when there is none.
func (s *Stanza) Text(most int, path ...xml.Name) (string, bool) {
	depth, at := 0, 0 // of all, and how far along the path
	from := -1
	for i, t := range s.tokens {
		switch t := t.(type) {
		case xml.StartElement:
			if depth == at+1 && from < 0 && at < len(path) && t.Name == path[at] {
				if at++; at == len(path) {
					from = i
				}
			}
			depth++
		case xml.EndElement:
			depth--
			switch {
			case from >= 0 && depth == at:
				return Text(&tokenSlice{s.tokens[from : i+1]}, most), true
			case from < 0 && depth <= at:
				at = max(0, depth-1)
			}
		}
	}
	return "", false
}

// textElement is an element that is being written.
type textElement struct {
	name, space string
	open        bool // its start tag has no end yet
	words       bool // it holds text, so that no white space may be added
}

type textWriter struct {
	out  strings.Builder
	most int
	open []textElement
	text string // that has come since the last tag
}

func (w *textWriter) full() bool { return w.out.Len() >= w.most }

func (w *textWriter) token(t xml.Token) {
	switch t := t.(type) {
	case xml.StartElement:
		w.start(t)
	case xml.EndElement:
		w.end()
	case xml.CharData:
		if len(w.open) > 0 { // between stanzas are only spaces
			w.text += string(t)
		}
	}
}

// write adds text as far as there is room, whole characters only.
func (w *textWriter) write(s string) {
	room := w.most - w.out.Len()
	if len(s) > room {
		s = strings.ToValidUTF8(s[:max(0, room)], "")
		w.out.WriteString(s)
		w.most = w.out.Len() // it is full
		return
	}
	w.out.WriteString(s)
}

func (w *textWriter) start(t xml.StartElement) {
	space := ""
	if n := len(w.open); n > 0 {
		parent := &w.open[n-1]
		w.flush(parent, false)
		space = parent.space
		if !parent.words {
			w.line()
		}
	} else if w.out.Len() > 0 {
		w.line()
	}
	e := textElement{name: visible(t.Name.Local, false), space: t.Name.Space, open: true}
	w.write("<" + e.name)
	if t.Name.Space != space {
		w.write(` xmlns="` + visible(t.Name.Space, true) + `"`)
	}
	for i, a := range t.Attr {
		name := visible(a.Name.Local, false)
		switch a.Name.Space {
		case "":
			if name == "xmlns" {
				continue
			}
		case "xmlns":
			continue
		case "xml", "http://www.w3.org/XML/1998/namespace":
			name = "xml:" + name
		default:
			w.write(fmt.Sprintf(` xmlns:n%d="%s"`, i, visible(a.Name.Space, true)))
			name = fmt.Sprintf("n%d:%s", i, name)
		}
		w.write(" " + name + `="` + visible(a.Value, true) + `"`)
	}
	w.open = append(w.open, e)
}

// flush writes the text that has come in an element; last says that nothing else
// will. White space between elements is left out.
func (w *textWriter) flush(e *textElement, last bool) {
	text := w.text
	w.text = ""
	if strings.TrimSpace(text) == "" && (!last || !e.open) && !e.words {
		text = ""
	}
	if e.open && (text != "" || !last) {
		w.write(">")
		e.open = false
	}
	if text != "" {
		w.write(visible(text, false))
		e.words = true
	}
}

func (w *textWriter) end() {
	n := len(w.open) - 1
	if n < 0 {
		return
	}
	e := w.open[n]
	w.flush(&e, true)
	w.open = w.open[:n]
	switch {
	case e.open:
		w.write("/>")
		return
	case !e.words:
		w.line()
	}
	w.write("</" + e.name + ">")
}

// line begins a line at the depth of the element to come.
func (w *textWriter) line() {
	w.write("\n" + strings.Repeat(" ", min(textIndent*len(w.open), maxIndent)))
}

// visible writes a text so that XML means the same by it and a person sees all
// of it.
func visible(s string, attr bool) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '&':
			b.WriteString("&amp;")
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case r == '"' && attr:
			b.WriteString("&quot;")
		case unicode.IsPrint(r), !attr && (r == '\n' || r == '\t'):
			b.WriteRune(r)
		default:
			fmt.Fprintf(&b, "&#x%X;", r)
		}
	}
	return b.String()
}
