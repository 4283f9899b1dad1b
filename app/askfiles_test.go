package app

import (
	"testing"

	"fyne.io/fyne/v2"
)

func TestEscapeLeavesTheDialogForFiles(t *testing.T) {
	t.Setenv("HOME", t.TempDir())
	h := open(t, verona(), wide)
	h.a.shell.openKey("1")
	for range 2 {
		h.a.askFiles(FileQuestion{}, func([]string) { t.Error("a file was chosen") })
		if h.a.win.Canvas().Overlays().Top() == nil {
			t.Fatal("there is no dialog")
		}
		h.press(fyne.KeyEscape, 0)
		if h.a.win.Canvas().Overlays().Top() != nil {
			t.Fatal("the dialog is still there")
		}
	}
	if h.a.shell.chat.id() != 1 {
		t.Error("the chat was left too")
	}
}
