package app

import (
	"errors"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"linnet/account"
	"linnet/storage"
	"linnet/widgets"
)

// talk is a backend whose first chat has a message of each kind.
func talk() *fakeBackend {
	back := verona()
	back.messages[1] = nil
	say := func(minutesAgo int, out bool, body string, edit func(*storage.Message)) {
		back.store(1, testNow.Add(-time.Duration(minutesAgo)*time.Minute), out, body)
		m := &back.messages[1][len(back.messages[1])-1]
		m.ID = "id-" + body
		if edit != nil {
			edit(m)
		}
	}
	say(40, true, "What satisfaction canst thou have tonight?", nil)
	say(39, false, "The exchange of thy love’s faithful vow for mine.", func(m *storage.Message) {
		m.Reply = storage.Reply{ID: "id-What satisfaction canst thou have tonight?", From: "romeo@montague.example", Quote: "What?"}
		m.Reactions = []storage.Reaction{{From: "juliet@capulet.example", Emoji: []string{"🌙", "❤️"}}, {Out: true, Emoji: []string{"❤️"}}}
	})
	say(38, true, "I gave thee mine before thou didst request it", func(m *storage.Message) {
		m.EditedAt, m.Starred = testNow.Add(-37*time.Minute).UnixMilli(), true
		m.Reply = storage.Reply{ID: "gone", From: "juliet@capulet.example", Quote: "The exchange of thy love’s faithful vow"}
	})
	say(30, false, "", func(m *storage.Message) { m.RetractedAt = 1 })
	say(29, true, "", func(m *storage.Message) {
		m.RetractedAt = 1
		m.Act = storage.Act{Kind: storage.ActRetract, State: storage.StateFailed, Reason: "resource-constraint"}
	})
	say(20, false, "I sent you an OMEMO encrypted message but your client doesn’t seem to support that.", nil)
	say(10, false, "https://verona.example/balcony", func(m *storage.Message) {
		m.Links = []storage.Link{{URL: "https://verona.example/balcony", Title: "The balcony", Text: "Where they met by night"}}
	})
	say(2, true, "Good night, good night", func(m *storage.Message) {
		m.Act = storage.Act{Kind: storage.ActCorrect, State: storage.StateFailed, Reason: "resource-constraint"}
		m.Reacted = storage.Act{Kind: storage.ActReact, State: storage.StateFailed, Reason: "resource-constraint"}
	})
	return back
}

func openTalk(t *testing.T, back *fakeBackend) *harness {
	t.Helper()
	h := open(t, back, wide)
	h.a.withChat(1, func(c chatAct) { h.a.shell.openChat(c.chat, "") })
	h.settle()
	return h
}

// at puts the keyboard at a message, counted from the first.
func (h *harness) at(n int) {
	h.Helper()
	p := h.a.shell.chat
	p.focusTranscript()
	want := rowID(h.back.messages[1][n].Pos)
	for range h.back.messages[1] {
		p.stepMessage(-1)
		if id, ok := p.view.AtMessage(); ok && id == want {
			return
		}
	}
	h.Fatalf("the keyboard does not come to message %d", n)
}

func TestMessagesOfEachKindEverywhere(t *testing.T) {
	for size, dp := range sizes {
		for _, variant := range []string{themeLight, themeDark} {
			name := size + "-" + variant
			t.Run(name, func(t *testing.T) {
				h := open(t, talk(), dp)
				h.a.changePrefs(func(p *prefs) { p.Theme = variant })
				h.a.withChat(1, func(c chatAct) { h.a.shell.openChat(c.chat, "") })
				h.settle()
				h.checkLayout("kinds")
				h.shoot("kinds-" + name)
				p := h.a.shell.chat
				p.menu(rowID(h.back.messages[1][7].Pos), fyne.NewPos(120, 120), "", "")
				h.checkLayout("menu")
				h.shoot("kinds-menu-" + name)
				h.press(fyne.KeyEscape, 0)
				p.reply(rowID(h.back.messages[1][1].Pos))
				h.checkLayout("reply")
				h.shoot("kinds-reply-" + name)
				p.pick(rowID(h.back.messages[1][2].Pos))
				p.pick(rowID(h.back.messages[1][1].Pos))
				h.wantText("2 selected")
				h.checkLayout("picking")
				h.shoot("kinds-picking-" + name)
				p.view.StopPicking()
				p.find.show()
				h.write("night")
				h.pass(findAfter)
				h.checkLayout("find")
				h.shoot("kinds-find-" + name)
				p.find.hide()
				p.forward([]widgets.RowID{rowID(h.back.messages[1][0].Pos)})
				h.checkLayout("forward")
				h.shoot("kinds-forward-" + name)
				h.press(fyne.KeyEscape, 0)
				h.a.showStarred(0)
				h.checkLayout("starred")
				h.shoot("kinds-starred-" + name)
				h.press(fyne.KeyEscape, 0)
				p.showGoToDay()
				h.checkLayout("day")
				h.shoot("kinds-day-" + name)
				h.press(fyne.KeyEscape, 0)
				p.askDelete([]widgets.RowID{rowID(h.back.messages[1][0].Pos)})
				h.checkLayout("delete")
				h.shoot("kinds-delete-" + name)
			})
		}
	}
}

