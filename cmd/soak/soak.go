//go:build unix

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"linnet/account/servertest"
	"linnet/account/servertest/proxy"
)

// options say what a soak does.
type options struct {
	server   string // prosody or ejabberd
	messages int    // each way
	seed     uint64
	dir      string // for the profiles and logs
	tell     func(string)
}

// The devices by number: two of one account, one of another. The second device
// of Alice only looks on.
const (
	alice = iota
	bob
	second
	devices
)

const (
	// fewMessages is how many each way the servers' own files are good enough
	// for. Prosody's take no more than twice 5,000.
	fewMessages = 1000
	// ahead is how many messages of a direction are written before the first
	// of them has arrived: enough for a talk to go on through a fault, and
	// fewer than all, so that faults hit the whole of it.
	ahead = 60
	// stuckAfter is how long nothing may change, beyond the longest fault, before
	// a soak is given up: more than it takes to notice a dead link twice.
	stuckAfter = 2 * time.Minute
	// quietFor is how long nothing changes when all is done.
	quietFor = time.Second
	// tellTime is how often a soak says how far it is.
	tellTime = 10 * time.Second
)

// software is one kind of server.
type software struct {
	start func(string, servertest.Options) (*servertest.Server, error)

	// copies says that its archive may hold a message twice. ejabberd 23.01
	// tells a client that resumes what it has, and only then stops handling
	// what it read of the link before: the client has to send that again.
	copies bool
}

var servers = map[string]software{
	"prosody":  {start: servertest.StartProsody},
	"ejabberd": {start: servertest.StartEjabberd, copies: true},
}

// soak is one server with the devices around it.
type soak struct {
	options
	server  *servertest.Server
	lines   [devices]*proxy.Line
	devices [devices]*process
	changed chan struct{}

	faults  []fault
	patient time.Duration // how long nothing may change

	mu      sync.Mutex
	outcome outcome // its faults are guarded by mu while they happen
}

// run does all of a soak. Whatever went wrong is in the outcome.
func run(ctx context.Context, o options) outcome {
	start := time.Now()
	s := &soak{options: o, changed: make(chan struct{}, 1), faults: plan(o.seed, o.messages), patient: stuckAfter}
	for _, f := range s.faults {
		s.patient = max(s.patient, stuckAfter+f.lasts)
	}
	s.outcome = outcome{server: o.server, messages: o.messages}
	defer s.tearDown()
	if err := s.setUp(); err != nil {
		s.outcome.violate("not begun: %v", err)
		return s.outcome
	}
	err := s.talk(ctx)
	if err == nil {
		err = s.catchUp(ctx)
	}
	if err != nil {
		s.outcome.violate("not ended: %v", err)
	}
	for i, d := range s.devices { // what there is, is worth looking at all the same
		s.outcome.streams[i] = d.now()
		s.outcome.kills[i] = d.killed()
		if err := d.quit(); err != nil {
			s.outcome.violate("%v", err)
		}
	}
	if ctx.Err() == nil {
		s.check(ctx)
	}
	s.outcome.took = time.Since(start)
	return s.outcome
}

// count notes that a fault happens.
func (s *soak) count(k kind) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.outcome.faults[k]++
}

// setUp starts the server and the devices.
func (s *soak) setUp() (err error) {
	dirs := []string{"server", "alice", "bob", "second"}
	for i, dir := range dirs {
		dirs[i] = filepath.Join(s.dir, dir)
		if err := os.MkdirAll(dirs[i], 0o700); err != nil {
			return err
		}
	}
	s.server, err = servers[s.options.server].start(dirs[0], servertest.Options{
		Users:   map[string]string{"alice": "Wonder-1", "bob": "Builder-2"},
		Friends: true, CuredResume: true, Database: s.messages > fewMessages,
	})
	if err != nil {
		return err
	}
	for i := range s.devices {
		line, err := proxy.New(fmt.Sprintf("%s:%d", s.server.Host, s.server.Port))
		if err != nil {
			return err
		}
		line.Set(well)
		s.lines[i] = line
		user, peer := "alice", "bob"
		if i == bob {
			user, peer = peer, user
		}
		s.devices[i] = &process{
			name: filepath.Base(dirs[i+1]), logFile: dirs[i+1] + ".log", changed: s.changed,
			setup: setup{
				Dir: dirs[i+1], Address: user + "@" + s.server.Domain, Password: s.server.Password(user),
				Resource: "linnet." + filepath.Base(dirs[i+1]), Host: s.server.Host, Port: line.Port(), CAFile: s.server.CAFile,
				Peer: peer + "@" + s.server.Domain, Own: user, Other: peer, Read: lastRead(s.messages),
			},
		}
		if err := s.devices[i].start(); err != nil {
			return err
		}
	}
	return nil
}

