package account

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"linnet/account/stream"
	"linnet/storage"
)

// TestHostileStanzas sends what nobody may send. After each nothing may have
// changed that the sender may not change, and the account still answers.
func TestHostileStanzas(t *testing.T) {
	_, r, c, id := withRoster(t)
	chat, err := r.OpenChat(id, ann)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Send(t.Context(), chat.ID, Text{Body: "hello"}); err != nil {
		t.Fatal(err)
	}
	sent := c.message().attr("id")
	r.state(chat.ID, storage.StateSent)
	c.send("<presence from='ann@example.org/x'/>")
	c.barrier()

	type world struct {
		Contacts []Contact
		Requests []Request
		Chats    []storage.Chat
		Messages []storage.Message
		Own      Info
	}
	look := func() world {
		chats, err := r.Chats()
		if err != nil {
			t.Fatal(err)
		}
		return world{r.Contacts(id), r.Requests(), chats, r.messages(chat.ID), r.Accounts()[0]}
	}
	before := look()

	const (
		evil   = "evil@bad.example/x"
		wrap   = "<forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' from='ann@example.org/x' to='me@example.test' type='chat'><body>forged</body></message></forwarded>"
		failed = "<error type='cancel'><gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"
	)
	push := func(from, items string) string {
		return fmt.Sprintf("<iq type='set' id='push' from='%s'><query xmlns='jabber:iq:roster' ver='666'>%s</query></iq>", from, items)
	}
	item := "<item jid='evil@bad.example' name='Ann' subscription='both'/>"
	cap := func(from, hash, ver string) string {
		return fmt.Sprintf("<presence from='%s'><c xmlns='http://jabber.org/protocol/caps' hash='%s' node='x' ver='%s'/></presence>", from, hash, ver)
	}
	for _, x := range []struct{ name, xml string }{
		{"push of a stranger", push(evil, item)},
		{"push of a contact", push("ann@example.org", item)},
		{"push of the server", push(testDomain, item)},
		{"push of another of our devices", push(testAddress+"/phone", item)},
		{"push of a likeness of us", push("me@example.test.bad.example", item)},
		{"push of an unreadable address", push("@@@", item)},
		{"push that removes", push(evil, "<item jid='ann@example.org' subscription='remove'/>")},
		{"own push without an item", push(testAddress, "")},
		{"own push of two items", push(testAddress, item+item)},
		{"own push of a bad address", "<iq type='set' id='push'><query xmlns='jabber:iq:roster'><item jid='@@@' subscription='both'/></query></iq>"},
		{"carbon of a stranger", "<message from='" + evil + "'><received xmlns='urn:xmpp:carbons:2'>" + wrap + "</received></message>"},
		{"carbon of ours, not asked for", "<message from='" + testAddress + "'><sent xmlns='urn:xmpp:carbons:2'>" + wrap + "</sent></message>"},
		{"carbon with a body", "<message from='" + evil + "'><body>x</body><received xmlns='urn:xmpp:carbons:2'>" + wrap + "</received></message>"},
		{"archive result", "<message from='" + evil + "'><result xmlns='urn:xmpp:mam:2' id='1' queryid='1'>" + wrap + "</result></message>"},
		{"forwarded alone", "<message from='" + evil + "'>" + wrap + "</message>"},
		{"error of a stranger", "<message type='error' from='" + evil + "' id='" + sent + "'>" + failed + "</message>"},
		{"error of another contact", "<message type='error' from='bob@example.org' id='" + sent + "'>" + failed + "</message>"},
		{"error without an id", "<message type='error' from='ann@example.org'>" + failed + "</message>"},
		{"error of an unreadable address", "<message type='error' from='@@@' id='" + sent + "'>" + failed + "</message>"},
		{"error without an error", "<message type='error' from='bob@example.org' id='" + sent + "'/>"},
		{"message of an unreadable address", "<message from='@@@'><body>x</body></message>"},
		{"message of a room", "<message type='groupchat' from='ann@example.org/x'><body>x</body></message>"},
		{"presence of a stranger", "<presence from='" + evil + "'><show>chat</show></presence>"},
		{"presence of an unreadable address", "<presence from='@@@'/>"},
		{"leaving of a stranger", "<presence type='unavailable' from='" + evil + "'/>"},
		{"presence error of a stranger", "<presence type='error' from='" + evil + "'>" + failed + "</presence>"},
		{"subscribed by a stranger", "<presence type='subscribed' from='" + evil + "'/>"},
		{"unsubscribed by a stranger", "<presence type='unsubscribed' from='" + evil + "'/>"},
		{"unsubscribe by a stranger", "<presence type='unsubscribe' from='" + evil + "'/>"},
		{"probe", "<presence type='probe' from='" + evil + "'/>"},
		{"presence of unknown type", "<presence type='blah' from='ann@example.org/x'/>"},
		{"request from ourselves", "<presence type='subscribe' from='" + testAddress + "'/>"},
		{"unknown caps hash of a stranger", cap(evil, "sha3-999", "x")},
		{"caps of a stranger", cap(evil, "sha-1", "AAAA")},
		{"presence that claims much", "<presence from='" + evil + "'><priority>x</priority><show/><status/><idle xmlns='urn:xmpp:idle:1'/><delay xmlns='urn:xmpp:delay'/><c xmlns='http://jabber.org/protocol/caps'/></presence>"},
		{"empty set", "<iq type='set' id='e1' from='" + evil + "'/>"},
		{"empty get", "<iq type='get' id='e2' from='ann@example.org/x'/>"},
		{"unknown get", "<iq type='get' id='e3' from='ann@example.org/x'><blah xmlns='x'/></iq>"},
		{"result nobody asked for", "<iq type='result' id='e4' from='" + evil + "'><query xmlns='jabber:iq:roster'>" + item + "</query></iq>"},
		{"body in another namespace", "<message from='" + evil + "'><body xmlns='urn:x'>x</body></message>"},
	} {
		c.send("%s", x.xml)
		c.barrier()
		if now := look(); !reflect.DeepEqual(now, before) {
			t.Fatalf("%s changed\n%+v\nto\n%+v", x.name, before, now)
		}
	}
	for _, e := range c.missed {
		if e.XMLName.Local == "presence" || e.attr("type") == "get" || e.XMLName.Local == "message" {
			t.Errorf("we were made to send %v", e)
		}
		if e.attr("id") == "push" && e.attr("type") == "result" && e.attr("to") != "" && e.attr("to") != testAddress {
			t.Errorf("a forged push was accepted: %v", e)
		}
	}
	was := false // the first news may be from before it was up
	for _, e := range r.events {
		if e, ok := e.(StateChanged); ok {
			is := e.Account.State.Phase == stream.Online
			if was && !is {
				t.Errorf("the link went down: %v", e.Account.State)
			}
			was = is
		}
	}
}

