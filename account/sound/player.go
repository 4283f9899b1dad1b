package sound

import (
	"errors"
	"io"
	"sync"
	"time"
)

// PlayState is what a Player does.
type PlayState uint8

// The states.
const (
	Silent  PlayState = iota // nothing was asked for
	Loading                  // the sound is being opened
	Playing
	Paused
	Ended  // it was played to its end
	Failed // Err says why
)

// Status is how far a Player is.
type Status struct {
	ID     string // of the sound, as it was given to Play
	State  PlayState
	At     time.Duration // of the sound, however fast it is played
	Length time.Duration // 0: not known
	Err    error         // ErrNoOutput, ErrKind, ErrBroken, or that of reading
}

// Source opens what is to be played.
type Source func() (io.ReadSeekCloser, error)

const (
	// playAhead is how much is decoded before it is needed, so that a busy
	// machine leaves no gap.
	playAhead = 400 * time.Millisecond
	// playPart is how much is decoded at a time.
	playPart = 20 * time.Millisecond
	// playTail is the silence that is played at the end: a device that is closed
	// would cut off what it has not played yet.
	playTail = 300 * time.Millisecond
)

// Player plays one sound at a time. Its methods never wait and may be called on
// any goroutine; the work is done on one of its own, which Close ends.
type Player struct {
	devices Devices
	tell    func(Status)
	done    chan struct{}

	mu     sync.Mutex
	wake   *sync.Cond
	next   *track // that is to be played instead
	track  *track // that is being played
	closed bool
}

// track is one sound on its way. p.mu guards it, but dec, src and stretch, which
// belong to the player's goroutine.
type track struct {
	source  Source
	status  Status
	speed   float64
	paused  bool
	seek    bool          // to seekTo
	seekTo  time.Duration // where to begin, and where to go
	changed bool          // the speed did
	lost    bool          // the device is gone

	format Format
	queue  []playPiece
	queued int  // samples in it
	end    bool // all is in the queue
	tail   int  // samples of silence that are still to be played

	src     io.Closer
	dec     Decoder
	out     io.Closer
	stretch *stretcher
	buf     []int16
}

// NewPlayer makes one. tell is called on the player's goroutine whenever the
// state changes, not while At alone grows; it must not call Close.
func NewPlayer(devices Devices, tell func(Status)) *Player {
	p := &Player{devices: devices, tell: tell, done: make(chan struct{})}
	p.wake = sync.NewCond(&p.mu)
	go p.run()
	return p
}

// Close ends what is played, and the player.
func (p *Player) Close() {
	p.mu.Lock()
	p.closed = true
	p.wake.Broadcast()
	p.mu.Unlock()
	<-p.done
}

// Play plays a sound from a moment on, in place of any other.
func (p *Player) Play(id string, source Source, at time.Duration, speed float64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.next = &track{source: source, status: Status{ID: id, State: Loading, At: at}, speed: speed, seek: at > 0, seekTo: at}
	p.wake.Broadcast()
}

// Stop ends what is played.
func (p *Player) Stop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.next = &track{}
	p.wake.Broadcast()
}

// change does something with the sound that is played or about to be.
func (p *Player) change(do func(*track)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	t := p.track
	if p.next != nil {
		t = p.next
	}
	if t != nil {
		do(t)
		p.wake.Broadcast()
	}
}

// Pause stops for a while, and Resume goes on.
func (p *Player) Pause() { p.change(func(t *track) { t.paused = true }) }

// Resume is the counterpart of Pause.
func (p *Player) Resume() { p.change(func(t *track) { t.paused = false }) }

// SeekTo goes to a moment of the sound.
func (p *Player) SeekTo(at time.Duration) {
	p.change(func(t *track) { t.seek, t.seekTo, t.status.At = true, at, at })
}

// SetSpeed plays faster, 1 is as it was recorded. The pitch stays.
func (p *Player) SetSpeed(speed float64) {
	p.change(func(t *track) { t.speed, t.changed = speed, true })
}

// Status gives how far it is now.
func (p *Player) Status() (s Status) {
	p.change(func(t *track) { s = t.status })
	return s
}

func (p *Player) run() {
	defer close(p.done)
	for {
		p.mu.Lock()
		for p.next == nil && !p.closed {
			p.wake.Wait()
		}
		if p.closed {
			p.mu.Unlock()
			return
		}
		t := p.next
		p.track, p.next = t, nil
		status := t.status
		p.mu.Unlock()
		p.tell(status)
		if t.source != nil {
			p.play(t)
		}
	}
}

// play plays a track until another is wanted.
func (p *Player) play(t *track) {
	err := p.open(t)
	defer t.close()
	for err == nil {
		var over bool
		if over, err = p.step(t); over {
			return
		}
	}
	if p.wants() != nil {
		return
	}
	t.close() // also of a device that hangs nobody waits for what is told
	p.set(t, func() { t.status.State, t.status.Err = Failed, err })
}

