package account

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"linnet/account/stream"
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
	if err := r.Send(t.Context(), chat.ID, "note"); err != nil {
		t.Fatal(err)
	}
	m := c.message()
	c.send("<message type='chat' from='%s' id='%s'>%s</message>", c.full, m.attr("id"), m.Inner)
	c.send("<message type='chat' from='%s/phone' id='other'><body>from the phone</body></message>", testAddress)
	c.barrier()
	if list := r.messages(chat.ID); len(list) != 2 || !list[0].Out || list[1].Out {
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
		r.SetDraft(chat.ID, "half a"), r.SetPinned(chat.ID, true), r.SetMuted(chat.ID, until),
		r.PutSetting("a", []byte("b")),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	r.eventually("the last change", func() bool {
		for _, e := range r.events {
			if e, ok := e.(ChatChanged); ok && e.Chat.MutedUntil.Equal(until) {
				return true
			}
		}
		return false
	})
	r.stop()
	r = p.run()
	got := r.chat(ann)
	if got.Draft != "half a" || !got.Pinned || !got.MutedUntil.Equal(until) {
		t.Errorf("after a restart: %+v", got)
	}
	if v, ok, err := r.Setting("a"); string(v) != "b" || !ok || err != nil {
		t.Errorf("setting: %q %v %v", v, ok, err)
	}
	if err := r.DeleteChat(chat.ID); err != nil {
		t.Fatal(err)
	}
	if err := r.SetDraft(chat.ID, "x"); !errors.Is(err, storage.ErrNotFound) {
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

// state waits until the only message of a conversation has a state.
func (r *running) state(chat storage.ChatID, want storage.MessageState) storage.Message {
	r.t.Helper()
	var m storage.Message
	r.eventually(fmt.Sprint("message state ", want), func() bool {
		list := r.messages(chat)
		m = list[len(list)-1]
		return m.State == want
	})
	return m
}

func TestSend(t *testing.T) {
	_, r, c, id := withRoster(t)
	ctx := t.Context()
	chat, err := r.OpenChat(id, ann)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.SetDraft(chat.ID, "Hi\r\nyou\x01"); err != nil {
		t.Fatal(err)
	}
	if err := r.Send(ctx, chat.ID, "Hi\r\nyou\x01"); err != nil {
		t.Fatal(err)
	}
	m := c.message()
	if m.attr("to") != ann || m.attr("type") != "chat" || m.attr("id") == "" ||
		!contains(m.Inner, `<origin-id xmlns="urn:xmpp:sid:0" id="`+m.attr("id")+`"`) || strings.Contains(m.Inner, "\x01") {
		t.Errorf("sent: %v", m)
	}
	stored := r.state(chat.ID, storage.StateSent)
	if stored.ID != m.attr("id") || stored.OriginID != stored.ID || stored.Body != "Hi\nyou" || !stored.Out {
		t.Errorf("stored: %+v", stored)
	}
	if row := r.chat(ann); row.Draft != "" || row.Unread != 0 || row.Last.State != storage.StateSent {
		t.Errorf("row: %+v", row)
	}
	for body, want := range map[string]error{
		" \r\n": ErrEmpty, "\x00\x01": ErrEmpty, strings.Repeat("x", maxSent+1): ErrTooLong,
	} {
		if err := r.Send(ctx, chat.ID, body); !errors.Is(err, want) {
			t.Errorf("%q: %v", cut(body, 5), err)
		}
	}
	if err := r.Send(ctx, chat.ID, strings.Repeat("<", maxSent)); err != nil {
		t.Errorf("64 kB: %v", err)
	}
	c.message()
	if err := r.Send(ctx, 99, "x"); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("no such conversation: %v", err)
	}
}

func TestRefusedAndRetried(t *testing.T) {
	_, r, c, id := withRoster(t)
	ctx := t.Context()
	chat, err := r.OpenChat(id, ann)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Send(ctx, chat.ID, "hello"); err != nil {
		t.Fatal(err)
	}
	m := c.message()
	msg := r.state(chat.ID, storage.StateSent)
	if err := r.Retry(ctx, chat.ID, msg.Pos); !errors.Is(err, ErrNotFailed) {
		t.Errorf("retried what was sent: %v", err)
	}
	const failure = "<message type='error' from='%s' id='%s'><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/><text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>No such user</text></error></message>"
	for _, from := range []string{"bob@example.org", "evil@example.org/x", "example.org"} {
		c.send(failure, from, m.attr("id"))
	}
	c.send(failure, ann, "another")
	c.barrier()
	if got := r.messages(chat.ID)[0]; got.State != storage.StateSent {
		t.Fatalf("somebody else's error made it %+v", got)
	}
	c.send(failure, ann, m.attr("id"))
	msg = r.state(chat.ID, storage.StateFailed)
	if msg.Reason != "service-unavailable: No such user" {
		t.Errorf("reason %q", msg.Reason)
	}
	if err := r.Retry(ctx, chat.ID, msg.Pos); err != nil {
		t.Fatal(err)
	}
	if again := c.message(); again.attr("id") != m.attr("id") || again.Inner != m.Inner {
		t.Errorf("sent again as %v, was %v", again, m)
	}
	if got := r.state(chat.ID, storage.StateSent); got.Pos != msg.Pos || got.Reason != "" {
		t.Errorf("after the retry: %+v", got)
	}
	c.send(failure, testDomain, m.attr("id"))
	r.state(chat.ID, storage.StateFailed)
}

func TestOutboxGoesOutOnceInOrder(t *testing.T) {
	p, r, c, id := withRoster(t)
	ctx := t.Context()
	chat, err := r.OpenChat(id, ann)
	if err != nil {
		t.Fatal(err)
	}
	other, err := r.OpenChat(id, "bob@example.org")
	if err != nil {
		t.Fatal(err)
	}
	p.server.set(func() { p.server.silent = true })
	const n = maxInFlight + 20
	send := func(i int) {
		t.Helper()
		to := chat.ID
		if i%3 == 0 {
			to = other.ID
		}
		if err := r.Send(ctx, to, fmt.Sprint("message ", i)); err != nil {
			t.Fatal(err)
		}
	}
	// Some go out and are not confirmed before the link drops,
	for i := range 3 {
		send(i)
	}
	first := []element{c.message(), c.message(), c.message()}
	c.cut()
	r.eventually("offline", func() bool { return r.phase(id).Phase != stream.Online })
	c = p.server.next()
	for i := range first { // and go out again with the same ids.
		if again := c.message(); again.attr("id") != first[i].attr("id") || again.Inner != first[i].Inner {
			t.Errorf("sent again as %v, was %v", again, first[i])
		}
	}
	// Others wait for the next start.
	if err := r.SetEnabled(ctx, id, false); err != nil {
		t.Fatal(err)
	}
	for i := 3; i < n; i++ {
		send(i)
	}
	r.stop()
	if got := r.messages(chat.ID); got[len(got)-1].State != storage.StateWaiting {
		t.Errorf("offline: %+v", got[len(got)-1])
	}
	p.server.set(func() { p.server.silent = false })
	p.update(func(tx *storage.Tx) error {
		a, err := tx.Account(id)
		a.Enabled = true
		if err != nil {
			return err
		}
		return tx.PutAccount(&a)
	})
	r = p.run()
	c = p.server.next()
	seen := make(map[string]bool)
	for i := range n {
		m := c.message()
		if !contains(m.Inner, fmt.Sprintf("<body>message %d</body>", i)) || seen[m.attr("id")] {
			t.Fatalf("message %d is %v", i, m)
		}
		seen[m.attr("id")] = true
	}
	r.state(chat.ID, storage.StateSent)
	r.eventually("all sent", func() bool {
		var left []storage.Outgoing
		if err := p.store.View(func(tx *storage.Tx) (err error) {
			left, err = tx.Outbox(id, 10)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return len(left) == 0
	})
	c.barrier()
	select {
	case e := <-c.got:
		t.Errorf("came too: %v", e)
	default:
	}
}
