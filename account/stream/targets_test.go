package stream

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"
)

func TestConnectGoesOn(t *testing.T) {
	ca := newTestCA(t)
	good := ca.leaf(t, nil, "example.test")
	wrong := ca.leaf(t, nil, "hoster.test")
	alert := func(s *scripted) { s.fault("\x15\x03\x01\x00\x02\x02\x0a") }
	http := func(s *scripted) { s.fault("HTTP/1.1 400 Bad Request\r\n\r\n") }
	silent := func(s *scripted) { s.quiet() }
	plain := func(s *scripted) {
		s.open(StepHeader, StepFeatures, mechanismList("PLAIN"))
		s.quiet()
	}
	refused := errors.New("connection refused")
	tests := []struct {
		name    string
		host    string
		port    uint16
		scripts map[string]script // by port, or port + "!" for direct TLS
		address string
		direct  bool
		err     error
		dials   int
	}{
		{"5222 first", "h.test", 0, map[string]script{"5222": testServer(good, nil)}, "h.test:5222", false, nil, 1},
		{"5223 when 5222 refuses", "h.test", 0, map[string]script{"5223": testServer(good, nil)}, "h.test:5223", true, nil, 2},
		{"5223 when 5222 has no TLS", "h.test", 0, map[string]script{"5222": plain, "5223": testServer(good, nil)}, "h.test:5223", true, nil, 2},
		{"443 is direct", "h.test", 443, map[string]script{"443": testServer(good, nil)}, "h.test:443", true, nil, 1},
		{"odd port with STARTTLS", "h.test", 15222, map[string]script{"15222": testServer(good, nil)}, "h.test:15222", false, nil, 1},
		{"the certificate says more than the port", "h.test", 0, map[string]script{"5222": testServer(wrong, nil), "5223": http}, "", false, &CertificateError{}, 2},
		{"no TLS says more than garbage", "h.test", 0, map[string]script{"5222": plain, "5223": http}, "", false, ErrNoTLS, 2},
		{"neither way", "h.test", 15222, map[string]script{"15222": alert}, "", false, &ProtocolError{Step: StepTLS, Reason: Unexpected}, 2},
		{"the way that got further says more", "h.test", 0, map[string]script{"5222": http, "5223": silent}, "", false, &ProtocolError{Step: StepTLS, Reason: Silent}, 2},
		{"a silent port is tried once", "h.test", 15222, map[string]script{"15222": silent}, "", false, &ProtocolError{Step: StepHeader, Reason: Silent}, 1},
		{"nothing there", "h.test", 0, nil, "", false, refused, 2},
		{"a refused port is tried once", "h.test", 15222, nil, "", false, refused, 1},
		{
			"one password, one server", "h.test", 0,
			map[string]script{"5222": testServer(good, func(s *scripted) { s.password = "x" }), "5223": testServer(good, nil)},
			"", false, &AuthError{Reason: AuthWrongPassword, Condition: "not-authorized"}, 1,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				dials := 0
				cfg := testConfig(t, ca, func(ctx context.Context, network, addr string) (net.Conn, error) {
					dials++
					_, port, _ := net.SplitHostPort(addr)
					if tt.scripts[port] == nil {
						return nil, refused
					}
					return scriptedDial(t, tt.scripts[port])(ctx, network, addr)
				})
				cfg.Host, cfg.Port = tt.host, tt.port
				cfg.Resolver.(*fakeResolver).addrs["h.test"] = []netip.Addr{netip.MustParseAddr("192.0.2.7")}
				l, err := connect(t.Context(), cfg)
				if l != nil {
					defer l.close()
				}
				if _, ok := tt.err.(*CertificateError); ok {
					if !errors.As(err, new(*CertificateError)) {
						t.Fatalf("got %v", err)
					}
				} else {
					checkError(t, err, tt.err)
				}
				if tt.err == nil && (l.info.Address != tt.address || l.info.DirectTLS != tt.direct) {
					t.Errorf("connected to %+v", l.info)
				}
				if dials != tt.dials {
					t.Errorf("%d connections, want %d", dials, tt.dials)
				}
			})
		})
	}
}

