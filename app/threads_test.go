package app

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"linnet/account"
)

// threaded is a window with its real worker and bridge, and the test's goroutine
// is the UI's: until runs what is posted to it until something is reached.
func threaded(t *testing.T, back *fakeBackend) (a *App, posted chan func(), until func(what string, reached func() bool)) {
	posted = make(chan func(), 1000)
	a = New(newToolkit(t), Config{
		Backend: back, Version: "test", Now: func() time.Time { return testNow },
		post: func(f func()) { posted <- f },
	})
	a.win.Resize(wide)
	a.setFocused(true)
	a.Show()
	until = func(what string, reached func() bool) {
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
	return a, posted, until
}

func TestWorkLeavesAndComesBack(t *testing.T) {
	back := verona()
	a, posted, until := threaded(t, back)
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

// TestHistoryHasNoHoles catches up with 3,000 messages while the user scrolls
// about in the chat, and gaps that come into view are filled besides.
func TestHistoryHasNoHoles(t *testing.T) {
	const n, had, each = 3000, 100, 200
	back := archived(n, had+1, n)
	a, posted, until := threaded(t, back)
	defer a.Close()
	a.withChat(1, func(c chatAct) { a.shell.openChat(c.chat, "") })
	view := a.shell.chat.view
	until("the history is read", func() bool { return view.Len() > 0 })

	next, caughtUp := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(caughtUp)
		for range next {
			back.archive.mu.Lock()
			left := len(back.archive.missing[1])
			back.bringIt(1, max(0, left-each), left, account.FromCatchUp)
			back.archive.mu.Unlock()
			if left == 0 {
				return
			}
		}
	}()
	rnd := rand.New(rand.NewPCG(1, 2))
	for running := true; running; {
		select {
		case f := <-posted:
			f()
			view.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, float32(rnd.IntN(1200)-600))})
			noHoles(t, a.shell.chat)
		case next <- struct{}{}: // a page comes while others are read and shown
		case <-caughtUp:
			running = false
		}
	}
	until("nothing is on its way", func() bool {
		h := a.shell.chat.hist
		return !h.fetching && !h.looking && h.loaded && len(back.events) == 0
	})
	for view.Older() {
		view.TypedKey(&fyne.KeyEvent{Name: fyne.KeyHome})
		held := view.First()
		until("older messages are read", func() bool { return view.First() != held || !view.Older() })
	}
	until("all is shown", func() bool {
		return view.First() == rowID(testPos(1)) && view.Last() == rowID(testPos(n)) && len(a.shell.chat.hist.gaps) == 0
	})
	noHoles(t, a.shell.chat)
}

// noHoles fails when a message between those that are shown is not, no gap says
// so, and nothing is being read that would bring it.
func noHoles(t *testing.T, chat *chatPane) {
	t.Helper()
	if !chat.hist.newUpTo.IsZero() || chat.hist.looking {
		return
	}
	view := chat.view
	for at := view.Last(); at != view.First(); {
		above := view.Above(at)
		if above.Seq+1 != at.Seq && !slices.Contains(chat.hist.gaps, posOf(at)) {
			t.Fatalf("message %d is followed by %d", above.Seq, at.Seq)
		}
		at = above
	}
}
