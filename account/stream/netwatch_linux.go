package stream

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// systemNews is the notifier of Linux: routing messages tell of the network
// (rtnetlink(7)), a timer that is cancelled when the wall clock is set, which
// it is on waking, tells of sleep (timerfd_create(2)).
func systemNews(ctx context.Context, news func(moved bool)) error {
	route, err := openRoute()
	if err != nil {
		return err
	}
	defer route.Close()
	clock, err := openClock()
	if err != nil {
		return err
	}
	defer clock.Close()
	stop := context.AfterFunc(ctx, func() {
		route.Close()
		clock.Close()
	})
	defer stop()
	news(false)
	var all sync.WaitGroup
	defer all.Wait()
	all.Go(func() { readClock(clock, news) })
	err = readRoute(route, news)
	clock.Close()
	return err
}

// openRoute opens a socket that hears of links, addresses and routes.
func openRoute() (*os.File, error) {
	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, unix.NETLINK_ROUTE)
	if err != nil {
		return nil, fmt.Errorf("listen to the network: %w", err)
	}
	err = unix.Bind(fd, &unix.SockaddrNetlink{
		Family: unix.AF_NETLINK,
		Groups: unix.RTMGRP_LINK | unix.RTMGRP_IPV4_IFADDR | unix.RTMGRP_IPV6_IFADDR |
			unix.RTMGRP_IPV4_ROUTE | unix.RTMGRP_IPV6_ROUTE,
	})
	if err != nil {
		unix.Close(fd)
		return nil, fmt.Errorf("listen to the network: %w", err)
	}
	return os.NewFile(uintptr(fd), "rtnetlink"), nil
}

// routeBuffer is the longest message the kernel sends that way; what were cut
// would not be understood.
const routeBuffer = 32 << 10

func readRoute(f *os.File, news func(moved bool)) error {
	b := make([]byte, routeBuffer)
	for {
		n, err := f.Read(b)
		switch {
		case errors.Is(err, unix.ENOBUFS): // more was said than there was room for
			news(false)
			continue
		case err != nil:
			return err
		}
		if some, moved := routeNews(b[:n]); some {
			news(moved)
		}
	}
}

// routeNews tells whether routing messages may make it another network, and
// whether one is a new way out: a default route, in whatever table.
func routeNews(b []byte) (some, moved bool) {
	all, err := syscall.ParseNetlinkMessage(b)
	if err != nil {
		return true, false
	}
	for _, m := range all {
		switch m.Header.Type {
		case unix.RTM_NEWLINK, unix.RTM_DELLINK, unix.RTM_NEWADDR, unix.RTM_DELADDR:
			some = true
		case unix.RTM_NEWROUTE, unix.RTM_DELROUTE:
			// struct rtmsg: the length of the destination is its second
			// byte, the type of the route its eighth.
			if len(m.Data) >= unix.SizeofRtMsg && m.Data[1] == 0 && m.Data[7] == unix.RTN_UNICAST {
				some = true
				moved = moved || m.Header.Type == unix.RTM_NEWROUTE
			}
		}
	}
	return some, moved
}

// openClock opens a timer that goes off years after the program has ended, and
// is cancelled when the wall clock is set.
func openClock() (*os.File, error) {
	fd, err := unix.TimerfdCreate(unix.CLOCK_REALTIME, unix.TFD_CLOEXEC|unix.TFD_NONBLOCK)
	if err != nil {
		return nil, fmt.Errorf("watch the clock: %w", err)
	}
	never, err := unix.TimeToTimespec(time.Now().AddDate(10, 0, 0))
	if err == nil {
		err = unix.TimerfdSettime(fd, unix.TFD_TIMER_ABSTIME|unix.TFD_TIMER_CANCEL_ON_SET, &unix.ItimerSpec{Value: never}, nil)
	}
	if err != nil {
		unix.Close(fd)
		return nil, fmt.Errorf("watch the clock: %w", err)
	}
	return os.NewFile(uintptr(fd), "timerfd"), nil
}

func readClock(f *os.File, news func(moved bool)) {
	b := make([]byte, 8)
	for {
		if _, err := f.Read(b); !errors.Is(err, unix.ECANCELED) {
			return
		}
		news(false)
	}
}
