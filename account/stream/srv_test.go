package stream

import (
	"context"
	"errors"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestFindTargets(t *testing.T) {
	rec := func(host string, port, priority uint16) *net.SRV {
		return &net.SRV{Target: host, Port: port, Priority: priority}
	}
	none := rec(".", 0, 0)
	broken := &net.DNSError{Err: "server misbehaving", IsTemporary: true}
	const plain, secure = "xmpp-client.example.test", "xmpps-client.example.test"
	tests := []struct {
		name   string
		domain string
		srv    map[string][]*net.SRV
		fail   map[string]error
		want   string // host:port, with ! for direct TLS
		err    error
	}{
		{"no records", "", nil, nil, "example.test:5222 example.test:5223!", nil},
		{"lookups fail", "", nil, map[string]error{plain: broken, secure: broken}, "example.test:5222 example.test:5223!", nil},
		{"one lookup fails", "", map[string][]*net.SRV{plain: {rec("a.test.", 5222, 1)}}, map[string]error{secure: broken}, "a.test:5222", nil},
		{"merged by priority", "", map[string][]*net.SRV{
			plain:  {rec("a.test.", 5222, 5), rec("b.test.", 5222, 20)},
			secure: {rec("c.test.", 443, 10), rec("a.test.", 5223, 1)},
		}, nil, "a.test:5223! a.test:5222 c.test:443! b.test:5222", nil},
		{"STARTTLS only", "", map[string][]*net.SRV{plain: {rec("a.test.", 5222, 5)}, secure: {none}}, nil, "a.test:5222", nil},
		{"direct only", "", map[string][]*net.SRV{plain: {none}, secure: {rec("a.test.", 443, 5)}}, nil, "a.test:443!", nil},
		{"neither", "", map[string][]*net.SRV{plain: {none}, secure: {none}}, nil, "", ErrNotOffered},
		{"no service", "", map[string][]*net.SRV{plain: {none}}, nil, "", ErrNotOffered},
		{"no direct TLS and nothing else", "", map[string][]*net.SRV{secure: {none}}, nil, "", ErrNotOffered},
		{"twice the same", "", map[string][]*net.SRV{plain: {rec("a.test.", 5222, 1), rec("A.test.", 5222, 2)}}, nil, "a.test:5222", nil},
		{"nonsense", "", map[string][]*net.SRV{plain: {rec("a.test.", 0, 1), rec("a b", 1, 2), rec("", 5222, 3), rec("b.test.", 5222, 4)}}, nil, "b.test:5222", nil},
		{"IDN", "", map[string][]*net.SRV{plain: {rec("bücher.test.", 5222, 1)}}, nil, "xn--bcher-kva.test:5222", nil},
		{"IPv4", "192.0.2.1", nil, nil, "192.0.2.1:5222 192.0.2.1:5223!", nil},
		{"IPv6", "2001:db8::1", nil, nil, "[2001:db8::1]:5222 [2001:db8::1]:5223!", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.domain == "" {
				tt.domain = "example.test"
			}
			got, err := findTargets(t.Context(), &fakeResolver{srv: tt.srv, fail: tt.fail}, tt.domain)
			if !errors.Is(err, tt.err) || targetText(got) != tt.want {
				t.Errorf("got %q, %v, want %q, %v", targetText(got), err, tt.want, tt.err)
			}
		})
	}
}

func targetText(ts []target) string {
	var words []string
	for _, t := range ts {
		w := t.String()
		if t.direct {
			w += "!"
		}
		words = append(words, w)
	}
	return strings.Join(words, " ")
}

func TestFindTargetsHangingResolver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		got, err := findTargets(context.Background(), &fakeResolver{hang: true}, "example.test")
		if err != nil || targetText(got) != "example.test:5222 example.test:5223!" {
			t.Errorf("got %q, %v", targetText(got), err)
		}
		if took := time.Since(begun); took != lookupTimeout {
			t.Errorf("it took %v", took)
		}
	})
}

func TestOrderTargets(t *testing.T) {
	recs := func() []ranked {
		return []ranked{
			{target{host: "b"}, 2, 0},
			{target{host: "heavy"}, 1, 60},
			{target{host: "light"}, 1, 20},
			{target{host: "zero"}, 1, 0},
		}
	}
	// The number drawn counts along the weights, the lightest first.
	for draw, want := range map[int]string{0: "zero", 1: "light", 20: "light", 21: "heavy", 80: "heavy"} {
		drawn := false
		got := orderTargets(recs(), func(n int) int {
			if drawn {
				return 0
			}
			drawn = true
			if n != 81 {
				t.Errorf("drawn from %d, want 81", n)
			}
			return draw
		})
		if got[0].host != want || len(got) != 4 || got[3].host != "b" {
			t.Errorf("draw %d: got %v", draw, got)
		}
	}

	var many []ranked
	for i := range 30 {
		many = append(many, ranked{target{host: "h", port: uint16(i + 1)}, uint16(30 - i), 0})
	}
	got := orderTargets(many, func(int) int { return 0 })
	if len(got) != maxTargets || got[0].port != 30 {
		t.Errorf("got %v", got)
	}
}

func TestASCIIHost(t *testing.T) {
	tests := []struct{ in, want string }{
		{"Example.TEST", "example.test"},
		{"example.test.", "example.test"},
		{"Bücher.test", "xn--bcher-kva.test"},
		{"xn--bcher-kva.test", "xn--bcher-kva.test"},
		{"faß.test", "xn--fa-hia.test"},
		{"my_host.test", "my_host.test"},
		{"127.0.0.1", "127.0.0.1"},
		{"[2001:DB8::1]", "2001:db8::1"},
		{"::1", "::1"},
		{"localhost", "localhost"},
		{"", ""},
		{".", ""},
		{"a b", ""},
		{"a/b", ""},
		{"user@host", ""},
		{"host:5222", ""},
		{"a\u2028b", ""},
	}
	for _, tt := range tests {
		got, err := asciiHost(tt.in)
		if got != tt.want || (err == nil) != (tt.want != "") {
			t.Errorf("%q: got %q, %v, want %q", tt.in, got, err, tt.want)
		}
	}
}

func TestSetTargets(t *testing.T) {
	for port, want := range map[uint16]string{
		0:     "h:5222 h:5223!",
		5222:  "h:5222 h:5222!",
		5223:  "h:5223! h:5223",
		443:   "h:443! h:443",
		15222: "h:15222 h:15222!",
	} {
		if got := targetText(setTargets("h", port)); got != want {
			t.Errorf("%d: got %q, want %q", port, got, want)
		}
	}
}
