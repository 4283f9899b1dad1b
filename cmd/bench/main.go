//go:build linux

// Command bench measures what people notice, and prints one table with the
// targets beside: the benchmarks of the packages, and the real program on a
// screen nobody sees, watched from outside. It is run from the top of the
// project, after "make build".
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
)

const (
	program = "bin/linnet"
	tags    = "no_animations" // as everywhere, see the Makefile
)

// row is a line of the table.
type row struct{ name, value, target string }

func main() {
	only := flag.String("only", "", "window or packages: measure only these")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	before := load()
	var rows []row
	var errs []error
	if *only != "packages" {
		more, err := window(ctx)
		rows, errs = append(rows, more...), append(errs, err)
	}
	if *only != "window" {
		more, err := packages(ctx)
		rows, errs = append(rows, more...), append(errs, err)
	}
	printTable(rows)
	fmt.Printf("\nThe load of this machine was %s before and is %s now.\n", before, load())
	if err := errors.Join(errs...); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		stop()
		os.Exit(1)
	}
}

func printTable(rows []row) {
	fmt.Printf("%-62s %32s   %s\n", "measure", "value", "target")
	for _, r := range rows {
		fmt.Printf("%-62s %32s   %s\n", r.name, r.value, r.target)
	}
}

// window measures the program from outside.
func window(ctx context.Context) ([]row, error) {
	dir, err := os.MkdirTemp("", "linnet-bench-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	binary, err := filepath.Abs(program)
	if err != nil {
		return nil, err
	}
	b := &bench{dir: dir, binary: binary}
	defer b.stop()
	if err := b.setUp(ctx); err != nil {
		return nil, err
	}
	err = b.measure(ctx)
	return b.rows, err
}
