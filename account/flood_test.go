package account

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unsafe"

	"linnet/account/xep/caps"
	"linnet/account/xep/disco"
	"linnet/storage"
)

func TestStrangersBeginNoEndOfChats(t *testing.T) {
	_, r, c, _ := withRoster(t)
	from := func(who string) {
		c.send("<message type='chat' from='%s/x'><body>Buy this</body></message>", who)
	}
	chats := func() int {
		t.Helper()
		c.barrier()
		list, err := r.Chats()
		if err != nil {
			t.Fatal(err)
		}
		return len(list)
	}
	for i := range maxStrangerChats + 100 {
		from(fmt.Sprintf("s%d@bad.example", i))
	}
	if n := chats(); n != maxStrangerChats {
		t.Fatalf("%d conversations", n)
	}
	from("s0@bad.example")
	from(ann)
	from(testDomain)
	if n := chats(); n != maxStrangerChats+2 {
		t.Errorf("%d conversations with a contact and the server", n)
	}
	first := r.chat("s0@bad.example")
	if first.Unread != 2 || r.chat(ann).Unread != 1 {
		t.Errorf("known ones cannot write: %+v", first)
	}
	if err := r.MarkRead(first.ID, first.Last.Pos); err != nil {
		t.Fatal(err)
	}
	if err := r.DeleteChat(r.chat("s1@bad.example").ID); err != nil {
		t.Fatal(err)
	}
	for i := range 10 {
		from(fmt.Sprintf("new%d@bad.example", i))
	}
	if n := chats(); n != maxStrangerChats+3 {
		t.Errorf("%d conversations after two were looked at", n)
	}
}

// TestRequestsAreBounded has an archive full of what strangers wrote long ago,
// which nobody has to look at.
func TestRequestsAreBounded(t *testing.T) {
	s := newScene(t)
	list := func() (chats []storage.Chat) {
		t.Helper()
		s.must(s.store.View(func(tx *storage.Tx) (err error) {
			chats, err = tx.Chats(s.a.id)
			return err
		}))
		return chats
	}
	page := func(run int) {
		t.Helper()
		s.a.chats.strangers = strangerCount{} // as after a restart
		var page []kept
		for i := range maxStrangerChats + 10 {
			from := fmt.Sprintf("s%d-%d@bad.example/x", run, i)
			page = append(page, kept{
				id: fmt.Sprint("a", run, ".", i), stamp: s.at.Add(-time.Duration(i) * time.Hour),
				xml: fmt.Sprintf(annotate, "chat", from, fmt.Sprint("m", i), "<body>Buy this</body>"),
			})
		}
		slices.Reverse(page)
		s.page(newSweep(FromHistory, false), page)
	}
	for run := range maxRequestChats/maxStrangerChats + 2 {
		page(run)
	}
	if n := len(list()); n != maxRequestChats {
		t.Fatalf("%d requests", n)
	}
	s.must(s.a.acceptChat(list()[0].ID))
	page(99)
	if n := len(list()); n != maxRequestChats+1 {
		t.Errorf("%d conversations after one was accepted", n)
	}
}

func TestDeceptiveAddresses(t *testing.T) {
	for address, want := range map[string]bool{
		"ann@example.org": false, "ann\u200b@example.org": true, "ann\u202e@example.org": true,
		"an\u200dn@example.org": true, "ann\u2060@example.org": true, "ann\ufe0f@example.org": true,
		"a nn@example.org": true, "ann\u00ad@example.org": true, "\u2764\ufe0f@example.org": false,
		"\U0001F468\U0001F3FD\u200d\U0001F4BB@example.org": false, "some_name@my_host.example": false,
	} {
		if got := isDeceptive(address); got != want {
			t.Errorf("%+q: %v", address, got)
		}
	}
	_, r, c, _ := withRoster(t)
	c.send("<message type='chat' from='ann\u2060@example.org/x'><body>It is me</body></message>")
	c.send("<presence type='subscribe' from='ann\u2060@example.org'/>")
	c.barrier()
	if chats, err := r.Chats(); err != nil || len(chats)+len(r.Requests()) != 0 {
		t.Errorf("%v, %v, %v", chats, r.Requests(), err)
	}
}

