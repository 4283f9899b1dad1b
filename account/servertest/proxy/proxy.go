// Package proxy is a line to a server that goes wrong when it is told to: it
// is cut, stalls, gets slow, or loses what goes one way.
package proxy

import (
	"context"
	"net"
	"sync"
	"time"
)

// Direction is a way through a line.
type Direction uint8

// The directions; the zero value is none.
const (
	Neither Direction = iota
	Up                // to the server
	Down              // from the server
)

// Conditions say how a line is. The zero value is a good one.
type Conditions struct {
	Delay time.Duration // of everything, each way
	Rate  int           // bytes a second, each way; 0 is no limit
	Stall bool          // nothing gets through, and nothing is lost

	// Lose is the way on which everything is taken and lost, without a word
	// to who sent it. A connection to which that happened is reset when it ends.
	Lose Direction
}

// Line is a port on 127.0.0.1 that leads to a server. Its methods may be
// called from any goroutine.
type Line struct {
	ln     net.Listener
	server string
	ctx    context.Context // ends with Close
	cancel context.CancelFunc
	all    sync.WaitGroup

	mu      sync.Mutex
	is      Conditions
	changed chan struct{} // closed when is changes
	conns   map[*conn]struct{}
}

// New opens a line to the server at an address, host:port, which need not
// answer yet: who connects while it does not is cut off. Close ends the line.
func New(server string) (*Line, error) {
	ln, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	l := &Line{ln: ln, server: server, changed: make(chan struct{}), conns: make(map[*conn]struct{})}
	l.ctx, l.cancel = context.WithCancel(context.Background())
	l.all.Go(func() {
		for {
			client, err := ln.Accept()
			if err != nil {
				return
			}
			l.all.Go(func() { l.serve(client.(*net.TCPConn)) })
		}
	})
	return l, nil
}

// Port is where the line begins.
func (l *Line) Port() uint16 { return uint16(l.ln.Addr().(*net.TCPAddr).Port) }

// Close cuts all connections and takes no more. It returns when nothing of the
// line is left.
func (l *Line) Close() {
	l.cancel()
	l.ln.Close()
	l.Cut()
	l.all.Wait()
}

// Set changes how the line is from now on.
func (l *Line) Set(to Conditions) {
	l.mu.Lock()
	defer l.mu.Unlock()
	ends := l.is.Lose != to.Lose
	l.is = to
	close(l.changed)
	l.changed = make(chan struct{})
	for c := range l.conns {
		if ends && c.harmed {
			c.reset()
		}
	}
}

// Cut closes all connections now, on both sides.
func (l *Line) Cut() { l.each((*conn).close) }

// Reset ends all connections now without closing them (TCP RST).
func (l *Line) Reset() { l.each((*conn).reset) }

// CutAfter closes each of the connections when n more bytes have come through,
// whichever way: as a rule in the middle of a TLS record, and so of a stanza.
// n is at least 1.
func (l *Line) CutAfter(n int) { l.each(func(c *conn) { c.limit(n) }) }

func (l *Line) each(f func(*conn)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for c := range l.conns {
		f(c)
	}
}

// serve is one connection, from its beginning to its end.
func (l *Line) serve(client *net.TCPConn) {
	var dialer net.Dialer
	server, err := dialer.DialContext(l.ctx, "tcp", l.server)
	if err != nil {
		client.Close()
		return
	}
	c := &conn{client: client, server: server.(*net.TCPConn), done: make(chan struct{}), left: -1}
	l.mu.Lock()
	l.conns[c] = struct{}{}
	if l.ctx.Err() != nil { // Close has not seen it
		c.close()
	}
	l.mu.Unlock()
	var both sync.WaitGroup
	both.Go(func() { l.carry(c, c.server, c.client, Up) })
	both.Go(func() { l.carry(c, c.client, c.server, Down) })
	both.Wait()
	l.mu.Lock()
	delete(l.conns, c)
	l.mu.Unlock()
}

const (
	// pieceSize is what is sent on at a time: small, so that even a slow line
	// gives a little at a time.
	pieceSize = 2 << 10
	// underWay is how many pieces fit into one way of a line.
	underWay = 128
)

// piece is what was read at once.
type piece struct {
	data []byte
	came time.Time
}

// carry takes one way of a connection through the line until either side ends it.
func (l *Line) carry(c *conn, to, from *net.TCPConn, way Direction) {
	queue := make(chan piece, underWay)
	var reader sync.WaitGroup
	defer reader.Wait()
	defer c.close()
	reader.Go(func() {
		defer close(queue)
		for {
			data := make([]byte, pieceSize)
			n, err := from.Read(data)
			select {
			case queue <- piece{data[:n], time.Now()}:
			case <-c.done:
				return
			}
			if err != nil {
				return
			}
		}
	})
	var free time.Time
	for p := range queue {
		if l.lets(c, way, p, &free) && !c.write(to, p.data) {
			return
		}
	}
}

// lets waits until the line lets a piece through; false means that it is lost.
// free is when the pieces before are through: a sleep that takes too long makes
// the next shorter, so that the rate holds on a busy machine as well.
func (l *Line) lets(c *conn, way Direction, p piece, free *time.Time) bool {
	for {
		l.mu.Lock()
		is, changed := l.is, l.changed
		lost := is.Lose == way
		c.harmed = c.harmed || lost
		l.mu.Unlock()
		switch {
		case lost:
			return false
		case is.Stall:
			select {
			case <-changed:
				continue
			case <-c.done:
				return false
			}
		}
		due := p.came.Add(is.Delay)
		if due.Before(*free) {
			due = *free
		}
		if is.Rate > 0 {
			due = due.Add(time.Duration(len(p.data)) * time.Second / time.Duration(is.Rate))
		}
		*free = due
		late := time.Until(due)
		if late <= 0 {
			return true
		}
		select {
		case <-time.After(late):
			return true
		case <-c.done:
			return false
		}
	}
}
