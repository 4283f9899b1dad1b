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
