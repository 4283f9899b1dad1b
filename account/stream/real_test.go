//go:build unix

package stream_test

import (
	"context"
	"encoding/xml"
	"fmt"
	"slices"
	"testing"
	"time"

	"linnet/account/servertest"
	"linnet/account/stream"

	"mellium.im/xmpp/jid"
)

// patience bounds every wait for a real server, so that a test fails instead
// of hanging.
const patience = 30 * time.Second

// user is a client of a real server and what it was told.
type user struct {
	*stream.Client
	t      *testing.T
	states chan stream.State
	bodies chan string
	acks   chan uint64

	acked   uint64 // the last that was
	resumed int    // how often its stream went on
}

func (u *user) StateChanged(s stream.State) { u.states <- s }
func (u *user) Acknowledged(n uint64)       { u.acks <- n }
func (u *user) Stanzas(batch []*stream.Stanza) error {
	for _, st := range batch {
		var m struct {
			Body string `xml:"jabber:client body"`
		}
		if err := st.Decode(&m); err == nil && st.Kind == stream.Message && m.Body != "" {
			u.bodies <- m.Body
		}
	}
	return nil
}

func signIn(t *testing.T, s *servertest.Server, name string) *user {
	return signInAt(t, s, name, s.Port)
}

// signInAt signs in through a port that leads to the server.
func signInAt(t *testing.T, s *servertest.Server, name string, port uint16) *user {
	u := &user{
		t: t, states: make(chan stream.State, 1000),
		bodies: make(chan string, 10000), acks: make(chan uint64, 10000),
	}
	u.Client = stream.New(stream.Config{
		JID: jid.MustParse(name + "@" + s.Domain), Resource: "linnet.test",
		Password: s.Password(name), Host: s.Host, Port: port, Roots: s.Roots,
	}, u)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		u.Run(ctx)
	}()
	t.Cleanup(func() {
		cancel()
		<-done
	})
	return u
}

func (u *user) until(p stream.Phase) stream.State {
	u.t.Helper()
	limit := time.After(patience)
	for {
		select {
		case s := <-u.states:
			if s.Phase == p {
				return s
			}
		case <-limit:
			u.t.Fatalf("no phase %d; state is %+v", p, u.State())
		}
	}
}

// doubt has the client look whether its server is there until it notices that
// it is not. A process that is told to stop may answer once more.
func (u *user) doubt() {
	u.t.Helper()
	limit := time.After(patience)
	again := time.NewTicker(time.Second)
	defer again.Stop()
	for u.State().Phase == stream.Online {
		u.Retry()
		select {
		case <-again.C:
		case <-limit:
			u.t.Fatal("it is not noticed that the server is frozen")
		}
	}
	u.until(stream.Waiting)
}

type presenceOut struct {
	XMLName xml.Name `xml:"presence"`
}

type messageOut struct {
	XMLName xml.Name `xml:"message"`
	Type    string   `xml:"type,attr"`
	To      jid.JID  `xml:"to,attr"`
	Body    string   `xml:"body"`
}

type discoQuery struct {
	XMLName    xml.Name `xml:"http://jabber.org/protocol/disco#info query"`
	Identities []struct {
		Category string `xml:"category,attr"`
	} `xml:"identity"`
}

func TestRealServers(t *testing.T) {
	for name, start := range map[string]func(testing.TB, servertest.Options) *servertest.Server{
		"prosody": servertest.Prosody, "ejabberd": servertest.Ejabberd,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t, servertest.Options{
				Users: map[string]string{"alice": "Wonder-1", "bob": "Builder-2"}, Friends: true,
			})
			alice, bob := signIn(t, s, "alice"), signIn(t, s, "bob")
			alice.until(stream.Online)
			to := bob.until(stream.Online).Info.JID
			if err := bob.Send(presenceOut{}); err != nil {
				t.Fatal(err)
			}
			conversation(t, s, alice, bob, to)
			outages(t, s, alice)
		})
	}
}

// conversation sends messages and asks questions, all of which arrive.
func conversation(t *testing.T, s *servertest.Server, alice, bob *user, to jid.JID) {
	const n = 200
	ctx := t.Context()
	// The server has taken Bob's presence when it answers him.
	server := jid.MustParse(s.Domain)
	var info discoQuery
	if err := bob.IQ(ctx, server, "get", discoQuery{}, &info); err != nil || len(info.Identities) == 0 {
		t.Fatalf("disco of the server: %+v, %v", info, err)
	}
	r := alice.Report()
	if !slices.Contains(r.Features, "urn:xmpp:csi:0") || !r.Managed || !r.Resumable || r.TLS == nil || r.TLS.Trust != stream.TrustRoots {
		t.Errorf("report: %+v", r)
	}
	var last uint64
	for i := range n {
		// Whether somebody looks is said between messages, and counts as none.
		alice.SetActive(i%3 == 0)
		bob.SetActive(i%5 == 0)
		token, err := alice.Post(messageOut{Type: "chat", To: to, Body: fmt.Sprint(i, " <\u2764\ufe0f>\x00")})
		if err != nil {
			t.Fatal(err)
		}
		last = token
	}
	limit := time.After(patience)
	for acked := uint64(0); acked < last; {
		select {
		case acked = <-alice.acks:
		case <-limit:
			t.Fatalf("%d of %d messages confirmed", acked, last)
		}
	}
	for i := range n {
		select {
		case got := <-bob.bodies:
			if want := fmt.Sprint(i, " <\u2764\ufe0f>\ufffd"); got != want {
				t.Fatalf("message %d is %q, want %q", i, got, want)
			}
		case <-limit:
			t.Fatalf("%d messages arrived", i)
		}
	}
	for _, u := range []*user{alice, bob} {
		if lost := u.Report().Lost; lost != nil { // over what is held back while nobody looks
			t.Errorf("a link was lost: %+v", lost)
		}
	}
	// From one client to the other, which refuses what nobody answers.
	err := alice.IQ(ctx, to, "get", discoQuery{}, nil)
	if e, ok := err.(*stream.StanzaError); !ok || e.Condition != "service-unavailable" {
		t.Errorf("a question nobody answers: %v", err)
	}
	if err := alice.IQ(ctx, jid.JID{}, "get", struct {
		XMLName xml.Name `xml:"jabber:iq:roster query"`
	}{}, nil); err != nil {
		t.Errorf("roster: %v", err)
	}
}

// outages stops and kills the server, and expects the client to find back.
func outages(t *testing.T, s *servertest.Server, u *user) {
	for _, end := range []func(){s.Stop, s.Kill} {
		end()
		if st := u.until(stream.Waiting); st.Err == nil {
			t.Error("no reason for the loss")
		}
		if err := s.Restart(); err != nil {
			t.Fatal(err)
		}
		u.Retry()
		u.until(stream.Online)
	}
	s.Freeze()
	defer s.Thaw()
	u.doubt()
	s.Thaw()
	u.Retry()
	u.until(stream.Online)
}
