package app

import (
	"context"
	"testing"

	"fyne.io/fyne/v2"

	"linnet/account"
	"linnet/account/stream"
)

// checkSection looks at the texts of the open section of the settings as
// checkLayout does at all others: what scrolls is left out there.
func (h *harness) checkSection(what string) {
	h.Helper()
	body := h.a.pages.top().(*settingsPage).body
	var texts []placedText
	walk(body, fyne.Position{}, "", func(o fyne.CanvasObject, at fyne.Position, path string) {
		text, need := textIn(o)
		if text == "" {
			return
		}
		at = at.Subtract(body.Position())
		if need.Width > o.Size().Width+1 || at.X < -linkInset || at.X+need.Width > body.Size().Width+1 {
			h.Errorf("%s: the text %q at %v needs %v and has %v of %v", what, text, at, need.Width, o.Size().Width, body.Size().Width)
		}
		if at.Y+need.Height > body.Size().Height+need.Height {
			h.Errorf("%s: the text %q at %v is below the end %v", what, text, at, body.Size())
		}
		texts = append(texts, placedText{text, at, fyne.NewSize(need.Width, o.Size().Height)})
	})
	for i, t := range texts {
		for _, u := range texts[i+1:] {
			if t.covers(u) {
				h.Errorf("%s: the texts %q and %q lie over each other", what, t.text, u.text)
			}
		}
	}
	if len(texts) == 0 {
		h.Errorf("%s: the section is empty", what)
	}
}

func TestAccountSectionFits(t *testing.T) {
	everywhere(t, func(t *testing.T, h *harness, name string) {
		h.a.showAccount(1)
		h.settle()
		h.checkSection("account")
		h.a.pages.top().(*settingsPage).scroll.ScrollToBottom()
		h.shoot("account-end-" + name)
	})
}

func TestReceiptSwitches(t *testing.T) {
	h := open(t, verona(), wide)
	h.a.showAccount(1)
	h.tap("Tell contacts when you have read their messages")
	if !h.back.asked("receipts true false") {
		t.Errorf("asked was %q", h.back.said)
	}
	h.tap("Tell contacts when their messages arrive")
	if !h.back.asked("receipts false false") {
		t.Errorf("asked was %q", h.back.said)
	}
	s := h.a.pages.top().(*settingsPage).open.(*accountSection)
	if s.receipts.On() || s.markers.On() {
		t.Error("the switches do not show what holds")
	}
}

// active is the choice of the open account that is marked; "" for none.
func active(h *harness) string {
	for i, b := range h.a.pages.top().(*settingsPage).open.(*accountSection).archive.buttons {
		if b.Active() && b.Visible() {
			return []string{"Always", "From contacts only", "Never"}[i]
		}
	}
	return ""
}

func TestArchivePolicy(t *testing.T) {
	h := open(t, verona(), wide)
	h.back.policy = account.ArchiveContacts
	h.a.showAccount(1)
	if got := active(h); got != "From contacts only" {
		t.Errorf("marked is %q", got)
	}
	h.tap("Never")
	if !h.back.asked("keep never") || active(h) != "Never" {
		t.Errorf("asked was %q, marked is %q", h.back.said, active(h))
	}
	h.back.fail = stream.ErrOffline
	h.tap("Always")
	h.wantText("Not connected")
	if got := active(h); got != "Never" {
		t.Errorf("marked is %q, though the server did not take it", got)
	}
}

func TestArchivePolicyThatCannotBeChosen(t *testing.T) {
	for says, err := range map[string]error{
		"Your server keeps no messages":       account.ErrNoArchive,
		"Your server does not let you choose": &stream.StanzaError{Condition: "feature-not-implemented"},
		"The server does not answer":          context.DeadlineExceeded,
	} {
		h := open(t, verona(), wide)
		h.back.noPolicy = err
		h.a.showAccount(1)
		h.wantText(says)
		h.wantNoText("From contacts only")
	}

	// What an account that is not connected keeps is asked when it is.
	h := open(t, verona(), wide)
	h.a.showAccount(2)
	h.wantText("Known when this account is connected")
	h.back.accounts[1].State = stream.State{Phase: stream.Online}
	h.a.apply([]account.Event{account.StateChanged{Account: h.back.accounts[1]}})
	h.wantNoText("Known when this account is connected")
	h.wantText("From contacts only")
}

func TestLoadAllHistoryOfAnAccount(t *testing.T) {
	h := open(t, verona(), wide)
	h.a.showAccount(1)
	load := func(end func(context.Context) error) {
		h.back.loadAll = func(ctx context.Context, progress func(int)) error {
			progress(100)
			h.wantText("Getting messages: 100")
			progress(12500)
			h.wantText("Getting messages: 12,500", "Cancel")
			h.a.back()
			h.a.showAccount(1)
			h.wantText("Getting messages: 12,500")
			return end(ctx)
		}
		h.tap("Load all")
		h.wantNoText("Getting messages")
	}
	load(func(context.Context) error { return nil })
	h.wantText("All messages are here now, 12,500 of them new")
	load(func(ctx context.Context) error {
		h.tap("Cancel")
		return ctx.Err()
	})
	h.wantText("Loading was stopped after 12,500 messages")
	load(func(context.Context) error { return stream.ErrOffline })
	h.wantText("Not all messages were loaded. Not connected")
	h.back.loadAll = func(context.Context, func(int)) error { return nil }
	h.tap("Try again")
	h.wantText("All messages were here already")
}
