package main

import (
	"os"
	"testing"

	"linnet/app"
)

func TestWindowLookIsKept(t *testing.T) {
	p := &profile{dir: t.TempDir()}
	if _, ok := p.Window(); ok {
		t.Error("a new profile has a window")
	}
	for _, theme := range []string{"", "dark"} {
		if err := p.KeepWindow(app.WindowLook{Width: 900, Height: 700.4, Theme: theme}); err != nil {
			t.Fatal(err)
		}
		if look, ok := p.Window(); !ok || look != (app.WindowLook{Width: 900, Height: 700, Theme: theme}) {
			t.Errorf("kept was %+v, %v", look, ok)
		}
	}
	for _, text := range []string{"", "900", "900 70", "900 700 \"dar", "a b \"\"\n", "-1 700 \"\"\n", "900 70000 \"\"\n"} {
		if err := os.WriteFile(p.path(windowFile), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if look, ok := p.Window(); ok {
			t.Errorf("%q gives %+v", text, look)
		}
	}
}

func TestPassphraseFileLeavesAKeyringProfileAlone(t *testing.T) {
	dir := t.TempDir()
	p := &profile{dir: dir, passphrase: []byte("open sesame")}
	if err := os.WriteFile(p.path(archiveFile), []byte("sealed with a key in the keyring"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := p.openSecrets(t.Context(), app.WayDefault, nil); err == nil {
		t.Error("a passphrase opened secrets that are in a keyring")
	}
	if p.has(sealedFile) {
		t.Error("a sealed file was made beside an archive of another key")
	}
}
