package app

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"linnet/account"
	"linnet/storage"
)

func TestNotesToSelf(t *testing.T) {
	everywhere(t, func(t *testing.T, h *harness, name string) {
		h.press(fyne.KeyN, ctrl)
		h.wantText("Notes to self", "romeo@montague.example")
		h.checkLayout("new chat")
		h.shoot("newchat-" + name)
		h.press(fyne.KeyDown, 0)
		h.press(fyne.KeyReturn, 0)
		if !h.back.asked("open romeo@montague.example") || h.a.shell.chat.title() != "Notes to self" {
			t.Fatalf("open is %q", h.a.shell.chat.title())
		}
		h.wantText("Notes to self", "For yourself, on all your devices", "Write a note")
		h.wantNoText("is not in your contacts")
		h.write("Buy poison")
		h.press(fyne.KeyReturn, 0)
		h.press(fyne.KeyI, ctrl)
		if !strings.HasPrefix(name, "small") { // where the details lie over the chat
			h.checkLayout("details of notes")
		}
		h.shoot("notes-" + name)
		h.wantNoText("Block…")
		h.wantNoText("Tell this contact when messages arrive")
	})
}

func TestNotesAreFound(t *testing.T) {
	h := open(t, verona(), wide)
	h.press(fyne.KeyK, ctrl)
	h.write("notes")
	h.wantText("Notes to self", "romeo@montague.example", "m.escalus@verona.example", "Open notes to self")
	h.press(fyne.KeyEscape, 0)
	h.press(fyne.KeyN, ctrl)
	h.write("romeo@montague.example")
	h.press(fyne.KeyReturn, 0)
	if h.a.shell.chat.title() != "Notes to self" {
		t.Errorf("open is %q", h.a.shell.chat.title())
	}
	h.a.openOwnNotesOf(2)
	h.settle()
	if c := h.a.shell.chat.chat; c.Account != 2 {
		t.Errorf("open is %+v", c)
	}
	h.a.openOwnNotes() // of the account that is in use
	h.settle()
	if c := h.a.shell.chat.chat; c.Account != 2 {
		t.Errorf("open is %+v", c)
	}
}

func TestTypingIsShown(t *testing.T) {
	everywhere(t, func(t *testing.T, h *harness, name string) {
		tell := func(id storage.ChatID, state account.ChatState) {
			h.a.apply([]account.Event{account.TypingChanged{Chat: id, State: state}})
		}
		tell(2, account.Composing)
		h.wantText("typing…")
		h.wantNoText("Wisely and slow")
		h.checkLayout("typing in the list")
		h.a.shell.openKey("2")
		h.wantText("typing…")
		h.checkLayout("typing in the chat")
		h.shoot("typing-" + name)
		tell(2, account.Paused)
		h.wantNoText("typing…")
		h.wantText("away")
		tell(2, account.Composing)
		h.a.apply([]account.Event{account.Reset{}})
		h.wantNoText("typing…")
	})
}
