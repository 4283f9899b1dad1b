package account

import (
	"fmt"
	"slices"
	"testing"

	"linnet/account/xep/pubsub"
	"linnet/storage"
)

const (
	displayedItem  = "<item id='%s'><displayed xmlns='urn:xmpp:mds:displayed:0'><stanza-id xmlns='urn:xmpp:sid:0' id='%s' by='%s'/></displayed></item>"
	displayedEvent = "<message type='%s' from='%s'><event xmlns='http://jabber.org/protocol/pubsub#event'><items node='%s'>%s</items></event></message>"
	displayedNode  = "urn:xmpp:mds:displayed:0"
	sentCarbon     = "<message from='%s'><sent xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' type='chat' from='me@example.test/phone' to='ann@example.org' id='%s'>%s</message></forwarded></sent></message>"
)

// hello has Ann say hello, as the archive knows it by id, and wanting to know
// when it is read.
func (c *fakeConn) hello(id string) {
	c.send("<message type='chat' from='ann@example.org/x' id='%[1]s'><body>hello %[1]s</body><markable xmlns='urn:xmpp:chat-markers:0'/><stanza-id xmlns='urn:xmpp:sid:0' id='archived-%[1]s' by='me@example.test'/></message>", id)
}

// readProfile is a profile whose server keeps what was read.
func readProfile(t *testing.T) *profile {
	t.Helper()
	p := newProfile(t)
	p.server.features = []string{"urn:xmpp:sid:0", pubsub.FeatureOptions}
	p.server.roster = func(string) string { return rosterOfTwo }
	return p
}

// answerItems answers the question what other devices have read.
func (c *fakeConn) answerItems(items string) {
	c.s.t.Helper()
	q := c.find("the question for items", func(e element) bool { return e.attr("type") == "get" && contains(e.Inner, "<items") })
	if !contains(q.Inner, `node="`+displayedNode+`"`) {
		c.s.t.Errorf("asked for %v", q)
	}
	c.send("<iq type='result' id='%s'><pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='%s'>%s</items></pubsub></iq>", q.attr("id"), displayedNode, items)
}

// set waits for a request to change a node.
func (c *fakeConn) set(what string) element {
	c.s.t.Helper()
	return c.find(what, func(e element) bool { return e.attr("type") == "set" && contains(e.Inner, "<"+what) })
}

func (c *fakeConn) refuse(q element, condition string) {
	c.send("<iq type='error' id='%s'><error type='cancel'><%s xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>", q.attr("id"), condition)
}

func (c *fakeConn) accept(q element) { c.send("<iq type='result' id='%s'/>", q.attr("id")) }

// at gives the message of a conversation that Ann gave an id.
func (r *running) at(chat storage.ChatID, id string) storage.Message {
	r.t.Helper()
	list := r.messages(chat)
	i := slices.IndexFunc(list, func(m storage.Message) bool { return m.ID == id })
	if i < 0 {
		r.t.Fatalf("%s is not among %+v", id, list)
	}
	return list[i]
}

// unread waits until a number of messages of Ann are not read.
func (r *running) unread(what string, n int) storage.Chat {
	r.t.Helper()
	r.eventually(fmt.Sprintf("%s: %d unread", what, n), func() bool { return r.chat(ann).Unread == n })
	return r.chat(ann)
}

// allTold waits until nothing that was read is left to tell.
func (r *running) allTold(id storage.AccountID) {
	r.t.Helper()
	r.eventually("all is told", func() bool {
		left := 1
		r.inAccount(id, func(a *Account) {
			if a.reads.synced {
				left = len(a.reads.due)
			}
		})
		return left == 0
	})
}

