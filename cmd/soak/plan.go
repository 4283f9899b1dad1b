//go:build unix

package main

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"time"
)

// kind is what goes wrong.
type kind uint8

// The kinds of faults: of lines, of devices and of the server.
const (
	cutClean kind = iota
	cutReset
	cutInside // in the middle of a stanza
	stall
	late
	narrow // with half the bandwidth, or half of that
	deafUp // what the device sends is lost
	deafDown
	kill
	freeze
	restart
	kinds
)

// String names a kind for the table.
func (k kind) String() string {
	return [...]string{
		"cut clean", "cut by reset", "cut in a stanza", "stalled", "delayed", "bandwidth halved",
		"loses what is sent", "loses what comes", "kill -9", "server frozen", "server restarted",
	}[k]
}

// fault is one thing that goes wrong.
type fault struct {
	kind   kind
	target int           // the device, or that of the line; 0 for the server
	at     int           // when both sides together have this many messages
	after  time.Duration // and then so much later
	lasts  time.Duration
	size   int // cutInside: bytes until then; narrow: bytes a second; late: milliseconds
}

const (
	// bandwidth of a line that is well, in bytes a second: more than is used,
	// so that half of it still is enough and an eighth is not.
	bandwidth = 256 << 10
	// longest is how long most faults last at most: a link that is not cut
	// survives them.
	longest = 1500 * time.Millisecond
	// silent is at least how long a fault lasts that the device has to notice
	// by itself, by the silence.
	silent = 60 * time.Second
)

// plan makes the faults of a soak, in the order of their times. The same seed
// gives the same plan.
func plan(seed uint64, messages int) []fault {
	rng := rand.New(rand.NewPCG(seed, uint64(messages)))
	var list []fault
	add := func(n int, f func(i int) fault) {
		for i := range n {
			x := f(i)
			// Nothing goes wrong at the very end, so that all of it does.
			x.at = rng.IntN(2 * messages * 19 / 20)
			x.after = within(rng, 200*time.Millisecond)
			list = append(list, x)
		}
	}
	add(24+messages/50, func(i int) fault { return lineFault(rng, kind(i)%kill, i/int(kill)) })
	add(devices+messages/400, func(i int) fault {
		return fault{kind: kill, target: i % devices, lasts: within(rng, time.Second)}
	})
	add(1+messages/2000, func(int) fault { return fault{kind: freeze, lasts: longest/2 + within(rng, longest)} })
	add(1+messages/2000, func(int) fault { return fault{kind: restart, lasts: within(rng, time.Second)} })
	for i := range messages / 2500 { // to notice those takes a minute each
		f := fault{kind: []kind{stall, deafUp, deafDown, freeze}[i%4], lasts: silent + within(rng, silent/2)}
		if f.kind != freeze {
			f.target = rng.IntN(devices)
		}
		add(1, func(int) fault { return f })
	}
	slices.SortStableFunc(list, func(a, b fault) int { return cmp.Compare(a.at, b.at) })
	return list
}

// lineFault is the nth fault of a kind.
func lineFault(rng *rand.Rand, k kind, nth int) fault {
	f := fault{kind: k, target: nth % devices, lasts: longest/5 + within(rng, longest*4/5)}
	switch k {
	case cutClean, cutReset:
		f.lasts = 0
	case cutInside:
		f.lasts = 0
		f.size = 1 + rng.IntN(6000)
	case late:
		f.size = 50 + rng.IntN(450)
	case narrow:
		f.size = bandwidth >> (1 + rng.IntN(4))
	}
	return f
}

// within gives a time of less than d.
func within(rng *rand.Rand, d time.Duration) time.Duration {
	return time.Duration(rng.Int64N(int64(d)))
}
