package sfs

import (
	"encoding/xml"
	"strings"
	"testing"
)

func TestURL(t *testing.T) {
	url := func(s string) string {
		return "<url-data xmlns='http://jabber.org/protocol/url-data' target='" + s + "'/>"
	}
	for name, x := range map[string]struct{ sources, want string }{
		"none":          {"", ""},
		"no address":    {"<sources/>", ""},
		"one":           {"<sources>" + url("https://a.example/x") + "</sources>", "https://a.example/x"},
		"big letters":   {"<sources>" + url("HTTPS://a.example/x") + "</sources>", "HTTPS://a.example/x"},
		"without TLS":   {"<sources>" + url("http://a.example/x") + "</sources>", ""},
		"the other":     {"<sources>" + url("ftp://a.example/x") + url("https://b.example") + "</sources>", "https://b.example"},
		"no host":       {"<sources>" + url("https://") + "</sources>", ""},
		"other sources": {"<sources><jinglepub xmlns='urn:xmpp:jinglepub:1' from='a@b.example'/></sources>", ""},
	} {
		var s Sharing
		text := "<file-sharing xmlns='urn:xmpp:sfs:0'><file xmlns='urn:xmpp:file:metadata:0'/>" + x.sources + "</file-sharing>"
		if err := xml.Unmarshal([]byte(text), &s); err != nil || s.URL() != x.want {
			t.Errorf("%s: %q, %v", name, s.URL(), err)
		}
	}
}

// FuzzSharing holds that an address that is not https is never given.
func FuzzSharing(f *testing.F) {
	f.Add("<sources><url-data xmlns='http://jabber.org/protocol/url-data' target='https://a.example'/></sources>")
	f.Fuzz(func(t *testing.T, inner string) {
		var s Sharing
		if xml.Unmarshal([]byte("<file-sharing xmlns='urn:xmpp:sfs:0'>"+inner+"</file-sharing>"), &s) != nil {
			return
		}
		if u := s.URL(); u != "" && !strings.HasPrefix(strings.ToLower(u), "https://") {
			t.Errorf("%q", u)
		}
	})
}
