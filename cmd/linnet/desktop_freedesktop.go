//go:build unix && !darwin

package main

import (
	"context"
	"log/slog"
	"sync"

	"linnet/app"
	"linnet/assets"
	"linnet/cmd/internal/freedesktop"
	"linnet/cmd/internal/xclipboard"
)

// notifier shows notifications until close is called.
func notifier(log *slog.Logger) (n app.Notifier, end func()) {
	d := freedesktop.NewNotifier(appID, assets.AppIcon, log)
	return d, d.Close
}

// desktopFiles is what the desktop does about files.
func desktopFiles() app.DesktopFiles { return freedesktop.NewFiles() }

// clipboard holds pictures and files that are copied, until end is called; nil
// where there is none but the toolkit's.
func clipboard(log *slog.Logger) (c app.Clipboard, end func()) {
	x, err := xclipboard.Open(log)
	if err != nil {
		log.Info("only text can be copied and pasted", "err", err)
		return nil, func() {}
	}
	return x, x.Close
}

// watchIdle tells the window when nobody is at the machine, until end is called.
func watchIdle(a *app.App, log *slog.Logger) (end func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var all sync.WaitGroup
	all.Go(func() { freedesktop.WatchIdle(ctx, log, a.SetIdle) })
	return func() {
		cancel()
		all.Wait()
	}
}
