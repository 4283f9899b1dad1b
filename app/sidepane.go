package app

import (
	"slices"
	"strconv"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"linnet/assets"
	"linnet/storage"
	"linnet/widgets"
)

// The tabs of the side pane.
const (
	tabChats = iota
	tabContacts
	tabRooms
)

// sidePane is the left pane: the accounts, the search, and the lists of chats
// and contacts.
type sidePane struct {
	a        *App
	box      *fyne.Container
	top      *fyne.Container // everything above the lists
	lists    *fyne.Container
	accounts *accountStrip
	search   *widgets.SearchButton
	tabs     *widgets.Tabs
	leave    *widgets.IconButton // goes back from the archived chats
	heading  *widgets.Label      // over them
	requests *requestsRow
	chats    *widgets.ConversationList
	contacts *widgets.RosterList
	empty    *fyne.Container // holds why there is nothing, when there is nothing
	history  *historyLine

	tab      int
	archived bool          // the archived chats are shown in place of the others
	groups   []rosterGroup // shown under Contacts, to find what a key names
}

func newSidePane(a *App) *sidePane {
	s := &sidePane{a: a}
	s.accounts = newAccountStrip(a)
	s.search = widgets.NewSearchButton(lang.L("Search or start a chat"), chord{fyne.KeyK, ctrl}.String(), func() { a.showPalette("") })
	s.tabs = widgets.NewTabs([]string{lang.L("Chats"), lang.L("Contacts"), lang.L("Rooms")}, s.show)
	s.leave = widgets.NewIconButton(assets.IconBack, lang.L("Back to the chats"), func() { s.showArchived(false) })
	s.heading = widgets.NewBoldLabel(lang.L("Archived"), widgets.TextBody, widgets.ColorText)
	s.leave.Hide()
	s.heading.Hide()
	s.requests = newRequestsRow(a)
	s.chats = widgets.NewConversationList()
	s.chats.OnOpen = func(key string) {
		if key == archivedKey {
			s.showArchived(true)
			return
		}
		a.shell.openKey(key)
	}
	s.chats.OnKey = s.chatsKey
	s.chats.OnMenu = func(key string, at fyne.Position) {
		a.withChat(chatOfKey(key), func(c chatAct) { c.menu(at) })
	}
	s.chats.OnTyped = func(r rune) { a.showPalette(string(r)) }
	s.contacts = widgets.NewRosterList()
	s.contacts.OnOpen = s.openContact
	s.contacts.OnMenu = s.contactMenu
	s.contacts.OnCollapsed = s.folded
	s.contacts.OnTyped = s.chats.OnTyped
	s.empty = container.NewStack()
	s.history = newHistoryLine(a)

	s.top = container.New(free(s.layoutTop), s.accounts.box, s.search, s.tabs, s.leave, s.heading)
	s.lists = container.New(free(s.layoutLists), s.requests.box, s.chats, s.contacts, s.empty)
	s.box = container.New(free(s.layout), widgets.NewGround(widgets.ColorSide), s.top, s.lists, s.history.line)
	s.show(tabChats)
	return s
}

// Heights and margins of the side pane in dp.
const (
	stripHeight = 56
	sideMargin  = 12
	topHeight   = stripHeight + widgets.SearchHeight + 8 + widgets.TabHeight + 8
)

func (s *sidePane) layout(o []fyne.CanvasObject, size fyne.Size) {
	place(o[0], 0, 0, size.Width, size.Height)
	place(s.top, 0, 0, size.Width, topHeight)
	bottom := size.Height // rows stay where they are when the line comes
	if s.history.line.Visible() {
		bottom -= widgets.ProgressHeight
	}
	place(s.lists, 0, topHeight, size.Width, bottom-topHeight)
	place(s.history.line, 0, size.Height-widgets.ProgressHeight, size.Width, widgets.ProgressHeight)
}

func (s *sidePane) layoutTop(_ []fyne.CanvasObject, size fyne.Size) {
	place(s.accounts.box, 0, 0, size.Width, stripHeight)
	place(s.search, sideMargin, stripHeight, size.Width-2*sideMargin, widgets.SearchHeight)
	const button, y = widgets.IconButtonSize, stripHeight + widgets.SearchHeight + 8
	place(s.tabs, sideMargin, y, size.Width-2*sideMargin, widgets.TabHeight)
	place(s.leave, sideMargin-2, y-3, button, button)
	place(s.heading, sideMargin+button+4, y, size.Width-2*sideMargin-button-4, widgets.TabHeight)
}

func (s *sidePane) layoutLists(_ []fyne.CanvasObject, size fyne.Size) {
	y := float32(0)
	if s.requests.box.Visible() {
		y = requestsRowHeight
		place(s.requests.box, 0, 0, size.Width, y)
	}
	for _, o := range []fyne.CanvasObject{s.chats, s.contacts, s.empty} {
		place(o, 0, y, size.Width, size.Height-y)
	}
}

// show shows a tab.
func (s *sidePane) show(tab int) {
	s.tab, s.archived = tab, false
	s.tabs.Select(tab)
	s.refresh(everything)
}

// showArchived shows the archived chats, or the others again.
func (s *sidePane) showArchived(on bool) {
	s.show(tabChats)
	s.archived = on
	s.refresh(everything)
	s.focus()
}

// chatsKey goes back from the archived chats.
func (s *sidePane) chatsKey(e *fyne.KeyEvent) bool {
	if !s.archived || e.Name != fyne.KeyEscape && e.Name != fyne.KeyBackspace && e.Name != fyne.KeyLeft {
		return false
	}
	s.showArchived(false)
	return true
}

