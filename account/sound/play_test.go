package sound

import (
	"bytes"
	"errors"
	"io"
	"math"
	"sync"
	"testing"
	"time"
)

// desk is a machine whose devices are the test: it is played to when the test
// asks for it.
type desk struct {
	mu     sync.Mutex
	none   bool
	fill   func([]int16)
	take   func([]int16)
	lost   func()
	format Format
	opened int
}

func (d *desk) Play(f Format, fill func([]int16), lost func()) (io.Closer, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.none {
		return nil, ErrNoOutput
	}
	d.fill, d.lost, d.format = fill, lost, f
	d.opened++
	return d, nil
}

func (d *desk) Record(_ Format, take func([]int16), lost func()) (io.Closer, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.none {
		return nil, ErrNoInput
	}
	d.take, d.lost = take, lost
	return d, nil
}

func (d *desk) Close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.fill, d.take = nil, nil
	return nil
}

// hear plays so long; nothing comes while the device is closed.
func (d *desk) hear(f Format, length time.Duration) []int16 {
	out := make([]int16, f.Samples(length))
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.fill == nil {
		return nil
	}
	d.fill(out)
	return out
}

// pullOut takes the device away.
func (d *desk) pullOut() {
	d.mu.Lock()
	lost := d.lost
	d.mu.Unlock()
	if lost != nil {
		lost()
	}
}

// listener is a player whose states are waited for.
type listener struct {
	desk *desk
	*Player
	states chan Status
}

func listen(t *testing.T) *listener {
	l := &listener{desk: new(desk), states: make(chan Status, 100)}
	l.Player = NewPlayer(l.desk, func(s Status) { l.states <- s })
	t.Cleanup(l.Player.Close)
	return l
}

// until waits for a state.
func (l *listener) until(t *testing.T, want PlayState) Status {
	t.Helper()
	deadline := time.After(10 * time.Second)
	for {
		select {
		case s := <-l.states:
			if s.State == want {
				return s
			}
		case <-deadline:
			t.Fatalf("never in state %d", want)
		}
	}
}

type memory struct{ *bytes.Reader }

func (memory) Close() error { return nil }

func sourceOf(data []byte) Source {
	return func() (io.ReadSeekCloser, error) { return memory{bytes.NewReader(data)}, nil }
}

// TestPlayer plays, pauses, goes elsewhere, and ends.
func TestPlayer(t *testing.T) {
	l := listen(t)
	f := Format{8000, 1}
	data := wavOf(f, steps(f, 3))
	l.Play("a", sourceOf(data), 0, 1)
	if s := l.until(t, Playing); s.ID != "a" || s.Length != 3*time.Second {
		t.Errorf("playing %+v", s)
	}
	if got := share(l.desk.hear(f, 200*time.Millisecond), f, 300); got < 0.95 {
		t.Errorf("the tone is %.2f of what is heard first", got)
	}
	if at := l.Status().At; at != 200*time.Millisecond {
		t.Errorf("at %v", at)
	}
	l.Pause()
	l.until(t, Paused)
	if l.desk.hear(f, time.Millisecond) != nil {
		t.Error("the device is open while it is paused")
	}
	l.SeekTo(2300 * time.Millisecond)
	l.Resume()
	l.until(t, Playing)
	if got := share(l.desk.hear(f, 200*time.Millisecond), f, 500); got < 0.95 {
		t.Errorf("the tone is %.2f of what is heard there", got)
	}
	if at := l.Status().At; at != 2500*time.Millisecond {
		t.Errorf("at %v", at)
	}
	for l.desk.hear(f, 20*time.Millisecond) != nil {
	}
	if s := l.until(t, Ended); s.At != 0 {
		t.Errorf("ended at %v", s.At)
	}

	// Another takes its place.
	l.Play("b", sourceOf(data), time.Second, 1)
	l.until(t, Playing)
	l.Play("c", sourceOf(data), 0, 1)
	if s := l.until(t, Playing); s.ID != "c" {
		t.Errorf("playing %+v", s)
	}
	l.Stop()
	l.until(t, Silent)
	if l.desk.hear(f, time.Millisecond) != nil {
		t.Error("the device is open though nothing is played")
	}
}

