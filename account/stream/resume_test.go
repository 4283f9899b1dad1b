package stream

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"mellium.im/xmpp/jid"
)

// TestCountsWrap lets both counts pass 2^32 in the middle of what is under way
// when the link is cut.
func TestCountsWrap(t *testing.T) {
	const near = ^uint32(0) - 1
	inBubble(t, func(t *testing.T) {
		w := newManagedWorld(t, nil)
		defer w.end()
		p := w.begin(enabledText)
		s, err := w.current()
		if err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		s.v.came.mu.Lock()
		s.v.came.handled, s.v.came.next = near, near+1
		s.v.came.mu.Unlock()
		s.v.out.mu.Lock()
		s.v.out.acked = near
		s.v.out.mu.Unlock()
		var tokens []uint64
		for i := range 5 {
			tokens = append(tokens, w.post(fmt.Sprint("line ", i)))
		}
		for range 5 {
			for p.next().XMLName.Local != "message" {
			}
		}
		p.send(numbered(0, 4) + ackText(^uint32(0)))
		if got := <-w.acks; got != tokens[0] {
			t.Errorf("confirmed %d, want %d", got, tokens[0])
		}
		w.ids(4)
		p.conn.Close()
		p = w.link()
		p.resume(2, resumedText(1))
		if got := <-w.acks; got != tokens[2] {
			t.Errorf("confirmed %d, want %d", got, tokens[2])
		}
		p.expect("line 3", "line 4", "r")
		p.send(ackText(3) + numbered(4, 1))
		if got := <-w.acks; got != tokens[4] {
			t.Errorf("confirmed %d, want %d", got, tokens[4])
		}
		if got := w.ids(1); got[0] != "4" {
			t.Errorf("received %v", got)
		}
		go p.serve(3)
	})
}

// TestArrivals holds the count of what is handled against what is waiting, for
// all orders in which the two ends of a batch may settle.
func TestArrivals(t *testing.T) {
	a := newArrivals()
	for want := uint32(1); want <= 4; want++ {
		if n, isNew, err := a.come(); n != want || !isNew || err != nil {
			t.Fatalf("came %d, %v, %v", n, isNew, err)
		}
	}
	if _, ok := a.wait(1); !ok {
		t.Fatal("the first may not wait")
	}
	a.ask()
	if a.settle(3); a.count() != 0 {
		t.Errorf("handled %d", a.count())
	}
	if h := a.rewind(); h != 0 {
		t.Errorf("rewound to %d", h)
	}
	var fresh []uint32
	for range 5 {
		if n, isNew, _ := a.come(); isNew {
			fresh = append(fresh, n)
		}
	}
	if !slices.Equal(fresh, []uint32{2, 4, 5}) {
		t.Errorf("new are %v", fresh)
	}
	a.refuse()
	if _, ok := a.wait(2); ok {
		t.Error("one waits behind one that was refused")
	}
	a.rewind()
	a.begin()
	if n, isNew, _ := a.come(); n != 1 || !isNew {
		t.Errorf("%d comes again and is new: %v", n, isNew)
	}
	if turn, ok := a.wait(1); !ok || a.stale(turn) {
		t.Error("what comes again may not wait")
	}
	for n := uint32(1); n <= 5; n++ {
		a.settle(n)
	}
	if a.count() != 5 {
		t.Errorf("handled %d", a.count())
	}
	for err := error(nil); err == nil; {
		if _, _, err = a.come(); a.next > 2*maxBehind {
			t.Fatal("what is behind has no bound")
		}
	}
}

