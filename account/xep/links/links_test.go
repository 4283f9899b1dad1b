package links

import (
	"encoding/xml"
	"reflect"
	"testing"
)

// page is the example of the specification, with a picture that is one.
const page = `<rdf:Description xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:og="https://ogp.me/ns#" xmlns:ogi="https://ogp.me/ns#image:" rdf:about="https://the.link.example.com/what">
 <og:title>The Best Webpage</og:title>
 <og:description>This is a great webpage</og:description>
 <og:url>https://example.com/canonical</og:url>
 <og:image>https://link.to.example.com/image.png</og:image>
 <og:image>cid:sha-256+e3b0c442@bob.xmpp.org</og:image>
 <og:image>data:image/jpeg;base64,YWJj</og:image>
 <ogi:alt>Alt text</ogi:alt>
 <og:site_name>Example Website</og:site_name>
</rdf:Description>`

func TestDescription(t *testing.T) {
	var d Description
	if err := xml.Unmarshal([]byte(page), &d); err != nil {
		t.Fatal(err)
	}
	if d.About != "https://the.link.example.com/what" || d.Title != "The Best Webpage" || d.Text != "This is a great webpage" || len(d.Images) != 3 {
		t.Errorf("%+v", d)
	}
	if got := d.Image(3); string(got) != "abc" {
		t.Errorf("picture %q", got)
	}
	if got := d.Image(2); got != nil {
		t.Errorf("a picture that is too large: %q", got)
	}
	// The attribute has to be of the namespace.
	var bare Description
	if err := xml.Unmarshal([]byte(`<Description xmlns="`+NS+`" about="https://a.example"/>`), &bare); err != nil || bare.About != "" {
		t.Errorf("%+v, %v", bare, err)
	}
}

func TestNew(t *testing.T) {
	d := New("https://a.example", "A & B", "", "image/png", []byte("abc"))
	text, err := xml.Marshal(&d)
	if err != nil {
		t.Fatal(err)
	}
	var back Description
	if err := xml.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	back.XMLName = xml.Name{}
	if !reflect.DeepEqual(back, d) || string(back.Image(3)) != "abc" {
		t.Errorf("%s gives %+v", text, back)
	}
	if d := New("https://a.example", "", "x", "image/png", nil); d.Images != nil {
		t.Errorf("%+v", d)
	}
}

// FuzzDescription holds that no picture is given but one that came along, within
// the limit.
func FuzzDescription(f *testing.F) {
	f.Add(page)
	f.Add(`<Description xmlns="` + NS + `"><image xmlns="` + OpenGraph + `">data:;base64,</image></Description>`)
	f.Fuzz(func(t *testing.T, text string) {
		var d Description
		if xml.Unmarshal([]byte(text), &d) != nil {
			return
		}
		if data := d.Image(16); len(data) > 16 {
			t.Errorf("%q gives %d bytes", text, len(data))
		}
	})
}
