//go:build windows || darwin

package main

import (
	"log/slog"

	"linnet/app"
	"linnet/cmd/internal/native"
)

// notifier leaves notifications to the toolkit.
func notifier(*slog.Logger) (n app.Notifier, end func()) { return nil, func() {} }

// desktopFiles is what the system does about files.
func desktopFiles() app.DesktopFiles { return native.Files{} }

// clipboard holds pictures and files that are copied, also when the program ends.
func clipboard(*slog.Logger) (c app.Clipboard, end func()) {
	return native.NewClipboard(), func() {}
}

// watchIdle tells nothing: only the window itself shows whether anybody is here.
func watchIdle(*app.App, *slog.Logger) (end func()) { return func() {} }
