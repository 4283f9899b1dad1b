//go:build unix

package servertest

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// wire is as little of a client as proves that a server answers.
type wire struct {
	t    *testing.T
	conn net.Conn
	r    *bufio.Reader
}

func (w *wire) send(format string, args ...any) {
	w.t.Helper()
	if _, err := fmt.Fprintf(w.conn, format, args...); err != nil {
		w.t.Fatal(err)
	}
}

// until reads up to and including the text.
func (w *wire) until(text string) string {
	w.t.Helper()
	var got []byte
	for !bytes.HasSuffix(got, []byte(text)) {
		c, err := w.r.ReadByte()
		if err != nil {
			w.t.Fatalf("waiting for %q: %v after %q", text, err, got)
		}
		got = append(got, c)
	}
	return string(got)
}

func (w *wire) header(domain string) {
	w.send("<?xml version='1.0'?><stream:stream to='%s' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>", domain)
}

// signIn goes all the way to a bound resource with PLAIN over TLS.
func signIn(t *testing.T, s *Server, direct bool, user, password string) *wire {
	t.Helper()
	port := s.Port
	if direct {
		port = s.TLSPort
	}
	conn, err := net.Dial("tcp", net.JoinHostPort(s.Host, strconv.Itoa(int(port))))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(30 * time.Second)); err != nil {
		t.Fatal(err)
	}
	w := &wire{t, conn, bufio.NewReader(conn)}
	if !direct {
		w.header(s.Domain)
		if got := w.until("</stream:features>"); !strings.Contains(got, "<required") {
			t.Errorf("encryption is not required: %s", got)
		}
		w.send("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
		w.until("<proceed")
		w.until(">")
	}
	secure := tls.Client(conn, &tls.Config{ServerName: s.Domain, RootCAs: s.Roots, NextProtos: []string{"xmpp-client"}})
	if err := secure.Handshake(); err != nil {
		t.Fatal(err)
	}
	w.conn, w.r = secure, bufio.NewReader(secure)
	w.header(s.Domain)
	w.until("</stream:features>")
	w.send("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>%s</auth>",
		base64.StdEncoding.EncodeToString([]byte("\x00"+user+"\x00"+password)))
	w.until("<success")
	w.until(">")
	w.header(s.Domain)
	w.until("</stream:features>")
	w.send("<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>")
	w.until("</iq>")
	return w
}

func (w *wire) ping() {
	w.t.Helper()
	w.send("<iq type='get' id='ping1'><ping xmlns='urn:xmpp:ping'/></iq>")
	w.until("ping1")
	w.until(">")
}

var options = Options{
	Users:   map[string]string{"anna": `pass "word" \ 1`, "ben-x": "secret2", "no_one": "x"},
	Friends: true,
	Rosters: map[string][]Contact{"anna": {{JID: "carl@elsewhere.test", Name: `Carl "C" O'Neil`, Groups: []string{"Work", "Old friends"}}}},
}

var servers = map[string]func(testing.TB, Options) *Server{"prosody": Prosody, "ejabberd": Ejabberd}

func TestServer(t *testing.T) {
	for name, start := range servers {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t, options)
			if s.String() != name {
				t.Errorf("is %s", s)
			}
			w := signIn(t, s, false, "anna", s.Password("anna"))
			w.send("<iq type='get' id='r'><query xmlns='jabber:iq:roster'/></iq>")
			roster := w.until("</iq>")
			for _, want := range []string{"ben-x@linnet.test", "no_one@linnet.test", "Friends", "carl@elsewhere.test", "Work", "Old friends", "O'Neil"} {
				if !strings.Contains(strings.ReplaceAll(roster, "&apos;", "'"), want) {
					t.Errorf("no %q in the roster: %s", want, roster)
				}
			}
			if strings.Contains(roster, `subscription='none'`) {
				t.Errorf("not subscribed both ways: %s", roster)
			}
			signIn(t, s, true, "ben-x", "secret2").ping()

			if err := s.AddUser("late", "comer"); err != nil {
				t.Fatal(err)
			}
			signIn(t, s, false, "late", "comer").ping()

			hang(t, s, w)
			survive(t, s)
		})
	}
}

// hang proves that a frozen server keeps silent and a thawed one catches up.
func hang(t *testing.T, s *Server, w *wire) {
	t.Helper()
	s.Freeze()
	w.send("<iq type='get' id='frozen'><ping xmlns='urn:xmpp:ping'/></iq>")
	if state := processState(t, s.proc.PID()); state != "T" {
		t.Errorf("a frozen server is in state %q", state)
	}
	s.Thaw()
	w.until("frozen")
}

