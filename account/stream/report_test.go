package stream

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"math/big"
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// reportOf runs a Client until it is in that phase, and gives its report.
func reportOf(t *testing.T, cfg *Config, phase Phase) Report {
	t.Helper()
	h := newRecorder()
	c := New(*cfg, h)
	still(c)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		c.Run(ctx)
	}()
	h.until(t, phase)
	r := c.Report()
	cancel()
	<-done
	if text := fmt.Sprintf("%+v", r); strings.Contains(text, cfg.Password) {
		t.Errorf("the report has the password: %s", text)
	}
	return r
}

// last gives the last step, which is the one that failed.
func (r Report) last() StepReport { return r.Steps[len(r.Steps)-1] }

func TestReportOfSuccess(t *testing.T) {
	ca := newTestCA(t)
	cert := ca.leaf(t, nil, "example.test", "192.0.2.1")
	synctest.Test(t, func(t *testing.T) {
		cfg := testConfig(t, ca, scriptedDial(t, testServer(cert, func(s *scripted) {
			s.offer, s.binding = mechanismList("SCRAM-SHA-256-PLUS")+bindingList(bindExporter), bindExporter
			s.features = "<bind xmlns='" + nsBind + "'/><sm xmlns='" + nsSM + "'/><csi xmlns='" + nsCSI + "'/>"
			s.managed = "<enabled xmlns='" + nsSM + "' id='x' resume='true' max='300'/>"
			s.at = func(step Step) {
				if step == StepBind {
					time.Sleep(3 * time.Second)
				}
			}
		})))
		begun := time.Now()
		r := reportOf(t, cfg, Online)
		if !r.Done || r.Err != nil || !r.Began.Equal(begun) || r.Took != 3*time.Second || !r.OnlineSince.Equal(begun.Add(r.Took)) {
			t.Errorf("done %v with %v, began %v, took %v, online since %v", r.Done, r.Err, r.Began, r.Took, r.OnlineSince)
		}
		slices.SortFunc(r.Lookups, func(a, b Lookup) int { return strings.Compare(a.Name, b.Name) })
		if l := r.Lookups; len(l) != 3 || l[0].Name != "_xmpp-client._tcp.example.test" || l[0].Services[0].Target != "xmpp.example.test." ||
			l[1].Name != "_xmpps-client._tcp.example.test" || l[1].Err == nil ||
			l[2].Name != "xmpp.example.test" || !slices.Equal(l[2].Addresses, []netip.Addr{netip.MustParseAddr("192.0.2.1")}) {
			t.Errorf("looked up %+v", l)
		}
		if len(r.Tried) != 1 || r.Tried[0].Address != "192.0.2.1:5222" || r.Tried[0].Err != nil {
			t.Errorf("tried %+v", r.Tried)
		}
		var steps []Step
		for _, s := range r.Steps {
			steps = append(steps, s.Step)
			if want := s.Step == StepBind; s.Target != "xmpp.example.test:5222" || s.Err != nil || (s.Took == 3*time.Second) != want {
				t.Errorf("step %+v", s)
			}
		}
		if want := []Step{
			StepConnect, StepHeader, StepFeatures, StepStartTLS, StepTLS, StepHeaderTLS, StepFeaturesTLS,
			StepAuth, StepHeaderAuth, StepFeaturesAuth, StepBind, StepEnable,
		}; !slices.Equal(steps, want) {
			t.Errorf("steps %v", steps)
		}
		sum := sha256.Sum256(cert.Leaf.Raw)
		if r.TLS == nil || r.TLS.Version != "TLS 1.3" || !strings.HasPrefix(r.TLS.Suite, "TLS_") || r.TLS.Trust != TrustRoots || len(r.TLS.Chain) != 1 {
			t.Fatalf("TLS %+v", r.TLS)
		}
		if c := r.TLS.Chain[0]; c.Subject != "CN=test server" || c.Issuer != "CN=test authority" ||
			!slices.Equal(c.Names, []string{"example.test", "192.0.2.1"}) ||
			!c.NotBefore.Equal(testNotBefore) || !c.NotAfter.Equal(testNotAfter) || !slices.Equal(c.SHA256, sum[:]) {
			t.Errorf("certificate %+v", c)
		}
		if r.Info.Mechanism != "SCRAM-SHA-256-PLUS" || r.Info.JID.String() != "alice@example.test/linnet.abc" {
			t.Errorf("info %+v", r.Info)
		}
		if !slices.Equal(r.Features, []string{nsBind, nsCSI, nsSM}) {
			t.Errorf("features %q", r.Features)
		}
		if !r.Managed || !r.Resumable || r.ResumeMax != 300*time.Second || r.Resume != ResumeNone || r.Lost != nil {
			t.Errorf("managed %v, resumable %v, resume %v, lost %v", r.Managed, r.Resumable, r.Resume, r.Lost)
		}
	})
}

