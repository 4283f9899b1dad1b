//go:build linux

package e2e

import (
	"bufio"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"linnet/account/servertest"
	"linnet/account/servertest/child"
)

//go:embed peer.py
var peerScript []byte

// event is what the peer tells; body is the status of a presence.
type event struct{ Event, JID, Type, Body, ID string }

// peer is the contact at the other end.
type peer struct {
	t      *testing.T
	in     io.WriteCloser
	events chan event
}

// startPeer signs a user of the server in with slixmpp, and waits until it is online.
func startPeer(t *testing.T, s *servertest.Server, name string) *peer {
	t.Helper()
	script := filepath.Join(t.TempDir(), "peer.py")
	if err := os.WriteFile(script, peerScript, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(python(t), script, name+"@"+s.Domain, s.Password(name), s.Host, strconv.Itoa(int(s.Port)), s.CAFile)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	// A pipe of our own: that of the command is closed as soon as it ends,
	// whatever is still unread.
	r, w := io.Pipe()
	var problems strings.Builder
	cmd.Stdout, cmd.Stderr = w, &problems
	process, err := child.Start(cmd)
	if err != nil {
		t.Fatal(err)
	}
	p := &peer{t, in, make(chan event, 4096)}
	go func() {
		defer close(p.events)
		for lines := bufio.NewScanner(r); lines.Scan(); {
			var e event
			if err := json.Unmarshal(lines.Bytes(), &e); err == nil {
				p.events <- e
			}
		}
	}()
	t.Cleanup(func() {
		in.Close()
		process.Stop(10 * time.Second)
		w.Close()
		if t.Failed() && problems.Len() > 0 {
			t.Logf("the peer said:\n%s", problems.String())
		}
	})
	p.wait("online", func(e event) bool { return e.Event == "online" })
	return p
}

// python finds an interpreter that has slixmpp: the package belongs to the
// system's, which need not be the first on the PATH.
func python(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"/usr/bin/python3", "python3"} {
		if exec.Command(name, "-c", "import slixmpp").Run() == nil {
			return name
		}
	}
	t.Fatal("slixmpp is not installed: run 'make deps'")
	return ""
}

// wait takes events until one fits.
func (p *peer) wait(what string, fits func(event) bool) event {
	p.t.Helper()
	timeout := time.After(patience)
	var seen []event
	for {
		select {
		case e, ok := <-p.events:
			if !ok {
				p.t.Fatalf("the peer ended while waiting for %s; it told %+v", what, seen)
			}
			if fits(e) {
				return e
			}
			seen = append(seen, e)
		case <-timeout:
			p.t.Fatalf("the peer saw no %s; it told %+v", what, seen)
		}
	}
}

func (p *peer) message(body string) event {
	p.t.Helper()
	return p.wait(fmt.Sprintf("message %q", body), func(e event) bool { return e.Event == "message" && e.Body == body })
}

func (p *peer) do(order, jid, body string) {
	p.t.Helper()
	line, err := json.Marshal(map[string]string{"do": order, "jid": jid, "body": body})
	if err != nil {
		p.t.Fatal(err)
	}
	if _, err := p.in.Write(append(line, '\n')); err != nil {
		p.t.Fatal(err)
	}
}
