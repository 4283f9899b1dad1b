package stream

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// noticeWithin is what is promised to the user.
const noticeWithin = time.Minute

func wantSilent(t *testing.T, s State) {
	t.Helper()
	var pe *ProtocolError
	if !errors.As(s.Err, &pe) || pe.Reason != Silent {
		t.Errorf("waiting because of %v", s.Err)
	}
}

func TestQuietServerIsKept(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := newWorld(t, nil)
		defer w.end()
		p := w.online()
		go p.obey()
		time.Sleep(time.Hour)
		if s := w.State(); s.Phase != Online || len(w.tries) != 1 {
			t.Errorf("after an hour: %+v", s)
		}
	})
}

func TestBusyServerIsNotPinged(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := newWorld(t, nil)
		defer w.end()
		p := w.online()
		go func() {
			for range 100 {
				p.send("<message/>")
				time.Sleep(silence / 2)
			}
			p.conn.Close()
		}()
		if s, err := p.read(); err == nil {
			t.Errorf("sent %s", s.raw)
		}
		go w.online().obey()
	})
}

func TestSilentServerIsNoticed(t *testing.T) {
	for _, row := range []struct {
		name string
		act  func(t *testing.T, w *world, p *peer)
	}{
		{"reads and does not answer", func(_ *testing.T, _ *world, p *peer) {
			for {
				if _, err := p.read(); err != nil {
					return
				}
			}
		}},
		{"does not read", func(*testing.T, *world, *peer) {}},
		{"does not read large elements", func(t *testing.T, w *world, _ *peer) {
			const size = 10_000
			fill(t, w, size, 2*maxQueuedBytes/size+1)
		}},
		{"does not read small elements", func(t *testing.T, w *world, _ *peer) {
			fill(t, w, 0, 2*maxQueued+1)
		}},
		{"stops in the middle of an element", func(_ *testing.T, _ *world, p *peer) { p.send("<message><bo") }},
	} {
		t.Run(row.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				w := newWorld(t, nil)
				defer w.end()
				p := w.online()
				begun := time.Now()
				go row.act(t, w, p)
				wantSilent(t, w.until(t, Waiting))
				if took := time.Since(begun); took > noticeWithin {
					t.Errorf("noticed after %v", took)
				}
				go w.online().obey()
			})
		})
	}
}

// fill sends until the queue is full, which is after n messages at the latest:
// nobody who sends waits. The link's writer may have taken one queue full.
func fill(t *testing.T, w *world, size, n int) {
	m := struct {
		XMLName struct{} `xml:"message"`
		Body    string   `xml:"body"`
	}{Body: strings.Repeat("x", size)}
	var err error
	for i := 0; i < n && err == nil; i++ {
		err = w.Send(m)
	}
	if !errors.Is(err, ErrBusy) {
		t.Errorf("sending ended with %v", err)
	}
	if _, err := w.Post(m); !errors.Is(err, ErrBusy) {
		t.Errorf("posting ended with %v", err)
	}
}

// A server that talks without listening is of no use either.
func TestStuckWritesAreNoticed(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := newWorld(t, nil)
		defer w.end()
		p := w.online()
		begun := time.Now()
		if err := w.Send(pingOut{}); err != nil {
			t.Fatal(err)
		}
		talked := make(chan struct{})
		go func() {
			defer close(talked)
			for time.Since(begun) < noticeWithin {
				p.send("<presence/>")
				time.Sleep(time.Second)
			}
		}()
		wantSilent(t, w.until(t, Waiting))
		if took := time.Since(begun); took > noticeWithin {
			t.Errorf("noticed after %v", took)
		}
		go w.online().obey()
		<-talked
	})
}

// A server that talks, listens and never answers confirms nothing.
func TestTalkIsNoAnswer(t *testing.T) {
	for _, row := range []struct {
		name  string
		talk  string
		every time.Duration
		limit time.Duration
	}{
		{"stanzas", "<presence/>", time.Second, confirmTime + noticeWithin},
		{"white space", " ", time.Second, elementTime + noticeWithin},
		{"an element without end", "<a>", answerTime / 2, elementTime + noticeWithin},
	} {
		t.Run(row.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				w := newWorld(t, nil)
				defer w.end()
				p := w.online()
				go func() {
					for {
						if _, err := p.read(); err != nil {
							return
						}
					}
				}()
				begun := time.Now()
				if _, err := w.Post(pingOut{}); err != nil {
					t.Fatal(err)
				}
				quiet := make(chan struct{})
				go func() {
					defer close(quiet)
					for time.Since(begun) < 2*elementTime {
						p.send(row.talk)
						time.Sleep(row.every)
					}
				}()
				wantSilent(t, w.until(t, Waiting))
				if took := time.Since(begun); took > row.limit {
					t.Errorf("noticed after %v", took)
				}
				go w.online().obey()
				<-quiet
			})
		})
	}
}

