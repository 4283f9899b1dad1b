package app

import (
	"context"
	"testing"

	"linnet/account/stream"
)

func TestLoadAllHistoryOfAChat(t *testing.T) {
	h := openLong(t, long(3))
	steps := 0
	h.back.archive.loading = func(_ context.Context, progress func(int)) {
		h.wantText("Loading all messages")
		progress(1200)
		h.wantText("Loading all messages: 1,200 so far", "Cancel")
		h.checkLayout("loading all history")
		h.shoot("history-loading")
		h.a.shell.openKey("2")
		h.wantNoText("Loading all messages")
		h.a.shell.openKey("1")
		h.wantText("Loading all messages: 1,200 so far")
		h.a.withChat(1, chatAct.loadAll) // is under way
		steps++
	}
	h.run("Load all history")
	if steps != 1 || !h.back.asked("load all 0") {
		t.Errorf("loaded %d times, asked was %q", steps, h.back.said)
	}
	h.wantText("All messages with Juliet are here now. 1,200 were loaded")
	h.wantNoText("so far")
}

func TestLoadAllHistoryIsCancelled(t *testing.T) {
	h := openLong(t, long(3))
	h.back.archive.loading = func(ctx context.Context, progress func(int)) {
		progress(200)
		h.tap("Cancel")
		<-ctx.Done()
	}
	h.run("Load all history")
	h.wantText("Loading was stopped after 200 messages")
	h.wantNoText("so far")
}

func TestLoadAllHistoryFails(t *testing.T) {
	h := openLong(t, long(3))
	h.back.archive.fail = context.DeadlineExceeded
	h.run("Load all history")
	h.wantText("Not all messages were loaded. The server does not answer", "Try again")
	h.back.archive.fail = nil
	h.tap("Try again")
	h.wantText("All messages with Juliet were here already")
	h.back.accounts[0].State = stream.State{Phase: stream.Stopped}
	h.a.model.setAccount(h.back.accounts[0])
	for _, c := range h.a.commands {
		if c.id == "chat.loadall" && c.can() {
			t.Error("all history can be loaded while offline")
		}
	}
}

// run runs a command by its title, as the palette does.
func (h *harness) run(title string) {
	h.Helper()
	for _, c := range h.a.commands {
		if c.title == title && !c.plain {
			h.a.runFromPalette(c)
			h.settle()
			return
		}
	}
	h.Fatalf("there is no command %q", title)
}
