package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// windowPackage holds the run of the real binary.
const windowPackage = "linnet/cmd/e2e"

// testTimeout is for one package. The slowest takes about a minute on two cores.
const testTimeout = "15m"

func testPackages(ctx context.Context, r *report) error {
	packages, err := listPackages(ctx)
	if err != nil {
		return err
	}
	packages = slices.DeleteFunc(packages, func(p string) bool { return p == windowPackage })
	return goTest(ctx, r, "tests", packages...)
}

func testWindow(ctx context.Context, r *report) error {
	return goTest(ctx, r, "window", windowPackage)
}

func listPackages(ctx context.Context) ([]string, error) {
	var out bytes.Buffer
	cmd := command(ctx, "go", "list", "-tags", tags, "./...")
	cmd.Stdout = &out
	if err := cmd.Run(); err != nil {
		return nil, err
	}
	return strings.Fields(out.String()), nil
}

// goTest runs the tests of packages, shows what failed, and keeps the whole
// output in a file. Results are never taken from the cache: the servers and
// the programs of the machine are part of what is tested.
func goTest(ctx context.Context, r *report, name string, packages ...string) error {
	if err := os.MkdirAll(artifacts, 0o755); err != nil {
		return err
	}
	kept, err := os.Create(filepath.Join(artifacts, name+".json"))
	if err != nil {
		return err
	}
	defer kept.Close()
	args := []string{
		"test", "-json", "-race", "-count=1", "-p=2", "-timeout=" + testTimeout, "-tags=" + tags,
		"-artifacts", "-outputdir=" + artifacts,
	}
	cmd := command(ctx, "go", append(args, packages...)...)
	cmd.Stdout = nil
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	p := printer{report: r, out: os.Stdout, lines: make(map[string][]string)}
	readErr := p.read(io.TeeReader(out, kept))
	if readErr != nil {
		// Do not leave go test blocked on a pipe nobody reads.
		_, _ = io.Copy(io.Discard, out)
	}
	if err := cmd.Wait(); err != nil {
		return fmt.Errorf("%w; all of the output is in %s", err, kept.Name())
	}
	return readErr
}

// event is a line of "go test -json", as "go doc test2json" describes it.
type event struct {
	Action      string
	Package     string
	ImportPath  string
	Test        string
	Output      string
	Elapsed     float64
	FailedBuild string
}

// printer turns events into short lines and counts.
type printer struct {
	report *report
	out    io.Writer
	lines  map[string][]string // output not yet known to be of a passing or a failing test
}

func (p *printer) read(from io.Reader) error {
	scanner := bufio.NewScanner(from)
	scanner.Buffer(nil, 16<<20) // a line carries one line of a test's output
	for scanner.Scan() {
		var e event
		if err := json.Unmarshal(scanner.Bytes(), &e); err != nil {
			fmt.Fprintln(p.out, scanner.Text()) // not from a test
			continue
		}
		p.handle(e)
	}
	return scanner.Err()
}

func (p *printer) handle(e event) {
	key := e.Package + e.ImportPath + " " + e.Test
	switch e.Action {
	case "output", "build-output":
		p.lines[key] = append(p.lines[key], e.Output)
	case "build-fail":
		p.flush(key)
	case "pass":
		delete(p.lines, key)
		if e.Test != "" {
			p.report.passed++
		} else {
			fmt.Fprintf(p.out, "ok    %-34s %6.1fs\n", e.Package, e.Elapsed)
		}
	case "skip":
		if e.Test != "" {
			p.report.skipped++
			p.flush(key)
		}
		delete(p.lines, key)
	case "fail":
		p.fail(e, key)
	}
}

func (p *printer) fail(e event, key string) {
	p.flush(key)
	switch {
	case e.Test != "":
		p.report.broken++
		p.report.names = append(p.report.names, e.Package+" "+e.Test)
	case e.FailedBuild != "":
		p.report.broken++
		p.report.names = append(p.report.names, e.Package+" (does not build)")
	default:
		p.flushPackage(e.Package)
		fmt.Fprintf(p.out, "FAIL  %-34s %6.1fs\n", e.Package, e.Elapsed)
	}
}

func (p *printer) flush(key string) {
	for _, l := range p.lines[key] {
		fmt.Fprint(p.out, l)
	}
	delete(p.lines, key)
}

// flushPackage shows what tests said that neither passed nor failed: after a
// crash or a timeout that is where the cause is.
func (p *printer) flushPackage(name string) {
	for key := range p.lines {
		if strings.HasPrefix(key, name+" ") {
			p.flush(key)
		}
	}
}
