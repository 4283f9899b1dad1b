//go:build linux

package main

import (
	"context"
	"fmt"
	"slices"
	"time"
)

func median(d []time.Duration) time.Duration {
	d = slices.Sorted(slices.Values(d))
	return d[len(d)/2]
}

// gaps gives the times between frames, shortest first.
func gaps(frames []time.Time) []time.Duration {
	var gaps []time.Duration
	for i := 1; i < len(frames); i++ {
		gaps = append(gaps, frames[i].Sub(frames[i-1]))
	}
	slices.Sort(gaps)
	return gaps
}

func millis(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// receive takes what comes next, within the patience.
func receive[T any](ctx context.Context, c <-chan T, what string) (T, error) {
	select {
	case v := <-c:
		return v, nil
	case <-ctx.Done():
		return *new(T), ctx.Err()
	case <-time.After(patience):
		return *new(T), fmt.Errorf("no %s within %v", what, patience)
	}
}
