package proxy

import (
	"net"
	"sync"
)

// conn is one connection through a line.
type conn struct {
	client, server *net.TCPConn
	harmed         bool // something of it was lost; guarded by Line.mu

	mu   sync.Mutex
	left int           // bytes that still get through; -1 is no limit
	over bool          // both sides are closed
	done chan struct{} // closed with over
}

func (c *conn) close() { c.end(false) }

// reset ends the connection without closing it.
func (c *conn) reset() { c.end(true) }

func (c *conn) end(abruptly bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.over {
		return
	}
	c.over = true
	close(c.done)
	for _, side := range []*net.TCPConn{c.client, c.server} {
		if abruptly {
			_ = side.SetLinger(0) // fails where the other side has ended it, which is as good
		}
		side.Close()
	}
}

func (c *conn) limit(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.left = n
}

// write sends a piece on as far as the limit allows. It is false when the
// connection is over.
func (c *conn) write(to *net.TCPConn, data []byte) bool {
	c.mu.Lock()
	if c.left >= 0 {
		data = data[:min(len(data), c.left)]
		c.left -= len(data)
	}
	last := c.left == 0
	c.mu.Unlock()
	_, err := to.Write(data)
	return err == nil && !last
}
