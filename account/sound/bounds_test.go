package sound

import (
	"bytes"
	"context"
	"errors"
	"io"
	"sync/atomic"
	"testing"
	"time"
)

// slow is a file of which reads are counted. Something happens at one of them.
type slow struct {
	io.ReadSeeker
	at    int64 // at which read
	then  func()
	reads atomic.Int64
}

func (s *slow) Read(p []byte) (int, error) {
	if s.reads.Add(1) == s.at {
		s.then()
	}
	return s.ReadSeeker.Read(p)
}

func (s *slow) Close() error { return nil }

// barren looks like MPEG audio and has nothing to hear but at its beginning.
func barren() *slow {
	data := append([]byte{0xFF, 0xFB, 0x90, 0x00}, make([]byte, 4<<20)...)
	return &slow{ReadSeeker: bytes.NewReader(data), then: func() {}}
}

// TestBarren holds that a file without sound does not take a system call a byte.
func TestBarren(t *testing.T) {
	s := barren()
	if _, err := Measure(t.Context(), s); err != nil && !errors.Is(err, ErrBroken) {
		t.Error(err)
	}
	if n := s.reads.Load(); n > 4000 {
		t.Errorf("4 MB were read in %d parts", n)
	}
}

// TestMeasureEnds holds that measuring ends with its context wherever it is.
func TestMeasureEnds(t *testing.T) {
	for at := int64(1); at < 40; at += 7 {
		ctx, cancel := context.WithCancel(t.Context())
		s := barren()
		s.at, s.then = at, cancel
		Measure(ctx, s)
		if n := s.reads.Load(); n > at {
			t.Errorf("%d reads after the context had ended at %d", n-at, at)
		}
	}
}

// TestPlayGivesUp holds that nobody waits for a sound that is not wanted any
// more.
func TestPlayGivesUp(t *testing.T) {
	for at := int64(1); at < 40; at += 7 {
		l := listen(t)
		s := barren()
		s.at, s.then = at, l.Stop
		l.Play("barren", func() (io.ReadSeekCloser, error) { return s, nil }, time.Minute, 1)
		for got := (Status{State: Loading}); got.State != Silent; {
			select {
			case got = <-l.states:
			case <-time.After(10 * time.Second):
				t.Fatalf("stopped at %d it goes on", at)
			}
			if got.State == Failed {
				t.Errorf("stopped at %d it failed: %v", at, got.Err)
			}
		}
		if n := s.reads.Load(); n > at {
			t.Errorf("%d reads after it was stopped at %d", n-at, at)
		}
	}
}