// TestReadOnOtherDevices holds that what our other devices have read is read
// here, too, if it is they who say so.
func TestReadOnOtherDevices(t *testing.T) {
	p := readProfile(t)
	r, c, _ := p.online()
	c.answerItems(fmt.Sprintf(displayedItem, ann, "archived-2", testAddress) + // not here yet
		fmt.Sprintf(displayedItem, "@@@", "archived-4", testAddress) + "<item/>" + fmt.Sprintf(displayedItem, ann, "", testAddress))
	c.barrier()
	for i := range 6 {
		c.hello(fmt.Sprint(i))
	}
	c.barrier()
	row := r.unread("by what was there before", 3)
	if at := r.at(row.ID, "2"); row.ReadUpTo != at.Pos {
		t.Fatalf("read up to %v, want %v", row.ReadUpTo, at.Pos)
	}
	item := fmt.Sprintf(displayedItem, ann, "archived-4", testAddress)
	for _, x := range []struct{ name, xml string }{
		{"event of the contact", fmt.Sprintf(displayedEvent, "headline", ann, displayedNode, item)},
		{"event of a stranger", fmt.Sprintf(displayedEvent, "headline", "evil@bad.example", displayedNode, item)},
		{"event of the server", fmt.Sprintf(displayedEvent, "headline", testDomain, displayedNode, item)},
		{"event of a device", fmt.Sprintf(displayedEvent, "headline", testAddress+"/phone", displayedNode, item)},
		{"event in a chat", fmt.Sprintf(displayedEvent, "chat", testAddress, displayedNode, item)},
		{"event of another node", fmt.Sprintf(displayedEvent, "headline", testAddress, "other", item)},
		{"event of another archive", fmt.Sprintf(displayedEvent, "headline", testAddress, displayedNode, fmt.Sprintf(displayedItem, ann, "archived-4", ann))},
		{"event of what was read before", fmt.Sprintf(displayedEvent, "headline", testAddress, displayedNode, fmt.Sprintf(displayedItem, ann, "archived-1", testAddress))},
		{"event of another chat", fmt.Sprintf(displayedEvent, "headline", testAddress, displayedNode, fmt.Sprintf(displayedItem, "bob@example.org", "archived-4", testAddress))},
		{"event without items", "<message type='headline' from='me@example.test'><event xmlns='http://jabber.org/protocol/pubsub#event'><purge node='x'/></event></message>"},
		{"carbon of the contact", fmt.Sprintf(sentCarbon, ann, "x", "<displayed xmlns='urn:xmpp:chat-markers:0' id='4'/>")},
		{"carbon of a device", fmt.Sprintf(sentCarbon, testAddress+"/phone", "x", "<displayed xmlns='urn:xmpp:chat-markers:0' id='4'/>")},
		{"marker of the contact", fmt.Sprintf(displayedXML, "ann@example.org/x", "4")},
		{"our marker for what nobody knows", fmt.Sprintf(sentCarbon, testAddress, "x", "<displayed xmlns='urn:xmpp:chat-markers:0' id='unknown'/>")},
	} {
		c.send("%s", x.xml)
		c.barrier()
		if now := r.chat(ann); now != row {
			t.Fatalf("%s made it %+v", x.name, now)
		}
	}
	c.send(displayedEvent, "headline", testAddress, displayedNode, fmt.Sprintf(displayedItem, "Ann@Example.org", "archived-3", testAddress))
	c.barrier()
	row = r.unread("by an event", 2)
	r.eventually("the event", func() bool { return slices.Contains(r.events, Event(ChatChanged{row})) })
	c.send(sentCarbon, testAddress, "x", "<displayed xmlns='urn:xmpp:chat-markers:0' id='4'/>")
	r.unread("by the marker of another device", 1)
	c.send(sentCarbon, testAddress, "y", "<body>from the phone</body>")
	r.unread("by an answer from another device", 0)
	c.hello("6")
	if row = r.unread("after another message", 1); row.ReadUpTo != r.at(row.ID, "y").Pos {
		t.Errorf("%+v", row)
	}
	c.barrier()
	for _, e := range c.missed {
		if e.attr("type") == "set" && contains(e.Inner, "pubsub") || e.XMLName.Local == "message" {
			t.Errorf("told what was read elsewhere: %v", e)
		}
	}
}

