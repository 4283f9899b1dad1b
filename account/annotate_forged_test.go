package account

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"linnet/account/xep/delay"
	"linnet/storage"
)

const (
	evil     = "evil@bad.example"
	annotate = "<message xmlns='jabber:client' type='%s' from='%s' to='" + testAddress + "' id='%s'>%s</message>"
)

// spoken is a conversation in which Ann and we have said something, and another
// with somebody else.
func spoken(t *testing.T) *scene {
	s := newScene(t)
	s.live(
		fmt.Sprintf(annSends, "theirs", "<body>Hello</body>"),
		carbonOf("sent")(fmt.Sprintf(phoneSends, "ours", "<body>Hi</body>")),
		fmt.Sprintf(annotate, "chat", evil+"/x", "evil1", "<body>Psst</body>"),
	)
	s.at = s.at.Add(time.Minute)
	return s
}

// TestOnlyTheAuthorChangesAMessage has others try.
func TestOnlyTheAuthorChangesAMessage(t *testing.T) {
	s := spoken(t)
	want := s.shown()
	if len(want) != 2 {
		t.Fatalf("the conversation is %+v", want)
	}
	old := delay.FormatTime(s.at.Add(-time.Hour))
	for name, change := range map[string]func(id string) string{
		"correction": func(id string) string { return fmt.Sprintf(replaced, id, "I owe you money") },
		"retraction": func(id string) string { return fmt.Sprintf(takenXML, id) },
		"reaction":   func(id string) string { return fmt.Sprintf(thinks, id, "👍") },
	} {
		in := func(typ, from, id string) string { return fmt.Sprintf(annotate, typ, from, "forged", change(id)) }
		for what, stanza := range map[string]string{
			"of a stranger":               in("chat", evil+"/x", "theirs"),
			"of a stranger, of ours":      in("chat", evil+"/x", "ours"),
			"of the server":               in("chat", testDomain, "theirs"),
			"of Ann's server":             in("chat", "example.org", "theirs"),
			"of a lookalike":              in("chat", "ann@example.org.bad.example/x", "theirs"),
			"of another of her domain":    in("chat", "bob@example.org/x", "theirs"),
			"in a room":                   in("groupchat", "ann@example.org/x", "theirs"),
			"of a room":                   in("groupchat", "room@example.org/ann", "theirs"),
			"in an error":                 in("error", "ann@example.org/x", "theirs"),
			"in a headline":               in("headline", "ann@example.org/x", "theirs"),
			"without an address to read":  in("chat", "@@@", "theirs"),
			"without an id of its own":    strings.Replace(in("chat", evil+"/x", "theirs"), "id='forged'", "", 1),
			"in a copy of a stranger":     strings.Replace(carbonOf("received")(in("chat", "ann@example.org/x", "theirs")), "from='"+testAddress+"'", "from='"+evil+"/x'", 1),
			"in a copy of Ann":            strings.Replace(carbonOf("sent")(fmt.Sprintf(phoneSends, "forged", change("ours"))), "from='"+testAddress+"'", "from='ann@example.org/x'", 1),
			"in a copy of our phone":      strings.Replace(carbonOf("sent")(fmt.Sprintf(phoneSends, "forged", change("ours"))), "from='"+testAddress+"'", "from='"+testAddress+"/phone'", 1),
			"in a copy of the wrong kind": carbonOf("sent")(in("chat", "ann@example.org/x", "theirs")),
			"in a result nobody asked for": "<message xmlns='jabber:client' from='" + testAddress + "'><result xmlns='urn:xmpp:mam:2' queryid='q' id='1'><forwarded xmlns='urn:xmpp:forward:0'>" +
				in("chat", "ann@example.org/x", "theirs") + "</forwarded></result></message>",
			"held by a stranger": strings.Replace(in("chat", evil+"/x", "theirs"), "</message>", "<delay xmlns='urn:xmpp:delay' from='ann@example.org' stamp='"+old+"'/></message>", 1),
		} {
			s.live(stanza)
			if got := s.shown(); !reflect.DeepEqual(got, want) {
				t.Fatalf("a %s %s made it %+v", name, what, got)
			}
		}
	}
	// What only the author may say, the other of two may not.
	for _, stanza := range []string{
		fmt.Sprintf(annSends, "f2", fmt.Sprintf(takenXML, "ours")),
		carbonOf("sent")(fmt.Sprintf(phoneSends, "f3", fmt.Sprintf(takenXML, "theirs"))),
	} {
		s.live(stanza)
		if got := s.shown(); !reflect.DeepEqual(got, want) {
			t.Fatalf("%s made it %+v", stanza, got)
		}
	}
	// A correction of what she has not said is a message of hers.
	s = spoken(t)
	want = s.shown()
	s.live(fmt.Sprintf(annSends, "f4", fmt.Sprintf(replaced, "ours", "I owe you money")))
	got := s.shown()
	if !reflect.DeepEqual(got[:2], want) || len(got) != 3 || got[2].Out || got[2].Body != "I owe you money" {
		t.Fatalf("a correction of ours by Ann made it %+v", got)
	}
}

