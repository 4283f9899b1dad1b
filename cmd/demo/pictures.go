//go:build unix

package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"

	"linnet/cmd/internal/desktop"
)

// picture is one file: what the window shows, in which look and size.
type picture struct {
	page          page
	theme         string  // "light" or "dark"
	width, height int     // in the units of the toolkit
	scale         float64 // pixels of each
}

// page is something to see in the window, and how a person gets there from the
// chat it opens with.
type page struct {
	name  string
	steps []step
}

// step is something a person does with the window.
type step func(context.Context, *desktop.Window) error

// press presses keys, one after the other.
func press(keys ...string) step {
	return func(ctx context.Context, w *desktop.Window) error { return w.Key(ctx, keys...) }
}

// write types.
func write(text string) step {
	return func(ctx context.Context, w *desktop.Window) error { return w.Type(ctx, text) }
}

// look finds something in the palette, a person or a command, and takes it.
func look(name string) []step { return []step{press("ctrl+k"), write(name), press("Return")} }

// then puts steps together.
func then(parts ...[]step) []step { return slices.Concat(parts...) }

func (p picture) file() string {
	name := fmt.Sprintf("%s-%s-%dx%d", p.page.name, p.theme, p.width, p.height)
	if p.scale != 1 {
		name += fmt.Sprintf("-scale-%g", p.scale)
	}
	return name + ".png"
}

func (p picture) pixels(n int) int { return int(float64(n) * p.scale) }

// up goes so many messages up from the end of a chat.
func up(n int) []step { return []step{press(slices.Repeat([]string{"ctrl+Up"}, n)...)} }

// pages are what there is to see.
var pages = []page{
	{"chat", nil},
	{"chat-above", up(12)},
	{"styled", look("Friar Laurence")},
	{"files-received", look("Mercutio")},
	{"files-sent", look("Benvolio")},
	{"voice", look("Nurse")},
	{"message-menu", then(up(8), []step{press("Menu")})},
	{"reactions", then(up(1), []step{press("plus")})},
	{"message-details", then(up(6), []step{press("ctrl+shift+i")})},
	{"selected", then(look("Mercutio"), up(1), []step{press("space"), press("ctrl+Up", "space", "ctrl+Up", "space")})},
	{"emoji", []step{press("ctrl+e"), write("flower")}},
	{"picture", then(up(12), []step{press("Tab"), press("Return")})},
	{"details", []step{press("ctrl+i")}},
	{"media", then(look("Mercutio"), look("Media, links and files"))},
	{"forward", then(up(1), []step{press("f")})},
	{"contacts", look("Show contacts")},
	{"requests", look("Show requests")},
	{"profile", look("Your profile")},
}

// small is the page that is shown in a small window and in large type, too.
const small = "chat"

// pictures holds each page in both looks.
func pictures() []picture {
	var all []picture
	for _, theme := range []string{"light", "dark"} {
		for _, page := range pages {
			all = append(all, picture{page, theme, 1200, 800, 1})
			if page.name == small {
				all = append(all, picture{page, theme, 720, 800, 1}, picture{page, theme, 1200, 800, 1.5})
			}
		}
	}
	return all
}

const (
	// windowTime is how long the window may take to appear, and to settle.
	windowTime = time.Minute
	// pictureHour is what the clock of the pictures shows: after the last line
	// of the history, so that "today" and "yesterday" are always the same.
	pictureHour = 14
)

func (s *stage) takePictures(ctx context.Context, dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	d, err := desktop.Start(ctx, mkdir(s.dir, "desktop"), desktop.Options{Width: 1920, Height: 1280})
	if err != nil {
		return err
	}
	defer d.Stop()
	for _, p := range pictures() {
		if err := s.take(ctx, d, p, filepath.Join(dir, p.file())); err != nil {
			return fmt.Errorf("%s: %w", p.file(), err)
		}
		fmt.Println(filepath.Join(dir, p.file()))
	}
	return nil
}

// take starts the program anew for each picture, on the profile as it was at
// first, so that none depends on those before.
func (s *stage) take(ctx context.Context, d *desktop.Desktop, p picture, file string) error {
	log, err := os.Create(filepath.Join(s.dir, "program.log"))
	if err != nil {
		return err
	}
	defer log.Close()
	env := append(s.user.Env(), "FYNE_THEME="+p.theme, fmt.Sprintf("FYNE_SCALE=%g", p.scale), "TZ="+s.zone)
	if err := s.user.Restore(); err != nil {
		return err
	}
	run, err := d.Launch(log, env, s.binary, append(s.user.Args(), "xmpp:"+openingChat)...)
	if err != nil {
		return err
	}
	defer run.Stop(closeTime)
	// The title has this name once the chat is open.
	w, err := d.Window(ctx, people[0].full, windowTime)
	if err != nil {
		return err
	}
	// It gives itself the size it had last time, so it has to be asked after that.
	steps := []func() error{
		func() error { return w.Settled(ctx, "", windowTime) },
		func() error { return w.Focus(ctx) },
		func() error { return w.Resize(ctx, p.pixels(p.width), p.pixels(p.height)) },
	}
	for _, step := range p.page.steps {
		steps = append(steps,
			func() error { return w.Settled(ctx, "", windowTime) },
			func() error { return step(ctx, w) },
		)
	}
	full := filepath.Join(s.dir, "full.png")
	for _, step := range append(steps, func() error { return w.Settled(ctx, full, windowTime) }) {
		if err := step(); err != nil {
			return err
		}
	}
	return shrink(ctx, full, file)
}

// shrink gives a picture of the window 256 colours, which is a third of the
// bytes and hardly to be seen. ImageMagick is what takes the pictures, too.
func shrink(ctx context.Context, full, file string) error {
	out, err := exec.CommandContext(ctx, "convert", full, "+dither", "-colors", "256", "+set", "date:create", "+set", "date:modify",
		"-define", "png:exclude-chunks=date,time", "png8:"+file).CombinedOutput()
	if err != nil {
		return fmt.Errorf("fewer colours: %w: %s", err, out)
	}
	return nil
}

// zone names a time zone in which it is pictureHour now. The names' signs are
// those of POSIX: west is positive.
func zone(now time.Time) string {
	west := now.UTC().Hour() - pictureHour
	if west < -14 {
		west += 24
	}
	return fmt.Sprintf("Etc/GMT%+d", west)
}
