//go:build linux

package xclipboard

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"linnet/app"
	"linnet/cmd/internal/desktop"
)

// patience is how long anything may take on a busy machine.
const patience = 30 * time.Second

// screen is a desktop with a clipboard of ours.
type screen struct {
	*testing.T
	d       *desktop.Desktop
	display string
	*Clipboard
}

func newScreen(t *testing.T) *screen {
	t.Helper()
	if testing.Short() {
		t.Skip("runs an X server")
	}
	d, err := desktop.Start(t.Context(), t.TempDir(), desktop.Options{Width: 320, Height: 240})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Stop)
	s := &screen{T: t, d: d}
	for _, v := range d.Env {
		if at, ok := strings.CutPrefix(v, "DISPLAY="); ok {
			s.display = at
		}
	}
	s.Clipboard = s.another()
	return s
}

// another connects once more.
func (s *screen) another() *Clipboard {
	s.Helper()
	c, err := open(s.display, slog.New(slog.DiscardHandler))
	if err != nil {
		s.Fatal(err)
	}
	s.Cleanup(c.Close)
	return c
}

// owner is the window that has the clipboard.
func (s *screen) owner() uint32 {
	s.Helper()
	reply, err := s.x.ask(s.Context(), request(reqGetOwner, 0, []uint32{s.atoms.clipboard}))
	if err != nil {
		s.Fatal(err)
	}
	return order.Uint32(reply[8:])
}

// xclip runs the program that copies and pastes. What it copies is on the clipboard
// then: it goes on in a process of its own, which may take it later than another
// that was started after it.
func (s *screen) xclip(in []byte, args ...string) []byte {
	s.Helper()
	before := s.owner()
	ctx, cancel := context.WithTimeout(s.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, "xclip", append([]string{"-selection", "clipboard"}, args...)...)
	cmd.Env, cmd.Stdin = s.d.Env, bytes.NewReader(in)
	if in != nil { // it stays behind with its outputs open
		if err := cmd.Run(); err != nil {
			s.Fatal(err)
		}
		for deadline := time.Now().Add(patience); s.owner() == before; time.Sleep(time.Millisecond) {
			if time.Now().After(deadline) {
				s.Fatal("xclip does not take the clipboard")
			}
		}
		return nil
	}
	out, err := cmd.Output()
	if err != nil {
		s.Fatal(err)
	}
	return out
}

// becomes waits until the clipboard holds something.
func (s *screen) becomes(c *Clipboard, want app.Copied) {
	s.Helper()
	for deadline := time.Now().Add(patience); c.Holds() != want; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			s.Fatalf("it holds %d, want %d", c.Holds(), want)
		}
	}
}

// noise cannot be told from anything else of its length.
func noise(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(rand.Uint32())
	}
	return b
}

func TestPaste(t *testing.T) {
	s := newScreen(t)
	for _, x := range []struct {
		target string
		data   []byte
	}{
		{"image/png", []byte("small")},
		{"image/jpeg", noise(300_001)},
		{"image/png", noise(9_000_002)}, // in parts
	} {
		s.xclip([]byte("words"), "-in")
		s.becomes(s.Clipboard, app.CopiedOther)
		s.xclip(x.data, "-target", x.target, "-in")
		s.becomes(s.Clipboard, app.CopiedPicture)
		picture, files, err := s.Read(t.Context())
		if err != nil || !bytes.Equal(picture, x.data) || files != nil {
			t.Errorf("%s: %d of %d bytes, %q, %v", x.target, len(picture), len(x.data), files, err)
		}
	}
	s.xclip([]byte("file:///a%20b\r\nhttps://x.example/c\r\n"), "-target", "text/uri-list", "-in")
	s.becomes(s.Clipboard, app.CopiedFiles)
	if picture, files, err := s.Read(t.Context()); err != nil || picture != nil || len(files) != 1 || files[0] != "/a b" {
		t.Errorf("files %q, %v", files, err)
	}
}

