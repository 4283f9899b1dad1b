//go:build linux

// Command bench measures what people notice, and prints one table with the
// targets beside: the benchmarks of the packages, and the real program on a
// screen nobody sees, watched from outside. It is run from the top of the
// project, after "make release".
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"iter"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"linnet/account/servertest"
)

const (
	program = "bin/linnet"
	tags    = "no_animations,nolibopusfile" // as everywhere, see the Makefile
)

// row is a line of the table.
type row struct{ name, value, target string }

func main() {
	only := flag.String("only", "", "window, cuts, missed or packages: measure only these")
	missed := flag.String("missed", "10000,100000", "how many messages are caught up with")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	before := load()
	var rows []row
	var errs []error
	measure := func(part string, f func(context.Context) ([]row, error)) {
		if *only == "" || *only == part {
			more, err := f(ctx)
			rows, errs = append(rows, more...), append(errs, err)
		}
	}
	measure("window", func(ctx context.Context) ([]row, error) { return onScreen(ctx, window) })
	measure("cuts", func(ctx context.Context) ([]row, error) { return onScreen(ctx, cuts) })
	measure("missed", func(ctx context.Context) ([]row, error) {
		sizes, err := numbers(*missed)
		if err != nil {
			return nil, err
		}
		return onScreen(ctx, func(ctx context.Context, b *bench) error { return absences(ctx, b, sizes) })
	})
	measure("packages", packages)
	printTable(rows)
	fmt.Printf("\nThe load of this machine was %s before and is %s now.\n", before, load())
	if err := errors.Join(errs...); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		stop()
		os.Exit(1)
	}
}

// numbers reads a list of numbers of messages.
func numbers(list string) (all []int, err error) {
	for text := range strings.SplitSeq(list, ",") {
		n, err := strconv.Atoi(text)
		if err != nil || n <= 0 {
			return nil, fmt.Errorf("%q is no number of messages", text)
		}
		all = append(all, n)
	}
	return all, nil
}

func printTable(rows []row) {
	fmt.Printf("%-62s %32s   %s\n", "measure", "value", "target")
	for _, r := range rows {
		fmt.Printf("%-62s %32s   %s\n", r.name, r.value, r.target)
	}
}

// onScreen measures the program from outside.
func onScreen(ctx context.Context, measure func(context.Context, *bench) error) ([]row, error) {
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
	defer b.goDark()
	if err := b.showUp(ctx); err != nil {
		return nil, err
	}
	err = measure(ctx, b)
	return b.rows, err
}

// window measures what it is like with a good line.
func window(ctx context.Context, b *bench) error {
	return b.beside(ctx, "window", nil, false, (*bench).measure)
}

// cuts measures what it is like when the line fails.
func cuts(ctx context.Context, b *bench) error {
	return b.beside(ctx, "cuts", nil, true, (*bench).cuts)
}

// absences measures what it is like when there was no line for long.
func absences(ctx context.Context, b *bench, missed []int) error {
	for _, n := range missed {
		w := newAbsence(n)
		err := b.beside(ctx, fmt.Sprint("missed", n), w.messages(), false, func(b *bench, ctx context.Context) error { return b.catchUps(ctx, w) })
		if err != nil {
			return err
		}
	}
	return nil
}

// promptly keeps the server from waiting until what it said was acknowledged,
// which a line does late: it is not the line that is measured.
const promptly = "network_settings = { nagle = false }"

// beside measures with a server of its own, which has romeo's archive. With
// lines the program has one to it that can be cut.
func (b *bench) beside(ctx context.Context, name string, archive iter.Seq[servertest.Archived], lines bool, measure func(*bench, context.Context) error) error {
	c := &bench{dir: filepath.Join(b.dir, name), binary: b.binary, desktop: b.desktop, screen: b.screen}
	defer c.tearDown()
	defer func() { b.rows = append(b.rows, c.rows...) }()
	o := people()
	if lines {
		o.CuredResume, o.Extra = true, promptly
	}
	if archive != nil {
		o.Archives = map[string]iter.Seq[servertest.Archived]{"romeo": archive}
	}
	if err := c.setUp(ctx, o, lines); err != nil {
		return err
	}
	return measure(c, ctx)
}
