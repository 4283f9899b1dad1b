package app

import (
	"testing"

	"fyne.io/fyne/v2"

	"linnet/account"
	"linnet/account/stream"
)

func TestBlockedAddressesAreListed(t *testing.T) {
	everywhere(t, func(_ *testing.T, h *harness, name string) {
		h.back.blocked = []string{"tybalt@capulet.example", "spam.example"}
		h.a.showAccount(1)
		h.tap("Blocked addresses")
		h.wantText("spam.example", "Everybody on this server", "tybalt@capulet.example")
		h.checkLayout("blocked")
		h.shoot("blocked-" + name)
		h.tap("Unblock") // the last one
		if !h.back.asked("unblock tybalt@capulet.example") {
			h.Errorf("asked was %q", h.back.said)
		}
		h.wantNoText("tybalt@capulet.example")
		h.back.setBlocked(1, []string{"spam.example", "paris@verona.example"}) // by another program
		h.settle()
		h.wantText("paris@verona.example")
		h.back.setBlocked(1, []string{"spam.example"})
		h.settle()
		h.tap("Unblock")
		h.wantText("Nobody is blocked")
		h.checkLayout("nobody blocked")
	})
}

func TestBlockByHand(t *testing.T) {
	h := open(t, verona(), wide)
	h.a.settings().openBlocked(1)
	s := h.a.pages.top().(*settingsPage).open.(*blockedSection)
	s.address.Focus()
	for text, says := range map[string]string{
		"": "Enter an address", "a b": "An address has no spaces", "@spam.example": "The name before the @ is missing",
		"spam..example": "is not a server name", "romeo@montague.example": "This is your own address",
	} {
		s.address.SetText(text)
		h.press(fyne.KeyReturn, 0)
		h.wantText(says)
		h.checkLayout("wrong address")
	}
	s.address.SetText("")
	h.write(" Spam.Example ")
	h.press(fyne.KeyReturn, 0)
	if !h.back.asked("block spam.example") || s.address.Text() != "" {
		t.Errorf("asked was %q, the field has %q", h.back.said, s.address.Text())
	}
	h.wantText("spam.example", "Everybody on this server")
	h.back.fail = stream.ErrOffline
	s.address.SetText("paris@verona.example")
	s.add()
	h.settle()
	h.wantText("Not connected")
}

func TestBlockedListSaysWhyThereIsNone(t *testing.T) {
	h := open(t, verona(), wide)
	h.back.fail = account.ErrNoBlocking
	h.a.settings().openBlocked(1)
	h.wantText("The server cannot block addresses")
	h.wantNoText("Try again")
	h.back.fail = stream.ErrOffline
	h.a.settings().openBlocked(1)
	h.wantText("Not connected", "Try again")
	h.back.fail = nil
	h.tap("Try again")
	h.wantText("Nobody is blocked")
	h.a.settings().openBlocked(2) // which has no connection
	h.wantText("Known when this account is connected")
	h.press(fyne.KeyEscape, 0)
	h.wantText("Change password")
}
