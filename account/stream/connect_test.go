package stream

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"encoding/xml"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"mellium.im/xmpp/jid"
)

func TestConnect(t *testing.T) {
	ca := newTestCA(t)
	cert := ca.leaf(t, nil, "example.test")
	tests := []struct {
		name   string
		server func(*scripted)
		config func(*Config)
		want   Info
	}{
		{"STARTTLS", nil, nil, Info{Address: "xmpp.example.test:5222", TLS: tls.VersionTLS13, Mechanism: "SCRAM-SHA-512"}},
		{
			"TLS 1.2", func(s *scripted) { s.tls = &tls.Config{MaxVersion: tls.VersionTLS12} }, nil,
			Info{Address: "xmpp.example.test:5222", TLS: tls.VersionTLS12, Mechanism: "SCRAM-SHA-512"},
		},
		{
			"direct", func(s *scripted) { s.tls = &tls.Config{NextProtos: []string{"xmpp-client"}} },
			func(c *Config) {
				c.Resolver.(*fakeResolver).srv = map[string][]*net.SRV{
					"xmpps-client.example.test": {{Target: "xmpp.example.test.", Port: 5223}},
				}
			},
			Info{Address: "xmpp.example.test:5223", DirectTLS: true, TLS: tls.VersionTLS13, Mechanism: "SCRAM-SHA-512"},
		},
		{
			"PLAIN only", func(s *scripted) { s.offer = mechanismList("X-OAUTH2", "PLAIN") }, nil,
			Info{Address: "xmpp.example.test:5222", TLS: tls.VersionTLS13, Mechanism: "PLAIN"},
		},
		{
			"resource of the server", func(s *scripted) { s.bound = "alice@example.test/other" }, nil,
			Info{JID: jid.MustParse("alice@example.test/other"), Address: "xmpp.example.test:5222", TLS: tls.VersionTLS13, Mechanism: "SCRAM-SHA-512"},
		},
		{
			"no resource asked for", nil, func(c *Config) { c.Resource = "" },
			Info{JID: jid.MustParse("alice@example.test/server"), Address: "xmpp.example.test:5222", TLS: tls.VersionTLS13, Mechanism: "SCRAM-SHA-512"},
		},
		{
			"address by hand", nil, func(c *Config) { c.Host, c.Port = "127.0.0.1", 15222 },
			Info{Address: "127.0.0.1:15222", TLS: tls.VersionTLS13, Mechanism: "SCRAM-SHA-512"},
		},
		{"exporter", func(s *scripted) {
			s.offer, s.binding = mechanismList("SCRAM-SHA-1", "SCRAM-SHA-1-PLUS")+bindingList(bindExporter), bindExporter
		}, nil, Info{Address: "xmpp.example.test:5222", TLS: tls.VersionTLS13, Mechanism: "SCRAM-SHA-1-PLUS", Binding: bindExporter}},
		{"end point", func(s *scripted) {
			s.offer, s.binding = mechanismList("SCRAM-SHA-256-PLUS")+bindingList(bindEndPoint, "other"), bindEndPoint
		}, nil, Info{Address: "xmpp.example.test:5222", TLS: tls.VersionTLS13, Mechanism: "SCRAM-SHA-256-PLUS", Binding: bindEndPoint}},
		{"unique", func(s *scripted) {
			s.tls = &tls.Config{MaxVersion: tls.VersionTLS12}
			s.offer, s.binding = mechanismList("SCRAM-SHA-1-PLUS"), bindUnique
		}, nil, Info{Address: "xmpp.example.test:5222", TLS: tls.VersionTLS12, Mechanism: "SCRAM-SHA-1-PLUS", Binding: bindUnique}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				const bindTime = 3 * time.Second
				echo := func(s *scripted) {
					s.expect("ping")
					s.send("<pong/>")
					s.quiet()
				}
				slow := func(s *scripted) {
					if tt.server != nil {
						tt.server(s)
					}
					s.at = func(step Step) {
						if step == StepBind {
							time.Sleep(bindTime)
						}
					}
				}
				cfg := testConfig(t, ca, scriptedDial(t, testServer(cert, slow, echo)))
				if tt.config != nil {
					tt.config(cfg)
				}
				l, err := connect(t.Context(), cfg)
				if err != nil {
					t.Fatal(err)
				}
				defer l.close()
				if tt.want.JID.String() == "" {
					tt.want.JID = jid.MustParse("alice@example.test/linnet.abc")
				}
				if tried := l.info.Tried; len(tried) != 1 || tried[0].Err != nil {
					t.Errorf("tried %+v", tried)
				}
				steps := []Step{
					StepHeader, StepFeatures, StepStartTLS, StepTLS, StepHeaderTLS, StepFeaturesTLS,
					StepAuth, StepHeaderAuth, StepFeaturesAuth, StepBind, StepEnable,
				}
				if tt.want.DirectTLS {
					steps = steps[slices.Index(steps, StepTLS):]
				}
				for i, s := range l.info.Steps {
					took := time.Duration(0)
					if s.Step == StepBind {
						took = bindTime
					}
					if i >= len(steps) || s.Step != steps[i] || s.Took != took {
						t.Errorf("step %d of %v is %+v", i, steps, s)
					}
				}
				l.info.Tried, l.info.Steps = nil, nil
				if fmt.Sprint(l.info) != fmt.Sprint(tt.want) {
					t.Errorf("got %+v, want %+v", l.info, tt.want)
				}
				// No deadline may be left behind.
				time.Sleep(time.Hour)
				if _, err := l.conn.Write([]byte("<ping/>")); err != nil {
					t.Fatal(err)
				}
				if f, err := l.in.next(); err != nil || f.name != "pong" {
					t.Fatalf("got %s, %v", f.raw, err)
				}
			})
		})
	}
}