// TestChangesAreNoNews holds that what is said about a message neither counts as
// unread nor brings an event of a new message.
func TestChangesAreNoNews(t *testing.T) {
	s := spoken(t)
	s.must(s.a.markRead(s.chat().ID, s.chat().Last.Pos))
	s.live(fmt.Sprintf(annSends, "m2", "<body>And now</body>"))
	if n := s.chat().Unread; n != 1 {
		t.Fatalf("%d unread", n)
	}
	s.at = s.at.Add(time.Minute)
	for _, x := range []struct {
		xml, text string
		unread    int
	}{
		{fmt.Sprintf(replaced, "theirs", "Good day"), "And now", 1},
		{fmt.Sprintf(replaced, "m2", "And then"), "And then", 1},
		{fmt.Sprintf(thinks, "ours", "👍"), "And then", 1},
		{fmt.Sprintf(takenXML, "m2"), "", 0}, // which nobody can read any more
	} {
		s.at = s.at.Add(time.Second)
		s.live(fmt.Sprintf(annSends, fmt.Sprint("c", s.at.Unix()), x.xml))
		chat := s.chat()
		if chat.Unread != x.unread || chat.Last.Text != x.text || len(s.shown()) != 3 {
			t.Errorf("after %s: %+v", x.xml, chat)
		}
	}
	if !s.chat().Last.Retracted {
		t.Error("the row does not say that the last message was taken back")
	}
}

// TestRetractionErases holds that nothing of the words is left on disk.
func TestRetractionErases(t *testing.T) {
	s := spoken(t)
	s.live(fmt.Sprintf(annSends, "c1", fmt.Sprintf(replaced, "theirs", "Hallo")), fmt.Sprintf(annSends, "r1", fmt.Sprintf(thinks, "theirs", "👍")))
	chat := s.chat()
	var pos storage.Pos
	s.must(s.store.Update(func(tx *storage.Tx) error {
		m, _, err := tx.FindMessage(chat.ID, storage.ByID, "theirs")
		pos = m.Pos
		if err != nil {
			return err
		}
		m.Files, m.Links = []storage.File{{Name: "secret.txt"}}, []storage.Link{{URL: "https://example.org"}}
		if err := tx.PutMessage(&m); err != nil {
			return err
		}
		return tx.SetStarred(chat.ID, pos, true)
	}))
	s.live(fmt.Sprintf(annSends, "x1", fmt.Sprintf(takenXML, "theirs")))
	s.live(fmt.Sprintf(annSends, "c2", fmt.Sprintf(replaced, "theirs", "again")), fmt.Sprintf(annSends, "r2", fmt.Sprintf(thinks, "theirs", "👍")))
	s.must(s.store.View(func(tx *storage.Tx) error {
		m, err := tx.Message(chat.ID, pos)
		want := storage.Message{
			Pos: pos, Chat: chat.ID, From: "ann@example.org/x", ID: "theirs", RetractedAt: s.at.UnixMilli(),
		}
		if err != nil || !reflect.DeepEqual(m, want) {
			t.Errorf("the tombstone is %+v, %v", m, err)
		}
		edits, err := tx.Edits(chat.ID, pos)
		stars, err2 := tx.Starred(storage.Pos{}, 9)
		if len(edits)+len(stars) != 0 || err != nil || err2 != nil {
			t.Errorf("left are %v and %v", edits, stars)
		}
		return nil
	}))
	// The archive may still have the words.
	s.page(newSweep(FromHistory, false), []kept{{id: "a1", stamp: s.at.Add(-time.Minute), xml: fmt.Sprintf(annSends, "theirs", "<body>Hello</body>")}})
	if got := s.shown(); len(got) != 2 || got[0].Body != "" {
		t.Errorf("with the archive: %+v", got)
	}
}