// focus puts the keyboard into the list that is shown.
func (s *sidePane) focus() {
	switch {
	case s.chats.Visible():
		s.a.win.Canvas().Focus(s.chats)
	case s.contacts.Visible():
		s.a.win.Canvas().Focus(s.contacts)
	case s.a.begun:
		s.a.win.Canvas().Focus(s.tabs)
	}
}

// refresh shows what changed in the model.
func (s *sidePane) refresh(c changes) {
	if c.accounts || c.states || c.times || c.faces {
		s.accounts.refresh()
		if s.history.refresh() {
			s.layout(s.box.Objects, s.box.Size())
		}
	}
	if c.chats || c.roster || c.accounts || c.requests || c.times || c.faces {
		s.fill()
	}
}

// fill makes the list that is shown anew.
func (s *sidePane) fill() {
	m, now := s.a.model, s.a.now()
	n := 0
	for _, o := range []fyne.CanvasObject{s.leave, s.heading} {
		show(o, s.archived)
	}
	show(s.tabs, !s.archived)
	switch s.tab {
	case tabChats:
		items := s.chatItems(m, now)
		n = len(items)
		s.chats.SetItems(items)
		s.chats.Select(chatKey(s.a.openChatID()))
	case tabContacts:
		s.groups = rosterGroups(m, s.isFolded, now)
		n = len(s.groups)
		s.contacts.SetGroups(rosterEntries(m, s.groups))
	}
	show(s.chats, s.tab == tabChats && n > 0)
	show(s.contacts, s.tab == tabContacts && n > 0)
	s.requests.set(s.requestsHere())
	s.empty.RemoveAll()
	if n == 0 {
		s.empty.Add(s.emptyState())
	}
	s.layoutLists(nil, s.lists.Size())
}

// chatItems are the chats to show, the archived ones as one entry at the end.
func (s *sidePane) chatItems(m *model, now time.Time) []widgets.Conversation {
	list := chatRows
	if s.archived {
		list = archivedRows
	}
	var items []widgets.Conversation
	for _, r := range list(m, s.a.openChatID(), now) {
		items = append(items, conversation(m, r))
	}
	if entry, ok := archivedEntry(m); ok && !s.archived {
		items = append(items, entry)
	}
	return items
}

// requestsHere counts the requests the tab in view tells of.
func (s *sidePane) requestsHere() int {
	if s.tab == tabRooms || s.archived {
		return 0
	}
	return len(inquiries(s.a.model))
}

// emptyState says why there is nothing to show, and what to do about it.
func (s *sidePane) emptyState() fyne.CanvasObject {
	a := s.a
	button := func(text string, run func()) *widgets.Button {
		return widgets.NewButton(text, widgets.ButtonFilled, run)
	}
	switch {
	case s.tab == tabRooms:
		return widgets.NewEmptyState(assets.IconUsers, lang.L("Rooms are coming"), lang.L("Group chats will be listed here"), nil)
	case !a.begun:
		return container.NewStack()
	case len(a.model.accounts) == 0:
		return widgets.NewEmptyState(assets.IconBird, lang.L("No account yet"), lang.L("Sign in to see your chats"), button(lang.L("Add account"), a.showFirstRun))
	case s.archived:
		return widgets.NewEmptyState(assets.IconArchive, lang.L("Nothing is archived"), lang.L("Archived chats come back when somebody writes"), nil)
	case s.tab == tabContacts:
		return widgets.NewEmptyState(assets.IconPersonAdd, lang.L("No contacts yet"), lang.L("Add people by their address"),
			button(lang.L("Add contact"), func() { a.showAddContact(addContact{}) }))
	}
	return widgets.NewEmptyState(assets.IconBird, lang.L("No chats yet"), lang.L("Start one with anybody's address"), button(lang.L("New chat"), a.showNewChat))
}

// isFolded reports whether a group shows its heading only.
func (s *sidePane) isFolded(group string) bool { return slices.Contains(s.a.prefs.Folded, group) }

// folded remembers that the user folded or unfolded a group.
func (s *sidePane) folded(group string, on bool) {
	s.a.changePrefs(func(p *prefs) {
		p.Folded = slices.DeleteFunc(p.Folded, func(g string) bool { return g == group })
		if on {
			p.Folded = append(p.Folded, group)
		}
	})
	s.fill()
}

// contactOf finds the contact a key of the list names.
func (s *sidePane) contactOf(key string) (contactKey, bool) {
	for _, g := range s.groups {
		for _, c := range g.Contacts {
			if rosterKey(g.Group, c.Key) == key {
				return c.Key, true
			}
		}
	}
	return contactKey{}, false
}

func (s *sidePane) openContact(key string) {
	if c, ok := s.contactOf(key); ok {
		s.a.openChatWith(c.account, c.jid, "")
	}
}

func (s *sidePane) contactMenu(key string, at fyne.Position) {
	if c, ok := s.contactOf(key); ok {
		s.a.withContact(c, func(c contactAct) { c.menu(at) })
	}
}

// chatKey is the name of a chat in the list of conversations.
func chatKey(id storage.ChatID) string {
	if id == 0 {
		return ""
	}
	return strconv.FormatUint(uint64(id), 10)
}

// chatOfKey is the counterpart of chatKey; 0 for anything else.
func chatOfKey(key string) storage.ChatID {
	id, err := strconv.ParseUint(key, 10, 32)
	if err != nil {
		return 0
	}
	return storage.ChatID(id)
}
