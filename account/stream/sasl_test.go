package stream

import (
	"crypto/x509"
	"errors"
	"slices"
	"strings"
	"testing"
)

func TestChoose(t *testing.T) {
	on13 := channel{bindExporter: {1}, bindEndPoint: {2}}
	on12 := channel{bindExporter: {1}, bindUnique: {3}, bindEndPoint: {2}}
	all := []string{
		"PLAIN", "SCRAM-SHA-1", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-256", "SCRAM-SHA-256-PLUS",
		"SCRAM-SHA-512", "SCRAM-SHA-512-PLUS", "X-OAUTH2",
	}
	tests := []struct {
		name    string
		offer   offer
		channel channel
		want    string
		flag    string
		binding byte
		show    bool       // the server has to show what it offers
		noPlain bool       // it did better before
		fails   AuthReason // 0: it does not
	}{
		{name: "all", offer: offer{mechanisms: all, bindings: []string{bindEndPoint, bindExporter}}, channel: on13, want: "SCRAM-SHA-512-PLUS", flag: "p=tls-exporter", binding: 1},
		{name: "no list on 1.3", offer: offer{mechanisms: all}, channel: on13, want: "SCRAM-SHA-512", flag: "n"},
		{name: "no list on 1.2", offer: offer{mechanisms: all}, channel: on12, want: "SCRAM-SHA-512-PLUS", flag: "p=tls-unique", binding: 3},
		{name: "listed on 1.2", offer: offer{mechanisms: all, bindings: []string{bindUnique, bindEndPoint}}, channel: on12, want: "SCRAM-SHA-512-PLUS", flag: "p=tls-server-end-point", binding: 2},
		{name: "exporter listed on 1.2", offer: offer{mechanisms: all, bindings: []string{bindUnique, bindExporter}}, channel: on12, want: "SCRAM-SHA-512-PLUS", flag: "p=tls-exporter", binding: 1},
		{name: "binding before hash", offer: offer{mechanisms: []string{"SCRAM-SHA-512", "SCRAM-SHA-1-PLUS"}, bindings: []string{bindExporter}}, channel: on13, want: "SCRAM-SHA-1-PLUS", flag: "p=tls-exporter", binding: 1},
		{name: "nothing to bind to", offer: offer{mechanisms: all}, want: "SCRAM-SHA-512", flag: "n"},
		{name: "no type in common", offer: offer{mechanisms: all, bindings: []string{"tls-other"}}, channel: on13, want: "SCRAM-SHA-512", flag: "n", show: true},
		{name: "an empty list of types", offer: offer{mechanisms: all, bindings: []string{}}, channel: on13, want: "SCRAM-SHA-512", flag: "n", show: true},
		{name: "no type in common, and no SCRAM without", offer: offer{mechanisms: []string{"SCRAM-SHA-1-PLUS"}, bindings: []string{"tls-other"}}, channel: on13, fails: AuthUntrusted},
		{name: "no type in common, and PLAIN", offer: offer{mechanisms: []string{"SCRAM-SHA-1-PLUS", "PLAIN"}, bindings: []string{"tls-other"}}, channel: on13, fails: AuthUntrusted},
		{name: "SASL2", offer: offer{mechanisms: all, bindings: []string{bindExporter}, sasl2: true}, channel: on13, want: "SCRAM-SHA-512-PLUS", flag: "p=tls-exporter", binding: 1},
		{name: "SASL2, no PLUS and no types", offer: offer{mechanisms: []string{"SCRAM-SHA-1"}, sasl2: true}, channel: on13, want: "SCRAM-SHA-1", flag: "y"},
		{name: "SASL2, PLUS and no types", offer: offer{mechanisms: all, sasl2: true}, channel: on13, want: "SCRAM-SHA-512", flag: "n", show: true},
		{name: "SASL2, PLUS and no types on 1.2", offer: offer{mechanisms: all, sasl2: true}, channel: on12, want: "SCRAM-SHA-512-PLUS", flag: "p=tls-unique", binding: 3},
		{name: "SASL2, types and no PLUS", offer: offer{mechanisms: []string{"SCRAM-SHA-1", "PLAIN"}, bindings: []string{bindExporter}, sasl2: true}, channel: on13, want: "SCRAM-SHA-1", flag: "y", show: true},
		{name: "SASL2, types and PLAIN", offer: offer{mechanisms: []string{"PLAIN"}, bindings: []string{bindExporter}, sasl2: true}, channel: on13, fails: AuthUntrusted},
		{name: "SASL2, types and nothing to bind to", offer: offer{mechanisms: []string{"PLAIN"}, bindings: []string{bindExporter}, sasl2: true}, want: "PLAIN"},
		{name: "PLAIN where it was better before", offer: offer{mechanisms: []string{"PLAIN", "X-OAUTH2"}}, channel: on13, noPlain: true, fails: AuthTampered},
		{name: "SCRAM as before", offer: offer{mechanisms: []string{"PLAIN", "SCRAM-SHA-1"}}, channel: on13, noPlain: true, want: "SCRAM-SHA-1", flag: "y"},
		{name: "only the end point, which has no hash", offer: offer{mechanisms: all, bindings: []string{bindEndPoint}}, channel: channel{bindExporter: {1}}, want: "SCRAM-SHA-512", flag: "n"},
		{name: "types, and no PLUS", offer: offer{mechanisms: []string{"SCRAM-SHA-256"}, bindings: []string{"tls-other"}}, channel: on13, want: "SCRAM-SHA-256", flag: "y"},
		{name: "binding hidden or missing", offer: offer{mechanisms: []string{"PLAIN", "SCRAM-SHA-1", "SCRAM-SHA-256"}}, channel: on13, want: "SCRAM-SHA-256", flag: "y"},
		{name: "unknown PLUS", offer: offer{mechanisms: []string{"SCRAM-SHA3-512-PLUS", "SCRAM-SHA-1"}}, channel: on13, want: "SCRAM-SHA-1", flag: "n"},
		{name: "PLUS alone without binding", offer: offer{mechanisms: []string{"SCRAM-SHA-1-PLUS", "PLAIN"}}, want: "PLAIN"},
		{name: "PLAIN last", offer: offer{mechanisms: []string{"PLAIN", "SCRAM-SHA-1"}}, channel: on13, want: "SCRAM-SHA-1", flag: "y"},
		{name: "PLAIN only", offer: offer{mechanisms: []string{"PLAIN"}}, channel: on13, want: "PLAIN"},
		{name: "none known", offer: offer{mechanisms: []string{"DIGEST-MD5", "plain", "ANONYMOUS"}}, channel: on13, fails: AuthNoMechanism},
		{name: "none", channel: on13, fails: AuthNoMechanism},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, err := choose(tt.offer, login{user: "user", password: "pencil", channel: tt.channel, noPlain: tt.noPlain})
			if tt.fails != 0 {
				auth := new(AuthError)
				if !errors.As(err, &auth) || auth.Reason != tt.fails {
					t.Fatalf("got %v", err)
				}
				return
			}
			if err != nil || c.name != tt.want {
				t.Fatalf("got %s, %v, want %s", c.name, err, tt.want)
			}
			s, ok := c.exchange.(*scram)
			if !ok {
				s = &scram{}
			}
			if s.flag != tt.flag || tt.binding != 0 && !slices.Equal(s.binding, []byte{tt.binding}) || tt.binding == 0 && s.binding != nil {
				t.Errorf("flag %q with %v", s.flag, s.binding)
			}
			if c.binding != strings.TrimPrefix(s.flag, "p=") && strings.HasPrefix(s.flag, "p=") || s.protection.required != tt.show {
				t.Errorf("bound by %q; the server has to show its offer: %v", c.binding, s.protection.required)
			}
		})
	}
}

