package app

import (
	"context"
	"errors"
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

// What is opened over the toolkit's dialog would go away with it, and be thought
// to be there.
func TestDialogForFilesIsLeftFirst(t *testing.T) {
	t.Setenv("HOME", t.TempDir())
	h := open(t, verona(), wide)
	h.a.shell.openKey("1")
	h.a.askFiles(FileQuestion{}, func([]string) { t.Error("a file was chosen") })
	dialog := h.a.win.Canvas().Overlays().Top()
	for _, key := range []fyne.KeyName{fyne.KeyK, fyne.KeySlash, fyne.KeyN} {
		h.press(key, ctrl)
		if h.a.win.Canvas().Overlays().Top() != dialog || h.a.cards.open() {
			t.Errorf("%s opens something over the dialog", key)
		}
	}
	h.press(fyne.KeyEscape, 0)
	h.press(fyne.KeySlash, ctrl)
	if !h.a.cards.open() {
		t.Error("commands do not work again behind it")
	}
}

// brokenDialogs is a desktop whose dialogs for files do not work.
type brokenDialogs struct{ chosenFiles }

func (brokenDialogs) AskFiles(context.Context, FileQuestion) ([]string, error) {
	return nil, errors.New("the portal ended with 2")
}

func TestDialogForFilesThatFailsIsTold(t *testing.T) {
	h := open(t, verona(), wide)
	h.a.cfg.Files = brokenDialogs{}
	h.a.askFiles(FileQuestion{}, func([]string) { t.Error("a file was chosen") })
	h.wantText(failureText(errors.New("the portal ended with 2")))
	if h.a.choosing != nil {
		t.Error("no other dialog can come")
	}
}