// TestTombstoneOfTheArchive has a server that removes what was taken back.
func TestTombstoneOfTheArchive(t *testing.T) {
	s := newScene(t)
	grave := fmt.Sprintf(annSends, "theirs", "<retracted xmlns='urn:xmpp:message-retract:1' id='x1' stamp='2030-01-02T03:04:05Z'/>")
	s.live(grave) // which only an archive can say
	if got := s.shown(); len(got) != 0 {
		t.Fatalf("a tombstone of a contact made %+v", got)
	}
	for range 2 {
		s.page(newSweep(FromHistory, false), []kept{{id: "a1", stamp: s.at, xml: grave}})
		got := s.shown()
		if len(got) != 1 || got[0].Body != "" || got[0].RetractedAt != time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC).UnixMilli() {
			t.Fatalf("the tombstone is %+v", got)
		}
	}
	if s.chat().Unread != 0 {
		t.Error("it is unread")
	}
}

// TestEditsAreBounded holds that the first and the newest words stay.
func TestEditsAreBounded(t *testing.T) {
	s := spoken(t)
	for i := range maxEdits + 10 {
		s.at = s.at.Add(time.Second)
		s.live(fmt.Sprintf(annSends, fmt.Sprint("c", i), fmt.Sprintf(replaced, "theirs", fmt.Sprint("take ", i))))
	}
	got := s.shown()[0]
	if len(got.Edits) != maxEdits || got.Edits[0].Body != "Hello" || got.Edits[1].Body != "take 10" || got.Body != fmt.Sprint("take ", maxEdits+9) {
		t.Errorf("%d edits, %+v and so on, now %q", len(got.Edits), got.Edits[:2], got.Body)
	}
}

// TestLargeEditsAreBounded holds that many large corrections leave little behind.
func TestLargeEditsAreBounded(t *testing.T) {
	s := spoken(t)
	large := strings.Repeat("x", maxReceived-100)
	for i := range 20 {
		s.at = s.at.Add(time.Second)
		s.live(fmt.Sprintf(annSends, fmt.Sprint("c", i), fmt.Sprintf(replaced, "theirs", fmt.Sprint(i, large))))
	}
	got, size := s.shown()[0], 0
	for _, e := range got.Edits {
		size += len(e.Body)
	}
	if size+len(got.Body) > maxEditBytes || len(got.Edits) < 3 || got.Edits[0].Body != "Hello" || !strings.HasPrefix(got.Body, "19x") {
		t.Errorf("%d edits of %d bytes, now %.9q", len(got.Edits), size, got.Body)
	}
}

func TestQuoteOfAnAnswer(t *testing.T) {
	const answer = "<reply xmlns='urn:xmpp:reply:0' to='%s' id='%s'/><fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:reply:0'><body %s/></fallback><body>&gt; H\u00e9 \U0001F600\n&gt; you\nWell met</body>"
	for _, x := range []struct {
		name, to, id, part, body string
		reply                    storage.Reply
	}{
		{"ours", testAddress + "/phone", "ours", "start='0' end='13'", "Well met", storage.Reply{ID: "ours", From: testAddress, Quote: "H\u00e9 \U0001F600\nyou"}},
		{"theirs", "ann@example.org", "theirs", "start='0' end='13'", "Well met", storage.Reply{ID: "theirs", From: ann, Quote: "H\u00e9 \U0001F600\nyou"}},
		{"of somebody else", evil, "evil1", "start='0' end='13'", "Well met", storage.Reply{ID: "evil1", Quote: "H\u00e9 \U0001F600\nyou"}},
		{"a bad range", "ann@example.org", "theirs", "start='0' end='99'", "> H\u00e9 \U0001F600\n> you\nWell met", storage.Reply{ID: "theirs", From: ann}},
		{"all of it", "ann@example.org", "theirs", "", "> H\u00e9 \U0001F600\n> you\nWell met", storage.Reply{ID: "theirs", From: ann}},
		{"nothing", "ann@example.org", "", "start='0' end='13'", "Well met", storage.Reply{}},
	} {
		s := spoken(t)
		s.live(fmt.Sprintf(annSends, "r1", fmt.Sprintf(answer, x.to, x.id, x.part)))
		s.must(s.store.View(func(tx *storage.Tx) error {
			m, ok, err := tx.FindMessage(s.chat().ID, storage.ByID, "r1")
			if !ok || err != nil || m.Body != x.body || m.Reply != x.reply {
				t.Errorf("%s: %q answers %+v, %v", x.name, m.Body, m.Reply, err)
			}
			return nil
		}))
	}
}
