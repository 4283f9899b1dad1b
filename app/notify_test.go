package app

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"linnet/account"
	"linnet/storage"
)

// fakeDesktop shows notifications to the test.
type fakeDesktop struct {
	shown map[string]string // by tag
	told  int               // how often
	open  map[string]func()
}

func (d *fakeDesktop) Notify(tag, title, body, _ string, open func()) {
	d.shown[tag], d.open[tag] = title+": "+body, open
	d.told++
}

func (d *fakeDesktop) Withdraw(tag string) { delete(d.shown, tag) }

// openBehind is a window that is not in front, on a desktop that shows what it
// tells.
func openBehind(t *testing.T) (*harness, *fakeDesktop) {
	t.Helper()
	d := &fakeDesktop{shown: map[string]string{}, open: map[string]func(){}}
	h := open(t, verona(), wide)
	h.a.cfg.Notifier = d
	h.a.setFocused(false)
	return h, d
}

// comes lets a message come to chat 3, of Benvolio.
func (h *harness) comes(source account.Source, body string) {
	events := h.back.store(3, h.now, false, body)
	for i, e := range events {
		if m, ok := e.(account.MessagesAdded); ok {
			m.Source = source
			events[i] = m
		}
	}
	h.a.apply(events)
}

func (d *fakeDesktop) want(t *testing.T, told int, shown ...string) {
	t.Helper()
	var all []string
	for _, s := range d.shown {
		all = append(all, s)
	}
	slices.Sort(all)
	slices.Sort(shown)
	if !slices.Equal(all, shown) || d.told != told {
		t.Errorf("shown is %q, told %d times; want %q, told %d times", all, d.told, shown, told)
	}
}

func TestNotifications(t *testing.T) {
	h, d := openBehind(t)
	h.comes(account.Live, "I am <here>")
	d.want(t, 1, "Benvolio: I am <here>")
	h.pass(notifyEvery)
	h.comes(account.Live, "Where art thou?")
	d.want(t, 2, "Benvolio (2): Where art thou?")

	// A flood is one notification, which says in the end how many there are.
	for range 3 {
		h.comes(account.Live, "Romeo")
	}
	d.want(t, 2, "Benvolio (2): Where art thou?")
	h.pass(notifyEvery)
	d.want(t, 3, "Benvolio: 5 new messages")
	h.pass(time.Hour)
	d.want(t, 3, "Benvolio: 5 new messages")

	h.a.prefs.HideBodies = true
	h.comes(account.Live, "secret")
	d.want(t, 4, "Benvolio (6): New message")
	h.a.prefs.Silent = true
	h.pass(notifyEvery)
	h.comes(account.Live, "silent")
	d.want(t, 4, "Benvolio (6): New message")
}

func TestNoNotificationOfWhatIsSeenOrMuted(t *testing.T) {
	h, d := openBehind(t)
	c := h.a.model.chats[3]
	c.MutedUntil = muteForever
	h.a.model.chats[3], h.back.chats[3] = c, c
	h.comes(account.Live, "muted")
	c.MutedUntil = time.Time{}
	h.a.model.chats[3], h.back.chats[3] = c, c
	h.a.setFocused(true)
	h.comes(account.Live, "seen")
	h.a.setFocused(false)
	h.a.apply(h.back.store(3, h.now, true, "my own"))
	h.pass(time.Hour)
	d.want(t, 0)
}

// TestLookingEndsWhatWaits brings the window to the front before a notification
// was shown: there is no need of it any more.
func TestLookingEndsWhatWaits(t *testing.T) {
	h, d := openBehind(t)
	h.comes(account.Live, "one")
	h.comes(account.Live, "two")
	h.a.setFocused(true)
	h.pass(time.Hour)
	d.want(t, 1, "Benvolio: one")
}

// TestReadElsewhere takes a notification away when another device has read what
// it is about, and not before.
func TestReadElsewhere(t *testing.T) {
	h, d := openBehind(t)
	h.comes(account.Live, "one")
	h.pass(notifyEvery)
	h.comes(account.Live, "two")
	d.want(t, 2, "Benvolio (2): two")
	all := h.back.messages[3]
	read := func(upTo storage.Message, unread int) {
		c := h.back.chats[3]
		c.ReadUpTo, c.Unread = upTo.Pos, unread
		h.back.chats[3] = c
		h.a.apply([]account.Event{account.ChatChanged{Chat: c}})
	}
	read(all[len(all)-2], 1)
	d.want(t, 2, "Benvolio (2): two")
	if title := h.a.win.Title(); !strings.HasPrefix(title, "(3) ") {
		t.Errorf("the title is %q", title)
	}
	read(all[len(all)-1], 0)
	d.want(t, 2)
	if title := h.a.win.Title(); !strings.HasPrefix(title, "(2) ") {
		t.Errorf("the title is %q", title)
	}
	h.pass(notifyEvery)
	h.comes(account.Live, "three")
	d.want(t, 3, "Benvolio: three")
	h.a.apply([]account.Event{account.ChatRemoved{Chat: 3}})
	d.want(t, 3)
}

