package stream

import (
	"context"
	"encoding/binary"
	"errors"
	"os"
	"runtime"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// routeMessage is a message of rtnetlink(7).
func routeMessage(typ uint16, body ...byte) []byte {
	b := make([]byte, unix.SizeofNlMsghdr, 64)
	b = append(b, body...)
	binary.NativeEndian.PutUint32(b, uint32(len(b)))
	binary.NativeEndian.PutUint16(b[4:], typ)
	for len(b)%4 != 0 {
		b = append(b, 0)
	}
	return b
}

// aRoute is one to a network of so many bits.
func aRoute(typ uint16, bits, kind byte) []byte {
	return routeMessage(typ, unix.AF_INET, bits, 0, 0, unix.RT_TABLE_MAIN, unix.RTPROT_DHCP, unix.RT_SCOPE_UNIVERSE, kind, 0, 0, 0, 0)
}

func TestRouteNews(t *testing.T) {
	link := routeMessage(unix.RTM_NEWLINK, make([]byte, unix.SizeofIfInfomsg)...)
	for _, row := range []struct {
		name        string
		b           []byte
		some, moved bool
	}{
		{"nothing", nil, false, false},
		{"link", link, true, false},
		{"address", routeMessage(unix.RTM_NEWADDR, make([]byte, unix.SizeofIfAddrmsg)...), true, false},
		{"address gone", routeMessage(unix.RTM_DELADDR, make([]byte, unix.SizeofIfAddrmsg)...), true, false},
		{"neighbour", routeMessage(unix.RTM_NEWNEIGH, make([]byte, 12)...), false, false},
		{"way out", aRoute(unix.RTM_NEWROUTE, 0, unix.RTN_UNICAST), true, true},
		{"way out gone", aRoute(unix.RTM_DELROUTE, 0, unix.RTN_UNICAST), true, false},
		{"way to a network", aRoute(unix.RTM_NEWROUTE, 24, unix.RTN_UNICAST), false, false},
		{"no way out", aRoute(unix.RTM_NEWROUTE, 0, unix.RTN_UNREACHABLE), false, false},
		{"two of them", append(aRoute(unix.RTM_NEWROUTE, 24, unix.RTN_UNICAST), aRoute(unix.RTM_NEWROUTE, 0, unix.RTN_UNICAST)...), true, true},
		{"route without a body", routeMessage(unix.RTM_NEWROUTE), false, false},
		{"cut", link[:len(link)-5], true, false},
		{"garbage", []byte("garbage garbage garbage"), true, false},
	} {
		if some, moved := routeNews(row.b); some != row.some || moved != row.moved {
			t.Errorf("%s: %v, %v", row.name, some, moved)
		}
	}
}

// FuzzRouteNews: only the kernel sends these, and it may learn new words.
func FuzzRouteNews(f *testing.F) {
	f.Add(aRoute(unix.RTM_NEWROUTE, 0, unix.RTN_UNICAST))
	f.Add(routeMessage(unix.RTM_NEWLINK))
	f.Fuzz(func(t *testing.T, b []byte) {
		if some, moved := routeNews(b); moved && !some {
			t.Error("moved without any news")
		}
	})
}

// TestRouteSocket brings the one interface of a network of its own up, which
// takes rights that not everybody has.
func TestRouteSocket(t *testing.T) {
	type opened struct {
		f   *os.File
		err error
	}
	c := make(chan opened)
	go func() {
		runtime.LockOSThread() // and it ends with the goroutine: its network is another one
		if err := unix.Unshare(unix.CLONE_NEWNET); err != nil {
			c <- opened{err: err}
			return
		}
		f, err := openRoute()
		c <- opened{f, err}
		if err == nil {
			c <- opened{err: upLoopback()}
		}
	}()
	o := <-c
	if errors.Is(o.err, unix.EPERM) {
		t.Skip("no network of its own: ", o.err)
	}
	if o.err != nil {
		t.Fatal(o.err)
	}
	news, ended := make(chan bool, 100), make(chan error, 1)
	go func() { ended <- readRoute(o.f, func(moved bool) { news <- moved }) }()
	if o := <-c; o.err != nil {
		t.Fatal(o.err)
	}
	select {
	case moved := <-news:
		if moved {
			t.Error("the machine itself is no way out")
		}
	case <-time.After(time.Minute):
		t.Error("nothing is told")
	}
	o.f.Close()
	if err := <-ended; !errors.Is(err, os.ErrClosed) {
		t.Errorf("ended by %v", err)
	}
}

func upLoopback() error {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	r, err := unix.NewIfreq("lo")
	if err != nil {
		return err
	}
	r.SetUint16(unix.IFF_UP)
	return unix.IoctlIfreq(fd, unix.SIOCSIFFLAGS, r)
}

// What listens says so and ends with its context.
func TestSystemNews(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	listens, ended := make(chan struct{}, 100), make(chan error, 1)
	go func() { ended <- systemNews(ctx, func(bool) { signal(listens) }) }()
	select {
	case <-listens:
	case err := <-ended:
		if errors.Is(err, unix.EPERM) || errors.Is(err, unix.EACCES) || errors.Is(err, unix.EAFNOSUPPORT) {
			t.Skip("the system says nothing here: ", err)
		}
		t.Fatal(err)
	}
	cancel()
	if err := <-ended; !errors.Is(err, os.ErrClosed) {
		t.Errorf("ended by %v", err)
	}
}
