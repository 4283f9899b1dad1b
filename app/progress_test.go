package app

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"linnet/account"
)

// getting says how far the accounts are with their history.
func (h *harness) getting(states ...account.HistoryState) {
	h.Helper()
	for i, s := range states {
		h.back.accounts[i].History = s
		h.a.apply([]account.Event{account.StateChanged{Account: h.back.accounts[i]}})
	}
}

func TestHistoryLine(t *testing.T) {
	h := open(t, verona(), wide)
	size := h.a.shell.side.chats.Size()
	h.getting(account.HistoryState{Active: true, Loaded: 50})
	h.getting(account.HistoryState{})
	h.pass(time.Hour)
	h.wantNoText("Getting messages")

	h.getting(account.HistoryState{Active: true})
	h.wantNoText("Getting messages")
	h.pass(historyLong)
	h.wantText("Getting messages")
	h.getting(account.HistoryState{Active: true, Loaded: 1200})
	h.wantText("Getting messages: 1,200")
	h.getting(account.HistoryState{Active: true, Loaded: 1250, Total: 10000})
	h.wantText("Getting messages: 1,250 of 10,000")
	h.getting(account.HistoryState{Active: true, Loaded: 1300, Total: 10000}, account.HistoryState{Active: true, Loaded: 999700, Total: 1000000})
	h.wantText("Getting messages: 1,001,000 of 1,010,000")
	h.getting(account.HistoryState{}, account.HistoryState{Active: true, Loaded: 999800})
	h.wantText("Getting messages: 999,800")
	h.getting(account.HistoryState{}, account.HistoryState{})
	h.wantNoText("Getting messages")
	if got := h.a.shell.side.chats.Size(); got != size {
		t.Errorf("the list has the size %v, had %v", got, size)
	}
}

// TestHistoryLineMovesNoRow compares where the rows are.
func TestHistoryLineMovesNoRow(t *testing.T) {
	everywhere(t, func(t *testing.T, h *harness, name string) {
		at := func() fyne.Position {
			return h.app.Driver().AbsolutePositionForObject(h.a.shell.side.chats)
		}
		before := at()
		h.getting(account.HistoryState{Active: true, Loaded: 3400, Total: 10000})
		h.pass(historyLong)
		if !h.a.shell.side.history.line.Visible() || at() != before {
			t.Errorf("the list is at %v, was at %v", at(), before)
		}
		h.checkLayout("history")
		h.shoot("history-" + name)
	})
}
