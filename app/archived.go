package app

import (
	"context"

	"fyne.io/fyne/v2/lang"

	"linnet/assets"
	"linnet/storage"
	"linnet/widgets"
)

// archivedKey names the entry of the chat list that leads to the archived ones.
const archivedKey = "archived"

// archivedEntry is that entry; ok is false while nothing is archived.
func archivedEntry(m *model) (entry widgets.Conversation, ok bool) {
	n, unread := 0, 0
	for _, c := range m.chats {
		if c.Archived && !c.Request && m.account(c.Account) != nil {
			n++
			unread += c.Unread
		}
	}
	text := lang.L("1 chat")
	if n != 1 {
		text = lang.L("{{.N}} chats", count(n))
	}
	return widgets.Conversation{
		Key: archivedKey, Name: lang.L("Archived"), Last: text, Unread: unread, Quiet: true,
		Face: widgets.Face{Icon: assets.IconArchive, Color: rgb(archivedColor)},
	}, n > 0
}

// archivedColor is the calm ground of the entry's icon.
const archivedColor = 0x5B6673

// setArchived puts the conversation away, or takes it back into the list.
func (c chatAct) setArchived(on bool) {
	id := c.chat.ID
	c.a.on(laneWrite, func(context.Context) func() {
		if err := c.a.backend.SetArchived(id, on); err != nil {
			return func() { c.a.fail(err) }
		}
		return func() {
			if !on {
				return
			}
			if c.a.shell.chat.id() == id {
				c.a.shell.closeChat()
			}
			c.a.offer(lang.L("The chat is archived"), lang.L("Undo"), func() {
				c.a.act(laneWrite, func(context.Context) error { return c.a.backend.SetArchived(id, false) })
			})
		}
	})
}

func (c chatAct) archive()   { c.setArchived(true) }
func (c chatAct) unarchive() { c.setArchived(false) }

// setMarked marks the conversation as unread, or takes the mark away.
func (c chatAct) setMarked(on bool) {
	c.a.act(laneWrite, func(context.Context) error { return c.a.backend.SetMarkedUnread(c.chat.ID, on) })
}

// markUnread marks the conversation for later.
func (c chatAct) markUnread() { c.setMarked(true) }

// hasUnread reports whether there is something to mark as read.
func hasUnread(c storage.Chat) bool { return c.Unread > 0 || c.MarkedUnread }
