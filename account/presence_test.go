package account

import (
	"fmt"
	"testing"
	"time"

	"linnet/account/stream"
	"linnet/account/xep/caps"
	"linnet/account/xep/disco"
	"linnet/storage"
)

func TestPresence(t *testing.T) {
	p, r, c, id := withRoster(t)
	ann := func() Contact {
		t.Helper()
		c.barrier()
		contact, ok := r.Contact(id, "ann@example.org")
		if !ok {
			t.Fatal("Ann is gone")
		}
		return contact
	}
	c.send("<presence from='ann@example.org/phone'><show>away</show><priority>5</priority></presence>")
	c.send("<presence from='ann@example.org/desk'><status xml:lang='de'>Hallo</status><status>Hello</status><priority>5</priority></presence>")
	c.send("<presence from='ann@example.org/tv'><priority>1</priority></presence>")
	a := ann()
	if a.Best.Resource != "desk" || a.Best.Status != "Hello" || len(a.Resources) != 3 || a.Resources[1].Resource != "phone" {
		t.Errorf("best %+v of %+v", a.Best, a.Resources)
	}
	c.send("<presence from='ann@example.org/desk'><show>xa</show><priority>999</priority><idle xmlns='urn:xmpp:idle:1' since='2020-01-02T03:04:05Z'/></presence>")
	if a = ann(); a.Best.Resource != "phone" || len(a.Resources) != 3 {
		t.Errorf("best %+v", a.Best)
	}
	c.send("<presence from='ann@example.org/phone' type='unavailable'/><presence from='ann@example.org/tv' type='unavailable'/>")
	if a = ann(); a.Best.Show != storage.ShowExtendedAway || a.LastSeen.UTC() != time.Date(2020, 1, 2, 3, 4, 5, 0, time.UTC) {
		t.Errorf("idle: %+v", a)
	}
	before := time.Now().Truncate(time.Millisecond)
	c.send("<presence from='ann@example.org/desk' type='unavailable'><status>Gone home</status></presence>")
	if a = ann(); a.Best.Show != storage.ShowOffline || a.Best.Status != "Gone home" || a.LastSeen.Before(before) || len(a.Resources) != 0 {
		t.Errorf("gone: %+v", a)
	}
	c.send("<presence from='bob@example.org' type='unavailable'><delay xmlns='urn:xmpp:delay' stamp='2021-01-01T00:00:00Z'/></presence>")
	c.send("<presence from='ann@example.org/desk'/>")
	ann()
	p.server.set(func() { p.server.ln.Close() })
	c.cut()
	r.eventually("all offline", func() bool {
		contact, _ := r.Contact(id, "ann@example.org")
		return r.phase(id).Phase != stream.Online && contact.Best.Show == storage.ShowOffline
	})
	seen := r.Contacts(id)[0].LastSeen
	r.stop()
	again := p.run()
	if got := again.Contacts(id); !got[0].LastSeen.Equal(seen) || got[1].LastSeen.UTC() != time.Date(2021, 1, 1, 0, 0, 0, 0, time.UTC) {
		t.Errorf("last seen after a restart: %v, %v; was %v", got[0].LastSeen, got[1].LastSeen, seen)
	}
}

func TestPresenceBeforeRosterPush(t *testing.T) {
	_, r, c, id := withRoster(t)
	c.send("<presence from='new@example.org/x'><show>dnd</show></presence>")
	c.send("<iq type='set' id='p1'><query xmlns='jabber:iq:roster'><item jid='new@example.org' subscription='both'/></query></iq>")
	c.barrier()
	if contact, ok := r.Contact(id, "new@example.org"); !ok || contact.Best.Show != storage.ShowBusy {
		t.Errorf("contact: %+v", contact)
	}
}

func TestStatus(t *testing.T) {
	p, r, c, id := withRoster(t)
	ctx := t.Context()
	if err := r.SetStatus(ctx, storage.Status{Show: storage.ShowAway, Message: "Lunch"}); err != nil {
		t.Fatal(err)
	}
	if e := c.presence(""); !contains(e.Inner, "<show>away</show>", "<status>Lunch</status>", ownCaps.Ver) {
		t.Errorf("common: %v", e)
	}
	if err := r.SetAccountStatus(ctx, id, &storage.Status{Show: storage.ShowBusy}); err != nil {
		t.Fatal(err)
	}
	if e := c.presence(""); !contains(e.Inner, "<show>dnd</show>") {
		t.Errorf("own: %v", e)
	}
	if err := r.SetStatus(ctx, storage.Status{Show: storage.ShowOffline}); err != nil {
		t.Fatal(err)
	}
	if r.phase(id).Phase != stream.Online {
		t.Error("an account with a status of its own went with the common one")
	}
	if err := r.SetAccountStatus(ctx, id, nil); err != nil {
		t.Fatal(err)
	}
	c.presence("unavailable")
	r.eventually("stopped", func() bool { return r.phase(id).Phase == stream.Stopped })
	info := r.Accounts()[0]
	if !info.Enabled || info.Effective.Show != storage.ShowOffline {
		t.Errorf("offline: %+v", info)
	}
	r.stop()
	again := p.run()
	if s := again.Status(); s.Show != storage.ShowOffline {
		t.Errorf("after a restart: %v", s)
	}
	if err := again.SetStatus(ctx, storage.Status{}); err != nil {
		t.Fatal(err)
	}
	p.server.next().presence("")
}

