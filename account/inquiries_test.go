package account

import (
	"errors"
	"slices"
	"testing"

	"linnet/storage"
)

const fromStranger = "<message type='chat' from='stranger@bad.example/x' id='%s'><body>%[1]s</body><request xmlns='urn:xmpp:receipts'/><markable xmlns='urn:xmpp:chat-markers:0'/></message>"

// TestStrangersAsk holds that somebody unknown who writes is told nothing, and
// what takes them in.
func TestStrangersAsk(t *testing.T) {
	const who = "stranger@bad.example"
	for _, x := range []struct {
		name string
		take func(r *running, c *fakeConn, chat storage.Chat)
	}{
		{"accepted", func(r *running, _ *fakeConn, chat storage.Chat) {
			if err := r.AcceptChat(chat.ID); err != nil {
				t.Fatal(err)
			}
		}},
		{"answered", func(r *running, _ *fakeConn, chat storage.Chat) {
			if err := r.Send(t.Context(), chat.ID, Text{Body: "who are you?"}); err != nil {
				t.Fatal(err)
			}
		}},
		{"answered on another device", func(_ *running, c *fakeConn, _ storage.Chat) {
			c.send("<message from='%s'><sent xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' type='chat' from='%[1]s/phone' to='%s' id='o'><body>hi</body></message></forwarded></sent></message>", testAddress, who)
			c.barrier()
		}},
		{"taken into the roster", func(_ *running, c *fakeConn, _ storage.Chat) {
			c.send("<iq type='set' id='p1'><query xmlns='jabber:iq:roster'><item jid='%s' subscription='from'/></query></iq>", who)
			c.barrier()
		}},
	} {
		t.Run(x.name, func(t *testing.T) {
			_, r, c, id := withRoster(t)
			c.send(fromStranger, "one")
			c.barrier()
			chat := r.chat(who)
			if !chat.Request || chat.Unread != 1 {
				t.Fatalf("begun as %+v", chat)
			}
			if err := r.SetChatReceipts(chat.ID, storage.ChoiceYes, storage.ChoiceYes); err != nil {
				t.Fatal(err)
			}
			if err := r.MarkRead(chat.ID, chat.Last.Pos); err != nil {
				t.Fatal(err)
			}
			if got := r.saysState(c, chat, Composing); got != nil {
				t.Errorf("told %q", got)
			}
			c.send(stateXML, "chat", who+"/x", "composing", "")
			c.send(photoXML, who, "<photo>da39a3ee5e6b4b0d3255bfef95601890afd80709</photo>")
			c.send(fromStranger, "two")
			c.quiet("a stranger's picture")
			for _, e := range c.missed {
				if e.attr("to") == who || e.attr("to") == who+"/x" {
					t.Errorf("a stranger was told %v", e)
				}
			}
			if _, err := r.Profile(t.Context(), id, who); !errors.Is(err, ErrNoContact) {
				t.Errorf("asked for the profile of a stranger: %v", err)
			}
			if again := r.chat(who); !again.Request || again.Unread != 1 {
				t.Errorf("then %+v", again)
			}
			r.inAccount(id, func(a *Account) {
				if len(a.typing.theirs) > 0 {
					t.Error("a stranger types")
				}
			})
			x.take(r, c, chat)
			r.eventually("taken in", func() bool { return !r.chat(who).Request })
			c.send(fromStranger, "three")
			c.barrier()
			if r.chat(who).Request {
				t.Error("asked again")
			}
		})
	}
}

// TestContactsDoNotAsk holds that neither contacts whose messages come before
// the roster nor those we write to first ask for anything.
func TestContactsDoNotAsk(t *testing.T) {
	p := newProfile(t)
	release := make(chan struct{})
	p.server.roster = func(string) string { <-release; return rosterOfTwo }
	id := p.addStored()
	r := p.run()
	c := p.server.next()
	c.presence("")
	c.send("%s", fromAnn("early"))
	r.eventually("the message", func() bool { return slices.Contains(r.bodies(ann), "early") })
	close(release)
	r.eventually("known to be a contact", func() bool { return !r.chat(ann).Request })
	first := r.opened(id, "stranger@bad.example")
	c.send(fromStranger, "answer")
	c.barrier()
	if chat := r.chat("stranger@bad.example"); chat.Request || chat.ID != first.ID {
		t.Errorf("%+v", chat)
	}
}
