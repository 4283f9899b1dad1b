//go:build unix

package account

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"linnet/account/servertest"
	"linnet/account/servertest/child"
)

// terminal shows a program that is made for people: tmux keeps its screen, and
// types.
type terminal struct {
	t      *testing.T
	socket string
	env    []string
}

// The size of the screen: wide enough for an address of a file in one line.
const (
	columns = "250"
	rows    = "50"
)

// newTerminal runs a program, with nothing but env in its environment, until
// the end of the test.
func newTerminal(t *testing.T, env []string, program ...string) *terminal {
	t.Helper()
	v := &terminal{t: t, socket: filepath.Join(t.TempDir(), "tmux"), env: append(env, "PATH="+os.Getenv("PATH"), "LC_ALL=C.UTF-8")}
	server := v.command("-D", "-f", os.DevNull)
	server.Stderr = t.Output()
	process, err := child.Start(server)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { process.Stop(testPatient) })
	start := append([]string{"-N", "new-session", "-d", "-x", columns, "-y", rows}, program...)
	for deadline := time.Now().Add(testPatient); ; time.Sleep(10 * time.Millisecond) {
		out, err := v.command(start...).CombinedOutput()
		if err == nil {
			return v
		}
		if time.Now().After(deadline) {
			t.Fatalf("tmux: %v: %s", err, out)
		}
	}
}

func (v *terminal) command(args ...string) *exec.Cmd {
	cmd := exec.Command("tmux", append([]string{"-u", "-S", v.socket}, args...)...)
	cmd.Env = v.env
	return cmd
}

// types writes a text, as if by hand.
func (v *terminal) types(text string) {
	v.t.Helper()
	if out, err := v.command("send-keys", "-l", "--", text).CombinedOutput(); err != nil {
		v.t.Fatalf("tmux: %v: %s", err, out)
	}
}

// enters writes a line.
func (v *terminal) enters(line string) {
	v.t.Helper()
	v.types(line + "\r")
}

// shown is the screen. Colours are sequences in it.
func (v *terminal) shown() string {
	v.t.Helper()
	out, err := v.command("capture-pane", "-p", "-e").Output()
	if err != nil {
		v.t.Fatalf("tmux: %v", err)
	}
	return string(out)
}

var colors = regexp.MustCompile("\x1b\\[[0-9;]*m")

// line waits for a line of the screen that, without its colours, has a pattern.
func (v *terminal) line(pattern string) {
	v.t.Helper()
	v.lineLike(pattern, func(string) bool { return true })
}

// lineLike waits for one that, with its colours, is as it should be, too.
func (v *terminal) lineLike(pattern string, is func(string) bool) {
	v.t.Helper()
	p := regexp.MustCompile(pattern)
	screen := ""
	for deadline := time.Now().Add(testPatient); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		screen = v.shown()
		for l := range strings.Lines(screen) {
			if p.MatchString(strings.TrimSpace(colors.ReplaceAllString(l, ""))) && is(l) {
				return
			}
		}
	}
	v.t.Fatalf("the screen never showed %s:\n%s", pattern, strings.TrimSpace(screen))
}

// profanity is Bob with Profanity.
type profanity struct {
	*terminal
	home string
	log  string // its file
}

// profanityAccount wants an address, a password, the server and its port.
const profanityAccount = `[bob]
enabled=true
jid=%s
password=%s
server=%s
port=%d
resource=profanity
tls.policy=force
`

// profanitySettings differ from what it does by itself: nothing is beside the
// conversation, no device is named in it, and receipts are asked for.
const profanitySettings = `[ui]
roster=false
resource.message=false

[connection]
receipts.request=true
`

// startProfanity signs Bob in and opens the conversation with somebody.
func startProfanity(t *testing.T, s *servertest.Server, with string) *profanity {
	t.Helper()
	for _, program := range []string{"profanity", "tmux"} {
		_, err := exec.LookPath(program)
		if err != nil && testing.Short() {
			t.Skip(err)
		}
		if err != nil {
			t.Fatalf("%s is not installed: run 'make deps'", program)
		}
	}
	p := &profanity{home: t.TempDir()}
	data := filepath.Join(p.home, "data", "profanity")
	p.log = filepath.Join(p.home, "log")
	authority, err := os.ReadFile(s.CAFile)
	for name, text := range map[string]string{
		filepath.Join(p.home, "config", "profanity", "profrc"): profanitySettings,
		filepath.Join(data, "accounts"):                        fmt.Sprintf(profanityAccount, "bob@"+s.Domain, s.Password("bob"), s.Host, s.Port),
		filepath.Join(data, "certs", "CAfile.pem"):             string(authority), // for what goes by HTTPS
	} {
		err = errors.Join(err, os.MkdirAll(filepath.Dir(name), 0o700), os.WriteFile(name, []byte(text), 0o600))
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if log, err := os.ReadFile(p.log); t.Failed() && err == nil {
			t.Logf("the log of Profanity:\n%s", log)
		}
	})
	p.terminal = newTerminal(t, []string{
		"HOME=" + p.home, "XDG_CONFIG_HOME=" + filepath.Join(p.home, "config"), "XDG_DATA_HOME=" + filepath.Join(p.home, "data"),
		"SSL_CERT_FILE=" + s.CAFile, // for the stream
	}, "profanity", "--account", "bob", "--log", "DEBUG", "--logfile", p.log)
	p.line("logged in successfully")
	p.enters("/msg " + with)
	return p
}

// logs waits until the program has logged a text.
func (p *profanity) logs(text string) {
	p.t.Helper()
	for deadline := time.Now().Add(testPatient); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if log, err := os.ReadFile(p.log); err == nil && strings.Contains(string(log), text) {
			return
		}
	}
	p.t.Fatalf("Profanity never logged %s:\n%s", text, p.shown())
}
