package stream

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// keeper is a server that keeps a stream across its links, as XEP-0198 has it,
// and cuts them.
type keeper struct {
	t *testing.T

	mu    sync.Mutex
	got   []string // ids of the messages received
	count uint32   // stanzas received on the stream
	out   []string // not acknowledged yet
	acked uint32
	sent  int           // how many of out were, on this link
	kicks chan struct{} // there is something in out; holds one signal
}

// say queues something for the client.
func (k *keeper) say(stanza string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.out = append(k.out, stanza)
	signal(k.kicks)
}

// serve is one link. It ends with the connection, or after budget bytes, in
// the middle of what is sent or received then.
func (k *keeper) serve(p *peer, budget int) {
	end := &cutConn{Conn: p.conn, budget: budget}
	p.conn = end
	p.in.r = end
	defer end.Close()
	first, err := p.read()
	if err != nil {
		return
	}
	k.mu.Lock()
	answer := ""
	if first.XMLName.Local == "resume" {
		var h uint32
		fmt.Sscanf(first.raw[strings.Index(first.raw, " h='"):], " h='%d'", &h)
		k.acknowledge(h)
		answer = resumedText(k.count)
	}
	k.sent = 0
	k.mu.Unlock()
	if answer == "" {
		if k.count > 0 {
			k.t.Errorf("the stream is given up: %s", first.raw)
			return
		}
		p.beginWith(first, enabledText)
	} else {
		p.send(answer)
	}
	done := make(chan struct{})
	var writer sync.WaitGroup
	writer.Go(func() { k.write(p, done) })
	k.read(p)
	close(done)
	end.Close()
	writer.Wait()
}

func (k *keeper) acknowledge(h uint32) {
	n := h - k.acked
	if int(n) > len(k.out) {
		k.t.Errorf("the client has %d stanzas of %d", h, k.acked+uint32(len(k.out)))
		return
	}
	k.out, k.acked = k.out[n:], h
	k.sent = max(0, k.sent-int(n))
}

func (k *keeper) write(p *peer, done chan struct{}) {
	signal(k.kicks)
	for {
		select {
		case <-done:
			return
		case <-k.kicks:
		}
		k.mu.Lock()
		text := strings.Join(k.out[k.sent:], "") + askText
		k.sent = len(k.out)
		k.mu.Unlock()
		p.send(text)
	}
}

func (k *keeper) read(p *peer) {
	for {
		s, err := p.read()
		if err != nil {
			return
		}
		k.mu.Lock()
		switch {
		case s.XMLName.Local == "a":
			var h uint32
			fmt.Sscanf(s.raw[strings.Index(s.raw, " h='"):], " h='%d'", &h)
			k.acknowledge(h)
		case s.XMLName.Local == "message":
			k.got = append(k.got, s.ID)
			k.count++
		case s.XMLName.Local == "iq":
			k.count++
			k.out = append(k.out, "<iq type='result' from='example.org' id='"+s.ID+"'/>")
			signal(k.kicks)
		case s.XMLName.Local == "presence":
			k.count++
		}
		count := k.count
		k.mu.Unlock()
		if s.XMLName.Local == "r" {
			p.send(ackText(count))
		}
	}
}

// cutConn is cut after some bytes, counted in both directions.
type cutConn struct {
	net.Conn
	writing sync.Mutex // nothing comes behind the part that is cut
	mu      sync.Mutex
	budget  int
}

func (c *cutConn) spend(p []byte) []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := min(len(p), max(0, c.budget))
	c.budget -= len(p)
	return p[:n]
}

func (c *cutConn) Write(p []byte) (int, error) {
	c.writing.Lock()
	defer c.writing.Unlock()
	part := c.spend(p)
	n, err := c.Conn.Write(part)
	if err == nil && n < len(p) {
		c.Conn.Close()
		err = net.ErrClosed
	}
	if errors.Is(err, net.ErrClosed) {
		return len(p), nil // reading tells
	}
	return n, err
}

func (c *cutConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if kept := len(c.spend(p[:n])); kept < n {
		c.Conn.Close()
		return kept, net.ErrClosed
	}
	return n, err
}

// TestCutsLoseNothing cuts the link again and again at random places, most of
// them in the middle of a stanza, while the Handler is slow at times and fails
// at others. Whatever is sent arrives once, in order, and each request is
// answered.
func TestCutsLoseNothing(t *testing.T) {
	const messages, rounds, seeds = 300, 40, 12
	for seed := range uint64(seeds) {
		inBubble(t, func(t *testing.T) {
			rnd := rand.New(rand.NewPCG(seed, 198))
			var received []string
			all := make(chan struct{})
			w := newManagedWorld(t, func(w *world) {
				mood := rand.New(rand.NewPCG(seed, 1))
				failed := false
				w.handle = func(b []*Stanza) error {
					feels := mood.IntN(12)
					if failed = feels == 0 && !failed; failed { // never so often that something is dropped
						return errors.New("the disk is full")
					}
					switch feels {
					case 1, 2, 3: // longer than it takes to have the next link
						time.Sleep(time.Duration(mood.IntN(1000)) * time.Millisecond)
					}
					for _, st := range b {
						received = append(received, st.ID)
						if len(received) == messages {
							close(all)
						}
					}
					return nil
				}
			})
			k := &keeper{t: t, kicks: make(chan struct{}, 1)}
			again := make(chan struct{})
			go func() {
				defer close(again)
				for {
					select {
					case s := <-w.states:
						if s.Phase == Waiting {
							w.Retry()
						}
					case <-w.done:
						return
					}
				}
			}()
			links := 0
			var serving sync.WaitGroup
			serving.Go(func() {
				for {
					select {
					case p := <-w.links:
						budget := 1 << 40
						if links++; links < rounds {
							budget = 300 + rnd.IntN(5000)
						}
						if links == 1 {
							budget += 1500 // signing in is not what is tried here
						}
						k.serve(p, budget)
					case <-w.done:
						return
					}
				}
			})
			var last uint64
			var asking sync.WaitGroup
			for i := range messages {
				k.say(fmt.Sprintf("<message id='%d'><body>%s</body></message>", i, strings.Repeat("x", i%50)))
				for {
					token, err := w.Post(struct {
						XMLName struct{} `xml:"message"`
						ID      int      `xml:"id,attr"`
						Body    string   `xml:"body"`
					}{ID: i, Body: strings.Repeat("y", i%70)})
					if err == nil {
						last = token
						break
					}
					if !errors.Is(err, ErrOffline) {
						t.Errorf("post: %v", err)
					}
					time.Sleep(50 * time.Millisecond)
				}
				if i%20 == 0 {
					asking.Go(func() {
						err := w.IQ(t.Context(), testSelf.Domain(), "get", pingOut{}, nil)
						if err != nil && !errors.Is(err, ErrOffline) {
							t.Errorf("seed %d: request: %v", seed, err)
						}
					})
				}
			}
			select {
			case <-all:
			case <-time.After(24 * time.Hour):
				t.Errorf("seed %d: messages are missing", seed)
			}
			for acked := uint64(0); acked < last; acked = <-w.acks {
			}
			asking.Wait()
			w.end()
			serving.Wait()
			<-again
			want := make([]string, messages)
			for i := range want {
				want[i] = fmt.Sprint(i)
			}
			if !slices.Equal(received, want) {
				t.Errorf("seed %d: the client received %v", seed, received)
			}
			if !slices.Equal(k.got, want) {
				t.Errorf("seed %d: the server received %v", seed, k.got)
			}
			if links < rounds/4 {
				t.Errorf("seed %d: only %d links", seed, links)
			}
		})
	}
}
