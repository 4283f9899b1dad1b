package app

import "testing"

func TestHarmless(t *testing.T) {
	for in, want := range map[string]string{
		"plain":                     "plain",
		" two\r\n\tlines ":          "two   lines",
		"a\u202Egnp.exe":            "agnp.exe",
		"\u2066x\u2069\u200E\u200F": "x",
		"nul\x00bell\x07":           "nulbell",
		"bad\xffutf8":               "bad\uFFFDutf8",
		"👩\u200D👧 مرحبا":            "👩\u200D👧 مرحبا",
	} {
		if got := harmless(in); got != want {
			t.Errorf("harmless(%q) = %q, want %q", in, got, want)
		}
	}
}
