//go:build cgo

package sound

import (
	"bytes"
	"errors"
	"sync"
	"testing"
	"time"
)

// TestRecord records a tone and hears it again.
func TestRecord(t *testing.T) {
	d := &desk{}
	r, err := Record(d)
	if err != nil {
		t.Fatal(err)
	}
	if h := r.Heard(); !h.Silent || h.Length != 0 {
		t.Errorf("before anything came: %+v", h)
	}
	sound := tone(Speech, 440, 2500*time.Millisecond)
	for rest := sound; len(rest) > 0; rest = rest[min(len(rest), 480):] {
		d.take(rest[:min(len(rest), 480)])
	}
	if h := r.Heard(); h.Silent || h.Over || h.Length != 2500*time.Millisecond || h.Level < 0.7 || h.Level > 1 {
		t.Errorf("while it records: %+v", h)
	}
	clip, err := r.Stop()
	if err != nil || clip.Length != 2500*time.Millisecond || len(clip.Wave) != WaveBars {
		t.Fatalf("%v long, %d bars, %v", clip.Length, len(clip.Wave), err)
	}
	if d.take != nil {
		t.Error("the microphone is still open")
	}
	dec, err := Open(bytes.NewReader(clip.Data))
	if err != nil {
		t.Fatal(err)
	}
	if got := share(all(t, dec)[4800:], Speech, 440); got < 0.98 {
		t.Errorf("the tone is %.3f of it", got)
	}
}

// TestRecordEnds holds the ends a recording comes to by itself.
func TestRecordEnds(t *testing.T) {
	if _, err := Record(&desk{none: true}); !errors.Is(err, ErrNoInput) {
		t.Errorf("without a microphone: %v", err)
	}
	d := &desk{}
	r, err := Record(d)
	if err != nil {
		t.Fatal(err)
	}
	d.take(tone(Speech, 440, time.Second))
	d.lost()
	d.take(tone(Speech, 440, time.Second))
	if h := r.Heard(); !h.Over || !errors.Is(h.Err, ErrNoInput) || h.Length != time.Second {
		t.Errorf("pulled out: %+v", h)
	}
	if clip, err := r.Stop(); err != nil || clip.Length != time.Second {
		t.Errorf("what came before is %v, %v", clip.Length, err)
	}

	if r, err = Record(d); err != nil {
		t.Fatal(err)
	}
	defer r.Cancel()
	r.mu.Lock()
	r.frames = Speech.Frames(MaxRecording) - 100
	r.mu.Unlock()
	d.take(make([]int16, 480))
	if h := r.Heard(); !h.Over || h.Err != nil || h.Length != MaxRecording || !h.Silent {
		t.Errorf("at its longest: %+v", h)
	}
}

// TestRecordHurried ends a recording while sound comes and the microphone is
// pulled out.
func TestRecordHurried(t *testing.T) {
	part := tone(Speech, 440, 10*time.Millisecond)
	for i := range 20 {
		d := &desk{}
		r, err := Record(d)
		if err != nil {
			t.Fatal(err)
		}
		take, lost := d.take, d.lost
		var all sync.WaitGroup
		all.Go(func() {
			for range 20 {
				take(part)
			}
		})
		all.Go(lost)
		all.Go(func() { r.Heard() })
		if i%2 == 0 {
			r.Cancel()
		} else if _, err := r.Stop(); err != nil {
			t.Error(err)
		}
		all.Wait()
	}
}
