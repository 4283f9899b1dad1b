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
				if hold, err := enter(dir, uri); err != nil || hold != nil {
					t.Fatalf("hold %v, error %v", hold, err)
				}
				if have := <-got; have != uri {
					t.Errorf("first copy got %q, want %q", have, uri)
				}
			}
		})
	}
}

func TestStartWhileAnotherCopyEnds(t *testing.T) {
	dir := t.TempDir()
	first, err := holdProfile(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := first.listen(dir, func(string) { t.Error("an ending copy took an address") }); err != nil {
		t.Fatal(err)
	}
	first.deafen()
	entered := make(chan *instance)
	go func() {
		hold, err := enter(dir, "xmpp:juliet@capulet.example")
		if err != nil {
			t.Error(err)
		}
		entered <- hold
	}()
	first.close()
	if hold := <-entered; hold == nil {
		t.Error("nobody has the profile")
	} else {
		hold.close()
	}
}

func TestEnterRefusesBrokenAddress(t *testing.T) {
	for _, uri := range []string{"xmpp:a@b\nxmpp:c@d", "xmpp:" + strings.Repeat("a", handLimit)} {
		if hold, err := enter(t.TempDir(), uri); err == nil || hold != nil {
			t.Errorf("%.20q: %v, want a refusal", uri, err)
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
