package thumb

import (
	"bytes"
	"testing"
)

func TestData(t *testing.T) {
	full := bytes.Repeat([]byte("x"), 100)
	for name, x := range map[string]struct {
		uri  string
		want []byte
	}{
		"its own":         {New("image/png", []byte("abc"), 1, 2).URI, []byte("abc")},
		"as much as may":  {New("image/png", full, 1, 2).URI, full},
		"too much":        {New("image/png", append(full, 'y'), 1, 2).URI, nil},
		"with a charset":  {"data:image/png;a=b;base64,YWJj", []byte("abc")},
		"not base64":      {"data:image/png,abc", nil},
		"bad base64":      {"data:image/png;base64,*", nil},
		"no data":         {"data:image/png;base64", nil},
		"of bits":         {"cid:sha1+ffd7c8d28e9c5e82afea41f97108c6b4@bob.xmpp.org", nil},
		"on the network":  {"https://a.example/x.png", nil},
		"nothing at all":  {"", nil},
		"data of nothing": {"data:,", nil},
	} {
		thumb := Thumbnail{URI: x.uri}
		if got := thumb.Data(len(full)); !bytes.Equal(got, x.want) {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func FuzzData(f *testing.F) {
	f.Add("data:image/png;base64,YWJj")
	f.Add("cid:x")
	f.Fuzz(func(t *testing.T, uri string) {
		thumb := Thumbnail{URI: uri}
		if data := thumb.Data(64); len(data) > 64 {
			t.Errorf("%q gives %d bytes", uri, len(data))
		}
	})
}
