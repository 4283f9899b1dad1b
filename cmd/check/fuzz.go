package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// corpus is where the programs that fuzz are, and the inputs they found that go
// new ways. An input that fails is kept beside its test by Go.
const corpus = "bin/fuzz"

// minimizing is how long an input that goes a new way may be made shorter. Go
// takes a minute for it, in which nothing else is tried.
const minimizing = time.Second

// fuzzGrace is how long a fuzz target may take to end when its time is over.
const fuzzGrace = time.Minute

// fuzzPatience is how long a target that tries no input is waited for when its time
// is over. Go takes 10 s to notice that one hangs on an input, which it then names.
const fuzzPatience = 20 * time.Second

// fuzzTarget is a fuzz target of a package.
type fuzzTarget struct {
	pkg, dir, name string
	program        string // made of the package's tests
}

var (
	fuzzFunction = regexp.MustCompile(`(?m)^func (Fuzz\w+)\(\w+ \*testing\.F\)`)
	fuzzInputs   = regexp.MustCompile(`execs: (\d+) `)
)

// notInTests are the packages whose fuzz targets only "make fuzz" runs: they are
// old, and about what is on disk, what the user types, or the stream itself. All
// together would have the whole test take too long.
var notInTests = []string{"linnet/app", "linnet/account/stream", "linnet/storage"}

// fuzz gives every fuzz target outside some packages some time of one core, as
// many at once as there are cores.
func fuzz(ctx context.Context, r *report, each time.Duration, without ...string) error {
	targets, err := findFuzzTargets(ctx)
	if err != nil {
		return err
	}
	targets = slices.DeleteFunc(targets, func(t fuzzTarget) bool { return slices.Contains(without, t.pkg) })
	if err := buildFuzzPrograms(ctx, targets); err != nil {
		return err
	}
	todo := make(chan fuzzTarget)
	go func() {
		defer close(todo)
		for _, t := range targets {
			todo <- t
		}
	}()
	var mu sync.Mutex // of r, failed and the output
	var failed error
	var workers sync.WaitGroup
	for range runtime.NumCPU() {
		workers.Go(func() {
			for t := range todo {
				if ctx.Err() != nil {
					continue
				}
				out, err := t.run(ctx, each, fuzzPatience)
				mu.Lock()
				if err == nil {
					r.passed++
					fmt.Printf("ok    %-34s %-20s %9d inputs\n", t.pkg, t.name, fuzzed(out))
				} else {
					failed = fmt.Errorf("%s %s: %w", t.pkg, t.name, err)
					r.broken++
					r.names = append(r.names, t.pkg+" "+t.name)
					fmt.Printf("%sFAIL  %-34s %s\n", out, t.pkg, t.name)
				}
				mu.Unlock()
			}
		})
	}
	workers.Wait()
	return failed
}

// fuzzed gives how many inputs a target says it was tried with.
func fuzzed(out []byte) int {
	all := fuzzInputs.FindAllSubmatch(out, -1)
	if len(all) == 0 {
		return 0
	}
	n, _ := strconv.Atoi(string(all[len(all)-1][1]))
	return n
}

// findFuzzTargets looks into the files of tests, which is much faster than
// building and asking them.
func findFuzzTargets(ctx context.Context) (targets []fuzzTarget, err error) {
	var out bytes.Buffer
	cmd := command(ctx, "go", "list", "-tags", tags, "-json=ImportPath,Dir,TestGoFiles,XTestGoFiles", "./...")
	cmd.Stdout = &out
	if err := cmd.Run(); err != nil {
		return nil, err
	}
	for list := json.NewDecoder(&out); ; {
		var p struct {
			ImportPath, Dir           string
			TestGoFiles, XTestGoFiles []string
		}
		if err := list.Decode(&p); errors.Is(err, io.EOF) {
			return targets, nil
		} else if err != nil {
			return nil, err
		}
		for _, name := range append(p.TestGoFiles, p.XTestGoFiles...) {
			file, err := os.ReadFile(filepath.Join(p.Dir, name))
			if err != nil {
				return nil, err
			}
			for _, m := range fuzzFunction.FindAllSubmatch(file, -1) {
				targets = append(targets, fuzzTarget{pkg: p.ImportPath, dir: p.Dir, name: string(m[1])})
			}
		}
	}
}

// buildFuzzPrograms builds the tests of each package, once for all its targets.
func buildFuzzPrograms(ctx context.Context, targets []fuzzTarget) error {
	base, err := filepath.Abs(corpus)
	if err != nil {
		return err
	}
	for i := range targets {
		t := &targets[i]
		t.program = filepath.Join(base, strings.ReplaceAll(t.pkg, "/", "-")+".test")
		if i > 0 && t.program == targets[i-1].program {
			continue
		}
		// With -fuzz the compiler adds what shows which way an input goes.
		if err := command(ctx, "go", "test", "-c", "-fuzz=.", "-tags", tags, "-o", t.program, t.pkg).Run(); err != nil {
			return err
		}
	}
	return nil
}

// run fuzzes for a while, and on until an input is tried after that or patience is
// over; it gives what that said. It is interrupted, since Go 1.26 itself now and
// then takes the end of its -fuzztime for a failure (go.dev/issue/75804), and what
// is interrupted ends well even when it hangs.
func (t fuzzTarget) run(ctx context.Context, each, patience time.Duration) ([]byte, error) {
	limited, cancel := context.WithTimeout(ctx, each+patience)
	defer cancel()
	out := fuzzOutput{until: time.Now().Add(each), enough: cancel}
	cmd := command(limited, t.program,
		"-test.run=^$", "-test.fuzz=^"+t.name+"$", "-test.parallel=1",
		"-test.fuzzminimizetime="+minimizing.String(),
		"-test.fuzzcachedir="+filepath.Join(filepath.Dir(t.program), "corpus", t.pkg))
	cmd.Dir, cmd.Stdout, cmd.Stderr = t.dir, &out, &out
	cmd.WaitDelay = fuzzGrace
	err := cmd.Run()
	switch {
	case ctx.Err() != nil:
		err = ctx.Err()
	case errors.Is(err, context.Canceled): // it ended well, when it was told to
		err = nil
	case errors.Is(err, context.DeadlineExceeded):
		err = errors.New("it tried no input any more")
	case err == nil:
		err = errors.New("it ended before its time was over")
	}
	return out.said.Bytes(), err
}

// fuzzOutput is what a target says, which is how many inputs were tried every 3 s.
type fuzzOutput struct {
	until  time.Time // from then on
	enough func()    // is called when more inputs were tried than it said before
	said   bytes.Buffer
	tried  int
}

// Write implements io.Writer.
func (o *fuzzOutput) Write(p []byte) (int, error) {
	o.said.Write(p)
	tried := fuzzed(o.said.Bytes())
	if tried > o.tried && time.Now().After(o.until) {
		o.enough()
	}
	o.tried = tried
	return len(p), nil
}
