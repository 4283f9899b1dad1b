package app

import (
	"linnet/account"
	"linnet/storage"
)

// OpenURI does what an xmpp: address asks for (XEP-0147): it opens the chat
// with the cursor in its composer, or the card that adds the contact. Anything
// malformed only says so. Any goroutine, while the application runs.
func (a *App) OpenURI(uri string) {
	a.post(func() {
		if !a.begun {
			a.wanted = uri
			return
		}
		a.openURI(uri)
	})
}

func (a *App) openURI(uri string) {
	r, ok := parseURI(uri)
	if !ok {
		a.toast(badURIText())
		return
	}
	address, err := account.ValidateAddress(r.Address)
	if err != nil && address.String() == "" {
		a.toast(failureText(err))
		return
	}
	if !a.hasAccount() {
		a.toast(noAccountText())
		return
	}
	jid := address.String()
	id, several, ok := a.model.accountFor(jid)
	if !ok {
		return
	}
	if named, err := account.ValidateAddress(r.Account); err == nil {
		for _, info := range a.model.enabled() {
			if info.Address == named.String() {
				id, several = info.ID, false
			}
		}
	}
	_, known := a.model.contact(id, jid)
	switch {
	case r.Action == uriSubscribe && !known:
		a.showAddContact(addContact{account: id, address: jid, name: r.Name})
	case several:
		a.showNewChatWith(jid, r.Body)
	default:
		a.openChatWith(id, jid, r.Body)
	}
}

// openChatWith opens the chat with an address, made if there is none, with the
// cursor in its composer. A body is put there unless something is written
// already.
func (a *App) openChatWith(id storage.AccountID, jid, body string) {
	a.leavePages()
	if c, ok := a.model.findChat(id, jid); ok {
		a.shell.openChat(c, body)
		return
	}
	a.makeChat(id, jid, body)
}
