package app

import (
	"context"

	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"linnet/assets"
	"linnet/storage"
	"linnet/widgets"
)

// starredMost bounds the list of starred messages: who marks more than that
// searches for them.
const starredMost = 200

// showStarred lists the messages with a star, the newest first, of one chat or,
// for 0, of all.
func (a *App) showStarred(chat storage.ChatID) {
	a.read(func(context.Context) func() {
		found, err := a.backend.Starred(starredMost)
		return func() {
			if err != nil {
				a.fail(err)
				return
			}
			var of []storage.Message
			for _, m := range found {
				if _, here := a.model.chats[m.Chat]; here && (chat == 0 || m.Chat == chat) {
					of = append(of, m)
				}
			}
			a.listStarred(of)
		}
	})
}

func (a *App) listStarred(found []storage.Message) {
	list := widgets.NewConversationList()
	items := make([]widgets.Conversation, len(found))
	for i, m := range found {
		c := a.model.chats[m.Chat]
		contact, _ := a.model.contact(c.Account, c.JID)
		items[i] = widgets.Conversation{
			Key: sharedKey(i), Name: a.model.name(c.Account, c.JID), Time: rowTime(m.Pos.At(), a.now()),
			Last: firstLine(quotedText(m)), Stripe: rgb(a.model.stripe(c.Account)),
			Face: a.model.faceOf(contactKey{c.Account, c.JID}, false, contact.Best.Show),
		}
		if m.Out {
			items[i].Last = lang.L("You: {{.Text}}", map[string]any{"Text": items[i].Last})
		}
	}
	list.SetItems(items)
	list.OnOpen = func(key string) {
		if i := int(chatOfKey(key)) - 1; i >= 0 && i < len(found) {
			a.showAt(found[i].Chat, found[i].Pos)
		}
	}
	room := container.New(fixedHeight(a.listHeight(len(items))), list)
	if len(items) == 0 {
		room = container.New(fixedHeight(220), widgets.NewEmptyState(assets.IconStar, lang.L("No starred messages"),
			lang.L("Star a message to find it again. Nobody else sees it."), nil))
	}
	var c *card
	done := widgets.NewButton(lang.L("Close"), widgets.ButtonFilled, func() { c.close() })
	c = a.cards.show(widgets.NewColumn(12,
		widgets.NewHeading(lang.L("Starred messages"), titleSize), room, widgets.NewButtonRow(done),
	), widgets.OverlayOptions{Width: 480})
	if len(items) > 0 {
		a.win.Canvas().Focus(list)
	} else {
		a.win.Canvas().Focus(done)
	}
}
