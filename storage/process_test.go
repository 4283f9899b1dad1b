//go:build unix

package storage

import (
	"bufio"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// childVar makes the test binary act as a second process: its value is the
// role, and childPath the archive.
const (
	childVar  = "LINNET_STORAGE_CHILD"
	childPath = "LINNET_STORAGE_PATH"
)

func TestMain(m *testing.M) {
	role := os.Getenv(childVar)
	if role == "" {
		os.Exit(m.Run())
	}
	if err := map[string]func(string) error{"write": childWrite, "full": childFull}[role](os.Getenv(childPath)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func child(t *testing.T, role, path string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childVar+"="+role, childPath+"="+path)
	cmd.Stderr = os.Stderr
	return cmd
}

// childWrite stores messages until it is killed, some with one transaction
// each, some in batches, and prints every id once its Update has returned.
func childWrite(path string) error {
	s, err := Open(path, testKey, Options{})
	if err != nil {
		return err
	}
	for n := 1; ; n++ {
		var ids []string
		err := s.Update(func(tx *Tx) error {
			accounts, err := tx.Accounts()
			if err != nil {
				return err
			}
			chat, _, err := tx.FindChat(accounts[0].ID, "juliet@example.org")
			if err != nil {
				return err
			}
			for i := range 1 + n%7*5 {
				m := Message{Chat: chat.ID, Out: true, ID: fmt.Sprintf("%d-%d-%d", os.Getpid(), n, i), Body: strings.Repeat("x", n%3000)}
				if err := errors.Join(tx.AddMessage(&m), tx.Enqueue(accounts[0].ID, chat.ID, m.Pos)); err != nil {
					return err
				}
				ids = append(ids, m.ID)
			}
			return nil
		})
		if err != nil {
			return err
		}
		fmt.Println(strings.Join(ids, "\n"))
	}
}

func TestKilledWriterLosesNothingAcknowledged(t *testing.T) {
	path := filepath.Join(t.TempDir(), "archive")
	s := openTest(t, path)
	a, c := newChat(t, s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 0))
	var acknowledged []string
	for round := range 15 {
		ids := killWriter(t, path, 1+r.IntN(60), time.Duration(r.IntN(4000))*time.Microsecond)
		acknowledged = append(acknowledged, ids...)
		s, err := Open(path, testKey, Options{})
		if err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		view(t, s, func(tx *Tx) error {
			for _, id := range acknowledged {
				if m, ok, err := tx.FindMessage(c.ID, ByID, id); !ok || err != nil || m.ID != id {
					t.Fatalf("round %d: %s was acknowledged: %v, %v", round, id, ok, err)
				}
			}
			stored, err := tx.MessagesAfter(c.ID, Pos{}, 1<<20)
			if err != nil {
				t.Fatal(err)
			}
			out, err := tx.Outbox(a.ID, 1<<20)
			if err != nil || len(out) != len(stored) {
				t.Fatalf("round %d: %d messages, %d in the outbox, %v", round, len(stored), len(out), err)
			}
			return nil
		})
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d acknowledged", len(acknowledged))
}

// killWriter runs a writer, kills it some moment after it has printed a number
// of ids, and returns all it printed.
func killWriter(t *testing.T, path string, after int, more time.Duration) []string {
	t.Helper()
	cmd := child(t, "write", path)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var ids []string
	lines := bufio.NewReader(out)
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			break // a line without its end was not acknowledged yet
		}
		ids = append(ids, strings.TrimSpace(line))
		if len(ids) == after {
			time.AfterFunc(more, func() { cmd.Process.Kill() })
		}
	}
	if err := cmd.Wait(); err == nil || len(ids) < after {
		t.Fatalf("the writer ended by itself after %d ids: %v", len(ids), err)
	}
	return ids
}

// childFull fills an archive up to a limit on the size of files, which fails as
// a full disk does, makes room, and goes on.
func childFull(path string) error {
	signal.Ignore(syscall.SIGXFSZ)
	s, err := Open(path, testKey, Options{})
	if err != nil {
		return err
	}
	defer s.Close()
	var old syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &old); err != nil {
		return err
	}
	limited := old
	limited.Cur = 1 << 20
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limited); err != nil {
		return err
	}
	stored := 0
	add := func(body string) error {
		err := s.Update(func(tx *Tx) error {
			return tx.AddMessage(&Message{Chat: 1, ID: strconv.Itoa(stored), Body: body})
		})
		if err == nil {
			stored++
		}
		return err
	}
	for err == nil && stored < 1000 {
		err = add(strings.Repeat("x", 20_000))
	}
	if !errors.Is(err, ErrDiskFull) {
		return fmt.Errorf("after %d messages: %v", stored, err)
	}
	for range 5 { // again and again while it is full
		if err := add(strings.Repeat("x", 500_000)); !errors.Is(err, ErrDiskFull) {
			return fmt.Errorf("still full: %v", err)
		}
	}
	if err := countStored(s, stored); err != nil {
		return fmt.Errorf("while full: %w", err)
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &old); err != nil {
		return err
	}
	for range 50 {
		if err := add(strings.Repeat("y", 20_000)); err != nil {
			return fmt.Errorf("with room again: %w", err)
		}
	}
	if err := countStored(s, stored); err != nil {
		return fmt.Errorf("with room again: %w", err)
	}
	fmt.Println(stored)
	return nil
}

func countStored(s *Store, want int) error {
	return s.View(func(tx *Tx) error {
		all, err := tx.MessagesAfter(1, Pos{}, 1<<20)
		if err == nil && len(all) != want {
			err = fmt.Errorf("%d messages, stored %d", len(all), want)
		}
		for i := 0; err == nil && i < want; i++ {
			if _, ok, ferr := tx.FindMessage(1, ByID, strconv.Itoa(i)); ferr != nil || !ok {
				err = fmt.Errorf("message %d: %v, %v", i, ok, ferr)
			}
		}
		return err
	})
}

func TestFullDiskLosesNothingAndPasses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "archive")
	s := openTest(t, path)
	newChat(t, s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	out, err := child(t, "full", path).Output()
	if err != nil {
		t.Fatal(err)
	}
	stored, err := strconv.Atoi(strings.TrimSpace(string(out)))
	if err != nil {
		t.Fatal(err)
	}
	if err := countStored(openTest(t, path), stored); err != nil {
		t.Error(err)
	}
}

func TestSecondProcessIsTurnedAway(t *testing.T) {
	path := filepath.Join(t.TempDir(), "archive")
	s := openTest(t, path)
	newChat(t, s)
	cmd := child(t, "write", path)
	var said strings.Builder
	cmd.Stderr = &said
	if err := cmd.Run(); err == nil || !strings.Contains(said.String(), ErrLocked.Error()) {
		t.Errorf("the second process: %v, %q", err, said.String())
	}
	if _, err := Open(path, testKey, Options{}); !errors.Is(err, ErrLocked) {
		t.Errorf("a second Store: %v", err)
	}
	update(t, s, func(tx *Tx) error { return tx.PutSetting("still", []byte("fine")) })
}
