package main

import (
	"os"
	"testing"
)

func TestWindowSizeIsKept(t *testing.T) {
	p := &profile{dir: t.TempDir()}
	if _, _, ok := p.WindowSize(); ok {
		t.Error("a new profile has a size")
	}
	if err := p.KeepWindowSize(900, 700.4); err != nil {
		t.Fatal(err)
	}
	if w, h, ok := p.WindowSize(); !ok || w != 900 || h != 700 {
		t.Errorf("kept was %v x %v, %v", w, h, ok)
	}
	for _, text := range []string{"", "900", "900 70", "900 70 d", "a b dp\n", "-1 700 dp\n", "900 70000 dp\n"} {
		if err := os.WriteFile(p.path(windowFile), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if w, h, ok := p.WindowSize(); ok {
			t.Errorf("%q gives %v x %v", text, w, h)
		}
	}
}