func TestFloodsAreBounded(t *testing.T) {
	_, r, c, id := withRoster(t)
	var b strings.Builder
	for i := range 4 * maxResources {
		fmt.Fprintf(&b, "<presence from='ann@example.org/r%d'/>", i)
	}
	for i := range 2 * maxStrangers {
		fmt.Fprintf(&b, "<presence from='s%d@bad.example/x'/>", i)
	}
	for i := range 2 * maxRequests {
		fmt.Fprintf(&b, "<presence type='subscribe' from='q%d@bad.example'/>", i)
	}
	for i := range 600 {
		fmt.Fprintf(&b, "<presence from='ann@example.org/x'><c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='x' ver='v%d'/></presence>", i)
	}
	c.send("%s", b.String())
	c.barrier()
	contact, _ := r.Contact(id, ann)
	if n := len(contact.Resources); n != maxResources {
		t.Errorf("%d resources", n)
	}
	if n := len(r.Requests()); n != maxRequests {
		t.Errorf("%d requests", n)
	}
	a, err := r.account(id)
	if err != nil {
		t.Fatal(err)
	}
	if err := a.do(t.Context(), func() error {
		if n := len(a.presence.strangers); n != maxStrangers || len(a.presence.strangersAge) != n {
			t.Errorf("%d strangers", n)
		}
		if len(a.caps.queue) > maxCapsQueued || a.caps.running > maxCapsQueries || len(a.caps.known) > maxCapsKnown {
			t.Errorf("caps: %d queued, %d running, %d known", len(a.caps.queue), a.caps.running, len(a.caps.known))
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if n := len(r.Contacts(id)); n != 2 {
		t.Errorf("%d contacts", n)
	}
}
