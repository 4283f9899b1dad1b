//go:build unix

package desktop

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strconv"
	"sync"
	"time"
)

// Watch hears from the X server when a window was painted, and asks the window
// itself whether it still answers: what a person sitting before it would see,
// without anything in the program to tell. Its methods are for one goroutine,
// but Ping may be called beside the others.
type Watch struct {
	s      *Screen
	window uint32
	atoms  struct{ protocols, ping uint32 }
	damage byte // number of the event that something was painted

	answers chan uint32 // of Ping, by serial
	serial  uint32
	done    chan struct{}

	mu     sync.Mutex
	frames []time.Time
}

const (
	requestChangeAttributes = 2
	requestInternAtom       = 16
	requestSendEvent        = 25
	damageQueryVersion      = 0
	damageCreate            = 1

	clientMessage = 33
	// frameGap is how close two paintings are parts of one frame: it is
	// handed to the X server in pieces.
	frameGap = 2 * time.Millisecond
)

// Watch begins to watch the window. Close ends it.
func (w *Window) Watch() (*Watch, error) {
	id, err := strconv.ParseUint(w.id, 10, 32)
	if err != nil {
		return nil, fmt.Errorf("number of the window: %w", err)
	}
	s, err := w.d.Screen()
	if err != nil {
		return nil, err
	}
	v := &Watch{s: s, window: uint32(id), answers: make(chan uint32, 16), done: make(chan struct{})}
	if err := v.setUp(); err != nil {
		s.Close()
		return nil, fmt.Errorf("watching the window: %w", err)
	}
	go v.read()
	return v, nil
}

// Close ends the watch.
func (v *Watch) Close() {
	v.s.Close()
	<-v.done
}

func (v *Watch) setUp() error {
	order := binary.LittleEndian
	for name, to := range map[string]*uint32{"WM_PROTOCOLS": &v.atoms.protocols, "_NET_WM_PING": &v.atoms.ping} {
		reply, err := v.s.ask(named(requestInternAtom, 0, name))
		if err != nil {
			return err
		}
		*to = order.Uint32(reply[8:])
	}
	opcode, event, err := v.s.extension("DAMAGE")
	if err != nil {
		return err
	}
	v.damage = event
	if _, err := v.s.ask([]byte{opcode, damageQueryVersion, 3, 0, 1, 0, 0, 0, 1, 0, 0, 0}); err != nil {
		return err
	}
	// Answers to pings are sent to the root window.
	const eventMask, substructureNotify = 1 << 11, 1 << 19
	attributes := []byte{requestChangeAttributes, 0, 4, 0}
	for _, value := range []uint32{v.s.root, eventMask, substructureNotify} {
		attributes = order.AppendUint32(attributes, value)
	}
	// Level 0: an event for everything that is painted.
	create := []byte{opcode, damageCreate, 4, 0}
	for _, value := range []uint32{v.s.idBase, v.window, 0} {
		create = order.AppendUint32(create, value)
	}
	_, err = v.s.conn.Write(append(attributes, create...))
	return err
}

// read takes the events until the connection is closed.
func (v *Watch) read() {
	defer close(v.done)
	event := make([]byte, 32)
	for {
		if _, err := io.ReadFull(v.s.conn, event); err != nil {
			return
		}
		switch event[0] & 0x7f { // the bit says that a program sent it
		case v.damage:
			v.painted(time.Now())
		case clientMessage:
			order := binary.LittleEndian
			if order.Uint32(event[8:]) == v.atoms.protocols && order.Uint32(event[12:]) == v.atoms.ping && order.Uint32(event[20:]) == v.window {
				select {
				case v.answers <- order.Uint32(event[16:]):
				default: // nobody waits
				}
			}
		}
	}
}

func (v *Watch) painted(at time.Time) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if n := len(v.frames); n > 0 && at.Sub(v.frames[n-1]) < frameGap {
		v.frames[n-1] = at
		return
	}
	v.frames = append(v.frames, at)
}

// Frames gives the times of the frames painted since it was called last.
func (v *Watch) Frames() []time.Time {
	v.mu.Lock()
	defer v.mu.Unlock()
	frames := v.frames
	v.frames = nil
	return frames
}

// Rest waits until nothing was painted for a while, and gives the time of the
// last frame since Frames was called, which this does as well. Before the first
// frame there is no rest.
func (v *Watch) Rest(ctx context.Context, quiet, within time.Duration) (time.Time, error) {
	var last time.Time
	err := wait(ctx, "a window that paints and then rests", within, func() (bool, error) {
		v.mu.Lock()
		defer v.mu.Unlock()
		if n := len(v.frames); n > 0 {
			last = v.frames[n-1]
		}
		return !last.IsZero() && time.Since(last) > quiet, nil
	})
	v.Frames()
	return last, err
}

// Ping asks the window whether it is alive, as window managers do, and gives
// how long the answer took.
func (v *Watch) Ping(ctx context.Context) (time.Duration, error) {
	v.serial++
	order := binary.LittleEndian
	b := []byte{requestSendEvent, 0, 11, 0}
	b = order.AppendUint32(b, v.window)
	b = order.AppendUint32(b, 0) // to the window's own program
	b = append(b, clientMessage, 32, 0, 0)
	for _, value := range []uint32{v.window, v.atoms.protocols, v.atoms.ping, v.serial, v.window, 0, 0} {
		b = order.AppendUint32(b, value)
	}
	begin := time.Now()
	if _, err := v.s.conn.Write(b); err != nil {
		return 0, err
	}
	for {
		select {
		case serial := <-v.answers:
			if serial == v.serial {
				return time.Since(begin), nil
			}
		case <-v.done:
			return 0, errors.New("the X server is gone")
		case <-ctx.Done():
			return time.Since(begin), ctx.Err()
		}
	}
}
