package app

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"linnet/account"
	"linnet/storage"
	"linnet/widgets"
)

// stranger adds a chat with somebody unknown.
func (f *fakeBackend) stranger(id storage.ChatID, jid string, at time.Time, words ...string) {
	f.chats[id] = storage.Chat{ID: id, Account: 1, JID: jid, Request: true}
	for i, w := range words {
		f.store(id, at.Add(time.Duration(i)*time.Minute), false, w)
	}
}

func TestRequestsAreListedApart(t *testing.T) {
	everywhere(t, func(t *testing.T, h *harness, name string) {
		h.back.stranger(20, "abram@montague.example", testNow.Add(-time.Hour),
			"Do you bite your thumb at us, sir?", "https://quarrel.example/thumb", strings.Repeat("No better. ", 60))
		h.back.stranger(21, "tybalt@capulet.example", testNow.Add(-2*time.Hour), "Turn thee, look upon thy death")
		h.a.apply([]account.Event{account.Reset{}})
		h.wantText("2 requests")
		h.wantNoText("abram@montague.example")
		h.checkLayout("row of requests")
		h.shoot("requests-row-" + name)
		h.tap("2 requests")
		h.wantText("abram@montague.example", "Do you bite your thumb at us, sir?", "No better.",
			"Turn thee, look upon thy death", "Wants to see when you are online: “A word with one of you”", "Delete", "Block…")
		h.checkLayout("requests")
		h.shoot("requests-" + name)
		if n := len(h.back.chats[20].Draft); n > 0 || h.back.asked("read") {
			t.Error("looking at a request marked it as read")
		}
	})
}

func TestRequestIsAnswered(t *testing.T) {
	h := open(t, verona(), wide)
	h.a.shell.side.show(tabContacts)
	h.tap("1 request")
	h.wantText("tybalt@capulet.example", "A word with one of you", "Accept", "Decline", "Block…")
	h.tap("Accept")
	if !h.back.asked("accept tybalt@capulet.example") {
		t.Errorf("asked was %q", h.back.said)
	}
	h.wantText("No requests")
	h.press(fyne.KeyEscape, 0)
	h.wantNoText("1 request")
}

func TestStrangersAreAnswered(t *testing.T) {
	for _, c := range []struct {
		button string
		asked  []string
	}{
		{"Accept", []string{"accept chat 20", "accept tybalt@capulet.example"}},
		{"Delete", []string{"decline tybalt@capulet.example", "delete"}},
		{"Block…", []string{"block tybalt@capulet.example", "delete"}},
	} {
		back := verona()
		back.stranger(20, "tybalt@capulet.example", testNow, "Follow me close")
		h := open(t, back, wide)
		h.a.showRequests()
		h.tap(c.button)
		if c.button == "Block…" {
			h.wantNoText("Report them to your server")
			h.wantText("What they wrote is deleted, no more reaches you, and to them you are offline. They are not told. The settings of the account list whom you have blocked.")
			h.tap("Block")
			h.wantNoText("Undo") // which would not bring it back
		}
		for _, line := range c.asked {
			if !back.asked(line) {
				t.Errorf("%s: %q was not asked but %q", c.button, line, back.said)
			}
		}
		h.wantText("No requests")
		h.press(fyne.KeyEscape, 0)
		if shown := strings.Contains(h.texts(), "Follow me close"); shown != (c.button == "Accept") {
			t.Errorf("%s: in the list of chats: %v", c.button, shown)
		}
	}
}

func TestBlockThatFailsLosesNothing(t *testing.T) {
	back := verona()
	back.stranger(20, "tybalt@capulet.example", testNow, "Follow me close")
	h := open(t, back, wide)
	h.a.showRequests()
	back.fail = account.ErrNoBlocking
	h.a.blockInquiry(inquiries(h.a.model)[0], false)
	h.tap("Block")
	h.settle()
	if _, ok := back.chats[20]; !ok {
		t.Error("the chat is gone although the server did not block")
	}
	h.wantText("The server cannot block addresses", "Follow me close")
}

func TestManyRequestsComeInPortions(t *testing.T) {
	back := verona()
	for i := range requestsShown + 10 {
		back.stranger(storage.ChatID(100+i), fmt.Sprintf("spam%d@capulet.example", i), testNow.Add(-time.Duration(i)*time.Minute), "Buy")
	}
	h := open(t, back, wide)
	h.a.showRequests()
	h.wantText("11 more come into view when these are answered") // with the one who asks
	h.checkLayout("many requests")
}

func TestStrangersMakeNoNoise(t *testing.T) {
	h, d := openBehind(t)
	h.back.stranger(20, "tybalt@capulet.example", testNow.Add(-time.Hour))
	h.a.apply([]account.Event{account.ChatChanged{Chat: h.back.chats[20]}})
	h.a.apply(h.back.store(20, testNow, false, "Thou, wretched boy"))
	h.a.apply(h.back.store(20, testNow, false, "that didst consort him here"))
	d.want(t, 1, "New request: Somebody who is not in your contacts has written to you")
	if title := h.a.win.Title(); strings.Contains(title, "(4)") {
		t.Errorf("the title counts strangers: %q", title)
	}
	h.a.setFocused(true)
	d.want(t, 1)
}

