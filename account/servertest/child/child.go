//go:build unix

// Package child runs other programs so that nothing of them is left behind:
// each leads a process group of its own, which is signalled as a whole, and on
// Linux ends when the calling process ends, however that goes.
package child

import (
	"os/exec"
	"runtime"
	"syscall"
	"time"
)

// Process is a program that was started. Its methods may be called from any goroutine.
type Process struct {
	pid  int
	done chan struct{} // closed when it has ended
	err  error         // why, to be read after done
}

// Start starts cmd, whose SysProcAttr it sets. The caller uses the Process
// from then on, not cmd. A parent-death signal is bound to the thread that
// forked: a thread is kept for it until the process has ended.
func Start(cmd *exec.Cmd) (*Process, error) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	dieWithParent(cmd.SysProcAttr)
	p := &Process{done: make(chan struct{})}
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		if err == nil {
			p.pid = cmd.Process.Pid
		}
		started <- err
		if err == nil {
			p.err = cmd.Wait()
			close(p.done)
		}
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	return p, nil
}

// PID is the process's number, which is its group's as well.
func (p *Process) PID() int { return p.pid }

// Done is closed when the process has ended and its output is complete.
func (p *Process) Done() <-chan struct{} { return p.done }

// Err tells how it ended; nil means successfully. It waits for that end.
func (p *Process) Err() error {
	<-p.done
	return p.err
}

// Signal reaches the whole group. A process that has ended gets none.
func (p *Process) Signal(sig syscall.Signal) {
	select {
	case <-p.done:
	default:
		// The leader has not been waited for, so the number is still its own;
		// that it may have ended this moment is no error.
		_ = syscall.Kill(-p.pid, sig)
	}
}

// Kill ends the group at once. The process has ended when Kill returns.
func (p *Process) Kill() {
	p.Signal(syscall.SIGKILL)
	<-p.done
}

// Stop asks the group to end, and kills it when that takes too long. The
// process has ended when Stop returns.
func (p *Process) Stop(within time.Duration) {
	p.Signal(syscall.SIGTERM)
	p.Signal(syscall.SIGCONT) // a frozen one cannot heed the first
	timer := time.NewTimer(within)
	defer timer.Stop()
	select {
	case <-p.done:
	case <-timer.C:
		p.Kill()
	}
}
