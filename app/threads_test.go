package app

import (
	"testing"
	"time"

	"fyne.io/fyne/v2/test"

	"linnet/account"
)

// TestWorkLeavesAndComesBack runs the window with its real worker and bridge:
// the test's goroutine is the UI's and runs what is posted to it.
func TestWorkLeavesAndComesBack(t *testing.T) {
	back := verona()
	posted := make(chan func(), 1000)
	a := New(test.NewTempApp(t), Config{
		Backend: back, Version: "test", Now: func() time.Time { return testNow },
		post: func(f func()) { posted <- f },
	})
	a.win.Resize(wide)
	a.setFocused(true)
	a.Show()
	until := func(what string, reached func() bool) {
		t.Helper()
		deadline := time.After(20 * time.Second)
		for !reached() {
			select {
			case f := <-posted:
				f()
			case <-deadline:
				t.Fatalf("never came to: %s", what)
			}
		}
	}
	back.events <- []account.Event{account.Reset{}}
	until("the chats are shown", func() bool { return a.begun })
	a.shell.openKey("1")
	view := a.shell.chat.view
	until("the history is read", func() bool { return view.Len() > 0 })
	before := view.Len()
	a.shell.chat.send("Parting is such sweet sorrow")
	until("the message is shown", func() bool { return view.Len() == before+1 })
	until("it was marked read", func() bool { return back.asked("read") })

	a.Quit()
	a.Close()
	for {
		select {
		case f := <-posted: // what comes late changes nothing any more
			f()
			continue
		default:
		}
		break
	}
	if _, ok, _ := back.Setting(settingWindow); !ok {
		t.Error("the size of the window was not kept")
	}
	a.Close() // twice is once
}
