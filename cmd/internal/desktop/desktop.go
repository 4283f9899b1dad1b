//go:build unix

// Package desktop runs a screen nobody sees, with a window manager, a session
// bus and an unlocked keyring of its own, and drives programs on it by keyboard
// and mouse. It uses Xvfb, openbox, dbus-daemon, gnome-keyring-daemon, xdotool,
// xclip and ImageMagick, which "make deps" installs.
package desktop

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/godbus/dbus/v5"

	"linnet/account/servertest/child"
)

// Options says what a Desktop has.
type Options struct {
	Width, Height int
	Keyring       bool // without one there is no session bus either
}

// Desktop is a running screen with what belongs to it.
type Desktop struct {
	// Env is the environment for programs on this desktop: HOME and all XDG
	// directories are below the directory the Desktop was started with.
	Env []string
	// Bus is the address of the session bus, empty without a keyring.
	Bus string

	dir      string
	children []*child.Process
}

const (
	startTime = 30 * time.Second // for each of the helpers
	stopTime  = 3 * time.Second
	// poll is how often a condition outside this process is looked at.
	poll = 20 * time.Millisecond
)

// Start starts a desktop that keeps everything below dir, which must exist.
func Start(ctx context.Context, dir string, o Options) (*Desktop, error) {
	d := &Desktop{dir: dir}
	if err := d.start(ctx, o); err != nil {
		d.Stop()
		return nil, err
	}
	return d, nil
}

// StartBus starts a session bus alone, without a screen or a keyring. It keeps
// everything below dir, which must exist; Stop ends it.
func StartBus(dir string) (*Desktop, error) {
	d := &Desktop{dir: dir}
	err := d.prepare()
	if err == nil {
		err = d.startBus()
	}
	if err != nil {
		d.Stop()
		return nil, err
	}
	return d, nil
}

// prepare makes the directories, and the environment for what is started.
func (d *Desktop) prepare() error {
	for _, sub := range []string{"home", "run"} {
		if err := os.MkdirAll(filepath.Join(d.dir, sub), 0o700); err != nil {
			return err
		}
	}
	d.Env = environment(d.dir)
	return nil
}

func (d *Desktop) start(ctx context.Context, o Options) error {
	if err := d.prepare(); err != nil {
		return err
	}
	display, err := d.answer("Xvfb", "-displayfd", "3", "-nolisten", "tcp", "-noreset",
		"-screen", "0", fmt.Sprintf("%dx%dx24", o.Width, o.Height), "+extension", "GLX")
	if err != nil {
		return err
	}
	d.Env = append(d.Env, "DISPLAY=:"+display)
	if o.Keyring {
		if err := d.startKeyring(ctx); err != nil {
			return fmt.Errorf("keyring: %w", err)
		}
	}
	return d.startManager(ctx)
}

