package account

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"linnet/account/xep/reactions"
	"linnet/storage"
)

// TestAttacksOnMessages has a contact and a stranger send what looks like the
// work of others. What is to be seen of Ann's conversation is the same before and
// after.
func TestAttacksOnMessages(t *testing.T) {
	inner := func(from, to, what string) string {
		return fmt.Sprintf("<message xmlns='jabber:client' type='chat' from='%s' to='%s' id='inner'>%s</message>", from, to, what)
	}
	words := "<body>I owe you money</body>"
	ours := inner(testAddress+"/phone", ann, words)
	wrapped := func(message string) string {
		return "<forwarded xmlns='urn:xmpp:forward:0'>" + message + "</forwarded>"
	}
	sent := func(message string) string { return "<sent xmlns='urn:xmpp:carbons:2'>" + wrapped(message) + "</sent>" }
	taken := fmt.Sprintf(takenXML, "ours")
	for name, stanza := range map[string]string{
		"a carbon in a carbon of hers":   carbonOf("received")(inner(ann+"/x", testAddress, sent(ours))),
		"a carbon in a carbon of ours":   carbonOf("sent")(inner(testAddress+"/phone", ann, sent(ours))),
		"a result in a carbon":           carbonOf("received")(inner(ann+"/x", testAddress, "<result xmlns='urn:xmpp:mam:2' queryid='q' id='1'>"+wrapped(ours)+"</result>")),
		"an event in a carbon":           carbonOf("received")(inner(testAddress, testAddress, "<event xmlns='http://jabber.org/protocol/pubsub#event'><items node='urn:xmpp:mds:displayed:0'><item id='"+ann+"'/></items></event>")),
		"forwarded twice":                fmt.Sprintf(annSends, "w1", wrapped(inner(ann+"/x", testAddress, wrapped(ours)))),
		"a carbon for somebody else":     carbonOf("received")(inner(ann+"/x", "bob@example.org", words)),
		"a carbon of others":             carbonOf("sent")(inner(ann+"/x", "bob@example.org", words)),
		"a retraction from another chat": fmt.Sprintf(annotate, "chat", evil+"/x", "x1", taken),
		"a retraction of the other side": fmt.Sprintf(annSends, "x2", taken),
		"an address within an address":   fmt.Sprintf(annotate, "chat", testAddress+"@bad.example/x", "x3", taken),
		"an address as a resource":       fmt.Sprintf(annotate, "chat", "bad.example/"+testAddress, "x4", taken),
		"an address and more":            fmt.Sprintf(annotate, "chat", testAddress+".bad.example", "x5", taken),
		"a tombstone":                    fmt.Sprintf(annSends, "ours", "<retracted xmlns='urn:xmpp:message-retract:1' id='x6'/>"),
		"a correction by hers":           carbonOf("sent")(inner(ann+"/x", testAddress, fmt.Sprintf(replaced, "ours", "I owe you money"))),
		"a refusal of what is not hers":  fmt.Sprintf(annotate, "error", evil+"/x", "ours", "<error type='cancel'><gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"),
	} {
		s := spoken(t)
		want := s.shown()
		s.live(stanza)
		if got := s.shown(); !reflect.DeepEqual(got, want) {
			t.Errorf("%s made it %+v", name, got)
		}
	}
	s := spoken(t)
	if s.live(carbonOf("sent")(ours)); len(s.shown()) != 3 {
		t.Error("what is in order is not taken either")
	}
}

// TestFloodsOfReactions has ten thousand reactions come in one stanza, and then
// one by one.
func TestFloodsOfReactions(t *testing.T) {
	s := spoken(t)
	var all strings.Builder
	for i := range 10_000 {
		fmt.Fprintf(&all, "<reaction>%c</reaction>", 0x1F300+i%0x300)
	}
	all.WriteString("<reaction>" + strings.Repeat("👍", 1000) + "</reaction>")
	flood := "<reactions xmlns='urn:xmpp:reactions:0' id='ours'>" + all.String() + "</reactions>"
	s.live(fmt.Sprintf(annSends, "r", flood))
	for i := range 1000 {
		s.at = s.at.Add(time.Millisecond)
		s.live(fmt.Sprintf(annSends, fmt.Sprint("r", i), fmt.Sprintf(thinks, "ours", "👍")))
	}
	s.live(fmt.Sprintf(annSends, "again", flood))
	for _, m := range s.shown() {
		for _, r := range m.Reactions {
			if len(r.Emoji) > reactions.MaxEmoji || len(strings.Join(r.Emoji, "")) > 64*reactions.MaxEmoji {
				t.Errorf("%s has %d emoji", m.ID, len(r.Emoji))
			}
		}
		if want := map[bool]int{true: 1, false: 0}[m.Out]; len(m.Reactions) != want {
			t.Errorf("%s has %d reactions", m.ID, len(m.Reactions))
		}
	}
}

