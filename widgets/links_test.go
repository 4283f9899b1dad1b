package widgets

import (
	"strings"
	"testing"
)

func TestFindLinks(t *testing.T) {
	for in, want := range map[string]string{
		"no link here. at all: none":                    "",
		"see https://a.example/x.":                      "https://a.example/x",
		"(https://a.example/x)":                         "https://a.example/x",
		"https://a.example/x_(y)":                       "https://a.example/x_(y)",
		"(see https://a.example/x_(y))":                 "https://a.example/x_(y)",
		"<https://a.example>":                           "https://a.example",
		"\"http://a.example/?q=1&r=2#f\", he said":      "http://a.example/?q=1&r=2#f",
		"HTTPS://A.example/X!":                          "HTTPS://A.example/X",
		"https://a.example,https://b.example":           "https://a.example,https://b.example",
		"https://a.example https://b.example":           "https://a.example https://b.example",
		"www.capulet.example.":                          "https://www.capulet.example",
		"www.capulet":                                   "",
		"awww.capulet.example":                          "",
		"x@www.capulet.example":                         "",
		"xmpp:juliet@capulet.example?message":           "xmpp:juliet@capulet.example?message",
		"mailto:nurse@capulet.example;":                 "mailto:nurse@capulet.example",
		"mailto:nurse":                                  "",
		"geo:45.43,10.99":                               "geo:45.43,10.99",
		"geo:metry":                                     "",
		"javascript:alert(1) data:text/html,x file:///": "",
		"ahttps://a.example":                            "",
		"https:// nothing":                              "",
		"https://":                                      "",
		"http://[::1]:80/":                              "http://[::1]:80/",
		"https://bücher.example/straße":                 "https://bücher.example/straße",
		"https://раypal.example":                        "https://раypal.example",
		"https://a.example/你好。再见":                       "https://a.example/你好",
		"https://a.example\u200B.evil.example":          "https://a.example",
		"“https://a.example”":                           "https://a.example",
		"it’s https://a.example’s":                      "https://a.example’s",
		"*https://a.example*":                           "https://a.example",
		"[[https://a.example]]":                         "https://a.example",
	} {
		var got []string
		for _, l := range findLinks(in) {
			got = append(got, l.url)
			if shown := in[l.from:l.to]; shown != l.url && "https://"+shown != l.url {
				t.Errorf("%q shows %q and opens %q", in, shown, l.url)
			}
		}
		if g := strings.Join(got, " "); g != want && !(want == "https://a.example,https://b.example" && g == want) {
			t.Errorf("%q: %q, want %q", in, g, want)
		}
	}
}

func FuzzFindLinks(f *testing.F) {
	for _, s := range []string{"https://a.example/(x)", "www.a.b", "mailto:a@b.c", "http:http://a", "geo:1,2.", "xmpp:a@b?x;y"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		s = sanitise(s)
		end := 0
		for _, l := range findLinks(s) {
			if l.from < end || l.to <= l.from || l.to > len(s) {
				t.Fatalf("%q: link from %d to %d after %d", s, l.from, l.to, end)
			}
			end = l.to
			scheme, _, ok := strings.Cut(l.url, ":")
			if _, known := linkSchemes[strings.ToLower(scheme)]; !ok || !known {
				t.Fatalf("%q: opens %q", s, l.url)
			}
			if shown := s[l.from:l.to]; shown != l.url && "https://"+shown != l.url {
				t.Fatalf("%q: shows %q, opens %q", s, shown, l.url)
			}
			if strings.ContainsFunc(l.url, endsLink) {
				t.Fatalf("%q: opens %q", s, l.url)
			}
		}
	})
}

func BenchmarkFindLinksHostile(b *testing.B) {
	s := strings.Repeat("mailto:", 9000)
	b.SetBytes(int64(len(s)))
	for b.Loop() {
		findLinks(s)
	}
}
