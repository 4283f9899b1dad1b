package stream

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// machine is what netwatch looks at. It says nothing by itself.
type machine struct {
	addrs atomic.Value
	slept atomic.Int64
	looks atomic.Int32
}

func (m *machine) set(w *world) {
	m.move("eth0 192.0.2.1")
	w.addrs = func() ([]localAddr, error) {
		m.looks.Add(1)
		return m.addrs.Load().([]localAddr), nil
	}
	w.cfg.Now = func() time.Time { return time.Now().Add(time.Duration(m.slept.Load())) }
}

// move gives it other addresses.
func (m *machine) move(list ...string) { m.addrs.Store(at(list...)) }

func TestNetworkChanges(t *testing.T) {
	for _, row := range []struct {
		name    string
		change  func(*machine)
		noticed bool
	}{
		{"another network", func(m *machine) { m.move("wlan0 198.51.100.7") }, true},
		{"woken", func(m *machine) { m.slept.Add(int64(time.Hour)) }, true},
		{"network gone", func(m *machine) { m.move() }, false},
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
			m.move("wlan0 198.51.100.7")
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
		m.move("wlan0 198.51.100.7")
		if second := <-tries; second < 5*time.Second || second > 5*time.Second+watchWaiting {
			t.Errorf("began anew after %v", second)
		}
		<-ended
		time.Sleep(10 * time.Second)
		m.move("wlan0 198.51.100.8")
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
	var addrs []localAddr
	var fails error
	w := newNetwatch(time.Now, func() ([]localAddr, error) { return addrs, fails })
	a, b := at("a 192.0.2.1"), at("a 192.0.2.2")
	for i, row := range []struct {
		addrs []localAddr
		err   error
		want  bool
	}{
		{a, nil, true},
		{a, nil, false},
		{nil, nil, false},
		{a, nil, true},
		{a, nil, false},
		{b, nil, true},
		{nil, errors.New("cannot look"), false}, // which is no loss
		{b, nil, false},
	} {
		addrs, fails = row.addrs, row.err
		if got := w.changed(); got != row.want {
			t.Errorf("%d: %v", i, got)
		}
	}
}

func TestLocalAddrs(t *testing.T) {
	got, err := localAddrs()
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range got {
		if a.iface == "" || a.ip.IsLoopback() || a.ip.IsLinkLocalUnicast() || a.ip.Is4In6() {
			t.Errorf("%v", a)
		}
	}
	again, err := localAddrs()
	if err != nil || !slices.Equal(got, again) {
		t.Errorf("two looks differ: %v, %v, %v", got, again, err)
	}
}