func bindingList(types ...string) string {
	return "<sasl-channel-binding xmlns='" + nsBinding + "'><channel-binding type='" +
		strings.Join(types, "'/><channel-binding type='") + "'/></sasl-channel-binding>"
}

func TestConnectKeepsFeatures(t *testing.T) {
	ca := newTestCA(t)
	server := testServer(ca.leaf(t, nil, "example.test"), func(s *scripted) {
		s.features = "<bind xmlns='" + nsBind + "'/> <sm xmlns='urn:xmpp:sm:3'><optional/></sm><ver xmlns='urn:xmpp:features:rosterver'/>"
	})
	l, err := connect(t.Context(), testConfig(t, ca, scriptedDial(t, server)))
	if err != nil {
		t.Fatal(err)
	}
	defer l.close()
	if got := string(l.features[xml.Name{Space: "urn:xmpp:sm:3", Local: "sm"}]); got != "<sm xmlns='urn:xmpp:sm:3'><optional/></sm>" {
		t.Errorf("sm is %q", got)
	}
	if got := string(l.features[xml.Name{Space: "urn:xmpp:features:rosterver", Local: "ver"}]); got == "" || len(l.features) != 3 {
		t.Errorf("features are %q", l.features)
	}
	if string(l.header) != testHeader {
		t.Errorf("header is %q", l.header)
	}
}

