package app

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"

	"linnet/account"
	"linnet/account/stream"
	"linnet/storage"
	"linnet/widgets"
)

// long is a backend whose first chat has n messages.
func long(n int) *fakeBackend {
	back := verona()
	back.messages[1] = nil
	for i := range n {
		back.messages[1] = append(back.messages[1], storage.Message{Pos: testPos(i + 1), Chat: 1, ID: fmt.Sprint("id ", i+1), Body: fmt.Sprint("message ", i+1)})
	}
	back.seq = uint64(n)
	c := back.chats[1]
	c.Unread, c.ReadUpTo = 0, testPos(n)
	c.Last = storage.Summary{Pos: testPos(n), Text: fmt.Sprint("message ", n)}
	back.chats[1] = c
	return back
}

// openLong opens a chat of n messages.
func openLong(t *testing.T, back *fakeBackend) *harness {
	t.Helper()
	h := open(t, back, wide)
	h.a.withChat(1, func(c chatAct) { h.a.shell.openChat(c.chat, "") })
	h.settle()
	return h
}

func TestHistoryIsReadAsTheUserScrolls(t *testing.T) {
	h := openLong(t, long(1000))
	view := h.a.shell.chat.view
	if view.Len() > historyFirst+historyPage {
		t.Errorf("opening the chat read %d messages", view.Len())
	}
	h.wantText("message 1000")
	h.a.shell.chat.focusTranscript()
	for range 20 {
		h.press(fyne.KeyHome, 0)
		if view.First() == rowID(testPos(1)) {
			break
		}
	}
	if view.First() != rowID(testPos(1)) {
		t.Fatalf("scrolling up came to %v", view.First())
	}
	h.press(fyne.KeyHome, 0)
	h.wantText("message 1")
}

func TestFailedMessageIsTriedAgain(t *testing.T) {
	back := long(3)
	failed := &back.messages[1][2]
	failed.Out, failed.State, failed.Reason = true, storage.StateFailed, "item-not-found: no such user"
	h := openLong(t, back)
	h.wantText("There is nobody at this address")
	h.a.shell.chat.retry(rowID(testPos(3)))
	if !h.back.asked("retry") {
		t.Errorf("asked was %q", h.back.said)
	}
	sent := *failed
	sent.State, sent.Reason = storage.StateSent, ""
	h.a.apply([]account.Event{account.MessageChanged{Message: sent}})
	h.wantNoText("There is nobody at this address")
}

// TestFailedAgain holds that the user hears of what is tried again and fails at
// once, each time it is tried, and of nothing else that fails.
func TestFailedAgain(t *testing.T) {
	back := long(3)
	failed, shared := &back.messages[1][2], &back.messages[1][1]
	failed.Out, failed.State, failed.Reason = true, storage.StateFailed, account.ReasonMissing
	shared.Files = []storage.File{
		{Name: "a", State: storage.FileFailed, Reason: account.ReasonLost, URL: "https://verona.example/a"},
		{Name: "b", State: storage.FileFailed, Reason: account.ReasonDiffers, URL: "https://verona.example/b"},
	}
	h := openLong(t, back)
	becomes := func(m storage.Message) {
		h.a.apply([]account.Event{account.MessageChanged{Message: m}})
	}
	waits, done := *failed, *shared
	waits.State, waits.Reason = storage.StateWaiting, ""
	done.Files = []storage.File{{Name: "a", State: storage.FileHere}, shared.Files[1]}
	const again, cut = "Failed again: The file is no longer where it was", "Failed again: The connection was cut"

	becomes(*failed)
	h.wantNoText(again)
	for range 2 {
		h.a.shell.chat.retry(rowID(failed.Pos))
		becomes(waits)
		h.wantNoText(again)
		becomes(*failed)
		h.wantText(again)
		h.pass(toastFor)
		h.wantNoText(again)
		becomes(*failed)
		h.wantNoText(again)
	}
	h.a.files.act(rowID(shared.Pos), 0, widgets.FileRetry)
	becomes(*shared)
	h.wantText(cut)
	h.pass(toastFor)
	h.a.files.act(rowID(shared.Pos), 0, widgets.FileRetry)
	becomes(done)
	h.wantNoText("Failed again")
}

func TestMenuOfAMessage(t *testing.T) {
	h := openLong(t, long(3))
	h.a.shell.chat.menu(rowID(testPos(2)), fyne.NewPos(500, 500), "https://verona.example", "")
	h.wantText("Open link", "Copy link", "Copy message", "Message details")
	for range 5 { // the reactions, the link, its copy, a reply
		h.press(fyne.KeyDown, 0)
	}
	h.press(fyne.KeyReturn, 0)
	if got := h.app.Clipboard().Content(); got != "message 2" {
		t.Errorf("copied %q", got)
	}
}