// TestConnectSecondWay has a port that takes TLS at once, and is asked for
// STARTTLS first.
func TestConnectSecondWay(t *testing.T) {
	ca := newTestCA(t)
	cert := ca.leaf(t, nil, "example.test")
	synctest.Test(t, func(t *testing.T) {
		cfg := testConfig(t, ca, scriptedDial(t,
			func(s *scripted) { s.fault("\x15\x03\x01\x00\x02\x02\x0a") },
			func(s *scripted) { s.addr = "h.test:5223"; testServer(cert, nil)(s) },
		))
		cfg.Host, cfg.Port = "192.0.2.1", 15223
		l, err := connect(t.Context(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		defer l.close()
		if !l.info.DirectTLS || l.info.Address != "192.0.2.1:15223" {
			t.Errorf("connected to %+v", l.info)
		}
	})
}

func TestConnectRedirect(t *testing.T) {
	ca := newTestCA(t)
	cert := ca.leaf(t, nil, "example.test")
	to := func(host string) script {
		return testServer(cert, func(s *scripted) {
			s.at = func(at Step) {
				if at == StepFeaturesTLS {
					s.send(streamErrorText, "see-other-host", host)
					s.quiet()
				}
			}
		})
	}
	tests := []struct {
		name    string
		scripts []script
		address string
		err     error
	}{
		{"name", []script{to("other.test"), testServer(cert, nil)}, "other.test:5222", nil},
		{"name and port", []script{to("other.test:9000"), testServer(cert, nil)}, "other.test:9000", nil},
		{"IPv6", []script{to("[2001:db8::1]:5300"), testServer(cert, nil)}, "[2001:db8::1]:5300", nil},
		{"IPv6 without a port", []script{to("[2001:db8::1]"), testServer(cert, nil)}, "[2001:db8::1]:5222", nil},
		{"twice", []script{to("other.test"), to("[2001:db8::1]"), testServer(cert, nil)}, "[2001:db8::1]:5222", nil},
		{"for ever", []script{to("other.test")}, "", &StreamError{Step: StepFeaturesTLS, Condition: "see-other-host", Text: "words", Host: "other.test"}},
		{"nowhere", []script{to("")}, "", &StreamError{Step: StepFeaturesTLS, Condition: "see-other-host", Text: "words"}},
		{"port 0", []script{to("other.test:0")}, "", &StreamError{Step: StepFeaturesTLS, Condition: "see-other-host", Text: "words", Host: "other.test:0"}},
		{"to a host of another name", []script{to("other.test"), testServer(ca.leaf(t, nil, "other.test"), nil)}, "", &CertificateError{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				dials := 0
				serve := scriptedDial(t, tt.scripts...)
				cfg := testConfig(t, ca, func(ctx context.Context, network, addr string) (net.Conn, error) {
					dials++
					return serve(ctx, network, addr)
				})
				cfg.Resolver.(*fakeResolver).addrs["other.test"] = []netip.Addr{netip.MustParseAddr("192.0.2.7")}
				l, err := connect(t.Context(), cfg)
				if l != nil {
					defer l.close()
				}
				if dials > 1+maxRedirects {
					t.Errorf("%d connections", dials)
				}
				if _, ok := tt.err.(*CertificateError); ok {
					if !errors.As(err, new(*CertificateError)) {
						t.Fatalf("got %v", err)
					}
					return
				}
				checkError(t, err, tt.err)
				if err == nil && l.info.Address != tt.address {
					t.Errorf("connected to %s", l.info.Address)
				}
			})
		})
	}
}

// TestConnectTimeLimit has more slow servers than time.
func TestConnectTimeLimit(t *testing.T) {
	ca := newTestCA(t)
	synctest.Test(t, func(t *testing.T) {
		serve := scriptedDial(t, func(s *scripted) { s.quiet() })
		cfg := testConfig(t, ca, func(ctx context.Context, network, addr string) (net.Conn, error) {
			time.Sleep(4 * time.Second)
			return serve(ctx, network, addr)
		})
		r := cfg.Resolver.(*fakeResolver)
		for i := range maxTargets {
			host := fmt.Sprintf("h%d.test", i)
			r.srv["xmpp-client.example.test"] = append(r.srv["xmpp-client.example.test"], &net.SRV{Target: host, Port: 5222})
			r.addrs[host] = []netip.Addr{netip.MustParseAddr("192.0.2.7")}
		}
		begun := time.Now()
		_, err := connect(t.Context(), cfg)
		checkError(t, err, &ProtocolError{Step: StepHeader, Reason: Silent})
		if took := time.Since(begun); took != connectTimeout {
			t.Errorf("it took %v", took)
		}
	})
}
