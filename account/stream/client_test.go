package stream

import (
	"context"
	"errors"
	"io"
	"sync/atomic"
	"testing"
	"time"
)

func TestStatesInOrder(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := newWorld(t, nil)
		p := w.online()
		go p.obey()
		if s := w.State(); s.Phase != Online || !s.Info.JID.Equal(testSelf) {
			t.Errorf("state %+v", s)
		}
		p.conn.Close()
		s := w.until(t, Waiting)
		var pe *ProtocolError
		if !errors.As(s.Err, &pe) || pe.Reason != Closed || pe.Step != StepOnline {
			t.Errorf("waiting because of %v", s.Err)
		}
		if got := time.Until(s.RetryAt); got != firstDelay {
			t.Errorf("next try in %v", got)
		}
		if err := w.Send(pingOut{}); !errors.Is(err, ErrOffline) {
			t.Errorf("sent while waiting: %v", err)
		}
		w.until(t, Connecting)
		go w.online().obey()
		w.end()
		w.until(t, Stopped)
		if w.State().Phase != Stopped {
			t.Errorf("state at the end: %+v", w.State())
		}
	})
}

func TestDelaysGrow(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := newWorld(t, func(w *world) {
			w.refuse = func() error { return errors.New("refused") }
		})
		defer w.end()
		last := <-w.tries
		want := []time.Duration{1, 2, 4, 8, 16, 32, 64, 128, 180, 180, 180}
		for i, d := range want {
			now := <-w.tries
			if got := now.Sub(last); got != d*time.Second {
				t.Errorf("try %d came after %v, want %v", i+2, got, d*time.Second)
			}
			last = now
		}
		s := w.until(t, Waiting)
		if s.Err == nil || s.Err.Error() != "refused" {
			t.Errorf("waiting because of %v", s.Err)
		}
		// The user asks: at once, and with short delays again.
		time.Sleep(time.Second)
		w.Retry()
		now := <-w.tries
		if got := now.Sub(last); got != time.Second {
			t.Errorf("asked to, it tried after %v", got)
		}
		if got := (<-w.tries).Sub(now); got != firstDelay {
			t.Errorf("the try after that came after %v", got)
		}
	})
}

func TestBackoff(t *testing.T) {
	for _, j := range []float64{0, 0.25, 0.999999} {
		b := backoff{jitter: func() float64 { return j }}
		for i := range 100 {
			base := min(firstDelay<<min(i, 20), maxDelay)
			if d := b.next(false); d < base/2 || d > base*3/2 {
				t.Errorf("delay %d with jitter %v is %v", i, j, d)
			}
		}
		b.reset()
		if d := b.next(false); d > firstDelay*3/2 {
			t.Errorf("after a reset: %v", d)
		}
		b.reset()
		if d := b.next(true); d > resumeDelay*3/2 {
			t.Errorf("to resume: %v", d)
		}
		if d := b.next(true); d < firstDelay/2 {
			t.Errorf("to resume once more: %v", d)
		}
	}
}

// Delays start anew only after a connection that lasted.
func TestDelaysAfterConnections(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := newWorld(t, nil)
		defer w.end()
		for i, row := range []struct{ lasted, delay time.Duration }{
			{time.Second, 1 * time.Second},
			{time.Second, 2 * time.Second},
			{time.Second, 4 * time.Second},
			{stableAfter, 1 * time.Second},
			{time.Second, 2 * time.Second},
		} {
			p := w.online()
			go p.obey()
			time.Sleep(row.lasted)
			p.conn.Close()
			if got := time.Until(w.until(t, Waiting).RetryAt); got != row.delay {
				t.Errorf("loss %d: next try in %v, want %v", i, got, row.delay)
			}
		}
		go w.online().obey()
	})
}

func TestPermanentErrorsWaitForTheUser(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := newWorld(t, func(w *world) {
			w.refuse = func() error {
				signal(w.wake) // of a Retry that came too late for the wait before
				return &AuthError{Reason: AuthWrongPassword}
			}
		})
		defer w.end()
		for range 3 {
			<-w.tries
			s := w.until(t, Failed)
			var ae *AuthError
			if !errors.As(s.Err, &ae) {
				t.Errorf("failed because of %v", s.Err)
			}
			time.Sleep(24 * time.Hour)
			if len(w.tries) > 0 {
				t.Fatal("tried again by itself")
			}
			w.Retry()
		}
		<-w.tries
	})
}

// A server that starts listens before it has TLS: who has been there before
// comes again.
func TestNoTLSMayPass(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		var starting atomic.Bool
		starting.Store(true)
		w := newWorld(t, func(w *world) {
			w.refuse = func() error {
				if starting.Load() {
					return ErrNoTLS
				}
				return nil
			}
		})
		defer w.end()
		if s := w.until(t, Failed); !errors.Is(s.Err, ErrNoTLS) {
			t.Errorf("failed because of %v", s.Err)
		}
		starting.Store(false)
		w.Retry()
		p := w.online()
		go p.obey()
		starting.Store(true)
		p.conn.Close()
		for range 2 { // the first says that the link was lost
			w.until(t, Waiting)
		}
		starting.Store(false)
		go w.online().obey()
	})
}

func TestPoliteClose(t *testing.T) {
	for _, row := range []struct {
		name   string
		server func(p *peer)
		within time.Duration
	}{
		{"server agrees", func(p *peer) { p.send("</stream:stream>") }, 0},
		{"server closes", func(p *peer) { p.conn.Close() }, 0},
		{"server is silent", func(*peer) {}, goodbyeTime},
	} {
		t.Run(row.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				w := newWorld(t, nil)
				p := w.online()
				begun := time.Now()
				w.stop()
				if s := p.next(); s.XMLName.Local != "presence" || s.Type != "unavailable" {
					t.Errorf("left with %s", s.raw)
				}
				if _, err := p.read(); !errors.Is(err, io.EOF) {
					t.Errorf("after the presence: %v", err)
				}
				row.server(p)
				<-w.done
				if took := time.Since(begun); took > row.within {
					t.Errorf("took %v", took)
				}
			})
		})
	}
	t.Run("server does not read", func(t *testing.T) {
		inBubble(t, func(t *testing.T) {
			w := newWorld(t, nil)
			w.online()
			begun := time.Now()
			w.end()
			if took := time.Since(begun); took != goodbyeTime {
				t.Errorf("took %v", took)
			}
		})
	})
	t.Run("while connecting", func(t *testing.T) {
		inBubble(t, func(t *testing.T) {
			w := newWorld(t, func(w *world) {
				w.connect = func(ctx context.Context, _ *Config) (*link, error) {
					<-ctx.Done()
					return nil, ctx.Err()
				}
			})
			w.until(t, Connecting)
			w.end()
		})
	})
	t.Run("while waiting", func(t *testing.T) {
		inBubble(t, func(t *testing.T) {
			w := newWorld(t, func(w *world) {
				w.refuse = func() error { return errors.New("refused") }
			})
			w.until(t, Waiting)
			w.end()
		})
	})
}
