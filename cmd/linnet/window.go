package main

import (
	"log/slog"
	"os"
	"runtime"
	"runtime/debug"

	fyneapp "fyne.io/fyne/v2/app"

	"linnet/account/sound"
	"linnet/account/sound/device"
	"linnet/app"
)

// appID is the same for the window class, the desktop file and the bundle.
const appID = "im.linnet.Linnet"

// gcPercent has memory collected sooner than Go does by itself. Of what is in
// use, some 30 MB are fonts, which never go: waiting until as much again is
// garbage would keep 30 MB for nothing. To look through them takes next to no
// time, since there are no pointers in most of it.
const gcPercent = 30

// window runs the messenger until its window is closed. When another copy has
// the profile, that one gets the address and comes to the front instead.
func window(o options, log *slog.Logger) error {
	p, err := openProfile(o, log)
	if err != nil {
		return err
	}
	hold, err := enter(p.dir, o.address)
	if err != nil || hold == nil {
		return err
	}
	defer hold.close()

	preferX11()
	toolkit := fyneapp.NewWithID(appID)
	notes, endNotes := notifier(log)
	clip, endClip := clipboard(log)
	a := app.New(toolkit, app.Config{
		Profile: p, Version: version, Log: log, TakeInput: takeInput,
		Notifier: notes, Files: desktopFiles(), Clipboard: clip, Sound: sound.Watched(device.System{}),
	})
	if err := hold.listen(p.dir, func(uri string) {
		a.Raise()
		if uri != "" {
			a.OpenURI(uri)
		}
	}); err != nil {
		return err
	}
	if o.address != "" {
		a.OpenURI(o.address)
	}
	plainSurface()
	a.Show()
	// Only now: the fonts have been read, and the start is not held up.
	debug.SetGCPercent(gcPercent)
	endIdle := watchIdle(a, log)
	toolkit.Run()
	hold.deafen()
	endNotes()
	endClip()
	endIdle()
	a.Close()
	p.close()
	return nil
}

// preferX11 has the window drawn through X11 where Wayland offers both:
// Fyne on Wayland has no input methods, no icon and cannot raise its window.
func preferX11() {
	if runtime.GOOS == "linux" && os.Getenv("FYNE_PLATFORM") == "" && os.Getenv("DISPLAY") != "" {
		os.Setenv("FYNE_PLATFORM", "x11")
	}
}
