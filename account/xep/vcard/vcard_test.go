package vcard

import (
	"encoding/xml"
	"testing"
)

var (
	fn    = [][]string{{"fn", "text"}}
	mail  = [][]string{{"email", "text"}}
	phone = [][]string{{"tel", "text"}, {"tel", "uri"}}
)

// TestCard reads a card of another client, changes what Linnet knows, and finds
// the rest as it was.
func TestCard(t *testing.T) {
	const card = `<v:vcard xmlns:v="urn:ietf:params:xml:ns:vcard-4.0" xml:lang="en">
		<v:n><v:surname>Capulet</v:surname></v:n><v:fn><v:text> Juliet </v:text></v:fn>
		<v:tel><v:parameters><v:pref><v:integer>1</v:integer></v:pref></v:parameters><v:uri>tel:+1</v:uri></v:tel>
		<v:email><v:text>a@example.org</v:text></v:email><v:email><v:text>b@example.org</v:text></v:email>
		<x:fn xmlns:x="urn:other"><x:text>no</x:text></x:fn></v:vcard>`
	var e Element
	if err := xml.Unmarshal([]byte(card), &e); err != nil {
		t.Fatal(err)
	}
	if got := e.Get(fn...); got != "Juliet" {
		t.Errorf("name %q", got)
	}
	if got := e.Get(phone...); got != "tel:+1" {
		t.Errorf("phone %q", got)
	}
	if got := e.Get([]string{"note", "text"}); got != "" {
		t.Errorf("note %q", got)
	}
	e.Set("Jule <3", fn...)
	e.Set("", mail...)
	e.Set("+2", phone...)
	e.Set("hello", []string{"note", "text"})
	e.Set("", []string{"url", "uri"})
	got, err := xml.Marshal(e)
	const want = `<vcard xmlns="urn:ietf:params:xml:ns:vcard-4.0" xml:lang="en">` +
		`<n xmlns="urn:ietf:params:xml:ns:vcard-4.0"><surname xmlns="urn:ietf:params:xml:ns:vcard-4.0">Capulet</surname></n>` +
		`<fn xmlns="urn:ietf:params:xml:ns:vcard-4.0"><text xmlns="urn:ietf:params:xml:ns:vcard-4.0">Jule &lt;3</text></fn>` +
		`<tel xmlns="urn:ietf:params:xml:ns:vcard-4.0"><text xmlns="urn:ietf:params:xml:ns:vcard-4.0">+2</text></tel>` +
		`<email xmlns="urn:ietf:params:xml:ns:vcard-4.0"><text xmlns="urn:ietf:params:xml:ns:vcard-4.0">b@example.org</text></email>` +
		`<fn xmlns="urn:other"><text xmlns="urn:other">no</text></fn>` +
		`<note xmlns="urn:ietf:params:xml:ns:vcard-4.0"><text xmlns="urn:ietf:params:xml:ns:vcard-4.0">hello</text></note></vcard>`
	if err != nil || string(got) != want {
		t.Errorf("written %s, %v", got, err)
	}
}

// FuzzCard writes whatever was read, so that it can be read again.
func FuzzCard(f *testing.F) {
	f.Add(`<vCard xmlns='vcard-temp'><FN>x</FN><EMAIL><USERID>a</USERID></EMAIL></vCard>`)
	f.Add(`<a xmlns:b='urn:b' b:c='d' xmlns='e'>f<b:g xml:lang='h'/></a>`)
	f.Add(`<a xmlns:b='urn:b'><b:0 c='d'/><e/></a>`)
	f.Fuzz(func(t *testing.T, text string) {
		var e Element
		if xml.Unmarshal([]byte(text), &e) != nil {
			return
		}
		e.Set("new", fn...)
		raw, err := xml.Marshal(e)
		if err != nil {
			t.Skip(err) // a name that XML has no way to write
		}
		var again Element
		if err := xml.Unmarshal(raw, &again); err != nil {
			t.Fatalf("%q becomes %s: %v", text, raw, err)
		}
		if got := again.Get(fn...); got != "new" {
			t.Errorf("%s has %q", raw, got)
		}
	})
}
