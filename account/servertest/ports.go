//go:build unix

package servertest

import (
	"fmt"
	"math/rand/v2"
	"net"
)

// Ports are looked for below the range from which systems take the local ports
// of outgoing connections, so that only another listener can take one between
// our look and the server's bind; the server's log tells when that happened.
const (
	firstPort = 20000
	lastPort  = 32000
)

// freePorts finds n different ports nothing listens on.
func freePorts(n int) ([]uint16, error) {
	var ports []uint16
	held := make([]net.Listener, 0, n) // held until the end, so that all differ
	defer func() {
		for _, l := range held {
			l.Close()
		}
	}()
	for range 1000 {
		port := uint16(firstPort + rand.IntN(lastPort-firstPort))
		l, err := net.Listen("tcp4", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil {
			continue
		}
		held = append(held, l)
		if ports = append(ports, port); len(ports) == n {
			return ports, nil
		}
	}
	return nil, fmt.Errorf("no free ports between %d and %d", firstPort, lastPort)
}
