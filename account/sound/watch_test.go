package sound

import (
	"errors"
	"io"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// stuck is a machine whose devices hang, in opening or closing, until they are let go.
type stuck struct {
	desk
	opening, closing chan struct{} // nil: at once
	closed           chan struct{}
}

func (s *stuck) Play(f Format, fill func([]int16), lost func()) (io.Closer, error) {
	if s.opening != nil {
		<-s.opening
	}
	if _, err := s.desk.Play(f, fill, lost); err != nil {
		return nil, err
	}
	return s, nil
}

func (s *stuck) Close() error {
	if s.closing != nil {
		<-s.closing
	}
	close(s.closed)
	return s.desk.Close()
}

// TestWatched holds what becomes of devices that hang.
func TestWatched(t *testing.T) {
	part := make([]int16, Speech.Samples(playPart))
	t.Run("lost", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			s := &stuck{closing: make(chan struct{}), closed: make(chan struct{})}
			var calls, lost atomic.Int32
			dev, err := Watched(s).Play(Speech, func([]int16) { calls.Add(1) }, func() { lost.Add(1) })
			if err != nil {
				t.Fatal(err)
			}
			for range 10 {
				time.Sleep(lostTime - time.Second)
				s.fill(part)
			}
			synctest.Wait()
			if calls.Load() != 10 || lost.Load() != 0 {
				t.Errorf("%d calls, lost %d times", calls.Load(), lost.Load())
			}
			time.Sleep(2 * lostTime)
			synctest.Wait()
			if lost.Load() != 1 {
				t.Errorf("lost %d times", lost.Load())
			}
			if err := dev.Close(); !errors.Is(err, ErrHangs) {
				t.Errorf("closed: %v", err)
			}
			s.fill(part)
			s.lost()
			if calls.Load() != 10 || lost.Load() != 1 {
				t.Errorf("called after it was closed")
			}
			close(s.closing)
		})
	})
	t.Run("opening", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			s := &stuck{opening: make(chan struct{}), closed: make(chan struct{})}
			if _, err := Watched(s).Play(Speech, func([]int16) { t.Error("called") }, func() { t.Error("lost") }); !errors.Is(err, ErrNoOutput) || !errors.Is(err, ErrHangs) {
				t.Errorf("opened: %v", err)
			}
			close(s.opening)
			<-s.closed // what opens late is not left open
		})
	})
	t.Run("none", func(t *testing.T) {
		s := &stuck{desk: desk{none: true}}
		if _, err := Watched(s).Play(Speech, nil, nil); err != ErrNoOutput {
			t.Errorf("opened: %v", err)
		}
		if _, err := Watched(s).Record(Speech, nil, nil); err != ErrNoInput {
			t.Errorf("opened: %v", err)
		}
	})
	t.Run("closed", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			s := &stuck{closed: make(chan struct{})}
			dev, err := Watched(s).Play(Speech, func([]int16) {}, func() { t.Error("lost") })
			if err != nil {
				t.Fatal(err)
			}
			if err := dev.Close(); err != nil {
				t.Error(err)
			}
			time.Sleep(2 * lostTime)
		})
	})
}
