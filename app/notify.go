package app

import (
	"fmt"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"linnet/account"
	"linnet/storage"
)

// Notifier shows notifications on the desktop. Its methods never wait, and are
// called on the UI goroutine.
type Notifier interface {
	// Notify shows a notification in place of the one with the same tag, if
	// that is still there. The texts are plain. open is run, on any goroutine,
	// when the user presses it; action says what that does, for desktops that
	// show a button for it.
	Notify(tag, title, body, action string, open func())
	// Withdraw takes the notification with this tag away, if it is still there.
	Withdraw(tag string)
}

// toolkitNotifier is the toolkit's notifications, which cannot be pressed,
// replaced or taken away.
type toolkitNotifier struct{ fyne.App }

func (t toolkitNotifier) Notify(_, title, body, _ string, _ func()) {
	t.SendNotification(fyne.NewNotification(title, body))
}

func (toolkitNotifier) Withdraw(string) {}

// notifyRunes is how much of a message a notification shows: desktops cut
// longer ones off themselves, and none of them wants 64 kB.
const notifyRunes = 200

// notifyEvery is the least time between two notifications of one chat, so that
// a flood of messages is not one of notifications as well.
const notifyEvery = 3 * time.Second

// missedFor is how long what was missed waits for the rest of it, so that one
// notification tells of all. A server may need minutes for the rest.
const missedFor = 15 * time.Second

// notice is what the desktop is told of one chat.
type notice struct {
	unread []storage.Pos   // messages it is about, also those not told yet
	fresh  int             // how many of them, the last ones, were not told
	last   storage.Message // the newest
	missed bool            // some came while nothing was connected
	since  time.Time       // when the first of the fresh ones came
	at     time.Time       // when it was told last
	shown  bool
	later  func() // stops the timer of a notice that waits; nil for none
}

// notice takes messages of which the desktop is to be told, unless the user is
// looking at the window or has muted the chat. Old ones are no news.
func (a *App) notice(e account.MessagesAdded) {
	c, ok := a.model.chats[e.Chat]
	if e.Source == account.FromHistory || a.focused || a.prefs.Silent || !ok || muted(c, a.now()) {
		return
	}
	if c.Request {
		a.notifyStrangers()
		return
	}
	for _, m := range e.Messages {
		if m.Out || !c.ReadUpTo.Before(m.Pos) {
			continue
		}
		n := a.notices[e.Chat]
		if n == nil {
			n = &notice{}
			a.notices[e.Chat] = n
		}
		if n.fresh == 0 {
			n.since = a.now()
		}
		n.unread = append(n.unread, m.Pos)
		n.fresh++
		if n.last.Pos.Before(m.Pos) {
			n.last = m
		}
		n.missed = n.missed || e.Source == account.FromCatchUp
	}
}

// tellNotices tells the desktop what is new, and takes away what the user has
// read here or elsewhere. What was missed is told when all of it is there.
func (a *App) tellNotices() {
	for id, n := range a.notices {
		c, ok := a.model.chats[id]
		n.unread = slices.DeleteFunc(n.unread, func(p storage.Pos) bool { return !c.ReadUpTo.Before(p) })
		n.fresh = min(n.fresh, len(n.unread))
		if !ok || len(n.unread) == 0 {
			a.dropNotice(id, n)
			continue
		}
		if n.later != nil {
			n.later()
			n.later = nil
		}
		if n.fresh == 0 {
			continue
		}
		wait := notifyEvery - a.now().Sub(n.at)
		if n.missed && a.catchingUp(c.Account) {
			wait = max(wait, missedFor-a.now().Sub(n.since))
		}
		if wait <= 0 {
			a.tellNotice(c, n)
			continue
		}
		n.later = a.after(wait, a.tellNotices)
	}
}

func (a *App) tellNotice(c storage.Chat, n *notice) {
	id := c.ID
	title, body := notification(a.model.name(c.Account, c.JID), n.last, n.fresh, len(n.unread), a.prefs.HideBodies)
	a.cfg.Notifier.Notify(chatTag(id), title, body, lang.L("Open chat"), func() { a.fromDesktop(func() { a.shell.openKey(chatKey(id)) }) })
	n.at, n.fresh, n.missed, n.shown = a.now(), 0, false, true
}

// notifyStrangers tells the desktop that somebody unknown has written: once
// until the user looks, and without a word of it, since anybody could fill the
// screen with that.
func (a *App) notifyStrangers() {
	if a.strangersTold {
		return
	}
	a.strangersTold = true
	a.cfg.Notifier.Notify(strangersTag, lang.L("New request"), lang.L("Somebody who is not in your contacts has written to you"), lang.L("Show"), func() {
		a.fromDesktop(a.showRequests)
	})
}

// dropNotice forgets a notice and takes it off the desktop.
func (a *App) dropNotice(id storage.ChatID, n *notice) {
	if n.later != nil {
		n.later()
	}
	if n.shown {
		a.cfg.Notifier.Withdraw(chatTag(id))
	}
	delete(a.notices, id)
}

// seen forgets what waits to be told: the user looks at the window now. What
// the desktop shows stays there until it is read.
func (a *App) seen() {
	if a.strangersTold {
		a.strangersTold = false
		a.cfg.Notifier.Withdraw(strangersTag)
	}
	for id, n := range a.notices {
		n.fresh = 0
		if !n.shown {
			a.dropNotice(id, n)
		}
	}
}

// catchingUp reports whether an account is getting what it missed.
func (a *App) catchingUp(id storage.AccountID) bool {
	info := a.model.account(id)
	return info != nil && info.History.Active
}

// fromDesktop does what a pressed notification asks for. Any goroutine.
func (a *App) fromDesktop(open func()) {
	a.post(func() {
		a.raise()
		a.leavePages()
		open()
	})
}

// notifyRequests tells the desktop of requests that were not there before, and
// takes away those that are answered.
func (a *App) notifyRequests(before []account.Request) {
	same := func(r account.Request) func(account.Request) bool {
		return func(o account.Request) bool { return o.Account == r.Account && o.JID == r.JID }
	}
	for _, r := range before {
		if !slices.ContainsFunc(a.model.requests, same(r)) {
			a.cfg.Notifier.Withdraw(requestTag(r))
		}
	}
	if a.focused || a.prefs.Silent {
		return
	}
	for _, r := range a.model.requests {
		if !slices.ContainsFunc(before, same(r)) {
			a.cfg.Notifier.Notify(requestTag(r), a.model.name(r.Account, r.JID), lang.L("Wants to add you as a contact"), lang.L("Show"), func() {
				a.fromDesktop(a.showRequests)
			})
		}
	}
}

// strangersTag names the notification about people unknown.
const strangersTag = "strangers"

func chatTag(id storage.ChatID) string { return "chat " + chatKey(id) }

func requestTag(r account.Request) string { return fmt.Sprintf("request %d %s", r.Account, r.JID) }

// notification words it: fresh messages are told of now, last the newest of them;
// with those told before, all are waiting.
func notification(name string, last storage.Message, fresh, all int, hide bool) (title, text string) {
	if fresh > 1 {
		return name, lang.L("{{.N}} new messages", count(all))
	}
	title = name
	if all > 1 {
		title += " (" + badge(all) + ")"
	}
	if hide {
		return title, lang.L("New message")
	}
	text = quotedText(last)
	if runes := []rune(text); len(runes) > notifyRunes {
		text = string(runes[:notifyRunes]) + "…"
	}
	return title, text
}
