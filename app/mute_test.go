package app

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"linnet/storage"
)

func TestMuteChoices(t *testing.T) {
	noon := time.Date(2026, time.October, 24, 12, 0, 0, 0, time.UTC)
	want := map[string]time.Time{
		"hour": noon.Add(time.Hour), "hours": noon.Add(8 * time.Hour),
		"morning": time.Date(2026, time.October, 25, 8, 0, 0, 0, time.UTC), "always": muteForever,
	}
	for _, c := range muteChoices() {
		if got := c.until(noon); !got.Equal(want[c.id]) {
			t.Errorf("%s: until %v, want %v", c.text, got, want[c.id])
		}
		delete(want, c.id)
	}
	if len(want) > 0 {
		t.Errorf("not offered: %v", want)
	}
}

func TestMutedText(t *testing.T) {
	now := time.Date(2026, time.November, 20, 13, 30, 0, 0, time.UTC)
	for _, c := range []struct {
		until time.Time
		want  string
	}{
		{time.Time{}, ""},
		{now, ""},
		{now.Add(time.Hour), "Muted until 14:30"},
		{now.Add(12 * time.Hour), "Muted until tomorrow, 01:30"},
		{now.AddDate(0, 0, 2), "Muted until 22 Nov 2026, 13:30"},
		{muteForever, "Muted"},
		{muteForever.In(time.FixedZone("", 3600)), "Muted"},
	} {
		if got := mutedText(storage.Chat{MutedUntil: c.until}, now); got != c.want {
			t.Errorf("until %v: %q, want %q", c.until, got, c.want)
		}
	}
}

func TestMuteForAWhile(t *testing.T) {
	h := open(t, verona(), wide)
	h.a.withChat(1, func(c chatAct) { c.menu(fyne.NewPos(40, 160)) })
	h.press(fyne.KeyDown, 0)
	h.press(fyne.KeyDown, 0)
	h.press(fyne.KeyReturn, 0)
	h.wantText("For 1 hour", "For 8 hours", "Until tomorrow morning", "Until I turn it on again")
	h.wantNoText("Unmute")
	h.press(fyne.KeyDown, 0)
	h.press(fyne.KeyReturn, 0)
	if got := h.back.chats[1].MutedUntil; !got.Equal(testNow.Add(time.Hour)) {
		t.Errorf("muted until %v", got)
	}
	h.a.withChat(1, func(c chatAct) { c.menu(fyne.NewPos(40, 160)) })
	h.wantText("Muted until 15:40…")
	h.press(fyne.KeyEscape, 0)
	h.a.withChat(1, func(c chatAct) { c.muteMenu(fyne.NewPos(40, 160)) })
	h.wantText("Muted until 15:40", "Unmute")
	h.checkLayout("menu of a mute")
	h.press(fyne.KeyDown, 0)
	h.press(fyne.KeyReturn, 0)
	if got := h.back.chats[1].MutedUntil; !got.IsZero() {
		t.Errorf("muted until %v after unmuting", got)
	}
}

func TestMuteByCommand(t *testing.T) {
	h := open(t, verona(), wide)
	run := func(id string) bool {
		t.Helper()
		for _, c := range h.a.commands {
			if c.id == id {
				can := c.can()
				h.a.runCommand(c)
				h.settle()
				return can
			}
		}
		t.Fatalf("there is no command %s", id)
		return false
	}
	if run("chat.mute.hours") {
		t.Error("muted although no chat is open")
	}
	h.a.shell.openKey("1")
	h.settle()
	if run("chat.unmute") || !run("chat.mute.hours") {
		t.Error("the commands do not fit an open chat that is not muted")
	}
	if got := h.back.chats[1].MutedUntil; !got.Equal(testNow.Add(8 * time.Hour)) {
		t.Errorf("muted until %v", got)
	}
	if run("chat.mute.hour") || !run("chat.unmute") || !h.back.chats[1].MutedUntil.IsZero() {
		t.Error("the commands do not fit a muted chat")
	}
	if !run("chat.pin") || run("chat.pin") || !run("chat.unpin") || h.back.chats[1].Pinned {
		t.Error("pin and unpin do not take turns")
	}
}
