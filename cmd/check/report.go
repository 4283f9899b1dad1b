package main

import (
	"fmt"
	"io"
	"time"
)

// report gathers what the summary tells.
type report struct {
	steps                   []result
	passed, broken, skipped int
	names                   []string // of the tests that failed
}

type result struct {
	name string
	took time.Duration
	err  error
}

func (r *report) add(name string, took time.Duration, err error) {
	r.steps = append(r.steps, result{name, took, err})
}

func (r *report) failed() bool {
	for _, s := range r.steps {
		if s.err != nil {
			return true
		}
	}
	return false
}

func (r *report) print(w io.Writer) {
	fmt.Fprintln(w, "\n== summary")
	var total time.Duration
	for _, s := range r.steps {
		verdict := "ok"
		if s.err != nil {
			verdict = "FAILED: " + s.err.Error()
		}
		fmt.Fprintf(w, "%-12s %7.1fs  %s\n", s.name, s.took.Seconds(), verdict)
		total += s.took
	}
	fmt.Fprintf(w, "%-12s %7.1fs\n", "all", total.Seconds())
	for _, n := range r.names {
		fmt.Fprintln(w, "failed:", n)
	}
	if ran := r.passed + r.broken + r.skipped; ran > 0 {
		fmt.Fprintf(w, "%d passed, %d failed, %d skipped\n", r.passed, r.broken, r.skipped)
	}
}
