package app

import (
	"testing"

	"fyne.io/fyne/v2"
)

func TestArchivedChatsAreOneEntry(t *testing.T) {
	everywhere(t, func(t *testing.T, h *harness, name string) {
		if h.a.hasArchived() {
			t.Error("something is archived at first")
		}
		for _, id := range []string{"4", "5"} {
			h.a.withChat(chatOfKey(id), chatAct.archive)
			h.settle()
		}
		h.wantText("Archived", "2 chats", "The chat is archived")
		h.wantNoText("Nurse")
		h.checkLayout("archived entry")
		h.shoot("archived-entry-" + name)
		h.a.shell.side.chats.OnOpen(archivedKey)
		h.wantText("Archived", "Nurse", "Paris")
		h.wantNoText("Benvolio")
		h.checkLayout("archived")
		h.shoot("archived-" + name)
		h.press(fyne.KeyEscape, 0)
		h.wantText("Chats", "Benvolio")
		h.wantNoText("Nurse")
		h.a.withChat(4, chatAct.unarchive)
		h.settle()
		h.wantText("Nurse", "1 chat")
	})
}

func TestArchivingTheOpenChatClosesIt(t *testing.T) {
	h := open(t, verona(), wide)
	h.a.shell.openKey("3")
	h.a.withOpenChat(chatAct.archive)
	h.settle()
	if h.a.shell.chat.open() || !h.back.chats[3].Archived {
		t.Error("it is still open")
	}
	h.tap("Undo")
	if h.back.chats[3].Archived {
		t.Error("it is still archived")
	}
	h.a.withChat(3, chatAct.archive)
	h.settle()
	h.a.shell.side.showArchived(true)
	h.a.shell.side.chats.OnOpen("3")
	h.settle()
	if h.a.shell.chat.title() != "Benvolio" {
		t.Error("an archived chat does not open")
	}
	h.a.shell.openKey("1")
	h.wantText("Chats", "Juliet Capulet") // another chat is in the other list
}

func TestMarkUnread(t *testing.T) {
	h := open(t, verona(), wide)
	h.a.withChat(3, chatAct.markUnread)
	h.settle()
	if !h.back.chats[3].MarkedUnread {
		t.Fatal("not marked")
	}
	if n := h.a.model.unread(testNow); n != 3 {
		t.Errorf("%d are unread, want 3", n)
	}
	h.a.withChat(3, func(c chatAct) { c.menu(fyne.NewPos(40, 160)) })
	h.wantText("Mark as read")
	h.wantNoText("Mark as unread")
	h.press(fyne.KeyEscape, 0)
	h.a.shell.openKey("3")
	h.settle()
	if h.back.chats[3].MarkedUnread {
		t.Error("opening it left the mark")
	}
	h.a.withChat(3, chatAct.markUnread)
	h.settle()
	h.a.withChat(3, chatAct.markRead)
	h.settle()
	if h.back.chats[3].MarkedUnread {
		t.Error("marking it as read left the mark")
	}
}
