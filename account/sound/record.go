package sound

import (
	"bytes"
	"errors"
	"io"
	"sync"
	"time"
)

const (
	// MaxRecording is how long a recording gets; it then stops by itself. It
	// takes some 14 MB, which stay in memory: a crash leaves nothing behind.
	MaxRecording = time.Hour
	// recordBehind is how much may wait for the encoder. A machine so busy loses
	// sound, and not its memory.
	recordBehind = 10 * time.Second
)

// Clip is a recording.
type Clip struct {
	Data   []byte // Ogg with Opus, media type audio/ogg
	Length time.Duration
	Wave   []byte // as in Shape
}

// Heard is how a recording goes on.
type Heard struct {
	Length time.Duration
	Level  float64 // of the last moment, 0 to 1, as loud as it is heard
	Silent bool    // nothing at all came so far: the microphone is switched off
	Over   bool    // it has stopped: at MaxRecording, or because of Err
	Err    error   // ErrNoInput: the microphone is gone
}

// Recording is speech that is being recorded. Stop or Cancel ends it.
type Recording struct {
	in   io.Closer
	done chan struct{}
	w    *Writer // of the encoder's goroutine until done
	data bytes.Buffer
	all  *peaks

	mu      sync.Mutex
	wake    *sync.Cond
	pending []int16
	level   uint16
	loudest uint16
	frames  int64
	ended   bool
	err     error
}

// ErrNoEncoder says that this build of Linnet cannot record.
var ErrNoEncoder = errors.New("this build of Linnet cannot record")

// Record begins to record. Opening the microphone takes a while. Errors: those of
// Devices, and ErrNoEncoder.
func Record(devices Devices) (*Recording, error) {
	r := &Recording{done: make(chan struct{}), all: newPeaks(Speech)}
	r.wake = sync.NewCond(&r.mu)
	var err error
	if r.w, err = NewWriter(&r.data); err != nil {
		return nil, err
	}
	if r.in, err = devices.Record(Speech, r.take, func() { r.end(ErrNoInput) }); err != nil {
		return nil, err
	}
	go r.encode()
	return r, nil
}

// take is given what the microphone hears.
func (r *Recording) take(samples []int16) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ended {
		return
	}
	left := Speech.Frames(MaxRecording) - r.frames
	samples = samples[:min(int64(len(samples)), left)]
	if len(r.pending) < Speech.Samples(recordBehind) {
		r.pending = append(r.pending, samples...)
		r.frames += int64(len(samples))
	}
	r.level = 0
	for _, s := range samples {
		r.level = max(r.level, magnitude(s))
	}
	r.loudest = max(r.loudest, r.level)
	if r.frames >= Speech.Frames(MaxRecording) {
		r.ended = true
	}
	r.wake.Signal()
}

// end has nothing more taken.
func (r *Recording) end(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.ended {
		r.ended, r.err = true, err
	}
	r.wake.Signal()
}

// encode makes packets of what comes.
func (r *Recording) encode() {
	defer close(r.done)
	for {
		r.mu.Lock()
		for len(r.pending) == 0 && !r.ended {
			r.wake.Wait()
		}
		samples := r.pending
		r.pending = nil
		over := r.ended && len(samples) == 0
		r.mu.Unlock()
		if over {
			return
		}
		r.all.add(samples)
		if err := r.w.Write(samples); err != nil {
			r.end(err)
			return
		}
	}
}

// Heard gives how it goes on, at any time, on any goroutine.
func (r *Recording) Heard() Heard {
	r.mu.Lock()
	defer r.mu.Unlock()
	return Heard{
		Length: Speech.Length(r.frames), Level: loudness(r.level), Silent: r.loudest == 0,
		Over: r.ended, Err: r.err,
	}
}

// Stop ends it and gives what was recorded, also when the microphone was lost.
func (r *Recording) Stop() (Clip, error) {
	r.finish()
	if err := r.w.Close(); err != nil {
		return Clip{}, err
	}
	return Clip{Data: r.data.Bytes(), Length: r.all.length(), Wave: r.all.wave()}, nil
}

// Cancel ends it and keeps nothing.
func (r *Recording) Cancel() { r.finish() }

func (r *Recording) finish() {
	r.in.Close()
	r.end(nil)
	<-r.done
}
