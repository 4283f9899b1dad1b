package stream

import (
	"context"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/netip"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"mellium.im/xmpp/jid"
)

// fakeResolver answers from tables. A name that is in none does not exist.
type fakeResolver struct {
	srv   map[string][]*net.SRV // by service + "." + name
	addrs map[string][]netip.Addr
	fail  map[string]error // by the keys of both
	hang  bool             // never answers
}

func (r *fakeResolver) LookupSRV(ctx context.Context, service, proto, name string) (string, []*net.SRV, error) {
	key := service + "." + name
	if err := r.wait(ctx, key); err != nil {
		return "", nil, err
	}
	if recs, ok := r.srv[key]; ok && proto == "tcp" {
		return name, recs, nil
	}
	return "", nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
}

func (r *fakeResolver) LookupNetIP(ctx context.Context, _, host string) ([]netip.Addr, error) {
	if err := r.wait(ctx, host); err != nil {
		return nil, err
	}
	if a, ok := r.addrs[host]; ok {
		return slices.Clone(a), nil
	}
	return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
}

func (r *fakeResolver) wait(ctx context.Context, key string) error {
	if r.hang {
		<-ctx.Done()
		return &net.DNSError{Err: ctx.Err().Error(), IsTimeout: true}
	}
	return r.fail[key]
}

// script is what a scripted server does with one connection. It runs in a
// goroutine of its own; the connection is closed when it returns.
type script func(s *scripted)

// scripted is a server that follows a script. Its methods end the script
// when the client has gone; a client that says the wrong thing fails the test.
type scripted struct {
	t      testing.TB
	addr   string   // that was dialed
	conn   net.Conn // TLS once that is on
	in     *framer
	header []byte

	cert     tls.Certificate
	tls      *tls.Config // nil means the defaults with cert
	user     string
	password string
	offer    string // features after TLS; empty means SCRAM of all kinds
	bound    string // what is bound; empty means the resource asked for, or "server"
	features string // after signing in; empty means bind
	resume   string // the answer to the wish to resume a stream
	managed  string // the answer to the wish for stream management; empty refuses it
	binding  string // SCRAM channel-binding type that is accepted

	extension string        // of the first SCRAM message
	modern    *modernServer // for XEP-0388; nil without

	// at, if set, is called before the server does what the step is about.
	at func(Step)
}

// scriptedDial gives a Config.Dial by which the nth connection is served by
// the nth script, and all later ones by the last. Connections are in memory,
// so that it works in a synctest bubble.
func scriptedDial(t testing.TB, scripts ...script) func(context.Context, string, string) (net.Conn, error) {
	var mu sync.Mutex
	n := 0
	return func(ctx context.Context, _, addr string) (net.Conn, error) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		mu.Lock()
		run := scripts[min(n, len(scripts)-1)]
		n++
		mu.Unlock()
		client, end := net.Pipe()
		server := newEagerConn(end)
		go func() {
			defer server.Close()
			run(&scripted{t: t, addr: addr, conn: server, in: newFramer(server, afterBind)})
		}()
		return client, nil
	}
}

// eagerConn gives a net.Pipe room: what is written waits in memory until the
// other end reads it, as in a socket.
type eagerConn struct {
	net.Conn
	queue chan []byte
	sent  chan struct{} // closed when the queue has been written
	once  sync.Once
	gone  atomic.Bool // the other end
}

func newEagerConn(conn net.Conn) *eagerConn {
	c := &eagerConn{Conn: conn, queue: make(chan []byte, 1<<16), sent: make(chan struct{})}
	go func() {
		defer close(c.sent)
		for b := range c.queue {
			if _, err := conn.Write(b); err != nil {
				c.gone.Store(true)
				conn.Close() // the owner notices when it reads
			}
		}
	}()
	return c
}

func (c *eagerConn) Write(b []byte) (int, error) {
	if c.gone.Load() {
		return 0, io.ErrClosedPipe
	}
	c.queue <- slices.Clone(b)
	return len(b), nil
}