func TestReloadAndReset(t *testing.T) {
	back := long(3)
	h := openLong(t, back)
	back.messages[1] = append(back.messages[1], storage.Message{Pos: testPos(4), Chat: 1, Body: "came in a flood"})
	h.a.apply([]account.Event{account.ChatReload{Chat: 1}})
	h.wantText("came in a flood")
	back.accounts = back.accounts[1:]
	h.a.apply([]account.Event{account.Reset{}})
	h.wantNoText("Benvolio")
	h.wantText("Paris")
}

func TestRowsOfMessages(t *testing.T) {
	m := testModel()
	m.accounts[0].Name = "Romeo"
	c := m.chats[1]
	got := m.transcriptRow(c, storage.Message{Pos: testPos(1), Body: "/me waves", Out: true, State: storage.StateRead}, nil)
	if got.Kind != widgets.RowAction || got.Text != "waves" || got.Name != "Romeo" || got.State != widgets.StateRead {
		t.Errorf("%+v", got)
	}
	if row := m.transcriptRow(c, storage.Message{Pos: testPos(1), Body: "*a*", Unstyled: true}, nil); !row.Plain || got.Plain {
		t.Error("what its sender calls unstyled has styles, or other messages have none")
	}
	got = m.transcriptRow(c, storage.Message{Pos: testPos(1), Body: "/meek"}, nil)
	if got.Kind != widgets.RowMessage || got.Name != "Juliet Capulet" || got.State != widgets.NoState {
		t.Errorf("%+v", got)
	}
}

func TestShortcutTakesAnOpenMenuAway(t *testing.T) {
	h := open(t, verona(), wide)
	h.a.withChat(1, func(c chatAct) { c.menu(fyne.NewPos(40, 160)) })
	h.press(fyne.KeyN, fyne.KeyModifierControl)
	for _, o := range h.a.win.Canvas().Overlays().List() {
		if _, open := o.(*widgets.Menu); open {
			t.Error("the menu is still open")
		}
	}
	h.wantText("New chat")
}

func TestMenuOfAnAccount(t *testing.T) {
	h := open(t, verona(), wide)
	strip := h.a.shell.side.accounts
	strip.menu(1, strip.box)
	h.wantText("Romeo", "Away for long", "Do not disturb", "The same for all accounts", "For this account only", "Account settings")
	h.checkLayout("menu of an account")
	h.press(fyne.KeyDown, 0)
	h.press(fyne.KeyDown, 0)
	h.press(fyne.KeyReturn, 0)
	if !h.back.asked("status Away") {
		t.Errorf("asked was %q", h.back.said)
	}
	strip.menu(2, strip.box) // the one that waits
	h.press(fyne.KeyDown, 0)
	h.press(fyne.KeyReturn, 0)
	if !h.back.asked("retry now") {
		t.Errorf("asked was %q", h.back.said)
	}
	h.back.accounts[0].Enabled, h.back.accounts[0].State = false, stream.State{}
	h.a.apply([]account.Event{account.AccountsChanged{}})
	strip.menu(1, strip.box)
	h.wantText("Switched off", "Switch on")
	h.wantNoText("Do not disturb")
}

func TestFailedReadsAreTriedAgain(t *testing.T) {
	back := long(1000)
	h := open(t, back, wide)
	back.noReads = storage.ErrNotFound
	h.a.withChat(1, func(c chatAct) { h.a.shell.openChat(c.chat, "") })
	view := h.a.shell.chat.view
	if view.Len() > 0 {
		t.Fatal("there is something to show")
	}
	h.pass(readAgainAfter) // in vain
	back.noReads = nil
	h.pass(readAgainAfter)
	h.wantText("message 1000")

	back.noReads = storage.ErrNotFound
	h.a.shell.chat.focusTranscript()
	h.press(fyne.KeyHome, 0)
	held := view.Len()
	back.noReads = nil
	h.pass(readAgainAfter)
	if view.Len() <= held {
		t.Errorf("%d messages are held, as before", view.Len())
	}
}

func TestMidnightMovesTheDays(t *testing.T) {
	h := open(t, verona(), wide)
	h.a.shell.openKey("1")
	h.wantText("Today", "Yesterday")
	h.now = h.now.AddDate(0, 0, 1)
	h.a.refresh(changes{times: true}) // what the clock does
	h.wantText("Yesterday")
	h.wantNoText("Today")
}
