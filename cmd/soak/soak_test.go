//go:build unix

package main

import (
	"os"
	"testing"
)

func TestMain(m *testing.M) {
	if os.Getenv(roleVariable) != "" {
		beDevice()
	}
	os.Exit(m.Run())
}

// testSeed makes the faults of TestSoak.
const testSeed = 20260101

// TestSoak is a soak of some hundred messages, with each kind of fault. With
// another seed, and more of everything, it is "make soak".
func TestSoak(t *testing.T) {
	const messages = 300
	if testing.Short() {
		t.Skip("a soak takes a minute or two")
	}
	for server := range servers {
		t.Run(server, func(t *testing.T) {
			t.Parallel()
			dir := t.ArtifactDir()
			got := run(t.Context(), options{
				server: server, messages: messages, seed: testSeed, dir: dir,
				tell: func(line string) { t.Log(line) },
			})
			t.Log(got.table())
			if len(got.violations) > 0 {
				t.Error("the profiles and logs are among the artifacts")
			} else if err := os.RemoveAll(dir); err != nil {
				t.Error(err)
			}
			for k, n := range got.faults {
				if n == 0 {
					t.Errorf("no %v", kind(k))
				}
			}
		})
	}
}
