package stream

import (
	"context"
	"errors"
	"net"
	"testing"
	"testing/synctest"
	"time"
)

// system is a machine that tells of its changes.
type system struct {
	machine
	news   chan bool     // whether there is another way out
	silent chan struct{} // closed: it tells no more
	ended  chan struct{} // closed when nobody listens any more
}

func (m *system) set(w *world) {
	m.machine.set(w)
	m.news, m.silent, m.ended = make(chan bool), make(chan struct{}), make(chan struct{})
	w.notify = func(ctx context.Context, news func(moved bool)) error {
		defer close(m.ended)
		news(false)
		for {
			select {
			case moved := <-m.news:
				news(moved)
			case <-m.silent:
				return errors.New("closed")
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	}
}

// connAt gives a pipe the local address of a socket.
type connAt struct {
	net.Conn
	local net.Addr
}

func (c connAt) LocalAddr() net.Addr { return c.local }

// from makes the connections of a world come from an address.
func from(w *world, local string) {
	dial := w.cfg.Dial
	w.cfg.Dial = func(ctx context.Context, network, addr string) (net.Conn, error) {
		conn, err := dial(ctx, network, addr)
		if err != nil {
			return nil, err
		}
		return connAt{conn, &net.TCPAddr{IP: net.ParseIP(local), Port: 40000}}, nil
	}
}

// patient gives a world whose client waits for long, on a machine that has
// rested.
func patient(t *testing.T, m *system) *world {
	w := newWorld(t, func(w *world) {
		m.set(w)
		w.refuse = func() error { return errors.New("refused") }
	})
	for range 10 {
		<-w.tries
	}
	synctest.Wait()
	return w
}

func TestSystemTellsWhileWaiting(t *testing.T) {
	for _, row := range []struct {
		name   string
		change func(*system)
		within time.Duration
	}{
		{"another address", func(m *system) { m.move("wlan0 198.51.100.7"); m.news <- false }, settleTime},
		{"another way out", func(m *system) { m.news <- true }, settleTime},
		{"many things", func(m *system) {
			m.move("wlan0 198.51.100.7")
			for range 100 {
				m.news <- false
				time.Sleep(time.Millisecond)
			}
		}, settleTime},
		{"another address, and it is not told", func(m *system) { m.move("wlan0 198.51.100.7") }, watchTold + watchWaiting},
		{"woken, and it is not told", func(m *system) { m.slept.Add(int64(time.Hour)) }, watchWaiting},
		{"told no more", func(m *system) {
			close(m.silent)
			<-m.ended
			m.move("wlan0 198.51.100.7")
		}, watchWaiting},
	} {
		t.Run(row.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				var m system
				w := patient(t, &m)
				defer w.end()
				begun := time.Now()
				row.change(&m)
				if took := (<-w.tries).Sub(begun); took > row.within {
					t.Errorf("tried after %v, not within %v", took, row.within)
				}
			})
		})
	}
	for name, change := range map[string]func(*system){
		"nothing that matters":           func(m *system) { m.news <- false },
		"a way out, but there is no way": func(m *system) { m.move(); m.news <- true },
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				var m system
				w := patient(t, &m)
				defer w.end()
				change(&m)
				time.Sleep(10 * settleTime)
				synctest.Wait()
				if len(w.tries) > 0 {
					t.Error("tried again")
				}
			})
		})
	}
}

func TestSystemTellsWhileOnline(t *testing.T) {
	const own = "192.0.2.1"
	for _, row := range []struct {
		name  string
		from  string
		addrs []string
		lost  time.Duration // when the link is
		after time.Duration // which is looked at for so long
	}{
		{"own address gone", own, []string{"wlan0 198.51.100.7"}, settleTime, settleTime},
		{"all addresses gone", own, nil, settleTime, settleTime},
		{"one address more", own, []string{"eth0 192.0.2.1", "wlan0 198.51.100.7"}, settleTime + soonTime, settleTime},
		{"of the machine itself", "127.0.0.1", nil, 0, time.Minute},
		{"of no interface we see", "203.0.113.1", nil, 0, time.Minute},
	} {
		t.Run(row.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				var m system
				w := newWorld(t, func(w *world) {
					m.set(w)
					from(w, row.from)
				})
				defer w.end()
				p := w.online()
				synctest.Wait()
				begun := time.Now()
				m.move(row.addrs...)
				m.news <- false
				if row.lost == 0 {
					go p.obey()
					time.Sleep(row.after)
					synctest.Wait()
					if s := w.State(); s.Phase != Online {
						t.Errorf("lost by %v", s.Err)
					}
					return
				}
				if row.lost > settleTime {
					if s := p.next(); !isPing(s) || time.Since(begun) != settleTime {
						t.Errorf("after %v got %s", time.Since(begun), s.raw)
					}
				}
				s := w.until(t, Waiting)
				if took := time.Since(begun); took != row.lost || (row.lost == settleTime) != errors.Is(s.Err, errMoved) {
					t.Errorf("lost after %v by %v", took, s.Err)
				}
				go w.online().obey()
			})
		})
	}
}

// A network that never rests must not keep the machine busy.
func TestSystemNeverRests(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		var m system
		w := newWorld(t, m.set)
		defer w.end()
		go w.online().obey()
		before := m.looks.Load()
		for begun := time.Now(); time.Since(begun) < time.Minute; time.Sleep(time.Millisecond) {
			m.news <- false
		}
		if n, most := m.looks.Load()-before, int32(time.Minute/settleTime)+3; n > most || n < 10 {
			t.Errorf("looked %d times", n)
		}
		before = m.looks.Load()
		time.Sleep(10 * time.Minute)
		if n, most := m.looks.Load()-before, int32(10*time.Minute/watchTold)+2; n > most {
			t.Errorf("looked %d times at a network that rests", n)
		}
	})
}

func TestSystemIsLeft(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		var m system
		w := newWorld(t, m.set)
		go w.online().obey()
		w.end()
		select {
		case <-m.ended:
		default:
			t.Error("somebody still listens")
		}
	})
}
