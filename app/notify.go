package app

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"linnet/account"
	"linnet/storage"
	"linnet/widgets"
)

// notifyRunes is how much of a message a notification shows: desktops cut
// longer ones off themselves, and none of them wants 64 kB.
const notifyRunes = 200

// notifyEvery is the least time between two notifications of one chat, so that
// a flood of messages is not one of notifications as well.
const notifyEvery = 3 * time.Second

// notify tells the desktop of incoming messages of one chat, unless the user
// is looking at the window or has muted the chat. Messages that come together
// are one notification.
func (a *App) notify(chat storage.ChatID, messages []storage.Message) {
	if a.focused || a.prefs.Silent {
		return
	}
	c, ok := a.model.chats[chat]
	if !ok || muted(c, a.now()) {
		return
	}
	var last *storage.Message
	n := 0
	for i, m := range messages {
		if !m.Out && c.ReadUpTo.Before(m.Pos) {
			last = &messages[i]
			n++
		}
	}
	if n == 0 {
		return
	}
	now := a.now()
	if now.Sub(a.notified[chat]) < notifyEvery {
		return
	}
	a.notified[chat] = now
	title, body := notification(a.model.name(c.Account, c.JID), last.Body, n, a.prefs.HideBodies)
	a.fyne.SendNotification(fyne.NewNotification(title, body))
}

// notifyRequests tells the desktop of requests that were not there before.
func (a *App) notifyRequests(before []account.Request) {
	if a.focused || a.prefs.Silent {
		return
	}
	known := map[contactKey]bool{}
	for _, r := range before {
		known[contactKey{r.Account, r.JID}] = true
	}
	for _, r := range a.model.requests {
		if !known[contactKey{r.Account, r.JID}] {
			a.fyne.SendNotification(fyne.NewNotification(a.model.name(r.Account, r.JID), lang.L("Wants to add you as a contact")))
		}
	}
}

// notification words it.
func notification(name, body string, n int, hide bool) (title, text string) {
	switch {
	case n > 1:
		return name, lang.L("{{.N}} new messages", count(n))
	case hide:
		return name, lang.L("New message")
	}
	text = widgets.Harmless(body)
	if runes := []rune(text); len(runes) > notifyRunes {
		text = string(runes[:notifyRunes]) + "…"
	}
	return name, markupSafe(text)
}
