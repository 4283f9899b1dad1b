//go:build linux

package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"time"
)

// measured are the benchmarks of the tree that stand for what is promised, or
// for what a person notices, with the name each gets in the table.
var measured = []struct{ pkg, bench, name, target string }{
	{"./storage", "AddMessages/batch=1", "storage: one message written and synced", ""},
	{"./storage", "AddMessages/batch=100", "storage: 100 messages written at once", ""},
	{"./storage", "Large/open", "storage: opening an archive of 100000 messages", "100 ms"},
	{"./storage", "Large/page_of_50", "storage: reading a page of 50 messages of these", ""},
	{"./account/stream", "Dispatch/hand_over", "stream: one stanza through the dispatch loop", ""},
	{"./account/stream", "Dispatch/hand_over_and_decode", "stream: the same, decoded", ""},
	{"./account/stream", "Far/classic", "scripted server 50 ms away: signing in the classic way", ""},
	{"./account/stream", "Far/classic_resume", "  resuming the classic way", ""},
	{"./account/stream", "Far/SASL2", "  signing in by SASL2 and Bind 2", "7 trips"},
	{"./account/stream", "Far/FAST", "  the same by a token (FAST), as after a restart", "6 trips"},
	{"./account/stream", "Far/FAST_resume", "  resuming along with a token", "6 trips"},
	{"./account", "Receive", "account: 2000 messages from the socket to the disk", ""},
	{"./widgets", "TranscriptOpenCold", "widgets: laying out a chat that is opened", "100 ms"},
	{"./widgets", "TranscriptScroll/text", "widgets: one step of scrolling text, without painting", "20 ms"},
	{"./widgets", "TranscriptScroll/rich", "  where every tenth row has a picture, a reply or reactions", "20 ms"},
	{"./widgets", "TranscriptAppend", "widgets: 1000 messages into the open chat, without painting", ""},
}

// benchTime is how long each of them runs, about: all of them stay under a
// minute.
const benchTime = "500ms"

// packages runs these benchmarks, one package at a time.
func packages(ctx context.Context) ([]row, error) {
	var rows []row
	ran := make(map[string]map[string]string)
	for _, m := range measured {
		if ran[m.pkg] == nil {
			results, err := runBenchmarks(ctx, m.pkg)
			if err != nil {
				return rows, err
			}
			ran[m.pkg] = results
		}
		value, ok := ran[m.pkg][m.bench]
		if !ok {
			return rows, fmt.Errorf("%s has no benchmark %s", m.pkg, m.bench)
		}
		rows = append(rows, row{m.name, value, m.target})
	}
	return rows, nil
}

// runBenchmarks runs those of a package that are measured, and gives what each
// took.
func runBenchmarks(ctx context.Context, pkg string) (map[string]string, error) {
	var names []string
	for _, m := range measured {
		if name, _, _ := strings.Cut(m.bench, "/"); m.pkg == pkg && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	pattern := "^Benchmark(" + strings.Join(names, "|") + ")$"
	cmd := exec.CommandContext(ctx, "go", "test", "-tags", tags, "-run", "^$", "-bench", pattern, "-benchtime", benchTime, pkg)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, os.Stderr
	if err := cmd.Run(); err != nil {
		os.Stderr.Write(out.Bytes())
		return nil, fmt.Errorf("benchmarks of %s: %w", pkg, err)
	}
	return parseBenchmarks(out.String()), nil
}

// parseBenchmarks reads the lines of "go test -bench": a name, a count, and
// pairs of a value and its unit. It gives by name the time, how many of
// something that makes in a second, and how often the server was waited for.
func parseBenchmarks(out string) map[string]string {
	found := make(map[string]string)
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
			if unit := f[i+1]; unit == "ns/op" || unit == "trips" || strings.HasSuffix(unit, "/s") && unit != "MB/s" {
				values = append(values, readable(f[i], unit))
			}
		}
		found[name] = strings.Join(values, ", ")
	}
	return found
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
