//go:build unix

package child

import (
	"bufio"
	"errors"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestGroupEndsTogether stops a shell whose child would outlive it.
func TestGroupEndsTogether(t *testing.T) {
	for name, end := range map[string]func(*Process){
		"stop":             func(p *Process) { p.Stop(time.Minute) },
		"kill":             (*Process).Kill,
		"stop when frozen": func(p *Process) { p.Signal(syscall.SIGSTOP); p.Stop(time.Minute) },
	} {
		t.Run(name, func(t *testing.T) {
			cmd := exec.Command("sh", "-c", "sleep 1000 & echo $!; wait")
			out, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			p, err := Start(cmd)
			if err != nil {
				t.Fatal(err)
			}
			line, err := bufio.NewReader(out).ReadString('\n')
			if err != nil {
				t.Fatal(err)
			}
			grandchild, err := strconv.Atoi(strings.TrimSpace(line))
			if err != nil {
				t.Fatal(err)
			}
			end(p)
			if p.Err() == nil {
				t.Error("it was ended by a signal, which is no success")
			}
			// Whoever adopted it may take a moment to collect it.
			for deadline := time.Now().Add(20 * time.Second); alive(grandchild); time.Sleep(time.Millisecond) {
				if time.Now().After(deadline) {
					t.Fatal("the grandchild lives on")
				}
			}
			p.Signal(syscall.SIGTERM)
			p.Stop(time.Second)
		})
	}
}

func alive(pid int) bool {
	state, err := exec.Command("ps", "-o", "state=", "-p", strconv.Itoa(pid)).Output()
	return err == nil && !strings.HasPrefix(string(state), "Z")
}

func TestStopKillsTheDeaf(t *testing.T) {
	cmd := exec.Command("sh", "-c", "trap '' TERM; echo deaf; while :; do sleep 1000; done")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	p, err := Start(cmd)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	p.Stop(10 * time.Millisecond)
	var exit *exec.ExitError
	if !errors.As(p.Err(), &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
		t.Errorf("ended with %v", p.Err())
	}
}

func TestNoSuchProgram(t *testing.T) {
	if _, err := Start(exec.Command("/nowhere/at/all")); err == nil {
		t.Error("started")
	}
}
