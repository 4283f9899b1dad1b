//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"linnet/account/servertest/proxy"
)

const (
	// cutTries is how often each kind of cut is made.
	cutTries = 3
	// farAway is how long the way to a server on another continent takes.
	farAway = 50 * time.Millisecond
	// signedIn is when the program has asked for all it wants when it signs in.
	signedIn = 2 * time.Second
)

// cuts measures how soon the program is online again when its line was cut. It
// is started anew for each, because one that is cut off again and again takes
// its time.
func (b *bench) cuts(ctx context.Context) error {
	for _, way := range []struct {
		delay        time.Duration
		cut, restart row // without the values
	}{
		{0, row{name: "cut off, until the resumed stream answers a ping", target: "0.5 s"}, row{name: "the server restarted, until presence there", target: "1 s"}},
		{farAway, row{name: "cut off, 50 ms from the server, until it answers", target: "1.5 s"}, row{name: "the server restarted, 50 ms away, until presence there", target: "2 s"}},
	} {
		b.line.Set(proxy.Conditions{Delay: way.delay})
		var resumed, anew []time.Duration
		for range cutTries {
			err := b.with(ctx, func(ctx context.Context, r *run) error {
				took, err := b.cut(ctx, r)
				resumed = append(resumed, took)
				return err
			})
			if err != nil {
				return err
			}
			err = b.with(ctx, func(ctx context.Context, r *run) error {
				took, err := b.restart(ctx, r, proxy.Conditions{Delay: way.delay})
				anew = append(anew, took)
				return err
			})
			if err != nil {
				return err
			}
		}
		spread := func(r row, took []time.Duration) {
			b.add(r.name, r.target, "%.2f s (%.2f to %.2f)", median(took).Seconds(), slices.Min(took).Seconds(), slices.Max(took).Seconds())
		}
		spread(way.cut, resumed)
		spread(way.restart, anew)
	}
	return nil
}

// cut cuts the line, and waits until the program answers who writes to it. The
// server keeps the question meanwhile.
func (b *bench) cut(ctx context.Context, r *run) (time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	time.Sleep(signedIn)
	b.line.Cut()
	begin := time.Now()
	if err := b.juliet.ping(ctx, r.us); err != nil {
		return 0, fmt.Errorf("after a cut: %w", err)
	}
	took := time.Since(begin)
	for len(b.juliet.came) > 0 {
		if v := <-b.juliet.came; !v.available {
			return 0, errors.New("the stream did not go on: the program has left")
		}
	}
	return took, nil
}

// restart has the server forget the stream, and waits until it sees the program
// again. The program hears that the line is cut when all are there again.
func (b *bench) restart(ctx context.Context, r *run, is proxy.Conditions) (time.Duration, error) {
	stalled := is
	stalled.Stall = true
	b.line.Set(stalled)
	if err := b.server.Restart(); err != nil {
		return 0, err
	}
	for _, p := range []*person{b.juliet, b.mercutio} {
		p.client.Retry()
		if _, err := receive(ctx, p.online, "connection after a restart"); err != nil {
			return 0, err
		}
		if err := p.client.Send(presence{}); err != nil {
			return 0, err
		}
	}
	if err := b.juliet.ping(ctx, b.juliet.jid.Domain()); err != nil { // the presence is handled
		return 0, err
	}
	begin := time.Now()
	b.line.Set(is)
	r.begin = begin
	err := b.presence(ctx, r)
	return r.there, err
}
