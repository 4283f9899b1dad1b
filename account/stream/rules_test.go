package stream

import (
	"crypto/tls"
	"io"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"
)

// TestUnknownRequestTypes holds RFC 6120, section 8.2.3: an IQ is of one of
// four types, and any other is a bad request.
func TestUnknownRequestTypes(t *testing.T) {
	for _, row := range []struct{ in, id string }{
		{`<iq type='maybe' id='h1' from='b@example.test/x'><ping xmlns='urn:xmpp:ping'/></iq>`, "h1"},
		{`<iq id='h2' from='b@example.test/x'><query xmlns='jabber:iq:roster'/></iq>`, "h2"},
		{`<iq type='GET' id='h3' from='b@example.test/x'/>`, "h3"},
	} {
		inBubble(t, func(t *testing.T) {
			w := newWorld(t, nil)
			defer w.end()
			p := w.online()
			p.send(row.in)
			got := p.next()
			if got.Type != "error" || got.ID != row.id || got.To != "b@example.test/x" || !strings.Contains(got.Inner, "bad-request") {
				t.Errorf("%s\nanswered with %s", row.in, got.raw)
			}
			go p.obey()
			if len(w.batches) > 0 {
				t.Errorf("handed over %+v", (<-w.batches)[0])
			}
		})
	}
}

// TestTLSIsClosed holds RFC 6120, section 4.4: TLS ends before the connection
// does, so that nobody can take a cut for the end.
func TestTLSIsClosed(t *testing.T) {
	ca := newTestCA(t)
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		rest := make(chan int64, 1)
		var below net.Conn
		server := testServer(ca.leaf(t, nil, "example.test"), func(s *scripted) {
			s.tls = &tls.Config{MaxVersion: version}
			s.at = func(step Step) {
				if step == StepTLS {
					below = s.conn
				}
			}
		}, func(*scripted) {
			// The client has nothing more to say: what comes is the alert. Go's
			// own TLS would not tell whether there was one.
			n, _ := io.Copy(io.Discard, below)
			rest <- n
		})
		l, err := connect(t.Context(), testConfig(t, ca, scriptedDial(t, server)))
		if err != nil {
			t.Fatal(err)
		}
		l.close()
		l.close()
		select {
		case n := <-rest:
			if n == 0 {
				t.Errorf("TLS %x was cut off", version)
			}
		case <-time.After(time.Minute):
			t.Fatal("the connection stays open")
		}
	}
}

// TestServerName holds XEP-0368, section 3: whatever host DNS names, the one
// that is asked for is the domain of the account.
func TestServerName(t *testing.T) {
	ca := newTestCA(t)
	cert := ca.leaf(t, nil, "example.test")
	for service, port := range map[string]uint16{"xmpp-client": 5222, "xmpps-client": 443} {
		var name string
		cfg := testConfig(t, ca, scriptedDial(t, testServer(cert, func(s *scripted) {
			s.tls = &tls.Config{GetConfigForClient: func(h *tls.ClientHelloInfo) (*tls.Config, error) {
				name = h.ServerName
				return nil, nil
			}}
		})))
		cfg.Resolver = &fakeResolver{
			srv:   map[string][]*net.SRV{service + ".example.test": {{Target: "host.provider.test.", Port: port}}},
			addrs: map[string][]netip.Addr{"host.provider.test": {netip.MustParseAddr("192.0.2.1")}},
		}
		l, err := connect(t.Context(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		l.close()
		if name != "example.test" || l.info.DirectTLS != (port == 443) {
			t.Errorf("%s: asked for %q, direct: %v", service, name, l.info.DirectTLS)
		}
	}
}

// TestPingsOfOurServer holds XEP-0199: the own account and server are answered
// at once. For anybody else the Handler decides, since an answer tells that we
// are here.
func TestPingsOfOurServer(t *testing.T) {
	for from, at := range map[string]bool{
		"": true, "from='example.org'": true, "from='alice@example.org'": true, "from='alice@example.org/linnet.test'": true,
		"from='bob@example.org'": false, "from='example.test'": false, "from='@@@/'": false, "from='example.org/x'": false,
	} {
		inBubble(t, func(t *testing.T) {
			w := newWorld(t, nil)
			defer w.end()
			p := w.online()
			p.send("<iq type='get' id='h' " + from + "><ping xmlns='urn:xmpp:ping'/></iq>")
			got := p.next()
			if got.ID != "h" || at != (got.Type == "result") || at != (len(w.batches) == 0) {
				t.Errorf("%q: %s, and handed over %d", from, got.raw, len(w.batches))
			}
			go p.obey()
		})
	}
}
