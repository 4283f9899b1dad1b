//go:build unix

package main

import (
	"context"
	"fmt"
	"time"

	"linnet/account/servertest/proxy"
)

// chaos makes the faults of a plan happen, those of one line, device or the
// server one after the other, and all others beside each other.
type chaos struct {
	soak *soak
	left []fault // not due yet
	by   map[string]chan fault
	done chan error // one of each worker, when it has nothing more to do
}

// newChaos starts a worker for everything that can go wrong. They end with ctx,
// and after the last fault.
func newChaos(ctx context.Context, s *soak, list []fault) *chaos {
	c := &chaos{soak: s, left: list, by: make(map[string]chan fault)}
	for _, f := range list {
		if c.by[f.place()] == nil {
			c.by[f.place()] = make(chan fault, len(list))
		}
	}
	c.done = make(chan error, len(c.by))
	for _, queue := range c.by {
		go func() { c.done <- c.work(ctx, queue) }()
	}
	if len(list) == 0 {
		c.finish()
	}
	return c
}

// place says what cannot suffer two faults at a time.
func (f fault) place() string {
	switch f.kind {
	case freeze, restart:
		return "server"
	case kill:
		return fmt.Sprint("device ", f.target)
	default:
		return fmt.Sprint("line ", f.target)
	}
}

// reached lets those faults happen that are due when there are n messages.
func (c *chaos) reached(n int) {
	if len(c.left) == 0 {
		return
	}
	for len(c.left) > 0 && c.left[0].at <= n {
		f := c.left[0]
		c.left = c.left[1:]
		c.by[f.place()] <- f
	}
	if len(c.left) == 0 {
		c.finish()
	}
}

func (c *chaos) finish() {
	for _, queue := range c.by {
		close(queue)
	}
}

// wait returns when all faults are over, with the first error.
func (c *chaos) wait() error {
	var first error
	for range cap(c.done) {
		if err := <-c.done; err != nil && first == nil {
			first = err
		}
	}
	return first
}

func (c *chaos) work(ctx context.Context, queue <-chan fault) error {
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case f, ok := <-queue:
			if !ok {
				return nil
			}
			if err := c.soak.suffer(ctx, f); err != nil {
				return fmt.Errorf("%v: %w", f.kind, err)
			}
		}
	}
}

// well is how a line is between the faults.
var well = proxy.Conditions{Rate: bandwidth}

// suffer has a fault happen, and returns when it is over.
func (s *soak) suffer(ctx context.Context, f fault) error {
	pause(ctx, f.after)
	s.count(f.kind)
	switch f.kind {
	case kill:
		s.devices[f.target].kill()
		pause(ctx, f.lasts)
		return s.devices[f.target].start()
	case freeze:
		s.server.Freeze()
		pause(ctx, f.lasts)
		s.server.Thaw()
		return nil
	case restart:
		s.server.Stop()
		pause(ctx, f.lasts)
		return s.server.Restart()
	}
	line := s.lines[f.target]
	is := well
	switch f.kind {
	case cutClean:
		line.Cut()
	case cutReset:
		line.Reset()
	case cutInside:
		line.CutAfter(f.size)
	case stall:
		is.Stall = true
	case late:
		is.Delay = time.Duration(f.size) * time.Millisecond
	case narrow:
		is.Rate = f.size
	case deafUp:
		is.Lose = proxy.Up
	case deafDown:
		is.Lose = proxy.Down
	}
	line.Set(is)
	pause(ctx, f.lasts)
	line.Set(well)
	return nil
}

// pause is d, or what ctx allows of it.
func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
