package app

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"linnet/account"
	"linnet/storage"
	"linnet/widgets"
)

func TestStepsOfAMessage(t *testing.T) {
	written := testNow.Add(-10 * time.Minute)
	at := func(m int) int64 { return written.Add(time.Duration(m) * time.Minute).UnixMilli() }
	steps := func(parts ...messageStep) []messageStep {
		return append([]messageStep{{widgets.NoState, "Written", clock(written)}}, parts...)
	}
	pos := storage.Pos{Time: written.UnixMilli(), Seq: 1}
	for name, tt := range map[string]struct {
		m    storage.Message
		want []messageStep
	}{
		"incoming":  {storage.Message{}, nil},
		"waiting":   {storage.Message{Out: true, State: storage.StateWaiting}, steps(messageStep{widgets.StateWaiting, "Waiting to be sent", ""})},
		"sent":      {storage.Message{Out: true, State: storage.StateSent, SentAt: at(1)}, steps(messageStep{widgets.StateSent, "Sent", clock(written.Add(time.Minute))})},
		"delivered": {storage.Message{Out: true, State: storage.StateDelivered, SentAt: at(1)}, steps(messageStep{widgets.StateSent, "Sent", clock(written.Add(time.Minute))}, messageStep{widgets.StateDelivered, "Delivered", ""})},
		"read": {
			storage.Message{Out: true, State: storage.StateRead, SentAt: at(1), ReadAt: at(3)},
			steps(messageStep{widgets.StateSent, "Sent", clock(written.Add(time.Minute))}, messageStep{widgets.StateRead, "Read", clock(written.Add(3 * time.Minute))}),
		},
		"failed": {storage.Message{Out: true, State: storage.StateFailed, Reason: "item-not-found"}, steps(messageStep{widgets.StateFailed, "Failed: There is nobody at this address", ""})},
	} {
		tt.m.Pos = pos
		if got := messageSteps(tt.m, testNow); !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
	}
}

// withStates is a backend whose first chat ends with a message of each state.
func withStates() *fakeBackend {
	back := verona()
	back.messages[1] = nil
	for i, state := range []storage.MessageState{
		storage.StateReceived, storage.StateRead, storage.StateDelivered, storage.StateSent, storage.StateWaiting, storage.StateFailed,
	} {
		at := testNow.Add(time.Duration(i-30) * time.Minute)
		body := []string{
			"O swear not by the moon, the inconstant moon", "What shall I swear by?", "If my heart’s dear love",
			"O wilt thou leave me so unsatisfied?", "The exchange of thy love’s faithful vow for mine", "I would it were to give again",
		}[i]
		back.store(1, at, state != storage.StateReceived, body)
		m := &back.messages[1][i]
		m.From, m.ID, m.OriginID, m.StanzaID = "romeo@montague.example/Linnet.4f2a", "4f2a-91", "4f2a-91", "2026-11-20-0000000017"
		m.State = state
		if m.Out && state != storage.StateWaiting && state != storage.StateFailed {
			m.SentAt = at.UnixMilli()
		}
		if state == storage.StateDelivered || state == storage.StateRead {
			m.DeliveredAt = at.Add(time.Minute).UnixMilli()
		}
		if state == storage.StateRead {
			m.ReadAt = at.Add(2 * time.Minute).UnixMilli()
		}
		if state == storage.StateFailed {
			m.Reason = "remote-server-not-found"
		}
		c := back.chats[1]
		c.Last.State = state
		back.chats[1] = c
	}
	return back
}

