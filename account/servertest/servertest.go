//go:build unix

// Package servertest runs real XMPP servers for tests and for the demo: the
// Prosody and ejabberd of the machine, each as a process of its own with a
// throw-away directory, a certificate authority of its own and free ports on
// 127.0.0.1. A system-wide server beside them is neither used nor disturbed. To
// them it signs in contacts that use somebody else's library.
//
// It is for Unix: the servers are stopped, frozen and thawed by signals.
package servertest

import (
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"linnet/account/servertest/child"
)

// DefaultDomain is the XMPP domain of a server whose Options name none. It is
// reserved by RFC 6761 and resolves nowhere.
const DefaultDomain = "linnet.test"

// Contact is an entry of a roster the server is started with, subscribed both ways.
type Contact struct {
	JID    string // bare address
	Name   string
	Groups []string
}

// Options says what a server starts with. The zero value is a server without users.
type Options struct {
	Domain  string            // DefaultDomain when empty
	Users   map[string]string // local part to password
	Friends bool              // everyone in Users is in everyone's roster, in the group "Friends"
	Rosters map[string][]Contact
	Extra   string // lines added to the server's configuration, in its own syntax

	// CuredResume has Prosody run a copy of its stream management that can
	// resume after a cut in the middle of a stanza, which 0.12.3 cannot: it
	// feeds what comes on the new connection to the parser of the old one.
	// Other servers pay no heed to it.
	CuredResume bool

	// Database has what comes into archives kept in SQLite, over restarts too.
	// For some ten thousand messages the servers' own files are too slow: a page
	// costs as much as all of them. It takes Debian's lua-dbi-sqlite3 for the
	// one, erlang-p1-sqlite3 and sqlite3 for the other.
	Database bool

	// UploadLimit has the server take files of up to as many bytes (XEP-0363) on
	// Server.UploadPort; 0: it takes none.
	UploadLimit int

	// UploadURL, when not empty, is the address a Prosody gives for files in
	// place of its own: whoever serves there has to do what it would. It is for
	// programs that find no names of ours.
	UploadURL string

	// Archives are what archives of users hold from the start, each oldest
	// first. A Prosody that is given some answers from them as fast as it can,
	// and forgets what comes later when it stops. Other servers pay no heed.
	Archives map[string]iter.Seq[Archived]
}

// Server is a running server. Its methods are for one goroutine at a time.
type Server struct {
	Domain  string
	Host    string // the address it listens on: 127.0.0.1
	Port    uint16 // STARTTLS, which it requires
	TLSPort uint16 // direct TLS (XEP-0368)
	// UploadPort is where files go by HTTPS, as the host "upload." and the
	// domain, which only who knows finds at Host; 0 without Options.UploadLimit.
	UploadPort uint16
	Roots      *x509.CertPool // verifies its certificate
	CAFile     string         // the same as a PEM file, for other programs
	LogFile    string         // what it has logged

	dir    string
	engine engine
	users  map[string]string

	mu   sync.Mutex
	proc *child.Process
}

// engine is what differs between the servers.
type engine interface {
	// prepare writes what the server needs on disk, for the ports of s.
	prepare(s *Server, o *Options) error
	// command gives the program with its arguments, and its environment.
	command(s *Server) (argv, env []string)
	// ready looks at the log written since the start: whether everything
	// listens, or why it never will.
	ready(s *Server, log string) (bool, error)
	// populate is called once, when the server has started for the first time.
	populate(s *Server, o *Options) error
	addUser(s *Server, name, password string) error
}

// errPort tells that another program has taken a port we had found free.
var errPort = errors.New("port in use")

const (
	// startTries bounds the search for ports; two in a row are hardly ever lost.
	startTries = 6
	// startTime is generous: Erlang on two busy cores has been seen to take 10 s.
	startTime = 60 * time.Second
	// stopTime is how long a program may take to end by itself before it is killed.
	stopTime = 5 * time.Second
)

// MissingError tells that a server's program is not on this machine.
type MissingError struct{ Program string }

func (e *MissingError) Error() string {
	return fmt.Sprintf("%s is not installed: run 'make deps'", e.Program)
}

// StartProsody starts a Prosody that keeps everything under dir, which must
// exist. The caller stops it; if the calling process is killed, it ends too
// (Linux only).
func StartProsody(dir string, o Options) (*Server, error) {
	e, err := newProsody()
	if err != nil {
		return nil, err
	}
	return start(dir, o, e)
}

// StartEjabberd is StartProsody with an ejabberd. No epmd is started.
func StartEjabberd(dir string, o Options) (*Server, error) {
	e, err := newEjabberd()
	if err != nil {
		return nil, err
	}
	return start(dir, o, e)
}

// Prosody starts a Prosody for the length of a test. A missing program fails
// the test, and skips it only with -short. The log of a failed test's server
// is printed and kept among the test's artifacts.
func Prosody(t testing.TB, o Options) *Server {
	t.Helper()
	return forTest(t, o, StartProsody)
}

// Ejabberd is Prosody with an ejabberd. Starting one takes some seconds.
func Ejabberd(t testing.TB, o Options) *Server {
	t.Helper()
	return forTest(t, o, StartEjabberd)
}

