package app

import (
	"reflect"
	"testing"

	"linnet/widgets"
)

func TestMatch(t *testing.T) {
	for _, c := range []struct {
		query, text string
		want        rank
		spans       []widgets.Span
	}{
		{"", "anything", rankStart, nil},
		{"  ", "anything", rankStart, nil},
		{"be", "Benvolio", rankStart, spans(0, 2)},
		{"be", "Set status: Be right back", rankWords, spans(12, 14)},
		{"olio", "Benvolio", rankInside, spans(4, 8)},
		{"ro", "Arrow of Romeo", rankWords, spans(9, 11)},
		{"chloe", "Chloé Martin", rankStart, spans(0, 6)},
		{"Élan", "elan vital", rankStart, spans(0, 4)},
		{"jul cap", "Juliet Capulet", rankStart, spans(0, 3, 7, 10)},
		{"cap jul", "Juliet Capulet", rankWords, spans(7, 10, 0, 3)},
		{"capulet.ex", "juliet@capulet.example", rankWords, spans(7, 17)},
		{"be x", "Benvolio", rankNone, nil},
		{"ben", "be", rankNone, nil},
		{"李", "王李", rankInside, spans(3, 6)},
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
			if s.From < 0 || s.From > s.To || s.To > len(text) {
				t.Fatalf("match(%q, %q): span %v", query, text, s)
			}
		}
	})
}

// spans makes spans of pairs of offsets.
func spans(at ...int) []widgets.Span {
	var out []widgets.Span
	for i := 0; i < len(at); i += 2 {
		out = append(out, widgets.Span{From: at[i], To: at[i+1]})
	}
	return out
}
