package app

import (
	"testing"

	"fyne.io/fyne/v2"

	"linnet/account"
	"linnet/storage"
)

// TestNothingToPressWhileOpening holds the keys back while the profile opens:
// nothing of the window that is being made may answer them.
func TestNothingToPressWhileOpening(t *testing.T) {
	h := locked(t, &fakeProfile{state: SecretsReady}) // open, but nothing was read yet
	for range 8 {
		h.press(fyne.KeyTab, 0)
		h.press(fyne.KeySpace, 0)
		h.press(fyne.KeyReturn, 0)
		if o := h.a.win.Canvas().Focused(); o != nil {
			t.Fatalf("%s has the keyboard", typeName(o.(fyne.CanvasObject)))
		}
	}
	for _, c := range h.a.commands {
		for _, k := range c.keys {
			if c.id != "program.quit" {
				h.press(k.key, k.mod)
			}
		}
	}
	if h.a.cards.open() || h.a.win.Canvas().Overlays().Top() != nil {
		t.Error("something opened")
	}
	if got := h.texts(); got != "" {
		t.Errorf("shown is %q", got)
	}
	h.pass(openingWordsAfter)
	h.wantText("Opening")
	h.checkLayout("opening")
	h.shoot("opening")

	h.back.events <- []account.Event{account.Reset{}}
	h.settle()
	h.wantText("Juliet Capulet")
	h.wantNoText("Opening")
	if h.a.win.Canvas().Focused() != fyne.Focusable(h.a.shell.side.chats) {
		t.Error("the list of chats has no focus")
	}
}

func TestOpeningEndsWithTheFirstRun(t *testing.T) {
	p := &fakeProfile{state: SecretsReady}
	h := locked(t, p)
	p.back.accounts = nil
	h.back.events <- []account.Event{account.Reset{}}
	h.settle()
	h.wantText("Sign in", "Address")
	h.write("romeo@montague.example")
	if got := h.a.pages.top().(*signIn).address.Text(); got != "romeo@montague.example" {
		t.Errorf("the address is %q", got)
	}
}

func TestChatsThatCannotBeReadAreTriedAgain(t *testing.T) {
	p := &fakeProfile{state: SecretsReady}
	h := locked(t, p)
	h.back.noReads = storage.ErrNotFound
	h.back.events <- []account.Event{account.Reset{}}
	h.settle()
	h.wantText("Linnet cannot start")
	h.back.noReads = nil
	h.tap("Try again")
	h.wantText("Juliet Capulet")
}

func TestProfileIsUnlockedOnceAtATime(t *testing.T) {
	p := &fakeProfile{state: SecretsLocked}
	h := locked(t, p)
	h.a.unlocking = true // the passphrase is being tried
	h.write("open sesame")
	h.press(fyne.KeyReturn, 0)
	if len(p.ways) > 0 {
		t.Errorf("unlocked again with %v", p.ways)
	}
}