func TestCapsVerifiedAndKept(t *testing.T) {
	p, r, c, id := withRoster(t)
	info := disco.Info{
		Identities: []disco.Identity{{Category: "client", Type: "pc", Name: "Robin"}},
		Features:   []disco.Feature{{Var: "a"}, {Var: "b"}},
	}
	ver, err := caps.Hash("sha-1", &info)
	if err != nil {
		t.Fatal(err)
	}
	const body = "<identity category='client' type='pc' name='%s'/><feature var='a'/><feature var='b'/>"
	presence := func(c *fakeConn, res string) {
		c.send("<presence from='ann@example.org/%s'><c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='urn:robin' ver='%s'/></presence>", res, ver)
	}
	client := func(r *running, res string) string {
		contact, _ := r.Contact(id, "ann@example.org")
		for _, p := range contact.Resources {
			if p.Resource == res {
				return p.Client
			}
		}
		return "-"
	}
	query := func(c *fakeConn) element {
		return c.find("a caps query", func(e element) bool { return e.attr("type") == "get" && contains(e.Inner, "disco#info") })
	}
	presence(c, "liar")
	q := query(c)
	if q.attr("to") != "ann@example.org/liar" || !contains(q.Inner, `node="urn:robin#`+ver+`"`) {
		t.Errorf("query: %v", q)
	}
	c.send("<iq type='result' id='%s' from='%s'><query xmlns='http://jabber.org/protocol/disco#info'>"+body+"</query></iq>", q.attr("id"), q.attr("to"), "Evil")
	c.barrier()
	// The answer is taken by a task of its own: what it does shows in that the
	// next device with the same hash is asked again.
	r.eventually("another query", func() bool {
		presence(c, "honest")
		c.barrier()
		for _, e := range c.missed {
			if e.attr("to") == "ann@example.org/honest" {
				return true
			}
		}
		return false
	})
	q = query(c)
	if got := client(r, "liar"); got != "" {
		t.Errorf("believed %q", got)
	}
	c.send("<iq type='result' id='%s' from='%s'><query xmlns='http://jabber.org/protocol/disco#info'>"+body+"</query></iq>", q.attr("id"), q.attr("to"), "Robin")
	r.eventually("the name", func() bool { return client(r, "honest") == "Robin" && client(r, "liar") == "Robin" })
	r.stop()

	again := p.run()
	c = p.server.next()
	c.presence("")
	presence(c, "third")
	c.barrier()
	if got := client(again, "third"); got != "Robin" {
		t.Errorf("after a restart %q", got)
	}
	for _, e := range c.missed {
		if contains(e.Inner, "disco#info") {
			t.Errorf("asked for what is on disk: %v", e)
		}
	}
}

func TestDiscoAnswers(t *testing.T) {
	_, _, c, _ := withRoster(t)
	ask := func(id, from, inner string) element {
		c.send("<iq type='get' id='%s' from='%s' to='%s'>%s</iq>", id, from, c.full, inner)
		return c.reply(id)
	}
	const info = "<query xmlns='http://jabber.org/protocol/disco#info'/>"
	for i, from := range []string{testDomain, testAddress, "ann@example.org", "ann@example.org/x"} {
		if e := ask(fmt.Sprint("i", i), from, info); e.attr("type") != "result" || !contains(e.Inner, `name="Linnet"`, caps.NS) {
			t.Errorf("%s got %v", from, e)
		}
	}
	node := "<query xmlns='http://jabber.org/protocol/disco#info' node='" + capsNode + "#%s'/>"
	if e := ask("n1", testDomain, fmt.Sprintf(node, ownCaps.Ver)); !contains(e.Inner, `node="`+capsNode+"#"+ownCaps.Ver+`"`) {
		t.Errorf("own node: %v", e)
	}
	if e := ask("n2", testDomain, fmt.Sprintf(node, "other")); !contains(e.Inner, "item-not-found") {
		t.Errorf("other node: %v", e)
	}
	if e := ask("v", "ann@example.org/x", "<query xmlns='jabber:iq:version'/>"); !contains(e.Inner, ">Linnet<", ">1.2.3<") || contains(e.Inner, "<os") {
		t.Errorf("version: %v", e)
	}
	if e := ask("t", "ann@example.org/x", "<query xmlns='http://jabber.org/protocol/disco#items'/>"); e.attr("type") != "result" {
		t.Errorf("items: %v", e)
	}
	for i, from := range []string{"stranger@example.org/x", "bob@example.org/x"} {
		if e := ask(fmt.Sprint("s", i), from, info); !contains(e.Inner, "service-unavailable") {
			t.Errorf("%s learnt that we are here: %v", from, e)
		}
	}
}
