package app

import (
	"reflect"
	"testing"
)

func TestMatch(t *testing.T) {
	for _, c := range []struct {
		query, text string
		want        rank
		spans       []span
	}{
		{"", "anything", rankStart, nil},
		{"  ", "anything", rankStart, nil},
		{"be", "Benvolio", rankStart, []span{{0, 2}}},
		{"be", "Set status: Be right back", rankWords, []span{{12, 14}}},
		{"olio", "Benvolio", rankInside, []span{{4, 8}}},
		{"ro", "Arrow of Romeo", rankWords, []span{{9, 11}}},
		{"chloe", "Chloé Martin", rankStart, []span{{0, 6}}},
		{"Élan", "elan vital", rankStart, []span{{0, 4}}},
		{"jul cap", "Juliet Capulet", rankStart, []span{{0, 3}, {7, 10}}},
		{"cap jul", "Juliet Capulet", rankWords, []span{{7, 10}, {0, 3}}},
		{"capulet.ex", "juliet@capulet.example", rankWords, []span{{7, 17}}},
		{"be x", "Benvolio", rankNone, nil},
		{"ben", "be", rankNone, nil},
		{"李", "王李", rankInside, []span{{3, 6}}},
	} {
		got, spans := match(c.query, c.text)
		if got != c.want || !reflect.DeepEqual(spans, c.spans) {
			t.Errorf("match(%q, %q) = %v, %v, want %v, %v", c.query, c.text, got, spans, c.want, c.spans)
		}
	}
}

func FuzzMatch(f *testing.F) {
	f.Add("be", "Set status: Be right back")
	f.Add("\u0301", "e\u0301\xff")
	f.Fuzz(func(t *testing.T, query, text string) {
		_, spans := match(query, text)
		for _, s := range spans {
			if s.from < 0 || s.from > s.to || s.to > len(text) {
				t.Fatalf("match(%q, %q): span %v", query, text, s)
			}
		}
	})
}
