package account

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/xml"
	"fmt"
	"io"
	"math/big"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"linnet/account/stream"
)

const (
	testDomain  = "example.test"
	testAddress = "me@" + testDomain
	testPatient = time.Minute // until a test gives up; passing tests need none of it
)

// fakeServer is the server of testAddress. It signs in whoever knows the
// password and leaves the rest to the test.
type fakeServer struct {
	t     testing.TB
	ln    net.Listener
	roots *x509.CertPool
	cert  tls.Certificate
	conns chan *fakeConn

	mu       sync.Mutex
	password string
	roster   func(ver string) string // the inside of the answer to a roster get; nil: none comes
	features []string                // of account and domain
	silent   bool                    // pings are not answered, so nothing is confirmed
	mute     bool                    // nothing is answered
	offer    string                  // stream features beside bind
	sets     []string                // the roster sets that came
	ahead    time.Duration           // of its clock
	managed  bool                    // streams are managed and can be resumed
	counted  uint32                  // stanzas of the stream that is managed
	given    int                     // results the client was given on it
	full     string                  // its address
	modern   bool                    // signs in by XEP-0388
	tokens   map[string]string       // by the id of the device
	signIns  []signIn                // that were tried with modern
	prefs    string                  // of the archive; empty: no answer
	held     chan struct{}           // connections wait until it is closed; nil: they do not
	archive  *fakeArchive            // nil: none
}

// fakeConn is one signed-in connection.
type fakeConn struct {
	s    *fakeServer
	conn net.Conn
	got  chan element // what the server does not answer by itself
	gone chan struct{}
	full string

	resumed bool
	since   string      // what the client had handled when it resumed
	acks    chan string // what it says it has handled

	mu     sync.Mutex
	missed []element // taken from got by a search for something else
}

// element is one received stanza.
type element struct {
	XMLName xml.Name
	Attrs   []xml.Attr `xml:",any,attr"`
	Inner   string     `xml:",innerxml"`
}

func (e element) attr(name string) string {
	for _, a := range e.Attrs {
		if a.Name.Local == name && a.Name.Space == "" {
			return a.Value
		}
	}
	return ""
}

func newFakeServer(t testing.TB) *fakeServer {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tmpl := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: testDomain},
		DNSNames: []string{testDomain}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &fakeServer{
		t: t, ln: ln, roots: x509.NewCertPool(), conns: make(chan *fakeConn, 16), password: "secret",
		cert:   tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key},
		roster: func(string) string { return "<query xmlns='jabber:iq:roster' ver='1'/>" },
		offer:  "<ver xmlns='urn:xmpp:features:rosterver'/>",
	}
	s.roots.AddCert(leaf)
	var serving sync.WaitGroup
	serving.Go(func() {
		for {
			raw, err := ln.Accept()
			if err != nil {
				return
			}
			serving.Go(func() { s.serve(raw) })
		}
	})
	t.Cleanup(func() {
		ln.Close()
		serving.Wait()
	})
	return s
}

func (s *fakeServer) set(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f()
}

func (s *fakeServer) port() uint16 { return uint16(s.ln.Addr().(*net.TCPAddr).Port) }

// config makes connections come here.
func (s *fakeServer) config(cfg *stream.Config) {
	cfg.Roots = s.roots
	cfg.Jitter = func() float64 { return 0 }
	cfg.Host, cfg.Port = "127.0.0.1", s.port()
}