// environment keeps of ours what a program needs to be found and to speak a
// language, and points everything else below dir.
func environment(dir string) []string {
	env := slices.DeleteFunc(os.Environ(), func(v string) bool {
		name, _, _ := strings.Cut(v, "=")
		return strings.HasPrefix(name, "XDG_") || strings.HasPrefix(name, "DBUS_") || strings.HasPrefix(name, "FYNE_") ||
			slices.Contains([]string{"HOME", "DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "LANG", "LANGUAGE", "LC_ALL"}, name)
	})
	home := filepath.Join(dir, "home")
	return append(env,
		"HOME="+home,
		"XDG_CONFIG_HOME="+filepath.Join(home, ".config"),
		"XDG_DATA_HOME="+filepath.Join(home, ".local", "share"),
		"XDG_CACHE_HOME="+filepath.Join(home, ".cache"),
		"XDG_RUNTIME_DIR="+filepath.Join(dir, "run"),
		"LANG=C.UTF-8",
		"LIBGL_ALWAYS_SOFTWARE=1",
	)
}

// answer starts a program that writes one line to file descriptor 3 when it is
// ready, and returns that line.
func (d *Desktop) answer(name string, args ...string) (string, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return "", err
	}
	defer r.Close()
	cmd := d.command(context.Background(), name, args...)
	cmd.ExtraFiles = []*os.File{w}
	err = d.keep(cmd)
	w.Close()
	if err != nil {
		return "", err
	}
	if err := r.SetReadDeadline(time.Now().Add(startTime)); err != nil {
		return "", err
	}
	line, err := bufio.NewReader(r).ReadString('\n')
	if err != nil {
		return "", fmt.Errorf("%s did not start: %w", name, err)
	}
	return strings.TrimSpace(line), nil
}

// command prepares a program of this desktop.
func (d *Desktop) command(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env, cmd.Dir = d.Env, d.dir
	return cmd
}

// keep starts a program that ends with the desktop.
func (d *Desktop) keep(cmd *exec.Cmd) error {
	out, err := os.OpenFile(filepath.Join(d.dir, filepath.Base(cmd.Path)+".log"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer out.Close()
	cmd.Stdout, cmd.Stderr = out, out
	p, err := child.Start(cmd)
	if errors.Is(err, exec.ErrNotFound) {
		return fmt.Errorf("%s is not installed: run 'make deps'", cmd.Path)
	}
	if err != nil {
		return err
	}
	d.children = append(d.children, p)
	return nil
}

// busConfig wants the directory of the socket. It names no directory of
// services: the bus starts nothing by itself, neither a second keyring that is
// locked nor whatever else this machine has.
const busConfig = `<busconfig>
<type>session</type>
<listen>unix:dir=%s</listen>
<auth>EXTERNAL</auth>
<policy context="default">
<allow send_destination="*" eavesdrop="true"/>
<allow eavesdrop="true"/>
<allow own="*"/>
</policy>
</busconfig>
`

// startBus starts a session bus.
func (d *Desktop) startBus() error {
	config := filepath.Join(d.dir, "bus.conf")
	if err := os.WriteFile(config, fmt.Appendf(nil, busConfig, filepath.Join(d.dir, "run")), 0o600); err != nil {
		return err
	}
	address, err := d.answer("dbus-daemon", "--config-file="+config, "--nofork", "--nopidfile", "--print-address=3")
	if err != nil {
		return err
	}
	d.Bus = address
	d.Env = append(d.Env, "DBUS_SESSION_BUS_ADDRESS="+address)
	return nil
}

// startKeyring starts a session bus and, on it, a keyring that is unlocked.
func (d *Desktop) startKeyring(ctx context.Context) error {
	if err := d.startBus(); err != nil {
		return err
	}
	cmd := d.command(context.Background(), "gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets")
	// The daemon reads the password for the new keyring up to the end.
	cmd.Stdin = strings.NewReader("throw-away")
	if err := d.keep(cmd); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	conn, err := dbus.Connect(d.Bus, dbus.WithContext(ctx))
	if err != nil {
		return err
	}
	defer conn.Close()
	const service = "org.freedesktop.secrets"
	collection := conn.Object(service, "/org/freedesktop/secrets/collection/login")
	return wait(ctx, "an unlocked keyring", startTime, func() (bool, error) {
		locked, err := collection.GetProperty("org.freedesktop.Secret.Collection.Locked")
		return err == nil && locked.Value() == false, nil
	})
}

// startManager starts openbox and waits until it manages the screen.
func (d *Desktop) startManager(ctx context.Context) error {
	if err := d.keep(d.command(context.Background(), "openbox", "--sm-disable")); err != nil {
		return err
	}
	return wait(ctx, "the window manager", startTime, func() (bool, error) {
		// It fails while no window manager answers.
		return d.command(ctx, "xdotool", "get_num_desktops").Run() == nil, nil
	})
}

// Stop ends everything on the desktop, and the desktop.
func (d *Desktop) Stop() {
	for _, p := range slices.Backward(d.children) {
		p.Stop(stopTime)
	}
	d.children = nil
}

// Launch starts a program on the desktop. Both of its outputs go to out; env is
// added to the desktop's. It ends with the desktop, at the latest.
func (d *Desktop) Launch(out io.Writer, env []string, name string, args ...string) (*child.Process, error) {
	cmd := d.command(context.Background(), name, args...)
	cmd.Env = append(slices.Clone(d.Env), env...)
	cmd.Stdout, cmd.Stderr = out, out
	p, err := child.Start(cmd)
	if err != nil {
		return nil, err
	}
	d.children = append(d.children, p)
	return p, nil
}

// wait looks until a condition holds. The error names what was waited for.
func wait(ctx context.Context, what string, within time.Duration, holds func() (bool, error)) error {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	tick := time.NewTicker(poll)
	defer tick.Stop()
	for {
		ok, err := holds()
		if err != nil || ok {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("waiting for %s: %w", what, ctx.Err())
		case <-tick.C:
		}
	}
}
