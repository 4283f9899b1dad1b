package upload

import (
	"encoding/xml"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"linnet/account/xep/disco"
)

func TestHeader(t *testing.T) {
	p := Put{Headers: []Header{
		{"authorization", "Basic\r\n x\n"},
		{"COOKIE", "a=b; c"},
		{"Expires", "0"},
		{" Cookie\n", "d"},
		{"Host", "evil.example"},
		{"Content-Length", "7"},
		{"", "x"},
		{"Content-Type", "text/html"},
		{"Authorization: x\r\nHost", "y"},
	}}
	want := http.Header{"Authorization": {"Basic x"}, "Cookie": {"a=b; c", "d"}, "Expires": {"0"}}
	if got := p.Header(); !reflect.DeepEqual(got, want) {
		t.Errorf("%q", got)
	}
}

func TestMaxSize(t *testing.T) {
	form := func(typ, limit string) string {
		return "<x xmlns='jabber:x:data' type='result'><field var='FORM_TYPE' type='hidden'><value>" + typ +
			"</value></field><field var='max-file-size'>" + limit + "</field></x>"
	}
	for name, x := range map[string]struct {
		forms string
		want  int64
	}{
		"none":          {"", 0},
		"one":           {form(NS, "<value>5242880</value>"), 5242880},
		"behind others": {form("urn:other", "<value>7</value>") + form(NS, "<value> 9 </value>"), 9},
		"no value":      {form(NS, ""), 0},
		"two values":    {form(NS, "<value>1</value><value>2</value>"), 0},
		"negative":      {form(NS, "<value>-1</value>"), 0},
		"words":         {form(NS, "<value>much</value>"), 0},
	} {
		var info disco.Info
		if err := xml.Unmarshal([]byte("<query xmlns='"+disco.NSInfo+"'>"+x.forms+"</query>"), &info); err != nil {
			t.Fatal(err)
		}
		if got := MaxSize(&info); got != x.want {
			t.Errorf("%s: %d", name, got)
		}
	}
}

func TestRefusal(t *testing.T) {
	large, again := TooLarge{Max: "20000"}, Retry{Stamp: "2017-12-03T23:42:05Z"}
	if large.MaxSize() != 20000 {
		t.Errorf("the limit is %d", large.MaxSize())
	}
	if at, ok := again.Time(); !ok || at.Unix() != 1512344525 {
		t.Errorf("again at %v, %v", at, ok)
	}
	if _, ok := (&Retry{Stamp: "soon"}).Time(); ok {
		t.Error("a time that is none")
	}
}

// FuzzSlot holds that nothing but the three headers gets through, each on one
// line.
func FuzzSlot(f *testing.F) {
	f.Add("<put url='https://a.example'><header name='Cookie'>x\r\ny</header></put><get url='x'/>")
	f.Fuzz(func(t *testing.T, inner string) {
		var s Slot
		if xml.Unmarshal([]byte("<slot xmlns='"+NS+"'>"+inner+"</slot>"), &s) != nil {
			return
		}
		for name, values := range s.Put.Header() {
			if name != "Authorization" && name != "Cookie" && name != "Expires" || strings.ContainsAny(strings.Join(values, ""), "\r\n") {
				t.Errorf("%q: %q", name, values)
			}
		}
	})
}
