package account

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"linnet/account/stream"
	"linnet/storage"
)

const rosterOfTwo = `<query xmlns='jabber:iq:roster' ver='7'>
	<item jid='ann@example.org' name='Ann' subscription='both'><group>Work</group><group>Friends</group><group>Work</group></item>
	<item jid='bob@example.org' subscription='none' ask='subscribe'/>
	<item jid='@@@' subscription='both'/>
</query>`

// withRoster starts online with Ann (both) and Bob (asked).
func withRoster(t *testing.T) (*profile, *running, *fakeConn, storage.AccountID) {
	t.Helper()
	p := newProfile(t)
	p.server.roster = func(ver string) string {
		if ver == "7" {
			return ""
		}
		return rosterOfTwo
	}
	r, c, id := p.online()
	r.eventually("the roster", func() bool { return len(r.Contacts(id)) == 2 })
	return p, r, c, id
}

func TestRosterFetchedKeptAndVersioned(t *testing.T) {
	p, r, c, id := withRoster(t)
	check := func(r *running) {
		t.Helper()
		contacts := r.Contacts(id)
		ann, bob := contacts[0], contacts[1]
		if ann.JID != "ann@example.org" || ann.Name != "Ann" || ann.Subscription != storage.SubscriptionBoth ||
			!slices.Equal(ann.Groups, []string{"Friends", "Work"}) || ann.Ask {
			t.Errorf("Ann: %+v", ann)
		}
		if bob.Subscription != storage.SubscriptionNone || !bob.Ask || bob.Best.Show != storage.ShowOffline {
			t.Errorf("Bob: %+v", bob)
		}
	}
	check(r)
	if n := r.Accounts()[0].Contacts; n != 2 {
		t.Errorf("Info.Contacts is %d", n)
	}

	pushItem := func(id, ver, item string) {
		t.Helper()
		c.send("<iq type='set' id='%s'><query xmlns='jabber:iq:roster' ver='%s'>%s</query></iq>", id, ver, item)
		if e := c.reply(id); e.attr("type") != "result" {
			t.Errorf("push %s was answered %v", id, e)
		}
	}
	pushItem("p1", "8", "<item jid='cleo@example.org' name='Cleo' subscription='to'/>")
	pushItem("p2", "9", "<item jid='bob@example.org' subscription='remove'/>")
	r.eventually("the pushes", func() bool {
		_, cleo := r.Contact(id, "cleo@example.org")
		_, bob := r.Contact(id, "bob@example.org")
		return cleo && !bob
	})
	pushItem("p3", "10", "<item jid='cleo@example.org' subscription='remove'/>")
	pushItem("p4", "7", "<item jid='bob@example.org' subscription='none' ask='subscribe'/>")
	r.stop()

	// The next start shows the roster before any network, and presence does
	// not wait for the answer, of which there is none.
	p.server.set(func() { p.server.roster = nil })
	again := p.run()
	check(again)
	p.server.next().presence("")
}

func TestPushDuringFetchIsKept(t *testing.T) {
	p := newProfile(t)
	id := p.addStored()
	release := make(chan struct{})
	p.server.roster = func(string) string {
		<-release
		return rosterOfTwo
	}
	r := p.run()
	c := p.server.next()
	c.send("<iq type='set' id='p1'><query xmlns='jabber:iq:roster' ver='8'><item jid='cleo@example.org' subscription='to'/></query></iq>")
	r.eventually("the push", func() bool { _, ok := r.Contact(id, "cleo@example.org"); return ok })
	close(release)
	r.eventually("the answer", func() bool { _, ok := r.Contact(id, "ann@example.org"); return ok })
	if _, ok := r.Contact(id, "cleo@example.org"); !ok {
		t.Error("the older answer took back the newer push")
	}
}

