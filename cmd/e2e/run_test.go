//go:build linux

package e2e

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"linnet/account/servertest"
	"linnet/account/servertest/child"
	"linnet/cmd/internal/desktop"
)

// patience is how long anything may take: the program runs with the race
// detector and draws without a graphics card.
const patience = time.Minute

// buildDir holds the program, which is built once, with the race detector.
var buildDir string

var build = sync.OnceValues(func() (string, error) {
	var err error
	if buildDir, err = os.MkdirTemp("", "linnet-e2e-"); err != nil {
		return "", err
	}
	file := filepath.Join(buildDir, "linnet")
	out, err := exec.Command("go", "build", "-race", "-tags", "no_animations,nolibopusfile", "-o", file, "linnet/cmd/linnet").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return file, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if buildDir != "" {
		os.RemoveAll(buildDir)
	}
	os.Exit(code)
}

// run is one user at one desktop.
type run struct {
	t       *testing.T
	ctx     context.Context
	server  *servertest.Server
	desktop *desktop.Desktop
	window  *desktop.Window
	program *child.Process
	log     *logBuffer
	shots   int
}

func newRun(t *testing.T, o servertest.Options) *run {
	t.Helper()
	r := &run{t: t, ctx: t.Context(), server: servertest.Prosody(t, o), log: &logBuffer{}}
	d, err := desktop.Start(r.ctx, t.TempDir(), desktop.Options{Width: 1200, Height: 800, Keyring: true})
	if err != nil {
		t.Fatal(err)
	}
	r.desktop = d
	t.Cleanup(func() {
		if t.Failed() {
			// The test's own context has ended by now.
			if err := d.Shot(context.Background(), r.artifact("screen.png")); err != nil {
				t.Log(err)
			}
			if err := os.WriteFile(r.artifact("linnet.log"), []byte(r.log.String()), 0o600); err != nil {
				t.Log(err)
			}
			t.Logf("pictures and logs are in %s; the program said:\n%s", t.ArtifactDir(), r.log.String())
		}
		d.Stop()
	})
	return r
}

func (r *run) artifact(name string) string { return filepath.Join(r.t.ArtifactDir(), name) }

// must ends the test on an error of a step.
func (r *run) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

// start starts the program and gives its window the keyboard.
func (r *run) start(args ...string) {
	r.t.Helper()
	file, err := build()
	r.must(err)
	env := []string{
		"SSL_CERT_FILE=" + r.server.CAFile,
		"GORACE=halt_on_error=0 exitcode=66",
	}
	r.program, err = r.desktop.Launch(r.log, env, file, append([]string{"--debug"}, args...)...)
	r.must(err)
	r.window, err = r.desktop.Window(r.ctx, "Linnet", patience)
	r.must(err)
	r.must(r.window.Focus(r.ctx))
	r.settle()
}

// settle waits until the window has drawn what it has to.
func (r *run) settle() {
	r.t.Helper()
	r.must(r.window.Settled(r.ctx, "", patience))
}

// shot is the picture of the settled window.
func (r *run) shot() []byte {
	r.t.Helper()
	r.shots++
	file := r.artifact(fmt.Sprintf("step-%d.png", r.shots))
	r.must(r.window.Settled(r.ctx, file, patience))
	png, err := os.ReadFile(file)
	r.must(err)
	return png
}

func (r *run) key(keys ...string) {
	r.t.Helper()
	r.must(r.window.Key(r.ctx, keys...))
}

func (r *run) write(text string) {
	r.t.Helper()
	r.must(r.window.Type(r.ctx, text))
}

func (r *run) title(text string) {
	r.t.Helper()
	r.must(r.window.WaitTitle(r.ctx, text, patience))
}

// secondStart starts the program again while it runs, and wants it to leave
// the rest to the first copy.
func (r *run) secondStart(args ...string) {
	r.t.Helper()
	file, err := build()
	r.must(err)
	second, err := r.desktop.Launch(r.log, nil, file, args...)
	r.must(err)
	select {
	case <-second.Done():
	case <-time.After(patience):
		r.t.Fatal("the second copy does not end")
	}
	if err := second.Err(); err != nil {
		r.t.Errorf("the second copy ended with %v", err)
	}
}

// quit ends the program by its shortcut, and wants it to have had no trouble.
func (r *run) quit() {
	r.t.Helper()
	r.key("ctrl+q")
	select {
	case <-r.program.Done():
	case <-time.After(patience):
		r.program.Signal(syscall.SIGQUIT) // shows where it hangs
		r.t.Fatal("the program does not end")
	}
	if err := r.program.Err(); err != nil {
		r.t.Errorf("the program ended with %v", err)
	}
	for _, trouble := range []string{"DATA RACE", "Error in Fyne call thread", "Failed to focus", "panic:"} {
		if strings.Contains(r.log.String(), trouble) {
			r.t.Errorf("the program said %q", trouble)
		}
	}
	for _, private := range []string{r.server.Password("romeo"), "But soft", "It is the east", "while you were away"} {
		if strings.Contains(r.log.String(), private) {
			r.t.Errorf("the program logged %q", private)
		}
	}
}

// logBuffer is what the program has said so far.
type logBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *logBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *logBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}