// TestPasteIsBounded copies more than is taken.
func TestPasteIsBounded(t *testing.T) {
	s := newScreen(t)
	file := filepath.Join(t.TempDir(), "large")
	if err := os.WriteFile(file, noise(1<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	again := func() { // a transfer that was given up leaves xclip waiting
		s.xclip([]byte("words"), "-in")
		s.becomes(s.Clipboard, app.CopiedOther)
		s.xclip([]byte{}, "-target", "image/png", "-in", file)
		s.becomes(s.Clipboard, app.CopiedPicture)
	}
	again()
	if _, _, err := s.get(ctx, s.atoms.png, 1<<20-1); !errors.Is(err, errLarge) {
		t.Errorf("in parts: %v", err)
	}
	again()
	if _, data, err := s.get(ctx, s.atoms.png, 1<<20); err != nil || len(data) != 1<<20 {
		t.Errorf("as much as may be: %d bytes, %v", len(data), err)
	}
	if _, _, err := s.get(ctx, s.atoms.targets, 4); !errors.Is(err, errLarge) {
		t.Errorf("at once: %v", err)
	}
}

// program connects a program that has copied something and hears what it is asked
// for, but answers nothing by itself.
func (s *screen) program(event func(c *Clipboard, e []byte)) {
	s.Helper()
	x, err := dial(s.display)
	if err != nil {
		s.Fatal(err)
	}
	c := &Clipboard{x: x, atoms: s.atoms, window: x.idBase | 1}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		x.read(func(e []byte) { event(c, e) })
	}()
	s.Cleanup(func() {
		x.net.Close()
		<-ended
	})
	const inputOnly = 2
	for _, b := range [][]byte{
		request(reqCreateWindow, 0, []uint32{c.window, x.root, 0, 1 | 1<<16, inputOnly << 16, 0, 0}),
		request(reqSetOwner, 0, []uint32{c.window, c.atoms.clipboard, 0}),
	} {
		if err := x.send(b); err != nil {
			s.Fatal(err)
		}
	}
	if reply, err := x.ask(s.Context(), request(reqGetOwner, 0, []uint32{c.atoms.clipboard})); err != nil || order.Uint32(reply[8:]) != c.window {
		s.Fatalf("it does not own the clipboard: %v", err)
	}
}

// TestDeadOwner has a program own the clipboard that never answers.
func TestDeadOwner(t *testing.T) {
	s := newScreen(t)
	s.program(func(*Clipboard, []byte) {})
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, _, err := s.get(ctx, s.atoms.png, 10); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("ended with %v", err)
	}
	// Others do not have to wait for it.
	s.xclip([]byte("a picture"), "-target", "image/png", "-in")
	s.becomes(s.Clipboard, app.CopiedPicture)
	if picture, _, err := s.Read(t.Context()); err != nil || string(picture) != "a picture" {
		t.Errorf("%q, %v", picture, err)
	}
}

// TestBusyOwner has a program own the clipboard that leaves a first question
// unanswered.
func TestBusyOwner(t *testing.T) {
	s := newScreen(t)
	asked := 0
	s.program(func(c *Clipboard, e []byte) {
		if e[0] != eventRequest {
			return
		}
		if asked++; asked > 1 {
			c.mu.Lock()
			c.own = []byte("a picture")
			c.mu.Unlock()
			c.hand(e)
		}
	})
	s.becomes(s.Clipboard, app.CopiedPicture)
}

func TestCopy(t *testing.T) {
	s := newScreen(t)
	other := s.another()
	for _, data := range [][]byte{[]byte("small"), noise(3_000_001)} {
		if err := s.SetPicture(t.Context(), data); err != nil {
			t.Fatal(err)
		}
		if got := s.xclip(nil, "-target", "image/png", "-out"); !bytes.Equal(got, data) {
			t.Errorf("%d of %d bytes", len(got), len(data))
		}
		for _, c := range []*Clipboard{s.Clipboard, other} {
			s.becomes(c, app.CopiedPicture)
			if _, _, err := c.get(t.Context(), c.atoms.gif, maxCopied); !errors.Is(err, errRefused) {
				t.Errorf("in another form: %v", err)
			}
			if got, _, err := c.Read(t.Context()); err != nil || !bytes.Equal(got, data) {
				t.Errorf("read %d of %d bytes, %v", len(got), len(data), err)
			}
		}
		s.xclip([]byte("words"), "-in")
		s.becomes(s.Clipboard, app.CopiedOther)
	}
	s.mu.Lock()
	left := s.own
	s.mu.Unlock()
	if left != nil {
		t.Error("what nobody can have any more is kept")
	}
}

// TestServerGone ends the X server.
func TestServerGone(t *testing.T) {
	s := newScreen(t)
	s.d.Stop()
	if err := s.SetPicture(t.Context(), []byte("x")); err == nil {
		t.Error("copied to nowhere")
	}
	if _, _, err := s.get(t.Context(), s.atoms.png, 10); err == nil {
		t.Error("pasted from nowhere")
	}
	if _, err := open(s.display, slog.New(slog.DiscardHandler)); err == nil {
		t.Error("connected to nowhere")
	}
}