func TestChatOfAStrangerAsks(t *testing.T) {
	back := verona()
	back.stranger(20, "abram@montague.example", testNow, "Quarrel, sir?")
	h := open(t, back, wide)
	h.a.shell.openKey("20")
	h.settle()
	h.wantText("abram@montague.example is not in your contacts", "Accept", "Delete", "Block…")
	h.checkLayout("chat of a stranger")
	h.tap("Accept")
	if !back.asked("accept chat 20") {
		t.Errorf("asked was %q", back.said)
	}
}

func TestStrangersAreReported(t *testing.T) {
	everywhere(t, func(t *testing.T, h *harness, name string) {
		h.back.reporting = true
		h.back.stranger(20, "abram@montague.example", testNow, "Buy!", "Cheap!")
		h.a.apply([]account.Event{account.Reset{}})
		h.a.showRequests()
		h.checkLayout("requests that can be reported")
		h.a.blockInquiry(inquiries(h.a.model)[0], true)
		h.wantText("Block abram@montague.example?", "Report them to your server", "What happened", "As spam")
		h.checkLayout("report")
		h.shoot("report-" + name)
		h.wantText("Report and block")
		visible(h.a.win.Canvas(), func(o fyne.CanvasObject, _ fyne.Position, _ string) {
			if tabs, ok := o.(*widgets.Tabs); ok {
				h.a.win.Canvas().Focus(tabs)
			}
		})
		h.press(fyne.KeyHome, 0)
		h.wantNoText("Report and block")
		h.checkLayout("no report")
		h.press(fyne.KeyRight, 0)
		h.checkLayout("report again")
		h.tap("Report and block")
		if !h.back.asked("report abram@montague.example urn:xmpp:reporting:spam 2 ") || !h.back.asked("delete") {
			h.Errorf("asked was %q", h.back.said)
		}
		h.wantText("abram@montague.example is blocked")
	})
}

// TestRequestsStayInPlace has messages and people come while somebody is about to
// answer.
func TestRequestsStayInPlace(t *testing.T) {
	everywhere(t, func(t *testing.T, h *harness, name string) {
		h.back.requests = nil
		h.back.stranger(20, "abram@montague.example", testNow.Add(-time.Hour), "Do you bite your thumb at us, sir?")
		h.back.stranger(21, "tybalt@capulet.example", testNow.Add(-2*time.Hour), "Turn thee")
		h.a.apply([]account.Event{account.Reset{}})
		h.a.showRequests()
		canvas := h.a.win.Canvas()
		buttons := func() (all []*widgets.Button, at []fyne.Position) {
			visible(canvas, func(o fyne.CanvasObject, p fyne.Position, path string) {
				if b, ok := o.(*widgets.Button); ok && strings.Contains(path, "Scroll") {
					all, at = append(all, b), append(at, p)
				}
			})
			return all, at
		}
		before, places := buttons()
		canvas.Focus(before[1])
		for _, e := range [][]account.Event{
			h.back.store(21, testNow, false, "look upon thy death"), h.back.store(20, testNow, false, "No better?"),
		} {
			h.a.apply(e)
		}
		h.back.stranger(22, "gregory@capulet.example", testNow.Add(time.Minute), "I will frown")
		h.a.apply([]account.Event{account.ChatChanged{Chat: h.back.chats[22]}})
		h.wantNoText("look upon thy death")
		h.wantText("Show what is new", "I will frown")
		h.checkLayout("requests with news")
		h.shoot("requests-news-" + name)
		after, now := buttons()
		if len(after) != len(before)+3 || !slices.Equal(after[:len(before)], before) || !slices.Equal(now[:len(places)], places) {
			t.Errorf("the buttons were at %v and are at %v", places, now)
		}
		if canvas.Focused() != fyne.Focusable(before[1]) {
			t.Errorf("the keyboard is at %v", canvas.Focused())
		}

		h.tap("Show what is new")
		h.wantText("look upon thy death", "No better?")
		h.wantNoText("Show what is new")
		if text := h.texts(); strings.Index(text, "gregory") > strings.Index(text, "abram") {
			t.Error("the newest is not on top")
		}

		// The keyboard goes on with the next, where pressing once more does nothing.
		all, _ := buttons()
		canvas.Focus(all[0])
		h.press(fyne.KeySpace, 0)
		h.wantNoText("gregory@capulet.example")
		h.wantNoText("Show what is new")
		if canvas.Focused() != fyne.Focusable(all[5]) {
			t.Errorf("after an answer the keyboard is at %v", canvas.Focused())
		}
	})
}
