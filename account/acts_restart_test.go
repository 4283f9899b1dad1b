package account

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"linnet/account/stream"
	"linnet/storage"
)

// TestActsOutliveTheProgram corrects a message and reacts to it while offline,
// and ends the program. Both go out on the next run, and both refusals, that of
// one more run included, are told and can be answered.
func TestActsOutliveTheProgram(t *testing.T) {
	p, r, c, id := withRoster(t)
	chat := r.opened(id, ann)
	r.sendTo(c, chat.ID, "helo")
	pos := r.state(chat.ID, storage.StateSent).Pos
	ctx := t.Context()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	held := make(chan struct{})
	p.server.set(func() { p.server.held = held })
	c.cut()
	r.eventually("offline", func() bool { return r.phase(id).Phase != stream.Online })
	must(r.Correct(ctx, chat.ID, pos, "hello"))
	must(r.React(ctx, chat.ID, pos, []string{"👍"}))
	if m := r.messages(chat.ID)[0]; m.Act.Kind != storage.ActCorrect || m.Reacted.Kind != storage.ActReact {
		t.Errorf("waiting: %+v and %+v", m.Act, m.Reacted)
	}
	r.stop()
	p.server.set(func() { p.server.held = nil })
	close(held)

	r, c, _ = p.online()
	var sent []string
	for _, want := range []string{"<body>hello</body>", ">👍</reaction>"} {
		m := c.message()
		if !contains(m.Inner, want) {
			t.Errorf("sent %v, not %s", m, want)
		}
		sent = append(sent, m.attr("id"))
	}
	r.acted(chat.ID, storage.Act{})
	r.stop()

	r, c, _ = p.online()
	const reason = "service-unavailable"
	for _, stranger := range []string{"bob@example.org", testAddress + "/phone"} {
		for _, id := range sent {
			c.send(refusal, stranger, id)
		}
	}
	c.barrier()
	r.acted(chat.ID, storage.Act{})
	for _, id := range sent {
		c.send(refusal, ann, id)
	}
	r.acted(chat.ID, storage.Act{Kind: storage.ActReact, State: storage.StateFailed, Reason: reason})
	m := r.acted(chat.ID, storage.Act{Kind: storage.ActCorrect, State: storage.StateFailed, Reason: reason})
	if m.Body != "hello" || len(m.Reactions) != 0 {
		t.Errorf("refused: %q with %v", m.Body, m.Reactions)
	}
	r.stop()

	r, c, _ = p.online()
	must(r.Retry(ctx, chat.ID, pos))
	if again := c.message(); !contains(again.Inner, "<body>hello</body>", "urn:xmpp:message-correct:0") {
		t.Errorf("tried again: %v", again)
	}
	must(r.Retry(ctx, chat.ID, pos))
	if again := c.message(); !contains(again.Inner, ">👍</reaction>") {
		t.Errorf("tried again: %v", again)
	}
	if m := r.acted(chat.ID, storage.Act{}); m.Body != "hello" || len(m.Reactions) != 1 {
		t.Errorf("at the end: %q with %v", m.Body, m.Reactions)
	}
	if err := expect(r.Retry(ctx, chat.ID, pos), ErrNotFailed); err != nil {
		t.Error(err)
	}
}

// TestActsHideNoneBefore reacts to a message whose correction failed, and has
// what was replaced refused late.
func TestActsHideNoneBefore(t *testing.T) {
	_, r, c, id := withRoster(t)
	chat := r.opened(id, ann)
	r.sendTo(c, chat.ID, "helo")
	pos := r.state(chat.ID, storage.StateSent).Pos
	ctx := t.Context()
	correct := func(body string) string {
		t.Helper()
		if err := r.Correct(ctx, chat.ID, pos, body); err != nil {
			t.Fatal(err)
		}
		sent := c.message().attr("id")
		r.acted(chat.ID, storage.Act{})
		return sent
	}
	failed := storage.Act{Kind: storage.ActCorrect, State: storage.StateFailed, Reason: "service-unavailable"}
	first, second := correct("hallo"), correct("hello")
	c.send(refusal, ann, first)
	c.barrier()
	m := r.acted(chat.ID, storage.Act{})
	if edits, err := r.Edits(chat.ID, pos); err != nil || len(edits) != 1 || edits[0].Body != "helo" || m.Body != "hello" {
		t.Errorf("without what was refused it says %q, before %+v, %v", m.Body, edits, err)
	}
	c.send(refusal, ann, second)
	r.acted(chat.ID, failed)
	if err := r.React(ctx, chat.ID, pos, []string{"👍"}); err != nil {
		t.Fatal(err)
	}
	c.message()
	r.eventually("the reaction", func() bool { return r.messages(chat.ID)[0].Reacted.IsZero() })
	if m := r.acted(chat.ID, failed); m.Body != "hello" || len(m.Reactions) != 1 {
		t.Errorf("after a reaction: %+v", m)
	}
	if err := r.DropAct(ctx, chat.ID, pos); err != nil {
		t.Fatal(err)
	}
	if m := r.acted(chat.ID, storage.Act{}); m.Body != "helo" || len(m.Reactions) != 1 {
		t.Errorf("given up: %+v", m)
	}
}

// TestRefusedRetraction has a retraction refused when the words are gone here,
// and the program was ended since.
func TestRefusedRetraction(t *testing.T) {
	p, r, c, id := withRoster(t)
	chat := r.opened(id, ann)
	target := r.sendTo(c, chat.ID, "helo")
	pos := r.state(chat.ID, storage.StateSent).Pos
	ctx := t.Context()
	if err := r.Retract(ctx, chat.ID, pos); err != nil {
		t.Fatal(err)
	}
	sent := c.message().attr("id")
	r.eventually("the tombstone", func() bool { return r.messages(chat.ID)[0].RetractedAt != 0 })
	r.stop()
	r, c, _ = p.online()
	c.send(refusal, ann, sent)
	m := r.acted(chat.ID, storage.Act{Kind: storage.ActRetract, State: storage.StateFailed, Reason: "service-unavailable"})
	if m.Body != "" || m.RetractedAt == 0 {
		t.Errorf("refused: %+v", m)
	}
	if err := r.Retry(ctx, chat.ID, pos); err != nil {
		t.Fatal(err)
	}
	again := c.message()
	if again.attr("id") == sent || !contains(again.Inner, fmt.Sprintf(`<retract xmlns="urn:xmpp:message-retract:1" id="%s"`, target)) {
		t.Errorf("tried again: %v", again)
	}
	if m := r.acted(chat.ID, storage.Act{}); m.RetractedAt == 0 {
		t.Errorf("at the end: %+v", m)
	}
	if texts := r.bodies(ann); slices.ContainsFunc(texts, func(s string) bool { return strings.Contains(s, "helo") }) {
		t.Errorf("the words are there again: %q", texts)
	}
}