// TestConnectResumes goes all the way with a whole server: the place it names
// for resuming is where we go first, and its certificate counts there as well.
func TestConnectResumes(t *testing.T) {
	ca := newTestCA(t)
	cert := ca.leaf(t, nil, "example.test")
	other := ca.leaf(t, nil, "other.test")
	wish := func(location string) *resumption {
		return &resumption{
			managed: managed{id: "s<1", location: location}, jid: jid.MustParse("alice@example.test/linnet.abc"),
			handled: func() uint32 { return 7 },
		}
	}
	answer := func(text string) func(*scripted) {
		return func(s *scripted) { s.resume = text }
	}
	for _, row := range []struct {
		name, location string
		server         script
		dialed         string
		resumed        bool
		err            error
	}{
		{"resumed", "", testServer(cert, answer(resumedText(3))), "192.0.2.1:5222", true, nil},
		{"at its place", "node1.example.test:5230", testServer(cert, answer(resumedText(3))), "192.0.2.7:5230", true, nil},
		{"at a place without port", "node1.example.test", testServer(cert, answer(resumedText(3))), "192.0.2.7:5222", true, nil},
		{"at no place", "node1.example.test:0", testServer(cert, answer(resumedText(3))), "192.0.2.1:5222", true, nil},
		{"refused", "", testServer(cert, answer("<failed xmlns='"+nsSM+"' h='3'/>")), "192.0.2.1:5222", false, nil},
		{"somebody else's place", "node1.example.test:5230", testServer(other, answer(resumedText(3))), "192.0.2.7:5230", false, &CertificateError{}},
	} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				serve := scriptedDial(t, row.server)
				var dialed []string
				cfg := testConfig(t, ca, func(ctx context.Context, network, addr string) (net.Conn, error) {
					dialed = append(dialed, addr)
					return serve(ctx, network, addr)
				})
				res := cfg.Resolver.(*fakeResolver)
				res.addrs["node1.example.test"] = append(res.addrs["node1.example.test"], netip.MustParseAddr("192.0.2.7"))
				cfg.resume = wish(row.location)
				l, err := connect(t.Context(), cfg)
				if len(dialed) == 0 || dialed[0] != row.dialed {
					t.Errorf("dialed %v", dialed)
				}
				if row.err != nil {
					if !errors.As(err, new(*CertificateError)) {
						t.Fatalf("got %v", err)
					}
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				defer l.close()
				if l.info.Resumed != row.resumed || (l.resumed != nil) != row.resumed || l.info.JID.String() != "alice@example.test/linnet.abc" {
					t.Errorf("got %+v", l.info)
				}
				if row.resumed && *l.resumed != 3 || !row.resumed && (cfg.resume.taken == nil || *cfg.resume.taken != 3) {
					t.Errorf("the server has %v, %v", l.resumed, cfg.resume.taken)
				}
			})
		})
	}
}

// TestManagedServerGoesSilent holds that questions take the place of pings: a
// dead link is noticed in time, and a quiet one is kept.
func TestManagedServerGoesSilent(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := newManagedWorld(t, nil)
		defer w.end()
		p := w.begin(enabledText)
		time.AfterFunc(time.Hour, func() { p.conn.SetReadDeadline(time.Now()) }) // no answer from then on
		got := uint32(0)
		for {
			s, err := p.read()
			if err != nil {
				break
			}
			if isStanza(s.XMLName.Local) {
				t.Errorf("sent %s", s.raw)
			}
			p.send(ackText(got))
		}
		if s := w.Client.State(); s.Phase != Online || len(w.tries) != 1 {
			t.Errorf("after an hour: %+v", s)
		}
		begun := time.Now()
		s := w.until(t, Waiting)
		wantSilent(t, s)
		if took := time.Since(begun); took > noticeWithin || !s.Resumable {
			t.Errorf("noticed after %v: %+v", took, s)
		}
		p = w.link()
		p.resume(0, resumedText(0))
		w.until(t, Online)
		go p.serve(0)
	})
}

// What is sent without wanting to know is asked about as well, so that the
// queue never fills with what the server has.
func TestBurstsAreAskedAbout(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := newManagedWorld(t, nil)
		defer w.end()
		p := w.begin(enabledText)
		go p.serve(0)
		for i := range 4 * maxQueued {
			if err := w.Send(line{Body: "x"}); err != nil {
				t.Fatalf("stanza %d: %v", i, err)
			}
			if i%burst == 0 {
				synctest.Wait()
			}
		}
		if err := w.Send(line{}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * silence)
		s, err := w.current()
		if err != nil {
			t.Fatal(err)
		}
		s.v.out.mu.Lock()
		defer s.v.out.mu.Unlock()
		if len(s.v.out.items) > 0 || s.v.out.bytes > 0 {
			t.Errorf("%d stanzas, %d bytes are kept", len(s.v.out.items), s.v.out.bytes)
		}
	})
}

// The last word says what was handled, so that nothing of it comes again.
func TestPoliteCloseAcknowledges(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := newManagedWorld(t, nil)
		p := w.begin(enabledText)
		p.send(numbered(0, 3))
		w.ids(3)
		synctest.Wait()
		w.stop()
		p.expect("unavailable")
		if got := p.count(); got != "3" {
			t.Errorf("handled %s", got)
		}
		if s, err := p.read(); err == nil || strings.Contains(s.raw, "resume") {
			t.Errorf("then came %s", s.raw)
		}
		p.send("</stream:stream>")
		<-w.done
	})
}
