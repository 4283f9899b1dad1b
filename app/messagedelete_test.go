package app

import (
	"errors"
	"slices"
	"testing"

	"fyne.io/fyne/v2"

	"linnet/account"
	"linnet/storage"
	"linnet/widgets"
)

func TestDeleteHere(t *testing.T) {
	h := openTalk(t, talk())
	h.at(1) // of the other side
	h.press(fyne.KeyDelete, 0)
	h.wantText("Delete this message here?", "Only on this device. Others keep it.")
	h.wantNoText("Take back instead…")
	h.press(fyne.KeyReturn, 0) // the safe answer
	if h.back.asked("delete 1 messages") {
		t.Fatal("deleted without being told to")
	}
	h.press(fyne.KeyDelete, 0)
	h.tap("Delete here")
	if !h.back.asked("delete 1 messages") {
		t.Errorf("asked %q", h.back.said)
	}
	h.wantNoText("The exchange of thy love’s faithful vow for mine.")
	h.wantText("What satisfaction canst thou have tonight?")
}

func TestDeleteSeveralHere(t *testing.T) {
	back := talk()
	waits := &back.messages[1][2]
	waits.State = storage.StateWaiting
	h := openTalk(t, back)
	p := h.a.shell.chat
	p.reply(rowID(back.messages[1][0].Pos))
	for _, n := range []int{0, 2, 3} {
		p.pick(rowID(back.messages[1][n].Pos))
	}
	h.tap("Delete here")
	h.wantText("Delete 3 messages here?", "Only on this device. Others keep them.", "What waits is not sent any more")
	h.tap("Delete here") // of the card, which is on top
	if !h.back.asked("delete 3 messages") || p.view.Picking() {
		t.Errorf("asked %q, picking %v", h.back.said, p.view.Picking())
	}
	if p.composer.Context() != widgets.ContextNone {
		t.Error("what is gone is still being answered")
	}
	h.wantNoText("What satisfaction canst thou have tonight?") // nor as what is quoted
	h.wantText("What?")
}

func TestDeleteByItsMenuAndName(t *testing.T) {
	h := openTalk(t, talk())
	h.a.shell.chat.menu(rowID(h.back.messages[1][1].Pos), fyne.NewPos(120, 120), "", "")
	h.wantText("Delete here…")
	h.wantNoText("Take back…")
	h.press(fyne.KeyEscape, 0)
	h.a.shell.chat.menu(rowID(h.back.messages[1][0].Pos), fyne.NewPos(120, 120), "", "")
	h.wantText("Delete here…", "Take back…")
	h.press(fyne.KeyEscape, 0)
	if !slices.ContainsFunc(h.a.paletteItems("delete here"), func(i paletteItem) bool { return i.title == "Delete here" }) {
		t.Error("the palette does not know it")
	}
}

// TestSomeFail has some of several messages refuse what is done with them.
func TestSomeFail(t *testing.T) {
	back := talk()
	fails := &failing{fakeBackend: back, not: back.messages[1][1].Pos}
	h := openTalk(t, back)
	h.a.backend = fails
	p := h.a.shell.chat
	var ids []widgets.RowID
	for n := range 3 {
		ids = append(ids, rowID(back.messages[1][n].Pos))
	}
	p.star(ids)
	h.settle()
	h.wantText("1 of 3 messages: The disk is full")
	if !back.messages[1][0].Starred || back.messages[1][1].Starred || !back.messages[1][2].Starred {
		t.Errorf("one that fails keeps others from it: %q", back.said)
	}
}

// failing is a backend that refuses one message.
type failing struct {
	*fakeBackend
	not storage.Pos
}

func (f *failing) SetStarred(chat storage.ChatID, pos storage.Pos, on bool) error {
	if pos == f.not {
		return storage.ErrDiskFull
	}
	return f.fakeBackend.SetStarred(chat, pos, on)
}

func TestMessageWithoutID(t *testing.T) {
	back := talk()
	for _, n := range []int{0, 1} {
		back.messages[1][n].ID = ""
	}
	h := openTalk(t, back)
	for _, n := range []int{0, 1} {
		h.a.shell.chat.menu(rowID(back.messages[1][n].Pos), fyne.NewPos(120, 120), "", "")
		h.wantText("Copy message", "Message details", "Forward", "Delete here…")
		for _, text := range []string{"Reply", "👍", "Edit", "Take back…"} {
			h.wantNoText(text)
		}
		h.press(fyne.KeyEscape, 0)
	}
	h.at(1)
	h.write("r")
	h.wantNoText("Reply to")
	h.at(1)
	h.press(fyne.KeyI, ctrlShift)
	h.tap("Technical")
	h.wantText("gave it no name")
}

