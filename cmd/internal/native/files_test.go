//go:build unix && !darwin

package native

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"linnet/app"
)

// dialogs puts a program in the place of all others, which stands in for the
// dialogs: our library runs one on Unix, and says by what it is told what it makes
// of a question. It answers with a part of a script.
func dialogs(t *testing.T, script string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	t.Setenv("PATH", dir)
	t.Setenv("DIR", dir)
	script = "#!/bin/sh\nprintf '%s\\n' \"$@\" >\"$DIR/asked\"\n" + script + "\n"
	if err := os.WriteFile(filepath.Join(dir, "zenity"), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestAskFiles(t *testing.T) {
	folder := t.TempDir()
	for name, x := range map[string]struct {
		q      app.FileQuestion
		script string
		asked  string
		paths  []string
		err    error
	}{
		"several": {
			app.FileQuestion{Title: "Send", Button: "Choose", Several: true, Dir: folder},
			`printf '/a b/c.png\036/d\n'`,
			"--file-selection --multiple --separator \x1e --title Send --filename " + folder,
			[]string{"/a b/c.png", "/d"},
			nil,
		},
		"one of a kind": {
			app.FileQuestion{Title: "Choose", Extensions: []string{".png", ".jpg"}},
			"echo /a.png",
			"--file-selection --title Choose --file-filter=*.[pP][nN][gG] *.[jJ][pP][gG]",
			[]string{"/a.png"},
			nil,
		},
		"save": {
			app.FileQuestion{Kind: app.AskSave, Title: "Save as", Dir: folder, Name: "x y.pdf"},
			"echo /tmp/z.pdf",
			"--file-selection --save --title Save as --filename " + filepath.Join(folder, "x y.pdf") + " --confirm-overwrite",
			[]string{"/tmp/z.pdf"},
			nil,
		},
		"save where no folder is": {
			app.FileQuestion{Kind: app.AskSave, Dir: filepath.Join(folder, "gone"), Name: "x.pdf"},
			"echo /tmp/z.pdf",
			"--file-selection --save --title  --filename x.pdf --confirm-overwrite",
			[]string{"/tmp/z.pdf"},
			nil,
		},
		"folder": {
			app.FileQuestion{Kind: app.AskFolder, Title: "To", Dir: folder},
			"echo /tmp/",
			"--file-selection --title To --directory --filename " + folder,
			[]string{"/tmp"},
			nil,
		},
		"nothing wanted":       {app.FileQuestion{}, "exit 1", "", nil, nil},
		"several, none wanted": {app.FileQuestion{Several: true}, "exit 1", "", nil, nil},
		"no path":              {app.FileQuestion{}, "echo telephone:a", "", nil, errNoFile},
		"broken":               {app.FileQuestion{}, "exit 5", "", nil, errors.ErrUnsupported},
	} {
		t.Run(name, func(t *testing.T) {
			dir := dialogs(t, x.script)
			paths, err := Files{}.AskFiles(t.Context(), x.q)
			if !slices.Equal(paths, x.paths) || !errors.Is(err, x.err) {
				t.Errorf("got %q, %v", paths, err)
			}
			asked, err := os.ReadFile(filepath.Join(dir, "asked"))
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.ReplaceAll(strings.TrimSuffix(string(asked), "\n"), "\n", " "); x.asked != "" && got != x.asked {
				t.Errorf("asked\n%q, want\n%q", got, x.asked)
			}
		})
	}
}

// The end of the context takes the dialog away.
func TestAskFilesGivenUp(t *testing.T) {
	dir := dialogs(t, `: >"$DIR/there"; read answer <"$DIR/never"`)
	there := filepath.Join(dir, "there")
	for _, name := range []string{there, filepath.Join(dir, "never")} {
		if err := unix.Mkfifo(name, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		_, _ = os.ReadFile(there) // until the dialog is there
		cancel()
	}()
	if paths, err := (Files{}).AskFiles(ctx, app.FileQuestion{}); !errors.Is(err, context.Canceled) || paths != nil {
		t.Errorf("got %q, %v", paths, err)
	}
}

func TestShowFile(t *testing.T) {
	dir := dialogs(t, "")
	before := opener
	t.Cleanup(func() { opener = before })
	opener = filepath.Join(dir, "zenity")
	if err := (Files{}).ShowFile(t.Context(), "/a b/-c"); err != nil {
		t.Error(err)
	}
	if asked, err := os.ReadFile(filepath.Join(dir, "asked")); string(asked) != "-R\n/a b/-c\n" {
		t.Errorf("asked %q, %v", asked, err)
	}
	if err := (Files{}).ShowFile(t.Context(), "-a"); !errors.Is(err, errNoFile) {
		t.Errorf("no path: %v", err)
	}
	opener = filepath.Join(dir, "gone")
	if err := (Files{}).ShowFile(t.Context(), "/a"); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("without a program: %v", err)
	}
}
