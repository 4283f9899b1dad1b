//go:build unix

package account

import (
	_ "embed"
	"slices"
	"testing"

	"linnet/account/servertest"
	"linnet/storage"
)

//go:embed testdata/annotator.py
var annotatorScript []byte

// TestRealNotes has two devices of ours and somebody else's client correct, take
// back, answer and react, and a new device find all of it in the archive.
func TestRealNotes(t *testing.T) {
	options := servertest.Options{Users: map[string]string{"ann": "secret of ann", "bob": "secret of bob"}, Friends: true}
	for name, start := range map[string]func(testing.TB, servertest.Options) *servertest.Server{
		"prosody": servertest.Prosody, "ejabberd": servertest.Ejabberd,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			testRealNotes(t, start(t, options))
		})
	}
}

// has waits until a device has a message of a conversation that is as it should
// be.
func (d person) has(what, with string, f func(*storage.Message) bool) storage.Message {
	d.t.Helper()
	var found storage.Message
	d.eventually(what, func() bool {
		list := d.messages(d.opened(d.id, with).ID)
		i := slices.IndexFunc(list, func(m storage.Message) bool { return f(&m) })
		if i >= 0 {
			found = list[i]
		}
		return i >= 0
	})
	return found
}

func nowSays(body string) func(*storage.Message) bool {
	return func(m *storage.Message) bool { return m.Body == body && m.Act.IsZero() }
}

func testRealNotes(t *testing.T, s *servertest.Server) {
	ctx := t.Context()
	_, ann := newPerson(t, s, "ann", "home")
	_, phone := newPerson(t, s, "ann", "phone")
	for _, p := range []person{ann, phone} {
		p.eventually("the roster", func() bool { return len(p.Contacts(p.id)) == 1 })
	}
	bob := "bob@" + s.Domain
	order, told := startForeign(t, s, annotatorScript)
	told("online", "")
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}

	// From us.
	ann.says(bob, "helo")
	first := told("message", "")
	m := ann.sees(bob, "helo", storage.StateSent)
	must(ann.Correct(ctx, m.Chat, m.Pos, "hello"))
	told("correct", first+" hello")
	phone.has("the correction", bob, nowSays("hello"))
	ann.has("the correction, confirmed", bob, nowSays("hello"))
	must(ann.React(ctx, m.Chat, m.Pos, []string{"👍", "🎉"}))
	told("react", first+" 🎉👍")
	must(ann.React(ctx, m.Chat, m.Pos, []string{"🎉"}))
	told("react", first+" 🎉")
	must(ann.Send(ctx, m.Chat, Text{Body: "Well?", Reply: m.Pos}))
	told("answer", first+" Well?")
	reacted := func(own, theirs string) func(*storage.Message) bool {
		return func(m *storage.Message) bool {
			is := map[bool]string{}
			for _, r := range m.Reactions {
				for _, e := range r.Emoji {
					is[r.Out] += e
				}
			}
			return m.ID == first && is[true] == own && is[false] == theirs
		}
	}
	phone.has("our reaction", bob, reacted("🎉", ""))

	// From the other side.
	order("react " + ann.at + " " + first + " 👍")
	order("answer " + ann.at + " " + first + " fine")
	answer := func(m *storage.Message) bool {
		return m.Body == "fine" && m.Reply.ID == first && m.Reply.Quote == "Anna wrote:\nGrüß 😊"
	}
	order("send " + ann.at + " typo")
	told("sent", "")
	told("sent", "")
	typo := told("sent", "")
	order("correct " + ann.at + " " + typo + " type")
	told("sent", "")
	order("send " + ann.at + " secret")
	secret := told("sent", "")
	order("retract " + ann.at + " " + secret + " (taken back)")
	retracted := func(id string) func(*storage.Message) bool {
		return func(m *storage.Message) bool { return m.ID == id && m.RetractedAt != 0 && m.Body == "" }
	}

	ann.says(bob, "oops")
	oops := told("message", "")
	m = ann.sees(bob, "oops", storage.StateSent)
	must(ann.Retract(ctx, m.Chat, m.Pos))
	told("retract", oops)

	// A device that signs in now has only the archive.
	_, tablet := newPerson(t, s, "ann", "tablet")
	for _, d := range []person{ann, phone, tablet} {
		d.has("both reactions", bob, reacted("🎉", "👍"))
		d.has("the answer", bob, answer)
		edited := d.has("their correction", bob, nowSays("type"))
		if edits, err := d.Edits(edited.Chat, edited.Pos); err != nil || len(edits) != 1 || edits[0].Body != "typo" {
			t.Errorf("edits %+v, %v", edits, err)
		}
		d.has("their retraction", bob, retracted(secret))
		d.has("ours", bob, retracted(oops))
		d.has("our answer", bob, func(m *storage.Message) bool { return m.Body == "Well?" && m.Reply.ID == first })
		own := d.has("our correction", bob, nowSays("hello"))
		if edits, err := d.Edits(own.Chat, own.Pos); err != nil || len(edits) != 1 || edits[0].Body != "helo" {
			t.Errorf("our edits %+v, %v", edits, err)
		}
		if n := len(d.messages(own.Chat)); n != 6 {
			t.Errorf("%d messages: %+v", n, d.messages(own.Chat))
		}
	}
}
