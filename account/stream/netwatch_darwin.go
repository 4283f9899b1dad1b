package stream

import (
	"context"
	"encoding/binary"
	"fmt"
	"os"
	"syscall"
)

// systemNews is the notifier of macOS: a routing socket tells of interfaces,
// addresses and routes (route(4)).
func systemNews(ctx context.Context, news func(moved bool)) error {
	f, err := openRoute()
	if err != nil {
		return fmt.Errorf("listen to the network: %w", err)
	}
	defer f.Close()
	stop := context.AfterFunc(ctx, func() { f.Close() })
	defer stop()
	news(false)
	b := make([]byte, routeBuffer)
	for {
		n, err := f.Read(b)
		if err != nil {
			return err
		}
		if some, moved := routeNews(b[:n]); some {
			news(moved)
		}
	}
}

func openRoute() (*os.File, error) {
	syscall.ForkLock.RLock() // a child must not inherit it
	defer syscall.ForkLock.RUnlock()
	fd, err := syscall.Socket(syscall.AF_ROUTE, syscall.SOCK_RAW, syscall.AF_UNSPEC)
	if err != nil {
		return nil, err
	}
	syscall.CloseOnExec(fd)
	if err := syscall.SetNonblock(fd, true); err != nil {
		syscall.Close(fd)
		return nil, err
	}
	return os.NewFile(uintptr(fd), "route"), nil
}

// routeBuffer is more than the longest message takes.
const routeBuffer = 8 << 10

// routeNews tells whether a routing message may make it another network, and
// whether it tells of a new way out: a route to a network by way of a gateway.
func routeNews(b []byte) (some, moved bool) {
	// struct rt_msghdr: two bytes of length, one of version, one of type; the
	// flags are at 8.
	if len(b) < 12 {
		return false, false
	}
	switch b[3] {
	case syscall.RTM_NEWADDR, syscall.RTM_DELADDR, syscall.RTM_IFINFO:
		return true, false
	case syscall.RTM_ADD:
		flags := binary.NativeEndian.Uint32(b[8:])
		out := flags&syscall.RTF_GATEWAY != 0 && flags&syscall.RTF_HOST == 0
		return out, out
	}
	return false, false
}