// TestMissedMessagesAreOneNotification lets an account get what it missed, page
// by page, and some of it be read elsewhere before the end.
func TestMissedMessagesAreOneNotification(t *testing.T) {
	h, d := openBehind(t)
	catchUp := func(on bool) {
		info := h.back.accounts[0]
		info.History.Active = on
		h.back.accounts[0] = info
		h.a.apply([]account.Event{account.StateChanged{Account: info}})
	}
	catchUp(true)
	for i := range 5 {
		h.comes(account.FromCatchUp, fmt.Sprint("missed ", i))
		h.pass(missedFor / 6)
	}
	c := h.back.chats[3]
	c.ReadUpTo = h.back.messages[3][len(h.back.messages[3])-5].Pos
	h.back.chats[3] = c
	h.a.apply([]account.Event{account.ChatChanged{Chat: c}})
	d.want(t, 0)
	catchUp(false)
	d.want(t, 1, "Benvolio: 4 new messages")

	// A server that takes its time does not keep the news from the user.
	catchUp(true)
	h.comes(account.FromCatchUp, "missed too")
	h.pass(missedFor - time.Second)
	d.want(t, 1, "Benvolio: 4 new messages")
	h.pass(time.Second)
	d.want(t, 2, "Benvolio (5): missed too")
	catchUp(false)

	// Old ones are no news.
	h.pass(notifyEvery)
	h.comes(account.FromHistory, "in fair Verona")
	h.pass(notifyEvery)
	d.want(t, 2, "Benvolio (5): missed too")
}

func TestPressedNotificationOpensItsChat(t *testing.T) {
	h, d := openBehind(t)
	h.comes(account.Live, "Romeo")
	h.a.showSettings("")
	d.open["chat 3"]()
	h.settle()
	if h.a.shell.chat.title() != "Benvolio" || h.a.pages.top() != page(h.a.shell) {
		t.Errorf("open is %q", h.a.shell.chat.title())
	}
}

func TestRequestNotifications(t *testing.T) {
	h, d := openBehind(t)
	h.back.requests = append(h.back.requests, account.Request{Account: 1, Request: storage.Request{JID: "capulet@verona.example"}})
	h.a.apply([]account.Event{account.RequestsChanged{}})
	d.want(t, 1, "capulet@verona.example: Wants to add you as a contact")
	h.a.win.Resize(fyne.NewSize(400, 700))
	h.press(fyne.Key1, fyne.KeyModifierAlt)
	d.open["request 1 capulet@verona.example"]()
	h.settle()
	h.wantText("capulet@verona.example", "Accept")
	h.back.requests = h.back.requests[:1]
	h.a.apply([]account.Event{account.RequestsChanged{}})
	d.want(t, 1)
}

func TestNotificationWords(t *testing.T) {
	for _, tt := range []struct {
		body       string
		fresh, all int
		hide       bool
		title      string
		text       string
	}{
		{"one", 1, 1, false, "B", "one"},
		{"one", 3, 3, false, "B", "3 new messages"},
		{"one", 2, 3, true, "B", "3 new messages"},
		{"one", 1, 120, false, "B (99+)", "one"},
		{"one", 1, 1, true, "B", "New message"},
		{"two\nlines\u202E", 1, 1, false, "B", "two lines"},
		{"> one\n*two*", 1, 1, false, "B", "two"},
		{strings.Repeat("é", 300), 1, 1, false, "B", strings.Repeat("é", notifyRunes) + "…"},
	} {
		if title, text := notification("B", storage.Message{Body: tt.body}, tt.fresh, tt.all, tt.hide); title != tt.title || text != tt.text {
			t.Errorf("%+v: %q, %q", tt, title, text)
		}
	}
	picture := storage.Message{Files: []storage.File{{Type: "image/png"}}}
	if _, text := notification("B", picture, 1, 1, false); text != "Picture" {
		t.Errorf("of a picture it says %q", text)
	}
}

// TestWindowInTheBackgroundNotifies is a start that the desktop gave no focus,
// on a system where only the toolkit shows notifications.
func TestWindowInTheBackgroundNotifies(t *testing.T) {
	h := locked(t, &fakeProfile{state: SecretsReady})
	h.a.apply([]account.Event{account.Reset{}})
	test.AssertNotificationSent(t, fyne.NewNotification("Benvolio", "Art thou there?"), func() {
		h.a.apply(h.back.store(3, testNow, false, "Art thou there?"))
	})
}

// TestTitleCountsWhatIsThere removes an account whose messages are kept.
func TestTitleCountsWhatIsThere(t *testing.T) {
	h := open(t, verona(), wide)
	h.a.apply(h.back.store(5, testNow, false, "of the second account"))
	if title := h.a.win.Title(); title != "(3) Linnet" {
		t.Errorf("the title is %q", title)
	}
	h.back.accounts = h.back.accounts[:1]
	h.a.apply([]account.Event{account.AccountsChanged{}})
	if title := h.a.win.Title(); title != "(2) Linnet" {
		t.Errorf("the title is %q", title)
	}
}