// A large element on a slow link is no silence.
func TestSlowElementIsNoSilence(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := newWorld(t, nil)
		defer w.end()
		p := w.online()
		go func() {
			for {
				if _, err := p.read(); err != nil {
					return
				}
			}
		}()
		if _, err := w.Post(pingOut{}); err != nil { // the ping behind it gets no answer
			t.Fatal(err)
		}
		p.send("<message id='slow'><body>")
		for range 100 {
			time.Sleep(answerTime / 2)
			p.send("x")
		}
		p.send("</body></message>")
		if b := <-w.batches; b[0].ID != "slow" {
			t.Errorf("got %+v", b[0])
		}
		if len(w.tries) != 1 {
			t.Error("the link was given up")
		}
	})
}

// Neither is a large one of ours.
func TestSlowWriteIsNoSilence(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := newWorld(t, nil)
		defer w.end()
		p := w.online()
		if _, err := w.Post(struct {
			XMLName struct{} `xml:"message"`
			Body    string   `xml:"body"`
		}{Body: strings.Repeat("x", 10*writeSize)}); err != nil {
			t.Fatal(err)
		}
		b := make([]byte, writeSize)
		for range 10 {
			time.Sleep(answerTime * 3 / 4)
			if _, err := io.ReadFull(p.conn, b); err != nil {
				t.Fatal(err)
			}
		}
		for rest := ""; !strings.Contains(rest, nsPing); {
			n, err := p.conn.Read(b)
			if err != nil {
				t.Fatalf("got %q, %v", rest, err)
			}
			rest += string(b[:n])
		}
		if len(w.tries) != 1 {
			t.Error("the link was given up")
		}
		begun := time.Now()
		wantSilent(t, w.until(t, Waiting)) // the ping is not answered
		if took := time.Since(begun); took > noticeWithin {
			t.Errorf("noticed after %v", took)
		}
		go w.online().obey()
	})
}

// While our own handler is at work, reading waits; that is not the server's
// silence.
func TestSlowHandlerIsNoSilence(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		release := make(chan struct{})
		w := newWorld(t, func(w *world) {
			w.handle = func([]*Stanza) error { <-release; return nil }
		})
		defer w.end()
		p := w.online()
		go p.obey()
		go p.send(numbered(0, 2*maxWaiting))
		time.Sleep(time.Hour)
		if s := w.State(); s.Phase != Online || len(w.tries) != 1 {
			t.Errorf("after an hour: %+v", s)
		}
		w.inbox.mu.Lock()
		if w.inbox.stanzas > maxWaiting {
			t.Errorf("%d stanzas wait", w.inbox.stanzas)
		}
		w.inbox.mu.Unlock()
		close(release)
		for got := 0; got < 2*maxWaiting; {
			got += len(<-w.batches)
		}
		time.Sleep(time.Hour)
		if s := w.State(); s.Phase != Online || len(w.tries) != 1 {
			t.Errorf("an hour later: %+v", s)
		}
	})
}

// A handler that takes long does not keep the client from connecting again.
func TestLinkLostWhileHandlerIsSlow(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		release := make(chan struct{})
		w := newWorld(t, func(w *world) {
			w.handle = func([]*Stanza) error { <-release; return nil }
		})
		defer w.end()
		p := w.online()
		go p.send(numbered(0, 2*maxWaiting))
		synctest.Wait()
		p.conn.Close()
		// Reading waits for the handler; writing tells.
		if err := w.Send(pingOut{}); err != nil {
			t.Fatal(err)
		}
		p = <-w.links
		go p.obey()
		synctest.Wait()
		if s := w.State(); s.Phase != Online {
			t.Errorf("state %+v", s)
		}
		close(release)
	})
}

func TestRetryWhileOnlineChecksTheLink(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := newWorld(t, nil)
		defer w.end()
		p := w.online()
		w.Retry()
		ping := p.next()
		if !isPing(ping) {
			t.Fatalf("sent %s", ping.raw)
		}
		time.Sleep(soonTime / 2)
		p.send("<iq type='result' id='" + ping.ID + "'/>")
		time.Sleep(soonTime * 2)
		if w.State().Phase != Online {
			t.Error("a link that works was given up")
		}
		begun := time.Now()
		w.Retry()
		p.next()
		wantSilent(t, w.until(t, Waiting))
		if took := time.Since(begun); took != soonTime {
			t.Errorf("noticed after %v", took)
		}
		go w.online().obey()
	})
}

// Asking again does not give a dead link more time.
func TestAskingAgainAndAgain(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := newWorld(t, nil)
		defer w.end()
		p := w.online()
		begun := time.Now()
		asked := make(chan struct{})
		go func() {
			defer close(asked)
			p.next()
			for range 10 {
				w.Retry()
				time.Sleep(soonTime / 3)
			}
		}()
		w.Retry()
		wantSilent(t, w.until(t, Waiting))
		if took := time.Since(begun); took != soonTime {
			t.Errorf("noticed after %v", took)
		}
		go w.online().obey()
		<-asked
	})
}
