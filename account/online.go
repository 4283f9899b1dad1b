package account

// cameOnline is the beginning of everything on a new link. Presence leaves
// first and waits for nothing: whoever is seen before the roster has come is
// kept as a stranger until then. So the wish of RFC 6121 section 2.2 to have
// the roster before is met in what it is for.
func (a *Account) cameOnline() {
	a.began = true
	a.archive.noted = false
	a.server.held = a.server.left
	a.receipts.late = 0
	a.uploads.service = nil
	a.reads.synced, a.reads.refused = false, false
	a.holdOutbox()
	a.sendPresence()
	a.flushOutbox()
	a.sendReceipts()
	a.fetchRoster()
	a.startSync(true)
}

// lostLink hides who was there: nobody knows until there is a link again.
func (a *Account) lostLink() {
	a.server.left = a.serverNow()
	a.showPresences()
}

// wentOn is for a link that goes on with the stream of the one before: the
// server has kept all that was on it, and only what could not be sent meanwhile
// is missing.
func (a *Account) wentOn() {
	a.archive.noted = false
	a.showPresences()
	a.sendPresence()
	a.flushOutbox()
	a.sendReceipts()
	a.startSync(false)
}

// wentOffline is the end of everything that was on a stream.
func (a *Account) wentOffline() {
	a.began = false
	a.endSync()
	a.forgetPresences()
	a.roster.fetching, a.roster.pushed = false, nil
	a.caps.forget()
	a.forgetInFlight()
	a.forgetMarks()
	a.forgetTyping()
	a.people.early = nil
	a.people.avatars.forget()
	a.saveGathered()
}