// TestReadHere holds what is told of what is read here: to the contact the last
// message that asks for it, once; to our other devices the last one.
func TestReadHere(t *testing.T) {
	p := readProfile(t)
	r, c, id := p.online()
	c.answerItems("")
	for i := range 4 {
		c.hello(fmt.Sprint(i))
	}
	c.send("<message type='chat' from='ann@example.org/x' id='plain'><body>not marked</body></message>")
	c.barrier()
	chat := r.chat(ann)
	var places []storage.Pos
	for _, up := range []string{"1", "0", "plain"} {
		places = append(places, r.at(chat.ID, up).Pos)
	}
	r.inAccount(id, func(a *Account) { // with no time between
		for _, p := range places {
			if err := a.markRead(chat.ID, p); err != nil {
				t.Error(err)
			}
		}
	})
	q := c.set("publish")
	for _, part := range []string{
		`<item xmlns="` + pubsub.NS + `" id="ann@example.org"><displayed xmlns="urn:xmpp:mds:displayed:0"><stanza-id xmlns="urn:xmpp:sid:0" id="archived-3" by="me@example.test">`,
		"publish-options", field("access_model", "whitelist"), field("persist_items", "true"),
		field("max_items", "max"), field("send_last_published_item", "never"),
	} {
		if !contains(q.Inner, part) {
			t.Errorf("published without %s: %s", part, q.Inner)
		}
	}
	c.accept(q)
	want := []string{shown(ann, "3")}
	if got := c.answersOf(); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
	// Our own event comes back, and what cannot be named is read: nothing more
	// is told.
	c.send(displayedEvent, "headline", testAddress, displayedNode, fmt.Sprintf(displayedItem, ann, "archived-3", testAddress))
	c.send("<message type='chat' from='ann@example.org/x' id='plain again'><body>not marked</body></message>")
	c.barrier()
	if err := r.MarkRead(chat.ID, r.at(chat.ID, "plain again").Pos); err != nil {
		t.Fatal(err)
	}
	r.allTold(id)
	if got := c.answersOf(); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("told again: %v", got)
	}
	c.hello("4")
	c.barrier()
	if err := r.SetReceipts(t.Context(), id, true, false); err != nil {
		t.Fatal(err)
	}
	if err := r.MarkRead(chat.ID, r.at(chat.ID, "4").Pos); err != nil {
		t.Fatal(err)
	}
	q = c.set("publish")
	if !contains(q.Inner, "archived-4") {
		t.Errorf("published %v", q)
	}
	c.accept(q)
	r.allTold(id)
	if got := c.answersOf(); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("without markers got  %v\nwant %v", got, want)
	}
	for _, e := range c.missed {
		if e.attr("type") == "set" && contains(e.Inner, "pubsub") {
			t.Errorf("published again: %v", e)
		}
	}
}

func field(name, value string) string {
	return `var="pubsub#` + name + `"><value xmlns="jabber:x:data">` + value + `</value>`
}

