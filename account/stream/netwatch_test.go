package stream

import (
	"context"
	"errors"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// machine is what netwatch looks at.
type machine struct {
	addrs atomic.Value
	slept atomic.Int64
}

func (m *machine) set(w *world) {
	m.addrs.Store("eth0 192.0.2.1")
	w.addrs = func() string { return m.addrs.Load().(string) }
	w.cfg.Now = func() time.Time { return time.Now().Add(time.Duration(m.slept.Load())) }
}

func TestNetworkChanges(t *testing.T) {
	for _, row := range []struct {
		name    string
		change  func(*machine)
		noticed bool
	}{
		{"another network", func(m *machine) { m.addrs.Store("wlan0 198.51.100.7") }, true},
		{"woken", func(m *machine) { m.slept.Add(int64(time.Hour)) }, true},
		{"network gone", func(m *machine) { m.addrs.Store("") }, false},
		{"clock set right", func(m *machine) { m.slept.Add(int64(time.Second)) }, false},
		{"clock set back", func(m *machine) { m.slept.Add(-int64(time.Hour)) }, false},
	} {
		t.Run(row.name+" while waiting", func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				var m machine
				w := newWorld(t, func(w *world) {
					m.set(w)
					w.refuse = func() error { return errors.New("refused") }
				})
				defer w.end()
				for range 10 { // until the delay is long
					<-w.tries
				}
				synctest.Wait()
				begun := time.Now()
				row.change(&m)
				took := (<-w.tries).Sub(begun)
				if noticed := took <= watchWaiting; noticed != row.noticed {
					t.Errorf("tried after %v", took)
				}
			})
		})
		t.Run(row.name+" while online", func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				var m machine
				w := newWorld(t, m.set)
				defer w.end()
				p := w.online()
				begun := time.Now()
				row.change(&m)
				if s := p.next(); !isPing(s) {
					t.Errorf("sent %s", s.raw)
				}
				w.until(t, Waiting)
				took := time.Since(begun)
				if noticed := took <= watchOnline+soonTime; noticed != row.noticed {
					t.Errorf("noticed after %v", took)
				}
				go w.online().obey()
			})
		})
	}
}

// A portal of a hotel answers in place of the server. On the next network
// nobody has to be asked. A wrong password stays wrong there.
func TestNetworkChangesAfterFailure(t *testing.T) {
	for _, row := range []struct {
		err   error
		again bool
	}{
		{&CertificateError{Reason: CertUnknownIssuer}, true},
		{ErrNoTLS, true},
		{&AuthError{Reason: AuthWrongPassword}, false},
		{&StreamError{Condition: "conflict"}, false},
	} {
		inBubble(t, func(t *testing.T) {
			var m machine
			w := newWorld(t, func(w *world) {
				m.set(w)
				w.refuse = func() error { return row.err }
			})
			defer w.end()
			<-w.tries
			w.until(t, Failed)
			time.Sleep(24 * time.Hour)
			if len(w.tries) > 0 {
				t.Fatal("tried again by itself")
			}
			m.addrs.Store("wlan0 198.51.100.7")
			time.Sleep(watchWaiting)
			synctest.Wait()
			if again := len(w.tries) > 0; again != row.again {
				t.Errorf("%v: tried again on the next network is %v", row.err, again)
			}
		})
	}
}

// Who is looking for the server on a network that is gone begins anew on the
// next one, once: a network that keeps changing must not keep us from getting
// through.
func TestNetworkChangesWhileConnecting(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		var m machine
		begun := time.Now()
		tries := make(chan time.Duration, 100)
		ended := make(chan error, 100)
		w := newWorld(t, func(w *world) {
			m.set(w)
			w.connect = func(ctx context.Context, _ *Config) (*link, error) {
				tries <- time.Since(begun)
				ctx, cancel := context.WithTimeout(ctx, connectTimeout)
				defer cancel()
				<-ctx.Done()
				ended <- context.Cause(ctx)
				return nil, context.Cause(ctx)
			}
		})
		defer w.end()
		<-tries
		time.Sleep(5 * time.Second)
		m.addrs.Store("wlan0 198.51.100.7")
		if second := <-tries; second < 5*time.Second || second > 5*time.Second+watchWaiting {
			t.Errorf("began anew after %v", second)
		}
		<-ended
		time.Sleep(10 * time.Second)
		m.addrs.Store("wlan0 198.51.100.8")
		if err := <-ended; !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("given up once more: %v", err)
		}
		if s := w.until(t, Waiting); !errors.Is(s.Err, context.DeadlineExceeded) {
			t.Errorf("waiting because of %v", s.Err)
		}
	})
}

// A network that comes back after it was lost is another one, even when it has
// the same address.
func TestNetworkComesBack(t *testing.T) {
	addrs := "a"
	w := newNetwatch(time.Now, func() string { return addrs })
	for _, row := range []struct {
		addrs string
		want  bool
	}{{"a", false}, {"", false}, {"a", true}, {"a", false}, {"b", true}} {
		addrs = row.addrs
		if got := w.changed(); got != row.want {
			t.Errorf("%q: %v", row.addrs, got)
		}
	}
}

func TestLocalAddrs(t *testing.T) {
	ifaces, err := net.Interfaces()
	if err != nil {
		t.Fatal(err)
	}
	got := localAddrs()
	if strings.Contains(got, "127.0.0.1") || strings.Contains(got, "fe80:") {
		t.Errorf("of %d interfaces: %s", len(ifaces), got)
	}
	if got != localAddrs() {
		t.Error("two looks differ")
	}
}
