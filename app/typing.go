package app

import (
	"time"

	"linnet/account"
	"linnet/storage"
)

// typingPause is how long nobody types until the contact is told that the user
// rests.
const typingPause = 5 * time.Second

// typist tells the contact of the open chat that the user is typing.
type typist struct {
	a    *App
	chat storage.ChatID // where the user types; 0 for nowhere
	rest func()         // stops the timer of a pause
}

func newTypist(a *App) *typist { return &typist{a: a, rest: func() {}} }

// typed takes what is written now.
func (t *typist) typed(id storage.ChatID, text string) {
	if text == "" {
		t.end(account.Active)
		return
	}
	t.rest()
	t.chat = id
	t.a.backend.SetTyping(id, account.Composing)
	t.rest = t.a.after(typingPause, func() { t.a.backend.SetTyping(id, account.Paused) })
}

// sent forgets that the user typed: a message that is sent says so by itself.
func (t *typist) sent() {
	t.rest()
	t.chat = 0
}

// end tells what the user does instead, if typing was told.
func (t *typist) end(state account.ChatState) {
	t.rest()
	if t.chat != 0 {
		t.a.backend.SetTyping(t.chat, state)
		t.chat = 0
	}
}