// TestMarkersAreForContacts holds that who does not see us is not told what was
// read, however the message asks.
func TestMarkersAreForContacts(t *testing.T) {
	_, r, c, id := withRoster(t)
	for i, from := range []string{"bob@example.org", "stranger@example.org", ann} {
		c.send(wantsXML, "chat", from+"/x", fmt.Sprint(i))
		c.barrier()
		chat := r.chat(from)
		if err := r.MarkRead(chat.ID, chat.Last.Pos); err != nil {
			t.Fatal(err)
		}
	}
	r.allTold(id)
	var got []string
	for _, a := range c.answersOf() {
		if contains(a, "displayed") {
			got = append(got, a)
		}
	}
	if want := []string{shown(ann, "2")}; fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

// TestNodeIsPrivateOrNothing holds that a server that takes less, or has the
// node otherwise, is dealt with, and never with a node others can read.
func TestNodeIsPrivateOrNothing(t *testing.T) {
	p := readProfile(t)
	r, c, _ := p.online()
	c.answerItems("")
	n := 0
	read := func() {
		t.Helper()
		n++
		c.hello(fmt.Sprint(n))
		c.barrier()
		chat := r.chat(ann)
		if err := r.MarkRead(chat.ID, chat.Last.Pos); err != nil {
			t.Fatal(err)
		}
	}
	private := func(what, most string) element {
		t.Helper()
		q := c.set(what)
		if !contains(q.Inner, field("access_model", "whitelist")) {
			t.Errorf("%s is not private: %v", what, q)
		}
		if most != "" != contains(q.Inner, "pubsub#max_items") || !contains(q.Inner, most) {
			t.Errorf("%s keeps not %q items: %v", what, most, q)
		}
		return q
	}
	read() // a node that another client has set up otherwise
	c.refuse(private("publish", "max"), "conflict")
	q := private("configure", "max")
	if !contains(q.Inner, `node="`+displayedNode+`"`, "node_config", pubsub.NS+"#owner") {
		t.Errorf("set up as %v", q)
	}
	c.accept(q)
	c.accept(private("publish", "max"))
	read() // a server that knows no "max", and allows but few
	c.refuse(private("publish", "max"), "bad-request")
	c.refuse(private("publish", fewItems), "not-acceptable")
	c.accept(private("publish", ""))
	read() // one that knows nothing of all that
	for _, most := range []string{"max", fewItems, ""} {
		c.refuse(private("publish", most), "conflict")
		c.refuse(private("configure", most), "forbidden")
	}
	read()
	c.barrier()
	if got := c.answersOf(); len(got) != n {
		r.eventually("the last marker", func() bool { return len(c.answersOf()) == n })
	}
	for _, e := range c.missed {
		if contains(e.Inner, "<publish") {
			t.Errorf("tried again on this stream: %v", e)
		}
	}
}

// TestReadWhileOffline holds that what is read without a connection is told
// after the next start, unless another device has read more meanwhile.
func TestReadWhileOffline(t *testing.T) {
	for _, elsewhere := range []string{"", "archived-0", "unknown"} {
		p := readProfile(t)
		r, c, id := p.online()
		c.answerItems("")
		c.hello("0")
		c.hello("1")
		c.barrier()
		if err := r.SetEnabled(t.Context(), id, false); err != nil {
			t.Fatal(err)
		}
		c.presence("unavailable")
		chat := r.chat(ann)
		if err := r.MarkRead(chat.ID, chat.Last.Pos); err != nil {
			t.Fatal(err)
		}
		r.stop()
		p.update(func(tx *storage.Tx) error {
			all, err := tx.Accounts()
			all[0].Enabled = true
			if err == nil {
				err = tx.PutAccount(&all[0])
			}
			return err
		})
		r = p.run()
		c = p.server.next()
		items := ""
		if elsewhere != "" {
			items = fmt.Sprintf(displayedItem, ann, elsewhere, testAddress)
		}
		c.answerItems(items)
		if elsewhere != "unknown" {
			if q := c.set("publish"); !contains(q.Inner, "archived-1") {
				t.Errorf("%q: published %v", elsewhere, q)
			} else {
				c.accept(q)
			}
		}
		r.allTold(id)
		got, want := c.answersOf(), []string{shown(ann, "1")}
		if elsewhere == "unknown" {
			want = nil
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%q: told %v, want %v", elsewhere, got, want)
		}
		r.stop()
	}
}

// TestDamagedDueIsForgotten holds that nothing else suffers when what was read
// cannot be read back.
func TestDamagedDueIsForgotten(t *testing.T) {
	p := readProfile(t)
	id := p.addStored()
	p.update(func(tx *storage.Tx) error { return tx.PutSetting(dueSetting(id), []byte("{")) })
	r, c, _ := p.online()
	c.answerItems("")
	c.hello("0")
	c.barrier()
	chat := r.chat(ann)
	if err := r.MarkRead(chat.ID, chat.Last.Pos); err != nil {
		t.Fatal(err)
	}
	c.accept(c.set("publish"))
	r.allTold(id)
	r.stop()
	if err := p.store.View(func(tx *storage.Tx) error {
		raw, ok, err := tx.Setting(dueSetting(id))
		if ok {
			t.Errorf("left on disk: %q", raw)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}
