//go:build !windows

package native

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"time"

	"github.com/ncruces/zenity"
)

// parent says nothing: on macOS the dialog is of another program, and to have it
// come before ours would take a permission that the user is asked for.
func parent(uintptr) []zenity.Option { return nil }

// inDialog shows a dialog at once: it is of another program.
func inDialog(show func()) { show() }

// showTime bounds how long it may take to show a folder.
const showTime = 10 * time.Second

// opener is the program of macOS that opens things.
var opener = "/usr/bin/open"

// show has the Finder show a file; -R opens nothing of it.
func show(ctx context.Context, path string) error {
	ctx, cancel := context.WithTimeout(ctx, showTime)
	defer cancel()
	if err := exec.CommandContext(ctx, opener, "-R", path).Run(); err != nil {
		return fmt.Errorf("%w: %w", errors.ErrUnsupported, err)
	}
	return nil
}
