package file

import (
	"encoding/xml"
	"testing"
)

func TestNumber(t *testing.T) {
	for s, want := range map[string]int64{
		"": 0, "0": 0, "7": 7, " 7\n": 7, "100": 100, "101": 0, "-1": 0, "7.5": 0, "seven": 0, "99999999999999999999": 0,
	} {
		if got := Number(s, 100); got != want {
			t.Errorf("%q gives %d", s, got)
		}
	}
	if Format(0) != "" || Format(12) != "12" {
		t.Error("a number is written wrongly")
	}
}

// FuzzFile holds that what is told of a file never keeps it from being read.
func FuzzFile(f *testing.F) {
	f.Add("<size>x</size><width/><hash xmlns='urn:xmpp:hashes:2' algo='sha-1'>!</hash>")
	f.Add("<name>a</name><name>b</name><thumbnail xmlns='urn:xmpp:thumbs:1' width='x'/>")
	f.Fuzz(func(t *testing.T, inner string) {
		var any struct{}
		text := []byte("<file xmlns='urn:xmpp:file:metadata:0'>" + inner + "</file>")
		if xml.Unmarshal(text, &any) != nil {
			return // is no XML
		}
		if err := xml.Unmarshal(text, new(File)); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	})
}
