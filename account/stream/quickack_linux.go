package stream

import (
	"net"
	"syscall"
)

// promptAck makes the kernel acknowledge what has arrived on conn at once,
// each time it is called. By default it waits up to 40 ms for something to
// send along. A server that leaves Nagle's algorithm on, as Prosody does,
// meanwhile holds back all it writes next: its first stream header on TLS 1.3
// behind the session ticket, and each of several stanzas in a row.
func promptAck(conn net.Conn) func() {
	tcp, ok := conn.(*net.TCPConn)
	if !ok {
		return func() {}
	}
	raw, err := tcp.SyscallConn()
	if err != nil {
		return func() {}
	}
	set := func(fd uintptr) {
		// It makes things faster; nothing depends on it.
		_ = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, syscall.TCP_QUICKACK, 1)
	}
	return func() { _ = raw.Control(set) }
}
