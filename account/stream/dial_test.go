package stream

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// fakeNet is what becomes of a dial, by address: it takes so long, and then
// fails or not. What it has no entry for never answers.
type fakeNet struct {
	t     *testing.T
	after map[string]time.Duration
	err   map[string]error

	mu    sync.Mutex
	began []string // "address@time since the start"
	start time.Time
	open  int
}

type countedConn struct {
	net.Conn
	name string
	n    *fakeNet
}

func (c countedConn) Close() error {
	c.n.mu.Lock()
	defer c.n.mu.Unlock()
	c.n.open--
	return nil
}

func (n *fakeNet) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	n.mu.Lock()
	n.began = append(n.began, addr+"@"+time.Since(n.start).String())
	n.mu.Unlock()
	if network != "tcp" {
		n.t.Errorf("network %q", network)
	}
	after, answers := n.after[addr]
	if !answers {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	time.Sleep(after)
	if err := n.err[addr]; err != nil {
		return nil, err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.open++
	return countedConn{name: addr, n: n}, nil
}

func TestReach(t *testing.T) {
	const (
		v4a, v4b = "192.0.2.1:5222", "192.0.2.2:5222"
		v6a, v6b = "[2001:db8::1]:5222", "[2001:db8::2]:5222"
	)
	refused := errors.New("connection refused")
	ms := time.Millisecond
	all := []string{"2001:db8::1", "2001:db8::2", "192.0.2.1", "192.0.2.2"}
	tests := []struct {
		name  string
		host  string
		addrs []string
		after map[string]time.Duration
		err   map[string]error
		won   string
		began string
		fail  error
		took  time.Duration
	}{
		{"first answers", "h", all, map[string]time.Duration{v6a: 20 * ms}, nil, v6a, v6a + "@0s", nil, 20 * ms},
		{"first is slow", "h", all, map[string]time.Duration{v6a: 900 * ms, v4a: 10 * ms}, nil, v4a, v6a + "@0s " + v4a + "@250ms", nil, 260 * ms},
		{
			"first wins late", "h", all,
			map[string]time.Duration{v6a: 600 * ms, v4a: 10 * time.Second},
			nil, v6a,
			v6a + "@0s " + v4a + "@250ms " + v6b + "@500ms", nil, 600 * ms,
		},
		{
			"first refuses", "h", all,
			map[string]time.Duration{v6a: 10 * ms, v4a: 10 * ms},
			map[string]error{v6a: refused},
			v4a,
			v6a + "@0s " + v4a + "@10ms", nil, 20 * ms,
		},
		{
			"all refuse", "h", all[1:3],
			map[string]time.Duration{v6b: ms, v4a: ms},
			map[string]error{v6b: refused, v4a: refused},
			"",
			v6b + "@0s " + v4a + "@1ms", refused, 2 * ms,
		},
		{"none answers", "h", all, nil, nil, "", v6a + "@0s " + v4a + "@250ms " + v6b + "@500ms " + v4b + "@750ms", context.DeadlineExceeded, targetTimeout},
		{"literal", "192.0.2.1", nil, map[string]time.Duration{v4a: ms}, nil, v4a, v4a + "@0s", nil, ms},
		{"mapped", "h", []string{"::ffff:192.0.2.1"}, map[string]time.Duration{v4a: ms}, nil, v4a, v4a + "@0s", nil, ms},
		{"two at once", "h", all, map[string]time.Duration{v6a: 300 * ms, v4a: 50 * ms}, nil, "", v6a + "@0s " + v4a + "@250ms", nil, 300 * ms},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := &fakeResolver{addrs: map[string][]netip.Addr{}}
				for _, a := range tt.addrs {
					r.addrs["h"] = append(r.addrs["h"], netip.MustParseAddr(a))
				}
				n := &fakeNet{t: t, after: tt.after, err: tt.err, start: time.Now()}
				d := newDialer(&Config{Resolver: r, Dial: n.dial})
				conn, err := d.reach(t.Context(), target{host: tt.host, port: 5222})
				took := time.Since(n.start)
				if !errors.Is(err, tt.fail) {
					t.Fatalf("got %v, want %v", err, tt.fail)
				}
				if took != tt.took {
					t.Errorf("took %v, want %v", took, tt.took)
				}
				time.Sleep(time.Minute) // for the slow ones to be closed
				synctest.Wait()
				n.mu.Lock()
				defer n.mu.Unlock()
				if got := strings.Join(n.began, " "); got != tt.began {
					t.Errorf("began %s\nwant  %s", got, tt.began)
				}
				want := 0
				if conn != nil {
					want = 1
					if got := conn.(countedConn).name; tt.won != "" && got != tt.won {
						t.Errorf("%s won, want %s", got, tt.won)
					}
					if last := d.tried[len(d.tried)-1]; last.Err != nil || last.Address == "" {
						t.Errorf("the last attempt is %+v", last)
					}
				}
				if len(d.tried) != len(n.began) {
					t.Errorf("%d attempts are recorded", len(d.tried))
				}
				if n.open != want {
					t.Errorf("%d connections are open, want %d", n.open, want)
				}
			})
		})
	}
}

func TestReachLookupFails(t *testing.T) {
	for name, r := range map[string]*fakeResolver{
		"unknown": {},
		"empty":   {addrs: map[string][]netip.Addr{"h": {}}},
		"hanging": {hang: true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				begun := time.Now()
				d := newDialer(&Config{Resolver: r})
				if _, err := d.reach(t.Context(), target{host: "h", port: 1}); !errors.As(err, new(*net.DNSError)) {
					t.Fatalf("got %v", err)
				}
				if took := time.Since(begun); took > lookupTimeout {
					t.Errorf("took %v", took)
				}
				if len(d.tried) != 1 || d.tried[0].Target != "h:1" || d.tried[0].Address != "" || d.tried[0].Err == nil {
					t.Errorf("tried %+v", d.tried)
				}
			})
		})
	}
}

// TestConnectUnreached holds what the user is told when nothing answers.
func TestConnectUnreached(t *testing.T) {
	refused := errors.New("connection refused")
	tests := []struct {
		name   string
		config func(*Config)
		want   error
		tried  int
	}{
		{"refused", func(c *Config) {
			c.Dial = func(context.Context, string, string) (net.Conn, error) { return nil, refused }
		}, refused, 1},
		{"no such name", func(c *Config) { c.Host = "nowhere.test" }, nil, 2},
		{"no answer", func(c *Config) {
			c.Dial = func(ctx context.Context, _, _ string) (net.Conn, error) { <-ctx.Done(); return nil, ctx.Err() }
		}, context.DeadlineExceeded, 1},
		{"hanging resolver", func(c *Config) { c.Resolver = &fakeResolver{hang: true} }, nil, 2},
		{"not offered", func(c *Config) {
			c.Resolver = &fakeResolver{srv: map[string][]*net.SRV{"xmpp-client.example.test": {{Target: "."}}}}
		}, ErrNotOffered, 0},
		{"nonsense by hand", func(c *Config) { c.Host = "a b" }, nil, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				cfg := testConfig(t, newTestCA(t), nil)
				tt.config(cfg)
				_, err := connect(t.Context(), cfg)
				dial := new(DialError)
				if !errors.As(err, &dial) || len(dial.Tried) != tt.tried || err.Error() == "" {
					t.Fatalf("got %#v", err)
				}
				if tt.want != nil && !errors.Is(err, tt.want) {
					t.Fatalf("got %v, want %v", err, tt.want)
				}
			})
		})
	}
}
