package app

import (
	"runtime"
	"strings"
)

// markupSafe makes a text safe for desktops whose notifications read it as
// markup: all that follow the freedesktop.org specification may.
func markupSafe(s string) string {
	if runtime.GOOS == "darwin" || runtime.GOOS == "windows" {
		return s
	}
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}