func TestReplyByKeyboard(t *testing.T) {
	h := openTalk(t, talk())
	c := h.a.shell.chat.composer
	h.at(1)
	h.write("r")
	if !c.Focused() || c.Text() != "" || c.Context() != widgets.ContextReply {
		t.Fatalf("the composer has %q, focused %v", c.Text(), c.Focused())
	}
	h.wantText("Reply to Juliet Capulet")
	h.write("So thrive my soul")
	h.press(fyne.KeyReturn, 0)
	if !h.back.asked("send So thrive my soul") || h.back.sent.Reply != h.back.messages[1][1].Pos {
		t.Errorf("asked %q, to %v", h.back.said, h.back.sent.Reply)
	}
	h.wantNoText("Reply to")
	h.at(0)
	h.write("r")
	h.wantText("Reply to yourself")
	h.press(fyne.KeyEscape, 0)
	h.wantNoText("Reply to")
}

func TestEditByKeyboard(t *testing.T) {
	h := openTalk(t, talk())
	c := h.a.shell.chat.composer
	c.Focus()
	h.press(fyne.KeyUp, 0)
	if c.Text() != "Good night, good night" || c.Context() != widgets.ContextEdit {
		t.Fatalf("Up brings %q", c.Text())
	}
	h.press(fyne.KeyEscape, 0)
	if c.Text() != "" || c.Context() != widgets.ContextNone {
		t.Errorf("Escape leaves %q", c.Text())
	}
	h.write("half a th")
	h.at(0)
	h.write("e")
	h.a.shell.chat.saveDraft() // what is changed is no draft
	if h.back.asked("draft What satisfaction canst thou have tonight?") {
		t.Error("the message that is changed is kept as a draft")
	}
	h.write("!")
	h.press(fyne.KeyReturn, 0)
	if !h.back.asked("correct What satisfaction canst thou have tonight?!") {
		t.Errorf("asked %q", h.back.said)
	}
	if c.Text() != "half a th" {
		t.Errorf("what was being written is now %q", c.Text())
	}
	// The answer shows the new words.
	row, _ := h.a.shell.chat.view.Row(rowID(h.back.messages[1][1].Pos))
	if row.Quote.Text != "What satisfaction canst thou have tonight?!" {
		t.Errorf("the answer quotes %q", row.Quote.Text)
	}
	h.a.shell.chat.showEdits(rowID(h.back.messages[1][0].Pos))
	h.wantText("What this message said", "First", "What satisfaction canst thou have tonight?", "What satisfaction canst thou have tonight?!")
	h.press(fyne.KeyEscape, 0)
	h.at(1) // of the other side
	h.write("e")
	if c.Context() != widgets.ContextNone {
		t.Error("the words of another one are changed")
	}
}

func TestEditIsLeftWithTheChat(t *testing.T) {
	h := openTalk(t, talk())
	h.write("half")
	h.at(0)
	h.write("e")
	h.a.withChat(2, func(c chatAct) { h.a.shell.openChat(c.chat, "") })
	if got := h.a.shell.chat.composer.Text(); got != "" {
		t.Errorf("the other chat has %q", got)
	}
	if h.back.chats[1].Draft != "half" {
		t.Errorf("the draft is %q", h.back.chats[1].Draft)
	}
}

