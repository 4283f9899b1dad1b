package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// mayImport says which of our layers each layer may import; test files too.
// A layer is a top directory of the module.
var mayImport = map[string][]string{
	"cmd":     {"app", "account", "storage", "assets"},
	"app":     {"widgets", "account", "storage", "assets"},
	"widgets": {"assets"},
	"account": {"storage"},
	"storage": {},
	"assets":  {},
}

const module = "linnet"

func TestImportsPointOneWay(t *testing.T) {
	seen := 0
	root := "../.."
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != root && strings.HasPrefix(d.Name(), ".") {
			return filepath.SkipDir
		}
		if d.IsDir() || filepath.Ext(path) != ".go" {
			return nil
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		layer, _, _ := strings.Cut(filepath.ToSlash(rel), "/")
		allowed, known := mayImport[layer]
		if !known {
			return nil // tools outside the program
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		seen++
		for _, spec := range file.Imports {
			name, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			if why := wrongImport(layer, allowed, name); why != "" {
				t.Errorf("%s imports %s: %s", rel, name, why)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen < 20 {
		t.Errorf("only %d files were looked at", seen)
	}
}

// wrongImport says why a file of a layer must not import a package; "" when it
// may.
func wrongImport(layer string, allowed []string, name string) string {
	if rest, ours := strings.CutPrefix(name, module+"/"); ours {
		to, _, _ := strings.Cut(rest, "/")
		if to == layer || slices.Contains(allowed, to) {
			return ""
		}
		return "imports point from cmd over app to widgets, account and storage"
	}
	if !strings.HasPrefix(name, "fyne.io/fyne/") {
		return ""
	}
	switch layer {
	case "cmd":
		return ""
	case "app", "widgets":
		if name == "fyne.io/fyne/v2/app" {
			return "only cmd chooses a driver, so that tests need no display"
		}
		return ""
	}
	return "only the window knows the toolkit"
}

func TestWrongImport(t *testing.T) {
	for _, c := range []struct {
		layer, name string
		ok          bool
	}{
		{"app", "linnet/account/stream", true},
		{"account", "linnet/app", false},
		{"widgets", "linnet/storage", false},
		{"storage", "fyne.io/fyne/v2", false},
		{"app", "fyne.io/fyne/v2/app", false},
		{"cmd", "fyne.io/fyne/v2/app", true},
		{"account", "mellium.im/xmpp/jid", true},
	} {
		if got := wrongImport(c.layer, mayImport[c.layer], c.name) == ""; got != c.ok {
			t.Errorf("%s imports %s: allowed %v, want %v", c.layer, c.name, got, c.ok)
		}
	}
}