// Close lets the other end read what was written first, and write on
// meanwhile.
func (c *eagerConn) Close() error {
	c.once.Do(func() {
		close(c.queue)
		go io.Copy(io.Discard, c.Conn)
	})
	<-c.sent
	return c.Conn.Close()
}

// testServer is a server for alice@example.test with the password "secret".
// change may be nil. Once alice has bound a resource then is done; at the end
// the connection stays open until the client closes it.
func testServer(cert tls.Certificate, change func(*scripted), then ...script) script {
	return func(s *scripted) {
		s.cert, s.user, s.password = cert, "alice", "secret"
		if change != nil {
			change(s)
		}
		s.session()
		for _, f := range then {
			f(s)
		}
		s.quiet()
	}
}

// testConfig is an account on example.test, which DNS says is at
// xmpp.example.test, port 5222.
func testConfig(t testing.TB, ca *testCA, dial func(context.Context, string, string) (net.Conn, error)) *Config {
	t.Helper()
	return &Config{
		JID: jid.MustParse("alice@example.test"), Resource: "linnet.abc", Password: "secret",
		Roots: ca.pool(), Dial: dial, Now: time.Now,
		Resolver: &fakeResolver{
			srv:   map[string][]*net.SRV{"xmpp-client.example.test": {{Target: "xmpp.example.test.", Port: 5222}}},
			addrs: map[string][]netip.Addr{"xmpp.example.test": {netip.MustParseAddr("192.0.2.1")}},
		},
	}
}

// quit ends the script.
func (s *scripted) quit() { runtime.Goexit() }

// quiet says nothing until the client has gone, and ends the script.
func (s *scripted) quiet() {
	io.Copy(io.Discard, s.conn)
	s.quit()
}

func (s *scripted) send(format string, args ...any) {
	if _, err := fmt.Fprintf(s.conn, format, args...); err != nil {
		s.quit()
	}
}

// fault sends something and then nothing more.
func (s *scripted) fault(text string) {
	s.send("%s", text)
	s.quiet()
}

func (s *scripted) next() frame {
	f, err := s.in.next()
	if err != nil {
		s.quit()
	}
	return f
}

// expect reads an element of that name.
func (s *scripted) expect(local string) *element {
	f := s.next()
	e, err := parseElement(s.header, f.raw)
	if err != nil || e.XMLName.Local != local {
		s.t.Errorf("the client sent %s (%v), not <%s/>", f.raw, err, local)
		s.quit()
	}
	return e
}

func (s *scripted) step(step Step) {
	if s.at != nil {
		s.at(step)
	}
}

// open reads the client's stream header and sends ours with features.
func (s *scripted) open(header, features Step, offer string) {
	f := s.next()
	if f.kind != frameHeader {
		s.t.Errorf("the client sent %s, not a stream header", f.raw)
		s.quit()
	}
	s.header = slices.Clone(f.raw)
	if secure := header != StepHeader; strings.Contains(string(f.raw), " from='") != secure {
		s.t.Errorf("header at %s is %s", header, f.raw)
	}
	s.step(header)
	s.send("<?xml version='1.0'?>%s", testHeader)
	s.step(features)
	s.send("<stream:features>%s</stream:features>", offer)
}

