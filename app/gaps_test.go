package app

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"linnet/account"
	"linnet/account/stream"
	"linnet/storage"
	"linnet/widgets"
)

// archived is a backend whose first chat has messages up to n, of which the
// server has those from a up to b and the disk the others.
func archived(n, a, b int) *fakeBackend {
	back := long(n)
	back.archive.page = 50
	back.archive.missing = map[storage.ChatID][]storage.Message{1: slices.Clone(back.messages[1][a-1 : b])}
	back.messages[1] = slices.Delete(back.messages[1], a-1, b)
	return back
}

// tops gives where the tops of the bubbles in view are, by their texts.
func (h *harness) tops() map[string]float32 {
	at := map[string]float32{}
	visible(h.a.win.Canvas(), func(o fyne.CanvasObject, pos fyne.Position, _ string) {
		for _, c := range children(o) {
			if words := shownText(c); words != "" {
				at[words] = pos.Y + c.Position().Y
			}
		}
	})
	return at
}

// scrollUntil scrolls the messages by steps until something holds.
func (h *harness) scrollUntil(by float32, done func() bool) {
	h.Helper()
	for range 2000 {
		if done() {
			return
		}
		h.a.shell.chat.view.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, by)})
		h.settle()
	}
	h.Fatalf("never; shown is:\n%s", h.texts())
}

func TestScrollingUpFetchesFromTheServer(t *testing.T) {
	back := archived(400, 1, 300)
	h := openLong(t, back)
	h.wantText("message 400")
	held := 100
	fetched, busy := 0, false
	back.archive.during = func() {
		if busy || len(back.messages[1]) != held {
			t.Error("a second page is fetched with the first")
		}
		busy = true
	}
	before := h.tops()
	for step := range 2000 {
		h.a.shell.chat.view.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, 12)})
		moved := h.tops()
		h.settle()
		if n := len(back.messages[1]); n != held {
			fetched, held, busy = fetched+1, n, false
			h.checkLayout("history fetched")
		}
		after := h.tops()
		for text, y := range moved {
			if now, ok := after[text]; ok && now != y {
				t.Fatalf("step %d: %q moved from %v to %v", step, text, y, now)
			}
		}
		if h.a.shell.chat.view.First() == rowID(testPos(1)) {
			break
		}
		before = after
	}
	if fetched != 6 || len(before) == 0 {
		t.Errorf("%d pages were fetched", fetched)
	}
	h.scrollUntil(100, func() bool {
		return strings.Contains(h.texts(), "This is the beginning of your conversation with Juliet")
	})
	h.shoot("history-beginning")
	h.wantNoText("on the server")
	if back.asked("fetch before 0") {
		t.Error("the end was asked for")
	}
}

func TestGapsHealFromBothSides(t *testing.T) {
	for _, from := range []string{"below", "above"} {
		back := archived(600, 200, 400)
		h := openLong(t, back)
		view := h.a.shell.chat.view
		by, want := float32(30), "fetch before 401"
		if from == "above" {
			by, want = -30, "fetch after 199"
			phase := func(p stream.Phase) {
				back.accounts[0].State = stream.State{Phase: p}
				h.a.apply([]account.Event{account.StateChanged{Account: back.accounts[0]}})
			}
			phase(stream.Stopped)
			h.scrollUntil(100, func() bool { return view.First() == rowID(testPos(1)) })
			h.scrollUntil(500, func() bool { return h.tops()["message 1"] > 0 })
			phase(stream.Online)
			if len(back.archive.missing[1]) != 201 {
				t.Fatal("something was fetched out of sight")
			}
		}
		h.scrollUntil(by, func() bool { return len(back.said) > 0 && back.asked(want) })
		h.scrollUntil(by, func() bool { return len(back.archive.missing[1]) == 0 })
		h.scrollUntil(100, func() bool { return view.First() == rowID(testPos(1)) })
		h.wantNoText("on the server")
		for i := range 600 {
			if !view.ScrollTo(rowID(testPos(i + 1))) {
				t.Fatalf("from %s: message %d is not shown", from, i+1)
			}
		}
	}
}

func TestGapThatCannotBeFilled(t *testing.T) {
	back := archived(400, 1, 390)
	back.accounts[0].State = stream.State{Phase: stream.Waiting, Err: stream.ErrOffline}
	h := openLong(t, back)
	h.wantText("Some messages are missing here. Not connected", "Load")
	h.checkLayout("offline gap")
	if back.asked("fetch before 391") {
		t.Error("something was asked of the server")
	}
	back.archive.fail = account.ErrNoArchive
	back.accounts[0].State.Phase = stream.Online
	h.a.apply([]account.Event{account.StateChanged{Account: back.accounts[0]}})
	h.settle()
	if !back.asked("fetch before 391") {
		t.Error("it was not tried when the account came online")
	}
	h.wantText("Some messages are missing here. The server keeps no messages")
	h.a.shell.chat.view.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, 5)})
	if back.asked("fetch before 391") {
		t.Error("it was tried again unasked")
	}
	back.archive.fail = nil
	h.a.shell.chat.focusTranscript()
	h.a.shell.chat.view.TypedKey(&fyne.KeyEvent{Name: fyne.KeyTab})
	h.press(fyne.KeyReturn, 0)
	if !back.asked("fetch before 391") {
		t.Fatal("Load cannot be reached by keyboard")
	}
	h.settle()
	h.wantNoText("Some messages are missing")
	h.wantText("message 390")
}

