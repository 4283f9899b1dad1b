package app

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"linnet/assets"
	"linnet/storage"
	"linnet/widgets"
)

// chatAct is what can be done with one conversation, from its row, its details
// or a command.
type chatAct struct {
	a    *App
	chat storage.Chat
}

// withChat acts on a conversation that is there.
func (a *App) withChat(id storage.ChatID, act func(chatAct)) {
	if c, ok := a.model.chats[id]; ok {
		act(chatAct{a, c})
	}
}

// withOpenChat acts on the open conversation.
func (a *App) withOpenChat(act func(chatAct)) { a.withChat(a.shell.chat.id(), act) }

func (c chatAct) togglePinned() { c.setPinned(!c.chat.Pinned) }

func (c chatAct) setPinned(on bool) {
	c.a.act(laneWrite, func(context.Context) error {
		return c.a.backend.SetPinned(c.chat.ID, on)
	})
}

// markRead counts all of the conversation as read.
func (c chatAct) markRead() {
	if c.chat.MarkedUnread {
		c.setMarked(false)
	}
	if c.chat.Unread == 0 {
		return
	}
	c.a.act(laneWrite, func(context.Context) error {
		return c.a.backend.MarkRead(c.chat.ID, c.chat.Last.Pos)
	})
}

// askDelete asks before the conversation is erased here.
func (c chatAct) askDelete() {
	name := c.a.model.name(c.chat.Account, c.chat.JID)
	c.a.ask(question{
		title: lang.L("Delete the chat with {{.Name}}?", map[string]any{"Name": name}),
		text:  lang.L("Its messages are erased on this computer. The contact stays, and so does what the server and the other side have kept."),
		yes:   lang.L("Delete chat"), no: lang.L("Keep it"),
		run: func() {
			c.a.act(laneWrite, func(context.Context) error { return c.a.backend.DeleteChat(c.chat.ID) })
		},
	})
}

// menu is the context menu of the conversation.
func (c chatAct) menu(at fyne.Position) {
	pin, mute := lang.L("Pin"), lang.L("Mute…")
	if c.chat.Pinned {
		pin = lang.L("Unpin")
	}
	if text := mutedText(c.chat, c.a.now()); text != "" {
		mute = text + "…"
	}
	read := widgets.MenuItem{Text: lang.L("Mark as unread"), Icon: assets.IconUnread, Do: c.markUnread}
	if hasUnread(c.chat) {
		read = widgets.MenuItem{Text: lang.L("Mark as read"), Icon: assets.IconCheck, Do: c.markRead}
	}
	archive := widgets.MenuItem{Text: lang.L("Archive"), Icon: assets.IconArchive, Do: c.archive}
	if c.chat.Archived {
		archive = widgets.MenuItem{Text: lang.L("Take out of the archive"), Icon: assets.IconArchive, Do: c.unarchive}
	}
	widgets.ShowMenu(c.a.win.Canvas(), at, []widgets.MenuItem{
		{Text: pin, Icon: assets.IconPin, Do: c.togglePinned},
		{Text: mute, Icon: assets.IconMute, Do: func() { c.muteMenu(at) }},
		read, archive,
		{Text: lang.L("Load all history"), Icon: assets.IconClock, Disabled: !c.canLoadAll(), Do: c.loadAll},
		{Text: lang.L("Details"), Icon: assets.IconInfo, Do: func() {
			c.a.shell.openChat(c.chat, "")
			c.a.shell.showDetails(true)
		}},
		{Separator: true},
		{Text: lang.L("Delete chat…"), Icon: assets.IconTrash, Danger: true, Do: c.askDelete},
	})
}
