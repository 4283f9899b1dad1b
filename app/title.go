package app

import "linnet/storage"

// title is the window's title: how many messages wait, then whom it shows.
func (a *App) setTitle() {
	title := "Linnet"
	if name := a.shell.chat.title(); name != "" {
		title = name + " – Linnet"
	}
	if n := a.model.unread(a.now()); n > 0 {
		title = "(" + badge(n) + ") " + title
	}
	if a.win.Title() != title {
		a.win.SetTitle(title)
	}
}

// openChatID is the chat in view; 0 for none.
func (a *App) openChatID() storage.ChatID {
	if a.shell == nil || a.shell.chat == nil {
		return 0 // the window is being made
	}
	return a.shell.chat.id()
}
