package app

import (
	"fyne.io/fyne/v2/lang"

	"linnet/assets"
	"linnet/storage"
	"linnet/widgets"
)

// A chat with the own address is where people keep notes: the server carries
// them to all their devices.

// isOwn reports whether a key names the account itself.
func (m *model) isOwn(key contactKey) bool {
	info := m.account(key.account)
	return info != nil && info.Address == key.jid
}

// ownNotesName is what the chat is called.
func ownNotesName() string { return lang.L("Notes to self") }

// ownNotesFace is its icon in place of a face.
func ownNotesFace() widgets.Face {
	return widgets.Face{Icon: assets.IconBookmark, Color: rgb(ownNotesColor)}
}

// ownNotesColor is the ground of the icon.
const ownNotesColor = 0x155FCC

// openOwnNotes opens the notes of the account that is in use: of the open chat,
// else of the first that is connected.
func (a *App) openOwnNotes() {
	id := a.shell.chat.chat.Account
	if info := a.model.account(id); info == nil || !info.Enabled {
		id, _, _ = a.model.accountFor("")
	}
	a.openOwnNotesOf(id)
}

func (a *App) openOwnNotesOf(id storage.AccountID) {
	if info := a.model.account(id); info != nil {
		a.openChatWith(id, info.Address, "")
	}
}

// ownNotesState stands where the presence of a contact does.
func ownNotesState() string { return lang.L("For yourself, on all your devices") }
