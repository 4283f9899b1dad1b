//go:build unix

package desktop

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Window is a window on a Desktop.
type Window struct {
	d  *Desktop
	id string
}

// Window waits for a visible window whose title holds a text.
func (d *Desktop) Window(ctx context.Context, title string, within time.Duration) (*Window, error) {
	var id string
	err := wait(ctx, "the window", within, func() (bool, error) {
		// xdotool fails while there is none.
		out, err := d.command(ctx, "xdotool", "search", "--onlyvisible", "--name", regexp.QuoteMeta(title)).Output()
		if err != nil {
			return false, nil
		}
		lines := strings.Fields(string(out))
		if len(lines) == 0 {
			return false, nil
		}
		id = lines[len(lines)-1]
		return true, nil
	})
	return &Window{d, id}, err
}

func (w *Window) xdotool(ctx context.Context, args ...string) (string, error) {
	cmd := w.d.command(ctx, "xdotool", args...)
	var out, problem bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &problem
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("xdotool %s: %w: %s", args[0], err, bytes.TrimSpace(problem.Bytes()))
	}
	return strings.TrimSpace(out.String()), nil
}

// Focus gives the window the keyboard and waits until it has it.
func (w *Window) Focus(ctx context.Context) error {
	_, err := w.xdotool(ctx, "windowactivate", "--sync", w.id)
	return err
}

// Minimize takes the window off the screen and waits until it is gone. Focus
// brings it back.
func (w *Window) Minimize(ctx context.Context) error {
	_, err := w.xdotool(ctx, "windowminimize", "--sync", w.id)
	return err
}

// Key presses keys, each named as xdotool does: Return, Tab, ctrl+n.
func (w *Window) Key(ctx context.Context, keys ...string) error {
	_, err := w.xdotool(ctx, append([]string{"key", "--clearmodifiers"}, keys...)...)
	return err
}

// Type types text into what has the focus: characters that are on a key of the
// layout. For others, which xdotool would have to put on one while the program
// may be too busy to notice, there is SetClipboard.
func (w *Window) Type(ctx context.Context, text string) error {
	_, err := w.xdotool(ctx, "type", "--clearmodifiers", "--delay", "5", "--", text)
	return err
}

// Resize gives the window a size in pixels and waits until it has it.
func (w *Window) Resize(ctx context.Context, width, height int) error {
	if _, err := w.xdotool(ctx, "windowmove", w.id, "0", "0"); err != nil {
		return err
	}
	if _, err := w.xdotool(ctx, "windowsize", w.id, strconv.Itoa(width), strconv.Itoa(height)); err != nil {
		return err
	}
	want := fmt.Sprintf("Geometry: %dx%d", width, height)
	return wait(ctx, "a window of "+want, startTime, func() (bool, error) {
		got, err := w.xdotool(ctx, "getwindowgeometry", w.id)
		return strings.HasSuffix(got, want), err
	})
}

// Title is what the window manager shows for the window.
func (w *Window) Title(ctx context.Context) (string, error) {
	return w.xdotool(ctx, "getwindowname", w.id)
}

// WaitTitle waits until the title holds a text.
func (w *Window) WaitTitle(ctx context.Context, text string, within time.Duration) error {
	var title string
	err := wait(ctx, fmt.Sprintf("%q in the title", text), within, func() (bool, error) {
		var err error
		title, err = w.Title(ctx)
		return strings.Contains(title, text), err
	})
	if err != nil {
		return fmt.Errorf("%w; it is %q", err, title)
	}
	return nil
}

// Clipboard is the text on the desktop's clipboard, empty when there is none.
func (d *Desktop) Clipboard(ctx context.Context) (string, error) {
	out, err := d.command(ctx, "xclip", "-selection", "clipboard", "-out").Output()
	var exit interface{ ExitCode() int }
	if errors.As(err, &exit) {
		return "", nil
	}
	return string(out), err
}

// SetClipboard puts text on the desktop's clipboard.
func (d *Desktop) SetClipboard(ctx context.Context, text string) error {
	// It stays behind to hand the text out, and ends with the X server.
	cmd := d.command(ctx, "xclip", "-selection", "clipboard", "-in")
	cmd.Stdin = strings.NewReader(text)
	return cmd.Run()
}

// CopyFile puts the content of a file on the desktop's clipboard as something of a
// media type.
func (d *Desktop) CopyFile(ctx context.Context, mediaType, file string) error {
	return d.command(ctx, "xclip", "-selection", "clipboard", "-target", mediaType, "-in", file).Run()
}

// Shot keeps a picture of the window in a PNG file.
func (w *Window) Shot(ctx context.Context, file string) error {
	return w.d.shot(ctx, w.id, file)
}

// Shot keeps a picture of the whole screen in a PNG file.
func (d *Desktop) Shot(ctx context.Context, file string) error {
	return d.shot(ctx, "root", file)
}

func (d *Desktop) shot(ctx context.Context, id, file string) error {
	// "import" can name the format by a prefix, and the time it would write
	// into the file would make every picture a different one.
	out, err := d.command(ctx, "import", "-silent", "-window", id, "+set", "date:create", "+set", "date:modify",
		"-define", "png:exclude-chunks=date,time", "png:"+file).CombinedOutput()
	if err != nil {
		return fmt.Errorf("picture of the window: %w: %s", err, out)
	}
	return nil
}

// quietShots is how many pictures in a row have to be alike for a window to count as settled.
const quietShots = 4

// Settled waits until the window no longer changes, and keeps the picture of
// it in file when that is not empty.
func (w *Window) Settled(ctx context.Context, file string, within time.Duration) error {
	temp := filepath.Join(w.d.dir, "settling.png")
	var last []byte
	alike := 0
	err := wait(ctx, "a window that no longer changes", within, func() (bool, error) {
		if err := w.Shot(ctx, temp); err != nil {
			return false, err
		}
		now, err := os.ReadFile(temp)
		if err != nil {
			return false, err
		}
		if bytes.Equal(now, last) {
			alike++
		} else {
			alike, last = 0, now
		}
		return alike >= quietShots, nil
	})
	if err != nil || file == "" {
		return err
	}
	return os.WriteFile(file, last, 0o644)
}