func TestOwnDevicesRefuseNothingForOthers(t *testing.T) {
	_, r, c, id := withRoster(t)
	chat, err := r.OpenChat(id, ann)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Send(t.Context(), chat.ID, Text{Body: "hello"}); err != nil {
		t.Fatal(err)
	}
	m := c.message()
	r.state(chat.ID, storage.StateSent)
	c.send(refusal, testAddress+"/phone", m.attr("id"))
	c.barrier()
	if got := r.messages(chat.ID)[0]; got.State != storage.StateSent {
		t.Errorf("another device made it %+v", got)
	}
	c.send(refusal, testAddress, m.attr("id"))
	r.state(chat.ID, storage.StateFailed)
}

func TestForgedTimes(t *testing.T) {
	p, r, c, id := withRoster(t)
	start := time.Now()
	send := func(name string, at time.Time) time.Time {
		t.Helper()
		c.send("<message type='chat' from='ann@example.org/x'><body>%s</body><delay xmlns='urn:xmpp:delay' from='%s' stamp='%s'/></message>",
			name, testDomain, at.UTC().Format(time.RFC3339))
		c.barrier()
		for _, m := range r.messages(r.chat(ann).ID) {
			if m.Body == name {
				return m.Pos.At()
			}
		}
		t.Fatalf("%s is not there", name)
		return time.Time{}
	}
	if at := send("first start", start.Add(-time.Hour)); at.After(start.Add(-time.Minute)) {
		t.Errorf("held before the first start, but put at %v", at)
	}
	r.stop()
	p.update(func(tx *storage.Tx) error { // three hours pass
		s := serverState{left: start.Add(-3 * time.Hour)}
		return s.saveLeft(tx, id)
	})
	r, c, _ = p.online()
	if at := send("held", start.Add(-2*time.Hour)); at.After(start.Add(-time.Hour)) {
		t.Errorf("held while we were away, but put at %v", at)
	}
	if at := send("forged", start.Add(-4*time.Hour)); at.Before(start.Add(-time.Hour)) {
		t.Errorf("put among what was said before, at %v", at)
	}
	r.stop()
	r, c, _ = p.online()
	if at := send("forged again", start.Add(-2*time.Hour)); at.Before(start.Add(-time.Hour)) {
		t.Errorf("the end of the link was not kept: put at %v", at)
	}
}

func TestCutKeepsNothing(t *testing.T) {
	long := strings.Repeat("x", 1<<20)
	short := cut(long, 10)
	if unsafe.StringData(short) == unsafe.StringData(long) {
		t.Error("the whole text stays in memory")
	}
}

func TestHugeCapsAreNotKept(t *testing.T) {
	_, r, c, id := withRoster(t)
	info := disco.Info{Identities: []disco.Identity{{Category: "client", Type: "pc", Name: "Huge"}}}
	var body strings.Builder
	body.WriteString("<identity category='client' type='pc' name='Huge'/>")
	for i := range storage.MaxCapsBytes / 16 {
		v := fmt.Sprintf("urn:feature:%d", i)
		info.Features = append(info.Features, disco.Feature{Var: v})
		fmt.Fprintf(&body, "<feature var='%s'/>", v)
	}
	ver, err := caps.Hash("sha-1", &info)
	if err != nil {
		t.Fatal(err)
	}
	const presence = "<presence from='ann@example.org/%s'><c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='%s' ver='%s'/></presence>"
	c.send(presence, "x", "urn:x", ver)
	q := c.find("a caps query", func(e element) bool { return contains(e.Inner, "disco#info") })
	c.send("<iq type='result' id='%s' from='%s'><query xmlns='http://jabber.org/protocol/disco#info'>%s</query></iq>", q.attr("id"), q.attr("to"), body.String())
	r.eventually("the answer", func() bool {
		heard := false
		r.inAccount(id, func(a *Account) {
			kept, ok := a.caps.known["sha-1 "+ver]
			if heard = ok; kept != nil {
				t.Error("a huge answer is kept")
			}
		})
		return heard
	})
	c.send(presence, "y", strings.Repeat("n", maxCapsNode+1), "other")
	c.barrier()
	r.inAccount(id, func(a *Account) {
		if len(a.caps.asking) != 0 {
			t.Errorf("asked about a program with an endless address: %v", a.caps.asking)
		}
	})
}

