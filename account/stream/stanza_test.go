package stream

import (
	"encoding/xml"
	"strings"
	"testing"
)

func TestStanzaMethods(t *testing.T) {
	const raw = `<message type='error' id='1' from='a@example.test/x'><body>one</body><error type='wait' by='example.test'><text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>Later</text><resource-constraint xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/><own xmlns='urn:example:own'/></error><deep xmlns='a'><inner/></deep></message>`
	st := parseStanza(t, raw)
	for _, row := range []struct {
		space, local string
		want         bool
	}{
		{"jabber:client", "body", true},
		{"", "body", true},
		{"a", "", true},
		{"a", "deep", true},
		{"a", "inner", false},
		{"jabber:client", "message", false},
		{"b", "body", false},
		{"", "", true},
	} {
		if got := st.Child(xml.Name{Space: row.space, Local: row.local}); got != row.want {
			t.Errorf("Child(%q, %q) is %v", row.space, row.local, got)
		}
	}
	want := StanzaError{Type: "wait", Condition: "resource-constraint", Text: "Later", By: "example.test"}
	if e, ok := st.Error(); !ok || e != want {
		t.Errorf("Error() is %+v, %v", e, ok)
	}
	for range 2 {
		var v struct {
			From string `xml:"from,attr"`
			Body string `xml:"jabber:client body"`
			Deep *struct {
				Inner *struct{} `xml:"inner"`
			} `xml:"a deep"`
		}
		if err := st.Decode(&v); err != nil || v.Body != "one" || v.Deep == nil || v.Deep.Inner == nil || v.From != "a@example.test/x" {
			t.Errorf("decoded %+v, %v", v, err)
		}
	}
	if err := new(Stanza).Decode(new(struct{})); err == nil {
		t.Error("a stanza of nothing was decoded")
	}
	if _, ok := parseStanza(t, "<message/>").Error(); ok {
		t.Error("a message without error has one")
	}
}

func TestStanzaErrorRoundTrip(t *testing.T) {
	for _, want := range []StanzaError{
		{Type: "cancel", Condition: "item-not-found"},
		{Type: "auth", Condition: "forbidden", Text: "No <way> & \"no\"", By: "a@b/c'd"},
	} {
		b, err := xml.Marshal(struct {
			XMLName xml.Name `xml:"message"`
			Type    string   `xml:"type,attr"`
			Error   any
		}{Type: "error", Error: want})
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := parseStanza(t, string(b)).Error(); !ok || got != want {
			t.Errorf("%s\nreads as %+v", b, got)
		}
	}
	if b, err := xml.Marshal(StanzaError{}); err == nil {
		t.Errorf("an empty error is written as %s", b)
	}
}

// parseStanza reads one stanza as it would come from a stream.
func parseStanza(t testing.TB, raw string) *Stanza {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(raw))
	d.DefaultSpace = nsClient
	tokens, err := readElement(d)
	if err != nil {
		t.Fatal(err)
	}
	return new(parser).stanza(tokens)
}

// What a stranger's error says ends up in the window and in the archive.
func TestLongErrorsAreCut(t *testing.T) {
	long := strings.Repeat("é", 100_000)
	st := parseStanza(t, `<message xmlns='jabber:client' type='error'><error type='`+long+`' by='`+long+`'>`+
		`<`+long+` xmlns='`+nsStanzas+`'/><text xmlns='`+nsStanzas+`'>`+long+`</text></error></message>`)
	e, ok := st.Error()
	for _, s := range []string{e.Type, e.Condition, e.Text, e.By} {
		if !ok || len(s) > maxQuote || !strings.HasPrefix(long, s) || s == "" {
			t.Errorf("%d bytes: %.10q", len(s), s)
		}
	}
	server, err := parseElement([]byte(testHeader), []byte("<error><"+long+" xmlns='a'/><text xmlns='a'>"+long+"</text></error>"))
	if err != nil {
		t.Fatal(err)
	}
	condition, text := server.condition("a")
	for _, s := range []string{condition, text} {
		if len(s) > maxQuote || !strings.HasPrefix(long, s) || s == "" {
			t.Errorf("%d bytes: %.10q", len(s), s)
		}
	}
}

func TestLenientAddresses(t *testing.T) {
	for _, row := range []struct {
		raw    string
		parsed string // empty means not at all
	}{
		{"a@example.test/x", "a@example.test/x"},
		{"A@Example.test", "a@example.test"},
		{"example.test", "example.test"},
		{"👩\u200d💻@example.test/x", "👩\u200d💻@example.test/x"},
		{"a@under_score.example", "a@under_score.example"},
		{"a b@example.test", "a b@example.test"},
		{"@@@/", ""},
		{strings.Repeat("a", 1023) + "@example.test/" + strings.Repeat("b", 1023), strings.Repeat("a", 1023) + "@example.test/" + strings.Repeat("b", 1023)},
		{"❤\ufe0f@example.test/" + strings.Repeat("b", maxAddress), ""},
		{"", ""},
		{"/x", ""},
	} {
		a := parseAddress(row.raw, new(Address))
		if a.Raw != row.raw {
			t.Errorf("%q is kept as %q", row.raw, a.Raw)
		}
		got := ""
		if !isZero(a.JID) {
			got = a.JID.String()
		}
		if got != row.parsed {
			t.Errorf("%q is taken as %q, want %q", row.raw, got, row.parsed)
		}
	}
}
