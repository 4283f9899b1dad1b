package stream

import (
	"context"
	"encoding/xml"
	"errors"
	"io"
	"net"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"mellium.im/xmpp/jid"
)

const onlineHeader = `<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0' from='example.org' id='s1'>`

var testSelf = jid.MustParse("alice@example.org/linnet.test")

// recorder is a Handler that passes on what it is told.
type recorder struct {
	states  chan State
	batches chan []*Stanza
	acks    chan uint64
	handle  func([]*Stanza) error // called before batches is filled, unless nil
}

func newRecorder() *recorder {
	return &recorder{
		states:  make(chan State, 1000),
		batches: make(chan []*Stanza, 10000),
		acks:    make(chan uint64, 1000),
	}
}

func (r *recorder) StateChanged(s State)  { r.states <- s }
func (r *recorder) Acknowledged(t uint64) { r.acks <- t }
func (r *recorder) Stanzas(b []*Stanza) error {
	var err error
	if r.handle != nil {
		err = r.handle(b)
	}
	r.batches <- b
	return err
}

// until waits for a state of that phase.
func (r *recorder) until(t testing.TB, p Phase) State {
	t.Helper()
	for {
		select {
		case s := <-r.states:
			if s.Phase == p {
				return s
			}
		case <-time.After(time.Hour):
			t.Fatalf("no state of phase %d", p)
		}
	}
}

// world is a client with a scripted server at the other end of each link. It
// is made to live in a synctest bubble.
type world struct {
	*Client
	*recorder
	t      *testing.T
	links  chan *peer
	refuse func() error   // asked before each connection, unless nil
	tries  chan time.Time // when a connection was tried
	stop   context.CancelFunc
	done   chan struct{}
}

func newWorld(t *testing.T, set func(*world)) *world {
	w := &world{
		recorder: newRecorder(), t: t, links: make(chan *peer, 100),
		tries: make(chan time.Time, 1000), done: make(chan struct{}),
	}
	w.Client = New(Config{
		JID:    testSelf.Bare(),
		Jitter: func() float64 { return 0.5 },
		Dial: func(context.Context, string, string) (net.Conn, error) {
			w.tries <- time.Now()
			if w.refuse != nil {
				if err := w.refuse(); err != nil {
					return nil, err
				}
			}
			ours, theirs := net.Pipe()
			w.links <- newPeer(t, theirs)
			return ours, nil
		},
	}, w.recorder)
	still(w.Client)
	w.connect = func(ctx context.Context, cfg *Config) (*link, error) {
		conn, err := cfg.Dial(ctx, "tcp", "example.org:5222")
		if err != nil {
			return nil, err
		}
		return testLink(conn), nil
	}
	if set != nil {
		set(w)
	}
	ctx, cancel := context.WithCancel(t.Context())
	w.stop = cancel
	go func() {
		defer close(w.done)
		w.Run(ctx)
	}()
	return w
}

// still puts a client on a machine whose network never changes. That of the
// test's machine is no part of a synctest bubble.
func still(c *Client) {
	c.addrs = func() ([]localAddr, error) { return at("eth0 192.0.2.1"), nil }
	c.notify = func(context.Context, func(bool)) error { return errors.ErrUnsupported }
}

// at gives the addresses of a machine as "interface address" each.
func at(list ...string) (all []localAddr) {
	for _, text := range list {
		iface, ip, _ := strings.Cut(text, " ")
		all = append(all, localAddr{iface, netip.MustParseAddr(ip)})
	}
	return all
}

func testLink(conn net.Conn) *link {
	in := newFramer(conn, afterBind)
	in.opened = true
	return &link{
		conn: conn, in: in, info: Info{JID: testSelf}, header: []byte(onlineHeader),
		close: func() { conn.Close() },
	}
}

// online waits for the next link and the state that tells of it.
func (w *world) online() *peer {
	w.t.Helper()
	w.until(w.t, Online)
	return <-w.links
}

// end stops the client, whatever its server does.
func (w *world) end() {
	w.stop()
	<-w.done
}

// peer is a server's end of a link.
type peer struct {
	t    *testing.T
	conn net.Conn
	in   *framer
}

func newPeer(t *testing.T, conn net.Conn) *peer {
	in := newFramer(conn, afterBind)
	in.opened = true
	return &peer{t: t, conn: conn, in: in}
}

// send writes raw XML. A client that has gone away is no failure.
func (p *peer) send(s string) {
	_, err := io.WriteString(p.conn, s)
	if err != nil && !errors.Is(err, io.ErrClosedPipe) {
		p.t.Errorf("send: %v", err)
	}
}

type sent struct {
	XMLName xml.Name
	Type    string `xml:"type,attr"`
	ID      string `xml:"id,attr"`
	To      string `xml:"to,attr"`
	From    string `xml:"from,attr"`
	Inner   string `xml:",innerxml"`
	raw     string
}

// read returns the next element the client sends, io.EOF at the end tag.
func (p *peer) read() (sent, error) {
	f, err := p.in.next()
	if err != nil {
		return sent{}, err
	}
	if f.kind == frameEnd {
		return sent{}, io.EOF
	}
	s := sent{raw: string(f.raw)}
	err = xml.Unmarshal(f.raw, &s)
	return s, err
}

func (p *peer) next() sent {
	p.t.Helper()
	s, err := p.read()
	if err != nil {
		p.t.Fatalf("read from client: %v", err)
	}
	return s
}

// obey answers pings, and nothing else, until the client leaves. Closing the
// stream is answered.
func (p *peer) obey() {
	for {
		s, err := p.read()
		if err != nil {
			if errors.Is(err, io.EOF) {
				p.send("</stream:stream>")
			}
			return
		}
		if isPing(s) {
			p.send("<iq type='result' from='example.org' id='" + s.ID + "'/>")
		}
	}
}

func isPing(s sent) bool { return s.Type == "get" && strings.Contains(s.Inner, nsPing) }

// alive sends raw XML and checks that a ping behind it is answered, skipping
// what else is sent.
func (p *peer) alive(raw string) error {
	go p.send(raw + "<iq type='get' from='example.org' id='are-you-there'><ping xmlns='urn:xmpp:ping'/></iq>")
	for {
		s, err := p.read()
		if err != nil {
			return err
		}
		if s.ID == "are-you-there" {
			if s.Type != "result" || s.To != "example.org" {
				return errors.New("ping answered with " + s.raw)
			}
			return nil
		}
	}
}

// inBubble runs f with a fake clock.
func inBubble(t *testing.T, f func(t *testing.T)) {
	t.Helper()
	synctest.Test(t, f)
}
