package app

import (
	"context"

	"fyne.io/fyne/v2/lang"

	"linnet/account"
	"linnet/account/stream"
	"linnet/storage"
)

// changes says what of the model is new since the last refresh.
type changes struct {
	accounts bool // accounts, their names and colours, or the common status
	states   bool // connections
	roster   bool // contacts and their presence
	requests bool
	chats    bool // rows of the chat list
	blocked  bool // who is blocked
	faces    bool // pictures of people have come
	times    bool // only time has gone by
	full     bool // whether the disk is full
}

// everything makes all views new.
var everything = changes{accounts: true, states: true, roster: true, requests: true, chats: true, blocked: true, faces: true, times: true, full: true}

// apply takes a batch of events into the model and shows what changed, once.
func (a *App) apply(events []account.Event) {
	if a.closed.Load() {
		return
	}
	var c changes
	for _, e := range events {
		a.applyOne(e, &c)
	}
	a.tellNotices()
	a.refresh(c)
}

func (a *App) applyOne(e account.Event, c *changes) {
	switch e := e.(type) {
	case account.AccountsChanged:
		a.reloadAccounts()
		c.accounts, c.states, c.roster, c.chats = true, true, true, true
	case account.StateChanged:
		a.model.setAccount(e.Account)
		c.states = true
	case account.RosterChanged:
		a.model.setContacts(e.Account, a.backend.Contacts(e.Account))
		c.roster, c.chats = true, true
	case account.PresenceChanged:
		a.applyPresence(e)
		c.roster, c.chats = true, true
	case account.RequestsChanged:
		before := a.model.requests
		a.model.requests = a.backend.Requests()
		a.notifyRequests(before)
		c.requests = true
	case account.ChatChanged:
		a.model.chats[e.Chat.ID] = e.Chat
		c.chats = true
	case account.TypingChanged:
		a.model.setTyping(e.Chat, e.State)
		c.chats = true
	case account.AvatarChanged:
		a.applyAvatar(e)
		c.accounts, c.roster, c.chats = true, true, true
	case account.BlockedChanged:
		c.blocked = true
	case account.ChatRemoved:
		delete(a.model.chats, e.Chat)
		a.shell.chat.removed(e.Chat)
		c.chats = true
	case account.MessagesAdded:
		a.shell.chat.added(e)
		a.links.came(e)
		a.notice(e)
	case account.MessageChanged:
		a.files.changed(e.Message)
		a.shell.chat.changed(e.Message)
	case account.FileProgress:
		a.files.progress(e)
	case account.ChatReload:
		a.shell.chat.reload(e.Chat)
	case account.Reset:
		a.reset()
	case account.StorageFull:
		a.model.full = e
		c.full = true
	}
}

func (a *App) applyPresence(e account.PresenceChanged) {
	if e.JIDs == nil {
		a.model.setContacts(e.Account, a.backend.Contacts(e.Account))
		return
	}
	for _, jid := range e.JIDs {
		if contact, ok := a.backend.Contact(e.Account, jid); ok {
			a.model.contacts[contactKey{e.Account, jid}] = contact
		}
	}
}

// applyAvatar takes who shows another picture.
func (a *App) applyAvatar(e account.AvatarChanged) {
	if contact, ok := a.backend.Contact(e.Account, e.JID); ok {
		a.model.contacts[contactKey{e.Account, e.JID}] = contact
	}
	a.model.accounts = a.backend.Accounts()
}

// reloadAccounts takes the accounts anew, with the contacts of new ones and
// without those of removed ones.
func (a *App) reloadAccounts() {
	a.model.accounts, a.model.status = a.backend.Accounts(), a.backend.Status()
	known := map[storage.AccountID]bool{}
	for _, info := range a.model.accounts {
		known[info.ID] = true
		a.model.setContacts(info.ID, a.backend.Contacts(info.ID))
	}
	for key := range a.model.contacts {
		if !known[key.account] {
			delete(a.model.contacts, key)
		}
	}
	a.model.requests = a.backend.Requests()
}

// reset reads everything again.
func (a *App) reset() {
	a.reloadAccounts()
	a.read(func(context.Context) func() {
		chats, err := a.backend.Chats()
		if err != nil {
			return func() { a.resetFailed(err) }
		}
		return func() {
			clear(a.model.chats)
			clear(a.model.typing)
			for _, c := range chats {
				a.model.chats[c.ID] = c
			}
			a.shell.chat.reload(a.shell.chat.id())
			first := !a.begun
			a.begun = true
			a.tellNotices()
			a.refresh(everything)
			if first {
				a.begin()
			}
		}
	})
}

// resetFailed says why the chats could not be read. Before they were read for
// the first time there is nothing else to show.
func (a *App) resetFailed(err error) {
	if a.begun {
		a.fail(err)
		return
	}
	a.log.Error("read chats", "error", err)
	a.showTrouble(lang.L("Linnet cannot start"), failureText(err), lang.L("Try again"), a.reset)
}

// refresh shows what changed.
func (a *App) refresh(c changes) {
	if c == (changes{}) {
		return
	}
	a.model.follow(a.now())
	a.pages.refresh(c)
	a.cards.refresh(c)
	a.shell.chat.markRead()
	a.setTitle()
}

// countingDown reports whether an account is on its way online, which the
// window tells of by the second.
func (a *App) countingDown() bool {
	for _, info := range a.model.accounts {
		if info.State.Phase == stream.Waiting || info.State.Phase == stream.Connecting {
			return true
		}
	}
	return a.model.full.Full
}
