package stream

import (
	"encoding/xml"
	"errors"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode"
)

func textOf(raw string, most int) string { return Text(xml.NewDecoder(strings.NewReader(raw)), most) }

func TestText(t *testing.T) {
	for raw, want := range map[string]string{
		"": "",
		"<message xmlns='jabber:client' to='a@b' xml:lang='de'><body>a &lt; b\n  c</body><x xmlns='urn:x'><y/></x></message>": `<message xmlns="jabber:client" to="a@b" xml:lang="de">
  <body>a &lt; b
  c</body>
  <x xmlns="urn:x">
    <y/>
  </x>
</message>`,
		"<a>\n\t<b> </b>\n<c></c> </a>":                           "<a>\n  <b> </b>\n  <c/>\n</a>",
		"<p>some <b>bold</b> <i/> words</p>":                      "<p>some <b>bold</b> <i/> words</p>",
		"<a x='&quot;&#x202E;&#9;' u:y='1' xmlns:u='urn:u'/>":     `<a x="&quot;&#x202E;&#x9;" xmlns:n1="urn:u" n1:y="1"/>`,
		"<a>&#x202E;dcba\u200b\u00a0\u2028&#xD;👩\u200d🚀 שלום</a>": "<a>&#x202E;dcba&#x200B;&#xA0;&#x2028;&#xD;👩&#x200D;🚀 שלום</a>",
	} {
		if got := textOf(raw, 1<<20); got != want {
			t.Errorf("%q is shown as\n%s\nwant\n%s", raw, got, want)
		}
	}
	long := "<a><b>" + strings.Repeat("é", 1000) + "</b></a>"
	if got := textOf(long, 101); len(got) > 101+len(textCut) || !strings.HasSuffix(got, "é"+textCut) {
		t.Errorf("a long one is cut to %q", got)
	}
}

func TestTextOfAPart(t *testing.T) {
	name := func(space, local string) xml.Name { return xml.Name{Space: space, Local: local} }
	path := []xml.Name{name("u", "result"), name("f", "forwarded"), name("c", "message")}
	for raw, want := range map[string]string{
		"<message xmlns='c'><x xmlns='u'/><result xmlns='u'><forwarded xmlns='f'><delay/><message xmlns='c'>hi</message></forwarded></result></message>":         `<message xmlns="c">hi</message>`,
		"<message xmlns='c'><forwarded xmlns='f'><message xmlns='c'>no</message></forwarded></message>":                                                          "",
		"<message xmlns='c'><result xmlns='u'><x/></result><forwarded xmlns='f'><message xmlns='c'>no</message></forwarded></message>":                           "",
		"<message xmlns='c'><result xmlns='u'/><result xmlns='u'><forwarded xmlns='f'/><forwarded xmlns='f'><message xmlns='c'/></forwarded></result></message>": `<message xmlns="c"/>`,
	} {
		var st Stanza
		for d := xml.NewDecoder(strings.NewReader(raw)); ; {
			tok, err := d.Token()
			if err != nil {
				break
			}
			st.tokens = append(st.tokens, xml.CopyToken(tok))
		}
		if got, ok := st.Text(1<<10, path...); got != want || ok != (want != "") {
			t.Errorf("of %s: %q, %v", raw, got, ok)
		}
	}
}

// node is what an element says, without the white space between elements.
type node struct {
	name  xml.Name
	attrs []xml.Attr
	text  string
	in    []node
}

// nodesOf reads XML; false when it is none.
func nodesOf(raw string) (node, bool) {
	d := xml.NewDecoder(strings.NewReader(raw))
	stack := []node{{}}
	for {
		tok, err := d.Token()
		if err != nil {
			return stack[0], errors.Is(err, io.EOF) && len(stack) == 1 && len(stack[0].in) > 0
		}
		top := &stack[len(stack)-1]
		switch tok := tok.(type) {
		case xml.StartElement:
			n := node{name: tok.Name}
			for _, a := range tok.Attr {
				if a.Name.Space != "xmlns" && a.Name != (xml.Name{Local: "xmlns"}) {
					n.attrs = append(n.attrs, a)
				}
			}
			stack = append(stack, n)
		case xml.EndElement:
			done := *top
			if len(done.in) > 0 && strings.TrimSpace(done.text) == "" {
				done.text = ""
			}
			stack = stack[:len(stack)-1]
			stack[len(stack)-1].in = append(stack[len(stack)-1].in, done)
		case xml.CharData:
			if len(stack) > 1 {
				top.text += string(tok)
			}
		}
	}
}

func FuzzText(f *testing.F) {
	f.Add("<message xmlns='jabber:client' id='1'><body>a&#x202E;b</body><x xmlns='urn:x' u:a='1' xmlns:u='urn:u'>y <z/> </x></message>", 100)
	f.Add("<a><b> </b><c>\n</c></a>", 1<<20)
	f.Fuzz(func(t *testing.T, raw string, most int) {
		want, ok := nodesOf(raw)
		if !ok || strings.ContainsFunc(raw, func(r rune) bool { return r == unicode.ReplacementChar }) {
			return
		}
		if got := textOf(raw, most); most >= 0 && len(got) > most+len(textCut) {
			t.Fatalf("%d bytes, of at most %d", len(got), most)
		}
		got := textOf(raw, 1<<20)
		for _, r := range got {
			if !unicode.IsPrint(r) && r != '\n' && r != '\t' {
				t.Fatalf("%q has %q", got, r)
			}
		}
		if len(got) >= 1<<20 || slices.ContainsFunc(strings.Fields(raw), func(s string) bool { return strings.ContainsAny(s, "!?") }) {
			return // cut, or with more than elements
		}
		again, ok := nodesOf(got)
		if ok && !reflect.DeepEqual(plainNames(want), plainNames(again)) {
			t.Fatalf("%q is shown as\n%s", raw, got)
		}
	})
}

// plainNames gives a node without what is not written back the same: the spaces
// of attributes, names that are not letters, and lines before a text that
// elements come before.
func plainNames(n node) node {
	if len(n.in) > 0 {
		n.text = strings.TrimSpace(n.text)
	}
	n.name.Local = visible(n.name.Local, false)
	for i := range n.attrs {
		n.attrs[i].Name = xml.Name{Local: visible(n.attrs[i].Name.Local, false)}
	}
	for i := range n.in {
		n.in[i] = plainNames(n.in[i])
	}
	return n
}