// TestAnswersStayInTheirChat holds that an answer leads to no message of another
// conversation, and to none of somebody else than it says.
func TestAnswersStayInTheirChat(t *testing.T) {
	s := spoken(t)
	for i, x := range []struct {
		to, id string
		found  bool
	}{
		{evil, "evil1", false},
		{evil + "/x", "theirs", true},
		{"", "evil1", false},
		{testAddress, "theirs", false},
		{ann, "ours", false},
		{testAddress, "ours", true},
		{ann + "/x", "theirs", true},
		{ann, "", false},
		{ann, strings.Repeat("x", maxIDSize+1), false},
	} {
		id := fmt.Sprint("answer", i)
		s.live(fmt.Sprintf(annSends, id, fmt.Sprintf("<reply xmlns='urn:xmpp:reply:0' to='%s' id='%s'/><body>Indeed</body>", x.to, x.id)))
		var answer storage.Message
		s.must(s.store.View(func(tx *storage.Tx) (err error) {
			answer, _, err = tx.FindMessage(s.chat().ID, storage.ByID, id)
			return err
		}))
		found, err := s.m.Quoted(s.chat().ID, []storage.Message{answer})
		s.must(err)
		if q, ok := found[answer.Pos]; ok != x.found || ok && q.Chat != s.chat().ID {
			t.Errorf("an answer to %s of %q leads to %+v", x.id, x.to, q)
		}
	}
}

// TestFilesNobodyMayFetch has files whose addresses are none that may be asked.
func TestFilesNobodyMayFetch(t *testing.T) {
	s := spoken(t)
	for i, url := range []string{
		"file:///etc/passwd", "javascript:alert(1)", "data:text/html,x", "http://example.com/x", "ftp://example.com/x",
		"https:///x", "https://a:b@example.com/x", "//example.com/x", "HTTPS:example.com", "https://example.com/" + strings.Repeat("x", maxURL),
		" javascript:alert(1)", "https\n://example.com", "xmpp:ann@example.org",
	} {
		for kind, what := range map[string]string{
			"sfs": "<file-sharing xmlns='urn:xmpp:sfs:0'><file xmlns='urn:xmpp:file:metadata:0'><name>a.png</name><media-type>image/png</media-type></file>" +
				"<sources><url-data xmlns='http://jabber.org/protocol/url-data' target='" + url + "'/></sources></file-sharing>",
			"oob": "<body>" + url + "</body><x xmlns='jabber:x:oob'><url>" + url + "</url></x>",
		} {
			id := fmt.Sprint(kind, i)
			s.live(fmt.Sprintf(annSends, id, what))
			s.must(s.store.View(func(tx *storage.Tx) error {
				m, _, err := tx.FindMessage(s.chat().ID, storage.ByID, id)
				if len(m.Files) > 0 {
					t.Errorf("%s by %s is a file: %+v", url, kind, m.Files)
				}
				return err
			}))
		}
	}
}

// TestHugeCards answers the question for a profile with far more than anybody has
// to say. It is not read, and costs nothing but the answer.
func TestHugeCards(t *testing.T) {
	_, r, c, id := withRoster(t)
	r.synced(id)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	asked := make(chan error, 1)
	go func() {
		_, err := r.Profile(ctx, id, ann)
		asked <- err
	}()
	q := c.find("the question", func(e element) bool { return contains(e.Inner, "urn:xmpp:vcard4") })
	note := "<note><text>" + strings.Repeat("x", 10<<20) + "</text></note>"
	c.send("<iq type='result' id='%s' from='%s'><pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='urn:xmpp:vcard4'><item id='current'><vcard xmlns='urn:ietf:params:xml:ns:vcard-4.0'>%s</vcard></item></items></pubsub></iq>",
		q.attr("id"), ann, note)
	c.barrier()
	select {
	case err := <-asked:
		t.Errorf("the answer was taken: %v", err)
	default:
	}
	cancel()
	if err := <-asked; err == nil {
		t.Error("it is a profile")
	}
}
