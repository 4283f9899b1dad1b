package stream

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"log/slog"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"mellium.im/xmpp/jid"
)

// TestModernFaults lets a server go wrong in every way at every step of XEP-0388.
func TestModernFaults(t *testing.T) {
	ca := newTestCA(t)
	for _, f := range faults {
		for _, step := range []Step{StepToken, StepAuth, StepUpgrade, StepFeaturesAuth} {
			t.Run(f.name+" at "+string(step), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					m := &modernServer{
						inline:     allInline + fastInline("HT-SHA-256-NONE"),
						mechanisms: []string{"SCRAM-SHA-1-PLUS"}, upgrades: upgradeOffer("UPGR-SCRAM-SHA-256"),
					}
					faulty := false
					cfg := modernConfig(t, ca, m, func(s *scripted) {
						s.offer, s.binding = bindingList(bindExporter), bindExporter
						s.at = func(at Step) {
							if faulty && at == step {
								f.fault(s, StepAuth) // there is no header at any of these
							}
						}
					})
					if step == StepToken { // there has to be one
						l, err := connect(t.Context(), cfg)
						if err != nil {
							t.Fatal(err)
						}
						l.close()
					}
					faulty = true
					before := len(m.requests())
					l, err := connect(t.Context(), cfg)
					if step != StepToken {
						if l != nil {
							l.close()
							t.Fatal("connected")
						}
						checkError(t, err, f.want(step))
					} else if err != nil || l.info.Mechanism != "SCRAM-SHA-1-PLUS" {
						t.Errorf("after a token that led nowhere: %v", err)
					} else {
						l.close()
					}
					time.Sleep(time.Minute) // for a script that is still at it
					want := 1
					if step == StepToken {
						want = 2
					}
					if got := len(m.requests()) - before; got != want {
						t.Errorf("%d tries", got)
					}
				})
			})
		}
	}
}

// TestModernLink goes through a whole Client: a link that is lost is followed by
// one on which the stream goes on, and nothing is lost or comes twice.
func TestModernLink(t *testing.T) {
	ca := newTestCA(t)
	synctest.Test(t, func(t *testing.T) {
		m := &modernServer{
			inline:  allInline + fastInline("HT-SHA-256-EXPR", "HT-SHA-256-NONE"),
			resumes: "<resumed xmlns='" + nsSM + "' previd='some' h='1'/>",
		}
		change := func(s *scripted) { s.modern, s.offer = m, bindingList(bindExporter) }
		// It may not name its features again, but no harm is done.
		m.change = func(success string) string {
			if strings.Contains(success, "<resumed ") {
				success += "<stream:features>" + modernFeatures + "</stream:features>"
			}
			return success
		}
		m.mechanisms, m.enabled = []string{"SCRAM-SHA-1-PLUS", "SCRAM-SHA-1"}, "<enabled xmlns='"+nsSM+"' id='some' resume='1'/>"
		cert := ca.leaf(t, nil, "example.test")
		var heard []string
		body := func(s *scripted) string {
			for {
				switch f := s.next(); f.name {
				case "message":
					e, err := parseElement(s.header, f.raw)
					if err != nil {
						t.Error(err)
						s.quit()
					}
					return e.child(nsClient, "body").Text
				}
			}
		}
		both := func(s *scripted) { change(s); s.binding = bindExporter }
		cfg := testConfig(t, ca, scriptedDial(t,
			testServer(cert, both, func(s *scripted) {
				s.send("<message id='1'/>")
				heard = append(heard, body(s), body(s))
				s.send("<message id='2'/>")
				synctest.Wait()
				s.quit()
			}),
			testServer(cert, both, func(s *scripted) {
				heard = append(heard, body(s))
				s.send("<a xmlns='%s' h='2'/><message id='3'/>", nsSM)
			}),
		))
		tokens := new(memoryTokens)
		cfg.Tokens, cfg.Archived = tokens, func() bool { return true }
		r := newRecorder()
		c := New(*cfg, r)
		still(c)
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { defer close(done); c.Run(ctx) }()
		defer func() { stop(); <-done }()
		first := r.until(t, Online)
		var posted []uint64
		for _, text := range []string{"one", "two"} {
			token, err := c.Post(line{Body: text})
			if err != nil {
				t.Fatal(err)
			}
			posted = append(posted, token)
		}
		r.until(t, Waiting)
		again := r.until(t, Online)
		if !again.Info.Resumed || again.Info.JID.String() != first.Info.JID.String() || again.Info.Mechanism != "HT-SHA-256-EXPR" || again.Info.Binding != bindExporter {
			t.Errorf("then %+v", again.Info)
		}
		if !again.Info.Enabled(nsCarbons) || !again.Info.Has(nsCSI) {
			t.Error("what belongs to the stream is forgotten")
		}
		for last := uint64(0); last < posted[1]; {
			last = <-r.acks
		}
		synctest.Wait()
		if fmt.Sprint(heard) != "[one two two]" {
			t.Errorf("the server heard %v", heard)
		}
		var ids []string
		for len(r.batches) > 0 {
			for _, st := range <-r.batches {
				ids = append(ids, st.ID)
			}
		}
		if fmt.Sprint(ids) != "[1 2 3]" {
			t.Errorf("received %v", ids)
		}
		if n := len(m.requests()); n != 2 {
			t.Errorf("%d sign-ins", n)
		}
	})
}