func forTest(t testing.TB, o Options, start func(string, Options) (*Server, error)) *Server {
	t.Helper()
	s, err := start(t.TempDir(), o)
	if missing := (*MissingError)(nil); errors.As(err, &missing) && testing.Short() {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		s.Stop()
		if t.Failed() {
			t.Logf("the end of the log of %s:\n%s", s.engine, tail(s.log(0)))
			if err := os.WriteFile(filepath.Join(t.ArtifactDir(), fmt.Sprintf("%s.log", s.engine)), []byte(s.log(0)), 0o600); err != nil {
				t.Log(err)
			}
		}
	})
	return s
}

func start(dir string, o Options, e engine) (*Server, error) {
	if o.Domain == "" {
		o.Domain = DefaultDomain
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	s := &Server{
		Domain: o.Domain, Host: "127.0.0.1", dir: dir, engine: e, users: o.Users,
		LogFile: filepath.Join(dir, "server.log"), CAFile: filepath.Join(dir, "ca.pem"),
	}
	if s.Roots, err = writeCertificates(dir, o.Domain); err != nil {
		return nil, fmt.Errorf("certificates for %s: %w", o.Domain, err)
	}
	for range startTries {
		if err = e.prepare(s, &o); err != nil {
			return nil, fmt.Errorf("preparing %s: %w", e, err)
		}
		if err = s.run(); !errors.Is(err, errPort) {
			break
		}
	}
	if err != nil {
		return nil, err
	}
	if err := e.populate(s, &o); err != nil {
		s.Stop()
		return nil, fmt.Errorf("adding users to %s: %w", e, err)
	}
	return s, nil
}

// run starts the process and waits until it listens.
func (s *Server) run() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	from := len(s.log(0))
	p, err := s.launch()
	if err != nil {
		return fmt.Errorf("starting %s: %w", s.engine, err)
	}
	deadline := time.NewTimer(startTime)
	defer deadline.Stop()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		ok, err := s.engine.ready(s, s.log(from))
		if err != nil {
			p.Kill()
			return fmt.Errorf("starting %s: %w", s.engine, err)
		}
		if ok {
			s.proc = p
			return nil
		}
		select {
		case <-p.Done():
			return fmt.Errorf("%s ended while starting: %v\n%s%s", s.engine, p.Err(), tail(s.output()), tail(s.log(from)))
		case <-deadline.C:
			p.Kill()
			return fmt.Errorf("%s did not start within %v\n%s%s", s.engine, startTime, tail(s.output()), tail(s.log(from)))
		case <-tick.C:
		}
	}
}

func (s *Server) launch() (*child.Process, error) {
	out, err := os.OpenFile(filepath.Join(s.dir, "output.log"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	defer out.Close()
	argv, env := s.engine.command(s)
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Env, cmd.Dir, cmd.Stdout, cmd.Stderr = env, s.dir, out, out
	return child.Start(cmd)
}

// AddUser adds a user while the server runs.
func (s *Server) AddUser(name, password string) error {
	if err := s.engine.addUser(s, name, password); err != nil {
		return fmt.Errorf("adding %s to %s: %w", name, s.engine, err)
	}
	return nil
}

// Password returns the password a user of Options.Users was given.
func (s *Server) Password(name string) string { return s.users[name] }

// Stop ends the server politely, and by force when that takes too long. It
// has ended when Stop returns. A server that has ended already is left alone.
func (s *Server) Stop() {
	if p := s.take(); p != nil {
		p.Stop(stopTime)
	}
}

// Kill ends the server at once, as a power cut would. It has ended when Kill returns.
func (s *Server) Kill() {
	if p := s.take(); p != nil {
		p.Kill()
	}
}

func (s *Server) take() *child.Process {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.proc
	s.proc = nil
	return p
}

// Freeze stops the server from running without closing its connections: to
// clients it looks hung. Thaw lets it go on.
func (s *Server) Freeze() { s.signal(syscall.SIGSTOP) }

// Thaw ends a Freeze.
func (s *Server) Thaw() { s.signal(syscall.SIGCONT) }

func (s *Server) signal(sig syscall.Signal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.proc != nil {
		s.proc.Signal(sig)
	}
}

// Restart stops the server if it runs, and starts it again on the same ports
// with the data it has.
func (s *Server) Restart() error {
	s.Stop()
	return s.run()
}

// String names the server's software, for messages.
func (s *Server) String() string { return fmt.Sprint(s.engine) }

// log returns what has been logged from an offset on; nothing when there is no log yet.
func (s *Server) log(from int) string {
	b, err := os.ReadFile(s.LogFile)
	if errors.Is(err, fs.ErrNotExist) || len(b) < from {
		return ""
	}
	return string(b[from:])
}

func (s *Server) output() string {
	b, _ := os.ReadFile(filepath.Join(s.dir, "output.log")) // only read to explain another failure
	return string(b)
}

// tailLines is as much of a log as helps to see why a test failed.
const tailLines = 60

func tail(log string) string {
	lines := strings.SplitAfter(log, "\n")
	return strings.Join(lines[max(0, len(lines)-tailLines):], "")
}