// survive proves that users are there after a restart and after a crash.
func survive(t *testing.T, s *Server) {
	t.Helper()
	if err := s.Restart(); err != nil {
		t.Fatal(err)
	}
	signIn(t, s, true, "anna", s.Password("anna")).ping()
	s.Kill()
	if conn, err := net.Dial("tcp", net.JoinHostPort(s.Host, strconv.Itoa(int(s.Port)))); err == nil {
		conn.Close()
		t.Error("a killed server still accepts connections")
	}
	if err := s.Restart(); err != nil {
		t.Fatal(err)
	}
	signIn(t, s, false, "ben-x", "secret2").ping()
	pid := s.proc.PID()
	s.Freeze()
	s.Stop()
	s.Stop()
	if err := syscall.Kill(-pid, 0); !errors.Is(err, syscall.ESRCH) {
		t.Errorf("something of the stopped server is left: %v", err)
	}
}

func processState(t *testing.T, pid int) string {
	t.Helper()
	out, err := exec.Command("ps", "-o", "state=", "-p", strconv.Itoa(pid)).Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}

// TestTakenPort proves that a lost race for a port is noticed and run again.
func TestTakenPort(t *testing.T) {
	for name, find := range map[string]func() (engine, error){
		"prosody":  func() (engine, error) { return newProsody() },
		"ejabberd": func() (engine, error) { return newEjabberd() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e, err := find()
			if err != nil {
				t.Fatal(err)
			}
			th := &thief{engine: e}
			s, err := start(t.TempDir(), Options{Users: map[string]string{"a": "b"}}, th)
			if err != nil {
				t.Fatal(err)
			}
			defer s.Stop()
			if th.stolen == nil {
				t.Fatal("no port was stolen")
			}
			defer th.stolen.Close()
			if th.prepared != th.stole+1 {
				t.Errorf("%d tries, want one more than the %d up to the theft", th.prepared, th.stole)
			}
			signIn(t, s, false, "a", "b").ping()
		})
	}
}

// thief takes the first port between our look and the server's bind. Where
// somebody else was faster it takes that of the next try.
type thief struct {
	engine
	prepared int
	stole    int // in which try
	stolen   net.Listener
}

func (th *thief) prepare(s *Server, o *Options) error {
	th.prepared++
	err := th.engine.prepare(s, o)
	if err != nil || th.stolen != nil {
		return err
	}
	if l, err := net.Listen("tcp4", fmt.Sprintf("127.0.0.1:%d", s.Port)); err == nil {
		th.stolen, th.stole = l, th.prepared
	}
	return nil
}

func TestMissingProgram(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	for _, start := range []func(string, Options) (*Server, error){StartProsody, StartEjabberd} {
		_, err := start(t.TempDir(), Options{})
		if missing := (*MissingError)(nil); !errors.As(err, &missing) || !strings.Contains(err.Error(), "make deps") {
			t.Errorf("got %v", err)
		}
	}
}

func TestBrokenConfiguration(t *testing.T) {
	_, err := StartProsody(t.TempDir(), Options{Extra: "this is no Lua"})
	if err == nil || !strings.Contains(err.Error(), "ended while starting") {
		t.Errorf("got %v", err)
	}
}

// TestEndsWithUs kills a process that runs a server, and sees the server end too.
func TestEndsWithUs(t *testing.T) {
	if dir := os.Getenv("LINNET_SERVERTEST_DIR"); dir != "" {
		s, err := StartProsody(dir, Options{})
		if err != nil {
			t.Fatal(err)
		}
		fmt.Printf("pid %d\n", s.proc.PID())
		select {}
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestEndsWithUs$")
	cmd.Env = append(os.Environ(), "LINNET_SERVERTEST_DIR="+t.TempDir())
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var pid int
	for r := bufio.NewReader(out); pid == 0; {
		line, err := r.ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		_, _ = fmt.Sscanf(line, "pid %d", &pid) // other lines are not for us
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, out)
	_ = cmd.Wait() // killed, so it reports an error
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		status, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "status"))
		if err != nil || bytes.Contains(status, []byte("State:\tZ")) {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("the server lives on:\n%s", status)
		}
	}
}

func TestLuaEscapes(t *testing.T) {
	if got := luaFileName("a.b-c@é"); got != "a%2eb%2dc%40%c3%a9" {
		t.Error(got)
	}
	if got := luaString("a\"b\\c\nd é"); got != `"a\034b\092c\010d é"` {
		t.Error(got)
	}
}
