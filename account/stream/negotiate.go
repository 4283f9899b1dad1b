package stream

import (
	"context"
	"encoding/xml"
	"errors"
	"net"
)

// link is a connection that is ready for stanzas. Reading goes through in,
// which may hold bytes already; writing goes to conn. No deadline is set.
type link struct {
	conn     net.Conn
	in       *framer
	info     Info
	header   []byte              // the server's last stream header: the namespaces elements are read in
	features map[xml.Name][]byte // the features offered after signing in, each as received
	tried    []Attempt           // every address on the way here
	close    func()              // closes conn at once; any goroutine, any number of times
}

// connect finds the server of cfg.JID, signs in and binds a resource. It
// returns one of the errors of this package, or the cause of ctx when that
// ended first.
func connect(ctx context.Context, cfg *Config) (*link, error) {
	return nil, errors.New("not connected")
}