func (s *soak) tearDown() {
	for _, d := range s.devices {
		if d != nil {
			d.kill()
		}
	}
	for _, l := range s.lines {
		if l != nil {
			l.Close()
		}
	}
	if s.server != nil {
		s.server.Stop()
	}
}

// talk has both write while things go wrong, until each has what the other
// wrote and all faults are over.
func (s *soak) talk(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if err := s.until(ctx, "sign in", func() bool { return s.all(func(r report) bool { return r.Online }) }); err != nil {
		return err
	}
	c := newChaos(ctx, s, s.faults)
	err := s.until(ctx, "talk", func() bool {
		a, b := s.devices[alice].now(), s.devices[bob].now()
		c.reached(a.Other + b.Other)
		s.devices[alice].write(min(b.Other+ahead, s.messages))
		s.devices[bob].write(min(a.Other+ahead, s.messages))
		return len(c.left) == 0 && a.Last == s.messages && b.Last == s.messages
	})
	if err != nil {
		cancel()
		return errors.Join(err, c.wait())
	}
	if err := c.wait(); err != nil {
		return err
	}
	return s.until(ctx, "become quiet", s.quiet())
}

// catchUp gives every device a new stream, on which it looks at what it missed.
func (s *soak) catchUp(ctx context.Context) error {
	for _, d := range s.devices {
		if err := d.quit(); err != nil {
			return err
		}
	}
	before, err := s.onDevices()
	if err != nil {
		return err
	}
	s.outcome.before = compare(before, s.messages)
	for _, d := range s.devices {
		if err := d.start(); err != nil {
			return err
		}
	}
	return s.until(ctx, "catch up", s.quiet())
}

// quiet gives a condition: nothing waits and nothing has changed for a while.
// Whether everything came is not asked: that is for the check.
func (s *soak) quiet() func() bool {
	var last [devices]report
	since := time.Now()
	return func() bool {
		var is [devices]report
		for i, d := range s.devices {
			is[i] = d.now()
		}
		if is != last {
			last, since = is, time.Now()
		}
		return time.Since(since) >= quietFor && s.all(func(r report) bool {
			return r.Online && !r.Loading && r.Waiting == 0
		})
	}
}

func (s *soak) all(f func(report) bool) bool {
	for _, d := range s.devices {
		if !f(d.now()) {
			return false
		}
	}
	return true
}

// until looks at every change, and now and then, until there is nothing more
// to wait for. It gives up when nothing changes any more.
func (s *soak) until(ctx context.Context, what string, done func() bool) error {
	look := time.NewTicker(tellEvery)
	defer look.Stop()
	tell := time.NewTicker(tellTime)
	defer tell.Stop()
	stuck := time.NewTimer(s.patient)
	defer stuck.Stop()
	told := ""
	for !done() {
		for _, d := range s.devices {
			if t := d.troubles(); len(t) > 0 {
				return fmt.Errorf("while the devices %s: %s", what, t[0])
			}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-s.changed:
			stuck.Reset(s.patient)
		case <-look.C:
		case <-tell.C:
			if is := s.state(); is != told {
				s.tell(is)
				told = is
			}
		case <-stuck.C:
			return fmt.Errorf("the devices do not %s: nothing has changed for %v: %s", what, s.patient, s.state())
		}
	}
	return nil
}

// state is how far the soak is.
func (s *soak) state() string {
	text := s.options.server
	for _, d := range s.devices {
		r := d.now()
		text += fmt.Sprintf("   %s: wrote %d, has %d of the other, %d wait", d.name, r.Own, r.Other, r.Waiting)
		if !r.Online {
			text += ", not connected"
		}
		if r.Loading {
			text += ", loading"
		}
	}
	return text
}
