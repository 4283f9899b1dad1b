package widgets

import (
	"strings"
	"testing"
)

func TestFindMatches(t *testing.T) {
	for _, c := range []struct{ text, query, want string }{
		{"What light through yonder window", "LIGHT", "What [light] through yonder window"},
		{"Éclair, e\u0301clair, ECLAIR", "éclair", "[Éclair], [e\u0301clair], [ECLAIR]"},
		{"one two one\u00a0two", "ONE two ", "[one two] [one\u00a0two]"},
		{"Straße, strasse", "STRASSE", "[Straße], [strasse]"},
		{"Straße", "s", "[S]tra[ß]e"},
		{"ﬁnd", "fi", "[ﬁ]nd"},
		{"banana", "ana", "b[ana]na"},
		{"banana", "an", "b[anan]a"},
		{"ПРИВЕТ мир", "привет", "[ПРИВЕТ] мир"},
		{"你好世界", "好世", "你[好世]界"},
		{"anything", "", "anything"},
		{"anything", " \u0301 ", "anything"},
		{"", "x", ""},
	} {
		got, at := "", 0
		for _, s := range FindMatches(c.text, c.query) {
			got += c.text[at:s.From] + "[" + c.text[s.From:s.To] + "]"
			at = s.To
		}
		if got += c.text[at:]; got != c.want {
			t.Errorf("%q in %q: %q, want %q", c.query, c.text, got, c.want)
		}
	}
	if n := len(FindMatches(strings.Repeat("a ", 3*maxFound), "a")); n != maxFound {
		t.Errorf("%d places are marked", n)
	}
}

func FuzzFindMatches(f *testing.F) {
	f.Add("Éclair e\u0301", "e")
	f.Add("Straße", "s")
	f.Fuzz(func(t *testing.T, text, query string) {
		at := 0
		for _, s := range FindMatches(text, query) {
			if s.From < at || s.To <= s.From || s.To > len(text) {
				t.Fatalf("%q in %q: %v after %d", query, text, s, at)
			}
			at = s.To
		}
	})
}

// fillsOf gives the boxes of a colour that are drawn in the rows.
func fillsOf(tr *Transcript, row int) int {
	v := tr.drawn.views[tr.rows.items[row]]
	return v.nFill
}

func TestTranscriptMarksWhatIsLookedFor(t *testing.T) {
	tr, _ := newTestTranscript(t, 600, 400)
	tr.SetRows([]Row{testRow(1, false, "a *needle* in the hay"), testRow(2, false, "hay")}, false, false)
	before, other := fillsOf(tr, 0), fillsOf(tr, 1)
	tr.SetFind("needle")
	if n := fillsOf(tr, 0) - before; n != 1 || fillsOf(tr, 1) != other {
		t.Errorf("%d marks", n)
	}
	tr.Update(testRow(2, false, "needle, too"))
	if fillsOf(tr, 1) != other+1 {
		t.Error("what a changed row says is not marked")
	}
	tr.SetFind("")
	if fillsOf(tr, 0) != before || fillsOf(tr, 1) != other {
		t.Error("the marks stay")
	}
}