// TestUnsentMessage holds what can be done with what failed and nobody has, and
// that one which the server has is like others.
func TestUnsentMessage(t *testing.T) {
	back := talk()
	for n, id := range map[int]string{0: "", 2: "kept"} {
		m := &back.messages[1][n]
		m.State, m.Reason, m.StanzaID, m.Starred = storage.StateFailed, "resource-constraint", id, false
	}
	h := openTalk(t, back)
	p := h.a.shell.chat
	stays, goes := []string{"Try again", "Edit", "Copy message", "Message details", "Delete here…"}, []string{"Reply", "Forward", "Star", "Take back…"}
	p.menu(rowID(back.messages[1][2].Pos), fyne.NewPos(120, 120), "", "")
	h.wantText(append(stays, goes...)...)
	h.press(fyne.KeyEscape, 0)
	p.menu(rowID(back.messages[1][0].Pos), fyne.NewPos(120, 120), "", "")
	h.wantText(stays...)
	for _, text := range goes {
		h.wantNoText(text)
	}
	h.press(fyne.KeyEscape, 0)
	for _, id := range []string{"message.reply", "message.react", "message.forward", "message.star", "message.retract"} {
		h.at(0)
		if c, ok := h.a.commandByID(id); !ok || c.can() {
			t.Errorf("%s is offered", id)
		}
	}
	h.at(0)
	h.press(fyne.KeyDelete, 0)
	h.wantText("Only this device has it.")
	h.wantNoText("Others keep it")
	h.wantNoText("Take back instead…")
	h.tap("Keep")
	h.at(0)
	h.write("a")
	if !h.back.asked("retry") {
		t.Errorf("asked %q", h.back.said)
	}
	back.messages[1][0].Starred = true
	h.a.apply([]account.Event{account.MessageChanged{Message: back.messages[1][0]}})
	p.menu(rowID(back.messages[1][0].Pos), fyne.NewPos(120, 120), "", "")
	h.wantText("Take the star off")
}

func TestAnswerComesBackWhenItCannotBeStored(t *testing.T) {
	h := openTalk(t, talk())
	h.at(1)
	h.write("r")
	h.write("So thrive my soul")
	h.back.fail = storage.ErrDiskFull
	h.press(fyne.KeyReturn, 0)
	c := h.a.shell.chat.composer
	if c.Text() != "So thrive my soul" || c.Context() != widgets.ContextReply {
		t.Fatalf("the composer has %q", c.Text())
	}
	h.wantText("Reply to Juliet Capulet")
	h.back.fail = nil
	h.press(fyne.KeyReturn, 0)
	if h.back.sent.Reply != h.back.messages[1][1].Pos {
		t.Errorf("it answers %v", h.back.sent.Reply)
	}
}

func TestSourceOfAMessage(t *testing.T) {
	h := openTalk(t, talk())
	h.at(5) // encrypted by another program
	h.press(fyne.KeyI, ctrlShift)
	h.wantText("OMEMO, which Linnet cannot read")
	h.tap("Technical")
	h.tap("Show source")
	h.wantText("As the server has it", "<body>&#x202E; ")
	h.tap("Copy")
	if got, want := h.app.Clipboard().Content(), "<message>\n  <body>&#x202E; "+itoa(h.back.messages[1][5].Pos.Seq)+"</body>\n</message>"; got != want {
		t.Errorf("copied %q", got)
	}
	h.press(fyne.KeyEscape, 0)
	h.wantText("Message details")
	h.back.fail = account.ErrNoSource
	h.tap("Show source")
	h.wantText("The server does not have this message any more")
	h.press(fyne.KeyEscape, 0)
	h.back.fail = errors.Join(account.ErrNoArchive)
	h.tap("Show source")
	h.wantText("The server keeps no messages")
	h.press(fyne.KeyEscape, 0)
	h.press(fyne.KeyEscape, 0)
	h.back.fail = nil
	h.back.messages[1][2].State = storage.StateWaiting
	h.at(2)
	h.press(fyne.KeyI, ctrlShift)
	h.wantText("Not encrypted end to end")
	h.tap("Technical")
	h.tap("Show source")
	h.wantText("This is what will be sent")
}

func TestReactionByKeyHasOneChosen(t *testing.T) {
	h := openTalk(t, talk())
	h.at(0)
	h.write("+")
	h.press(fyne.KeyReturn, 0)
	if !h.back.asked("react " + quickEmoji[0]) {
		t.Errorf("asked %q", h.back.said)
	}
}

// TestDeleteInAChatThatIsGone answers the question when its chat is there no more.
func TestDeleteInAChatThatIsGone(t *testing.T) {
	h := openTalk(t, talk())
	p := h.a.shell.chat
	ids := []widgets.RowID{rowID(h.back.messages[1][1].Pos)}
	for _, ask := range []struct {
		by     func([]widgets.RowID)
		answer string
	}{{p.askDelete, "Delete here"}, {p.askRetract, "Take back"}} {
		ask.by(ids)
		p.removed(1)
		h.back.said = nil
		h.tap(ask.answer)
		if len(h.back.said) > 0 {
			t.Errorf("%s: asked %q", ask.answer, h.back.said)
		}
		h.a.shell.openKey("1")
	}
}
