//go:build !unix || darwin

package main

import (
	"log/slog"

	"linnet/app"
)

// notifier leaves notifications to the toolkit.
func notifier(*slog.Logger) (n app.Notifier, end func()) { return nil, func() {} }

// desktopFiles leaves dialogs for files to the toolkit.
func desktopFiles() app.DesktopFiles { return nil }

// clipboard leaves the clipboard to the toolkit, which knows text.
func clipboard(*slog.Logger) (c app.Clipboard, end func()) { return nil, func() {} }

// watchIdle tells nothing: only the window itself shows whether anybody is here.
func watchIdle(*app.App, *slog.Logger) (end func()) { return func() {} }
