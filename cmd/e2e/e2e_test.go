//go:build linux

package e2e

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
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

// TestFirstConversation is the way of somebody new: signing in by keyboard,
// seeing a contact come online, writing, being answered, and finding it all
// again after a restart.
func TestFirstConversation(t *testing.T) {
	if testing.Short() {
		t.Skip("runs a server and an X server")
	}
	r := newRun(t, servertest.Options{
		Users:   map[string]string{"romeo": "wherefore art thou", "juliet": "a rose"},
		Friends: true,
	})
	r.start()
	r.signIn("romeo")
	juliet := startPeer(t, r.server, "juliet")
	us := juliet.wait("presence of ours", func(e event) bool {
		return e.Event == "presence" && e.Type == "available" && strings.HasPrefix(e.JID, "romeo@linnet.test/linnet.")
	})

	r.openChat("juliet@linnet.test")
	online := r.shot()
	juliet.do("presence", "dnd", "do not disturb me now")
	r.changes("the contact became busy", online)

	r.write("But soft, what light")
	r.key("Return")
	got := juliet.message("But soft, what light")
	if got.JID != us.JID || got.Type != "chat" {
		t.Errorf("got %+v", got)
	}
	before := r.shot()
	juliet.do("send", us.JID, "It is the east")
	r.changes("an answer came", before)
	// Shift+Return breaks the line; what is on no key is pasted.
	r.write("and Juliet")
	r.key("shift+Return")
	r.write("is the ")
	r.must(r.desktop.SetClipboard(r.ctx, "sün ☀"))
	r.key("ctrl+v")
	r.settle()
	r.key("Return")
	juliet.message("and Juliet\nis the sün ☀")
	r.transcript("But soft, what light", "It is the east", "is the sün ☀")

	r.quit()
	juliet.wait("leaving", func(e event) bool { return e.Event == "presence" && e.Type == "unavailable" && e.JID == us.JID })
	juliet.do("send", "romeo@linnet.test", "while you were away")

	r.start()
	again := juliet.wait("return", func(e event) bool { return e.Event == "presence" && e.Type == "available" })
	if again.JID != us.JID {
		t.Errorf("the resource changed from %s to %s", us.JID, again.JID)
	}
	r.title("(1)")
	// A second start hands its address over; the cursor is then in the composer.
	r.secondStart("xmpp:juliet@linnet.test?message")
	r.title("juliet")
	r.settle()
	r.write("back again")
	r.key("Return")
	juliet.message("back again")
	r.transcript("But soft, what light", "It is the east", "is the sün ☀", "while you were away", "back again")
	r.quit()
}

// TestServerByHand signs in where the server is named before the first try:
// the part of the page for that is folded away, and opens by keyboard.
func TestServerByHand(t *testing.T) {
	if testing.Short() {
		t.Skip("runs a server and an X server")
	}
	r := newRun(t, servertest.Options{
		Users:   map[string]string{"romeo": "wherefore art thou", "juliet": "a rose"},
		Friends: true,
	})
	juliet := startPeer(t, r.server, "juliet")
	r.start()
	r.firstField("romeo@linnet.test")
	r.key("Tab")
	r.write(r.server.Password("romeo"))
	r.key("Tab", "Tab") // over the button that shows the password
	r.key("space")
	r.settle()
	r.write(r.server.Host)
	r.key("Tab")
	r.write(strconv.Itoa(int(r.server.Port)))
	r.key("Return")
	juliet.wait("presence", func(e event) bool { return e.Event == "presence" && e.Type == "available" })
	r.quit()
}

// signIn fills the first page in by keyboard; the focus starts in the address.
// No name server knows the domain, which the page says; it then asks where the
// server is, with the focus in the field for that.
func (r *run) signIn(name string) {
	r.t.Helper()
	r.firstField(name + "@" + r.server.Domain)
	r.key("Tab")
	r.write(r.server.Password(name))
	r.key("Return")
	r.logged("cannot reach the server")
	r.settle()
	r.write(r.server.Host)
	r.key("Tab")
	r.write(strconv.Itoa(int(r.server.Port)))
	r.key("Return")
}

// firstField writes into the field that has the focus at the start, as soon as
// there is one: what comes back by way of the clipboard has arrived.
func (r *run) firstField(text string) {
	r.t.Helper()
	for deadline := time.Now().Add(patience); ; {
		r.key("ctrl+a")
		r.write(text)
		r.key("ctrl+a", "ctrl+c")
		r.settle()
		copied, err := r.desktop.Clipboard(r.ctx)
		r.must(err)
		if copied == text {
			return
		}
		if time.Now().After(deadline) {
			r.t.Fatalf("the focused field holds %q", copied)
		}
	}
}

// logged waits until the program has logged a text.
func (r *run) logged(text string) {
	r.t.Helper()
	for deadline := time.Now().Add(patience); !strings.Contains(r.log.String(), text); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			r.t.Fatalf("the program never logged %q", text)
		}
	}
}

// openChat opens a chat by its address; the focus is then in its composer.
func (r *run) openChat(address string) {
	r.t.Helper()
	r.settle()
	r.key("ctrl+n")
	r.settle()
	r.write(address)
	r.key("Return")
	name, _, _ := strings.Cut(address, "@")
	r.title(name)
}

// changes wants the window to look different from a picture of it.
func (r *run) changes(why string, from []byte) {
	r.t.Helper()
	for deadline := time.Now().Add(patience); ; {
		if !bytes.Equal(r.shot(), from) {
			return
		}
		if time.Now().After(deadline) {
			r.t.Fatalf("the window looks as before although %s", why)
		}
	}
}

// transcript wants the open conversation to hold texts, in this order. It
// selects all and copies.
func (r *run) transcript(texts ...string) {
	r.t.Helper()
	var copied string
	for deadline := time.Now().Add(patience); ; {
		r.key("shift+F6", "ctrl+a", "ctrl+c")
		r.settle()
		var err error
		copied, err = r.desktop.Clipboard(r.ctx)
		r.must(err)
		r.key("F6")
		if holds(copied, texts) {
			return
		}
		if time.Now().After(deadline) {
			r.t.Fatalf("copied %q, want %q in it", copied, texts)
		}
	}
}

func holds(all string, texts []string) bool {
	for _, text := range texts {
		_, rest, found := strings.Cut(all, text)
		if !found {
			return false
		}
		all = rest
	}
	return true
}

func (p *peer) message(body string) event {
	p.t.Helper()
	return p.wait(fmt.Sprintf("message %q", body), func(e event) bool { return e.Event == "message" && e.Body == body })
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
