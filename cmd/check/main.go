// Command check runs what has to pass before a change goes in, and prints one
// summary at the end.
//
//	go run ./cmd/check         all of it: what "make test" runs
//	go run ./cmd/check lint    formatting, vet and staticcheck only
//	go run ./cmd/check fuzz    every fuzz target for -fuzztime, as in "make fuzz"
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// tags are those of the Makefile: another set would compile Fyne's C code again.
const tags = "no_animations,nolibopusfile"

// artifacts is where logs and pictures of failed tests are kept.
const artifacts = "bin/test"

// step is one part of the run.
type step struct {
	name string
	run  func(ctx context.Context, r *report) error
}

var lint = []step{
	{"format", checkFormat},
	{"vet", checkVet},
	{"staticcheck", checkStatic},
}

// The window has a phase of its own: it is a program that shares two cores
// with a server and another client, and the rest of the tests would starve it.
// Fuzzing takes all there is, and so comes last.
var tests = append(lint[:len(lint):len(lint)],
	step{"tests", testPackages},
	step{"window", testWindow},
	step{"fuzz", func(ctx context.Context, r *report) error { return fuzz(ctx, r, 30*time.Second, notInTests...) }},
)

func main() {
	fuzzTime := flag.Duration("fuzztime", 5*time.Minute, "how long each target runs when only fuzzing")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()

	steps := tests
	switch flag.Arg(0) {
	case "":
	case "lint":
		steps = lint
	case "fuzz":
		steps = []step{{"fuzz", func(ctx context.Context, r *report) error { return fuzz(ctx, r, *fuzzTime) }}}
	default:
		fmt.Fprintln(os.Stderr, "check: lint, fuzz or nothing, not", flag.Arg(0))
		os.Exit(2)
	}
	if !runSteps(ctx, steps) {
		stop()
		os.Exit(1)
	}
}

// runSteps runs all steps, also after one has failed: a reader wants to know
// all that is wrong. It reports whether all passed.
func runSteps(ctx context.Context, steps []step) bool {
	var r report
	for _, s := range steps {
		if ctx.Err() != nil {
			break
		}
		fmt.Printf("== %s\n", s.name)
		start := time.Now()
		err := s.run(ctx, &r)
		r.add(s.name, time.Since(start), err)
	}
	r.print(os.Stdout)
	return ctx.Err() == nil && !r.failed()
}
