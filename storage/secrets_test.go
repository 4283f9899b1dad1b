package storage

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	oskeyring "github.com/zalando/go-keyring"
)

// testWorkFactor keeps the tests from computing for long.
const testWorkFactor = 2

// memoryKeyring stands for the keyring of the system. Calls wait for gate.
type memoryKeyring struct {
	mu     sync.Mutex
	values map[string]string
	fail   error
	gate   chan struct{}
	calls  int
}

func newMemoryKeyring() *memoryKeyring {
	m := &memoryKeyring{values: map[string]string{}, gate: make(chan struct{})}
	close(m.gate)
	return m
}

func (m *memoryKeyring) enter() error {
	m.mu.Lock()
	m.calls++
	gate := m.gate
	m.mu.Unlock()
	<-gate
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.fail
}

func (m *memoryKeyring) Get(service, user string) (string, error) {
	if err := m.enter(); err != nil {
		return "", err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	v, ok := m.values[service+" "+user]
	if !ok {
		return "", oskeyring.ErrNotFound
	}
	return v, nil
}

func (m *memoryKeyring) Set(service, user, password string) error {
	if err := m.enter(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.values[service+" "+user] = password
	return nil
}

func (m *memoryKeyring) Delete(service, user string) error {
	if _, err := m.Get(service, user); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.values, service+" "+user)
	return nil
}

func TestSecrets(t *testing.T) {
	kinds := map[string]func(t *testing.T) Secrets{
		"forgetful": func(*testing.T) Secrets { return Forgetful() },
		"sealed": func(t *testing.T) Secrets {
			s, err := openSealed(filepath.Join(t.TempDir(), "secrets"), []byte("open sesame"), testWorkFactor)
			if err != nil {
				t.Fatal(err)
			}
			return s
		},
		"keyring": func(t *testing.T) Secrets {
			s, err := newKeyring(t.Context(), "p", newMemoryKeyring(), time.Minute)
			if err != nil {
				t.Fatal(err)
			}
			return s
		},
	}
	for name, open := range kinds {
		t.Run(name, func(t *testing.T) {
			s := open(t)
			if _, err := s.Get("a"); !errors.Is(err, ErrNoSecret) {
				t.Errorf("before Set: %v", err)
			}
			if err := s.Delete("a"); err != nil {
				t.Errorf("Delete of nothing: %v", err)
			}
			for _, v := range [][]byte{[]byte("pässwörd"), {0, 255, 10}, {}} {
				if err := s.Set("a", v); err != nil {
					t.Fatal(err)
				}
				got, err := s.Get("a")
				if err != nil || !bytes.Equal(got, v) {
					t.Errorf("got %q, %v, want %q", got, err, v)
				}
				for i := range got {
					got[i]++ // must not reach the one kept
				}
				if again, err := s.Get("a"); err != nil || !bytes.Equal(again, v) {
					t.Errorf("again %q, %v, want %q", again, err, v)
				}
			}
			if err := s.Delete("a"); err != nil {
				t.Fatal(err)
			}
			if _, err := s.Get("a"); !errors.Is(err, ErrNoSecret) {
				t.Errorf("after Delete: %v", err)
			}
			key, err := ArchiveKey(s)
			if err != nil || len(key) != KeySize {
				t.Fatalf("ArchiveKey: %d bytes, %v", len(key), err)
			}
			if again, err := ArchiveKey(s); err != nil || !bytes.Equal(key, again) {
				t.Errorf("another key the second time, %v", err)
			}
			if err := s.Set(archiveKeyName, []byte("short")); err != nil {
				t.Fatal(err)
			}
			if _, err := ArchiveKey(s); err == nil {
				t.Error("a short key was taken")
			}
			concurrently(t, s)
		})
	}
}

func concurrently(t *testing.T, s Secrets) {
	t.Helper()
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			name := fmt.Sprint("n", i)
			if err := s.Set(name, []byte(name)); err != nil {
				t.Error(err)
			}
			if v, err := s.Get(name); err != nil || string(v) != name {
				t.Errorf("%s: %q, %v", name, v, err)
			}
		})
	}
	wg.Wait()
}

// TestArchiveKeyThatIsNotKept: an archive sealed with it would be lost.
func TestArchiveKeyThatIsNotKept(t *testing.T) {
	if key, err := ArchiveKey(careless{Forgetful()}); err == nil {
		t.Errorf("got %x", key)
	}
}

type careless struct{ Secrets }

func (careless) Set(string, []byte) error { return nil }

func TestSealedFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "secrets")
	if SealedExists(path) {
		t.Fatal("there before it was made")
	}
	s, err := openSealed(path, []byte("open sesame"), testWorkFactor)
	if err != nil {
		t.Fatal(err)
	}
	if !SealedExists(path) {
		t.Fatal("not made")
	}
	if err := s.Set("hidden-name", []byte("hidden-value")); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(path)
	if err != nil || bytes.Contains(before, []byte("hidden")) {
		t.Fatalf("in plain on the disk, or %v", err)
	}
	if info, err := os.Stat(path); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	for _, wrong := range []string{"open barley", "open sesame "} {
		if _, err := OpenSealed(path, []byte(wrong)); !errors.Is(err, ErrWrongPassphrase) {
			t.Errorf("%q: %v", wrong, err)
		}
	}
	if _, err := OpenSealed(path, nil); err == nil {
		t.Error("no passphrase opened it")
	}
	if after, err := os.ReadFile(path); err != nil || !bytes.Equal(before, after) {
		t.Errorf("a wrong passphrase changed the file: %v", err)
	}
	again, err := OpenSealed(path, []byte("open sesame"))
	if err != nil {
		t.Fatal(err)
	}
	if v, err := again.Get("hidden-name"); err != nil || string(v) != "hidden-value" {
		t.Errorf("got %q, %v", v, err)
	}
}

func TestSealedFileDamaged(t *testing.T) {
	path := filepath.Join(t.TempDir(), "secrets")
	s, err := openSealed(path, []byte("p"), testWorkFactor)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Set("a", bytes.Repeat([]byte("x"), 500)); err != nil {
		t.Fatal(err)
	}
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for at := 0; at < len(good); at += 7 {
		for what, bad := range map[string][]byte{
			"flipped": slices.Concat(good[:at], []byte{good[at] ^ 1}, good[at+1:]), "cut": good[:at],
		} {
			if err := os.WriteFile(path, bad, 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := openSealed(path, []byte("p"), testWorkFactor)
			var damaged *DamagedError
			if !errors.As(err, &damaged) && !errors.Is(err, ErrWrongPassphrase) {
				t.Fatalf("%s at %d: %v", what, at, err)
			}
			if after, err := os.ReadFile(path); err != nil || !bytes.Equal(after, bad) {
				t.Fatalf("%s at %d: the file was changed, %v", what, at, err)
			}
		}
	}
}

// TestSealedFailedWriteChangesNothing takes the directory away under the file.
func TestSealedFailedWriteChangesNothing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "d")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	s, err := openSealed(filepath.Join(dir, "secrets"), []byte("p"), testWorkFactor)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Set("a", []byte("1")); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if err := s.Set("a", []byte("2")); err == nil {
		t.Error("Set without a directory")
	}
	if v, err := s.Get("a"); err != nil || string(v) != "1" {
		t.Errorf("got %q, %v: not what the disk has", v, err)
	}
}

func TestKeyringThatDoesNotAnswer(t *testing.T) {
	m := newMemoryKeyring()
	ctx, cancel := context.WithCancel(t.Context())
	s, err := newKeyring(ctx, "p", m, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := s.Set("a", []byte("1")); err != nil {
		t.Errorf("the context of Keyring reached a later call: %v", err)
	}
	gate := make(chan struct{})
	m.mu.Lock()
	m.gate, m.calls = gate, 0
	m.mu.Unlock()
	s.(*keyring).limit = 20 * time.Millisecond
	for range 5 {
		if _, err := s.Get("a"); !errors.Is(err, ErrNoKeyring) {
			t.Fatalf("while it hangs: %v", err)
		}
	}
	m.mu.Lock()
	if m.calls != 1 {
		t.Errorf("%d calls wait in a keyring that hangs", m.calls)
	}
	m.mu.Unlock()
	close(gate)
	s.(*keyring).limit = time.Minute
	if v, err := s.Get("a"); err != nil || string(v) != "1" {
		t.Errorf("after it answers again: %q, %v", v, err)
	}
	if _, err := newKeyring(ctx, "p", m, time.Minute); !errors.Is(err, ErrNoKeyring) {
		t.Errorf("with a context that has ended: %v", err)
	}
}

func TestKeyringThatFails(t *testing.T) {
	m := newMemoryKeyring()
	m.fail = errors.New("locked")
	if _, err := newKeyring(t.Context(), "p", m, time.Minute); !errors.Is(err, ErrNoKeyring) || !strings.Contains(err.Error(), "locked") {
		t.Errorf("got %v", err)
	}
	m.fail = oskeyring.ErrSetDataTooBig
	if _, err := newKeyring(t.Context(), "p", m, time.Minute); err == nil || errors.Is(err, ErrNoKeyring) {
		t.Errorf("a value too large: %v", err)
	}
}

// TestKeyringOfTheSystem goes through the library, with its provider replaced.
func TestKeyringOfTheSystem(t *testing.T) {
	oskeyring.MockInit()
	a, err := Keyring(t.Context(), "profile a")
	if err != nil {
		t.Fatal(err)
	}
	b, err := Keyring(t.Context(), "profile b")
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Set("x", []byte("1")); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Get("x"); !errors.Is(err, ErrNoSecret) {
		t.Errorf("another profile's secret: %v", err)
	}
	if v, err := oskeyring.Get(keyringService, "profile a/x"); err != nil || v == "" {
		t.Errorf("in the keyring: %q, %v", v, err)
	}
	oskeyring.MockInitWithError(errors.New("no bus"))
	if _, err := Keyring(t.Context(), "profile a"); !errors.Is(err, ErrNoKeyring) {
		t.Errorf("without a keyring: %v", err)
	}
}
