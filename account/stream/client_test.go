package stream

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
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

func numbered(from, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "<message id='%d'><body>text</body></message>", from+i)
	}
	return b.String()
}

func TestBatchesAndOrder(t *testing.T) {
	const n = 5000
	inBubble(t, func(t *testing.T) {
		release := make(chan struct{})
		calls := 0
		w := newWorld(t, func(w *world) {
			w.handle = func([]*Stanza) error {
				calls++
				<-release
				return nil
			}
		})
		defer w.end()
		p := w.online()
		go p.obey()
		go p.send(numbered(0, n))
		synctest.Wait()
		close(release)
		for got := 0; got < n; {
			batch := <-w.batches
			if len(batch) > maxBatch {
				t.Errorf("a batch of %d", len(batch))
			}
			for _, st := range batch {
				if st.ID != fmt.Sprint(got) {
					t.Fatalf("stanza %s came as number %d", st.ID, got)
				}
				got++
			}
		}
		// One call for the first, then full ones while there was a backlog.
		if calls > n/2 {
			t.Errorf("%d calls for %d stanzas", calls, n)
		}
	})
}

// What waits for a slow handler takes a bounded amount of memory, whatever it
// is made of.
func TestWaitingStanzasAreBounded(t *testing.T) {
	for _, size := range []int{0, 1000, 1 << 20, 2 * maxWaitingBytes} {
		b, n := newInbox(), 0
		for b.offer(&Stanza{size: size}) {
			n++
		}
		if want := max(1, min(maxWaiting, maxWaitingBytes/max(size, 1))); n != want {
			t.Errorf("%d stanzas of %d bytes wait, want %d", n, size, want)
		}
		for n > 0 {
			run, _ := b.take()
			n -= len(run)
		}
		if b.bytes != 0 || b.stanzas != 0 || !b.offer(&Stanza{size: size}) {
			t.Errorf("there is no room when all are taken: %d bytes", b.bytes)
		}
	}
	const n = 10_000
	text := strings.Repeat("x", n)
	for _, row := range []struct {
		stanza string
		least  int
	}{
		{"<message><body>" + text + "</body></message>", n},
		{"<message a='" + text + "'/>", n},
		{"<message>" + strings.Repeat("<a/>", n) + "</message>", 2 * n * tokenSize},
	} {
		inBubble(t, func(t *testing.T) {
			w := newWorld(t, nil)
			defer w.end()
			p := w.online()
			go p.obey()
			p.send(row.stanza)
			if st := (<-w.batches)[0]; st.size < row.least {
				t.Errorf("%.20s... counts as %d bytes", row.stanza, st.size)
			}
		})
	}
}

// What was received before the link was lost is handed over before the loss
// is told.
func TestStanzasComeBeforeTheLoss(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		var handled atomic.Int32
		release := make(chan struct{})
		w := newWorld(t, func(w *world) {
			w.handle = func(b []*Stanza) error {
				<-release
				handled.Add(int32(len(b)))
				return nil
			}
		})
		defer w.end()
		p := w.online()
		p.send(numbered(0, 100))
		p.conn.Close()
		synctest.Wait()
		close(release)
		w.until(t, Waiting)
		if got := handled.Load(); got != 100 {
			t.Errorf("%d stanzas before the loss was told", got)
		}
		go w.online().obey()
	})
}

func TestPanicsCostOneStanza(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		gate := make(chan struct{})
		var seen []string
		w := newWorld(t, func(w *world) {
			w.handle = func(b []*Stanza) error {
				<-gate
				for _, st := range b {
					if st.ID == "3" {
						_ = b[len(b)]
					}
				}
				for _, st := range b {
					seen = append(seen, st.ID)
				}
				return nil
			}
		})
		defer w.end()
		p := w.online()
		p.send(numbered(0, 6))
		synctest.Wait()
		close(gate)
		synctest.Wait()
		if got := strings.Join(seen, ""); got != "01245" {
			t.Errorf("handled %s", got)
		}
		if err := p.alive(""); err != nil {
			t.Error(err)
		}
		p.send("<iq type='get' id='3'><a xmlns='b'/></iq>")
		if got := p.next(); got.ID != "3" || !strings.Contains(got.Inner, "service-unavailable") {
			t.Errorf("a request that made the handler panic got %s", got.raw)
		}
		go p.obey()
	})
}

type panicky struct{ *recorder }

func (p panicky) StateChanged(s State) {
	p.recorder.StateChanged(s)
	panic("state")
}

func (p panicky) Acknowledged(n uint64) {
	p.recorder.Acknowledged(n)
	panic("ack")
}

func TestPanicsInOtherCalls(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := newWorld(t, func(w *world) { w.h = panicky{w.recorder} })
		defer w.end()
		go w.online().obey()
		for range 2 {
			if _, err := w.Post(pingOut{}); err != nil {
				t.Fatal(err)
			}
			<-w.acks
		}
	})
}
