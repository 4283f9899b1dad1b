package app

import (
	"testing"

	"fyne.io/fyne/v2"

	"linnet/assets"
	"linnet/widgets"
)

func TestEmojiPickerEverywhere(t *testing.T) {
	everywhere(t, func(t *testing.T, h *harness, name string) {
		h.a.prefs.Emoji = []string{"🫠", "🎉"}
		h.a.shell.openChat(h.back.chats[1], "")
		h.press(fyne.KeyE, ctrl)
		h.wantText("Used lately", "Smileys and feelings")
		h.checkLayout(name)
		h.shoot("emoji-picker-" + name)
		h.write("tada")
		h.press(fyne.KeyReturn, 0)
		if got := h.a.shell.chat.composer.Text(); got != "🎉" || !h.a.shell.chat.composer.Focused() {
			t.Errorf("the composer has %q", got)
		}
		h.write(" :thumb")
		h.wantText(":thumbsup:", "thumbs up")
		h.checkLayout(name + " completing")
		h.shoot("emoji-completion-" + name)
		h.press(fyne.KeyReturn, 0)
		if got := h.a.shell.chat.composer.Text(); got != "🎉 👍 " {
			t.Errorf("the composer has %q", got)
		}
	})
}

func TestUsedEmojiAreKept(t *testing.T) {
	h := open(t, verona(), wide)
	for i := range 30 {
		h.a.usedEmoji(assets.Emojis()[i].Text)
	}
	h.a.usedEmoji("😀")
	if list := h.a.prefs.Emoji; len(list) != recentEmoji || list[0] != "😀" {
		t.Errorf("%d are kept: %v", len(list), list)
	}
	h.a.usedEmoji("😀")
	h.a.setEmojiTone(3)
	kept := loadPrefs(h.back, h.a.log)
	if len(kept.Emoji) != recentEmoji || kept.Emoji[0] != "😀" || kept.Emoji[1] == "😀" || kept.EmojiTone != 3 {
		t.Errorf("after a restart: %v, tone %d", kept.Emoji, kept.EmojiTone)
	}
	h.a.shell.openChat(h.back.chats[1], "")
	h.write(":+1:")
	if got := h.a.shell.chat.composer.Text(); got != "👍🏽" {
		t.Errorf("completed to %q", got)
	}
}

func TestKeysOverThePicker(t *testing.T) {
	h := open(t, verona(), wide)
	picking := func() bool {
		_, ok := h.a.win.Canvas().Overlays().Top().(*widgets.EmojiPicker)
		return ok
	}
	h.press(fyne.KeyE, ctrl)
	if picking() {
		t.Error("a picker without a chat")
	}
	h.a.shell.openChat(h.back.chats[1], "")
	h.tap("Emoji")
	if !picking() {
		t.Fatal("the button opens nothing")
	}
	h.press(fyne.KeyE, ctrl)
	if picking() {
		t.Error("the key does not close what it opens")
	}
	h.press(fyne.KeyE, ctrl)
	h.press(fyne.KeyK, ctrl)
	h.wantText("Search people and commands")
	h.a.back()
	if picking() || !h.a.shell.chat.open() {
		t.Error("the picker came back after the palette")
	}
}

func TestToneInTheSettings(t *testing.T) {
	h := open(t, verona(), wide)
	h.a.showSettings(sectionAppearance)
	h.wantText("Skin tone of emoji")
	h.shoot("settings-tone")
	found := 0
	visible(h.a.win.Canvas(), func(o fyne.CanvasObject, _ fyne.Position, path string) {
		if f, ok := o.(fyne.Focusable); ok && typeName(o) == "emojiTabs" {
			found++
			f.TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
		}
	})
	if found != 1 || h.a.prefs.EmojiTone != 1 {
		t.Errorf("%d rows of tones, tone %d", found, h.a.prefs.EmojiTone)
	}
}

// The keyboard is seen in one place, and comes back to where it was.
func TestPickerTakesTheKeyboard(t *testing.T) {
	h := open(t, verona(), wide)
	h.a.shell.openChat(h.back.chats[1], "")
	c := h.a.shell.chat.composer
	c.Focus()
	h.press(fyne.KeyE, ctrl)
	if c.Focused() {
		t.Error("the composer shows its ring beside that of the picker")
	}
	h.press(fyne.KeyEscape, 0)
	if !c.Focused() {
		t.Error("the keyboard does not come back")
	}
}
