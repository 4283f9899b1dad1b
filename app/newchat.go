package app

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"linnet/account"
	"linnet/storage"
	"linnet/widgets"
)

// newChatCard asks whom to talk to. Enter opens the chat with the cursor in its
// composer.
type newChatCard struct {
	a        *App
	card     *card
	address  *widgets.Field
	accounts *accountChoice
	found    *widgets.ConversationList
	room     *fyne.Container
	body     string // for the composer
	keys     map[string]contactKey
}

// showNewChat opens the card, empty.
func (a *App) showNewChat() { a.showNewChatWith("", "") }

// showNewChatWith opens the card with an address, and a text for the composer.
func (a *App) showNewChatWith(address, body string) {
	a.cards.closeAll()
	n := &newChatCard{a: a, body: body}
	n.address = widgets.NewField(lang.L("Address"))
	n.address.SetPlaceholder("juliet@capulet.example")
	n.address.OnShortcut = a.typedShortcut
	n.address.OnChanged = n.changed
	n.address.OnSubmitted = func(string) { n.submit() }
	n.accounts = newAccountChoice(a, func() { n.changed(n.address.Text()) })
	n.found = widgets.NewConversationList()
	n.found.OnOpen = n.choose
	n.found.OnTyped = func(r rune) {
		n.address.SetText(n.address.Text() + string(r))
		n.address.Focus()
	}
	n.address.OnKey = n.key
	n.room = container.New(fixedHeight(0), n.found)
	n.card = a.cards.show(widgets.NewColumn(14,
		widgets.NewHeading(lang.L("New chat"), titleSize),
		n.address, n.room, n.accounts.box,
		widgets.NewButtonRow(cancelButton(&n.card), widgets.NewButton(lang.L("Open chat"), widgets.ButtonFilled, n.submit)),
	), widgets.OverlayOptions{Top: 110})
	n.address.SetText(address)
	n.changed(address)
	n.address.Focus()
}

// newChatFound is how many contacts the card offers.
const newChatFound = 4

// changed offers the contacts that fit what is typed.
func (n *newChatCard) changed(text string) {
	n.keys = map[string]contactKey{}
	var items []widgets.Conversation
	found := palettePersons(n.a.model, strings.TrimSpace(text), n.a.now())
	if text == "" {
		found = ownNotesItems(n.a.model)
	}
	for _, p := range found[:min(len(found), newChatFound)] {
		key := rosterKey("", p.key)
		n.keys[key] = p.key
		items = append(items, widgets.Conversation{
			Key: key, Name: p.title, Last: widgets.Harmless(p.key.jid), Stripe: rgb(p.stripe),
			Face: n.a.model.faceOf(p.key, p.hasShow, p.show),
		})
	}
	if address, err := account.ValidateAddress(text); err == nil {
		n.accounts.suggest(address.String())
	}
	n.found.SetItems(items)
	height := float32(len(items)) * widgets.ChatRowHeight
	n.room.Layout = fixedHeight(height)
	show(n.room, height > 0)
	n.card.fit()
}

// key goes from the address down into the list.
func (n *newChatCard) key(e *fyne.KeyEvent) bool {
	if e.Name != fyne.KeyDown || n.found.ItemAt(0) == "" {
		return false
	}
	n.a.win.Canvas().Focus(n.found)
	return true
}

// choose opens the chat with a contact of the list.
func (n *newChatCard) choose(key string) {
	if c, ok := n.keys[key]; ok {
		n.card.close()
		n.a.openChatWith(c.account, c.jid, n.body)
	}
}

// submit opens the chat with the address, or with the contact it fits best.
func (n *newChatCard) submit() {
	text := n.address.Text()
	address, err := account.ValidateAddress(text)
	if err != nil && address.String() == "" {
		if best := n.found.ItemAt(0); best != "" && text != "" {
			n.choose(best)
			return
		}
		n.fail(err)
		return
	}
	id := n.accounts.chosen(address.String())
	n.card.close()
	n.a.openChatWith(id, address.String(), n.body)
}

func (n *newChatCard) fail(err error) {
	n.address.SetError(failureText(err))
	n.card.fit()
	n.address.Focus()
}

// makeChat makes the chat with an address and opens it.
func (a *App) makeChat(id storage.AccountID, jid, body string) {
	a.on(laneWrite, func(context.Context) func() {
		c, err := a.backend.OpenChat(id, jid)
		return func() {
			if err != nil {
				a.fail(err)
				return
			}
			a.model.chats[c.ID] = c
			a.shell.openChat(c, body)
		}
	})
}

// leavePages closes what covers the chats.
func (a *App) leavePages() {
	a.cards.closeAll()
	for a.pages.top() != page(a.shell) {
		if r, ok := a.pages.top().(rooted); ok && r.stays() {
			return
		}
		a.pages.pop()
	}
}

// accountChoice lets the user choose one of several accounts; with one account
// it is not shown.
type accountChoice struct {
	a     *App
	box   *fyne.Container
	ids   []storage.AccountID
	tabs  *widgets.Tabs
	asked bool // the user has chosen
}

func newAccountChoice(a *App, changed func()) *accountChoice {
	c := &accountChoice{a: a}
	var names []string
	for _, info := range a.model.enabled() {
		c.ids = append(c.ids, info.ID)
		names = append(names, accountName(info))
	}
	c.box = widgets.NewColumn(6, widgets.NewSectionLabel(lang.L("With account")))
	c.tabs = widgets.NewTabs(names, func(int) {
		c.asked = true
		changed()
	})
	c.box.Add(c.tabs)
	show(c.box, len(c.ids) > 1)
	return c
}

// set chooses an account.
func (c *accountChoice) set(id storage.AccountID) {
	if i := slices.Index(c.ids, id); i >= 0 {
		c.tabs.Select(i)
	}
}

// suggest chooses the account that has an address as a contact, unless the user
// has chosen one.
func (c *accountChoice) suggest(jid string) {
	if id, _, ok := c.a.model.accountFor(jid); ok && !c.asked {
		if _, known := c.a.model.contact(id, jid); known {
			c.set(id)
		}
	}
}

// chosen is the account to use for an address.
func (c *accountChoice) chosen(jid string) storage.AccountID {
	c.suggest(jid)
	if i := c.tabs.Selected(); i >= 0 && i < len(c.ids) {
		return c.ids[i]
	}
	return 0
}

// fixedHeight is a layout of one object with a height in dp.
type fixedHeight float32

// Layout implements fyne.Layout.
func (h fixedHeight) Layout(o []fyne.CanvasObject, size fyne.Size) {
	place(o[0], 0, 0, size.Width, size.Height)
}

// MinSize implements fyne.Layout.
func (h fixedHeight) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(0, float32(h)) }