func TestReportOfFailures(t *testing.T) {
	ca := newTestCA(t)
	cert := ca.leaf(t, nil, "example.test")
	expired := ca.leaf(t, func(c *x509.Certificate) { c.NotAfter = testNotBefore.Add(time.Hour) }, "example.test")
	tests := []struct {
		name   string
		server func(*scripted)
		config func(*Config)
		phase  Phase
		step   Step
		check  func(Report) bool
	}{
		{"certificate", func(s *scripted) { s.cert = expired }, nil, Failed, StepTLS, func(r Report) bool {
			bad := new(CertificateError)
			return errors.As(r.Err, &bad) && bad.Reason == CertExpired && r.TLS.Trust == TrustNone &&
				r.TLS.Version == "TLS 1.3" && r.TLS.Chain[0].NotAfter.Equal(expired.Leaf.NotAfter) && r.Features == nil
		}},
		{"trusted by hand, wrong password", func(s *scripted) { s.cert, s.password = expired, "other" }, func(c *Config) {
			sum := sha256.Sum256(expired.Leaf.Raw)
			c.Trusted = sum[:]
		}, Failed, StepAuth, func(r Report) bool {
			return r.TLS.Trust == TrustHand && errors.As(r.Err, new(*AuthError))
		}},
		{"wrong password", func(s *scripted) { s.password = "other" }, nil, Failed, StepAuth, func(r Report) bool {
			bad := new(AuthError)
			return errors.As(r.Err, &bad) && bad.Reason == AuthWrongPassword && r.TLS.Trust == TrustRoots &&
				r.Info.Mechanism == "SCRAM-SHA-512" && r.Info.Address == "xmpp.example.test:5222"
		}},
		{"no TLS", func(s *scripted) {
			s.at = func(step Step) {
				if step == StepFeatures {
					s.fault("<stream:features/>")
				}
			}
		}, nil, Failed, StepFeatures, func(r Report) bool { return r.TLS == nil && errors.Is(r.Err, ErrNoTLS) }},
		{"no names", nil, func(c *Config) {
			c.Resolver = &fakeResolver{fail: map[string]error{"example.test": &net.DNSError{Err: "server failure", IsTemporary: true}}}
		}, Waiting, StepConnect, func(r Report) bool {
			// Two kinds of SRV records, and the domain itself for two ports.
			return len(r.Lookups) == 4 && r.Lookups[3].Err != nil && len(r.Tried) == 2 && r.Tried[0].Address == "" && r.Tried[0].Err != nil
		}},
		{"refused", nil, func(c *Config) {
			c.Dial = func(context.Context, string, string) (net.Conn, error) { return nil, errors.New("connection refused") }
		}, Waiting, StepConnect, func(r Report) bool { return r.Tried[0].Address == "192.0.2.1:5222" && r.Tried[0].Err != nil }},
		{"silent", func(s *scripted) {
			s.at = func(step Step) {
				if step == StepAuth {
					s.quiet()
				}
			}
		}, nil, Waiting, StepAuth, func(r Report) bool {
			return r.Took == stepTimeout && r.last().Took == stepTimeout && errors.Is(r.last().Err, r.Err)
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				cfg := testConfig(t, ca, scriptedDial(t, testServer(cert, tt.server)))
				if tt.config != nil {
					tt.config(cfg)
				}
				r := reportOf(t, cfg, tt.phase)
				if !r.Done || r.Err == nil || !r.OnlineSince.IsZero() || len(r.Lookups) == 0 {
					t.Errorf("%+v", r)
				}
				for _, s := range r.Steps[:len(r.Steps)-1] {
					if s.Err != nil && s.Step != StepConnect {
						t.Errorf("step %+v", s)
					}
				}
				if r.last().Step != tt.step || r.last().Err == nil || !tt.check(r) {
					t.Errorf("ended at %+v\n%+v\nTLS %+v", r.last(), r, r.TLS)
				}
			})
		})
	}
}

