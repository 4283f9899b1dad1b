package app

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"linnet/assets"
	"linnet/storage"
	"linnet/widgets"
)

// chatHeader says whom the open chat is with.
type chatHeader struct {
	box     *fyne.Container
	back    *widgets.IconButton
	avatar  *widgets.Avatar
	name    *widgets.Label
	state   *widgets.Label
	find    *widgets.IconButton
	details *widgets.IconButton
	more    *widgets.IconButton // in a narrow window, in place of the two
	rule    fyne.CanvasObject
	narrow  bool
}

func newChatHeader(a *App) *chatHeader {
	h := &chatHeader{}
	h.back = widgets.NewIconButton(assets.IconBack, lang.L("Back to the list"), func() { a.shell.leaveChat() })
	h.avatar = widgets.NewAvatar(widgets.AvatarSize, widgets.ColorBackground)
	h.name = widgets.NewBoldLabel("", widgets.TextBody, widgets.ColorText)
	h.state = widgets.NewLabel("", widgets.TextSecondary, widgets.ColorSecondary)
	h.details = widgets.NewIconButton(assets.IconInfo, lang.L("Details"), func() { a.shell.toggleDetails() })
	h.find = widgets.NewIconButton(assets.IconSearch, lang.L("Search in this chat"), func() { a.runByID("chat.find") })
	h.more = widgets.NewIconButton(assets.IconMore, lang.L("More"), func() { widgets.ShowMenuUnder(h.more, a.headerMenu()) })
	h.rule = widgets.NewLine()
	h.box = container.New(free(h.layout), h.back, h.avatar, h.name, h.state, h.find, h.details, h.more, h.rule)
	h.back.Hide()
	h.more.Hide()
	return h
}

func (h *chatHeader) layout(_ []fyne.CanvasObject, size fyne.Size) {
	const button = widgets.IconButtonSize
	x := widgets.PagePadding
	if h.narrow {
		place(h.back, 8, (size.Height-button)/2, button, button)
		x = 8 + button + 6
	}
	place(h.avatar, x, (size.Height-widgets.AvatarSize)/2, widgets.AvatarSize, widgets.AvatarSize)
	x += widgets.AvatarSize + 12
	end := size.Width - widgets.PagePadding - button
	place(h.details, end, (size.Height-button)/2, button, button)
	place(h.more, end, (size.Height-button)/2, button, button)
	show(h.more, h.narrow) // there the name needs the room
	show(h.find, !h.narrow)
	show(h.details, !h.narrow)
	if !h.narrow {
		end -= button + 12
		place(h.find, end, (size.Height-button)/2, button, button)
	}
	top := (size.Height-40)/2 - 2 // the line under the header is part of it
	place(h.name, x, top, end-x-8, 20)
	place(h.state, x, top+20, end-x-8, 20)
	place(h.rule, 0, size.Height-1, size.Width, 1)
}

// setNarrow shows the way back where only one pane is in view.
func (h *chatHeader) setNarrow(on bool) {
	if h.narrow != on {
		h.narrow = on
		show(h.back, on)
		h.layout(nil, h.box.Size())
	}
}

// setDetails marks the button of the details pane.
func (h *chatHeader) setDetails(on bool) { h.details.SetActive(on) }

func (h *chatHeader) set(m *model, c storage.Chat, now time.Time) {
	key := contactKey{c.Account, c.JID}
	h.name.SetText(m.name(c.Account, c.JID))
	contact, ok := m.contact(c.Account, c.JID)
	h.avatar.Set(m.faceOf(key, ok && seesPresence(contact), contact.Best.Show))
	text, ink := lang.L("not in your contacts"), widgets.ColorSecondary
	switch {
	case m.typing[c.ID]:
		text, ink = typingText(), widgets.ColorAccentText
	case m.isOwn(key):
		text = ownNotesState()
	case ok:
		text = headerText(contact, now)
	}
	h.state.SetText(text)
	h.state.SetColor(ink)
}

// headerMenu is what can be done with the open chat from its header where there is
// room for one button.
func (a *App) headerMenu() []widgets.MenuItem {
	var items []widgets.MenuItem
	for _, k := range []struct{ id, icon string }{
		{"chat.find", assets.IconSearch}, {"chat.day", assets.IconCalendar}, {"chat.starred", assets.IconStar}, {"chat.details", assets.IconInfo},
	} {
		c, _ := a.commandByID(k.id)
		item := widgets.MenuItem{Text: c.title, Icon: k.icon, Disabled: !c.can(), Do: func() { a.runCommand(c) }}
		if len(c.keys) > 0 {
			item.Shortcut = c.keys[0].String()
		}
		items = append(items, item)
	}
	return items
}
