package app

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"linnet/account"
	"linnet/storage"
)

func TestDetailsChangeTheChat(t *testing.T) {
	h := open(t, verona(), wide)
	h.a.shell.openKey("1")
	h.press(fyne.KeyI, fyne.KeyModifierControl)
	h.wantText("juliet@capulet.example", "Phone", "balcony-pc", "away 12 min", "Family", "You see each other's")
	h.tap("Notifications")
	if !h.back.asked("mute") || !muted(h.back.chats[1], testNow) {
		t.Error("not muted")
	}
	h.tap("Pinned")
	if !h.back.asked("pin") || !h.back.chats[1].Pinned {
		t.Error("not pinned")
	}
	h.tap("Pinned")
	if h.back.chats[1].Pinned {
		t.Error("still pinned")
	}
}

func TestDetailsSayWhatTheContactIsTold(t *testing.T) {
	h := open(t, verona(), wide)
	h.a.shell.openKey("1")
	h.a.shell.showDetails(true)
	h.wantText("Tell this contact about", "Arrival", "Reading", "Typing", "Default: yes")
	h.checkLayout("what is told")
	choose := func(row string, keys ...fyne.KeyName) {
		t.Helper()
		h.tap(row)
		for _, key := range append(keys, fyne.KeyReturn) {
			h.press(key, 0)
		}
	}
	choose("Arrival, Default: yes", fyne.KeyEnd)
	if c := h.back.chats[1]; c.Receipts != storage.ChoiceNo || c.Markers != storage.ChoiceDefault {
		t.Errorf("receipts %v, markers %v", c.Receipts, c.Markers)
	}
	choose("Reading, Default: yes", fyne.KeyDown, fyne.KeyDown)
	if c := h.back.chats[1]; c.Receipts != storage.ChoiceNo || c.Markers != storage.ChoiceYes {
		t.Errorf("receipts %v, markers %v", c.Receipts, c.Markers)
	}
	choose("Typing, Default: yes", fyne.KeyEnd)
	if c := h.back.chats[1]; c.Typing != storage.ChoiceNo {
		t.Errorf("typing %v", c.Typing)
	}
	choose("Typing, No", fyne.KeyDown)
	if c := h.back.chats[1]; c.Typing != storage.ChoiceDefault {
		t.Errorf("typing %v", c.Typing)
	}
	choose("Fetch without asking, Default: yes", fyne.KeyEnd)
	if c := h.back.chats[1]; c.AutoDownload != storage.ChoiceNo {
		t.Errorf("fetching %v", c.AutoDownload)
	}
	h.back.accounts[0].NoTyping = true
	h.a.apply([]account.Event{account.AccountsChanged{}})
	h.wantText("Default: no")
	h.wantNoText("Default: yes")
}

func TestDetailsChangeTheContact(t *testing.T) {
	h := open(t, verona(), wide)
	h.a.shell.openKey("1")
	h.a.shell.showDetails(true)
	h.tap("Family")
	h.press(fyne.KeyDown, 0)
	h.press(fyne.KeyReturn, 0)
	if !h.back.asked("groups juliet@capulet.example") {
		t.Errorf("asked was %q", h.back.said)
	}
	h.tap("Add")
	h.wantText("Work", "New group…")
	h.press(fyne.KeyEnd, 0)
	h.press(fyne.KeyReturn, 0)
	h.press(fyne.KeyReturn, 0)
	h.wantText("Enter a name")
	h.write("Balcony")
	h.press(fyne.KeyReturn, 0)
	if !h.back.asked("groups juliet@capulet.example Family Balcony") {
		t.Errorf("asked was %q", h.back.said)
	}
	h.tap("Rename")
	h.checkLayout("renaming")
	h.write(" of Verona")
	h.press(fyne.KeyReturn, 0)
	if !h.back.asked("rename juliet@capulet.example Juliet Capulet of Verona") {
		t.Errorf("asked was %q", h.back.said)
	}
	h.wantNoText("Only you see this name")
	h.tap("Rename")
	h.write(" or not")
	h.press(fyne.KeyEscape, 0)
	h.wantNoText("Only you see this name")
	if h.back.asked("rename juliet@capulet.example Juliet Capulet or not") {
		t.Error("Esc renamed")
	}
	h.tap("Copy address")
	if got := h.app.Clipboard().Content(); got != "juliet@capulet.example" {
		t.Errorf("copied is %q", got)
	}
	h.tap("Remove contact…")
	h.wantText("Remove Juliet Capulet from your contacts?")
	h.tap("Remove contact")
	if !h.back.asked("remove juliet@capulet.example") {
		t.Errorf("asked was %q", h.back.said)
	}
}