// TestReportUnderWay looks while a server lets us wait, which no step ends.
func TestReportUnderWay(t *testing.T) {
	ca := newTestCA(t)
	synctest.Test(t, func(t *testing.T) {
		reached := make(chan struct{})
		cfg := testConfig(t, ca, scriptedDial(t, testServer(ca.leaf(t, nil, "example.test"), func(s *scripted) {
			s.at = func(step Step) {
				if step == StepFeatures {
					time.Sleep(2 * time.Second)
					close(reached)
					s.quiet()
				}
			}
		})))
		c := New(*cfg, newRecorder())
		still(c)
		if r := c.Report(); !r.Began.IsZero() || r.Done || r.Took != 0 {
			t.Errorf("at first: %+v", r)
		}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() {
			defer close(done)
			c.Run(ctx)
		}()
		<-reached
		r := c.Report()
		if r.Done || r.Took != 2*time.Second || r.last() != (StepReport{Target: "xmpp.example.test:5222", Step: StepFeatures, Took: 2 * time.Second}) {
			t.Errorf("%+v", r)
		}
		cancel()
		<-done
	})
}

// TestReportOfLoss takes a stream over two links.
func TestReportOfLoss(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := newManagedWorld(t, nil)
		defer w.end()
		p := w.begin(enabledText)
		w.post("one")
		p.expect("one", "r")
		time.Sleep(3 * time.Second)
		p.send(ackText(1))
		<-w.acks
		if r := w.Report(); r.RoundTrip != 3*time.Second {
			t.Errorf("round trip %v", r.RoundTrip)
		}
		time.Sleep(7 * time.Second)
		lostAt := time.Now()
		p.conn.Close()
		w.until(t, Waiting)
		if r := w.Report(); r.Lost == nil || r.Lost.Lasted != 10*time.Second || !r.Lost.At.Equal(lostAt) || r.Lost.Err == nil || !r.OnlineSince.IsZero() {
			t.Errorf("after the loss: %+v", r)
		}
		p = w.link()
		p.resume(0, resumedText(1))
		w.until(t, Online)
		if r := w.Report(); r.Resume != ResumeDone || !r.Managed || r.Lost == nil || !r.Info.Resumed || r.RoundTrip != 0 {
			t.Errorf("after resuming: %+v", r)
		}
		p.conn.Close()
		p = w.link()
		p.resume(0, "<failed xmlns='"+nsSM+"'/>")
		p.begin(enabledText)
		w.until(t, Online)
		if r := w.Report(); r.Resume != ResumeRefused || r.Info.Resumed {
			t.Errorf("after a refusal: %+v", r)
		}
		go p.serve(0)
	})
}

// TestReportIsACopy changes what was given out.
func TestReportIsACopy(t *testing.T) {
	ca := newTestCA(t)
	tr := newTrace(nil)
	tr.begin()
	tr.saw(tls.ConnectionState{PeerCertificates: []*x509.Certificate{ca.cert}}, TrustRoots)
	tr.looked(Lookup{Name: "a", Services: make([]net.SRV, 1), Addresses: make([]netip.Addr, 1)})
	tr.tried([]Attempt{{Target: "a"}})
	tr.enter(target{host: "a", port: 1}, StepConnect)
	tr.leave(nil)
	r := tr.report()
	r.TLS.Chain[0].SHA256[0]++
	r.TLS.Trust = TrustNone
	r.Lookups[0].Services[0].Port, r.Lookups[0].Addresses[0] = 7, netip.IPv6Loopback()
	r.Tried[0].Target, r.Steps[0].Target = "b", "b"
	sum := sha256.Sum256(ca.cert.Raw)
	again := tr.report()
	if !slices.Equal(again.TLS.Chain[0].SHA256, sum[:]) || again.TLS.Trust != TrustRoots ||
		again.Lookups[0].Services[0].Port != 0 || again.Lookups[0].Addresses[0].IsValid() ||
		again.Tried[0].Target != "a" || again.Steps[0].Target != "a:1" {
		t.Errorf("%+v, %+v", again, again.TLS)
	}
}

// A server chooses what is in its certificates.
func TestReportIsBounded(t *testing.T) {
	ca := newTestCA(t)
	var many []string
	for i := range 5 * maxNames {
		many = append(many, fmt.Sprintf("%d.%s.test", i, strings.Repeat("x", 20)))
	}
	leaf := ca.leaf(t, func(c *x509.Certificate) {
		c.SerialNumber = big.NewInt(3)
		c.Subject.CommonName = strings.Repeat("x", 10*maxQuote)
	}, many...).Leaf
	got := tlsReport(tls.ConnectionState{PeerCertificates: slices.Repeat([]*x509.Certificate{leaf}, 5*maxChain)}, TrustNone)
	if len(got.Chain) != maxChain || len(got.Chain[0].Names) != maxNames || len(got.Chain[0].Subject) > maxQuote {
		t.Errorf("%d certificates, %d names, a subject of %d bytes", len(got.Chain), len(got.Chain[0].Names), len(got.Chain[0].Subject))
	}
}
