package app

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"linnet/account"
	"linnet/account/stream"
	"linnet/storage"
)

func TestReadAndAnswerByKeyboard(t *testing.T) {
	h := open(t, verona(), wide)
	h.wantText("Juliet Capulet", "No chat is open", "Good night, good night")
	h.press(fyne.Key1, fyne.KeyModifierAlt)
	if h.a.shell.chat.title() != "Juliet Capulet" {
		t.Fatalf("open is %q", h.a.shell.chat.title())
	}
	h.wantText("online · “on the balcony”", "New", "Thou know")
	if !h.back.asked("read") {
		t.Error("the chat was not marked read")
	}
	h.write("Good morrow")
	h.press(fyne.KeyReturn, 0)
	if !h.back.asked("send Good morrow") {
		t.Fatalf("asked was %q", h.back.said)
	}
	if text := h.a.shell.chat.composer.Text(); text != "" {
		t.Errorf("the composer still has %q", text)
	}
	h.wantText("Good morrow", "You: Good morrow")
	h.wantText("New") // until the chat is left
}

func TestFailedSendGivesTheTextBack(t *testing.T) {
	h := open(t, verona(), wide)
	h.a.shell.openKey("1")
	h.back.fail = storage.ErrDiskFull
	h.write("precious words")
	h.press(fyne.KeyReturn, 0)
	if got := h.a.shell.chat.composer.Text(); got != "precious words" {
		t.Errorf("the composer has %q", got)
	}
	h.wantText("The disk is full")
}

func TestDividerAndMarkReadWhenTheWindowComesBack(t *testing.T) {
	h := open(t, verona(), wide)
	h.a.shell.openKey("2")
	h.back.said = nil
	h.a.setFocused(false)
	h.a.apply(h.back.store(2, testNow, false, "Art thou there?"))
	h.settle()
	if h.back.asked("read") {
		t.Error("marked read although the window is not in front")
	}
	h.wantText("Art thou there?", "New")
	h.a.setFocused(true)
	h.settle()
	if !h.back.asked("read") {
		t.Error("not marked read when the window came back")
	}
	if h.back.chats[2].Unread != 0 {
		t.Error("still unread")
	}
}

func TestDraftsStayWithTheirChat(t *testing.T) {
	h := open(t, verona(), wide)
	h.press(fyne.Key1, fyne.KeyModifierAlt)
	h.write("to Juliet")
	h.press(fyne.KeyDown, fyne.KeyModifierAlt)
	if got := h.a.shell.chat.composer.Text(); got != "" {
		t.Errorf("the next chat begins with %q", got)
	}
	h.write("to another")
	h.press(fyne.KeyUp, fyne.KeyModifierAlt)
	if got := h.a.shell.chat.composer.Text(); got != "to Juliet" {
		t.Errorf("the draft is %q", got)
	}
	if !h.back.asked("draft to Juliet") || !h.back.asked("draft to another") {
		t.Errorf("drafts stored: %q", h.back.said)
	}
	h.press(fyne.KeyReturn, 0)
	h.settle()
	if h.back.chats[1].Draft != "" {
		t.Errorf("the draft is still %q after sending", h.back.chats[1].Draft)
	}
}

// TestDraftIsStoredWhileTheUserRests counts on no other moment to store it: not
// on leaving the chat, and not on a clean end.
func TestDraftIsStoredWhileTheUserRests(t *testing.T) {
	h := open(t, verona(), wide)
	h.a.shell.openKey("1")
	h.write("to Ju")
	h.pass(draftAfter - time.Millisecond)
	h.write("liet")
	h.pass(draftAfter - time.Millisecond)
	if got := h.back.chats[1].Draft; got != "" {
		t.Errorf("%q was stored while the user typed", got)
	}
	h.pass(time.Millisecond)
	if got := h.back.chats[1].Draft; got != "to Juliet" {
		t.Errorf("the draft stored is %q", got)
	}
	h.back.said = nil
	h.pass(time.Minute)
	if h.back.asked("draft to Juliet") {
		t.Error("the same draft was stored again")
	}
}

// TestEndedByTheDesktop closes the window as after a signal: without Quit.
func TestEndedByTheDesktop(t *testing.T) {
	h := open(t, verona(), wide)
	h.a.shell.openKey("1")
	h.write("half a sent")
	h.a.showSettings("")
	h.a.Close()
	if got := h.back.chats[1].Draft; got != "half a sent" {
		t.Errorf("the draft stored is %q", got)
	}
	if _, ok, _ := h.back.Setting(settingWindow); !ok {
		t.Error("the preferences were not stored")
	}
}

func TestComingIntoViewMarksRead(t *testing.T) {
	h := open(t, verona(), sizes["narrow"])
	h.a.shell.openKey("2")
	h.press(fyne.KeyEscape, 0) // to the list
	h.back.said = nil
	h.a.apply(h.back.store(2, testNow, false, "Art thou there?"))
	h.settle()
	if h.back.asked("read") {
		t.Error("marked read although only the list is shown")
	}
	h.a.win.Resize(wide)
	h.a.refresh(changes{times: true})
	h.settle()
	if !h.back.asked("read") {
		t.Error("not marked read although it is in view")
	}
}

func TestEmptyChatSaysSo(t *testing.T) {
	h := open(t, verona(), wide)
	h.a.openChatWith(1, "tybalt@capulet.example", "")
	h.settle()
	if !h.a.shell.chat.blank.Visible() {
		t.Error("nothing says that the chat is empty")
	}
	h.checkLayout("empty chat")
	h.write("Peace")
	h.press(fyne.KeyReturn, 0)
	if h.a.shell.chat.blank.Visible() {
		t.Error("the chat is said to be empty")
	}
	h.a.shell.openKey("1")
	if h.a.shell.chat.blank.Visible() {
		t.Error("another chat is said to be empty")
	}
}

func TestSlowConnectionIsSaid(t *testing.T) {
	h := open(t, verona(), wide)
	h.a.shell.openKey("1")
	h.back.accounts[0].State = stream.State{Phase: stream.Connecting}
	h.a.apply([]account.Event{account.StateChanged{Account: h.back.accounts[0]}})
	h.wantNoText("Connecting")
	h.now = h.now.Add(connectingLong)
	h.a.refresh(changes{states: true}) // what the clock does
	h.wantText("Connecting. Messages wait until the server answers")
	h.back.accounts[0].State = stream.State{Phase: stream.Online}
	h.a.apply([]account.Event{account.StateChanged{Account: h.back.accounts[0]}})
	h.wantNoText("Connecting")
}

func TestBannerCountsDown(t *testing.T) {
	h := open(t, verona(), wide)
	h.a.shell.openKey("5") // of the account that waits
	h.wantText("Not connected. Trying again in 12 s", "Try now")
	h.now = h.now.Add(5 * time.Second)
	h.a.refresh(changes{states: true})
	h.wantText("Not connected. Trying again in 7 s")
	h.tap("Try now")
	if !h.back.asked("retry now") {
		t.Error("nothing was tried")
	}
	h.back.accounts[1].State = stream.State{Phase: stream.Connecting}
	h.a.apply([]account.Event{account.StateChanged{Account: h.back.accounts[1]}})
	h.wantText("Connecting. Messages wait") // goes on, so the line stays
	h.back.accounts[1].State = stream.State{Phase: stream.Failed, Err: &stream.AuthError{Reason: stream.AuthWrongPassword}}
	h.a.apply([]account.Event{account.StateChanged{Account: h.back.accounts[1]}})
	h.wantText("Wrong password", "Sign in again")
}
