package sound

import (
	"errors"
	"fmt"
	"io"
	"sync"
	"time"
)

const (
	// openTime and closeTime are how long the system may take to open and to
	// close a device. Closing is waited for by somebody who wants to leave.
	openTime  = 10 * time.Second
	closeTime = 2 * time.Second
	// lostTime is how long a device may call for nothing before it counts as
	// lost. It does so some fifty times a second.
	lostTime = 5 * time.Second
)

// Watched are devices that may hang without a word, as all do when a sound server
// ends that they are connected to: one that calls for nothing any more is lost,
// and nobody waits for long until one is open or closed. What hangs is left
// behind with its thread, since nothing could end that.
func Watched(devices Devices) Devices { return watched{devices} }

type watched struct{ Devices }

// Play is Devices'.
func (w watched) Play(f Format, fill func([]int16), lost func()) (io.Closer, error) {
	return watch(&watcher{call: fill, lost: lost}, ErrNoOutput, func(fill func([]int16), lost func()) (io.Closer, error) {
		return w.Devices.Play(f, fill, lost)
	})
}

// Record is Devices'.
func (w watched) Record(f Format, take func([]int16), lost func()) (io.Closer, error) {
	return watch(&watcher{call: take, lost: lost}, ErrNoInput, func(take func([]int16), lost func()) (io.Closer, error) {
		return w.Devices.Record(f, take, lost)
	})
}

// watcher stands between a device and who uses it.
type watcher struct {
	call func([]int16)
	lost func()

	mu    sync.Mutex
	dev   io.Closer   // nil until it is open
	timer *time.Timer // until it is lost; nil until it is open
	over  bool        // nothing is called any more
}

// watch opens a device. none is what one that hangs is told as.
func watch(w *watcher, none error, open func(func([]int16), func()) (io.Closer, error)) (io.Closer, error) {
	err := within(openTime, func() error {
		dev, err := open(w.called, w.lose)
		if err == nil && !w.opened(dev) {
			return dev.Close() // nobody waits for it any more
		}
		return err
	})
	if errors.Is(err, ErrHangs) {
		err = errors.Join(fmt.Errorf("%w: %w", none, err), w.Close())
	}
	if err != nil {
		return nil, err
	}
	return w, nil
}

// within does what may hang.
func within(d time.Duration, do func() error) error {
	done := make(chan error, 1)
	go func() { done <- do() }()
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case err := <-done:
		return err
	case <-timer.C:
		return ErrHangs
	}
}

// opened takes a device that is open; false if nobody wants it.
func (w *watcher) opened(dev io.Closer) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.over {
		return false
	}
	w.dev, w.timer = dev, time.AfterFunc(lostTime, w.lose)
	return true
}

// called is what the device calls for samples.
func (w *watcher) called(samples []int16) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.over {
		return
	}
	if w.timer != nil {
		w.timer.Reset(lostTime)
	}
	w.call(samples)
}

// lose tells that the device is gone.
func (w *watcher) lose() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.over {
		w.lost()
	}
}

// Close closes the device. It does not wait for one that hangs.
func (w *watcher) Close() error {
	w.mu.Lock()
	w.over = true
	dev := w.dev
	if w.timer != nil {
		w.timer.Stop()
	}
	w.mu.Unlock()
	if dev == nil {
		return nil
	}
	return within(closeTime, dev.Close)
}