func TestRosterEdits(t *testing.T) {
	p, r, c, id := withRoster(t)
	ctx := t.Context()
	last := func() string {
		p.server.mu.Lock()
		defer p.server.mu.Unlock()
		return p.server.sets[len(p.server.sets)-1]
	}
	if err := r.AddContact(ctx, id, "Dan@Example.ORG", "Dan", []string{"Work"}, "Hello"); err != nil {
		t.Fatal(err)
	}
	if s := last(); !strings.Contains(s, `jid="dan@example.org"`) || !strings.Contains(s, `name="Dan"`) || !strings.Contains(s, ">Work<") {
		t.Errorf("set: %s", s)
	}
	if e := c.presence("subscribe"); e.attr("to") != "dan@example.org" || !strings.Contains(e.Inner, "Hello") {
		t.Errorf("subscribe: %v", e)
	}
	if err := r.RenameContact(ctx, id, "ann@example.org", "Annie"); err != nil {
		t.Fatal(err)
	}
	if s := last(); !strings.Contains(s, `name="Annie"`) || !strings.Contains(s, ">Friends<") || !strings.Contains(s, ">Work<") {
		t.Errorf("rename lost something: %s", s)
	}
	if err := r.SetGroups(ctx, id, "ann@example.org", []string{" Family ", "", "Family"}); err != nil {
		t.Fatal(err)
	}
	if s := last(); !strings.Contains(s, `name="Annie"`) || strings.Count(s, "Family") != 1 || strings.Contains(s, "Work") {
		t.Errorf("groups: %s", s)
	}
	if err := r.RemoveContact(ctx, id, "ann@example.org"); err != nil {
		t.Fatal(err)
	}
	if s := last(); !strings.Contains(s, `subscription="remove"`) {
		t.Errorf("remove: %s", s)
	}
	if err := r.Resubscribe(ctx, id, "bob@example.org"); err != nil {
		t.Fatal(err)
	}
	c.presence("subscribe")
	if err := r.CancelRequest(ctx, id, "bob@example.org"); err != nil {
		t.Fatal(err)
	}
	c.presence("unsubscribe")

	for name, got := range map[string]error{
		"own address":  r.AddContact(ctx, id, testAddress, "", nil, ""),
		"no such":      r.RenameContact(ctx, id, "nobody@example.org", "x"),
		"no account":   r.RemoveContact(ctx, 99, "ann@example.org"),
		"no at":        r.AddContact(ctx, id, "dan", "", nil, ""),
		"no such ever": r.CancelRequest(ctx, id, "nobody@example.org"),
	} {
		want := map[string]error{
			"own address": ErrOwnAddress, "no such": ErrNoContact, "no account": ErrNoAccount,
			"no at": ErrAddressNoAt, "no such ever": ErrNoContact,
		}[name]
		if !errors.Is(got, want) {
			t.Errorf("%s: %v", name, got)
		}
	}
	p.server.set(func() { p.server.ln.Close() })
	c.cut()
	r.eventually("offline", func() bool { return r.phase(id).Phase != stream.Online })
	if err := r.RemoveContact(ctx, id, "ann@example.org"); !errors.Is(err, stream.ErrOffline) {
		t.Errorf("offline: %v", err)
	}
}

func TestRequests(t *testing.T) {
	p, r, c, id := withRoster(t)
	ctx := t.Context()
	for _, who := range []string{"x@example.org", "y@example.org", "z@example.org", "bob@example.org", "w@example.org"} {
		c.send("<presence type='subscribe' from='%s'><status>It is me</status></presence>", who)
	}
	c.send("<presence type='subscribe' from='x@example.org'><status>It is me</status></presence>")
	c.send("<presence type='unsubscribe' from='w@example.org'/>")
	c.barrier()
	requests := r.Requests()
	if len(requests) != 4 || requests[0].Message != "It is me" {
		t.Fatalf("requests: %v", requests)
	}
	if err := r.Accept(ctx, id, "x@example.org"); err != nil {
		t.Fatal(err)
	}
	c.presence("subscribed")
	if e := c.presence("subscribe"); e.attr("to") != "x@example.org" {
		t.Errorf("asked back: %v", e)
	}
	if err := r.Accept(ctx, id, "bob@example.org"); err != nil { // has been asked already
		t.Fatal(err)
	}
	c.presence("subscribed")
	if err := r.Decline(ctx, id, "y@example.org"); err != nil {
		t.Fatal(err)
	}
	if e := c.presence("unsubscribed"); e.attr("to") != "y@example.org" {
		t.Errorf("declined: %v", e)
	}
	if err := r.Decline(ctx, id, "y@example.org"); !errors.Is(err, ErrNoRequest) {
		t.Errorf("declined twice: %v", err)
	}
	if err := r.Block(ctx, id, "z@example.org"); !errors.Is(err, ErrNoBlocking) {
		t.Errorf("blocked without the server's help: %v", err)
	}
	p.server.set(func() { p.server.features = []string{"urn:xmpp:blocking"} })
	done := make(chan error, 1)
	go func() { done <- r.Block(ctx, id, "z@example.org") }()
	e := c.find("block", func(e element) bool { return strings.Contains(e.Inner, "urn:xmpp:blocking") })
	if !strings.Contains(e.Inner, `jid="z@example.org"`) {
		t.Errorf("block: %v", e)
	}
	c.send("<iq type='result' id='%s'/>", e.attr("id"))
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if n := len(r.Requests()); n != 0 {
		t.Errorf("%d requests left", n)
	}
	c.barrier()
	for _, e := range c.missed {
		if e.attr("type") == "subscribe" {
			t.Errorf("asked once more: %v", e)
		}
	}
	// Who sees our presence already is granted it again without asking.
	c.send("<presence type='subscribe' from='ann@example.org'/>")
	if e := c.presence("subscribed"); e.attr("to") != "ann@example.org" {
		t.Errorf("granted: %v", e)
	}
	c.send("<presence type='subscribe' from='late@example.org'/>")
	c.barrier()
	r.stop()
	if got := p.run().Requests(); len(got) != 1 || got[0].JID != "late@example.org" {
		t.Errorf("after a restart: %v", got)
	}
}
