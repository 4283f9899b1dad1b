package account

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
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
