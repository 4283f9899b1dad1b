package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// mayImport says which other layers of the product a layer may know. A layer
// is the first element of the path below the module; cmd may know all.
var mayImport = map[string][]string{
	"app":     {"widgets", "account", "storage", "assets"},
	"widgets": {"assets"},
	"account": {"storage"},
	"storage": {},
	"assets":  {},
}

// TestImportsPointOneWay holds the order of the layers, and keeps the toolkit
// out of those that work without a window.
func TestImportsPointOneWay(t *testing.T) {
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "-tags", tags, "linnet/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	seen := make(map[string]bool)
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		own := layer(p.ImportPath)
		seen[own] = true
		for _, i := range p.Imports {
			if reason := forbidden(own, i); reason != "" {
				t.Errorf("%s imports %s: %s", p.ImportPath, i, reason)
			}
		}
	}
	for name := range mayImport {
		if !seen[name] {
			t.Errorf("no package in %s: is the list up to date?", name)
		}
	}
}

func layer(path string) string {
	path, ok := strings.CutPrefix(path, "linnet/")
	if !ok {
		return ""
	}
	first, _, _ := strings.Cut(path, "/")
	return first
}

// forbidden gives the reason why a layer may not import a package, or "".
func forbidden(own, path string) string {
	if own == "cmd" {
		return ""
	}
	if other := layer(path); other != "" && other != own && !slices.Contains(mayImport[own], other) {
		return own + " must not know " + other
	}
	if !strings.HasPrefix(path, "fyne.io/") {
		return ""
	}
	if path == "fyne.io/fyne/v2/app" {
		return "only cmd opens a real window"
	}
	if own != "app" && own != "widgets" {
		return own + " works without a window"
	}
	return ""
}

func TestForbidden(t *testing.T) {
	for _, c := range []struct {
		own, path string
		allowed   bool
	}{
		{"app", "linnet/account", true},
		{"app", "linnet/account/stream", true},
		{"account", "linnet/storage", true},
		{"account", "linnet/account/stream", true},
		{"cmd", "fyne.io/fyne/v2/app", true},
		{"widgets", "fyne.io/fyne/v2", true},
		{"widgets", "linnet/storage", false},
		{"storage", "linnet/account", false},
		{"account", "linnet/app", false},
		{"account", "fyne.io/fyne/v2", false},
		{"app", "fyne.io/fyne/v2/app", false},
		{"app", "linnet/cmd/linnet", false},
	} {
		if got := forbidden(c.own, c.path); (got == "") != c.allowed {
			t.Errorf("%s importing %s: %q", c.own, c.path, got)
		}
	}
}