func TestReactions(t *testing.T) {
	h := openTalk(t, talk())
	h.at(1)
	h.write("+")
	h.press(fyne.KeyDown, 0)
	h.press(fyne.KeyReturn, 0)
	if !h.back.asked("react ❤️ 👍") {
		t.Errorf("asked %q", h.back.said)
	}
	h.a.shell.chat.react(rowID(h.back.messages[1][1].Pos), "❤️")
	if !h.back.asked("react 👍") {
		t.Errorf("asked %q", h.back.said)
	}
	h.settle()
	row, _ := h.a.shell.chat.view.Row(rowID(h.back.messages[1][1].Pos))
	if got := row.Reactions; len(got) != 3 || got[1].Count != 1 || got[1].Mine || got[2].Emoji != "👍" || !got[2].Mine {
		t.Errorf("shown are %+v", got)
	}
}

func TestAnyEmojiIsAReaction(t *testing.T) {
	h := openTalk(t, talk())
	h.at(0)
	h.write("+")
	h.press(fyne.KeyDown, 0)
	h.press(fyne.KeyLeft, 0) // to the last one: more
	h.press(fyne.KeyReturn, 0)
	h.write("rocket")
	h.press(fyne.KeyReturn, 0)
	if !h.back.asked("react 🚀") {
		t.Errorf("asked %q", h.back.said)
	}
}

func TestStarAndTheListOfThem(t *testing.T) {
	h := openTalk(t, talk())
	h.at(0)
	h.write("s")
	if !h.back.messages[1][0].Starred {
		t.Fatal("there is no star")
	}
	h.press(fyne.KeyK, ctrl)
	h.write("starred messages")
	h.press(fyne.KeyReturn, 0)
	h.wantText("Starred messages", "You: What satisfaction canst thou have tonight?", "You: I gave thee mine before thou didst request it")
	h.press(fyne.KeyDown, 0)
	h.press(fyne.KeyReturn, 0)
	h.wantNoText("Starred messages")
	h.at(0)
	h.write("s")
	if h.back.messages[1][0].Starred {
		t.Error("the star stays")
	}
}

func TestTakeBack(t *testing.T) {
	h := openTalk(t, talk())
	h.at(1)
	h.write("t")
	h.wantNoText("Take back this message?")
	h.at(0)
	h.write("t")
	h.wantText("Take back this message?")
	h.press(fyne.KeyEscape, 0)
	h.at(0)
	h.press(fyne.KeyDelete, 0)
	h.tap("Take back instead…") // what deleting offers, too
	h.tap("Take back")
	if !h.back.asked("retract "+itoa(h.back.messages[1][0].Pos.Seq)) || h.back.messages[1][0].Body != "" {
		t.Errorf("asked %q", h.back.said)
	}
	row, _ := h.a.shell.chat.view.Row(rowID(h.back.messages[1][1].Pos))
	if row.Quote.Text != "You took this message back" {
		t.Errorf("the answer quotes %q", row.Quote.Text)
	}
}

func TestSeveralMessages(t *testing.T) {
	h := openTalk(t, talk())
	h.at(0)
	h.write(" ")
	h.wantText("1 selected")
	h.press(fyne.KeyDown, 0)
	h.write(" ")
	h.wantText("2 selected")
	h.tap("Copy")
	got := h.app.Clipboard().Content()
	if !strings.Contains(got, "] Romeo: What satisfaction") || !strings.Contains(got, "\n[") || !strings.Contains(got, "] Juliet Capulet: The exchange") {
		t.Errorf("copied %q", got)
	}
	h.wantNoText("2 selected")
	p := h.a.shell.chat
	p.pick(rowID(h.back.messages[1][0].Pos))
	p.pick(rowID(h.back.messages[1][1].Pos))
	h.tap("Forward")
	h.wantText("Forward 2 messages", "Friar Laurence")
	h.write("friar")
	h.press(fyne.KeyReturn, 0)
	if !h.back.asked("forward 2 from 1 to friar@verona.example") {
		t.Errorf("asked %q", h.back.said)
	}
	h.wantText("Forwarded to Friar Laurence")
	p.pick(rowID(h.back.messages[1][0].Pos))
	p.pick(rowID(h.back.messages[1][1].Pos))
	p.pick(rowID(h.back.messages[1][2].Pos))
	h.tap("Take back")
	h.wantText("Take back 2 messages?") // the own ones
	h.press(fyne.KeyEscape, 0)
	h.press(fyne.KeyEscape, 0)
	if p.view.Picking() {
		t.Error("Escape does not end picking")
	}
}

