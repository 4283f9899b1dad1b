//go:build unix

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"linnet/account/servertest/child"
)

// roleVariable makes a process of this program a device.
const roleVariable = "LINNET_SOAK_DEVICE"

// quitTime is how long a device may take to sign out.
const quitTime = 30 * time.Second

// process is a device as the driver sees it: one profile, and one process
// after the other on it.
type process struct {
	name    string
	setup   setup
	logFile string
	changed chan<- struct{} // gets a signal, if there is room, when something changed

	living sync.Mutex // held while it is started or ended

	mu     sync.Mutex
	proc   *child.Process // nil while there is none
	stdin  io.WriteCloser
	is     report
	upTo   int
	kills  int
	before report // sums of the counters of earlier lives
	wrong  []string
}

// start begins a life.
func (p *process) start() error {
	p.living.Lock()
	defer p.living.Unlock()
	self, err := os.Executable()
	if err != nil {
		return err
	}
	log, err := os.OpenFile(p.logFile, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), roleVariable+"=1")
	cmd.Stderr = log
	cmd.Stdout = &lineWriter{take: p.take}
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	proc, err := child.Start(cmd)
	if err != nil {
		return err
	}
	p.mu.Lock()
	p.before.Resumed += p.is.Resumed
	p.before.Fresh += p.is.Fresh
	p.before.GaveUp += p.is.GaveUp
	// What it had on its disk it still has; it says so itself soon.
	p.is.Resumed, p.is.Fresh, p.is.GaveUp, p.is.Online, p.is.Loading = 0, 0, 0, false, false
	p.proc, p.stdin = proc, stdin
	upTo := p.upTo
	p.mu.Unlock()
	go p.watch(proc)
	if err := json.NewEncoder(stdin).Encode(p.setup); err != nil {
		return err
	}
	p.order("write %d", upTo)
	return nil
}

// watch complains when a life ends that nobody has ended.
func (p *process) watch(proc *child.Process) {
	<-proc.Done()
	p.mu.Lock()
	if p.proc == proc {
		p.proc = nil
		p.wrong = append(p.wrong, fmt.Sprintf("%s ended by itself: %v; the end of its log:\n%s", p.name, proc.Err(), endOf(p.logFile)))
	}
	p.mu.Unlock()
	notify(p.changed)
}

// order writes a line to the device; one that is just ending does not hear it.
func (p *process) order(format string, args ...any) {
	p.mu.Lock()
	stdin := p.stdin
	p.mu.Unlock()
	_, _ = fmt.Fprintf(stdin, format+"\n", args...)
}

// write lets the device write messages up to a number.
func (p *process) write(upTo int) {
	p.mu.Lock()
	higher := upTo > p.upTo
	p.upTo = max(p.upTo, upTo)
	alive := p.proc != nil
	p.mu.Unlock()
	if higher && alive {
		p.order("write %d", upTo)
	}
}

// take reads a report.
func (p *process) take(line []byte) {
	var r report
	err := json.Unmarshal(line, &r)
	p.mu.Lock()
	if err != nil {
		p.wrong = append(p.wrong, fmt.Sprintf("%s says %q", p.name, line))
	} else {
		p.is = r
	}
	p.mu.Unlock()
	notify(p.changed)
}

// now gives the last report, with the counters of all lives.
func (p *process) now() report {
	p.mu.Lock()
	defer p.mu.Unlock()
	r := p.is
	r.Resumed += p.before.Resumed
	r.Fresh += p.before.Fresh
	r.GaveUp += p.before.GaveUp
	return r
}

// killed is how often it was.
func (p *process) killed() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.kills
}

// troubles gives what went wrong that no archive will show.
func (p *process) troubles() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.wrong)
}

// disown makes the end of the life that is led an expected one.
func (p *process) disown() *child.Process {
	p.mu.Lock()
	defer p.mu.Unlock()
	proc := p.proc
	p.proc = nil
	return proc
}

// kill ends the life as kill -9 does.
func (p *process) kill() {
	p.living.Lock()
	defer p.living.Unlock()
	if proc := p.disown(); proc != nil {
		proc.Kill()
		p.mu.Lock()
		p.kills++
		p.mu.Unlock()
	}
}

// quit ends the life politely.
func (p *process) quit() error {
	p.living.Lock()
	defer p.living.Unlock()
	proc := p.disown()
	if proc == nil {
		return nil
	}
	p.order("quit")
	select {
	case <-proc.Done():
	case <-time.After(quitTime):
		proc.Kill()
		return fmt.Errorf("%s did not quit; the end of its log:\n%s", p.name, endOf(p.logFile))
	}
	if err := proc.Err(); err != nil {
		return fmt.Errorf("%s quit with %w; the end of its log:\n%s", p.name, err, endOf(p.logFile))
	}
	return nil
}

// lineWriter hands on what is written to it by lines.
type lineWriter struct {
	take func([]byte)
	rest []byte
}

// Write implements io.Writer.
func (w *lineWriter) Write(b []byte) (int, error) {
	w.rest = append(w.rest, b...)
	for {
		line, rest, ok := bytes.Cut(w.rest, []byte("\n"))
		if !ok {
			return len(b), nil
		}
		w.take(line)
		w.rest = rest
	}
}

// endOf gives the end of a log.
func endOf(file string) string {
	const size = 4 << 10
	b, err := os.ReadFile(filepath.Clean(file))
	if err != nil {
		return err.Error()
	}
	return string(b[max(0, len(b)-size):])
}

func notify(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
