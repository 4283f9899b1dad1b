package stream

import (
	"context"
	"net"
	"slices"
	"strings"
	"time"
)

const (
	// watchWaiting and watchOnline are how often the network is looked at: a
	// user who has just plugged in looks at the window; a connection that
	// seems to work needs less haste. A look takes less than 0.1 ms.
	watchWaiting = 2 * time.Second
	watchOnline  = 4 * time.Second
	// wakeJump is how far the wall clock has to run ahead of the monotonic
	// one, which stands still while the machine sleeps, to mean that it slept.
	// Corrections of the clock are smaller.
	wakeJump = 5 * time.Second
)

// netwatch notices that the network changed or the machine woke. It is for
// one goroutine.
type netwatch struct {
	addrs func() string    // of this machine
	wall  func() time.Time // the wall clock

	seen  string
	wallT time.Time
	monoT time.Time
}

func newNetwatch(wall func() time.Time, addrs func() string) *netwatch {
	w := &netwatch{addrs: addrs, wall: wall}
	w.changed()
	return w
}

// changed tells whether there is another network, or there was a sleep, since
// the last call. Losing all addresses is no reason to try anything.
func (w *netwatch) changed() bool {
	addrs, wall, mono := w.addrs(), w.wall().Round(0), time.Now()
	slept := !w.wallT.IsZero() && wall.Sub(w.wallT)-mono.Sub(w.monoT) > wakeJump
	moved := addrs != w.seen && addrs != ""
	w.seen, w.wallT, w.monoT = addrs, wall, mono
	return slept || moved
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
			if w.changed() {
				return true
			}
		}
	}
}

// localAddrs lists the addresses through which this machine may reach others.
func localAddrs() string {
	ifaces, err := net.Interfaces()
	if err != nil {
		return ""
	}
	var all []string
	for _, i := range ifaces {
		if i.Flags&net.FlagUp == 0 || i.Flags&net.FlagLoopback != 0 {
			continue
		}
		addrs, err := i.Addrs()
		if err != nil {
			continue
		}
		for _, a := range addrs {
			if ip, ok := a.(*net.IPNet); ok && ip.IP.IsGlobalUnicast() {
				all = append(all, i.Name+" "+ip.String())
			}
		}
	}
	slices.Sort(all)
	return strings.Join(all, ",")
}
