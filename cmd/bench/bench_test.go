//go:build linux

package main

import (
	"maps"
	"os"
	"slices"
	"testing"
	"time"
)

func TestParseBenchmarks(t *testing.T) {
	const out = `goos: linux
BenchmarkTranscriptOpen-2   	     100	  12345678 ns/op	 2048 B/op	      17 allocs/op
BenchmarkLarge/page_of_50-2 	    9000	      1234 ns/op	       810.5 pages/s
BenchmarkTiny-2             	1000000	         0.25 ns/op
BenchmarkFar/some-2         	       1	1012725726 ns/op	        10.00 trips
BenchmarkBroken-2
PASS
`
	want := map[string]string{
		"TranscriptOpen":   "12.35ms",
		"Large/page_of_50": "1.23µs, 810.5 pages/s",
		"Tiny":             "0.2ns",
		"Far/some":         "1.01s, 10.00 trips",
	}
	if got := parseBenchmarks(out); !maps.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

// TestOurselves reads what the system tells about this process.
func TestOurselves(t *testing.T) {
	if kib, err := pss(os.Getpid()); err != nil || kib < 100 {
		t.Errorf("PSS %d KiB: %v", kib, err)
	}
	before, err := cpuTime(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(time.Minute); ; {
		now, err := cpuTime(os.Getpid())
		if err != nil {
			t.Fatal(err)
		}
		if now > before {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal("no processor time was used in a minute of looking")
		}
	}
}

func TestMedian(t *testing.T) {
	if got := median([]time.Duration{5, 1, 3}); got != 3 {
		t.Error(got)
	}
}

func TestNumbers(t *testing.T) {
	if got, err := numbers("10000,1"); err != nil || !slices.Equal(got, []int{10000, 1}) {
		t.Errorf("%v, %v", got, err)
	}
	for _, bad := range []string{"", "x", "1,", "0", "-5"} {
		if got, err := numbers(bad); err == nil {
			t.Errorf("%q gives %v", bad, got)
		}
	}
}

// TestAbsence has what was missed in order, all of it within the absence.
func TestAbsence(t *testing.T) {
	a := newAbsence(1000)
	at, n, people := a.begin, 0, make(map[string]int)
	for m := range a.messages() {
		if m.At.Before(at) || !m.At.Before(a.end()) {
			t.Fatalf("number %d is of %v", n, m.At)
		}
		at = m.At
		n++
		people[m.With]++
	}
	if n != 1000 || people[juliet] != 500 || len(people) != 31 || !a.end().Before(time.Now()) {
		t.Errorf("%d messages with %d people", n, len(people))
	}
}

func TestGaps(t *testing.T) {
	at := func(ms ...int) (all []time.Time) {
		for _, n := range ms {
			all = append(all, time.UnixMilli(int64(n)))
		}
		return all
	}
	want := []time.Duration{15 * time.Millisecond, 17 * time.Millisecond, 33 * time.Millisecond}
	if got := gaps(at(0, 17, 50, 65)); !slices.Equal(got, want) {
		t.Error(got)
	}
	if got := gaps(at(7)); len(got) != 0 {
		t.Errorf("gaps between one frame: %v", got)
	}
}
