package main

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestDependenciesAreDocumented wants a row for each module we ask for.
func TestDependenciesAreDocumented(t *testing.T) {
	text, err := os.ReadFile("../../docs/dependencies.md")
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("go", "list", "-m", "-f", "{{if not (or .Indirect .Main)}}{{.Path}}{{end}}", "all").Output()
	if err != nil {
		t.Fatal(err)
	}
	modules := strings.Fields(string(out))
	if len(modules) == 0 {
		t.Fatal("no modules")
	}
	for _, m := range modules {
		if !strings.Contains(string(text), "| `"+m+"` |") {
			t.Errorf("%s has no row in docs/dependencies.md", m)
		}
	}
}
