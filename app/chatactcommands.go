package app

import "fyne.io/fyne/v2/lang"

// chatActCommands are what can be done with the open conversation, as its menu
// has it.
func (a *App) chatActCommands() []command {
	group := lang.L("Chat")
	table := []command{
		{id: "chat.notes", title: lang.L("Open notes to self"), group: group, enabled: a.hasAccount, run: a.openOwnNotes},
		a.chatCommand("chat.pin", lang.L("Pin this chat"), group, chatAct.togglePinned, func(c chatAct) bool { return !c.chat.Pinned }),
		a.chatCommand("chat.unpin", lang.L("Unpin this chat"), group, chatAct.togglePinned, func(c chatAct) bool { return c.chat.Pinned }),
	}
	for _, choice := range muteChoices() {
		table = append(table, a.chatCommand("chat.mute."+choice.id, choice.command, group,
			func(c chatAct) { c.mute(choice.until(a.now())) },
			func(c chatAct) bool { return !muted(c.chat, a.now()) }))
	}
	return append(table,
		a.chatCommand("chat.unmute", lang.L("Unmute this chat"), group, chatAct.unmute, func(c chatAct) bool { return muted(c.chat, a.now()) }),
		a.chatCommand("chat.read", lang.L("Mark this chat as read"), group, chatAct.markRead, func(c chatAct) bool { return hasUnread(c.chat) }),
		a.chatCommand("chat.unread", lang.L("Mark this chat as unread"), group, chatAct.markUnread, func(c chatAct) bool { return !hasUnread(c.chat) }),
		a.chatCommand("chat.archive", lang.L("Archive this chat"), group, chatAct.archive, func(c chatAct) bool { return !c.chat.Archived }),
		a.chatCommand("chat.unarchive", lang.L("Take this chat out of the archive"), group, chatAct.unarchive, func(c chatAct) bool { return c.chat.Archived }),
		command{id: "chat.archived", title: lang.L("Show archived chats"), group: group, enabled: a.hasArchived, run: func() { a.shell.side.showArchived(true) }},
		a.chatCommand("chat.delete", lang.L("Delete this chat"), group, chatAct.askDelete, nil),
	)
}

// chatCommand is a command for the open conversation. It can run when one is
// open and can, unless that is nil, says so.
func (a *App) chatCommand(id, title, group string, act func(chatAct), can func(chatAct) bool) command {
	return command{
		id: id, title: title, group: group,
		run: func() { a.withOpenChat(act) },
		enabled: func() bool {
			c, ok := a.model.chats[a.shell.chat.id()]
			return ok && (can == nil || can(chatAct{a, c}))
		},
	}
}

// hasArchived reports whether a conversation is archived.
func (a *App) hasArchived() bool {
	_, ok := archivedEntry(a.model)
	return ok
}
