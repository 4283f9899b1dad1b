//go:build unix

package servertest

import (
	"bufio"
	"bytes"
	_ "embed"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"linnet/account/servertest/child"
)

// peerModule is what the scripts have in common.
//
//go:embed peer.py
var peerModule []byte

// Slixmpp signs a user of the server in with a script for slixmpp, somebody else's
// library, until the test ends. The script says what that client can do, and takes
// the rest from the module peer beside it. Orders takes lines that say what to do.
// Told gives lines of JSON that say what happened, the first that the client is
// online, and is closed when it has ended.
func (s *Server) Slixmpp(t testing.TB, user string, script []byte) (orders io.Writer, told <-chan []byte) {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "script.py")
	if err := errors.Join(os.WriteFile(file, script, 0o600), os.WriteFile(filepath.Join(dir, "peer.py"), peerModule, 0o600)); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(python(t), file, user+"@"+s.Domain, s.Password(user), s.Host, strconv.Itoa(int(s.Port)), s.CAFile)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	// A pipe of our own: that of the command is closed as soon as it ends,
	// whatever is still unread.
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdout, cmd.Stderr = w, t.Output()
	process, err := child.Start(cmd)
	w.Close()
	if err != nil {
		t.Fatal(err)
	}
	lines := make(chan []byte, 4096) // more than any test leaves unread
	go func() {
		defer close(lines)
		for all := bufio.NewScanner(r); all.Scan(); {
			lines <- bytes.Clone(all.Bytes())
		}
	}()
	t.Cleanup(func() {
		in.Close()
		process.Stop(stopTime)
		r.Close()
	})
	return in, lines
}

// python finds an interpreter that has slixmpp: the package belongs to the
// system's, which need not be the first on the PATH.
func python(t testing.TB) string {
	t.Helper()
	for _, name := range []string{"/usr/bin/python3", "python3"} {
		if exec.Command(name, "-c", "import slixmpp").Run() == nil {
			return name
		}
	}
	t.Fatal("slixmpp is not installed: run 'make deps'")
	return ""
}
