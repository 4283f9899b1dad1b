package main

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"
)

func TestPrinterCountsAndShowsFailures(t *testing.T) {
	const in = `{"Action":"start","Package":"linnet/a"}
{"Action":"output","Package":"linnet/a","Test":"TestGood","Output":"quiet\n"}
{"Action":"pass","Package":"linnet/a","Test":"TestGood"}
{"Action":"output","Package":"linnet/a","Test":"TestBad","Output":"bad_test.go:1: loud\n"}
{"Action":"fail","Package":"linnet/a","Test":"TestBad"}
{"Action":"output","Package":"linnet/a","Test":"TestSkipped","Output":"too short\n"}
{"Action":"skip","Package":"linnet/a","Test":"TestSkipped"}
{"Action":"output","Package":"linnet/a","Test":"TestHung","Output":"panic: test timed out\n"}
{"Action":"fail","Package":"linnet/a","Elapsed":1.5}
{"ImportPath":"linnet/b","Action":"build-output","Output":"b.go:1: syntax error\n"}
{"ImportPath":"linnet/b","Action":"build-fail"}
{"Action":"fail","Package":"linnet/b","FailedBuild":"linnet/b"}
{"Action":"pass","Package":"linnet/c","Elapsed":2}
not from a test
`
	var r report
	var out bytes.Buffer
	p := printer{report: &r, out: &out, lines: make(map[string][]string)}
	if err := p.read(strings.NewReader(in)); err != nil {
		t.Fatal(err)
	}
	if r.passed != 1 || r.broken != 2 || r.skipped != 1 {
		t.Errorf("%d passed, %d failed, %d skipped", r.passed, r.broken, r.skipped)
	}
	for _, want := range []string{"loud", "too short", "timed out", "syntax error", "not from a test", "ok    linnet/c"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not shown in:\n%s", want, out.String())
		}
	}
	if strings.Contains(out.String(), "quiet") {
		t.Error("the output of a passing test is shown")
	}
}

func TestReport(t *testing.T) {
	r := report{passed: 3, broken: 1, names: []string{"linnet/a TestBad"}}
	r.add("vet", 2*time.Second, nil)
	if r.failed() {
		t.Error("failed without a failure")
	}
	r.add("tests", 90*time.Second, errors.New("exit status 1"))
	if !r.failed() {
		t.Error("a failed step is not a failure")
	}
	var out bytes.Buffer
	r.print(&out)
	want := `
== summary
vet              2.0s  ok
tests           90.0s  FAILED: exit status 1
all             92.0s
failed: linnet/a TestBad
3 passed, 1 failed, 0 skipped
`
	if out.String() != want {
		t.Errorf("got:\n%s", out.String())
	}
}
