package app

import (
	"strings"
	"testing"
)

func TestParseURI(t *testing.T) {
	for _, c := range []struct {
		raw  string
		want uriRequest
		ok   bool
	}{
		{"xmpp:juliet@capulet.example", uriRequest{Address: "juliet@capulet.example"}, true},
		{"XMPP:juliet@capulet.example?message", uriRequest{Address: "juliet@capulet.example"}, true},
		{
			"xmpp:juliet@capulet.example?message;subject=x;body=Here%27s%20a+test%3B",
			uriRequest{Address: "juliet@capulet.example", Body: "Here's a+test;"},
			true,
		},
		{
			"xmpp:juliet@capulet.example?roster;name=Juliet%20C;group=Friends",
			uriRequest{Action: uriSubscribe, Address: "juliet@capulet.example", Name: "Juliet C"},
			true,
		},
		{"xmpp:juliet@capulet.example?subscribe", uriRequest{Action: uriSubscribe, Address: "juliet@capulet.example"}, true},
		{
			"xmpp://romeo@montague.example/juliet@capulet.example?message",
			uriRequest{Account: "romeo@montague.example", Address: "juliet@capulet.example"},
			true,
		},
		{"xmpp:juliet@capulet.example#fragment", uriRequest{Address: "juliet@capulet.example"}, true},
		{"xmpp:juliet@capulet.example?unknown;x;=;body", uriRequest{Address: "juliet@capulet.example"}, true},
		{"xmpp:a%FFb@c.example", uriRequest{Address: "a\uFFFDb@c.example"}, true},
		{"xmpp:juliet@capulet.example?message;body=%", uriRequest{Address: "juliet@capulet.example"}, true},
		{"xmpp:%zz", uriRequest{}, false},
		{"xmpp://romeo@montague.example", uriRequest{}, false},
		{"xmpp:", uriRequest{}, false},
		{"xmpp:?message", uriRequest{}, false},
		{"xmp", uriRequest{}, false},
		{"", uriRequest{}, false},
		{"https://example.org", uriRequest{}, false},
		{"xmpp:" + strings.Repeat("a", maxURI), uriRequest{}, false},
	} {
		got, ok := parseURI(c.raw)
		if ok != c.ok || ok && got != c.want {
			t.Errorf("parseURI(%.60q) = %+v, %v, want %+v, %v", c.raw, got, ok, c.want, c.ok)
		}
	}
}

func FuzzParseURI(f *testing.F) {
	f.Add("xmpp:juliet@capulet.example?message;body=hi")
	f.Add("xmpp://a/b?roster;name=%41")
	f.Fuzz(func(t *testing.T, raw string) {
		if r, ok := parseURI(raw); ok && r.Address == "" {
			t.Errorf("parseURI(%q) accepted an empty address", raw)
		}
	})
}