// set changes the status and tells it.
func (p *Player) set(t *track, change func()) {
	p.mu.Lock()
	change()
	status := t.status
	p.mu.Unlock()
	p.tell(status)
}

// errUnwanted says that nobody waits for a track any more.
var errUnwanted = errors.New("another sound is wanted, or none")

// wants tells why the track is not to be played any more.
func (p *Player) wants() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed || p.next != nil {
		return errUnwanted
	}
	return nil
}

// open opens the sound of a track.
func (p *Player) open(t *track) error {
	src, err := t.source()
	if err != nil {
		return err
	}
	t.src = src
	if t.dec, err = Open(&wantedFile{src, p.wants}); err != nil {
		return err
	}
	t.format = t.dec.Format()
	t.buf = make([]int16, max(t.format.Channels, t.format.Samples(playPart)))
	return nil
}

func (t *track) close() {
	t.silence()
	if t.src != nil {
		t.src.Close()
		t.src = nil
	}
}

// silence closes the device.
func (t *track) silence() {
	if t.out != nil {
		t.out.Close()
		t.out = nil
	}
}

// step does the next thing there is to do, or waits for one. It is over when
// another sound is wanted, or this one has ended.
func (p *Player) step(t *track) (over bool, err error) {
	p.mu.Lock()
	ahead := t.format.Samples(playAhead)
	for {
		switch {
		case p.closed || p.next != nil:
			p.mu.Unlock()
			return true, nil
		case t.lost:
			p.mu.Unlock()
			return false, ErrNoOutput
		case t.seek:
			to := t.seekTo
			t.seek, t.end = false, false
			p.mu.Unlock()
			return false, p.goTo(t, to)
		case t.changed:
			// What is queued for the old speed is decoded anew.
			t.changed = false
			t.seek, t.seekTo = true, t.status.At
		case t.paused && (t.out != nil || t.status.State == Loading):
			p.mu.Unlock()
			t.silence()
			p.set(t, func() { t.status.State, t.status.Length = Paused, t.dec.Length() })
			return false, nil
		case t.paused:
			p.wake.Wait()
		case t.end && t.queued == 0 && t.tail <= 0:
			p.mu.Unlock()
			t.silence()
			p.set(t, func() { t.status.State, t.status.At = Ended, 0 })
			return true, nil
		case !t.end && t.queued < ahead:
			at, speed := t.written(), t.speed
			p.mu.Unlock()
			return false, p.fill(t, at, speed)
		case t.out == nil:
			p.mu.Unlock()
			return false, p.start(t)
		default:
			p.wake.Wait()
		}
	}
}

// goTo decodes from another place on.
func (p *Player) goTo(t *track, to time.Duration) error {
	if n := t.dec.Length(); n > 0 {
		to = min(to, n)
	}
	err := t.dec.SeekTo(max(0, to))
	t.stretch = nil
	p.mu.Lock()
	defer p.mu.Unlock()
	t.queue, t.queued = nil, 0
	if !t.seek {
		t.status.At = max(0, to)
	}
	return err
}

// fill decodes a little more.
func (p *Player) fill(t *track, at time.Duration, speed float64) error {
	n, err := t.dec.Read(t.buf)
	end := err != nil
	if end && !errors.Is(err, io.EOF) && (at == 0 || !errors.Is(err, ErrBroken)) {
		return err // a sound that breaks off is played up to there
	}
	samples := t.paced(t.buf[:n], speed, end)
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(samples) > 0 {
		t.queue = append(t.queue, playPiece{samples, at, speed})
		t.queued += len(samples)
	}
	if end {
		t.end, t.tail = true, t.format.Samples(playTail)
	}
	return nil
}

// start opens the device.
func (p *Player) start(t *track) error {
	out, err := p.devices.Play(t.format, func(samples []int16) { p.take(t, samples) }, func() { p.lose(t) })
	if err != nil {
		return err
	}
	t.out = out
	p.set(t, func() { t.status.State, t.status.Length = Playing, t.dec.Length() })
	return nil
}

// take gives the device what it needs, and silence where there is nothing.
func (p *Player) take(t *track, samples []int16) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(samples) > 0 && len(t.queue) > 0 {
		x := &t.queue[0]
		n := copy(samples, x.samples)
		samples = samples[n:]
		played := playPiece{samples: x.samples[:n], speed: x.speed}
		x.samples = x.samples[n:]
		x.at += played.lasts(t.format)
		t.queued -= n
		if !t.seek {
			t.status.At = x.at
		}
		if len(x.samples) == 0 {
			t.queue = t.queue[1:]
		}
	}
	clear(samples)
	if t.end {
		t.tail -= len(samples)
	}
	p.wake.Broadcast()
}

// lose notes that the device is gone.
func (p *Player) lose(t *track) {
	p.mu.Lock()
	defer p.mu.Unlock()
	t.lost = true
	p.wake.Broadcast()
}
