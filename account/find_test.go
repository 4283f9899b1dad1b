package account

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"linnet/storage"
)

func TestFind(t *testing.T) {
	s := newScene(t)
	bodies := []string{"Über ALLES", "nothing", "cafe\u0301 noir", "Straße", "ﬁne weather", "a\u00a0b"}
	for i, body := range bodies {
		s.at = s.at.Add(time.Second)
		s.live(fmt.Sprintf(annSends, fmt.Sprint("m", i), "<body>"+body+"</body>"))
	}
	for range 2 * findPage {
		s.at = s.at.Add(time.Second)
		s.live(fmt.Sprintf(annSends, fmt.Sprint("x", s.at.Unix()), "<body>filler</body>"))
	}
	chat := s.chat()
	for query, want := range map[string][]string{
		"uber": {bodies[0]}, "ÜBER alles": {bodies[0]}, "CAFÉ": {bodies[2]}, "strasse": {bodies[3]}, "fine": {bodies[4]},
		"a b": {bodies[5]}, " noir ": {bodies[2]}, "n": {bodies[4], bodies[2], bodies[1]}, "": nil, "  ": nil, "nowhere": nil,
	} {
		list, err := s.m.Find(t.Context(), chat.ID, query, storage.Pos{}, 100)
		var got []string
		for _, m := range list {
			got = append(got, m.Body)
		}
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%q: %q, %v, want %q", query, got, err, want)
		}
	}
	first, err := s.m.Find(t.Context(), chat.ID, "n", storage.Pos{}, 2)
	if err != nil || len(first) != 2 {
		t.Fatalf("a page: %v, %v", first, err)
	}
	if rest, err := s.m.Find(t.Context(), chat.ID, "n", first[1].Pos, 2); err != nil || len(rest) != 1 || rest[0].Body != "nothing" {
		t.Errorf("the next page: %v, %v", rest, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.m.Find(ctx, chat.ID, "n", storage.Pos{}, 2); !errors.Is(err, context.Canceled) {
		t.Errorf("after the end of its context: %v", err)
	}
}

// TestArchivedComesBack has something new come into conversations that were put
// away.
func TestArchivedComesBack(t *testing.T) {
	s := spoken(t)
	set := func(until time.Time) {
		chat := s.chat()
		chat.Archived, chat.MutedUntil = true, until
		s.must(s.store.Update(func(tx *storage.Tx) error { return tx.PutChat(&chat) }))
	}
	set(s.at.Add(time.Hour))
	s.live(fmt.Sprintf(annSends, "n1", "<body>quiet</body>"))
	if !s.chat().Archived {
		t.Error("a muted one came back")
	}
	set(time.Time{})
	s.live(fmt.Sprintf(annSends, "n2", fmt.Sprintf(thinks, "theirs", "👍")))
	if !s.chat().Archived {
		t.Error("a reaction brought it back")
	}
	s.live(fmt.Sprintf(annSends, "n3", "<body>news</body>"))
	if s.chat().Archived {
		t.Error("news did not bring it back")
	}
}

func TestStarsAndForwarding(t *testing.T) {
	_, r, c, id := withRoster(t)
	chat := r.opened(id, ann)
	for i := range 3 {
		c.send(annSends, fmt.Sprint("m", i), fmt.Sprintf("<body>words %d</body>", i))
	}
	r.eventually("the messages", func() bool { return len(r.messages(chat.ID)) == 3 })
	list := r.messages(chat.ID)
	for _, i := range []int{0, 2} {
		if err := r.SetStarred(chat.ID, list[i].Pos, true); err != nil {
			t.Fatal(err)
		}
	}
	if stars, err := r.Starred(9); err != nil || len(stars) != 2 || stars[0].Body != "words 2" || stars[1].Body != "words 0" {
		t.Errorf("stars: %+v, %v", stars, err)
	}
	if err := r.SetStarred(chat.ID, list[2].Pos, false); err != nil {
		t.Fatal(err)
	}
	if stars, err := r.Starred(9); err != nil || len(stars) != 1 || !stars[0].Starred {
		t.Errorf("stars: %+v, %v", stars, err)
	}
	self := r.opened(id, testAddress)
	if err := r.Forward(t.Context(), chat.ID, []storage.Pos{list[1].Pos, {Time: 1, Seq: 1}, list[2].Pos}, self.ID); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"words 1", "words 2"} {
		if m := c.message(); m.attr("to") != testAddress || !contains(m.Inner, "<body>"+want+"</body>") {
			t.Errorf("forwarded %v, not %s", m, want)
		}
	}
	if err := r.Forward(t.Context(), chat.ID, []storage.Pos{{Time: 1, Seq: 1}}, self.ID); !errors.Is(err, ErrEmpty) {
		t.Errorf("nothing forwarded: %v", err)
	}
}

// TestDraftOfAnAnswer holds that what a draft answers is kept, and goes with it.
func TestDraftOfAnAnswer(t *testing.T) {
	_, r, c, id := withRoster(t)
	chat := r.opened(id, ann)
	c.send(annSends, "m1", "<body>well?</body>")
	r.eventually("the message", func() bool { return len(r.messages(chat.ID)) == 1 })
	pos := r.messages(chat.ID)[0].Pos
	if err := r.SetDraft(chat.ID, "yes", pos); err != nil {
		t.Fatal(err)
	}
	if row := r.chat(ann); row.DraftReply != pos {
		t.Errorf("the draft answers %+v", row.DraftReply)
	}
	if err := r.Send(t.Context(), chat.ID, Text{Body: "yes", Reply: pos}); err != nil {
		t.Fatal(err)
	}
	answer := r.messages(chat.ID)[1]
	if row := r.chat(ann); row.Draft != "" || !row.DraftReply.IsZero() || answer.Reply.ID != "m1" {
		t.Errorf("after it was sent: %+v, %+v", row, answer.Reply)
	}
	quoted, err := r.Quoted(chat.ID, r.messages(chat.ID))
	if err != nil || len(quoted) != 1 || quoted[answer.Pos].Pos != pos {
		t.Errorf("quoted: %+v, %v", quoted, err)
	}
}
