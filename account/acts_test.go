package account

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"linnet/account/stream"
	"linnet/storage"
)

// acted waits until what was done to the first message of a conversation has
// reached the server, or not, and gives the message.
func (r *running) acted(chat storage.ChatID, want storage.Act) storage.Message {
	r.t.Helper()
	var m storage.Message
	r.eventually(fmt.Sprintf("%+v", want), func() bool {
		m = r.messages(chat)[0]
		got := *actOf(&m, want.Kind)
		if want.IsZero() && got.IsZero() {
			got = m.Reacted
		}
		return got.Kind == want.Kind && got.State == want.State && got.Reason == want.Reason
	})
	return m
}

// TestActs corrects, reacts to and takes back what is with the server.
func TestActs(t *testing.T) {
	_, r, c, id := withRoster(t)
	chat := r.opened(id, ann)
	target := r.sendTo(c, chat.ID, "helo")
	pos := r.state(chat.ID, storage.StateSent).Pos
	c.send(annSends, "theirs", "<body>what?</body>")
	r.eventually("her message", func() bool { return len(r.messages(chat.ID)) == 2 })
	theirs := r.messages(chat.ID)[1].Pos
	ctx := t.Context()

	if err := r.Correct(ctx, chat.ID, pos, "hello"); err != nil {
		t.Fatal(err)
	}
	sent := c.message()
	if sent.attr("id") == target || sent.attr("to") != ann || !contains(sent.Inner, "<body>hello</body>", `<replace xmlns="urn:xmpp:message-correct:0" id="`+target+`"`, `<origin-id xmlns="urn:xmpp:sid:0" id="`+sent.attr("id")) {
		t.Errorf("a correction is %v", sent)
	}
	m := r.acted(chat.ID, storage.Act{})
	if m.Body != "hello" || m.EditID != sent.attr("id") || m.EditedAt == 0 || m.State != storage.StateSent {
		t.Errorf("corrected: %+v", m)
	}
	if err := r.React(ctx, chat.ID, theirs, []string{"👍", "x", "👍"}); err != nil {
		t.Fatal(err)
	}
	sent = c.message()
	if !contains(sent.Inner, `<reactions xmlns="urn:xmpp:reactions:0" id="theirs"><reaction xmlns="urn:xmpp:reactions:0">👍</reaction></reactions><store xmlns="urn:xmpp:hints"`) || strings.Contains(sent.Inner, "<body") {
		t.Errorf("a reaction is %v", sent)
	}
	if got := r.messages(chat.ID)[1].Reactions; len(got) != 1 || !got[0].Out || got[0].From != testAddress || !slices.Equal(got[0].Emoji, []string{"👍"}) {
		t.Errorf("our reaction: %+v", got)
	}
	if err := r.Send(ctx, chat.ID, Text{Body: "Well", Reply: theirs}); err != nil {
		t.Fatal(err)
	}
	sent = c.message()
	if !contains(sent.Inner, "<body>&gt; what?&#xA;Well</body>", `<reply xmlns="urn:xmpp:reply:0" to="ann@example.org" id="theirs"`, `for="urn:xmpp:reply:0"><body xmlns="urn:xmpp:fallback:0" start="0" end="8"`) {
		t.Errorf("an answer is %v", sent)
	}
	if m := r.messages(chat.ID)[2]; m.Body != "Well" || m.Reply != (storage.Reply{ID: "theirs", From: ann, Quote: "what?"}) {
		t.Errorf("the answer: %+v", m)
	}
	if err := r.Retract(ctx, chat.ID, pos); err != nil {
		t.Fatal(err)
	}
	sent = c.message()
	if !contains(sent.Inner, `<retract xmlns="urn:xmpp:message-retract:1" id="`+target+`"`, `<fallback xmlns="urn:xmpp:fallback:0" for="urn:xmpp:message-retract:1"`, "<body>", "<store ") {
		t.Errorf("a retraction is %v", sent)
	}
	r.eventually("the tombstone", func() bool { return r.messages(chat.ID)[0].RetractedAt != 0 })
	if m := r.messages(chat.ID)[0]; m.Body != "" || !m.Act.IsZero() {
		t.Errorf("taken back: %+v", m)
	}
	for what, err := range map[string]error{
		"correct theirs":   expect(r.Correct(ctx, chat.ID, theirs, "x"), ErrNotOwn),
		"retract theirs":   expect(r.Retract(ctx, chat.ID, theirs), ErrNotOwn),
		"correct a grave":  expect(r.Correct(ctx, chat.ID, pos, "x"), ErrRetracted),
		"react to a grave": expect(r.React(ctx, chat.ID, pos, []string{"👍"}), ErrRetracted),
		"answer a grave":   expect(r.Send(ctx, chat.ID, Text{Body: "x", Reply: pos}), ErrRetracted),
		"no words":         expect(r.Correct(ctx, chat.ID, pos, " "), ErrEmpty),
		"too many words":   expect(r.Correct(ctx, chat.ID, pos, strings.Repeat("x", maxSent+1)), ErrTooLong),
		"no emoji":         expect(r.React(ctx, chat.ID, theirs, []string{"x"}), ErrEmpty),
		"the same again":   r.React(ctx, chat.ID, theirs, []string{"👍"}),
		"a grave again":    r.Retract(ctx, chat.ID, pos),
		"drop nothing":     expect(r.DropAct(ctx, chat.ID, theirs), ErrNotFailed),
	} {
		if err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	c.send("<message type='chat' from='ann@example.org/x'><body>no name</body></message>")
	r.eventually("the message without an id", func() bool { return len(r.messages(chat.ID)) == 4 })
	nameless := r.messages(chat.ID)[3].Pos
	for _, err := range []error{
		expect(r.React(ctx, chat.ID, nameless, []string{"👍"}), ErrNoID),
		expect(r.Send(ctx, chat.ID, Text{Body: "x", Reply: nameless}), ErrNoID),
	} {
		if err != nil {
			t.Error("without an id:", err)
		}
	}
	c.barrier()
	if n := len(r.messages(chat.ID)); n != 4 {
		t.Errorf("%d messages", n)
	}
}

// expect gives nil for the error that is wanted.
func expect(got, want error) error {
	if errors.Is(got, want) {
		return nil
	}
	return fmt.Errorf("%v, not %v", got, want)
}

// TestActsOnWhatWaits changes and removes what was never on its way, and holds
// that what else was done while offline goes out once, with what came of it.
func TestActsOnWhatWaits(t *testing.T) {
	p, r, c, id := withRoster(t)
	chat := r.opened(id, ann)
	target := r.sendTo(c, chat.ID, "sent")
	r.state(chat.ID, storage.StateSent)
	held := make(chan struct{})
	p.server.set(func() { p.server.held = held })
	c.cut()
	r.eventually("offline", func() bool { return r.phase(id).Phase != stream.Online })
	ctx := t.Context()
	for _, body := range []string{"one", "two"} {
		if err := r.Send(ctx, chat.ID, Text{Body: body}); err != nil {
			t.Fatal(err)
		}
	}
	list := r.messages(chat.ID)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(r.Correct(ctx, chat.ID, list[1].Pos, "first"))
	must(r.Retract(ctx, chat.ID, list[2].Pos))
	must(r.Correct(ctx, chat.ID, list[0].Pos, "sent and"))
	must(r.Correct(ctx, chat.ID, list[0].Pos, "sent and changed"))
	must(r.React(ctx, chat.ID, list[0].Pos, []string{"👍"}))
	must(r.React(ctx, chat.ID, list[0].Pos, nil))
	must(r.React(ctx, chat.ID, list[0].Pos, []string{"🎉"}))
	if got := r.bodies(ann); !slices.Equal(got, []string{"sent and changed", "first"}) {
		t.Errorf("the conversation is %q", got)
	}
	if edits, err := r.Edits(chat.ID, list[0].Pos); err != nil || len(edits) != 1 || edits[0].Body != "sent" {
		t.Errorf("edits %+v, %v", edits, err)
	}
	if row := r.chat(ann); row.Last.Text != "first" {
		t.Errorf("row: %+v", row)
	}
	close(held)
	c = p.server.next()
	for _, want := range []string{"<body>first</body>", `<replace xmlns="urn:xmpp:message-correct:0" id="` + target, ">🎉</reaction>"} {
		if sent := c.message(); !contains(sent.Inner, want) || strings.Contains(sent.Inner, "👍") {
			t.Errorf("sent %v, not %s", sent, want)
		}
	}
	m := r.acted(chat.ID, storage.Act{})
	if m.Body != "sent and changed" || len(m.Reactions) != 1 {
		t.Errorf("at the end: %+v", m)
	}
}

// TestActsRefused has a contact's server refuse them.
func TestActsRefused(t *testing.T) {
	_, r, c, id := withRoster(t)
	chat := r.opened(id, ann)
	r.sendTo(c, chat.ID, "helo")
	pos := r.state(chat.ID, storage.StateSent).Pos
	ctx := t.Context()
	if err := r.Correct(ctx, chat.ID, pos, "hello"); err != nil {
		t.Fatal(err)
	}
	sent := c.message()
	r.acted(chat.ID, storage.Act{})
	c.send(refusal, "bob@example.org", sent.attr("id")) // who has nothing to say
	c.barrier()
	r.acted(chat.ID, storage.Act{})
	c.send(refusal, ann, sent.attr("id"))
	reason := "service-unavailable"
	m := r.acted(chat.ID, storage.Act{Kind: storage.ActCorrect, State: storage.StateFailed, Reason: reason})
	if m.Body != "hello" || m.State != storage.StateSent {
		t.Errorf("refused: %+v", m)
	}
	if err := r.Retry(ctx, chat.ID, pos); err != nil {
		t.Fatal(err)
	}
	again := c.message()
	if again.attr("id") == sent.attr("id") || !contains(again.Inner, "<body>hello</body>") {
		t.Errorf("again it is %v", again)
	}
	r.acted(chat.ID, storage.Act{})
	c.send(refusal, ann, again.attr("id"))
	r.acted(chat.ID, storage.Act{Kind: storage.ActCorrect, State: storage.StateFailed, Reason: reason})
	if err := r.DropAct(ctx, chat.ID, pos); err != nil {
		t.Fatal(err)
	}
	if m := r.acted(chat.ID, storage.Act{}); m.Body != "helo" || m.EditedAt != 0 || m.EditID != "" {
		t.Errorf("given up: %+v", m)
	}
	for _, emoji := range []string{"👍", "🎉"} {
		if err := r.React(ctx, chat.ID, pos, []string{emoji}); err != nil {
			t.Fatal(err)
		}
		sent = c.message()
	}
	c.send(refusal, ann, sent.attr("id"))
	m = r.acted(chat.ID, storage.Act{Kind: storage.ActReact, State: storage.StateFailed, Reason: reason})
	if len(m.Reactions) != 1 || m.Reactions[0].Emoji[0] != "👍" {
		t.Errorf("refused, the reactions are %+v", m.Reactions)
	}
}

// TestActsAreSentOnce cuts the line when the server has what was done, and has
// not said so. The archive says it.
func TestActsAreSentOnce(t *testing.T) {
	p, f := withArchive(t)
	r, c, id := p.online()
	r.synced(id)
	chat := r.chat(ann)
	target := r.sendTo(c, chat.ID, "helo")
	pos := r.state(chat.ID, storage.StateSent).Pos
	list := r.messages(chat.ID)
	at := slices.IndexFunc(list, func(m storage.Message) bool { return m.ID == target })
	message := func() storage.Message { return r.messages(chat.ID)[at] }
	p.server.set(func() { p.server.silent = true })
	ctx := t.Context()
	if err := errors.Join(r.Correct(ctx, chat.ID, pos, "hello"), r.React(ctx, chat.ID, pos, []string{"👍"})); err != nil {
		t.Fatal(err)
	}
	for i, m := range []element{c.message(), c.message()} {
		p.server.set(func() { f.keepAs(fmt.Sprint("act", i), c, time.Now(), m) })
	}
	if err := r.Retract(ctx, chat.ID, pos); err != nil { // this one the server does not get
		t.Fatal(err)
	}
	lost := c.message()
	if m := message(); m.Body != "hello" || m.Act.Kind != storage.ActRetract {
		t.Errorf("before anything was confirmed: %+v", m)
	}
	p.server.set(func() { p.server.silent = false })
	c.cut()
	c = p.server.next()
	if again := c.message(); again.attr("id") != lost.attr("id") {
		t.Errorf("sent again: %v, not %v", again, lost)
	}
	r.eventually("the tombstone", func() bool { return message().RetractedAt != 0 })
	r.synced(id)
	c.sentAgain()
}
