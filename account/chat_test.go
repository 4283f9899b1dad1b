package account

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"linnet/storage"
)

const ann = "ann@example.org"

func TestReceive(t *testing.T) {
	p, r, c, id := withRoster(t)
	now := time.Now()
	past := now.Add(-3 * time.Hour).UTC().Truncate(time.Second)
	future := now.Add(3 * time.Hour).UTC()
	ancient := now.Add(-20 * 365 * 24 * time.Hour).UTC()
	stamp := func(from string, at time.Time) string {
		return fmt.Sprintf("<delay xmlns='urn:xmpp:delay' from='%s' stamp='%s'/>", from, at.Format(time.RFC3339))
	}
	for i, inner := range []string{
		"<body>one</body>",
		"<body>two\r\nlines</body>",
		"<body xml:lang='de'>drei</body><body>three</body>",
		"<body>held</body>" + stamp(testDomain, past),
		"<body>held by Ann</body>" + stamp("ann@example.org", past),
		"<body>from the future</body>" + stamp(testDomain, future),
		"<body>ancient</body>" + stamp(testDomain, ancient),
		"<body>bad time</body><delay xmlns='urn:xmpp:delay' from='example.test' stamp='noon'/>",
		"<body>" + strings.Repeat("ä", maxReceived) + "</body>",
		"<body></body>", "<body> \n </body>", "<subject>x</subject>", "",
	} {
		typ := []string{"type='chat' ", "type='normal' ", ""}[i%3]
		c.send("<message %sfrom='ann@example.org/x' id='m%d'>%s</message>", typ, i, inner)
	}
	for _, typ := range []string{"groupchat", "headline"} {
		c.send("<message type='%s' from='ann@example.org/x'><body>not for a conversation</body></message>", typ)
	}
	c.barrier()
	chat := r.chat(ann)
	list := r.messages(chat.ID)
	var bodies []string
	for _, m := range list {
		bodies = append(bodies, cut(m.Body, 20))
		late := m.Pos.At().Before(now.Add(-time.Hour))
		if late != (m.Body == "held") || m.Pos.At().After(time.Now()) {
			t.Errorf("%q has time %v", cut(m.Body, 20), m.Pos.At())
		}
		if m.Out || m.From != "ann@example.org/x" || m.State != storage.StateReceived {
			t.Errorf("stored as %+v", m)
		}
	}
	want := "held|one|two\nlines|three|held by Ann|from the future|ancient|bad time|ääääääääää"
	if got := strings.Join(bodies, "|"); got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if !list[0].Pos.At().Equal(past) {
		t.Errorf("held since %v, want %v", list[0].Pos.At(), past)
	}
	long := list[len(list)-1].Body
	if len(long) > maxReceived+len(cutMark) || !strings.HasSuffix(long, "ä"+cutMark) {
		t.Errorf("long body has %d bytes and ends %q", len(long), long[len(long)-10:])
	}
	if chat.Unread != 9 || chat.Last.Pos != list[8].Pos {
		t.Errorf("row: %+v", chat)
	}
	r.eventually("the events", func() bool {
		n := 0
		for _, e := range r.events {
			if e, ok := e.(MessagesAdded); ok && e.Chat == chat.ID {
				n += len(e.Messages)
			}
		}
		return n == 9
	})

	if err := r.MarkRead(chat.ID, list[4].Pos); err != nil {
		t.Fatal(err)
	}
	if got := r.chat(ann); got.Unread != 4 || got.ReadUpTo != list[4].Pos {
		t.Errorf("after reading some: %+v", got)
	}
	if err := r.MarkRead(chat.ID, list[2].Pos); err != nil {
		t.Fatal(err)
	}
	r.stop()
	again := p.run()
	if got := again.chat(ann); got.Unread != 4 || got.ReadUpTo != list[4].Pos {
		t.Errorf("after a restart: %+v", got)
	}
	if err := again.MarkRead(chat.ID, list[8].Pos); err != nil {
		t.Fatal(err)
	}
	if got := again.chat(ann); got.Unread != 0 {
		t.Errorf("after reading all: %+v", got)
	}
	_ = id
}

