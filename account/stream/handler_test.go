package stream

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
)

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
