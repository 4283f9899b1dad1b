package stream

import (
	"context"
	"net"
	"sync/atomic"
	"time"
)

// activity remembers when something was last received.
type activity struct {
	base time.Time
	last atomic.Int64 // nanoseconds after base
}

func newActivity() *activity { return &activity{base: time.Now()} }

func (a *activity) touch()          { a.last.Store(int64(time.Since(a.base))) }
func (a *activity) when() time.Time { return a.base.Add(time.Duration(a.last.Load())) }

// activeConn notes every byte that arrives, so that a large element on a slow
// link does not look like silence, and has it acknowledged without delay.
type activeConn struct {
	net.Conn
	active *activity
	ack    func()
}

// Read implements net.Conn.
func (c *activeConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if n > 0 {
		c.active.touch()
		c.ack()
	}
	return n, err
}

// dialFunc is Config.Dial.
type dialFunc = func(ctx context.Context, network, address string) (net.Conn, error)

// watched gives connections that note what arrives.
func watched(dial dialFunc, a *activity) dialFunc {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		if tcp, ok := conn.(*net.TCPConn); ok {
			_ = tcp.SetWriteBuffer(writeBuffer) // the default works too
		}
		return &activeConn{conn, a, promptAck(conn)}, nil
	}
}