func TestPlain(t *testing.T) {
	p := &plain{"juliet", "r0m30"}
	if got, err := p.start(); err != nil || string(got) != "\x00juliet\x00r0m30" {
		t.Errorf("got %q, %v", got, err)
	}
	if _, err := p.next(t.Context(), []byte("?")); err == nil {
		t.Error("a challenge is answered")
	}
	if err := p.done(nil); err != nil {
		t.Error(err)
	}
	if _, err := (&plain{"juliet", "r0m\x0030"}).start(); err == nil {
		t.Error("a NUL is sent")
	}
}

func TestSASLprep(t *testing.T) {
	// The first five are the examples of RFC 4013, section 3, that are allowed.
	for in, want := range map[string]string{
		"I\u00adX": "IX", "user": "user", "USER": "USER", "\u00aa": "a", "\u2168": "IX",
		"a\u00a0b\u3000c": "a b c", "e\u0301": "\u00e9", "\ufb01": "fi", "pass\u200bword": "pass word",
		"\u2764\ufe0f": "\u2764", "": "", "\t": "\t",
	} {
		if got := saslprep(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestEndPointHash(t *testing.T) {
	for a, want := range map[x509.SignatureAlgorithm]string{
		x509.SHA1WithRSA: "SHA-256", x509.ECDSAWithSHA256: "SHA-256", x509.SHA256WithRSAPSS: "SHA-256",
		x509.ECDSAWithSHA384: "SHA-384", x509.SHA512WithRSA: "SHA-512", x509.PureEd25519: "",
	} {
		h, ok := endPointHash(a)
		if ok != (want != "") || ok && h.String() != want {
			t.Errorf("%v: got %v, %v", a, h, ok)
		}
	}
}
