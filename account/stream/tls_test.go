package stream

import (
	"bytes"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"slices"
	"testing"
	"time"

	"mellium.im/xmpp/jid"
)

func TestCertificateReasons(t *testing.T) {
	ca, stranger := newTestCA(t), newTestCA(t)
	now := time.Date(2030, 6, 1, 0, 0, 0, 0, time.UTC)
	until := func(from, to time.Time) func(*x509.Certificate) {
		return func(c *x509.Certificate) { c.NotBefore, c.NotAfter = from, to }
	}
	day := 24 * time.Hour
	tests := []struct {
		name   string
		cert   tls.Certificate
		domain string
		want   CertReason
		ok     bool
	}{
		{"good", ca.leaf(t, nil, "other.test", "example.test"), "example.test", 0, true},
		{"wildcard", ca.leaf(t, nil, "*.example.test"), "chat.example.test", 0, true},
		{"IP address", ca.leaf(t, nil, "192.0.2.1"), "192.0.2.1", 0, true},
		{"IPv6 address", ca.leaf(t, nil, "2001:db8::1"), "[2001:db8::1]", 0, true},
		{"IDN", ca.leaf(t, nil, "xn--bcher-kva.test"), "bücher.test", 0, true},
		{"wrong name", ca.leaf(t, nil, "xmpp.example.test"), "example.test", CertWrongName, false},
		{"wildcard too deep", ca.leaf(t, nil, "*.test"), "chat.example.test", CertWrongName, false},
		{"no name", ca.leaf(t, nil), "example.test", CertWrongName, false},
		{"common name only", ca.leaf(t, func(c *x509.Certificate) { c.Subject.CommonName = "example.test" }), "example.test", CertWrongName, false},
		{"wrong name of a stranger", stranger.leaf(t, nil, "other.test"), "example.test", CertWrongName, false},
		{"expired", ca.leaf(t, until(now.Add(-2*day), now.Add(-day)), "example.test"), "example.test", CertExpired, false},
		{"not yet valid", ca.leaf(t, until(now.Add(day), now.Add(2*day)), "example.test"), "example.test", CertNotYet, false},
		{"unknown issuer", stranger.leaf(t, nil, "example.test"), "example.test", CertUnknownIssuer, false},
		{"for clients only", ca.leaf(t, func(c *x509.Certificate) {
			c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
		}, "example.test"), "example.test", CertOther, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			offer := mechanismList("SCRAM-SHA-256")
			cfg := testConfig(t, ca, scriptedDial(t, testServer(tt.cert, func(s *scripted) {
				s.offer = offer
				s.bound = "alice@" + tt.domain + "/x"
			})))
			cfg.JID = jid.MustParse("alice@" + tt.domain)
			cfg.Host, cfg.Port = "192.0.2.9", 5222
			cfg.Now = func() time.Time { return now }
			l, err := connect(t.Context(), cfg)
			if tt.ok {
				if err != nil {
					t.Fatal(err)
				}
				l.close()
				return
			}
			got := new(CertificateError)
			if !errors.As(err, &got) || got.Reason != tt.want || got.Domain != tt.domain || got.Err == nil {
				t.Fatalf("got %#v", err)
			}
			if len(got.Chain) != 1 || !slices.Equal(got.Chain[0].Raw, tt.cert.Leaf.Raw) {
				t.Errorf("chain is %v", got.Chain)
			}
			if !permanent(err) {
				t.Error("it would be tried again")
			}

			// The user's word counts for this certificate, whatever is wrong.
			sum := sha256.Sum256(tt.cert.Leaf.Raw)
			cfg.Trusted = sum[:]
			l, err = connect(t.Context(), cfg)
			if err != nil {
				t.Fatalf("trusted: %v", err)
			}
			l.close()
			cfg.Trusted = sum[:31]
			if _, err = connect(t.Context(), cfg); !errors.As(err, new(*CertificateError)) {
				t.Fatalf("half trusted: %v", err)
			}
		})
	}
}

func TestSelfSigned(t *testing.T) {
	ca := newTestCA(t)
	key := newTestKey(t)
	tmpl := *ca.leaf(t, nil, "example.test").Leaf
	tmpl.PublicKey = key.Public()
	cert := sign(t, &tmpl, &tmpl, key, key)
	server := testServer(tls.Certificate{Certificate: [][]byte{cert.Raw}, PrivateKey: key, Leaf: cert}, nil)
	_, err := connect(t.Context(), testConfig(t, ca, scriptedDial(t, server)))
	got := new(CertificateError)
	if !errors.As(err, &got) || got.Reason != CertUnknownIssuer {
		t.Fatalf("got %#v", err)
	}
}

// A certificate for a name that is not in A-labels cannot even be parsed. It
// is the certificate that is wrong, not the way the server speaks.
func TestUnreadableCertificate(t *testing.T) {
	ca := newTestCA(t)
	cert := ca.leaf(t, nil, "b--cher.test")
	cert.Certificate[0] = bytes.Replace(cert.Certificate[0], []byte("b--cher.test"), []byte("b\u00fccher.test"), 1)
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		cfg := testConfig(t, ca, scriptedDial(t, testServer(cert, func(s *scripted) {
			s.tls = &tls.Config{MaxVersion: version}
		})))
		cfg.Host, cfg.Port = "192.0.2.9", 5222
		_, err := connect(t.Context(), cfg)
		got := new(CertificateError)
		if !errors.As(err, &got) || got.Reason != CertOther || got.Domain != "example.test" || got.Chain != nil || got.Err == nil {
			t.Fatalf("got %#v", err)
		}
	}
}

// TestIntermediate has a chain the server has to help with.
func TestIntermediate(t *testing.T) {
	root := newTestCA(t)
	middle := &testCA{key: newTestKey(t)}
	tmpl := *root.cert
	tmpl.Subject.CommonName = "test intermediate"
	middle.cert = sign(t, &tmpl, root.cert, middle.key, root.key)
	cert := middle.leaf(t, nil, "example.test")
	cfg := testConfig(t, root, scriptedDial(t, testServer(cert, nil)))
	if _, err := connect(t.Context(), cfg); !errors.As(err, new(*CertificateError)) {
		t.Fatalf("without the intermediate: %v", err)
	}
	cert.Certificate = append(cert.Certificate, middle.cert.Raw)
	cfg.Dial = scriptedDial(t, testServer(cert, nil))
	l, err := connect(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	l.close()
}

func TestALPN(t *testing.T) {
	ca := newTestCA(t)
	cert := ca.leaf(t, nil, "example.test")
	for port, want := range map[uint16][]string{5222: nil, 5223: {"xmpp-client"}} {
		var got []string
		cfg := testConfig(t, ca, scriptedDial(t, testServer(cert, func(s *scripted) {
			s.tls = &tls.Config{GetConfigForClient: func(h *tls.ClientHelloInfo) (*tls.Config, error) {
				got = h.SupportedProtos
				return nil, nil
			}}
		})))
		cfg.Host, cfg.Port = "192.0.2.9", port
		l, err := connect(t.Context(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		l.close()
		if !slices.Equal(got, want) {
			t.Errorf("port %d: protocols %q, want %q", port, got, want)
		}
	}
}