func TestFailedActs(t *testing.T) {
	h := openTalk(t, talk())
	h.a.shell.chat.drop(rowID(h.back.messages[1][7].Pos))
	if !h.back.asked("drop") {
		t.Errorf("asked %q", h.back.said)
	}
	h.settle()
	h.wantNoText("Edit not sent")
	h.wantText("Reaction not sent: The server is too busy.", "They may still see it: The server is too busy.")
	h.a.shell.chat.drop(rowID(h.back.messages[1][7].Pos))
	h.settle()
	h.wantNoText("Reaction not sent")
	h.back.fail = errors.New("no")
	h.a.shell.chat.react(rowID(h.back.messages[1][0].Pos), "👍")
	h.wantText("no")
}

func TestWaitingChange(t *testing.T) {
	back := talk()
	back.messages[1][0].Act = storage.Act{Kind: storage.ActRetract, State: storage.StateWaiting}
	h := openTalk(t, back)
	row, _ := h.a.shell.chat.view.Row(rowID(back.messages[1][0].Pos))
	if row.State != widgets.StateWaiting || row.Notice.Text != "" {
		t.Errorf("%+v", row)
	}
}

func TestAnswersThatComeLive(t *testing.T) {
	h := openTalk(t, talk())
	m := storage.Message{
		Pos: storage.Pos{Time: testNow.UnixMilli(), Seq: 99}, Chat: 1, Body: "Sleep dwell upon thine eyes",
		Reply: storage.Reply{ID: "id-Good night, good night", From: "romeo@montague.example"},
	}
	h.a.apply([]account.Event{account.MessagesAdded{Chat: 1, Messages: []storage.Message{m}}})
	row, ok := h.a.shell.chat.view.Row(rowID(m.Pos))
	if !ok || row.Quote == nil || row.Quote.Text != "Good night, good night" || !row.Quote.Own {
		t.Errorf("%+v", row.Quote)
	}
	p := h.a.shell.chat
	p.jumpToQuoted(rowID(m.Pos))
	p.jumpToQuoted(rowID(h.back.messages[1][2].Pos))
	h.wantText("That message is not on this computer")
}

// TestQuotesOfWhatIsNotHere holds that a contact cannot say what we have said.
func TestQuotesOfWhatIsNotHere(t *testing.T) {
	h := openTalk(t, talk())
	for i, x := range []struct {
		out, named, own bool
		from            string
	}{{false, false, false, "romeo@montague.example"}, {true, true, true, "romeo@montague.example"}, {false, true, false, "juliet@capulet.example"}} {
		m := storage.Message{
			Pos: storage.Pos{Time: testNow.UnixMilli(), Seq: uint64(90 + i)}, Chat: 1, Out: x.out, Body: "So you said",
			Reply: storage.Reply{ID: "nowhere", From: x.from, Quote: "I owe thee a thousand ducats"},
		}
		h.a.apply([]account.Event{account.MessagesAdded{Chat: 1, Messages: []storage.Message{m}}})
		row, ok := h.a.shell.chat.view.Row(rowID(m.Pos))
		if !ok || row.Quote == nil || (row.Quote.Name != "") != x.named || row.Quote.Own != x.own {
			t.Errorf("%+v: %+v", x, row.Quote)
		}
	}
}

func TestNamesOfContactsThatComeLater(t *testing.T) {
	back := talk()
	contacts := back.contacts
	back.contacts = nil
	h := openTalk(t, back)
	h.wantText("juliet@capulet.example")
	back.contacts = contacts
	h.a.apply([]account.Event{account.RosterChanged{Account: 1}})
	row, _ := h.a.shell.chat.view.Row(rowID(back.messages[1][2].Pos))
	if row.Name != "Romeo" || row.Quote == nil || row.Quote.Name != "Juliet Capulet" {
		t.Errorf("%+v", row)
	}
	row, _ = h.a.shell.chat.view.Row(rowID(back.messages[1][1].Pos))
	if row.Name != "Juliet Capulet" || row.Reactions[0].Who != "Juliet Capulet" {
		t.Errorf("%+v", row)
	}
}
