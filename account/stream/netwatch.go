package stream

import (
	"cmp"
	"context"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// watchWaiting and watchOnline are how often the network is looked at: a
	// user who has just plugged in looks at the window; a connection that
	// seems to work needs less haste. A look takes less than 0.1 ms.
	watchWaiting = 2 * time.Second
	watchOnline  = 4 * time.Second
	// watchTold takes the place of both for the addresses where the system
	// tells of changes, in case that it does not tell one.
	watchTold = 30 * time.Second
	// settleTime is how long the news of one change come in: an interface that
	// gets up says a dozen things, the route out being the last. It also bounds
	// how often a network that never rests makes us look.
	settleTime = 300 * time.Millisecond
	// wakeJump is how far the wall clock has to run ahead of the monotonic
	// one, which stands still while the machine sleeps, to mean that it slept.
	// Corrections of the clock are smaller.
	wakeJump = 5 * time.Second
)

// localAddr is an address through which this machine may reach others.
type localAddr struct {
	iface string
	ip    netip.Addr
}

// notifier calls news once it listens to the system, and then for all that may
// make it another network or mean that the machine woke; moved says that there
// is another way out. Several goroutines may call news. The notifier returns,
// with none of them left, when ctx ends, and earlier when the system tells
// nothing, or no more.
type notifier = func(ctx context.Context, news func(moved bool)) error

// netwatch notices that the network changed or the machine woke. Apart from
// run it is for one goroutine.
type netwatch struct {
	addrs func() ([]localAddr, error) // of this machine
	wall  func() time.Time            // the wall clock

	told     chan struct{} // it is time to look; holds one signal
	telling  atomic.Bool   // the system tells of changes
	anything atomic.Bool   // something changed since the last look
	moved    atomic.Bool   // there is another way out since then

	seen   []localAddr // sorted
	looked time.Time   // when
	wallT  time.Time
	monoT  time.Time
}

func newNetwatch(wall func() time.Time, addrs func() ([]localAddr, error)) *netwatch {
	w := &netwatch{addrs: addrs, wall: wall, told: make(chan struct{}, 1)}
	w.changed()
	return w
}

// run listens to the system until ctx ends.
func (w *netwatch) run(ctx context.Context, notify notifier) error {
	news := make(chan struct{}, 1)
	var err error
	var all sync.WaitGroup
	all.Go(func() {
		err = notify(ctx, func(moved bool) {
			w.telling.Store(true)
			if moved {
				w.moved.Store(true)
			}
			signal(news)
		})
		w.telling.Store(false)
	})
	settled := time.NewTimer(0)
	defer settled.Stop()
	for {
		select {
		case <-ctx.Done():
			all.Wait()
			return err
		case <-news:
		}
		settled.Reset(settleTime)
		select {
		case <-ctx.Done():
		case <-settled.C:
			w.anything.Store(true)
			signal(w.told)
		}
	}
}

// changed tells whether there is another network, or there was a sleep, since
// the last call. Losing all addresses is no reason to try anything.
func (w *netwatch) changed() bool {
	wall, now := w.wall().Round(0), time.Now()
	slept := !w.wallT.IsZero() && wall.Sub(w.wallT)-now.Sub(w.monoT) > wakeJump
	w.wallT, w.monoT = wall, now
	anything := w.anything.Swap(false) // asked even if there is another reason
	if w.telling.Load() && !anything && !slept && now.Sub(w.looked) < watchTold {
		return false
	}
	moved := w.moved.Swap(false)
	addrs, err := w.addrs()
	if err != nil {
		return slept || moved
	}
	moved = len(addrs) > 0 && (moved || !slices.Equal(addrs, w.seen))
	w.seen, w.looked = addrs, now
	return slept || moved
}

// has tells whether a connection's own address was one of this machine's at the
// last look. Addresses that lead nowhere, such as those of the machine itself,
// are none of these.
func (w *netwatch) has(own net.Addr) bool {
	tcp, ok := own.(*net.TCPAddr)
	if !ok {
		return false
	}
	ip := tcp.AddrPort().Addr().Unmap().WithZone("")
	return slices.ContainsFunc(w.seen, func(a localAddr) bool { return a.ip == ip })
}

// wait returns true when changed does, false when ctx ends.
func (w *netwatch) wait(ctx context.Context) bool {
	look := time.NewTicker(watchWaiting)
	defer look.Stop()
	for {
		select {
		case <-ctx.Done():
			return false
		case <-look.C:
		case <-w.told:
		}
		if w.changed() {
			return true
		}
	}
}

// localAddrs lists the addresses of this machine that lead anywhere, sorted.
func localAddrs() ([]localAddr, error) {
	ifaces, err := net.Interfaces()
	if err != nil {
		return nil, err
	}
	var all []localAddr
	for _, i := range ifaces {
		if i.Flags&net.FlagUp == 0 || i.Flags&net.FlagLoopback != 0 {
			continue
		}
		addrs, err := i.Addrs()
		if err != nil {
			return nil, err
		}
		for _, a := range addrs {
			ip, ok := a.(*net.IPNet)
			if !ok || !ip.IP.IsGlobalUnicast() {
				continue
			}
			if addr, ok := netip.AddrFromSlice(ip.IP); ok {
				all = append(all, localAddr{i.Name, addr.Unmap()})
			}
		}
	}
	slices.SortFunc(all, func(a, b localAddr) int {
		return cmp.Or(strings.Compare(a.iface, b.iface), a.ip.Compare(b.ip))
	})
	return all, nil
}
