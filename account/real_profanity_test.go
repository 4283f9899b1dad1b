//go:build unix

package account

import (
	"bytes"
	"image/png"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"linnet/account/servertest"
	"linnet/storage"
)

// profanityDomain is one that every program finds on this machine (RFC 6761),
// the service for files too.
const profanityDomain = "linnet.localhost"

// TestRealProfanity has a person with Profanity at the other end.
func TestRealProfanity(t *testing.T) {
	options := servertest.Options{
		Domain: profanityDomain, UploadLimit: uploadLimit,
		Users: map[string]string{"ann": "secret of ann", "bob": "secret of bob"}, Friends: true,
	}
	for name, start := range map[string]func(testing.TB, servertest.Options) *servertest.Server{
		"Prosody": servertest.Prosody, "ejabberd": servertest.Ejabberd,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			testProfanity(t, start(t, options))
		})
	}
}

// withoutReceipt tells whether a line has the colour of what has none yet.
func withoutReceipt(line string) bool { return strings.Contains(line, "\x1b[31m") }

func withReceipt(line string) bool { return !withoutReceipt(line) }

func testProfanity(t *testing.T, s *servertest.Server) {
	ctx := t.Context()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	ann := newFiler(t, s, "ann")
	at, bob := ann.person.at, "bob@"+s.Domain
	p := startProfanity(t, s, at)
	chat := ann.opened(ann.id, bob).ID
	// line is the pattern of a message, with the mark that stands before it.
	line := func(mark, who, text string) string { return " " + mark + " " + regexp.QuoteMeta(who+": "+text) + "$" }

	// Texts both ways, with receipts, which are given as the user likes.
	ann.says(bob, "Grüße an Bob ☀")
	p.line(line("-", at, "Grüße an Bob ☀"))
	ann.sees(bob, "Grüße an Bob ☀", storage.StateDelivered)
	must(ann.SetReceipts(ctx, ann.id, false, true))
	p.enters("are you there?")
	ann.received(ann.id, bob, "are you there?")
	must(ann.SetReceipts(ctx, ann.id, true, true))
	p.enters("grüß dich, Ann 😊")
	ann.received(ann.id, bob, "grüß dich, Ann 😊")
	p.lineLike(line("-", "me", "grüß dich, Ann 😊"), withReceipt)
	p.lineLike(line("-", "me", "are you there?"), withoutReceipt)

	// Typing, both ways.
	ann.knowsTyping(bob)
	ann.SetTyping(chat, Composing)
	p.line(`\(typing\.\.\.\)`)
	p.types("wait")
	ann.eventually("Bob typing", func() bool { return slices.Contains(ann.events, Event(TypingChanged{chat, Composing})) })
	p.enters(" for me")
	ann.received(ann.id, bob, "wait for me")

	// Corrections, both ways, and again.
	ann.says(bob, "I am coming form home")
	p.line(line("-", at, "I am coming form home"))
	m := ann.sees(bob, "I am coming form home", storage.StateDelivered)
	must(ann.Correct(ctx, chat, m.Pos, "I am coming from home"))
	p.line(line(`\+`, at, "I am coming from home"))
	ann.has("the correction, confirmed", bob, nowSays("I am coming from home"))
	before := len(ann.messages(chat))
	p.enters("see you at sevn")
	ann.received(ann.id, bob, "see you at sevn")
	for i, words := range []string{"see you at seven", "see you at eight"} {
		p.enters("/correct " + words)
		p.line(line(`\+`, "me", words))
		m = ann.has("their correction", bob, nowSays(words))
		edits, err := ann.Edits(chat, m.Pos)
		if err != nil || len(edits) != i+1 || edits[0].Body != "see you at sevn" {
			t.Errorf("the edits of %s are %+v, %v", words, edits, err)
		}
	}
	if n := len(ann.messages(chat)); n != before+1 {
		t.Errorf("%d messages more: %+v", n-before, ann.messages(chat)[before:])
	}

	// An answer, which Profanity shows with its quote.
	must(ann.Send(ctx, chat, Text{Body: "seven is better", Reply: m.Pos}))
	p.line(`> see you at eight$`)
	p.line(`^seven is better$`)

	// Files, both ways.
	var drawn bytes.Buffer
	must(png.Encode(&drawn, noise(60, 40)))
	theirs := filepath.Join(t.TempDir(), "theirs.png")
	must(os.WriteFile(theirs, drawn.Bytes(), 0o600))
	p.logs("urn:xmpp:http:upload:0") // then it knows where to
	p.enters("/sendfile " + theirs)
	got := ann.files(bob, 1)[0]
	if got.Out || got.Body != "" || got.Files[0].Name != "theirs.png" || !bytes.Equal(ann.content(&got), drawn.Bytes()) {
		t.Errorf("what came is %+v", got)
	}
	drawn.Reset()
	must(png.Encode(&drawn, noise(30, 20)))
	must(ann.SendFiles(ctx, chat, []NewFile{{Data: drawn.Bytes(), Name: "ours.png"}}, "", storage.Pos{}))
	sent := ann.files(bob, 2)[1]
	url := sent.Files[0].URL
	p.line(line("-", at, url))
	ours := filepath.Join(t.TempDir(), "ours.png")
	p.enters("/url save " + url + " " + ours)
	p.line("Saved to '" + regexp.QuoteMeta(ours) + "'")
	if data, err := os.ReadFile(ours); err != nil || !bytes.Equal(data, drawn.Bytes()) {
		t.Errorf("Profanity saved %d bytes, %v", len(data), err)
	}
}