// TestConnectRefusals is for servers that keep to the protocol and say no.
func TestConnectRefusals(t *testing.T) {
	ca := newTestCA(t)
	cert := ca.leaf(t, nil, "example.test")
	answer := func(step Step, text string) func(*scripted) {
		return func(s *scripted) {
			s.at = func(at Step) {
				if at == step {
					s.send("%s", text)
					s.quiet()
				}
			}
		}
	}
	failure := func(condition string) func(*scripted) {
		return answer(StepAuth, "<failure xmlns='"+nsSASL+"'><"+condition+"/><text>words</text></failure>")
	}
	tests := []struct {
		name   string
		server func(*scripted)
		want   error
	}{
		{"no TLS", answer(StepFeatures, "<stream:features>"+mechanismList("PLAIN")+"</stream:features>"), ErrNoTLS},
		{"no features at all", answer(StepFeatures, "<stream:features/>"), ErrNoTLS},
		{"before XMPP 1.0", answer(StepHeader, strings.Replace(testHeader, " version='1.0'", "", 1)), ErrNoTLS},
		{"a server's stream", answer(StepHeader, strings.Replace(testHeader, "jabber:client", "jabber:server", 1)), &ProtocolError{Step: StepHeader, Reason: Garbage}},
		{"TLS refused", answer(StepStartTLS, "<failure xmlns='"+nsTLS+"'/></stream:stream>"), &ProtocolError{Step: StepStartTLS, Reason: Unexpected}},
		{"data after proceed", answer(StepStartTLS, "<proceed xmlns='"+nsTLS+"'/><stream:features/>"), &ProtocolError{Step: StepStartTLS, Reason: Unexpected}},
		{"old TLS", func(s *scripted) {
			s.tls = &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}
		}, &ProtocolError{Step: StepTLS, Reason: Unexpected}},
		{"wrong password", func(s *scripted) { s.password = "other" }, &AuthError{Reason: AuthWrongPassword, Condition: "not-authorized"}},
		{"wrong password, PLAIN", func(s *scripted) { s.password, s.offer = "other", mechanismList("PLAIN") }, &AuthError{Reason: AuthWrongPassword, Condition: "not-authorized"}},
		{"disabled", failure("account-disabled"), &AuthError{Reason: AuthDisabled, Condition: "account-disabled"}},
		{"expired", failure("credentials-expired"), &AuthError{Reason: AuthExpired, Condition: "credentials-expired"}},
		{"temporary", failure("temporary-auth-failure"), &AuthError{Reason: AuthTemporary, Condition: "temporary-auth-failure"}},
		{"mechanism", failure("invalid-mechanism"), &AuthError{Reason: AuthNoMechanism, Condition: "invalid-mechanism"}},
		{"other failure", failure("something-new"), &AuthError{Reason: AuthOther, Condition: "something-new"}},
		{"failure without reason", answer(StepAuth, "<failure xmlns='"+nsSASL+"'/>"), &AuthError{Reason: AuthOther}},
		{"unknown mechanisms", func(s *scripted) { s.offer = mechanismList("X-OAUTH2", "GSSAPI") }, &AuthError{Reason: AuthNoMechanism}},
		{"no mechanisms", func(s *scripted) { s.offer = "<register xmlns='http://jabber.org/features/iq-register'/>" }, &AuthError{Reason: AuthNoMechanism}},
		{"success at once", answer(StepAuth, "<success xmlns='"+nsSASL+"'/>"), &AuthError{Reason: AuthUntrusted}},
		{"success with data at once", answer(StepAuth, "<success xmlns='"+nsSASL+"'>dj1BQUFB</success>"), &AuthError{Reason: AuthUntrusted}},
		{"challenge of bad base64", answer(StepAuth, "<challenge xmlns='"+nsSASL+"'>*</challenge>"), &ProtocolError{Step: StepAuth, Reason: Garbage}},
		{"empty challenge", answer(StepAuth, "<challenge xmlns='"+nsSASL+"'/>"), &ProtocolError{Step: StepAuth, Reason: Garbage}},
		{"an end of XEP-0388", func(s *scripted) {
			answer(StepAuth, "<continue xmlns='"+nsSASL2+"'><tasks><task>X</task></tasks></continue>")(s)
			s.offer = mechanismList("PLAIN")
		}, &ProtocolError{Step: StepAuth, Reason: Unexpected}},
		{"no binding in common", func(s *scripted) {
			s.offer = mechanismList("SCRAM-SHA-1-PLUS", "SCRAM-SHA-1") + bindingList(bindUnique)
		}, &AuthError{Reason: AuthUntrusted}},
		{"binding hidden", func(s *scripted) { s.binding = bindExporter }, &AuthError{Reason: AuthOther, Condition: "aborted"}},
		{"other TLS session", func(s *scripted) {
			s.offer, s.binding = mechanismList("SCRAM-SHA-256-PLUS")+bindingList(bindExporter), bindExporter
			s.at = func(at Step) {
				if at == StepAuth {
					s.conn = struct{ net.Conn }{s.conn} // no channel of its own
				}
			}
		}, &AuthError{Reason: AuthWrongPassword, Condition: "not-authorized"}},
		{
			"bind refused", answer(StepBind, "<iq type='error' id='bind'><error type='wait'><resource-constraint xmlns='"+nsStanzas+"'/></error></iq>"),
			&ProtocolError{Step: StepBind, Reason: Unexpected},
		},
		{"bind answered by another id", answer(StepBind, "<iq type='result' id='x'/>"), &ProtocolError{Step: StepBind, Reason: Unexpected}},
		{"bind of nothing", answer(StepBind, "<iq type='result' id='bind'/>"), &ProtocolError{Step: StepBind, Reason: Unexpected}},
		{"bind of another account", func(s *scripted) { s.bound = "mallory@example.test/x" }, &ProtocolError{Step: StepBind, Reason: Unexpected}},
		{"bind of a bare address", func(s *scripted) { s.bound = "alice@example.test" }, &ProtocolError{Step: StepBind, Reason: Unexpected}},
		{"bind of no address", func(s *scripted) { s.bound = "@@@/" }, &ProtocolError{Step: StepBind, Reason: Unexpected}},
		{"host unknown", answer(StepHeader, testHeader+fmt.Sprintf(streamErrorText, "host-unknown", "")), &StreamError{Step: StepFeatures, Condition: "host-unknown", Text: "words"}},
		{
			"redirect before TLS", answer(StepFeatures, fmt.Sprintf(streamErrorText, "see-other-host", "evil.test")),
			&StreamError{Step: StepFeatures, Condition: "see-other-host", Text: "words", Host: "evil.test"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				cfg := testConfig(t, ca, scriptedDial(t, testServer(cert, tt.server)))
				_, err := connect(t.Context(), cfg)
				checkError(t, err, tt.want)
			})
		})
	}
}

