//go:build unix

package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestFuzzTargetThatHangs runs programs that say what Go's do.
func TestFuzzTargetThatHangs(t *testing.T) {
	const (
		begins = "trap 'exit 0' INT\necho 'fuzz: elapsed: 0s, gathering baseline coverage: 0/9 completed'\n"
		waits  = "while :; do sleep 0.01; done\n"
		tries  = "i=0; while :; do i=$((i+1)); echo \"fuzz: elapsed: 3s, execs: $i (1/sec)\"; sleep 0.01; done\n"
		hangs  = "it tried no input any more"
	)
	for name, tt := range map[string]struct {
		script, want string
		patience     time.Duration
	}{
		"tries inputs":     {begins + tries, "", time.Minute},
		"tries none":       {begins + waits, hangs, time.Second},
		"Go says it hangs": {begins + "sleep 0.3; exit 1\n", "exit status 1", time.Minute},
		"fails in the end": {strings.Replace(begins, "exit 0", "exit 2", 1) + tries, "exit status 2", time.Minute},
		"ends before":      {begins, "it ended before its time was over", time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			program := filepath.Join(t.TempDir(), "program")
			if err := os.WriteFile(program, []byte("#!/bin/sh\n"+tt.script), 0o700); err != nil {
				t.Fatal(err)
			}
			_, err := fuzzTarget{program: program, name: "FuzzIt"}.run(t.Context(), 50*time.Millisecond, tt.patience)
			got := ""
			if err != nil {
				got = err.Error()
			}
			if got != tt.want && (tt.want != hangs || got != "signal: interrupt") { // which can come before the trap
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

// TestFuzzTargetThatIsAtAnInput is told to end only when it goes on after its time.
func TestFuzzTargetThatIsAtAnInput(t *testing.T) {
	ended := false
	o := fuzzOutput{until: time.Now().Add(time.Hour), enough: func() { ended = true }}
	says := func(text string, want bool) {
		t.Helper()
		if _, err := o.Write([]byte(text)); err != nil || ended != want {
			t.Errorf("%q: %v, told to end: %v", text, err, ended)
		}
	}
	says("fuzz: elapsed: 24s, execs: 5 (2/sec)\n", false)
	says("fuzz: elapsed: 27s, execs: 77 (2/sec)\n", false)
	o.until = time.Time{}
	says("fuzz: elapsed: 30s, execs: 77 (0/sec)\n", false)
	says("fuzz: elapsed: 33s, execs: 7", false)
	says("7 (0/sec)\nfuzz: elapsed: 36s, execs: 7", false)
	says("8 (0/sec)\n", true)
}

// TestFuzzingIsStopped ends with what runs it, however well the target goes.
func TestFuzzingIsStopped(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := (fuzzTarget{program: "sh"}).run(ctx, time.Minute, time.Minute); err == nil {
		t.Error("what did not run passed")
	}
}
