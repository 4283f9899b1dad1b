package main

import (
	"runtime/debug"
	"strings"
	"testing"
)

// TestTakeInputWithoutWindow takes input when there is no window any more.
func TestTakeInputWithoutWindow(*testing.T) { takeInput() }

// TestOneGLFW wants Fyne to have the GLFW we take input from.
func TestOneGLFW(t *testing.T) {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		t.Fatal("no build information")
	}
	var found []string
	for _, m := range info.Deps {
		if strings.HasPrefix(m.Path, "github.com/go-gl/glfw/") {
			found = append(found, m.Path)
		}
	}
	if len(found) != 1 {
		t.Errorf("built with %q", found)
	}
}
