//go:build unix

package servertest

import (
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"time"
)

// process is a running program that leads a process group of its own.
type process struct {
	pid  int
	done chan struct{} // closed when it has ended
	err  error         // why, to be read after done
}

// startProcess starts a program whose output goes to a file. Its parent-death
// signal, where the system has one, is bound to the thread that forked it: that
// thread is kept until the process has ended.
func startProcess(argv, env []string, dir, output string) (*process, error) {
	out, err := os.OpenFile(output, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	defer out.Close()
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Env, cmd.Dir, cmd.Stdout, cmd.Stderr = env, dir, out, out
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	dieWithParent(cmd.SysProcAttr)

	p := &process{done: make(chan struct{})}
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
	return p, <-started
}

// signal reaches the whole group; the leader is not yet waited for, so the
// number cannot belong to another group by now.
func (p *process) signal(sig syscall.Signal) {
	select {
	case <-p.done:
	default:
		// It may have ended this moment, which is no error here.
		_ = syscall.Kill(-p.pid, sig)
	}
}

func (p *process) kill() {
	p.signal(syscall.SIGKILL)
	<-p.done
}

func (p *process) stop(within time.Duration) {
	p.signal(syscall.SIGTERM)
	p.signal(syscall.SIGCONT) // a frozen one cannot heed the first
	timer := time.NewTimer(within)
	defer timer.Stop()
	select {
	case <-p.done:
	case <-timer.C:
		p.kill()
	}
}