func TestDetailsSayWhoSeesWhom(t *testing.T) {
	for _, c := range []struct {
		contact account.Contact
		text    string
		button  string
		asked   string
	}{
		{account.Contact{Ask: true}, "You have asked to see theirs. No answer yet", "Ask again", "subscribe juliet@capulet.example"},
		{account.Contact{Subscription: storage.SubscriptionTo}, "You see theirs, they do not see yours", "", ""},
		{account.Contact{Subscription: storage.SubscriptionFrom}, "They see yours, you do not see theirs", "Ask to see their presence", "subscribe juliet@capulet.example"},
		{account.Contact{Subscription: storage.SubscriptionBoth}, "You see each other's", "Stop showing them mine", "stop sharing juliet@capulet.example"},
		{account.Contact{}, "You do not see each other's", "Ask to see their presence", "subscribe juliet@capulet.example"},
	} {
		back := verona()
		c.contact.Account, c.contact.JID, c.contact.Name = 1, "juliet@capulet.example", "Juliet"
		back.contacts[0] = c.contact
		h := open(t, back, wide)
		h.a.shell.openKey("1")
		h.a.shell.showDetails(true)
		h.wantText(c.text)
		if c.button == "" {
			continue
		}
		h.tap(c.button)
		if !h.back.asked(c.asked) {
			t.Errorf("%s: asked was %q", c.button, h.back.said)
		}
	}
}

func TestStrangersAreSaidToBe(t *testing.T) {
	h := open(t, verona(), wide)
	h.a.openChatWith(1, "tybalt@capulet.example", "")
	h.settle()
	h.wantText("not in your contacts", "tybalt@capulet.example wants to see when you are online", "Accept")
	h.tap("Block…")
	h.tap("Block")
	if !h.back.asked("block tybalt@capulet.example") {
		t.Errorf("asked was %q", h.back.said)
	}
	h.wantText("You have blocked tybalt@capulet.example")
	h.back.setBlocked(1, nil)
	h.settle()
	h.wantText("tybalt@capulet.example is not in your contacts", "Add contact")
}

func TestMenusOfRows(t *testing.T) {
	h := open(t, verona(), wide)
	h.a.withChat(1, func(c chatAct) { c.menu(fyne.NewPos(40, 160)) })
	h.wantText("Pin", "Mute…", "Mark as read", "Details", "Delete chat…")
	h.checkLayout("menu of a chat")
	h.press(fyne.KeyDown, 0)
	h.press(fyne.KeyReturn, 0)
	if !h.back.asked("pin") {
		t.Errorf("asked was %q", h.back.said)
	}
	h.a.withContact(contactKey{1, "friar@verona.example"}, func(c contactAct) { c.menu(fyne.NewPos(1190, 790)) })
	h.wantText("Write", "Rename…", "Copy address", "Remove contact…")
	h.checkLayout("menu of a contact")
	h.press(fyne.KeyDown, 0)
	h.press(fyne.KeyReturn, 0)
	if h.a.shell.chat.title() != "Friar Laurence" {
		t.Errorf("open is %q", h.a.shell.chat.title())
	}
}

func TestFullDiskIsSaid(t *testing.T) {
	h := open(t, verona(), wide)
	h.a.shell.openKey("1")
	h.a.apply([]account.Event{account.StorageFull{Full: true, RetryAt: testNow.Add(30e9)}})
	h.wantText("The disk is full. Messages wait until there is room. Trying again in 30 s")
	h.checkLayout("full disk")
	h.a.apply([]account.Event{account.StorageFull{}})
	h.wantNoText("The disk is full")
}

func TestOtherAccountOfTheSameContact(t *testing.T) {
	back := verona()
	twin := back.contacts[0]
	twin.Account = 2
	back.contacts = append(back.contacts, twin)
	h := open(t, back, wide)
	h.a.shell.openKey("1")
	h.a.shell.chat.accountMenu()
	h.wantText("Romeo", "m.escalus@verona.example")
	h.press(fyne.KeyDown, 0)
	h.press(fyne.KeyDown, 0)
	h.press(fyne.KeyReturn, 0)
	if got := h.a.shell.chat.chat; got.Account != 2 || got.JID != "juliet@capulet.example" {
		t.Errorf("open is %+v", got)
	}
	n := 0
	for _, r := range chatRows(h.a.model, h.a.openChatID(), testNow) {
		if r.JID == "juliet@capulet.example" {
			n++
		}
	}
	if n != 2 {
		t.Errorf("the list has %d chats with Juliet, want one of each account", n)
	}
}

func TestBlockAsksFirstAndCanBeUndone(t *testing.T) {
	h := open(t, verona(), wide)
	h.a.shell.openKey("1")
	h.a.shell.showDetails(true)
	h.tap("Block…")
	h.wantText("Block Juliet Capulet?")
	h.press(fyne.KeyReturn, 0) // the safe answer has the keyboard
	if h.back.asked("block juliet@capulet.example") {
		t.Fatal("blocked by Enter alone")
	}
	h.tap("Block…")
	h.tap("Block")
	if !h.back.asked("block juliet@capulet.example") {
		t.Errorf("asked was %q", h.back.said)
	}
	h.wantText("Juliet Capulet is blocked")
	h.tap("Undo")
	if !h.back.asked("unblock juliet@capulet.example") {
		t.Errorf("asked was %q", h.back.said)
	}
	h.back.fail = account.ErrNoBlocking
	h.a.withContact(contactKey{1, "nurse@capulet.example"}, contactAct.askBlock)
	h.tap("Block")
	h.wantText("The server cannot block addresses")
}

