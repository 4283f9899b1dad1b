//go:build linux

package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// targets of the benchmarks that stand for something a person notices.
var targets = map[string]string{
	"TranscriptOpen":   "< 100 ms, of 100,000 messages",
	"TranscriptScroll": "p95 < 20 ms",
	"Large/open":       "< 100 ms, of 100,000 messages",
}

// packages runs the Go benchmarks of the tree, one package at a time.
func packages(ctx context.Context) ([]row, error) {
	var rows []row
	for _, pkg := range []string{"./storage", "./account/stream", "./account", "./widgets", "./app"} {
		cmd := exec.CommandContext(ctx, "go", "test", "-tags", tags, "-run", "^$", "-bench", ".", pkg)
		var out bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, os.Stderr
		if err := cmd.Run(); err != nil {
			os.Stderr.Write(out.Bytes())
			return rows, err
		}
		rows = append(rows, parseBenchmarks(strings.TrimPrefix(pkg, "./"), out.String())...)
	}
	return rows, nil
}

// parseBenchmarks reads the lines of "go test -bench": a name, a count, and
// pairs of a value and its unit, of which the first is the time.
func parseBenchmarks(pkg, out string) []row {
	var rows []row
	for line := range strings.Lines(out) {
		f := strings.Fields(line)
		if len(f) < 4 || !strings.HasPrefix(f[0], "Benchmark") {
			continue
		}
		name := strings.TrimPrefix(f[0], "Benchmark")
		if i := strings.LastIndex(name, "-"); i > 0 {
			name = name[:i] // the number of cores
		}
		var values []string
		for i := 2; i+1 < len(f); i += 2 {
			values = append(values, readable(f[i], f[i+1]))
		}
		rows = append(rows, row{pkg + " " + name, strings.Join(values, ", "), targets[name]})
	}
	return rows
}

// readable gives times in a unit that fits, and other values as they are.
func readable(value, unit string) string {
	ns, err := strconv.ParseFloat(value, 64)
	if err != nil || unit != "ns/op" {
		return value + " " + unit
	}
	d := time.Duration(ns)
	switch {
	case d >= time.Second:
		return d.Round(10 * time.Millisecond).String()
	case d >= time.Millisecond:
		return d.Round(10 * time.Microsecond).String()
	case d >= time.Microsecond:
		return d.Round(10 * time.Nanosecond).String()
	}
	return strconv.FormatFloat(ns, 'f', 1, 64) + "ns"
}
