// Package native is what Windows and macOS do about files and the clipboard,
// beside the toolkit: their own dialogs for files, their programs that show
// folders, and pictures and files that are copied. What does not speak to the
// system is the same everywhere, and tested everywhere.
package native

import (
	"path/filepath"
	"strings"
)

// maxFiles bounds how many files are taken from a dialog or the clipboard.
const maxFiles = 1000

// absolute gives those of some paths that name a file of this computer, cleaned.
func absolute(paths []string) []string {
	var out []string
	for _, p := range paths[:min(len(paths), maxFiles)] {
		if filepath.IsAbs(p) && !strings.Contains(p, "\x00") {
			out = append(out, filepath.Clean(p))
		}
	}
	return out
}
