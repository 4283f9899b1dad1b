//go:build unix && !darwin

package main

import (
	"context"
	"log/slog"
	"sync"

	"linnet/app"
	"linnet/assets"
	"linnet/cmd/internal/freedesktop"
)

// notifier shows notifications until close is called.
func notifier(log *slog.Logger) (n app.Notifier, end func()) {
	d := freedesktop.NewNotifier(appID, assets.AppIcon, log)
	return d, d.Close
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
