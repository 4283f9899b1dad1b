package account

import (
	"fmt"
	"strconv"
	"time"
)

func (c *fakeConn) send(format string, args ...any) {
	fmt.Fprintf(c.conn, format, args...)
}

// next gives the next connection.
func (s *fakeServer) next() *fakeConn {
	s.t.Helper()
	select {
	case c := <-s.conns:
		return c
	case <-time.After(testPatient):
		s.t.Fatal("no connection")
		return nil
	}
}

// find gives the first stanza that came, now or before, for which f is true.
func (c *fakeConn) find(what string, f func(element) bool) element {
	c.s.t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	for i, e := range c.missed {
		if f(e) {
			c.missed = append(c.missed[:i:i], c.missed[i+1:]...)
			return e
		}
	}
	deadline := time.After(testPatient)
	for {
		select {
		case e := <-c.got:
			if f(e) {
				return e
			}
			c.missed = append(c.missed, e)
		case <-deadline:
			c.s.t.Fatalf("%s did not come; came: %v", what, c.missed)
		}
	}
}

// presence waits for a presence of a type.
func (c *fakeConn) presence(typ string) element {
	c.s.t.Helper()
	return c.find("presence "+typ, func(e element) bool { return e.XMLName.Local == "presence" && e.attr("type") == typ })
}

// message waits for a message.
func (c *fakeConn) message() element {
	c.s.t.Helper()
	return c.find("a message", func(e element) bool { return e.XMLName.Local == "message" })
}

// reply waits for the answer to an IQ.
func (c *fakeConn) reply(id string) element {
	c.s.t.Helper()
	return c.find("the answer "+id, func(e element) bool { return e.XMLName.Local == "iq" && e.attr("id") == id })
}

var barriers int

// barrier returns when all that was sent before has been handled.
func (c *fakeConn) barrier() {
	c.s.t.Helper()
	barriers++
	id := fmt.Sprintf("barrier%d", barriers)
	c.send("<iq type='get' id='%s' from='%s' to='%s'><query xmlns='jabber:iq:version'/></iq>", id, testDomain, c.full)
	if e := c.reply(id); e.attr("type") != "result" {
		c.s.t.Fatalf("barrier: %v", e)
	}
}

// handled asks how many stanzas the client has handled.
func (c *fakeConn) handled() int {
	c.s.t.Helper()
	for len(c.acks) > 0 {
		<-c.acks
	}
	c.send("<r xmlns='urn:xmpp:sm:3'/>")
	select {
	case h := <-c.acks:
		n, err := strconv.Atoi(h)
		if err != nil {
			c.s.t.Fatal(err)
		}
		return n
	case <-time.After(testPatient):
		c.s.t.Fatal("the client does not say what it has handled")
		return 0
	}
}

// cut ends the connection without a word.
func (c *fakeConn) cut() {
	c.conn.Close()
	<-c.gone
}
