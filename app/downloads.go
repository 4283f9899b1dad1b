package app

import (
	"bufio"
	"net/url"
	"os"
	"path/filepath"
	"strings"
)

// saveDir is where what is saved goes: the folder the user has chosen, or the one
// the desktop has for it. It is made when it is missing. Reads the disk.
func saveDir(chosen string) (string, error) {
	if chosen != "" {
		return chosen, os.MkdirAll(chosen, 0o755)
	}
	dir, err := downloadsDir()
	if err != nil {
		return "", err
	}
	return dir, os.MkdirAll(dir, 0o755)
}

// downloadsDir is the folder the desktop has for what is saved.
func downloadsDir() (string, error) {
	home, err := os.UserHomeDir()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(home, "Downloads")
	if config, err := os.UserConfigDir(); err == nil {
		if named := userDir(filepath.Join(config, "user-dirs.dirs"), home); named != "" {
			dir = named
		}
	}
	return dir, nil
}

// userDir reads the folder for downloads from the file in which desktops of
// freedesktop.org name such folders; empty if it does not say.
func userDir(path, home string) string {
	f, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		value, ok := strings.CutPrefix(strings.TrimSpace(lines.Text()), `XDG_DOWNLOAD_DIR="`)
		if !ok {
			continue
		}
		value = strings.TrimSuffix(value, `"`)
		if rest, ok := strings.CutPrefix(value, "$HOME"); ok {
			value = filepath.Join(home, rest)
		}
		if filepath.IsAbs(value) && filepath.Clean(value) != filepath.Clean(home) {
			return filepath.Clean(value)
		}
	}
	return ""
}

// openPath opens a folder, or a file, with the desktop's own program.
func (a *App) openPath(path string) {
	if err := a.fyne.OpenURL(&url.URL{Scheme: "file", Path: filepath.ToSlash(path)}); err != nil {
		a.fail(err)
	}
}
