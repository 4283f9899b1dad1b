package account

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"linnet/account/stream"
	"linnet/storage"
)

// state waits until the only message of a conversation has a state.
func (r *running) state(chat storage.ChatID, want storage.MessageState) storage.Message {
	r.t.Helper()
	var m storage.Message
	r.eventually(fmt.Sprint("message state ", want), func() bool {
		list := r.messages(chat)
		m = list[len(list)-1]
		return m.State == want || want == storage.StateSent && m.State == storage.StateDelivered
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
	if err := r.SetDraft(chat.ID, "Hi\r\nyou\x01", storage.Pos{}); err != nil {
		t.Fatal(err)
	}
	if err := r.Send(ctx, chat.ID, Text{Body: "Hi\r\nyou\x01"}); err != nil {
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
		if err := r.Send(ctx, chat.ID, Text{Body: body}); !errors.Is(err, want) {
			t.Errorf("%q: %v", cut(body, 5), err)
		}
	}
	if err := r.Send(ctx, chat.ID, Text{Body: strings.Repeat("<", maxSent)}); err != nil {
		t.Errorf("64 kB: %v", err)
	}
	c.message()
	if err := r.Send(ctx, 99, Text{Body: "x"}); !errors.Is(err, storage.ErrNotFound) {
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
	if err := r.Send(ctx, chat.ID, Text{Body: "hello"}); err != nil {
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
	if again := c.message(); again.attr("id") != m.attr("id") || !strings.HasPrefix(again.Inner, m.Inner+"<retry ") {
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
		if err := r.Send(ctx, to, Text{Body: fmt.Sprint("message ", i)}); err != nil {
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