// serve is one connection from the first byte to the last.
func (s *fakeServer) serve(raw net.Conn) {
	defer raw.Close()
	const head = "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0' id='x' from='" + testDomain + "'>"
	step := func(conn net.Conn, features string) (*xml.Decoder, element, bool) {
		dec := xml.NewDecoder(conn)
		for {
			t, err := dec.Token()
			if err != nil {
				return nil, element{}, false
			}
			if start, ok := t.(xml.StartElement); ok && start.Name.Local == "stream" {
				break
			}
		}
		fmt.Fprint(conn, head, "<stream:features>", features, "</stream:features>")
		e, ok := readElement(dec)
		return dec, e, ok
	}
	if _, _, ok := step(raw, "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls>"); !ok {
		return
	}
	s.mu.Lock()
	held, offer := s.held, s.offer
	if s.managed {
		offer += "<sm xmlns='urn:xmpp:sm:3'/>"
	}
	s.mu.Unlock()
	if held != nil {
		<-held
	}
	fmt.Fprint(raw, "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
	conn := tls.Server(raw, &tls.Config{Certificates: []tls.Certificate{s.cert}})
	defer conn.Close()
	s.mu.Lock()
	signIn := s.signIn
	if s.modern {
		signIn = s.signInModern
	}
	s.mu.Unlock()
	c, dec := signIn(conn, offer, step)
	if c == nil {
		return
	}
	defer close(c.gone)
	s.conns <- c
	for {
		e, ok := readElement(dec)
		if !ok {
			return
		}
		if !c.answer(e) {
			c.got <- e
		}
	}
}

// begins is the begin of a stream: its features, and the first thing the client
// says.
type begins func(conn net.Conn, features string) (*xml.Decoder, element, bool)

// signIn is the way of RFC 6120.
func (s *fakeServer) signIn(conn net.Conn, offer string, step begins) (*fakeConn, *xml.Decoder) {
	_, auth, ok := step(conn, "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism></mechanisms>")
	if !ok {
		return nil, nil
	}
	s.mu.Lock()
	right := auth.Inner == plain(s.password)
	s.mu.Unlock()
	if !right {
		fmt.Fprint(conn, "<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><not-authorized/></failure></stream:stream>")
		io.Copy(io.Discard, conn)
		return nil, nil
	}
	fmt.Fprint(conn, "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>")
	dec, bind, ok := step(conn, "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>"+offer)
	if !ok {
		return nil, nil
	}
	return s.bind(conn, bind), dec
}

// bind answers the wish for a resource, or for the stream before.
func (s *fakeServer) bind(conn net.Conn, bind element) *fakeConn {
	_, after, _ := strings.Cut(bind.Inner, "<resource>")
	resource, _, _ := strings.Cut(after, "</resource>")
	c := s.newConn(conn, resource)
	if c.resumed = bind.XMLName.Local == "resume"; c.resumed {
		s.set(func() {
			c.full, c.since = s.full, bind.attr("h")
			c.send("<resumed xmlns='urn:xmpp:sm:3' previd='%s' h='%d'/>", bind.attr("previd"), s.counted)
		})
	} else {
		c.send("<iq type='result' id='%s'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>%s</jid></bind></iq>", bind.attr("id"), c.full)
	}
	return c
}

func (s *fakeServer) newConn(conn net.Conn, resource string) *fakeConn {
	return &fakeConn{
		s: s, conn: conn, got: make(chan element, 4096), gone: make(chan struct{}),
		acks: make(chan string, 4096), full: testAddress + "/" + resource,
	}
}

func plain(password string) string {
	return base64Std.EncodeToString([]byte("\x00me\x00" + password))
}

func readElement(dec *xml.Decoder) (e element, ok bool) {
	for {
		t, err := dec.Token()
		if err != nil {
			return e, false
		}
		switch t := t.(type) {
		case xml.StartElement:
			return e, dec.DecodeElement(&e, &t) == nil
		case xml.EndElement:
			return e, false
		}
	}
}

// answer does what every server does.
func (c *fakeConn) answer(e element) bool {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	switch e.XMLName.Local {
	case "enable":
		c.s.counted, c.s.given, c.s.full = 0, 0, c.full
		c.send("<enabled xmlns='urn:xmpp:sm:3' id='s1' resume='true'/>")
		return true
	case "r":
		if !c.s.silent {
			c.send("<a xmlns='urn:xmpp:sm:3' h='%d'/>", c.s.counted)
		}
		return true
	case "a":
		c.acks <- e.attr("h")
		return true
	case "active", "inactive":
		return false // for the test, and no stanza
	}
	c.s.counted++
	if e.XMLName.Local != "iq" {
		return false
	}
	to, id, typ := e.attr("to"), e.attr("id"), e.attr("type")
	result := func(inner string) {
		c.s.given++
		from := ""
		if to != "" {
			from = " from='" + to + "'"
		}
		c.send("<iq type='result' id='%s'%s>%s</iq>", id, from, inner)
	}
	has := func(ns string) bool { return strings.Contains(e.Inner, ns) }
	switch {
	case c.s.mute:
		return false
	case typ == "get" && has("urn:xmpp:ping"):
		if c.s.silent {
			return false
		}
		result("")
	case typ == "get" && has("urn:xmpp:time"):
		result("<time xmlns='urn:xmpp:time'><tzo>Z</tzo><utc>" + time.Now().Add(c.s.ahead).UTC().Format(time.RFC3339Nano) + "</utc></time>")
	case typ == "set" && has("urn:xmpp:mam:2") && c.s.archive != nil && c.s.archive.answer(c, e):
	case typ == "set" && has("urn:xmpp:carbons:2"):
		result("")
	case typ == "get" && has("jabber:iq:roster"):
		if c.s.roster != nil {
			_, after, _ := strings.Cut(e.Inner, `ver="`)
			ver, _, _ := strings.Cut(after, `"`)
			result(c.s.roster(ver))
		}
	case typ == "set" && has("jabber:iq:roster"):
		c.s.sets = append(c.s.sets, e.Inner)
		result("")
	case typ == "get" && has("disco#info") && (to == "" || to == testDomain || to == testAddress):
		var b strings.Builder
		for _, f := range c.s.features {
			fmt.Fprintf(&b, "<feature var='%s'/>", f)
		}
		result("<query xmlns='http://jabber.org/protocol/disco#info'>" + b.String() + "</query>")
	case has("<prefs ") && c.s.prefs != "":
		if typ == "set" {
			c.s.prefs = e.Inner
		}
		result(c.s.prefs)
	default:
		return false
	}
	return true
}
