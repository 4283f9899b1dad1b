package stream

import (
	"net"
	"syscall"
	"testing"
)

// What the server says next may wait for our acknowledgement of this.
func TestReadIsAcknowledgedAtOnce(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	ours, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer ours.Close()
	theirs, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer theirs.Close()
	raw, err := ours.(*net.TCPConn).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	option := func(f func(fd int) error) {
		t.Helper()
		if cerr := raw.Control(func(fd uintptr) { err = f(int(fd)) }); cerr != nil || err != nil {
			t.Fatal(cerr, err)
		}
	}
	option(func(fd int) error { return syscall.SetsockoptInt(fd, syscall.IPPROTO_TCP, syscall.TCP_QUICKACK, 0) })
	if _, err := theirs.Write([]byte("<proceed/>")); err != nil {
		t.Fatal(err)
	}
	c := &activeConn{ours, newActivity(), promptAck(ours)}
	if _, err := c.Read(make([]byte, 100)); err != nil {
		t.Fatal(err)
	}
	var on int
	option(func(fd int) (err error) {
		on, err = syscall.GetsockoptInt(fd, syscall.IPPROTO_TCP, syscall.TCP_QUICKACK)
		return err
	})
	if on != 1 {
		t.Error("the acknowledgement waits for something to send along")
	}
}
