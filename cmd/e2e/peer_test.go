//go:build linux

package e2e

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"testing"
	"time"

	"linnet/account/servertest"
)

//go:embed contact.py
var contactScript []byte

// event is what the peer tells; body is the status of a presence.
type event struct{ Event, JID, Type, Body, ID string }

// peer is the contact at the other end.
type peer struct {
	t      *testing.T
	orders io.Writer
	told   <-chan []byte
}

// startPeer signs a user of the server in with slixmpp, and waits until it is online.
func startPeer(t *testing.T, s *servertest.Server, name string) *peer {
	t.Helper()
	orders, told := s.Slixmpp(t, name, contactScript)
	p := &peer{t, orders, told}
	p.wait("online", func(e event) bool { return e.Event == "online" })
	return p
}

// wait takes events until one fits.
func (p *peer) wait(what string, fits func(event) bool) event {
	p.t.Helper()
	timeout := time.After(patience)
	var seen []event
	for {
		select {
		case line, ok := <-p.told:
			if !ok {
				p.t.Fatalf("the peer ended while waiting for %s; it told %+v", what, seen)
			}
			var e event
			if json.Unmarshal(line, &e) != nil {
				continue
			}
			if fits(e) {
				return e
			}
			seen = append(seen, e)
		case <-timeout:
			p.t.Fatalf("the peer saw no %s; it told %+v", what, seen)
		}
	}
}

func (p *peer) message(body string) event {
	p.t.Helper()
	return p.wait(fmt.Sprintf("message %q", body), func(e event) bool { return e.Event == "message" && e.Body == body })
}

// do has the peer do something: with an address, or with what a presence shows.
func (p *peer) do(what, with, text string) {
	p.t.Helper()
	if _, err := fmt.Fprintln(p.orders, what, with, text); err != nil {
		p.t.Fatal(err)
	}
}