func TestRecently(t *testing.T) {
	var r recently[int, int]
	for i := range maxRecent {
		r.put(i, i)
	}
	r.put(0, -1) // keeps its place
	r.put(maxRecent, 0)
	if _, ok := r.get(0); ok {
		t.Error("the oldest is still there")
	}
	if v, ok := r.get(1); v != 1 || !ok || len(r.values) != maxRecent {
		t.Errorf("got %d, %v of %d", v, ok, len(r.values))
	}
}

func TestHostileServer(t *testing.T) {
	p := newProfile(t)
	long := strings.Repeat("v", 1<<16)
	p.server.features = []string{long, "a&#10;urn:xmpp:sid:0", "b"}
	p.server.roster = func(string) string {
		return "<query xmlns='jabber:iq:roster' ver='" + long + "'><item jid='ann@example.org' name='" + long + "'>" +
			strings.Repeat("<group>"+long[:2000]+"</group><group> </group>", 100) + "</item></query>"
	}
	r, _, id := p.online()
	r.eventually("features and roster", func() bool {
		heard := false
		r.inAccount(id, func(a *Account) { heard = a.server.account != nil && len(a.roster.entries) == 1 })
		return heard
	})
	r.inAccount(id, func(a *Account) {
		if a.stored.RosterVersion != "" || len(a.server.account) != 1 || a.server.accountHas("urn:xmpp:sid:0") {
			t.Errorf("version of %d bytes, features %v", len(a.stored.RosterVersion), a.server.account)
		}
	})
	if c := r.Contacts(id)[0]; len(c.Name) != maxNameSize || len(c.Groups) != 1 || len(c.Groups[0]) != maxNameSize {
		t.Errorf("a name of %d bytes, %d groups", len(c.Name), len(c.Groups))
	}
}

func TestOneAddressIsOneChat(t *testing.T) {
	_, r, c, id := withRoster(t)
	c.send("<iq type='set' id='p1'><query xmlns='jabber:iq:roster'><item jid='D\u00f6rte@Example.ORG' subscription='both'/></query></iq>")
	for i, from := range []string{"d\u00f6rte@example.org/x", "D\u00d6RTE@example.org/y", "do\u0308rte@EXAMPLE.org"} {
		c.send("<message type='chat' from='%s'><body>%d</body></message><presence from='%s'/>", from, i, from)
	}
	c.barrier()
	if chats, err := r.Chats(); err != nil || len(chats) != 1 || chats[0].Unread != 3 {
		t.Errorf("%+v, %v", chats, err)
	}
	if contact, ok := r.Contact(id, "d\u00f6rte@example.org"); !ok || len(contact.Resources) != 3 {
		t.Errorf("%+v", contact)
	}
	chat, err := r.OpenChat(id, "do\u0308rte@example.org")
	if err != nil || chat.Unread != 3 {
		t.Errorf("opened %+v, %v", chat, err)
	}
}

// TestRepeatedIDs has a contact use the id of a message of ours: it stays ours
// to be refused, and what the contact sent is not touched.
func TestRepeatedIDs(t *testing.T) {
	_, r, c, id := withRoster(t)
	chat, err := r.OpenChat(id, ann)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Send(t.Context(), chat.ID, Text{Body: "hello"}); err != nil {
		t.Fatal(err)
	}
	m := c.message()
	r.state(chat.ID, storage.StateSent)
	c.send("<message type='chat' from='ann@example.org/x' id='%s'><body>mine</body></message>", m.attr("id"))
	c.send(refusal, ann, m.attr("id"))
	c.barrier()
	list := r.messages(chat.ID)
	if len(list) != 2 || list[0].State != storage.StateFailed || list[1].State != storage.StateReceived {
		t.Errorf("%+v", list)
	}
	if row := r.chat(ann); row.Unread != 1 || row.Last.Text != "mine" {
		t.Errorf("row: %+v", row)
	}
}