func TestConnectBindConflict(t *testing.T) {
	ca := newTestCA(t)
	synctest.Test(t, func(t *testing.T) {
		server := testServer(ca.leaf(t, nil, "example.test"), func(s *scripted) {
			s.at = func(at Step) {
				if at == StepBind {
					s.send("<iq type='error' id='bind'><error type='modify'><conflict xmlns='" + nsStanzas + "'/></error></iq>")
					if bind := s.expect("iq").child(nsBind, "bind"); len(bind.Children) > 0 {
						t.Error("the second try asks for a resource")
					}
					s.bound = "alice@example.test/server"
				}
			}
		})
		l, err := connect(t.Context(), testConfig(t, ca, scriptedDial(t, server)))
		if err != nil {
			t.Fatal(err)
		}
		defer l.close()
		if l.info.JID.Resourcepart() != "server" {
			t.Errorf("bound %v", l.info.JID)
		}
	})
}

// TestConnectCanceled ends the context at every step.
func TestConnectCanceled(t *testing.T) {
	ca := newTestCA(t)
	cert := ca.leaf(t, nil, "example.test")
	gone := errors.New("the user closed the window")
	for _, step := range []Step{
		StepConnect, StepHeader, StepFeatures, StepStartTLS, StepTLS, StepHeaderTLS,
		StepFeaturesTLS, StepAuth, StepHeaderAuth, StepFeaturesAuth, StepBind,
	} {
		t.Run(string(step), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancelCause(t.Context())
				serve := scriptedDial(t, testServer(cert, func(s *scripted) {
					s.at = func(at Step) {
						if at == step {
							cancel(gone)
							s.quiet()
						}
					}
				}))
				cfg := testConfig(t, ca, func(ctx context.Context, network, addr string) (net.Conn, error) {
					if step == StepConnect {
						cancel(gone)
						<-ctx.Done()
					}
					return serve(ctx, network, addr)
				})
				begun := time.Now()
				if _, err := connect(ctx, cfg); !errors.Is(err, gone) {
					t.Fatalf("got %v, want %v", err, gone)
				}
				if took := time.Since(begun); took > 0 {
					t.Errorf("it took %v", took)
				}
			})
		})
	}
}

func TestConnectIDN(t *testing.T) {
	ca := newTestCA(t)
	for _, domain := range []string{"bücher.test", "xn--bcher-kva.test"} {
		t.Run(domain, func(t *testing.T) {
			cfg := testConfig(t, ca, nil)
			cert := ca.leaf(t, nil, "xn--bcher-kva.test")
			var sni string
			cfg.Dial = scriptedDial(t, testServer(cert, func(s *scripted) {
				s.bound = cfg.JID.Bare().String() + "/r"
				s.tls = &tls.Config{GetConfigForClient: func(h *tls.ClientHelloInfo) (*tls.Config, error) {
					sni = h.ServerName
					return nil, nil
				}}
			}))
			cfg.JID = jid.MustParse("alice@" + domain)
			cfg.Resolver = &fakeResolver{
				srv:   map[string][]*net.SRV{"xmpp-client.xn--bcher-kva.test": {{Target: "a.test.", Port: 5222}}},
				addrs: map[string][]netip.Addr{"a.test": {netip.MustParseAddr("192.0.2.1")}},
			}
			l, err := connect(t.Context(), cfg)
			if err != nil {
				t.Fatal(err)
			}
			defer l.close()
			if sni != "xn--bcher-kva.test" {
				t.Errorf("SNI is %q", sni)
			}
		})
	}
}

func TestConnectTrusted(t *testing.T) {
	ca := newTestCA(t)
	mine, other := newTestCA(t).leaf(t, nil, "odd.test"), newTestCA(t).leaf(t, nil, "odd.test")
	cfg := testConfig(t, ca, scriptedDial(t, testServer(mine, nil)))
	sum := sha256.Sum256(mine.Leaf.Raw)
	cfg.Trusted = sum[:]
	l, err := connect(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	l.close()
	cfg.Dial = scriptedDial(t, testServer(other, nil))
	if _, err := connect(t.Context(), cfg); !errors.As(err, new(*CertificateError)) {
		t.Fatalf("another certificate: %v", err)
	}
}
