package account

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"linnet/storage"
)

// TestPresenceWaitsForNothing signs in for the first time at a server that
// never answers.
func TestPresenceWaitsForNothing(t *testing.T) {
	p := newProfile(t)
	p.server.roster, p.server.mute = nil, true
	p.addStored()
	p.run()
	c := p.server.next()
	if first := c.find("anything", func(element) bool { return true }); first.XMLName.Local != "presence" {
		t.Errorf("the first stanza is %v", first)
	}
}

func TestPresencesBeforeTheFirstRoster(t *testing.T) {
	p := newProfile(t)
	id := p.addStored()
	release := make(chan struct{})
	answer := sync.OnceFunc(func() { close(release) })
	t.Cleanup(answer) // the server stops after the answer only
	const n = 4 * maxStrangers
	var items, presences strings.Builder
	for i := range n {
		fmt.Fprintf(&items, "<item jid='c%d@example.org' subscription='both'/>", i)
		fmt.Fprintf(&presences, "<presence from='c%d@example.org/x'><c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='urn:x' ver='v'/></presence>", i)
	}
	p.server.roster = func(string) string {
		<-release
		return "<query xmlns='jabber:iq:roster'>" + items.String() + "</query>"
	}
	r := p.run()
	c := p.server.next()
	c.presence("")
	c.send("%s", presences.String())
	c.send("<message type='chat' from='c0@example.org/x'><body>behind them</body></message>")
	r.eventually("the message", func() bool {
		chats, err := r.Chats()
		return err == nil && len(chats) == 1
	})
	answer()
	r.eventually("the roster", func() bool { return len(r.Contacts(id)) == n })
	for _, contact := range r.Contacts(id) {
		if contact.Best.Show != storage.ShowOnline {
			t.Fatalf("%s is not there", contact.JID)
		}
	}
	c.find("a question about their program", func(e element) bool { return contains(e.Inner, "disco#info", "urn:x#v") })
}

func TestRosterVersionOnlyWhereOffered(t *testing.T) {
	for _, offered := range []bool{false, true} {
		t.Run(fmt.Sprint(offered), func(t *testing.T) {
			p := newProfile(t)
			p.server.mute = true
			if !offered {
				p.server.offer = ""
			}
			p.addStored()
			p.run()
			q := p.server.next().find("the roster get", func(e element) bool { return contains(e.Inner, "jabber:iq:roster") })
			if contains(q.Inner, "ver=") != offered {
				t.Errorf("asked %v", q)
			}
		})
	}
}

// TestNewContactMayAskAtOnce has a contact ask in the same breath in which the
// roster says that it is one.
func TestNewContactMayAskAtOnce(t *testing.T) {
	_, r, c, id := withRoster(t)
	release, held := make(chan struct{}), make(chan struct{})
	go r.inAccount(id, func(*Account) { close(held); <-release })
	<-held
	c.send("<presence from='ann@example.org/x'/>") // is handed over alone, and waits
	c.send("<iq type='set' id='p1'><query xmlns='jabber:iq:roster'><item jid='cleo@example.org' subscription='from'/></query></iq>")
	c.send("<iq type='get' id='ask' from='cleo@example.org/x' to='%s'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>", c.full)
	c.send("<iq type='get' id='ping' from='%s' to='%s'><ping xmlns='urn:xmpp:ping'/></iq>", testDomain, c.full)
	c.reply("ping") // all that came before has been read
	close(release)
	if e := c.reply("ask"); e.attr("type") != "result" {
		t.Errorf("answered %v", e)
	}
}