func TestUnstyled(t *testing.T) {
	_, r, c, _ := withRoster(t)
	c.send("<message type='chat' from='ann@example.org/x' id='1'><body>&gt; _ &lt;</body><unstyled xmlns='urn:xmpp:styling:0'/></message>")
	c.send("<message type='chat' from='ann@example.org/x' id='2'><body>*styled*</body></message>")
	c.barrier()
	list := r.messages(r.chat(ann).ID)
	if len(list) != 2 || !list[0].Unstyled || list[1].Unstyled {
		t.Errorf("stored as %+v", list)
	}
	// What is corrected may have styles now, or none any more.
	c.send("<message type='chat' from='ann@example.org/x' id='3'><body>*so*</body><replace xmlns='urn:xmpp:message-correct:0' id='1'/></message>")
	c.send("<message type='chat' from='ann@example.org/x' id='4'><body>2 * 2 * 2</body><unstyled xmlns='urn:xmpp:styling:0'/><replace xmlns='urn:xmpp:message-correct:0' id='2'/></message>")
	c.barrier()
	list = r.messages(r.chat(ann).ID)
	if list[0].Unstyled || !list[1].Unstyled {
		t.Errorf("corrected to %+v", list)
	}
	edits, err := r.Edits(list[0].Chat, list[0].Pos)
	if err != nil || len(edits) != 1 || !edits[0].Unstyled {
		t.Errorf("before that: %+v, %v", edits, err)
	}
	// What is forwarded says the same, and so does a correction of it.
	if err := r.Forward(t.Context(), list[1].Chat, []storage.Pos{list[1].Pos}, list[1].Chat); err != nil {
		t.Fatal(err)
	}
	if m := c.message(); !contains(m.Inner, "<unstyled xmlns=\"urn:xmpp:styling:0\">") {
		t.Errorf("forwarded as %v", m)
	}
	list = r.messages(list[0].Chat)
	r.eventually("sent", func() bool { return r.messages(list[0].Chat)[2].State == storage.StateSent })
	if err := r.Correct(t.Context(), list[2].Chat, list[2].Pos, "3 * 3 * 3"); err != nil {
		t.Fatal(err)
	}
	if m := c.message(); !contains(m.Inner, "<unstyled ", "3 * 3 * 3", "<replace ") || !r.messages(list[0].Chat)[2].Unstyled {
		t.Errorf("corrected as %v", m)
	}
}

func TestEncryptedForOthers(t *testing.T) {
	_, r, c, _ := withRoster(t)
	c.send("<message type='chat' from='ann@example.org/x' id='1'><body>For others</body><encryption xmlns='urn:xmpp:eme:0' namespace='urn:xmpp:omemo:2' name='x'/></message>")
	c.send("<message type='chat' from='ann@example.org/x' id='2'><body>For all</body><encryption xmlns='urn:xmpp:eme:0' namespace='%s'/></message>", strings.Repeat("x", maxIDSize+1))
	c.barrier()
	list := r.messages(r.chat(ann).ID)
	if len(list) != 2 || list[0].Encryption != "urn:xmpp:omemo:2" || list[1].Encryption != "" {
		t.Errorf("stored as %+v", list)
	}
}

func TestReceivedTwice(t *testing.T) {
	p := newProfile(t)
	p.server.features = []string{"urn:xmpp:sid:0"}
	r, c, id := p.online()
	r.eventually("the features", func() bool {
		a, err := r.account(id)
		if err != nil {
			t.Fatal(err)
		}
		has := false
		if err := a.do(t.Context(), func() error { has = a.server.accountHas("urn:xmpp:sid:0"); return nil }); err != nil {
			t.Fatal(err)
		}
		return has
	})
	send := func(from, id, body, more string) {
		c.send("<message type='chat' from='%s' id='%s'><body>%s</body>%s</message>", from, id, body, more)
	}
	send("ann@example.org/x", "1", "hello", "")
	send("ann@example.org/x", "1", "hello", "") // again
	send("ann@example.org/y", "1", "hello", "") // again, by another way
	c.barrier()
	send("ann@example.org/x", "1", "hello", "")       // again, in a later batch
	send("ann@example.org/x", "1", "other words", "") // a client that counts from 1
	send("ann@example.org/x", "2", "hello", "")
	send("bob@example.org/x", "1", "hello", "")
	c.send("<message type='chat' from='ann@example.org/x'><body>no id</body></message>")
	c.send("<message type='chat' from='ann@example.org/x'><body>no id</body></message>")
	sid := "<stanza-id xmlns='urn:xmpp:sid:0' by='%s' id='a1'/>"
	send("ann@example.org/x", "3", "archived", fmt.Sprintf(sid, testAddress))
	send("ann@example.org/x", "4", "archived twice", fmt.Sprintf(sid, testAddress))
	send("ann@example.org/x", "5", "archived elsewhere", fmt.Sprintf(sid, "ann@example.org"))
	c.barrier()
	var got []string
	for _, m := range r.messages(r.chat(ann).ID) {
		got = append(got, m.Body+" "+m.StanzaID)
	}
	want := "hello |other words |hello |no id |no id |archived a1|archived elsewhere "
	if s := strings.Join(got, "|"); s != want {
		t.Errorf("got  %q\nwant %q", s, want)
	}
	if n := len(r.messages(r.chat("bob@example.org").ID)); n != 1 {
		t.Errorf("Bob has %d messages", n)
	}
}