// TestDetailsDoNotHideTheNextChat has details that are wanted beside the chat,
// in a window with no room for that.
func TestDetailsDoNotHideTheNextChat(t *testing.T) {
	for name, size := range map[string]fyne.Size{"over the chat": sizes["small"], "in its place": sizes["narrow"]} {
		t.Run(name, func(t *testing.T) {
			h := open(t, verona(), wide)
			h.a.shell.openKey("1")
			h.a.shell.showDetails(true)
			h.a.win.Resize(size)
			h.wantNoText("Devices")
			h.press(fyne.KeyI, fyne.KeyModifierControl)
			h.wantText("Devices")
			h.a.withChat(2, func(c chatAct) { h.a.shell.openChat(c.chat, "") })
			h.wantNoText("Devices")
			h.press(fyne.KeyI, fyne.KeyModifierControl)
			h.wantText("Devices")
			h.press(fyne.KeyEscape, 0)
			h.wantNoText("Devices")
			h.a.win.Resize(wide)
			h.wantText("Devices")
		})
	}
}

func TestDetailsTellTheTimeThere(t *testing.T) {
	back := verona()
	back.zones = map[string]*time.Location{"Phone": time.FixedZone("", 2*3600), "balcony-pc": time.FixedZone("", -3*3600)}
	h := open(t, back, wide)
	h.a.shell.openKey("1")
	h.wantNoText("16:40 there")
	h.a.shell.showDetails(true)
	h.wantText("online · 16:40 there", "11:40 there")
	h.checkLayout("time there")

	back.zones["tablet"] = time.FixedZone("", 5*3600)
	for i := range back.contacts {
		if c := &back.contacts[i]; c.JID == "juliet@capulet.example" {
			c.Resources = append(slices.Clone(c.Resources), account.Presence{Resource: "tablet", Show: storage.ShowOnline})
		}
	}
	h.a.apply([]account.Event{account.RosterChanged{Account: 1}})
	h.wantText("online · 19:40 there")
	back.zones = nil
	h.a.shell.openKey("2")
	h.wantNoText("16:40 there")
}

func TestDetailsOfABlockedContact(t *testing.T) {
	h := open(t, verona(), wide)
	h.a.shell.openKey("1")
	h.a.shell.showDetails(true)
	h.back.setBlocked(1, []string{"juliet@capulet.example"})
	h.settle()
	h.wantText("You have blocked Juliet Capulet", "Unblock")
	h.wantNoText("Block…")
	h.checkLayout("blocked contact")
	h.tap("Unblock")
	if !h.back.asked("unblock juliet@capulet.example") {
		t.Errorf("asked was %q", h.back.said)
	}
	h.wantNoText("You have blocked")
}

func TestTypingIsTold(t *testing.T) {
	h := open(t, verona(), wide)
	h.a.shell.openKey("2")
	want := func(states ...account.ChatState) {
		t.Helper()
		for _, state := range states {
			if !h.back.asked("typing 2 " + strconv.Itoa(int(state))) {
				t.Errorf("%v was not told but %q", state, h.back.said)
			}
		}
		if h.back.asked("typing 2 " + strconv.Itoa(int(account.Composing))) {
			t.Error("told twice")
		}
	}
	h.write("W")
	want(account.Composing)
	h.pass(typingPause)
	want(account.Paused)
	h.write("e")
	want(account.Composing)
	h.press(fyne.KeyBackspace, 0)
	h.press(fyne.KeyBackspace, 0)
	h.back.asked("typing 2 1") // one letter was left for a moment
	want(account.Active)
	h.write("We")
	h.back.asked("typing 2 1")
	h.a.shell.openKey("3")
	h.back.asked("typing 2 1")
	want(account.Inactive)
	if h.back.asked("typing 3 1") {
		t.Error("opening a chat tells typing")
	}
}

// TestSendingTellsNoTyping holds that a message that is sent is told alone, which
// says itself that nobody types, and that one that cannot be stored is not.
func TestSendingTellsNoTyping(t *testing.T) {
	h := open(t, verona(), wide)
	h.a.shell.openKey("2")
	active := "typing 2 " + strconv.Itoa(int(account.Active))
	h.write("We")
	h.press(fyne.KeyReturn, 0)
	h.pass(typingPause)
	if !h.back.asked("send We") || h.back.asked(active) || h.back.asked("typing 2 "+strconv.Itoa(int(account.Paused))) {
		t.Errorf("sending asked %q", h.back.said)
	}
	h.back.fail = storage.ErrDiskFull
	h.write("Here")
	h.press(fyne.KeyReturn, 0)
	if !h.back.asked(active) {
		t.Errorf("a message that is not sent asked %q", h.back.said)
	}
	if text := h.a.shell.chat.composer.Text(); text != "Here" {
		t.Errorf("left %q", text)
	}
}
