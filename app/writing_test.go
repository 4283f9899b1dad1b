package app

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"

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
