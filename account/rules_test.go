package account

import (
	"fmt"
	"testing"
)

// TestItemsNameTheNode holds XEP-0030, section 3.2: what is asked about a node
// is answered with its name.
func TestItemsNameTheNode(t *testing.T) {
	_, _, c, _ := withRoster(t)
	for i, node := range []string{"", "a&amp;b"} {
		id := fmt.Sprint("items", i)
		c.send("<iq type='get' id='%s' from='ann@example.org/x'><query xmlns='http://jabber.org/protocol/disco#items' node='%s'/></iq>", id, node)
		e := c.reply(id)
		if e.attr("type") != "result" || contains(e.Inner, "<item") || contains(e.Inner, `node="a&amp;b"`) != (node != "") {
			t.Errorf("node %q: %v", node, e)
		}
	}
}

// TestStanzaIDsNeedTheFeature holds XEP-0359, section 6: the id of an archive
// is not believed where the own server does not say that it takes away those of
// others.
func TestStanzaIDsNeedTheFeature(t *testing.T) {
	_, r, c, _ := withRoster(t)
	const message = "<message type='chat' from='ann@example.org/x' id='%s'><body>%s</body><stanza-id xmlns='urn:xmpp:sid:0' by='" + testAddress + "' id='same'/></message>"
	c.send(message, "1", "one")
	c.send(message, "2", "two")
	c.barrier()
	list := r.messages(r.chat(ann).ID)
	if len(list) != 2 || list[0].StanzaID != "" || list[1].StanzaID != "" {
		t.Errorf("stored %+v", list)
	}
}

// TestPingsTellOnlyThoseWhoSee holds XEP-0199, section 7: who may not see that
// we are here gets the answer of a server that knows nobody of that address.
func TestPingsTellOnlyThoseWhoSee(t *testing.T) {
	_, _, c, _ := withRoster(t)
	for i, x := range []struct {
		from string
		sees bool
	}{
		{testDomain, true},
		{testAddress + "/phone", true},
		{"ann@example.org/x", true},
		{"bob@example.org/x", false}, // has not been let see us
		{"stranger@example.org/x", false},
	} {
		id := fmt.Sprint("ping", i)
		c.send("<iq type='get' id='%s' from='%s' to='%s'><ping xmlns='urn:xmpp:ping'/></iq>", id, x.from, c.full)
		e := c.reply(id)
		if x.sees != (e.attr("type") == "result") || !x.sees && !contains(e.Inner, "service-unavailable") {
			t.Errorf("%s got %v", x.from, e)
		}
	}
}

// TestUnknownTypesAreNormal holds RFC 6121, section 5.2.2: a message of a type
// nobody knows is one like any other.
func TestUnknownTypesAreNormal(t *testing.T) {
	_, r, c, _ := withRoster(t)
	c.send("<message type='surprise' from='ann@example.org/x' id='u1'><body>hello</body></message>")
	c.barrier()
	if list := r.messages(r.chat(ann).ID); len(list) != 1 || list[0].Body != "hello" {
		t.Errorf("stored %+v", list)
	}
}
