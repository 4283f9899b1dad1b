//go:build unix && !darwin

package xclipboard

import (
	"strings"

	"linnet/cmd/internal/freedesktop"
)

const (
	// maxList bounds a list of files in bytes, maxFiles the files taken from it.
	maxList  = 1 << 20
	maxFiles = 1000
)

// parseList reads a list of files: a text/uri-list (RFC 2483), or that of GNOME,
// which begins with a line that says whether they were copied or cut. What are no
// files of this computer is left out.
func parseList(s string) []string {
	var paths []string
	for line := range strings.Lines(s) {
		path, ok := freedesktop.LocalFile(strings.TrimRight(line, "\r\n\x00"))
		if ok && len(paths) < maxFiles {
			paths = append(paths, path)
		}
	}
	return paths
}
