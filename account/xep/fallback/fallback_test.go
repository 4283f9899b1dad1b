package fallback

import (
	"strings"
	"testing"
	"unicode/utf8"
)

const ns = "urn:x"

func TestStrip(t *testing.T) {
	for _, x := range []struct {
		name, body     string
		all            []Fallback
		rest, stripped string
	}{
		{"none", "hello", nil, "hello", ""},
		{"quote", "> hi\nyes", []Fallback{{For: ns, Body: []Range{Part(0, 5)}}}, "yes", "> hi\n"},
		{"characters, not bytes", "é😀x", []Fallback{{For: ns, Body: []Range{Part(0, 2)}}}, "x", "é😀"},
		{"in the middle", "abcdef", []Fallback{{For: ns, Body: []Range{Part(2, 4)}}}, "abef", "cd"},
		{"two parts in any order", "abcdef", []Fallback{{For: ns, Body: []Range{Part(4, 5), Part(0, 1)}}}, "bcdf", "ae"},
		{"two elements", "abcdef", []Fallback{{For: ns, Body: []Range{Part(0, 1)}}, {For: ns, Body: []Range{Part(1, 2)}}}, "cdef", "ab"},
		{"nothing long", "abc", []Fallback{{For: ns, Body: []Range{Part(1, 1)}}}, "abc", ""},
		{"all", "abc", []Fallback{{For: ns}}, "", "abc"},
		{"the whole body", "abc", []Fallback{{For: ns, Body: []Range{{}}}}, "", "abc"},
		{"subject only", "abc", []Fallback{{For: ns, Subject: []Range{{}}}}, "abc", ""},
		{"for another", "abc", []Fallback{{For: "urn:y", Body: []Range{Part(0, 1)}}}, "abc", ""},
		{"for nothing", "abc", []Fallback{{Body: []Range{Part(0, 1)}}}, "abc", ""},
		{"beyond the end", "abc", []Fallback{{For: ns, Body: []Range{Part(0, 4)}}}, "abc", ""},
		{"turned around", "abc", []Fallback{{For: ns, Body: []Range{Part(2, 1)}}}, "abc", ""},
		{"overlapping", "abcdef", []Fallback{{For: ns, Body: []Range{Part(0, 3), Part(2, 4)}}}, "abcdef", ""},
		{"overlapping in two elements", "abcdef", []Fallback{{For: ns, Body: []Range{Part(0, 3)}}, {For: ns, Body: []Range{{}}}}, "abcdef", ""},
		{"negative", "abc", []Fallback{{For: ns, Body: []Range{{Start: "-1", End: "2"}}}}, "abc", ""},
		{"half", "abc", []Fallback{{For: ns, Body: []Range{{Start: "1"}}}}, "abc", ""},
		{"huge", "abc", []Fallback{{For: ns, Body: []Range{{Start: "0", End: "18446744073709551616"}}}}, "abc", ""},
		{"one good and one bad", "abc", []Fallback{{For: ns, Body: []Range{Part(0, 1), Part(2, 9)}}}, "abc", ""},
	} {
		if rest, stripped := Strip(x.body, x.all, ns); rest != x.rest || stripped != x.stripped {
			t.Errorf("%s: %q and %q, want %q and %q", x.name, rest, stripped, x.rest, x.stripped)
		}
	}
}

func FuzzStrip(f *testing.F) {
	f.Add("> é😀\nyes", "0", "5", "6", "7")
	f.Add("abc", "0", "4", "", "")
	f.Add("abc", "2", "1", "-1", "x")
	f.Add("", "", "", "0", "0")
	f.Add("\xff\xfe", "0", "1", "1", "2")
	f.Fuzz(func(t *testing.T, body, start, end, start2, end2 string) {
		all := []Fallback{{For: ns, Body: []Range{{start, end}, {start2, end2}}}}
		rest, stripped := Strip(body, all, ns)
		if len(rest)+len(stripped) != len(body) {
			t.Fatalf("%q became %q and %q", body, rest, stripped)
		}
		if stripped == "" && rest != body {
			t.Fatalf("%q became %q with nothing taken out", body, rest)
		}
		if utf8.ValidString(body) && !(utf8.ValidString(rest) && utf8.ValidString(stripped)) {
			t.Fatalf("a character was broken: %q and %q", rest, stripped)
		}
		for _, s := range []string{rest, stripped} { // both are what is left of body when some was taken out
			from := body
			for _, r := range s {
				_, after, ok := strings.Cut(from, string(r))
				if !ok && utf8.ValidString(body) {
					t.Fatalf("%q is not of %q", s, body)
				}
				from = after
			}
		}
	})
}