// canned is a connection on which a server has said all it will ever say.
type canned struct {
	net.Conn
	said io.Reader
}

func (c canned) Read(p []byte) (int, error)       { return c.said.Read(p) }
func (c canned) Write(p []byte) (int, error)      { return len(p), nil }
func (c canned) SetDeadline(time.Time) error      { return nil }
func (c canned) SetReadDeadline(time.Time) error  { return nil }
func (c canned) SetWriteDeadline(time.Time) error { return nil }

// FuzzModern lets a server answer a sign-in with anything: we are nobody else
// than who we are, and on no other stream.
func FuzzModern(f *testing.F) {
	const (
		id       = "<authorization-identifier>alice@example.test/Linnet.1</authorization-identifier>"
		success  = "<success xmlns='" + nsSASL2 + "'>" + id
		features = "<stream:features><sm xmlns='" + nsSM + "'/></stream:features>"
		bound    = "<bound xmlns='" + nsBind2 + "'><enabled xmlns='" + nsSM + "' id='x' resume='true'/></bound>"
		token    = "<token xmlns='" + nsFAST + "' token='x' expiry='2100-01-01T00:00:00Z'/>"
	)
	f.Add(success+bound+token+"</success>"+features, false)
	f.Add(success+"<resumed xmlns='"+nsSM+"' previd='s1' h='3'/></success>", true)
	f.Add(success+"<failed xmlns='"+nsSM+"' h='3'/>"+bound+"</success>"+features, true)
	f.Add(success+"</success>"+features+"<iq type='result' id='bind'/>", false)
	f.Add("<continue xmlns='"+nsSASL2+"'><tasks><task>X</task></tasks></continue>", false)
	f.Add("<failure xmlns='"+nsSASL2+"'><aborted xmlns='"+nsSASL+"'/></failure>", false)
	offer, err := parseElement([]byte(testHeader), []byte("<stream:features>"+(&modernServer{
		mechanisms: []string{"PLAIN"}, inline: allInline + fastInline("HT-SHA-256-NONE"),
	}).offer()+"</stream:features>"))
	if err != nil {
		f.Fatal(err)
	}
	own := jid.MustParse("alice@example.test/Linnet.1")
	ca := newTestCA(f)
	client, server := net.Pipe()
	go tls.Server(server, &tls.Config{Certificates: []tls.Certificate{ca.leaf(f, nil, "example.test")}}).Handshake()
	secure := tls.Client(client, &tls.Config{RootCAs: ca.pool(), ServerName: "example.test"})
	if err := secure.Handshake(); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, said string, wished bool) {
		cfg := &Config{JID: own.Bare(), Password: "secret", Tokens: new(memoryTokens), Archived: func() bool { return true }, Now: time.Now}
		if wished {
			cfg.resume = &resumption{managed: managed{id: "s1"}, jid: own, handled: func() uint32 { return 0 }}
		}
		conn := canned{said: strings.NewReader(said)}
		n := &negotiation{
			connector: &connector{cfg: cfg, trace: newTrace(time.Now), log: slog.New(slog.DiscardHandler)},
			conn:      conn, in: newFramer(conn, beforeBind), header: []byte(testHeader), tls: secure.ConnectionState(),
		}
		n.in.opened = true
		bound, err := n.signIn(t.Context(), offer)
		if err != nil {
			if err.Error() == "" {
				t.Error("an error without words")
			}
			return
		}
		if !bound.Bare().Equal(own.Bare()) || bound.Resourcepart() == "" {
			t.Errorf("we are %v", bound)
		}
		if n.resumed != nil && (!wished || !bound.Equal(own)) {
			t.Errorf("on the stream of %v", bound)
		}
		if wished && n.resumed == nil && !cfg.resume.refused && n.managed != nil {
			t.Error("two streams")
		}
	})
}
