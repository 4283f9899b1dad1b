package app

import (
	"testing"

	"fyne.io/fyne/v2"
)

// TestPaletteKnowsThePages types what a person would and opens what comes.
func TestPaletteKnowsThePages(t *testing.T) {
	for query, want := range map[string]string{
		"file settings": "Fetching without being asked", "downloads": "Fetching without being asked", "folder": "Fetching without being asked",
		"appearance": "As the system", "dark": "As the system", "notification": "Notify about new messages", "account settings": "Add account",
		"profile": "Nickname", "blocked": "A server blocks everybody on it", "starred": "Starred messages",
	} {
		h := open(t, verona(), wide)
		h.press(fyne.KeyK, ctrl)
		h.write(query)
		h.press(fyne.KeyReturn, 0)
		h.settle()
		h.wantText(want)
	}
}

func TestHeaderOfANarrowWindow(t *testing.T) {
	h := open(t, talk(), fyne.NewSize(533, 400)) // 800 by 600 at one and a half
	h.a.withChat(1, func(c chatAct) { h.a.shell.openChat(c.chat, "") })
	h.settle()
	h.tap("More")
	h.wantText("Search in this chat", "Go to a day", "Starred messages of this chat", "Details")
	h.press(fyne.KeyDown, 0)
	h.press(fyne.KeyReturn, 0)
	if !h.a.shell.chat.find.box.Visible() {
		t.Error("the search does not open")
	}
}
