package account

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"linnet/storage"
)

func TestBlocking(t *testing.T) {
	p := newProfile(t)
	r, c, id := p.online()
	ctx := context.Background()
	if err := r.Block(ctx, id, "z@example.org"); !errors.Is(err, ErrNoBlocking) {
		t.Errorf("blocked without the server's help: %v", err)
	}
	p.server.set(func() { p.server.features = []string{"urn:xmpp:blocking"} })
	asked := func(what string, do func() error) {
		t.Helper()
		done := make(chan error, 1)
		go func() { done <- do() }()
		e := c.find(what, func(e element) bool { return strings.Contains(e.Inner, "<"+what+" ") })
		result := "<iq type='result' id='" + e.attr("id") + "'>"
		if what == "blocklist" {
			result += "<blocklist xmlns='urn:xmpp:blocking'><item jid='z@example.org'/><item jid='a.example'/><item jid='z@example.org'/></blocklist>"
		} else if !strings.Contains(e.Inner, `jid="z@example.org"`) {
			t.Errorf("%s: %v", what, e)
		}
		c.send("%s", result+"</iq>")
		if err := <-done; err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	asked("block", func() error { return r.Block(ctx, id, "z@example.org") }) // who has asked for nothing
	asked("unblock", func() error { return r.Unblock(ctx, id, "z@example.org") })
	var blocked []string
	asked("blocklist", func() (err error) {
		blocked, err = r.Blocked(ctx, id)
		return err
	})
	if !slices.Equal(blocked, []string{"a.example", "z@example.org"}) {
		t.Errorf("blocked are %q", blocked)
	}
}

// TestBlockedElsewhere follows what the server and other clients say of the
// list.
func TestBlockedElsewhere(t *testing.T) {
	p := newProfile(t)
	p.server.features = []string{"urn:xmpp:blocking", "urn:xmpp:reporting:1"}
	r, c, id := p.online()
	q := c.find("the question for the list", func(e element) bool { return strings.Contains(e.Inner, "<blocklist ") })
	c.send("<iq type='result' id='%s'><blocklist xmlns='urn:xmpp:blocking'><item jid='z@example.org'/><item jid='a.example'/></blocklist></iq>", q.attr("id"))
	is := func(what string, want ...string) {
		t.Helper()
		r.eventually(what, func() bool { return slices.Equal(r.BlockedHere(id), want) })
	}
	is("the list", "a.example", "z@example.org")
	if !r.IsBlocked(id, "z@example.org") || !r.IsBlocked(id, "any@a.example") || !r.IsBlocked(id, "a.example") || r.IsBlocked(id, "y@example.org") {
		t.Error("the wrong ones are blocked")
	}
	push := func(from, inner string) { c.send("<iq type='set' id='b1'%s>%s</iq>", from, inner) }
	const block, unblock = "<block xmlns='urn:xmpp:blocking'>%s</block>", "<unblock xmlns='urn:xmpp:blocking'>%s</unblock>"
	for _, from := range []string{" from='evil@bad.example'", " from='" + testDomain + "'", " from='" + testAddress + "/phone'"} {
		push(from, strings.ReplaceAll(unblock, "%s", ""))
		if e := c.reply("b1"); e.attr("type") != "error" {
			t.Errorf("%s was answered %v", from, e)
		}
	}
	c.barrier()
	is("as before", "a.example", "z@example.org")
	push(" from='"+testAddress+"'", strings.ReplaceAll(block, "%s", "<item jid='b@example.org'/><item/>"))
	if e := c.reply("b1"); e.attr("type") != "result" {
		t.Errorf("answered %v", e)
	}
	is("one more", "a.example", "b@example.org", "z@example.org")
	push("", strings.ReplaceAll(unblock, "%s", "<item jid='a.example'/>"))
	is("one less", "b@example.org", "z@example.org")
	push("", strings.ReplaceAll(unblock, "%s", ""))
	is("none")
	r.eventually("the event", func() bool { return slices.Contains(r.events, Event(BlockedChanged{id})) })

	done := make(chan error, 1)
	go func() {
		done <- r.BlockAndReport(context.Background(), id, "z@example.org", ReportSpam, []storage.Message{
			{StanzaID: "s1"}, {StanzaID: "own", Out: true}, {},
		}, " Stop & go ")
	}()
	e := c.find("the report", func(e element) bool { return strings.Contains(e.Inner, "<block ") })
	if !contains(e.Inner, `jid="z@example.org"`, `reason="urn:xmpp:reporting:spam"`, `id="s1" by="`+testAddress+`"`, ">Stop &amp; go<") || contains(e.Inner, `id="own"`) {
		t.Errorf("reported %v", e)
	}
	c.send("<iq type='result' id='%s'/>", e.attr("id"))
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// TestReportWithoutHelp blocks where the server takes no reports.
func TestReportWithoutHelp(t *testing.T) {
	p := newProfile(t)
	p.server.features = []string{"urn:xmpp:blocking"}
	r, c, id := p.online()
	done := make(chan error, 1)
	go func() { done <- r.BlockAndReport(context.Background(), id, "z@example.org", ReportAbuse, nil, "x") }()
	e := c.find("the block", func(e element) bool { return strings.Contains(e.Inner, "<block ") })
	if contains(e.Inner, "report") {
		t.Errorf("reported %v", e)
	}
	c.send("<iq type='result' id='%s'/>", e.attr("id"))
	if err := <-done; err != nil {
		t.Error(err)
	}
}