func TestNoteToSelf(t *testing.T) {
	_, r, c, id := withRoster(t)
	chat, err := r.OpenChat(id, testAddress)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Send(t.Context(), chat.ID, Text{Body: "note"}); err != nil {
		t.Fatal(err)
	}
	m := c.message()
	c.send("<message type='chat' from='%s' id='%s'>%s</message>", c.full, m.attr("id"), m.Inner)
	c.send("<message type='chat' from='%s/phone' id='other'><body>from the phone</body></message>", testAddress)
	c.barrier()
	if list := r.messages(chat.ID); len(list) != 2 || !list[0].Out || !list[1].Out {
		t.Errorf("stored: %+v", list)
	}
}

func TestChatSettings(t *testing.T) {
	p, r, _, id := withRoster(t)
	chat, err := r.OpenChat(id, "Ann@Example.org/phone")
	if err != nil || chat.JID != ann {
		t.Fatalf("%+v, %v", chat, err)
	}
	if same, err := r.OpenChat(id, ann); err != nil || same.ID != chat.ID {
		t.Errorf("opened again: %+v, %v", same, err)
	}
	if _, err := r.OpenChat(id, "ann"); !errors.Is(err, ErrAddressNoAt) {
		t.Errorf("bad address: %v", err)
	}
	until := time.Now().Add(time.Hour).Truncate(time.Millisecond)
	for _, err := range []error{
		r.SetDraft(chat.ID, "half a", storage.Pos{}), r.SetPinned(chat.ID, true), r.SetMuted(chat.ID, until),
		r.SetArchived(chat.ID, true), r.SetMarkedUnread(chat.ID, true), r.AcceptChat(chat.ID),
		r.PutSetting("a", []byte("b")),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	r.eventually("the last change", func() bool {
		for _, e := range r.events {
			if e, ok := e.(ChatChanged); ok && e.Chat.MutedUntil.Equal(until) && e.Chat.MarkedUnread {
				return true
			}
		}
		return false
	})
	r.stop()
	r = p.run()
	got := r.chat(ann)
	if got.Draft != "half a" || !got.Pinned || !got.MutedUntil.Equal(until) || !got.Archived || !got.MarkedUnread {
		t.Errorf("after a restart: %+v", got)
	}
	if v, ok, err := r.Setting("a"); string(v) != "b" || !ok || err != nil {
		t.Errorf("setting: %q %v %v", v, ok, err)
	}
	if err := r.DeleteChat(chat.ID); err != nil {
		t.Fatal(err)
	}
	if err := r.SetDraft(chat.ID, "x", storage.Pos{}); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("after deleting: %v", err)
	}
	r.eventually("ChatRemoved", func() bool {
		for _, e := range r.events {
			if e == (ChatRemoved{chat.ID}) {
				return true
			}
			if _, reset := e.(Reset); reset {
				return true
			}
		}
		return false
	})
}

func TestPlaceAfter(t *testing.T) {
	last := storage.Pos{Time: 10_000}
	for _, x := range []struct {
		ms, want int64
		slack    time.Duration
	}{
		{11_000, 11_000, time.Hour}, {9_500, 10_000, time.Second}, {9_000, 9_000, time.Second}, {9_000, 10_000, time.Hour},
	} {
		if got := placeAfter(last, time.UnixMilli(x.ms), x.slack); got != x.want {
			t.Errorf("%d with slack %v is placed at %d, want %d", x.ms, x.slack, got, x.want)
		}
	}
}