// TestGapWhileConnecting has a gap in view that is only not fetched yet.
func TestGapWhileConnecting(t *testing.T) {
	back := archived(100, 1, 90)
	back.accounts[0].State = stream.State{Phase: stream.Connecting}
	h := openLong(t, back)
	h.wantText("There are more messages on the server")
	h.wantNoText("Some messages are missing here")
	h.checkLayout("gap while connecting")
	back.accounts[0].State = stream.State{Phase: stream.Online}
	h.a.apply([]account.Event{account.StateChanged{Account: back.accounts[0]}})
	h.settle()
	h.wantText("message 90")
	h.wantNoText("on the server")
}

func TestEmptyChatWithAHistoryOnTheServer(t *testing.T) {
	back := archived(30, 1, 30)
	c := back.chats[1]
	c.Last, c.ReadUpTo = storage.Summary{}, storage.Pos{}
	back.chats[1] = c
	h := open(t, back, wide)
	h.a.shell.openKey("2")
	back.archive.during = func() {
		h.wantText("Loading earlier messages")
		h.wantNoText("No messages yet")
	}
	h.a.withChat(1, func(c chatAct) { h.a.shell.openChat(c.chat, "") })
	h.settle()
	h.wantText("message 30")
	h.scrollUntil(100, func() bool {
		return strings.Contains(h.texts(), "This is the beginning of your conversation with Juliet")
	})
	if !back.asked("view 1") {
		t.Error("the accounts were not told which chat is open")
	}
	h.a.shell.closeChat()
	if !back.asked("view 0") {
		t.Error("the accounts were not told that no chat is open")
	}
}

// TestCatchUpStorm brings 10,000 messages for the open chat and as many for
// others while the user reads.
func TestCatchUpStorm(t *testing.T) {
	const missed = 10_000
	back := archived(200+missed, 201, 200+missed)
	c := back.chats[1]
	c.ReadUpTo = testPos(200)
	back.chats[1] = c
	h := openLong(t, back)
	view := h.a.shell.chat.view
	h.wantText("message 200")
	h.a.shell.chat.composer.Focus()
	places := h.tops()
	for len(back.archive.missing[1]) > 0 { // the gap next to what is read is filled besides
		upTo := len(back.archive.missing[1])
		back.bring(1, max(0, upTo-250), upTo, account.FromCatchUp)
		h.a.apply([]account.Event{account.MessagesAdded{Chat: 2, Messages: []storage.Message{{Pos: testPos(upTo), Chat: 2}}, Source: account.FromCatchUp}})
		h.settle()
		for text, y := range h.tops() {
			if was, ok := places[text]; ok && was != y && strings.HasPrefix(text, "message") {
				t.Fatalf("%q moved from %v to %v", text, was, y)
			}
		}
	}
	if view.AtEnd() || view.Len() > widgets.MaxRows+2 {
		t.Errorf("at end %v with %d rows", view.AtEnd(), view.Len())
	}
	h.wantText(fmt.Sprint(missed, " new"), "message 200")
	view.ScrollToEnd()
	h.settle()
	h.wantText(fmt.Sprint("message ", 200+missed))
	h.scrollUntil(2000, func() bool { return view.First() == rowID(testPos(1)) })
	h.wantNoText("on the server")
}

// TestOldMessagesComeSilently has the history of a chat loaded in the
// background while its end is read.
func TestOldMessagesComeSilently(t *testing.T) {
	back := archived(400, 1, 380)
	back.accounts[0].State = stream.State{Phase: stream.Stopped} // nothing is fetched by itself
	h := openLong(t, back)
	view := h.a.shell.chat.view
	for upTo := 380; upTo > 0; upTo -= 95 {
		back.bring(1, upTo-95, upTo, account.FromHistory)
		h.settle()
		if !view.AtEnd() {
			t.Fatal("the end is no longer in view")
		}
	}
	h.wantNoText("new")
	h.wantNoText("New")
	if got := view.First(); got != rowID(testPos(1)) {
		t.Errorf("the first row is %v", got)
	}
}

func TestReloadKeepsThePlace(t *testing.T) {
	back := long(1000)
	h := openLong(t, back)
	h.scrollUntil(50, func() bool { return h.tops()["message 900"] > 0 })
	places := h.tops()
	back.messages[1] = slices.Delete(back.messages[1], 700, 800) // far above
	h.a.apply([]account.Event{account.ChatReload{Chat: 1}})
	h.settle()
	for text, y := range places {
		if now := h.tops()[text]; now != y {
			t.Errorf("%q moved from %v to %v", text, y, now)
		}
	}
	h.scrollUntil(-200, func() bool { return h.a.shell.chat.view.AtEnd() })
	h.wantText("message 1000")
}

// TestNothingIsMarkedReadAcrossAGap has messages missing between what was read
// and the newest.
func TestNothingIsMarkedReadAcrossAGap(t *testing.T) {
	back := archived(120, 101, 110)
	c := back.chats[1]
	c.ReadUpTo, c.Unread = testPos(100), 10
	back.chats[1] = c
	back.accounts[0].State.Phase = stream.Online
	h := open(t, back, wide)
	back.archive.during = func() {
		if back.asked("read") {
			t.Error("marked read with messages missing in between")
		}
	}
	h.a.withChat(1, func(c chatAct) { h.a.shell.openChat(c.chat, "") })
	h.settle()
	h.wantText("message 105", "message 120")
	if !back.asked("read") {
		t.Errorf("not marked read after the gap was filled: %q", back.said)
	}
}

func TestServerThatGivesNothingIsNotAskedForEver(t *testing.T) {
	back := archived(100, 1, 90)
	back.archive.page = 0
	asked := 0
	back.archive.during = func() { asked++ }
	h := openLong(t, back)
	h.wantText("Some messages are missing here. The server does not give them", "Load")
	if asked > historyTries+1 {
		t.Errorf("asked %d times", asked)
	}
}
