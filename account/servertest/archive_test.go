//go:build unix

package servertest

import (
	"iter"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestArchives asks for parts of an archive that is there from the start.
func TestArchives(t *testing.T) {
	day := time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
	list := []Archived{
		{With: "bob@linnet.test", At: day, ID: "one", Body: `Say "hi" \ <now>` + "\nand ünicode"},
		{With: "bob@linnet.test", At: day.Add(time.Hour), ID: "two", Body: "2", Out: true},
		{With: "carl@linnet.test", At: day.Add(2 * time.Hour), ID: "three", Body: "3"},
		{With: "bob@linnet.test", At: day.Add(3 * time.Hour), ID: "four", Body: "4"},
	}
	s := Prosody(t, Options{
		Users:    map[string]string{"anna": "secret", "bob": "x"},
		Archives: map[string]iter.Seq[Archived]{"anna": slices.Values(list)},
	})
	w := signIn(t, s, false, "anna", "secret")
	if n := s.FirstRead("anna"); n != 0 {
		t.Errorf("the first was read %d times before anything", n)
	}
	results := regexp.MustCompile(`<result [^>]*id='([a-z]+)'`)
	ask := func(field, value, set string) (ids string, answer string) {
		t.Helper()
		w.send("<iq type='set' id='q'><query xmlns='urn:xmpp:mam:2'><x xmlns='jabber:x:data' type='submit'>"+
			"<field var='FORM_TYPE' type='hidden'><value>urn:xmpp:mam:2</value></field><field var='%s'><value>%s</value></field></x>"+
			"<set xmlns='http://jabber.org/protocol/rsm'>%s</set></query></iq>", field, value, set)
		answer = w.until("</iq>")
		for _, m := range results.FindAllStringSubmatch(answer, -1) {
			ids += m[1] + " "
		}
		return ids, answer
	}
	const newest = "<max>2</max><before/>"
	for _, row := range []struct{ field, value, set, want string }{
		{"x", "", newest, "three four "},
		{"x", "", "<max>2</max><before>three</before>", "one two "},
		{"x", "", "<max>2</max>", "one two "},
		{"x", "", "<max>2</max><after>two</after>", "three four "},
		{"with", "bob@linnet.test", newest, "two four "},
		{"with", "bob@linnet.test", "<max>9</max><before>four</before>", "one two "},
		{"with", "nobody@linnet.test", newest, ""},
		{"start", "2026-05-01T01:00:00Z", "<max>9</max><before>four</before>", "two three "},
		{"end", "2026-05-01T01:00:00Z", newest, "one two "},
	} {
		if got, answer := ask(row.field, row.value, row.set); got != row.want {
			t.Errorf("%s=%s %s gives %q: %s", row.field, row.value, row.set, got, answer)
		}
	}
	_, answer := ask("x", "", newest)
	for _, want := range []string{"<count>4</count>", "from='bob@linnet.test/phone'", "to='anna@linnet.test'", "stamp='2026-05-01T03:00:00Z'"} {
		if !strings.Contains(answer, want) {
			t.Errorf("no %s in %s", want, answer)
		}
	}
	read := s.FirstRead("anna")
	_, answer = ask("x", "", "<max>1</max>")
	if n := s.FirstRead("anna"); n != read {
		t.Errorf("reading from the first on counts: %d and then %d", read, n)
	}
	ask("x", "", "<max>2</max><before>three</before>")
	if n := s.FirstRead("anna"); n != read+1 {
		t.Errorf("the first was read %d and then %d times", read, n)
	}
	if want := "Say &quot;hi&quot; \\ &lt;now&gt;\nand ünicode"; !strings.Contains(answer, want) || strings.Contains(answer, "complete=") {
		t.Errorf("the first is %s", answer)
	}

	w.send("<message type='chat' to='bob@linnet.test' id='m'><body>5</body></message>")
	if _, answer := ask("x", "", "<max>9</max><after>four</after>"); strings.Count(answer, "<body>5</body>") != 1 {
		t.Errorf("what came later: %s", answer)
	}
}