// TestPlayerFails holds what is said when nothing can be heard.
func TestPlayerFails(t *testing.T) {
	l := listen(t)
	f := Format{8000, 1}
	data := wavOf(f, steps(f, 1))
	gone := errors.New("gone")
	for name, x := range map[string]struct {
		source Source
		none   bool
		want   error
	}{
		"no device": {sourceOf(data), true, ErrNoOutput},
		"no sound":  {sourceOf([]byte("no sound")), false, ErrKind},
		"no file":   {func() (io.ReadSeekCloser, error) { return nil, gone }, false, gone},
	} {
		l.desk.none = x.none
		l.Play(name, x.source, 0, 1)
		if s := l.until(t, Failed); !errors.Is(s.Err, x.want) || s.ID != name {
			t.Errorf("%s: %+v", name, s)
		}
	}
	l.desk.none = false
	l.Play("pulled out", sourceOf(data), 0, 1)
	l.until(t, Playing)
	l.desk.lost()
	if s := l.until(t, Failed); !errors.Is(s.Err, ErrNoOutput) {
		t.Errorf("a device that is gone: %+v", s)
	}
	l.Play("again", sourceOf(data), 0, 1)
	l.until(t, Playing)
}

// TestFaster holds that twice the speed takes half as long and sounds as high,
// and that the place is that of the sound.
func TestFaster(t *testing.T) {
	for _, f := range []Format{{48000, 1}, {44100, 2}, {8000, 1}} {
		for _, speed := range []float64{1.5, 2} {
			s := newStretcher(f, speed)
			s.feed(tone(f, 220, 3*time.Second))
			s.flush()
			var heard []int16
			for part, ok := s.give(); ok; part, ok = s.give() {
				heard = append(heard, part...)
			}
			length := f.Length(int64(len(heard) / f.Channels)).Seconds()
			if want := 3 / speed; math.Abs(length-want) > 0.06 {
				t.Errorf("%+v, %v times: it takes %.2f s, not %.2f", f, speed, length, want)
			}
			if got := share(heard[:f.Samples(300*time.Millisecond)], f, 220); got < 0.95 {
				t.Errorf("%+v, %v times: the tone is %.2f of it", f, speed, got)
			}
		}
	}
	l := listen(t)
	f := Format{8000, 1}
	l.Play("a", sourceOf(wavOf(f, tone(f, 220, 4*time.Second))), 0, 2)
	l.until(t, Playing)
	if got := share(l.desk.hear(f, 300*time.Millisecond), f, 220); got < 0.95 {
		t.Errorf("the tone is %.2f of it", got)
	}
	if at := l.Status().At; at != 600*time.Millisecond {
		t.Errorf("at %v", at)
	}
	l.SetSpeed(1)
	for l.desk.hear(f, 20*time.Millisecond) != nil {
	}
	l.until(t, Ended)
}

// TestPlayerHurried has everything happen at once: presses, a device that asks for
// sound and one that is pulled out, until the player is closed in the midst of it.
func TestPlayerHurried(t *testing.T) {
	f := Format{8000, 1}
	source := sourceOf(wavOf(f, tone(f, 440, time.Second)))
	for range 20 {
		desk := new(desk)
		p := NewPlayer(desk, func(Status) {})
		end := make(chan struct{})
		var all sync.WaitGroup
		forever := func(do func()) {
			all.Go(func() {
				for {
					select {
					case <-end:
						return
					default:
						do()
					}
				}
			})
		}
		forever(func() { desk.hear(f, 20*time.Millisecond) })
		forever(desk.pullOut)
		for range 20 {
			p.Play("a", source, 0, 1)
			p.Pause()
			p.Resume()
			p.SetSpeed(1.5)
			p.SeekTo(500 * time.Millisecond)
			p.Status()
			p.Play("b", source, 100*time.Millisecond, 2)
		}
		p.Close()
		if desk.hear(f, time.Millisecond) != nil {
			t.Error("the device is open after all has ended")
		}
		close(end)
		all.Wait()
		p.Play("late", source, 0, 1)
		p.Stop()
	}
}
