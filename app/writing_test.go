package app

import (
	"errors"
	"slices"
	"testing"

	"fyne.io/fyne/v2"

	"linnet/storage"
	"linnet/widgets"
)

func TestReplyIsKeptWithTheDraft(t *testing.T) {
	h := openTalk(t, talk())
	answered := h.back.messages[1][1].Pos
	h.at(1)
	h.write("r")
	h.write("So thrive")
	h.press(fyne.KeyDown, fyne.KeyModifierAlt)
	h.wantNoText("Reply to")
	if c := h.back.chats[1]; c.Draft != "So thrive" || c.DraftReply != answered {
		t.Errorf("kept: %q to %v", c.Draft, c.DraftReply)
	}
	h.press(fyne.KeyUp, fyne.KeyModifierAlt)
	h.settle()
	h.wantText("Reply to Juliet Capulet")
	h.press(fyne.KeyReturn, 0)
	h.settle()
	if h.back.sent.Reply != answered {
		t.Errorf("answered %v", h.back.sent.Reply)
	}
	if c := h.back.chats[1]; c.Draft != "" || !c.DraftReply.IsZero() {
		t.Errorf("still kept: %q to %v", c.Draft, c.DraftReply)
	}
	// Nothing is said to answer what is no longer there.
	h.at(1)
	h.write("r")
	h.write("half")
	h.press(fyne.KeyDown, fyne.KeyModifierAlt)
	h.settle()
	h.back.messages[1] = slices.Delete(h.back.messages[1], 1, 2)
	h.press(fyne.KeyUp, fyne.KeyModifierAlt)
	h.settle()
	if p := h.a.shell.chat; p.composer.Text() != "half" || p.writing.kind != widgets.ContextNone {
		t.Errorf("%q answers %v", p.composer.Text(), p.writing)
	}
}

// TestChangeThatCannotBeStoredComesBack holds that neither its words are lost nor
// what was being written before it.
func TestChangeThatCannotBeStoredComesBack(t *testing.T) {
	h := openTalk(t, talk())
	p := h.a.shell.chat
	answered := h.back.messages[1][1].Pos
	h.at(1)
	h.write("r")
	h.write("half an answer")
	own := slices.IndexFunc(h.back.messages[1], func(m storage.Message) bool { return m.Out && m.Body != "" })
	p.edit(rowID(h.back.messages[1][own].Pos))
	p.composer.SetText("better words")
	h.back.fail = errors.New("no room")
	h.press(fyne.KeyReturn, 0)
	h.settle()
	if p.composer.Text() != "better words" || p.writing.kind != widgets.ContextEdit || p.writing.pos != h.back.messages[1][own].Pos {
		t.Fatalf("came back: %q for %+v", p.composer.Text(), p.writing)
	}
	h.back.fail = nil
	h.press(fyne.KeyReturn, 0)
	h.settle()
	if !h.back.asked("correct better words") {
		t.Errorf("asked was %q", h.back.said)
	}
	if p.composer.Text() != "half an answer" || p.writing.kind != widgets.ContextReply || p.writing.pos != answered {
		t.Errorf("what was being written: %q for %+v", p.composer.Text(), p.writing)
	}
}

// TestAnswerTakesTheKeyboardAtOnce holds that the keyboard does not come to the
// composer when a message was read at last, and the user is with something else.
func TestAnswerTakesTheKeyboardAtOnce(t *testing.T) {
	a, _, until := threaded(t, talk())
	defer a.Close()
	a.shell.openKey("1")
	p := a.shell.chat
	until("the history is read", func() bool { return p.view.Len() > 0 })
	focused := func() fyne.Focusable { return a.win.Canvas().Focused() }
	writes := focused()
	for what, begin := range map[widgets.ComposerContext]func(widgets.RowID){widgets.ContextReply: p.reply, widgets.ContextEdit: p.edit} {
		p.focusTranscript()
		var own widgets.RowID
		for id := range p.view.Newest {
			if row, ok := p.view.Row(id); ok && canEdit(row) {
				own = id
				break
			}
		}
		begin(own)
		if focused() != writes {
			t.Errorf("%v: the keyboard is not in the composer at once", what)
		}
		p.find.show()
		until("the message is read", func() bool { return p.writing.kind == what })
		if focused() == writes {
			t.Errorf("%v: the keyboard was taken from the search", what)
		}
		p.find.hide()
		p.endWriting()
	}
}
