package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestSecondCopyHandsOver(t *testing.T) {
	for name, dir := range map[string]string{
		"short path": t.TempDir(),
		"long path":  filepath.Join(t.TempDir(), strings.Repeat("d", socketPathLimit)),
	} {
		t.Run(name, func(t *testing.T) {
			if err := os.MkdirAll(dir, 0o700); err != nil {
				t.Fatal(err)
			}
			first, err := holdProfile(dir)
			if err != nil {
				t.Fatal(err)
			}
			defer first.close()
			got := make(chan string, 1)
			if err := first.listen(dir, func(uri string) { got <- uri }); err != nil {
				t.Fatal(err)
			}
			if _, err := holdProfile(dir); !errors.Is(err, errRunning) {
				t.Fatalf("second hold: %v, want errRunning", err)
			}
			for _, uri := range []string{"xmpp:juliet@capulet.example?message", ""} {
				if err := handOver(dir, uri); err != nil {
					t.Fatal(err)
				}
				if have := <-got; have != uri {
					t.Errorf("first copy got %q, want %q", have, uri)
				}
			}
		})
	}
}

func TestHandOverRefusesBrokenAddress(t *testing.T) {
	for _, uri := range []string{"xmpp:a@b\nxmpp:c@d", "xmpp:" + strings.Repeat("a", handLimit)} {
		if err := handOver(t.TempDir(), uri); err == nil || errors.Is(err, errRunning) {
			t.Errorf("%.20q: %v, want a refusal before any connection", uri, err)
		}
	}
}

func TestProfileIsFreeAgain(t *testing.T) {
	dir := t.TempDir()
	for range 2 {
		hold, err := holdProfile(dir)
		if err != nil {
			t.Fatal(err)
		}
		if err := hold.listen(dir, func(string) {}); err != nil {
			t.Fatal(err)
		}
		hold.close()
	}
}

func TestDeadSocketIsReplaced(t *testing.T) {
	dir := t.TempDir()
	path, err := socketPath(dir)
	if err != nil {
		t.Fatal(err)
	}
	// What a killed copy leaves: a socket file nobody listens on.
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	hold, err := holdProfile(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer hold.close()
	if err := hold.listen(dir, func(string) {}); err != nil {
		t.Fatal(err)
	}
	if err := handOver(dir, ""); err != nil {
		t.Fatal(err)
	}
}