// session takes the client through everything, up to a bound resource.
func (s *scripted) session() {
	if !strings.HasSuffix(s.addr, ":5223") && !strings.HasSuffix(s.addr, ":443") {
		s.open(StepHeader, StepFeatures, "<starttls xmlns='"+nsTLS+"'><required/></starttls>")
		s.expect("starttls")
		s.step(StepStartTLS)
		s.send("<proceed xmlns='%s'/>", nsTLS)
	}
	s.step(StepTLS)
	s.secure()
	offer := s.offer
	if s.modern != nil {
		offer += s.modern.offer()
	}
	if offer == "" {
		offer = mechanismList("PLAIN", "SCRAM-SHA-1", "SCRAM-SHA-256", "SCRAM-SHA-512")
	}
	s.open(StepHeaderTLS, StepFeaturesTLS, offer)
	if s.modern != nil {
		s.modern.session(s)
		return
	}
	s.signIn()
	s.in.restart()
	features := s.features
	if features == "" {
		features = "<bind xmlns='" + nsBind + "'/><session xmlns='" + nsSession + "'><optional/></session><sm xmlns='urn:xmpp:sm:3'/>"
	}
	s.open(StepHeaderAuth, StepFeaturesAuth, features)
	if s.resume != "" {
		s.expect("resume")
		s.step(StepResume)
		s.send("%s", s.resume)
		if strings.HasPrefix(s.resume, "<resumed") {
			return
		}
	}
	iq := s.expect("iq")
	s.step(StepBind)
	bound := s.bound
	if bound == "" {
		resource := "server"
		if r := iq.child(nsBind, "bind").child(nsBind, "resource"); r != nil {
			resource = r.Text
		}
		bound = s.user + "@example.test/" + resource
	}
	s.send("<iq type='result' id='%s'><bind xmlns='%s'><jid>%s</jid></bind></iq>", iq.attr("id"), nsBind, bound)
	if strings.Contains(features, nsSM) {
		s.expect("enable")
		s.step(StepEnable)
		managed := s.managed
		if managed == "" {
			managed = "<failed xmlns='" + nsSM + "'><unexpected-request xmlns='" + nsStanzas + "'/></failed>"
		}
		s.send("%s", managed)
	}
}

func mechanismList(names ...string) string {
	return "<mechanisms xmlns='" + nsSASL + "'><mechanism>" + strings.Join(names, "</mechanism><mechanism>") +
		"</mechanism></mechanisms>"
}

// secure does the server's part of the handshake.
func (s *scripted) secure() {
	config := s.tls
	if config == nil {
		config = &tls.Config{}
	}
	config = config.Clone()
	if config.Certificates == nil {
		config.Certificates = []tls.Certificate{s.cert}
	}
	conn := tls.Server(s.conn, config)
	if err := conn.Handshake(); err != nil {
		s.quit()
	}
	s.conn, s.in = conn, newFramer(conn, afterBind)
}

// signIn checks the password by SCRAM or PLAIN.
func (s *scripted) signIn() {
	auth := s.expect("auth")
	s.step(StepAuth)
	fail := func(condition string) {
		s.send("<failure xmlns='%s'><%s/></failure></stream:stream>", nsSASL, condition)
		s.quiet()
	}
	first, err := base64.StdEncoding.DecodeString(auth.Text)
	if err != nil {
		fail("incorrect-encoding")
	}
	if auth.attr("mechanism") == "PLAIN" {
		if string(first) != "\x00"+s.user+"\x00"+s.password {
			fail("not-authorized")
		}
		s.send("<success xmlns='%s'/>", nsSASL)
		return
	}
	x := s.scram(auth.attr("mechanism"))
	challenge, err := x.first(string(first))
	if err != nil {
		fail(err.Error())
	}
	s.send("<challenge xmlns='%s'>%s</challenge>", nsSASL, base64.StdEncoding.EncodeToString([]byte(challenge)))
	response, err := base64.StdEncoding.DecodeString(s.expect("response").Text)
	if err != nil {
		fail("incorrect-encoding")
	}
	proof, err := x.final(string(response))
	if err != nil {
		fail(err.Error())
	}
	s.send("<success xmlns='%s'>%s</success>", nsSASL, base64.StdEncoding.EncodeToString([]byte(proof)))
}

// scram is the server's side of a mechanism.
func (s *scripted) scram(mechanism string) *scramServer {
	return &scramServer{
		mechanism: mechanism, password: s.password, binding: s.binding,
		extension: s.extension, channel: s.channel(),
	}
}

// channel is that of the server's end; nil for a connection that has none.
func (s *scripted) channel() channel {
	if conn, ok := s.conn.(*tls.Conn); ok {
		return serverChannel(conn.ConnectionState(), s.cert)
	}
	return nil
}
