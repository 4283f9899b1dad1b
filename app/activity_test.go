package app

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"linnet/account"
)

func TestActivityIsTold(t *testing.T) {
	h := open(t, verona(), wide)
	const gone, here = "active false", "active true"
	want := func(what string, lines ...string) {
		t.Helper()
		for _, line := range lines {
			if !h.back.asked(line) {
				t.Errorf("%s: the accounts were not told %q", what, line)
			}
		}
		if h.back.asked(gone) || h.back.asked(here) {
			t.Errorf("%s: the accounts were told more", what)
		}
	}
	h.pass(time.Hour)
	want("a window in front")
	h.a.setFocused(false)
	h.pass(inactiveAfter - time.Second)
	h.a.setFocused(true)
	h.pass(inactiveAfter)
	want("a short look elsewhere")
	h.a.setFocused(false)
	h.pass(inactiveAfter)
	want("a long look elsewhere", gone)
	h.a.setFocused(true)
	want("the window in front again", here)
	h.a.SetIdle(true)
	want("nobody at the machine", gone)
	h.a.SetIdle(false)
	want("somebody at the machine", here)

	// What is done in the window is stronger than what the desktop thinks.
	h.press(fyne.Key1, fyne.KeyModifierAlt)
	h.a.SetIdle(true)
	h.write("a")
	want("somebody types", gone, here)

	// Behind another window, somebody at the machine is not one who looks.
	h.a.setFocused(false)
	h.pass(inactiveAfter)
	want("a long look elsewhere", gone)
	h.a.SetIdle(true)
	h.a.SetIdle(false)
	want("somebody at the machine, but not here")
}

// TestActivityOfAStartInTheBackground is of a window that never came to the
// front, and whose accounts were known late.
func TestActivityOfAStartInTheBackground(t *testing.T) {
	h := locked(t, &fakeProfile{state: SecretsLocked})
	h.pass(inactiveAfter)
	h.write("open sesame")
	h.press(fyne.KeyReturn, 0)
	h.a.apply([]account.Event{account.Reset{}})
	if !h.back.asked("active false") {
		t.Error("the accounts do not know that nobody looks")
	}
}