func TestMessageDetailsByKeyboard(t *testing.T) {
	back := withStates()
	h := open(t, back, wide)
	h.a.shell.openKey("1")
	h.press(fyne.KeyI, ctrlShift)
	h.wantText("Message details", "Failed: The other server cannot be reached", "I would it were to give again", "romeo@montague.example/Linnet.4f2a")
	h.tap("Try again")
	if !back.asked("retry") {
		t.Errorf("asked was %q", back.said)
	}
	h.wantNoText("Message details")
	for range 3 {
		h.press(fyne.KeyUp, ctrl)
	}
	h.press(fyne.KeyI, ctrlShift)
	h.wantText("Sent", "O wilt thou leave me so unsatisfied?")
	h.wantNoText("4f2a-91")
	h.tap("Technical")
	h.wantText("Message id", "4f2a-91", "Origin id", "Id in the server's archive", "2026-11-20-0000000017")
	h.tap("Copy Id in the server's archive")
	if got := h.app.Clipboard().Content(); got != "2026-11-20-0000000017" {
		t.Errorf("copied %q", got)
	}
	m := back.messages[1][3]
	m.State, m.ReadAt = storage.StateRead, testNow.UnixMilli()
	h.a.apply([]account.Event{account.MessageChanged{Message: m}})
	h.wantText("Read")
	h.press(fyne.KeyEscape, 0)
	h.wantNoText("Message details")
	h.a.apply([]account.Event{account.MessageChanged{Message: m}}) // the card is gone
}

func TestMessageStatesEverywhere(t *testing.T) {
	for size, dp := range sizes {
		for _, variant := range []string{themeLight, themeDark} {
			name := size + "-" + variant
			t.Run(name, func(t *testing.T) {
				h := open(t, withStates(), dp)
				h.a.changePrefs(func(p *prefs) { p.Theme = variant })
				h.a.withChat(1, func(c chatAct) { h.a.shell.openChat(c.chat, "") })
				h.settle()
				h.checkLayout("states")
				h.shoot("states-" + name)
				h.press(fyne.KeyI, ctrlShift)
				h.checkLayout("message details")
				h.shoot("message-failed-" + name)
				h.press(fyne.KeyEscape, 0)
				for range 6 {
					h.press(fyne.KeyUp, ctrl)
				}
				h.press(fyne.KeyDown, ctrl)
				h.press(fyne.KeyI, ctrlShift)
				h.tap("Technical")
				h.wantText("Written", "Sent", "Delivered", "Read")
				h.checkLayout("message details with ids")
				h.shoot("message-read-" + name)
				h.tap("Show source")
				h.checkLayout("source")
				h.shoot("message-source-" + name)
			})
		}
	}
}

// TestGapsEverywhere looks at the lines about what is missing.
func TestGapsEverywhere(t *testing.T) {
	for size, dp := range sizes {
		for _, variant := range []string{themeLight, themeDark} {
			name := size + "-" + variant
			t.Run(name, func(t *testing.T) {
				back := archived(14, 4, 8)
				for i := range back.messages[1] {
					back.messages[1][i].Pos.Time = testNow.Add(time.Duration(i-20) * time.Hour).UnixMilli()
				}
				for i := range back.archive.missing[1] {
					back.archive.missing[1][i].Pos.Time = back.messages[1][3].Pos.Time - 1
				}
				h := open(t, back, dp)
				h.a.changePrefs(func(p *prefs) { p.Theme = variant })
				h.a.shell.openKey("2")
				back.archive.during = func() {
					h.shoot("gap-loading-" + name)
					if shown := h.texts(); strings.Contains(shown, "message 9") && !strings.Contains(shown, "Loading messages") {
						t.Error("nothing says that messages are loaded")
					}
				}
				back.archive.fail = account.ErrNoArchive
				h.a.withChat(1, func(c chatAct) { h.a.shell.openChat(c.chat, "") })
				h.settle()
				h.checkLayout("gap that cannot be filled")
				h.shoot("gap-failed-" + name)
			})
		}
	}
}

func TestTimesSayWhatBecameOfAMessage(t *testing.T) {
	at := time.Date(2026, 11, 3, 14, 3, 0, 0, time.Local).UnixMilli()
	for want, m := range map[string]storage.Message{
		"Received 3 Nov 2026 14:03":      {},
		"Waiting to be sent":             {Out: true, State: storage.StateWaiting},
		"Read 3 Nov 2026 14:03":          {Out: true, State: storage.StateRead, ReadAt: at},
		"Delivered":                      {Out: true, State: storage.StateDelivered},
		"Failed: The server is too busy": {Out: true, State: storage.StateFailed, Reason: "resource-constraint"},
	} {
		m.Pos.Time = at
		if got := aboutMessage(m); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
